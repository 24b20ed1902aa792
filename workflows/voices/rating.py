"""Rating an occasion of a dossier: once, by who holds its link, or at the desk on the spot.

The link proves itself as an apology letter does: it is keyed with the hash of the event it is about, which
nobody outside the office knows, so no further table or secret is needed.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import Connection

from dossiers.core.errors import BadInput, Conflict, NotAllowed, NotFound
from dossiers.core.ids import uuid7
from dossiers.core.said import Said, joined
from dossiers.history import repository as history
from dossiers.history.events import Link
from dossiers.voices import repository as voices
from dossiers.voices.models import Occasion
from workflows.engine.draft import Actor
from workflows.engine.evolve import fold
from workflows.engine.kinds import Kind
from workflows.engine.state import State
from workflows.office import Office
from workflows.service import find
from workflows.voices.rules import criteria

SIGNATURE_DIGITS = 16

_OCCASIONS = {
    Kind.ACCEPTED: Occasion.RECEPTION,
    Kind.SUPPLEMENT_ASKED: Occasion.SUPPLEMENT,
    Kind.REFUSED: Occasion.REFUSAL,
    Kind.RETURNED: Occasion.RESULT,
}
"""The slip given out with each of these carries the rating form (TT 01/2018/TT-VPCP, art. 12.2)."""


class NewRating(BaseModel):
    """What a citizen says of an occasion."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    score: int = Field(ge=1, le=5, description="1: rất không hài lòng; 5: rất hài lòng", examples=[5])
    reasons: list[str] = Field(default=[], max_length=20, description="Mã tiêu chí, xem GET /public/criteria")
    comment: str = Field(default="", max_length=2000, description="Ý kiến thêm, không bắt buộc")


@dataclass(frozen=True, slots=True)
class Invitation:
    """An occasion that may be rated, and whether it was."""

    dossier_id: UUID
    code: str
    occasion: Occasion
    token: str
    rated: bool


@dataclass(frozen=True, slots=True)
class _Rated:
    """The dossier and the event a rating is about."""

    state: State
    link: Link
    occasion: Occasion


def invitations(connection: Connection, dossier_id: UUID) -> list[Invitation]:
    """What of a dossier may be rated, in order of happening."""
    links = history.links_of(connection, dossier_id)
    rated = voices.occasions_rated(connection, dossier_id)
    code = str(next(link.event.payload["code"] for link in links if link.event.kind == Kind.REGISTERED))
    return [
        Invitation(dossier_id, code, occasion, _token(code, occasion, link), occasion in rated)
        for occasion, link in sorted(_happened(links).items(), key=lambda item: item[1].event.seq)
    ]


def invited(connection: Connection, token: str) -> Invitation:
    """The occasion a link is for. Raises ``NotFound`` (``rating_unknown``) alike for every other link."""
    code, _, rest = token.rpartition(".")[0].rpartition(".")
    try:
        dossier_id = find(connection, code)
    except NotFound:
        raise _unknown() from None
    for invitation in invitations(connection, dossier_id):
        if invitation.occasion == rest and hmac.compare_digest(invitation.token.encode(), token.encode()):
            return invitation
    raise _unknown()


def rate_by_link(office: Office, connection: Connection, token: str, new: NewRating, at: datetime) -> None:
    """Keep what the holder of the link says. Raises ``NotFound`` (``rating_unknown``), and as ``_keep``."""
    invitation = invited(connection, token)
    _keep(office, connection, _rated(connection, invitation.dossier_id, invitation.occasion), new, at, None)


def rate_at_desk(
    office: Office,
    connection: Connection,
    dossier_id: UUID,
    occasion: Occasion,
    new: NewRating,
    actor: Actor,
    at: datetime,
) -> None:
    """Keep what the citizen says on the spot.

    Raises ``NotAllowed`` away from the dossier's desk, ``Conflict`` (``nothing_to_rate``), and as ``_keep``.
    """
    rated = _rated(connection, dossier_id, occasion)
    if actor.agency != rated.state.desk:
        desk = office.reference(connection).directory.name(rated.state.desk)
        raise NotAllowed(
            Said("Đánh giá tại chỗ được ghi ở nơi tiếp nhận hồ sơ: {desk}.", desk=desk),
            hint="Người dân có thể tự đánh giá bằng đường dẫn in trên giấy hẹn.",
            details={"could": [{"agency": rated.state.desk}]},
        )
    _keep(office, connection, rated, new, at, actor.id)


def _keep(
    office: Office, connection: Connection, rated: _Rated, new: NewRating, at: datetime, official: str | None
) -> None:
    """Raises ``Conflict`` (``already_rated``) and ``BadInput`` (``criterion_unknown``)."""
    known, state = criteria(), rated.state
    for reason in new.reasons:
        if reason not in known:
            raise BadInput(
                "Không có tiêu chí đánh giá này.",
                code="criterion_unknown",
                where="reasons",
                hint=Said("Các tiêu chí: {known}.", known=joined(", ", known)),
            )
    if rated.occasion in voices.occasions_rated(connection, state.id):
        raise Conflict(
            Said("Lần “{occasion}” của hồ sơ này đã được đánh giá.", occasion=rated.occasion.label),
            code="already_rated",
        )
    comment = None
    if new.comment:
        comment = uuid7(at, office.bits)
        voices.add_text(connection, comment, new.comment, at)
    fields = {
        "dossier_id": state.id,
        "occasion": rated.occasion.value,
        "agency": _whose_work(rated),
        "procedure": state.procedure,
        "score": new.score,
        "rated_at": at,
        "recorded_by": official,
        "comment": comment,
    }
    voices.add_rating(connection, fields, _once_each(new.reasons))


def _whose_work(rated: _Rated) -> str:
    if rated.occasion is Occasion.RESULT:
        return rated.state.competent
    if rated.occasion is Occasion.SUPPLEMENT:
        return str(rated.link.event.payload["agency"])
    return rated.state.desk


def _rated(connection: Connection, dossier_id: UUID, occasion: Occasion) -> _Rated:
    links = history.links_of(connection, dossier_id)
    link = _happened(links).get(occasion)
    if link is None:
        raise Conflict(
            Said("Hồ sơ này chưa có lần “{occasion}” để đánh giá.", occasion=occasion.label),
            code="nothing_to_rate",
            where="occasion",
        )
    return _Rated(fold(dossier_id, (each.event for each in links)), link, occasion)


def _happened(links: Sequence[Link]) -> dict[Occasion, Link]:
    """The first time each occasion came about: a link once printed goes on opening the same form."""
    found: dict[Occasion, Link] = {}
    for link in links:
        occasion = next((it for kind, it in _OCCASIONS.items() if link.event.kind == kind), None)
        if occasion is not None:
            found.setdefault(occasion, link)
    return found


def _token(code: str, occasion: Occasion, link: Link) -> str:
    """``<dossier>.<occasion>.<signature>``."""
    signature = hmac.new(link.hash.encode(), f"rate:{code}:{occasion}".encode(), hashlib.sha256)
    return f"{code}.{occasion}.{signature.hexdigest()[:SIGNATURE_DIGITS]}"


def _once_each(reasons: Sequence[str]) -> list[str]:
    return list(dict.fromkeys(reasons))


def _unknown() -> NotFound:
    return NotFound(
        "Đường dẫn đánh giá này không đúng.",
        code="rating_unknown",
        hint="Quét lại mã QR trên giấy hẹn, hoặc tra cứu hồ sơ rồi chọn “Đánh giá”.",
    )
