"""Standard forms as PDF."""
