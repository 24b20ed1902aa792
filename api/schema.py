"""Every table there is: importing this module makes the metadata complete."""

from __future__ import annotations

from api.auth import models as _tokens
from dossiers.agencies import models as _agencies
from dossiers.core import revisions as _revisions
from dossiers.core.base import Base
from dossiers.history import models as _history
from dossiers.numbering import models as _numbering
from dossiers.people import models as _people
from dossiers.procedures import models as _procedures
from dossiers.records import models as _records
from sla.calendars import models as _calendars
from sla.records import models as _time

MODULES = (
    _agencies,
    _revisions,
    _history,
    _numbering,
    _people,
    _procedures,
    _records,
    _calendars,
    _time,
    _tokens,
)
METADATA = Base.metadata
