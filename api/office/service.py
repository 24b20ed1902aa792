"""How the installation fares, and with which settings it runs."""

from __future__ import annotations

import os
import platform
import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import cache
from importlib.resources import files
from typing import Any

import yaml
from pydantic import SecretStr
from sqlalchemy import Connection
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from api.duties.service import duties_of
from api.office.schemas import MonitorRead, OfficeCounts, OfficeHealth, Origin, SampleRead, SettingRead
from dossiers.core.ids import uuid7
from dossiers.core.migrating import current, head
from dossiers.core.settings import Settings
from dossiers.procedures import repository as procedures
from dossiers.records import repository as records
from workflows.duties import repository
from workflows.duties.pace import Every
from workflows.duties.reading import duties_read
from workflows.duties.standing import SWEEP
from workflows.office import Office
from workflows.verify import verify_one

SAMPLE = 20
"""How many dossiers a sample verifies."""

_SECRET = re.compile(r"secret|password|token|private|(^|_)key$")
_HIDDEN = "••••••"


def health(
    office: Office, settings: Settings, connection: Connection, at: datetime, *, sample: bool = False
) -> OfficeHealth:
    """How the installation fares. A sample verifies a few dossiers, others each time."""
    reference = office.reference(connection)
    directory = reference.directory
    known = records.counts(connection)
    return OfficeHealth(
        at=at,
        python=platform.python_version(),
        database=office.database.url.render_as_string(hide_password=True),
        database_version=_database_version(connection),
        schema_revision=current(connection) or "",
        schema_wanted=head(),
        monitor=_monitor(connection, settings, at),
        duties_stopped=stopped_duties(connection, settings, at),
        counts=OfficeCounts(
            dossiers=known.dossiers,
            open_dossiers=known.open,
            events=known.events,
            agencies=len(list(directory.agencies())),
            officials=len(list(directory.officials())),
            procedures=len(procedures.known_versions(connection)),
            calendars=len(list(reference.calendars.names())),
        ),
        sample=_sample(office, connection, at) if sample else None,
    )


def settings_shown(settings: Settings, environment: Mapping[str, str] | None = None) -> list[SettingRead]:
    """Every setting with its value and where it comes from; secrets are hidden."""
    environ = {name.upper() for name in (os.environ if environment is None else environment)}
    prefix = str(settings.model_config.get("env_prefix", "")).upper()
    shown = []
    for field, known in type(settings).model_fields.items():
        name = f"{prefix}{field.upper()}"
        value = getattr(settings, field)
        origin = Origin.DEFAULT
        if field in settings.model_fields_set:
            origin = Origin.ENVIRONMENT if name in environ else Origin.FILE
        shown.append(
            SettingRead(
                name=name,
                value=_shown(field, value),
                origin=origin,
                description=_words().get(field, known.description or ""),
            )
        )
    return shown


@cache
def _words() -> dict[str, str]:
    text = files("api.office").joinpath("settings.yaml").read_text(encoding="utf-8")
    return dict(yaml.safe_load(text))


def _shown(field: str, value: Any) -> str:
    if value in (None, ""):
        return ""
    if isinstance(value, SecretStr) or _SECRET.search(field):
        return _HIDDEN
    text = str(value).lower() if isinstance(value, bool) else str(value)
    if "://" in text:
        try:
            return make_url(text).render_as_string(hide_password=True)
        except ArgumentError:
            return text
    return text


def stopped_duties(connection: Connection, settings: Settings, at: datetime) -> list[str]:
    """Names of the duties that have not been done for too long."""
    return [duty.name for duty in duties_read(connection, duties_of(settings), at) if duty.stopped]


def _monitor(connection: Connection, settings: Settings, at: datetime) -> MonitorRead:
    last = repository.newest_done(connection, SWEEP, at)
    patience = Every(seconds=settings.sweep_seconds).patience
    return MonitorRead(
        last_at=last.ended_at if last else None,
        looked_at=last.looked_at if last else 0,
        failed=last.failed if last else 0,
        every_seconds=settings.sweep_seconds,
        late=last is None or at - last.ended_at > patience,
        waiting=records.duties_waiting(connection, at),
        put_aside=len(records.failures(connection)),
    )


def _sample(office: Office, connection: Connection, at: datetime) -> SampleRead:
    """Verify a few dossiers, found from a point between the first and now that is drawn anew."""
    first = records.some_ids(connection, uuid7(datetime.fromtimestamp(0, at.tzinfo)), 1)
    if not first:
        return SampleRead(dossiers=0, ok=True, fault=None)
    since = datetime.fromtimestamp((first[0].int >> 80) / 1000, at.tzinfo)
    milliseconds = max(int((at - since).total_seconds() * 1000), 1)
    drawn = since + timedelta(milliseconds=office.bits(62) % milliseconds)
    ids = records.some_ids(connection, uuid7(drawn, office.bits), SAMPLE)
    for number, dossier_id in enumerate(ids, start=1):
        fault = verify_one(connection, dossier_id)
        if fault is not None:
            return SampleRead(dossiers=number, ok=False, fault=f"{fault.dossier}: {fault.reason}")
    return SampleRead(dossiers=len(ids), ok=True, fault=None)


def _database_version(connection: Connection) -> str:
    version = ".".join(str(part) for part in connection.dialect.server_version_info or ())
    return f"{'SQLite' if connection.dialect.name == 'sqlite' else 'PostgreSQL'} {version}".strip()
