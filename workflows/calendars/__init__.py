"""Changing a calendar while dossiers run: what would move, then publishing and moving. Owns two tables.

- ``models``, ``repository``: a change from its preview to its end, and what became of each dossier.
- ``changing``: proposing a change, applying it, and carrying its work on, a piece at a time.
"""
