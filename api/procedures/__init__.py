"""Versions of procedures, their findings and differences."""
