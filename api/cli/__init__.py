"""The command line ``motcua``: one file per subject, ``main`` puts them together.

``output`` prints tables for people and JSON for programs; ``session`` opens the office and names the actor.
"""
