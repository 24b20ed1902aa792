"""The append-only history of dossiers: events chained by hash, the texts they refer to, command keys.

Owns ``events``, ``texts`` and ``commands``. Knows nothing of what an event means.
"""
