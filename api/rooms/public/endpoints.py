"""Looking up a dossier, checking a letter, and the late board, as pages."""

from __future__ import annotations

import re
from typing import Annotated

from fastapi import APIRouter, Query, Request
from pydantic import ValidationError
from starlette.responses import RedirectResponse, Response

from api.deps import AgencyCode, Anybody, Code, Visit
from api.paging import Cursor
from api.public.proving import counting_wrong_proofs, not_too_often
from api.public.schemas import FormToken, LetterToken, Proof
from api.rooms.public.showing import window
from api.rooms.public.voices import router as voices
from api.web.forms import Posted
from dossiers.core.errors import BadInput, MotcuaError, NotFound
from dossiers.history import seals
from dossiers.voices.models import Occasion
from sla.letters.forms import FormKind
from workflows.service import find
from workflows.views.genuine import verify_form
from workflows.views.late_board import late_codes, late_counts
from workflows.views.letters import verify_letter
from workflows.views.own_dossier import look_up, to_rate
from workflows.views.progress import progress

router = APIRouter(include_in_schema=False)
router.include_router(voices)  # first: its addresses are not codes of dossiers

_A_CODE = re.compile(r"[0-9A-Za-z._-]{3,64}")
CODES_SHOWN = 100
_RATED_BY = {
    FormKind.RECEIPT.value: Occasion.RECEPTION.value,
    FormKind.SUPPLEMENT.value: Occasion.SUPPLEMENT.value,
    FormKind.REFUSAL.value: Occasion.REFUSAL.value,
}
"""Who holds a slip may rate the occasion it was given on (TT 01/2018/TT-VPCP, art. 12.2)."""


@router.get("/public", name="public_home")
def get_public_home(
    request: Request, visit: Anybody, code: Annotated[str, Query(max_length=200)] = ""
) -> Response:
    """The box to type a code in; with a code, on to its page."""
    typed = re.sub(r"\s", "", code).upper()
    if not typed:
        return window(request, "home.html", visit, code="")
    if not _A_CODE.fullmatch(typed):
        return window(request, "home.html", visit, error=_no_code(), code=code.strip())
    return RedirectResponse(f"/public/{typed}", status_code=303)


@router.get("/public/late", name="public_late")
def get_public_late(request: Request, visit: Anybody) -> Response:
    """How many dossiers are past their appointment, agency by agency."""
    not_too_often(visit)
    with visit.reading() as connection:
        counts = late_counts(visit.office, connection, visit.at)
        seal = seals.latest(connection)
    total = sum(item.count for item in counts)
    return window(request, "late.html", visit, counts=counts, total=total, at=visit.at, seal=seal)


@router.get("/public/late/{agency}", name="public_late_agency")
def get_public_late_agency(
    request: Request, visit: Anybody, agency: AgencyCode, cursor: Cursor = None
) -> Response:
    """Codes of the late dossiers of one agency."""
    not_too_often(visit)
    with visit.reading() as connection:
        name = visit.office.reference(connection).directory.agency(agency).name
        page = late_codes(visit.office, connection, visit.at, agency, cursor=cursor, size=CODES_SHOWN)
        seal = seals.latest(connection)
    here = f"/public/late/{agency}"
    following = f"{here}?cursor={page.next_cursor}" if page.next_cursor else None
    return window(
        request,
        "late_agency.html",
        visit,
        agency=name,
        codes=page.items,
        following=following,
        first=here if cursor else None,
        at=visit.at,
        seal=seal,
    )


@router.get("/public/letters/{token}", name="public_letter")
def get_public_letter(request: Request, visit: Anybody, token: LetterToken) -> Response:
    """Whether an apology letter is genuine; the QR code on the letter leads here."""
    not_too_often(visit)
    try:
        with visit.reading() as connection:
            letter = verify_letter(visit.office, connection, token)
    except NotFound as error:
        return window(request, "letter.html", visit, error=error, letter=None)
    return window(request, "letter.html", visit, letter=letter)


@router.get("/public/forms/{token}", name="public_form")
def get_public_form(request: Request, visit: Anybody, token: FormToken) -> Response:
    """Whether a form is genuine, and what its holder may do next; the QR code on the form leads here."""
    not_too_often(visit)
    try:
        with visit.reading() as connection:
            form = verify_form(visit.office, connection, token)
            offered = to_rate(connection, find(connection, form.code))
    except NotFound as error:
        return window(request, "form.html", visit, error=error, form=None)
    occasion = _RATED_BY.get(token.rpartition(".")[0].rpartition(".")[2])
    rate = next((each.token for each in offered if each.occasion.code == occasion), None)
    return window(request, "form.html", visit, form=form, rate=rate)


@router.get("/public/{code}", name="public_progress")
def get_public_progress(request: Request, visit: Anybody, code: Code) -> Response:
    """The code and how far the dossier is; the QR code on the slip leads here."""
    return _progress_page(request, visit, code)


@router.get("/public/{code}/proof", name="public_proof")
def get_public_proof(request: Request, visit: Anybody, code: Code) -> Response:
    """The same page: what is shown after a proof has no address of its own to come back to."""
    return _progress_page(request, visit, code)


@router.post("/public/{code}/proof", name="public_prove")
def post_public_proof(request: Request, visit: Anybody, code: Code, form: Posted) -> Response:
    """The own dossier, for who proves it theirs. Nothing is changed, so the answer is the page itself."""
    try:
        proof = Proof(last4=form["last4"])
        with counting_wrong_proofs(visit, code.upper()), visit.reading() as connection:
            own = look_up(visit.office, connection, code, proof.last4, visit.at)
    except ValidationError:
        return _progress_page(request, visit, code, error=_not_four())
    except MotcuaError as error:
        return _progress_page(request, visit, code, error=error)
    return window(request, "own.html", visit, own=own)


def _progress_page(
    request: Request, visit: Visit, code: str, *, error: MotcuaError | None = None
) -> Response:
    not_too_often(visit)
    try:
        with visit.reading() as connection:
            read = progress(visit.office, connection, code)
    except NotFound:
        return window(request, "home.html", visit, error=_no_dossier(), code=code)
    return window(request, "progress.html", visit, error=error, progress=read)


def _no_code() -> BadInput:
    return BadInput(
        "Mã hồ sơ chưa đúng dạng.",
        hint="Mã gồm chữ, số, dấu chấm và dấu gạch ngang, in ở đầu giấy tiếp nhận.",
    )


def _no_dossier() -> NotFound:
    return NotFound(
        "Không có hồ sơ mang mã này.",
        code="dossier_unknown",
        hint="Xem lại mã trên giấy tiếp nhận hồ sơ, hoặc quét mã QR in trên giấy.",
    )


def _not_four() -> BadInput:
    return BadInput("Cần đúng 4 ký tự cuối.", hint="Ví dụ số điện thoại 0912 345 678 thì nhập 5678.")
