"""Agencies, officials, heads and bindings."""
