"""The letters an office sends."""
