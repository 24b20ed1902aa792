"""Dossiers: register, every command, every question about one or many."""
