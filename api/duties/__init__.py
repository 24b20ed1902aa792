"""Standing duties: when each ran, what it met, what was put aside."""
