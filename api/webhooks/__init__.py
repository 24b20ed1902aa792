"""Webhooks over HTTP: which systems are told of events."""
