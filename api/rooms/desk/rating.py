"""The rating asked on the spot: a page turned towards the citizen, answered with one press."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request
from pydantic import ValidationError
from starlette.responses import Response

from api.deps import Call, Code, DeskOfficial
from api.errors import status_of
from api.web.forms import Form, Posted
from api.web.pages import go, show
from dossiers.core.errors import BadInput, MotcuaError
from dossiers.core.said import Said
from dossiers.voices.models import Occasion
from workflows.views.own_dossier import to_rate
from workflows.voices.rating import NewRating, rate_at_desk
from workflows.voices.rules import criteria

router = APIRouter(include_in_schema=False)


@router.get("/desk/rate/{code}", name="desk_rate_page")
def get_rate(
    request: Request, code: Code, call: DeskOfficial, occasion: Annotated[Occasion | None, Query()] = None
) -> Response:
    """What may be rated of a dossier, the occasion asked for or the latest first."""
    return _page(request, call, code, occasion)


@router.post("/desk/rate/{code}", name="desk_rate")
def post_rate(request: Request, code: Code, call: DeskOfficial, form: Posted) -> Response:
    """Keep what the citizen says."""
    try:
        occasion = Occasion(form["occasion"])
        rating = NewRating(
            score=form.number("score") or 0, reasons=form.all("reasons"), comment=form["comment"]
        )
    except (ValueError, ValidationError):
        return _page(request, call, code, None, form, BadInput("Chọn một mức độ hài lòng.", where="score"))
    try:
        with call.writing() as connection:
            dossier_id = call.find(connection, code)
            rate_at_desk(call.office, connection, dossier_id, occasion, rating, call.actor, call.at)
    except MotcuaError as error:
        return _page(request, call, code, occasion, form, error)
    return go(f"/desk/dossiers/{code}", Said("Cảm ơn ông (bà) đã đánh giá."))


def _page(
    request: Request,
    call: Call,
    code: str,
    occasion: Occasion | None,
    form: Form | None = None,
    error: MotcuaError | None = None,
) -> Response:
    with call.reading() as connection:
        left = [each.occasion for each in to_rate(connection, call.find(connection, code))]
    asked = form["occasion"] if form is not None else occasion.value if occasion else ""
    return show(
        request,
        "desk/rate.html",
        call,
        status=status_of(error) if error else 200,
        code=code,
        left=left,
        asked=asked if asked in {each.code for each in left} else (left[-1].code if left else ""),
        criteria=criteria(),
        said={
            "score": form["score"] if form else "",
            "reasons": form.all("reasons") if form else [],
            "comment": form["comment"] if form else "",
        },
        error=error,
    )
