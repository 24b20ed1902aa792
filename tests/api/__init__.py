"""The JSON interface over HTTP, on real databases."""
