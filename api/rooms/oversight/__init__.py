"""The head's board: late, nearly late, letters to sign, the ledger, load, the month, any past day."""
