"""A scheduler to run beside another, and to be killed: looks for due slots at each instant when told to."""

from __future__ import annotations

import sys
from datetime import datetime

from dossiers.core.db import Database
from workflows.duties.doing import do_due
from workflows.duties.standing import standing_duties
from workflows.office import Office

if __name__ == "__main__":
    url, *instants = sys.argv[1:]
    office = Office(Database(url))
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    for text in instants:
        sys.stdin.readline()
        at = datetime.fromisoformat(text)
        do_due(office, standing_duties(60, lambda at=at: at), lambda at=at: at)  # type: ignore[misc]
        sys.stdout.write("looked\n")
        sys.stdout.flush()
