"""Recording ratings at the desk, and answering complaints."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Query

from api.deps import AgencyCode, Call, Code, DeskOfficial, Moment, Overseer
from api.paging import ListRead
from api.public.schemas import ComplaintNo
from api.voices.schemas import Publication, RatingAtDesk, Said
from dossiers.core import said as sentences
from dossiers.core.errors import NotAllowed
from workflows.views import voices
from workflows.views.own_dossier import RateRead, to_rate
from workflows.voices import complaints
from workflows.voices.rating import NewRating, rate_at_desk

router = APIRouter(tags=["voices"])

Most = Annotated[int, Query(alias="size", ge=1, le=500, description="Nhiều nhất bao nhiêu dòng")]


@router.get("/dossiers/{code}/ratings", summary="Những lần có thể mời đánh giá")
def list_invitations(code: Code, call: DeskOfficial) -> ListRead[RateRead]:
    """What of a dossier was not rated yet, with the token that goes into the link."""
    with call.reading() as connection:
        return ListRead(items=to_rate(connection, call.find(connection, code)))


@router.post("/dossiers/{code}/ratings", status_code=201, summary="Ghi đánh giá tại chỗ")
def record_rating(code: Code, rating: RatingAtDesk, call: DeskOfficial) -> ListRead[RateRead]:
    """Record what the citizen says at the desk; what is left to rate."""
    with call.office.database.writing() as connection:
        dossier_id = call.find(connection, code)
        said = NewRating(**rating.model_dump(exclude={"occasion"}))
        rate_at_desk(call.office, connection, dossier_id, rating.occasion, said, call.actor, call.at)
        return ListRead(items=to_rate(connection, dossier_id))


@router.get("/ratings", summary="Đánh giá của người dân")
def list_ratings(
    call: Overseer,
    agency: Annotated[AgencyCode | None, Query(description="Mặc định: cơ quan của người gọi")] = None,
    since: Annotated[Moment | None, Query(alias="from", description="Mặc định: 30 ngày qua")] = None,
    most_score: Annotated[int, Query(ge=1, le=5, description="Chỉ đánh giá từ điểm này trở xuống")] = 5,
    size: Most = 200,
) -> voices.RatingsRead:
    """Scores per agency below one's own, and the ratings, the latest first."""
    own = call.actor.agency or ""
    with call.reading() as connection:
        directory = call.office.reference(connection).directory
        if agency and not directory.is_within(agency, own):
            raise NotAllowed(
                sentences.Said(
                    "Chỉ xem được đánh giá về {own} và các đơn vị bên dưới.", own=directory.name(own)
                ),
                hint="Bỏ trống để xem đánh giá về cơ quan của mình.",
            )
        return voices.ratings(
            call.office,
            connection,
            agency or own,
            since or call.at - timedelta(days=30),
            most_score=most_score,
            size=size,
        )


@router.get("/complaints", summary="Phản ánh, kiến nghị phải trả lời")
def list_complaints(
    call: Overseer,
    open_only: Annotated[bool, Query(alias="open", description="Chỉ phản ánh chưa xong")] = True,
    size: Most = 200,
) -> ListRead[voices.ComplaintLine]:
    """Complaints about the own agency and those below it, by when they are due."""
    with call.reading() as connection:
        items = voices.complaints(
            call.office, connection, call.actor, call.at, open_only=open_only, size=size
        )
    return ListRead(items=items)


@router.get("/complaints/{no}", summary="Một phản ánh")
def get_complaint(no: ComplaintNo, call: Overseer) -> voices.ComplaintRead:
    """All of a complaint, who sent it included, for who answers it."""
    with call.reading() as connection:
        return voices.complaint(call.office, connection, no, call.actor, call.at)


@router.post("/complaints/{no}/refuse", summary="Không tiếp nhận phản ánh")
def refuse_complaint(no: ComplaintNo, said: Said, call: Overseer) -> voices.ComplaintRead:
    """Say why it is not taken up, within two working days."""
    return _done(call, no, complaints.refuse, said.text)


@router.post("/complaints/{no}/ask", summary="Yêu cầu người gửi bổ sung")
def ask_complainant(no: ComplaintNo, said: Said, call: Overseer) -> voices.ComplaintRead:
    """Ask for more, once, within five working days."""
    return _done(call, no, complaints.ask, said.text)


@router.post("/complaints/{no}/answer", summary="Trả lời phản ánh")
def answer_complaint(no: ComplaintNo, said: Said, call: Overseer) -> voices.ComplaintRead:
    """Answer within fifteen working days."""
    return _done(call, no, complaints.answer, said.text)


@router.post("/complaints/{no}/publish", summary="Công khai câu trả lời")
def publish_answer(no: ComplaintNo, publication: Publication, call: Overseer) -> voices.ComplaintRead:
    """Publish within two working days of answering, in words that name nobody."""
    return _done(call, no, complaints.publish, publication.matter, publication.text)


def _done(call: Call, no: str, deed: Callable[..., Any], *words: str) -> voices.ComplaintRead:
    with call.office.database.writing() as connection:
        deed(call.office, connection, no, *words, call.actor, call.at)
        return voices.complaint(call.office, connection, no, call.actor, call.at)
