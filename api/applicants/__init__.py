"""People and organisations who hand in dossiers."""
