"""A process to be killed: sweeps a database at a given instant until nothing is due."""

from __future__ import annotations

import sys
from datetime import datetime

from dossiers.core.db import Database
from workflows.office import Office
from workflows.sweep import sweep

if __name__ == "__main__":
    url, at = sys.argv[1:]
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    sweep(Office(Database(url)), datetime.fromisoformat(at))
    sys.stdout.write("done\n")
