"""What citizens say, for those who answer it."""
