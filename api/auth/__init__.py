"""Who calls: bearer tokens of officials, kept as digests. Owns ``api_tokens``."""
