"""Agencies as a tree, the officials who work in them, and who headed what from when to when."""
