"""The shipped procedures."""
