"""People who sign in: accounts, sessions, second factors, identities elsewhere, delegations.

Owns ``accounts``, ``web_sessions``, ``account_*`` and ``delegations``.
"""
