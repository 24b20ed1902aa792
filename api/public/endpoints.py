"""What citizens may see without a token (TT 01/2018/TT-VPCP, art. 16.2.d)."""

from __future__ import annotations

from fastapi import APIRouter

from api.deps import Anybody, Code, Visit
from api.errors import RateLimited
from api.public.limiting import client_key
from api.public.schemas import LetterToken, Proof
from workflows.views.letters import LetterRead, verify_letter
from workflows.views.progress import LookUpRead, ProgressRead, look_up, progress

router = APIRouter(prefix="/public", tags=["public"])


@router.get("/dossiers/{code}", summary="Mức độ hoàn thành của hồ sơ")
def get_progress(code: Code, visit: Anybody) -> ProgressRead:
    """The code and how far the dossier is; nothing else is shown to somebody who is not known."""
    _not_too_often(visit)
    with visit.reading() as connection:
        return progress(visit.office, connection, code)


@router.post("/dossiers/{code}/look-up", summary="Tra cứu hồ sơ của tôi")
def look_up_dossier(code: Code, proof: Proof, visit: Anybody) -> LookUpRead:
    """Where the own dossier lies and until when, with the working of the date.

    Wrong proofs are counted per dossier, right ones are not, so four characters cannot be tried out and
    the applicant is not shut out by looking often.
    """
    _not_too_often(visit)
    key = code.upper()
    wait = visit.limits.proof.take(key, visit.at)
    if wait:
        raise RateLimited(wait)
    with visit.reading() as connection:
        found = look_up(visit.office, connection, code, proof.last4, visit.at)
    visit.limits.proof.give_back(key)
    return found


@router.get("/letters/{token}", summary="Kiểm tra thư xin lỗi")
def check_letter(token: LetterToken, visit: Anybody) -> LetterRead:
    """Whether a letter is genuine: what the agency signed and when, without naming the applicant."""
    _not_too_often(visit)
    with visit.reading() as connection:
        return verify_letter(visit.office, connection, token)


def _not_too_often(visit: Visit) -> None:
    wait = visit.limits.client.take(client_key(visit.client), visit.at)
    if wait:
        raise RateLimited(wait)
