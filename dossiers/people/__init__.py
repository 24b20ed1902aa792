"""People and organisations who hand in dossiers. The one place where personal data of applicants lives."""
