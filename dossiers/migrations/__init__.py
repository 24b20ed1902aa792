"""Dated steps of the schema. Scripts stand alone: they never import the models they once described."""
