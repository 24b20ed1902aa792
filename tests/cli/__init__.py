"""Tests of the command line, as its user types it."""
