"""What happens next: definitions of procedures as data, their checks, and the engine that decides.

May import ``sla`` and ``dossiers``.
"""
