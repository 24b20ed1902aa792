"""The agency desk: the inbox, the dossier page every room shares, and the commands done from it."""
