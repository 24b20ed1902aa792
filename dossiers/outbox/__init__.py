"""What leaves the office: one row per message owed, and every attempt at it, kept as proof."""
