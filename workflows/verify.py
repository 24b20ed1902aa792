"""Proving the rows: check every chain, fold every history again, and name the first thing that differs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import Connection, exists, select

from dossiers.core.errors import MotcuaError
from dossiers.core.tables import table_of
from dossiers.history import repository as history
from dossiers.history.events import Link, first_broken
from dossiers.history.models import EventRow
from dossiers.records import repository as records
from dossiers.records.models import DossierRow
from workflows.engine.draft import text_digest
from workflows.engine.evolve import fold
from workflows.engine.projection import DERIVED, rows

_BATCH = 200


class Fault(BaseModel):
    """The first thing that does not hold."""

    dossier: str
    seq: int | None = None
    table: str | None = None
    column: str | None = None
    reason: str


class Verdict(BaseModel):
    """What a verification found."""

    dossiers: int
    events: int
    ok: bool
    first_fault: Fault | None = None


Progress = Callable[[int], None]


def verify(connection: Connection, progress: Progress | None = None) -> Verdict:
    """Verify every dossier, up to the first fault.

    1. The chain: numbers without gaps, each event naming and matching the hash before it.
    2. The texts events refer to: unchanged, or disposed of.
    3. The rows: what folding the history gives is what the tables hold, to the last column.
    """
    seen = events = 0
    batch: list[tuple[UUID, list[Link]]] = []
    for dossier_id, links in history.all_chains(connection):
        batch.append((dossier_id, links))
        events += len(links)
        if len(batch) >= _BATCH:
            fault = _check_batch(connection, batch)
            seen += len(batch)
            batch = []
            if progress is not None:
                progress(seen)
            if fault is not None:
                return Verdict(dossiers=seen, events=events, ok=False, first_fault=fault)
    fault = _check_batch(connection, batch) or _rows_without_history(connection)
    return Verdict(dossiers=seen + len(batch), events=events, ok=fault is None, first_fault=fault)


def verify_one(connection: Connection, dossier_id: UUID) -> Fault | None:
    """Verify one dossier."""
    return _check_batch(connection, [(dossier_id, history.links_of(connection, dossier_id))])


def _check_batch(connection: Connection, batch: list[tuple[UUID, list[Link]]]) -> Fault | None:
    if not batch:
        return None
    stored = _stored(connection, [dossier_id for dossier_id, _ in batch])
    for dossier_id, links in batch:
        fault = (
            _check_chain(dossier_id, links)
            or _check_rows(dossier_id, links, stored)
            or _check_texts(connection, dossier_id, links)
        )
        if fault is not None:
            return fault
    return None


def _code(links: list[Link], dossier_id: UUID) -> str:
    return str(links[0].event.payload.get("code", dossier_id)) if links else str(dossier_id)


def _check_chain(dossier_id: UUID, links: list[Link]) -> Fault | None:
    broken = first_broken(dossier_id, links)
    if broken is None:
        return None
    return Fault(dossier=_code(links, dossier_id), seq=broken.seq, reason=broken.reason)


def _check_rows(
    dossier_id: UUID, links: list[Link], stored: dict[str, dict[UUID, list[Any]]]
) -> Fault | None:
    code = _code(links, dossier_id)
    try:
        state = fold(dossier_id, (link.event for link in links))
    except (MotcuaError, KeyError, ValueError, TypeError) as error:
        return Fault(dossier=code, reason=f"không dựng lại được từ lịch sử: {error!r}")
    expected = rows(state, links[-1].hash)
    for model in DERIVED:
        table = model.__tablename__
        fault = _compare(code, table, expected.get(table, {}), stored[table].get(dossier_id, []))
        if fault is not None:
            return fault
    return None


def _compare(
    code: str, table: str, expected: dict[tuple[Any, ...], dict[str, Any]], found: list[Any]
) -> Fault | None:
    left = [row._mapping for row in found]
    for key, row in expected.items():
        match = next((each for each in left if all(each[name] == row[name] for name in _KEYS[table])), None)
        where = f"{table}{list(key)}" if key else table
        if match is None:
            return Fault(dossier=code, table=table, reason=f"thiếu dòng {where}")
        left.remove(match)
        for column, value in row.items():
            if match[column] != value:
                return Fault(
                    dossier=code,
                    table=table,
                    column=column,
                    reason=f"{where}.{column} là {match[column]!r}, theo lịch sử phải là {value!r}",
                )
    if left:
        return Fault(dossier=code, table=table, reason=f"thừa {len(left)} dòng không có trong lịch sử")
    return None


_KEYS: dict[str, tuple[str, ...]] = {
    model.__tablename__: tuple(
        column.name for column in table_of(model).primary_key if column.name not in ("id", "dossier_id")
    )
    for model in DERIVED
}


def _check_texts(connection: Connection, dossier_id: UUID, links: list[Link]) -> Fault | None:
    refs = [(link.event.seq, ref) for link in links for ref in _text_refs(link.event.payload)]
    if not refs:
        return None
    texts = history.texts_of(connection, dossier_id)
    for seq, ref in refs:
        text = texts.get(ref["text"])
        if text is not None and text_digest(text.salt, text.body) != ref["sha256"]:
            return Fault(
                dossier=_code(links, dossier_id), seq=seq, table="texts", reason="văn bản kèm theo đã bị sửa"
            )
    return None


def _text_refs(value: Any) -> list[dict[str, str]]:
    if isinstance(value, dict):
        if set(value) == {"text", "sha256"}:
            return [value]
        return [ref for item in value.values() for ref in _text_refs(item)]
    return []


def _stored(connection: Connection, ids: list[UUID]) -> dict[str, dict[UUID, list[Any]]]:
    stored: dict[str, dict[UUID, list[Any]]] = {}
    for model in DERIVED:
        by_dossier: dict[UUID, list[Any]] = {}
        for row in records.stored_rows(connection, model, ids):
            by_dossier.setdefault(row.id if model is DossierRow else row.dossier_id, []).append(row)
        stored[model.__tablename__] = by_dossier
    return stored


def _rows_without_history(connection: Connection) -> Fault | None:
    """A dossier whose whole history was taken away leaves its row behind."""
    orphan = connection.execute(
        select(DossierRow.code).where(~exists().where(EventRow.dossier_id == DossierRow.id)).limit(1)
    ).scalar_one_or_none()
    if orphan is None:
        return None
    return Fault(dossier=orphan, table="dossiers", reason="hồ sơ không còn lịch sử")
