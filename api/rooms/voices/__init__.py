"""What citizens say, for the heads who answer: complaints by date, ratings by agency."""
