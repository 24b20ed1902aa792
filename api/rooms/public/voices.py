"""Rating, complaining, and following a complaint, as pages."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from pydantic import ValidationError
from starlette.responses import RedirectResponse, Response

from api.deps import Anybody, Visit
from api.paging import Cursor
from api.public.proving import counting_wrong_proofs, not_too_many_posts, not_too_often
from api.public.schemas import Addition, ComplaintNo, Proof, RatingToken
from api.rooms.public.showing import window
from api.web.forms import Form, Posted, field_errors, new_key
from api.web.pages import go
from api.wording import refusals
from dossiers.agencies.directory import Agency, Directory
from dossiers.core.errors import BadInput, MotcuaError, NotFound
from dossiers.core.said import Said
from dossiers.voices.models import Matter
from workflows.views import voices
from workflows.voices import complaints
from workflows.voices.complaints import NewComplaint
from workflows.voices.rating import NewRating, invited, rate_by_link

router = APIRouter(include_in_schema=False)

_A_NUMBER = re.compile(r"PA-[0-9]{6}-[0-9]{4,}")
_FIELDS = ("matter", "text", "name", "phone", "email", "agency", "dossier")
_WRONG = {
    "matter": Said("Chọn một loại nội dung."),
    "text": Said("Ghi rõ sự việc, từ 10 đến 4.000 ký tự."),
    "name": Said("Ghi họ và tên."),
    "phone": Said("Số điện thoại cần từ 8 đến 15 chữ số."),
    "email": Said("Thư điện tử chưa đúng dạng, ví dụ ten@example.com."),
    "agency": Said("Chọn cơ quan được phản ánh."),
    "dossier": Said("Mã hồ sơ chưa đúng."),
    "score": Said("Chọn một mức, từ 1 đến 5."),
    "comment": Said("Nhiều nhất 2.000 ký tự."),
}
_AT_FAULT = {"agency_needed": "agency", "agency_unknown": "agency", "dossier_unknown": "dossier"}


@router.get("/public/rate/{token}", name="public_rating")
def get_public_rating(request: Request, visit: Anybody, token: RatingToken) -> Response:
    """The form to rate an occasion by; the link is on the slip and on the own dossier."""
    not_too_often(visit)
    return _rating_page(request, visit, token, {"score": "", "comment": "", "reasons": []})


@router.post("/public/rate/{token}", name="public_rate")
def post_public_rating(request: Request, visit: Anybody, token: RatingToken, form: Posted) -> Response:
    """Keep a rating, once."""
    said = {"score": form["score"], "comment": form["comment"], "reasons": form.all("reasons")}
    try:
        rating = NewRating.model_validate(said)
        not_too_many_posts(visit)
        with visit.office.database.writing() as connection:
            rate_by_link(visit.office, connection, token, rating, visit.at)
    except ValidationError as found:
        wrong = _wrong(found)
        return _rating_page(request, visit, token, said, error=_mend(wrong), wrong=wrong)
    except MotcuaError as error:
        return _rating_page(request, visit, token, said, error=error)
    return go(f"/public/rate/{token}")


@router.get("/public/complain", name="public_complain")
def get_public_complain(
    request: Request, visit: Anybody, dossier: Annotated[str, Query(max_length=64)] = ""
) -> Response:
    """The form to complain or propose by."""
    not_too_often(visit)
    return _complain_page(request, visit, {"dossier": dossier, "key": new_key()})


@router.post("/public/complain", name="public_send_complaint")
def post_public_complain(request: Request, visit: Anybody, form: Posted) -> Response:
    """Keep a complaint and lead to its page."""
    typed = {name: form[name] for name in (*_FIELDS, "key")}
    try:
        new = NewComplaint.model_validate({name: typed[name] for name in _FIELDS if typed[name]})
        not_too_many_posts(visit)
        with visit.office.database.writing() as connection:
            no = complaints.send(visit.office, connection, new, visit.at, key=form["key"] or None)
    except ValidationError as found:
        wrong = _wrong(found)
        return _complain_page(request, visit, typed, error=_mend(wrong), wrong=wrong)
    except MotcuaError as error:
        at_fault = _AT_FAULT.get(error.code)
        wrong = {at_fault: _WRONG[at_fault]} if at_fault else {}
        return _complain_page(request, visit, typed, error=error, wrong=wrong)
    return go(f"/public/complaints/{no}", note=Said("Đã nhận phản ánh. Hãy ghi lại số phản ánh dưới đây."))


@router.get("/public/complaints", name="public_complaints")
def get_public_complaints(
    request: Request,
    visit: Anybody,
    no: Annotated[str, Query(max_length=60)] = "",
    cursor: Cursor = None,
) -> Response:
    """Published answers; with a number, on to the page of that complaint."""
    not_too_often(visit)
    typed, error = re.sub(r"\s", "", no).upper(), None
    if _A_NUMBER.fullmatch(typed):
        return RedirectResponse(f"/public/complaints/{typed}", status_code=303)
    if typed:
        error = BadInput("Số phản ánh chưa đúng dạng.", hint="Số phản ánh có dạng PA-261120-0001.")
    return _complaints_page(request, visit, no, error=error, cursor=cursor)


@router.get("/public/complaints/{no}", name="public_complaint")
def get_public_complaint(request: Request, visit: Anybody, no: ComplaintNo) -> Response:
    """How far a complaint is; what it says is shown after a proof."""
    return _standing_page(request, visit, no)


@router.post("/public/complaints/{no}", name="public_follow_up")
def post_public_complaint(request: Request, visit: Anybody, no: ComplaintNo, form: Posted) -> Response:
    """The own complaint, for who proves it theirs; and what they add when asked."""
    try:
        own = _added(visit, no, form) if form["text"] else _own(visit, no, form)
    except ValidationError:
        error = BadInput("Cần đúng 4 số cuối điện thoại.", hint="Nội dung trả lời, nếu có, từ 3 ký tự.")
        return _standing_page(request, visit, no, error=error, typed=form["text"])
    except MotcuaError as error:
        return _standing_page(request, visit, no, error=error, typed=form["text"])
    return window(request, "own_complaint.html", visit, own=own)


def _own(visit: Visit, no: str, form: Form) -> voices.OwnComplaintRead:
    proof = Proof(last4=form["last4"])
    with counting_wrong_proofs(visit, no.upper()), visit.reading() as connection:
        return voices.own_complaint(visit.office, connection, no, proof.last4, visit.at)[0]


def _added(visit: Visit, no: str, form: Form) -> voices.OwnComplaintRead:
    addition = Addition(last4=form["last4"], text=form["text"])
    with counting_wrong_proofs(visit, no.upper()), visit.office.database.writing() as connection:
        _, row = voices.own_complaint(visit.office, connection, no, addition.last4, visit.at)
        complaints.add(visit.office, connection, row, addition.text, visit.at)
        return voices.own_complaint(visit.office, connection, no, addition.last4, visit.at)[0]


def _rating_page(
    request: Request,
    visit: Visit,
    token: str,
    said: Mapping[str, Any],
    *,
    error: MotcuaError | None = None,
    wrong: Mapping[str, str] | None = None,
) -> Response:
    with visit.reading() as connection:
        invitation = voices.invitation_read(invited(connection, token))
    return window(
        request,
        "rate.html",
        visit,
        error=error,
        wrong=dict.fromkeys(_WRONG, "") | dict(wrong or {}),
        token=token,
        invitation=invitation,
        said=said,
    )


def _complain_page(
    request: Request,
    visit: Visit,
    typed: Mapping[str, str],
    *,
    error: MotcuaError | None = None,
    wrong: Mapping[str, str] | None = None,
) -> Response:
    with visit.reading() as connection:
        directory = visit.office.reference(connection).directory
        agencies = [
            (agency.code, agency.name) for agency in directory.agencies() if _is_chosen(directory, agency)
        ]
    return window(
        request,
        "complain.html",
        visit,
        error=error,
        wrong=dict.fromkeys(_WRONG, "") | dict(wrong or {}),
        typed={**dict.fromkeys((*_FIELDS, "key"), ""), **typed},
        agencies=agencies,
        matters=[(matter.value, matter.label) for matter in Matter],
    )


def _is_chosen(directory: Directory, agency: Agency) -> bool:
    """The agencies citizens know: those right below the top; their heads pass it on within."""
    if agency.closed:
        return False
    return agency.parent is None or directory.agency(agency.parent).parent is None


def _standing_page(
    request: Request, visit: Visit, no: str, *, error: MotcuaError | None = None, typed: str = ""
) -> Response:
    not_too_often(visit)
    try:
        with visit.reading() as connection:
            standing = voices.standing(connection, no, visit.at)
    except NotFound as unknown:
        return _complaints_page(request, visit, no, error=unknown)
    return window(request, "complaint.html", visit, error=error, standing=standing, typed=typed)


def _complaints_page(
    request: Request, visit: Visit, no: str, *, error: MotcuaError | None, cursor: str | None = None
) -> Response:
    with visit.reading() as connection:
        page = voices.published(visit.office, connection, cursor=cursor)
    return window(
        request,
        "complaints.html",
        visit,
        error=error,
        no=no,
        items=page.items,
        following=f"/public/complaints?cursor={page.next_cursor}" if page.next_cursor else None,
        first="/public/complaints" if cursor else None,
    )


def _wrong(found: ValidationError) -> dict[str, str]:
    return {
        name: _WRONG.get(name, text) for name, text in field_errors(list(refusals(found.errors()))).items()
    }


def _mend(wrong: Mapping[str, str]) -> BadInput:
    return BadInput("Còn ô chưa đúng.", hint="Sửa các ô được đánh dấu rồi gửi lại.", where=", ".join(wrong))
