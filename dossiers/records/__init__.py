"""Rows derived from the history of dossiers: the dossier, its tasks, hand-overs, supplements, payments.

Rows are for asking; events are for proving. Only the service that appends events writes here, in the same
transaction, and ``motcua verify`` compares the two.
"""
