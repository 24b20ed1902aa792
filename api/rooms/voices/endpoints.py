"""Complaints to answer and ratings to read, as pages."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path, Query, Request
from pydantic import ValidationError
from starlette.responses import Response

from api.deps import Call, Overseer
from api.errors import status_of
from api.public.schemas import ComplaintNo
from api.voices.schemas import Publication
from api.voices.schemas import Said as Written
from api.web.forms import Form, Posted
from api.web.pages import go, show
from dossiers.core.errors import BadInput, MotcuaError
from dossiers.core.said import Said
from workflows.views import voices
from workflows.voices import complaints

router = APIRouter(prefix="/oversight/voices", include_in_schema=False)

DAYS = (30, 90, 365)

_DEEDS: dict[str, tuple[Callable[..., Any], str]] = {
    "refuse": (complaints.refuse, Said("Đã gửi lý do không tiếp nhận cho người gửi.")),
    "ask": (complaints.ask, Said("Đã gửi yêu cầu bổ sung cho người gửi.")),
    "answer": (complaints.answer, Said("Đã trả lời người gửi. Còn phải công khai câu trả lời.")),
    "publish": (complaints.publish, Said("Đã công khai câu trả lời.")),
}


@router.get("", name="voices_complaints")
def get_complaints(
    request: Request, call: Overseer, which: Annotated[Literal["open", "all"], Query()] = "open"
) -> Response:
    """Complaints about the own agency and those below it, by when they are due."""
    with call.reading() as connection:
        items = voices.complaints(call.office, connection, call.actor, call.at, open_only=which == "open")
    return show(request, "voices/complaints.html", call, items=items, which=which)


@router.get("/ratings", name="voices_ratings")
def get_ratings(
    request: Request,
    call: Overseer,
    days: Annotated[int, Query(ge=1, le=3660)] = 30,
    most: Annotated[int, Query(ge=1, le=5)] = 5,
) -> Response:
    """What citizens think of the own agency and those below it."""
    since = call.at - timedelta(days=days)
    with call.reading() as connection:
        read = voices.ratings(call.office, connection, call.actor.agency or "", since, most_score=most)
    return show(request, "voices/ratings.html", call, read=read, days=days, most=most, choices=DAYS)


@router.get("/{no}", name="voices_complaint")
def get_complaint(request: Request, call: Overseer, no: ComplaintNo) -> Response:
    """One complaint, with what may be done about it."""
    return _complaint_page(request, call, no)


@router.post("/{no}/{deed}", name="voices_decide")
def post_deed(
    request: Request,
    call: Overseer,
    no: ComplaintNo,
    deed: Annotated[Literal["refuse", "ask", "answer", "publish"], Path()],
    form: Posted,
) -> Response:
    """Refuse, ask, answer or publish."""
    do, done = _DEEDS[deed]
    try:
        words = _words(deed, form)
        with call.writing() as connection:
            do(call.office, connection, no, *words, call.actor, call.at)
    except ValidationError:
        error = BadInput("Ghi nội dung từ 3 đến 4.000 ký tự.")
        return _complaint_page(request, call, no, error=error, deed=deed, typed=form)
    except MotcuaError as error:
        return _complaint_page(request, call, no, error=error, deed=deed, typed=form)
    return go(f"/oversight/voices/{no}", note=done)


def _words(deed: str, form: Form) -> tuple[str, ...]:
    if deed == "publish":
        publication = Publication(matter=form["matter"], text=form["text"])
        return publication.matter, publication.text
    return (Written(text=form["text"]).text,)


def _complaint_page(
    request: Request,
    call: Call,
    no: str,
    *,
    error: MotcuaError | None = None,
    deed: str = "",
    typed: Form | None = None,
) -> Response:
    with call.reading() as connection:
        complaint = voices.complaint(call.office, connection, no, call.actor, call.at)
    said = {"text": typed["text"], "matter": typed["matter"]} if typed else {"text": "", "matter": ""}
    return show(
        request,
        "voices/complaint.html",
        call,
        status=status_of(error) if error else 200,
        error=error,
        complaint=complaint,
        deed=deed,
        typed=said,
    )
