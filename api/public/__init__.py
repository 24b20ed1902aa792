"""What citizens may see without a token."""
