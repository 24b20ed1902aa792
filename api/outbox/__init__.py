"""What leaves the office, over HTTP."""
