"""The outbox and what leaves by it: real servers at the other end, on every database."""
