"""The office itself, for its administrators: health, settings and where they come from, forms."""
