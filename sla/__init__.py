"""Time: working calendars, limits, deadlines, clocks, promises, the monitor, apologies and the ledger.

May import ``dossiers``.
"""
