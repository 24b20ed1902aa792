"""Prefect's processes seen from outside: their settings, whether they answer, keeping them alive.

Nothing here imports Prefect (``workflows.flows`` does, in processes of its own), and nothing that decides
imports this: an office works without its machine room. ``supervising`` and ``__main__`` need only Python.
"""
