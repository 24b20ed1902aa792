"""Proving the rows: check every chain, fold every history again, and name the first thing that differs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import Connection, exists, select

from dossiers.core.canonical import sha256_hex
from dossiers.core.tables import table_of
from dossiers.documents import repository as documents
from dossiers.documents.service import first_spoilt
from dossiers.history import repository as history
from dossiers.history import seals
from dossiers.history.events import Link, first_broken
from dossiers.history.models import EventRow
from dossiers.procedures import repository as procedures
from dossiers.records import repository as records
from dossiers.records.models import DossierRow
from sla.calendars import repository as calendars
from workflows.engine.draft import text_digest
from workflows.engine.evolve import fold
from workflows.engine.kinds import Kind
from workflows.engine.projection import DERIVED, rows

_BATCH = 200


class Fault(BaseModel):
    """The first thing that does not hold. ``dossier`` is None when it is a procedure or a calendar."""

    dossier: str | None = None
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
Stored = dict[str, dict[UUID, list[Any]]]


def verify(connection: Connection, progress: Progress | None = None) -> Verdict:
    """Verify every dossier, up to the first fault.

    1. Procedures and calendars: what was kept is what its digest says.
    2. The chain: numbers without gaps, each event naming and matching the hash before it.
    3. The rows: what folding the history gives is what the tables hold, to the last column.
    4. The files: what is attached is what the history names, and no byte of any file changed.
    5. The texts events refer to: unchanged, or disposed of and marked so.
    6. The daily seals: chained, and every dossier they hold still has the history they hold of it.
    """
    fault = _check_reference(connection)
    if fault is not None:
        return Verdict(dossiers=0, events=0, ok=False, first_fault=fault)
    try:
        return _verify_dossiers(connection, progress)
    except (ValueError, TypeError) as error:
        reason = f"có sự kiện không đọc được: {error}"
        return Verdict(dossiers=0, events=0, ok=False, first_fault=Fault(table="events", reason=reason))


def _verify_dossiers(connection: Connection, progress: Progress | None) -> Verdict:
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
    fault = (
        _check_batch(connection, batch)
        or _rows_without_history(connection)
        or _broken_seal(connection)
        or _spoilt(connection)
    )
    return Verdict(dossiers=seen + len(batch), events=events, ok=fault is None, first_fault=fault)


def verify_one(connection: Connection, dossier_id: UUID) -> Fault | None:
    """Verify one dossier."""
    return _check_batch(connection, [(dossier_id, history.chain_of(connection, dossier_id))])


def _check_reference(connection: Connection) -> Fault | None:
    """Versions of procedures and calendars against the digest taken when they were kept."""
    for row in procedures.versions(connection):
        if sha256_hex(row.definition) != row.digest:
            return Fault(
                table="procedure_versions",
                column="definition",
                reason=f"thủ tục {row.code} phiên bản {row.version}: nội dung đã bị sửa sau khi lưu",
            )
    for row in calendars.version_rows(connection):
        if sha256_hex(row.content) != row.digest:
            return Fault(
                table="calendar_versions",
                column="content",
                reason=f"lịch {row.name}@{row.version}: nội dung đã bị sửa sau khi công bố",
            )
    return None


def _check_batch(connection: Connection, batch: list[tuple[UUID, list[Link]]]) -> Fault | None:
    if not batch:
        return None
    ids = [dossier_id for dossier_id, _ in batch]
    stored = _stored_or_none(connection, ids)
    if stored is None and len(batch) > 1:
        halves = batch[: len(batch) // 2], batch[len(batch) // 2 :]
        return _check_batch(connection, halves[0]) or _check_batch(connection, halves[1])
    attached: dict[UUID, list[Any]] = {}
    for row in documents.of_dossiers(connection, ids):
        attached.setdefault(row.dossier_id, []).append(row)
    for dossier_id, links in batch:
        fault = _check_one(connection, dossier_id, links, stored, attached.get(dossier_id, []))
        if fault is not None:
            return fault
    return None


def _check_one(
    connection: Connection, dossier_id: UUID, links: list[Link], stored: Stored | None, attached: list[Any]
) -> Fault | None:
    try:
        return (
            _check_chain(dossier_id, links)
            or _check_rows(dossier_id, links, stored)
            or _check_texts(connection, dossier_id, links)
            or _check_files(dossier_id, links, attached)
        )
    except Exception as error:
        # Whatever a forged event makes of the checks, it is the history that does not hold.
        return Fault(dossier=_code(links, dossier_id), reason=f"không dựng lại được từ lịch sử: {error!r}")


def _code(links: list[Link], dossier_id: UUID) -> str:
    return str(links[0].event.payload.get("code", dossier_id)) if links else str(dossier_id)


def _check_chain(dossier_id: UUID, links: list[Link]) -> Fault | None:
    broken = first_broken(dossier_id, links)
    if broken is None:
        return None
    return Fault(dossier=_code(links, dossier_id), seq=broken.seq, reason=broken.reason)


def _check_rows(dossier_id: UUID, links: list[Link], stored: Stored | None) -> Fault | None:
    code = _code(links, dossier_id)
    if stored is None:
        return Fault(dossier=code, reason="có dòng dữ liệu không đọc được")
    expected = rows(fold(dossier_id, (link.event for link in links)), links[-1].hash)
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
    texts = history.stored_texts(connection, dossier_id)
    for seq, ref in refs:
        text = texts.get(ref["text"])
        if text is None:
            reason = "văn bản kèm theo đã mất mà không có dấu tiêu huỷ"
        elif not _is_disposed_of(text) and text_digest(text.salt, text.body) != ref["sha256"]:
            reason = "văn bản kèm theo đã bị sửa"
        else:
            continue
        return Fault(dossier=_code(links, dossier_id), seq=seq, table="texts", reason=reason)
    return None


def _check_files(dossier_id: UUID, links: list[Link], attached: list[Any]) -> Fault | None:
    """Files of a dossier by its history, and by the table of attachments."""
    if not attached and all(link.event.kind != Kind.FILES_ATTACHED for link in links):
        return None
    named = fold(dossier_id, (link.event for link in links)).files.values()
    expected = {(file["file"], file["paper"], file["sha256"]) for file in named}
    found = {(str(row.id), row.paper, row.sha256) for row in attached if row.removed_at is None}
    if expected == found:
        return None
    return Fault(
        dossier=_code(links, dossier_id), table="attachments", reason="tệp đính kèm khác với lịch sử ghi"
    )


def _spoilt(connection: Connection) -> Fault | None:
    sha256 = first_spoilt(connection)
    if sha256 is None:
        return None
    return Fault(dossier="", table="files", column="body", reason=f"nội dung tệp {sha256} đã bị sửa")


def _broken_seal(connection: Connection) -> Fault | None:
    """A seal that does not hold; a dossier deleted with its whole history is named by its id."""
    broken = seals.first_broken(connection)
    if broken is None:
        return None
    dossier = str(broken.dossier_id) if broken.dossier_id else None
    if broken.dossier_id is not None:
        dossier = records.code_of(connection, broken.dossier_id) or dossier
    return Fault(
        dossier=dossier,
        seq=broken.seq,
        table="seal_heads" if dossier else "seals",
        reason=f"niêm phong số {broken.seal}: {broken.reason}",
    )


def _is_disposed_of(text: Any) -> bool:
    return bool(text.salt == text.body == "")


def _text_refs(value: Any) -> list[dict[str, str]]:
    if isinstance(value, dict):
        if set(value) == {"text", "sha256"}:
            return [value]
        return [ref for item in value.values() for ref in _text_refs(item)]
    return []


def _stored_or_none(connection: Connection, ids: list[UUID]) -> Stored | None:
    """The derived rows of some dossiers; None when a row holds what its column cannot."""
    try:
        return _stored(connection, ids)
    except (ValueError, TypeError):
        return None


def _stored(connection: Connection, ids: list[UUID]) -> Stored:
    stored: Stored = {}
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
