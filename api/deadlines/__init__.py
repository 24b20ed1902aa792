"""Deadlines computed on request, with the working shown."""
