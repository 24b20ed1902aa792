"""Papers as files: scans and electronic papers, kept once by their SHA-256 (docs/decisions/0008)."""
