"""Dossier codes: formats in force by date of reception, numbers without gaps or doubles."""
