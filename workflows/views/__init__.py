"""What is shown of dossiers, as data for every door: the dossier page, lists, slips and the ledger.

``dossier`` reads a folded state, so it shows any past moment as well as the present; ``lists`` asks the
derived rows. Nothing here changes anything.
"""
