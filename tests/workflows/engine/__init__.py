"""Tests of what the engine decides."""
