"""Tests of definitions as data: reading, checks, differences, diagrams, schema."""
