"""Whether the process lives and may take requests; the description of the interface itself."""
