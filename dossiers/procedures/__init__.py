"""The catalogue: published versions of procedures (frozen), and entries of the national catalogue."""
