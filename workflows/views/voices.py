"""What is shown of ratings and complaints: to the public, to who sent them, and to the heads who answer."""

from __future__ import annotations

import hmac
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel, Field
from sqlalchemy import Connection

from dossiers.agencies.directory import Directory
from dossiers.core.errors import NotFound
from dossiers.core.said import Said
from dossiers.voices import repository as voices
from dossiers.voices.models import Matter, Occasion, Standing
from sla.deadline import is_late
from workflows.engine.draft import Actor
from workflows.office import Office
from workflows.views.models import Named
from workflows.views.paging import Page, read_cursor, write_cursor
from workflows.voices.complaints import may_decide
from workflows.voices.rating import Invitation
from workflows.voices.rules import criteria

_DISPOSED = Said("(nội dung đã được tiêu huỷ theo thời hạn lưu trữ)")


class InvitationRead(BaseModel):
    """What the holder of a link is asked to rate."""

    code: str = Field(description="Mã hồ sơ")
    occasion: Named
    rated: bool = Field(description="Đã đánh giá rồi")
    criteria: list[Named] = Field(description="Tiêu chí có thể nêu làm lý do")


class ComplaintStanding(BaseModel):
    """What anybody may see of a complaint."""

    no: str
    standing: Named
    received_at: datetime
    answer_by: datetime | None = Field(description="Trả lời chậm nhất; không có khi đã xong")
    late: bool = Field(description="Đã quá hạn trả lời hoặc công khai")
    closed_at: datetime | None = Field(description="Đã trả lời hoặc từ chối lúc")


class PublishedRead(BaseModel):
    """A published answer, in words that name nobody."""

    no: str
    agency: Named
    matter: str
    answer: str
    received_at: datetime
    published_at: datetime


class ActRead(BaseModel):
    """One thing that was done about a complaint."""

    kind: str = Field(description="sent, asked, added, refused, answered hoặc published")
    at: datetime
    text: str
    official: str | None = Field(description="Công chức đã làm; không nêu cho người gửi")


class OwnComplaintRead(ComplaintStanding):
    """What who sent it sees of a complaint."""

    matter: Named
    agency: Named
    dossier: str | None
    acts: list[ActRead]


class ComplaintLine(ComplaintStanding):
    """A complaint in the list of who answers it."""

    matter: Named
    agency: Named
    dossier: str | None
    publish_by: datetime | None


class ComplaintRead(ComplaintLine):
    """All of a complaint, for who answers it."""

    refuse_by: datetime
    ask_by: datetime
    name: str
    phone: str
    email: str
    acts: list[ActRead]
    may: list[str] = Field(description="Việc làm được bây giờ: refuse, ask, answer, publish")


class RatingRead(BaseModel):
    """A rating, without the person."""

    dossier: str
    occasion: Named
    agency: Named
    score: int
    reasons: list[Named]
    comment: str | None
    rated_at: datetime
    at_desk: bool = Field(description="Ghi tại nơi tiếp nhận")


class ScoreRead(BaseModel):
    """What citizens think of an agency."""

    agency: Named
    count: int
    average: float = Field(ge=1, le=5, description="Điểm trung bình, một số lẻ")
    content_percent: int = Field(ge=0, le=100, description="Tỷ lệ hài lòng: 4 và 5 điểm")


class RatingsRead(BaseModel):
    """Scores per agency, and the ratings themselves, the latest first."""

    scores: list[ScoreRead]
    items: list[RatingRead]


def invitation_read(invitation: Invitation) -> InvitationRead:
    """What the link of an occasion opens."""
    return InvitationRead(
        code=invitation.code,
        occasion=_labelled(invitation.occasion),
        rated=invitation.rated,
        criteria=[Named(code=code, name=name) for code, name in criteria().items()],
    )


def standing(connection: Connection, no: str, at: datetime) -> ComplaintStanding:
    """How far a complaint is. Raises ``NotFound`` (``complaint_unknown``)."""
    return ComplaintStanding(**_standing(_known(connection, no), at))


def own_complaint(
    office: Office, connection: Connection, no: str, proof: str, at: datetime
) -> tuple[OwnComplaintRead, Any]:
    """The complaint of who proves it theirs by the last four digits of their phone, and its row.

    Raises ``NotFound`` (``complaint_unmatched``), alike for a wrong number and a wrong proof.
    """
    row = voices.complaint(connection, no.strip().upper())
    who = voices.complainant(connection, row.id) if row is not None else None
    known = who.phone[-4:] if who is not None else ""
    if row is None or not hmac.compare_digest(known.encode(), proof.encode()):
        raise NotFound(
            "Số phản ánh hoặc 4 số cuối điện thoại không khớp.",
            code="complaint_unmatched",
            hint="Nhập 4 số cuối của số điện thoại đã ghi khi gửi.",
        )
    directory = office.reference(connection).directory
    read = OwnComplaintRead(
        **_standing(row, at),
        **_about(directory, row),
        acts=_acts(connection, row, None),
    )
    return read, row


def complaint(office: Office, connection: Connection, no: str, actor: Actor, at: datetime) -> ComplaintRead:
    """All of a complaint about the actor's agency or one below it.

    Raises ``NotFound`` (``complaint_unknown``), also for one that is none of the actor's business.
    """
    row = _known(connection, no)
    directory = office.reference(connection).directory
    if not directory.is_within(row.agency, actor.agency or ""):
        raise _unknown(no)
    who = voices.complainant(connection, row.id)
    return ComplaintRead(
        **_line(directory, row, at),
        refuse_by=row.refuse_by,
        ask_by=row.ask_by,
        name=who.name if who else _DISPOSED,
        phone=who.phone if who else "",
        email=who.email if who else "",
        acts=_acts(connection, row, directory),
        may=_may(directory, row, actor, at),
    )


def complaints(
    office: Office,
    connection: Connection,
    actor: Actor,
    at: datetime,
    *,
    open_only: bool = True,
    size: int = 200,
) -> list[ComplaintLine]:
    """Complaints about the actor's agency and those below it, by when they are due."""
    directory = office.reference(connection).directory
    rows = voices.complaints(connection, list(directory.below(actor.agency or "")), open_only, size)
    return [ComplaintLine(**_line(directory, row, at)) for row in rows]


def published(
    office: Office, connection: Connection, *, cursor: str | None = None, size: int = 20
) -> Page[PublishedRead]:
    """Published answers, the latest first."""
    directory = office.reference(connection).directory
    after = read_cursor(cursor)
    rows = voices.published(connection, after[:2] if after else None, size + 1)
    texts = voices.texts(
        connection, [text for row in rows for text in (row.public_matter, row.public_answer)]
    )
    items = [
        PublishedRead(
            no=row.no,
            agency=_agency(directory, row.agency),
            matter=texts.get(row.public_matter, _DISPOSED),
            answer=texts.get(row.public_answer, _DISPOSED),
            received_at=row.received_at,
            published_at=row.published_at,
        )
        for row in rows[:size]
    ]
    last = rows[size - 1] if len(rows) > size else None
    return Page(items, write_cursor(last.published_at, last.id) if last is not None else None)


def ratings(
    office: Office,
    connection: Connection,
    agency: str,
    since: datetime,
    *,
    most_score: int = 5,
    size: int = 200,
) -> RatingsRead:
    """What citizens think of an agency and those below it since an instant."""
    directory = office.reference(connection).directory
    below = list(directory.below(agency))
    rows = voices.ratings(connection, below, since, most_score, size)
    reasons = voices.reasons_of(connection, [row.dossier_id for row in rows])
    texts = voices.texts(connection, [row.comment for row in rows])
    return RatingsRead(
        scores=[_score(directory, row) for row in voices.scores(connection, below, since)],
        items=[_rating(directory, row, reasons, texts) for row in rows],
    )


def _score(directory: Directory, row: Any) -> ScoreRead:
    return ScoreRead(
        agency=_agency(directory, row.agency),
        count=row.count,
        average=round(row.sum / row.count, 1),
        content_percent=100 * row.content // row.count,
    )


def _rating(
    directory: Directory,
    row: Any,
    reasons: dict[tuple[UUID, str], list[str]],
    texts: dict[UUID, str],
) -> RatingRead:
    known = criteria()
    named = reasons.get((row.dossier_id, row.occasion), [])
    return RatingRead(
        dossier=row.code,
        occasion=_labelled(Occasion(row.occasion)),
        agency=_agency(directory, row.agency),
        score=row.score,
        reasons=[Named(code=code, name=known.get(code, code)) for code in named],
        comment=texts.get(row.comment, _DISPOSED) if row.comment else None,
        rated_at=row.rated_at,
        at_desk=row.recorded_by is not None,
    )


def _known(connection: Connection, no: str) -> Any:
    row = voices.complaint(connection, no.strip().upper())
    if row is None:
        raise _unknown(no)
    return row


def _unknown(no: str) -> NotFound:
    return NotFound(
        "Không có phản ánh này.",
        code="complaint_unknown",
        where=no,
        hint="Xem lại số được cấp khi gửi phản ánh.",
    )


def _standing(row: Any, at: datetime) -> dict[str, Any]:
    at_present = Standing(row.standing)
    owed = row.answer_by if at_present.is_open else row.publish_by
    done = at_present in (Standing.REFUSED, Standing.PUBLISHED)
    return {
        "no": row.no,
        "standing": _labelled(at_present),
        "received_at": row.received_at,
        "answer_by": row.answer_by if at_present.is_open else None,
        "late": not done and owed is not None and is_late(at, owed),
        "closed_at": row.closed_at,
    }


def _about(directory: Directory, row: Any) -> dict[str, Any]:
    return {
        "matter": _labelled(Matter(row.matter)),
        "agency": _agency(directory, row.agency),
        "dossier": row.dossier,
    }


def _line(directory: Directory, row: Any, at: datetime) -> dict[str, Any]:
    publish_by = row.publish_by if row.standing == Standing.ANSWERED else None
    return _standing(row, at) | _about(directory, row) | {"publish_by": publish_by}


def _acts(connection: Connection, row: Any, directory: Directory | None) -> list[ActRead]:
    """What was done, with names of officials only for officials."""
    acts: Sequence[Any] = voices.acts(connection, row.id)
    texts = voices.texts(connection, [act.text for act in acts])
    return [
        ActRead(
            kind=act.kind,
            at=act.at,
            text=texts.get(act.text, _DISPOSED),
            official=directory.official_name(act.official) if directory and act.official else None,
        )
        for act in acts
    ]


def _may(directory: Directory, row: Any, actor: Actor, at: datetime) -> list[str]:
    at_present = Standing(row.standing)
    if not may_decide(directory, row.agency, actor):
        return []
    if at_present is Standing.ANSWERED:
        return ["publish"]
    if not at_present.is_open:
        return []
    may = ["answer"]
    if row.asked_at is None and not is_late(at, row.ask_by):
        may.append("ask")
    if not is_late(at, row.refuse_by):
        may.append("refuse")
    return may


def _labelled(item: Occasion | Matter | Standing) -> Named:
    return Named(code=item.value, name=item.label)


def _agency(directory: Directory, code: str) -> Named:
    return Named(code=code, name=directory.name(code))
