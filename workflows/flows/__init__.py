"""The machine room: Prefect flows over the standing duties. The only place that imports Prefect.

Run as processes of their own (``python -m workflows.flows deploy|worker``, and Prefect's engine for each
run), never imported by pages or the command line. ``book`` has a flow for each duty, ``carrying`` what a flow
does, ``notes`` what it leaves to read, ``deploying`` the schedules, ``working`` the worker.
"""
