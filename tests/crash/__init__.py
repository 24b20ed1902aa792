"""Real kills: nothing is lost, nothing happens twice."""
