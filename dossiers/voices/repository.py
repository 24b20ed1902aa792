"""Queries about ratings and complaints."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Integer, and_, case, func, insert, or_, select, update

from dossiers.core.tables import table_of
from dossiers.records.models import DossierRow
from dossiers.voices.models import (
    ComplainantRow,
    ComplaintActRow,
    ComplaintRow,
    Occasion,
    RatingReasonRow,
    RatingRow,
    Standing,
    VoiceTextRow,
)

_RATINGS, _COMPLAINTS = table_of(RatingRow), table_of(ComplaintRow)
_OPEN = tuple(standing.value for standing in Standing if standing.is_open)


def add_text(connection: Connection, text_id: UUID, body: str, at: datetime) -> None:
    """Keep a free text."""
    connection.execute(insert(VoiceTextRow), {"id": text_id, "body": body, "written_at": at})


def texts(connection: Connection, ids: Iterable[UUID | None]) -> dict[UUID, str]:
    """The free texts with these ids, but for those disposed of."""
    wanted = {each for each in ids if each is not None}
    if not wanted:
        return {}
    statement = select(VoiceTextRow.id, VoiceTextRow.body).where(VoiceTextRow.id.in_(wanted))
    return {row.id: row.body for row in connection.execute(statement)}


def add_rating(connection: Connection, fields: dict[str, Any], reasons: Sequence[str]) -> None:
    """Keep a rating with its reasons."""
    connection.execute(insert(RatingRow), fields)
    if reasons:
        key = {name: fields[name] for name in ("dossier_id", "occasion")}
        connection.execute(insert(RatingReasonRow), [key | {"criterion": each} for each in reasons])


def occasions_rated(connection: Connection, dossier_id: UUID) -> set[Occasion]:
    """What of a dossier was rated already."""
    statement = select(RatingRow.occasion).where(RatingRow.dossier_id == dossier_id)
    return {Occasion(occasion) for occasion in connection.execute(statement).scalars()}


def ratings(
    connection: Connection, agencies: Sequence[str], since: datetime, most_score: int, size: int
) -> list[Any]:
    """Ratings of these agencies, the latest first, with the code of the dossier."""
    statement = (
        select(*_RATINGS.c, DossierRow.code)
        .join(DossierRow, DossierRow.id == RatingRow.dossier_id)
        .where(RatingRow.agency.in_(agencies), RatingRow.rated_at >= since, RatingRow.score <= most_score)
        .order_by(RatingRow.rated_at.desc(), RatingRow.dossier_id)
        .limit(size)
    )
    return list(connection.execute(statement))


def reasons_of(connection: Connection, dossiers: Sequence[UUID]) -> dict[tuple[UUID, str], list[str]]:
    """The criteria named for the ratings of these dossiers."""
    found: dict[tuple[UUID, str], list[str]] = {}
    statement = select(RatingReasonRow.__table__).where(RatingReasonRow.dossier_id.in_(dossiers))
    for row in connection.execute(statement.order_by(RatingReasonRow.criterion)):
        found.setdefault((row.dossier_id, row.occasion), []).append(row.criterion)
    return found


def scores(connection: Connection, agencies: Sequence[str], since: datetime) -> list[Any]:
    """Per agency: how many ratings, the sum of scores, and how many were 4 or 5 (``content``)."""
    statement = (
        select(
            RatingRow.agency,
            func.count().label("count"),
            func.sum(RatingRow.score).label("sum"),
            func.sum(case((RatingRow.score >= 4, 1), else_=0)).cast(Integer).label("content"),
        )
        .where(RatingRow.agency.in_(agencies), RatingRow.rated_at >= since)
        .group_by(RatingRow.agency)
        .order_by(RatingRow.agency)
    )
    return list(connection.execute(statement))


def add_complaint(connection: Connection, fields: dict[str, Any], complainant: dict[str, Any]) -> None:
    """Keep a complaint and, apart, who made it."""
    connection.execute(insert(ComplaintRow), fields)
    connection.execute(insert(ComplainantRow), {"complaint_id": fields["id"], **complainant})


def complaint(connection: Connection, no: str) -> Any | None:
    """The complaint with this number, with the code of the dossier it is about."""
    return connection.execute(_with_dossier().where(ComplaintRow.no == no)).one_or_none()


def complaint_sent_as(connection: Connection, digest: str) -> Any | None:
    """The complaint that was sent under a key."""
    return connection.execute(_with_dossier().where(ComplaintRow.sent_key == digest)).one_or_none()


def complainant(connection: Connection, complaint_id: UUID) -> Any | None:
    """Who made the complaint; nobody once that was disposed of."""
    statement = select(ComplainantRow.__table__).where(ComplainantRow.complaint_id == complaint_id)
    return connection.execute(statement).one_or_none()


def change_complaint(
    connection: Connection, complaint_id: UUID, was: Standing, fields: dict[str, Any]
) -> bool:
    """Change a complaint that still stands as it was read; whether it did."""
    statement = (
        update(ComplaintRow)
        .where(ComplaintRow.id == complaint_id, ComplaintRow.standing == was)
        .values(**fields)
    )
    return connection.execute(statement).rowcount == 1


def add_act(connection: Connection, complaint_id: UUID, fields: dict[str, Any]) -> None:
    """Note what was done about a complaint."""
    number = (
        select(func.coalesce(func.max(ComplaintActRow.no), 0) + 1)
        .where(ComplaintActRow.complaint_id == complaint_id)
        .scalar_subquery()
    )
    connection.execute(insert(ComplaintActRow).values(complaint_id=complaint_id, no=number, **fields))


def acts(connection: Connection, complaint_id: UUID) -> list[Any]:
    """What was done about a complaint, in order."""
    statement = select(ComplaintActRow.__table__).where(ComplaintActRow.complaint_id == complaint_id)
    return list(connection.execute(statement.order_by(ComplaintActRow.no)))


def complaints(connection: Connection, agencies: Sequence[str], open_only: bool, size: int) -> list[Any]:
    """Complaints about these agencies: those that wait for an answer or for publication, by when they are
    due; then the rest, the latest first."""
    owed = or_(ComplaintRow.standing.in_(_OPEN), ComplaintRow.standing == Standing.ANSWERED.value)
    due = case(
        (ComplaintRow.standing.in_(_OPEN), ComplaintRow.answer_by),
        (ComplaintRow.standing == Standing.ANSWERED.value, ComplaintRow.publish_by),
    )
    statement = _with_dossier().where(ComplaintRow.agency.in_(agencies))
    if open_only:
        statement = statement.where(owed)
    order = (case((owed, 0), else_=1), due, ComplaintRow.received_at.desc(), ComplaintRow.id)
    return list(connection.execute(statement.order_by(*order).limit(size)))


def published(connection: Connection, before: tuple[datetime, UUID] | None, size: int) -> list[Any]:
    """Published answers, the latest first, after a place in that order."""
    statement = select(*_COMPLAINTS.c).where(ComplaintRow.published_at.is_not(None))
    if before is not None:
        at, last = before
        statement = statement.where(
            or_(
                ComplaintRow.published_at < at,
                and_(ComplaintRow.published_at == at, ComplaintRow.id < last),
            )
        )
    order = (ComplaintRow.published_at.desc(), ComplaintRow.id.desc())
    return list(connection.execute(statement.order_by(*order).limit(size)))


def _with_dossier() -> Any:
    return select(*_COMPLAINTS.c, DossierRow.code.label("dossier")).outerjoin(
        DossierRow, DossierRow.id == ComplaintRow.dossier_id
    )
