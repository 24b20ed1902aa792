"""Working calendars as versioned data.

- ``days``: the words: an interval of hours, an exceptional day, the status of a day.
- ``model``: a calendar version, its checks and its plain-dict form.
- ``loading``: YAML files, inheritance, and the calendars shipped in ``data/``.
- ``sources``: how the days of Vietnam are built; the built list is frozen in ``data/vn-office.yaml``.
- ``table``: a version compiled into sorted integers, on which all counting is done.
- ``book``, ``service``, ``repository``, ``models``: published versions and who works by which.
"""
