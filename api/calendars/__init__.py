"""Working calendars: versions, days and why a day counts."""
