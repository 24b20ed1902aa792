"""Standing duties: each slot once, whoever calls, whatever the clock does."""
