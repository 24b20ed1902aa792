"""What citizens say of the office: ratings and complaints. Names and free texts stand in tables apart."""
