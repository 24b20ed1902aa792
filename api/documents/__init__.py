"""Papers as files: uploaded, listed, opened."""
