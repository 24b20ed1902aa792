"""The ground floor, with no word of the domain in it: settings, database, clock, errors, ids, hashing."""
