"""Tests, in the same shape as the floors they test."""
