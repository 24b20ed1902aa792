"""Every table there is: importing this module makes the metadata complete."""

from __future__ import annotations

from api.accounts import models as _accounts
from api.auth import models as _tokens
from dossiers.agencies import models as _agencies
from dossiers.core import revisions as _revisions
from dossiers.core.base import Base
from dossiers.documents import models as _documents
from dossiers.history import models as _history
from dossiers.history import seal_models as _seals
from dossiers.numbering import models as _numbering
from dossiers.people import models as _people
from dossiers.procedures import models as _procedures
from dossiers.records import models as _records
from dossiers.voices import models as _voices
from sla.calendars import models as _calendars
from sla.records import models as _time
from workflows.calendars import models as _calendar_changes
from workflows.duties import models as _duties

MODULES = (
    _agencies,
    _revisions,
    _seals,
    _documents,
    _history,
    _numbering,
    _people,
    _procedures,
    _records,
    _calendars,
    _calendar_changes,
    _duties,
    _time,
    _voices,
    _tokens,
    _accounts,
)
METADATA = Base.metadata
