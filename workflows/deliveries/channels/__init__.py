"""The ways out of the office: one small protocol, and a file for each way."""
