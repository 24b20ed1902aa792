"""The administrators' room: procedures, calendars, agencies, people, tokens, and how the office fares."""
