"""Standing duties: what machines do at their hour, each slot once, whoever's clock calls.

Owns ``duty_runs``. ``pace`` is pure; ``doing`` claims a slot, runs the duty and stamps it; ``standing`` is
the registry. A clock (APScheduler, Prefect, cron) only calls: what is due stands in the database.
"""
