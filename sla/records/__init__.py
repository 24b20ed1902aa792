"""Rows about time derived from history: promises, pauses, ownership, alerts, apologies, the ledger."""
