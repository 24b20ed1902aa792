"""Bringing in what others wrote down: workflows of an older one-stop system, and the national catalogue.

``epar`` reads workflow configurations into definitions or says, fault by fault, why it cannot: ``fields``
takes values out of data that may hold anything, ``groups`` names the departments, ``chain`` follows the
tasks, ``drafting`` writes the definition. ``faults`` holds every code and its words. ``service`` keeps what
was read, each workflow wholly or not at all. ``catalogue`` keeps the national catalogue. See
``docs/importing.md``.
"""
