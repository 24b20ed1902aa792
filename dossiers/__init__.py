"""Records: dossiers, their history, people, agencies, officials and procedure versions.

The lowest floor. Imports nothing of ours outside this package.
"""
