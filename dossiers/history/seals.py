"""The daily seal: one line over all that changed in a day, chained to the seal of the day before.

A dossier whose chain was cut off, or that was deleted with its whole history, leaves its head behind in a
seal. Who would take the head away too must make every later seal anew, and those were printed: the last one
stands on the published list of late dossiers.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, and_, exists, func, insert, or_, select

from dossiers.core.canonical import canonical_json, instant_text, sha256_hex
from dossiers.core.errors import NotFound
from dossiers.core.said import Said
from dossiers.core.tables import table_of
from dossiers.history.events import GENESIS
from dossiers.history.models import EventRow
from dossiers.history.seal_models import SealHeadRow, SealRow
from dossiers.records.models import DossierRow

_SEALS = table_of(SealRow)
_HEADS = table_of(SealHeadRow)
_AT_ONCE = 5_000

SHORT = 16
"""So many digits of a seal are printed: nobody finds another day's heads with the same."""


@dataclass(frozen=True, slots=True)
class Head:
    """The last event of a dossier that a seal covers."""

    dossier_id: UUID
    seq: int
    hash: str


@dataclass(frozen=True, slots=True)
class Seal:
    """The seal of a day."""

    number: int
    day: date
    until: datetime
    made_at: datetime
    dossiers: int
    prev_hash: str
    hash: str

    @property
    def printed(self) -> str:
        """How it is printed, in groups that can be read out: ``3f2a 91c0 ...``."""
        return " ".join(self.hash[start : start + 4] for start in range(0, SHORT, 4))


@dataclass(frozen=True, slots=True)
class BrokenSeal:
    """What does not hold: of a dossier, or of a seal itself."""

    seal: int
    reason: str
    dossier_id: UUID | None = None
    seq: int | None = None


def seal_hash(number: int, day: date, until: datetime, prev_hash: str, heads: Iterable[Head]) -> str:
    """The hash of a seal: over its number, its day, the seal before it and every head, in order of id."""
    lines = hashlib.sha256()
    for head in sorted(heads, key=lambda head: head.dossier_id.bytes):
        lines.update(f"{head.dossier_id} {head.seq} {head.hash}\n".encode())
    return sha256_hex(
        canonical_json([number, day.isoformat(), instant_text(until), prev_hash, lines.hexdigest()])
    )


def make(connection: Connection, day: date, until: datetime, at: datetime) -> Seal:
    """Seal a day: the heads before ``until`` of all dossiers that moved on since they were last sealed.

    What was recorded later with an instant before ``until`` (an import) is taken in by the next seal. A day
    that was sealed is given back as it is.
    """
    known = of_day(connection, day)
    if known is not None:
        return known
    last = latest(connection)
    number, prev_hash = (last.number + 1, last.hash) if last is not None else (1, GENESIS)
    heads = _unsealed(connection, until)
    own_hash = seal_hash(number, day, until, prev_hash, heads)
    seal = Seal(number, day, until, at, len(heads), prev_hash, own_hash)
    connection.execute(
        insert(_SEALS),
        {
            "number": number,
            "day": day,
            "until": until,
            "made_at": at,
            "dossiers": len(heads),
            "prev_hash": prev_hash,
            "hash": own_hash,
        },
    )
    for start in range(0, len(heads), _AT_ONCE):
        connection.execute(
            insert(_HEADS),
            [
                {"seal": number, "dossier_id": head.dossier_id, "seq": head.seq, "hash": head.hash}
                for head in heads[start : start + _AT_ONCE]
            ],
        )
    return seal


def _unsealed(connection: Connection, until: datetime) -> list[Head]:
    def sealed(dossier_id: Any, seq: Any) -> ColumnElement[bool]:
        return exists().where(SealHeadRow.dossier_id == dossier_id, SealHeadRow.seq >= seq)

    moved_on = (
        select(EventRow.dossier_id, func.max(EventRow.seq).label("seq"))
        .join(DossierRow, DossierRow.id == EventRow.dossier_id)
        .where(~sealed(DossierRow.id, DossierRow.seq), EventRow.at < until)
        .group_by(EventRow.dossier_id)
        .subquery()
    )
    statement = (
        select(EventRow.dossier_id, EventRow.seq, EventRow.hash)
        .join(
            moved_on,
            and_(EventRow.dossier_id == moved_on.c.dossier_id, EventRow.seq == moved_on.c.seq),
        )
        .where(~sealed(moved_on.c.dossier_id, moved_on.c.seq))
    )
    return [Head(row.dossier_id, row.seq, row.hash) for row in connection.execute(statement)]


def latest(connection: Connection) -> Seal | None:
    """The last seal made."""
    return _one(connection.execute(select(_SEALS).order_by(SealRow.number.desc()).limit(1)).one_or_none())


def of_day(connection: Connection, day: date) -> Seal | None:
    """The seal of a day."""
    return _one(connection.execute(select(_SEALS).where(SealRow.day == day)).one_or_none())


def newest(connection: Connection, limit: int) -> list[Seal]:
    """Seals, the last made first."""
    rows = connection.execute(select(_SEALS).order_by(SealRow.number.desc()).limit(limit))
    return [_seal(row) for row in rows]


def with_code(connection: Connection, printed: str) -> Seal:
    """The seal printed so. ``NotFound`` (``seal_unknown``): it never was, or was taken away since."""
    wanted = "".join(printed.split()).lower()
    row = None
    if SHORT <= len(wanted) <= 64 and all(digit in "0123456789abcdef" for digit in wanted):
        row = connection.execute(select(_SEALS).where(SealRow.hash.startswith(wanted)).limit(1)).one_or_none()
    if row is None:
        raise NotFound(
            Said("Không có niêm phong “{printed}”.", printed=printed),
            code="seal_unknown",
            where=printed,
            hint="Gõ lại đủ 16 ký tự như đã in. Nếu đúng như in mà vẫn không có: "
            "dữ liệu đã bị thay sau ngày in; báo người có trách nhiệm thanh tra.",
        )
    return _seal(row)


def first_broken(connection: Connection) -> BrokenSeal | None:
    """The first seal that does not hold, or the first sealed dossier whose history is not what was sealed."""
    expected, prev_hash = 1, GENESIS
    for row in connection.execute(select(_SEALS).order_by(SealRow.number)).all():
        if row.number != expected:
            return BrokenSeal(expected, f"thiếu niêm phong số {expected}")
        if row.prev_hash != prev_hash:
            return BrokenSeal(row.number, "niêm phong không nối với niêm phong trước")
        heads = _heads_of(connection, row.number)
        if len(heads) != row.dossiers or row.hash != seal_hash(
            row.number, row.day, row.until, prev_hash, heads
        ):
            return BrokenSeal(row.number, "nội dung niêm phong đã bị thay đổi")
        expected, prev_hash = expected + 1, row.hash
    return _first_missing(connection)


def _first_missing(connection: Connection) -> BrokenSeal | None:
    """A head that a seal holds and the history does not."""
    row = connection.execute(
        select(SealHeadRow.seal, SealHeadRow.dossier_id, SealHeadRow.seq, EventRow.hash)
        .outerjoin(
            EventRow,
            and_(EventRow.dossier_id == SealHeadRow.dossier_id, EventRow.seq == SealHeadRow.seq),
        )
        .where(or_(EventRow.hash.is_(None), EventRow.hash != SealHeadRow.hash))
        .order_by(SealHeadRow.seal, SealHeadRow.dossier_id)
        .limit(1)
    ).one_or_none()
    if row is None:
        return None
    reason = "lịch sử đã niêm phong nay không còn" if row.hash is None else "lịch sử khác với lúc niêm phong"
    return BrokenSeal(row.seal, reason, row.dossier_id, row.seq)


def _heads_of(connection: Connection, number: int) -> list[Head]:
    rows = connection.execute(
        select(SealHeadRow.dossier_id, SealHeadRow.seq, SealHeadRow.hash).where(SealHeadRow.seal == number)
    )
    return [Head(row.dossier_id, row.seq, row.hash) for row in rows]


def _one(row: Any | None) -> Seal | None:
    return None if row is None else _seal(row)


def _seal(row: Any) -> Seal:
    return Seal(row.number, row.day, row.until, row.made_at, row.dossiers, row.prev_hash, row.hash)
