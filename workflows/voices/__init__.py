"""What citizens say of the office and what it owes them for it: ratings, complaints and their dates."""
