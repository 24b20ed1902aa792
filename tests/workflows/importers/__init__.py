"""Importers: real workflows and a real catalogue, and files meant to do harm."""
