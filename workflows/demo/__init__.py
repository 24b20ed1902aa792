"""A demonstration office: a year of history made by driving the engine itself through its commands.

Agencies, volumes and late rates are shaped like a real province (``phutho.yaml`` names its sources); people,
dossiers and everything that happens to them are invented. The same seed and end date give the same office.

``shape`` reads the figures, ``places`` builds agencies and staff, ``clerks`` decides who does what next and
how long it takes, ``simulation`` lets the year pass.
"""
