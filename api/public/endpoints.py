"""What citizens may see and say without a token (TT 01/2018/TT-VPCP, art. 16.2.d)."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from api.deps import AgencyCode, Anybody, Code, Key
from api.paging import Cursor, ListRead, PageRead, Size, paged
from api.public.proving import counting_wrong_proofs, not_too_many_posts, not_too_often
from api.public.schemas import (
    Addition,
    ComplaintNo,
    FormToken,
    LateBoardRead,
    LetterToken,
    Proof,
    RatingToken,
    SealRead,
    SentRead,
)
from dossiers.history import seals
from workflows.views import voices
from workflows.views.genuine import FormRead, verify_form
from workflows.views.late_board import late_codes, late_counts
from workflows.views.letters import LetterRead, verify_letter
from workflows.views.models import Named
from workflows.views.own_dossier import LookUpRead, look_up
from workflows.views.progress import ProgressRead, progress
from workflows.voices import complaints
from workflows.voices.complaints import NewComplaint
from workflows.voices.rating import NewRating, invited, rate_by_link
from workflows.voices.rules import criteria

router = APIRouter(prefix="/public", tags=["public"])


@router.get("/dossiers/{code}", summary="Mức độ hoàn thành của hồ sơ")
def get_progress(code: Code, visit: Anybody) -> ProgressRead:
    """The code and how far the dossier is; nothing else is shown to somebody who is not known."""
    not_too_often(visit)
    with visit.reading() as connection:
        return progress(visit.office, connection, code)


@router.post("/dossiers/{code}/look-up", summary="Tra cứu hồ sơ của tôi")
def look_up_dossier(code: Code, proof: Proof, visit: Anybody) -> LookUpRead:
    """Where the own dossier lies and until when, what it waits for, and the working of the date.

    Wrong proofs are counted per dossier and per client, right ones are not, so four characters cannot be
    tried out and the applicant is not shut out by looking often.
    """
    with counting_wrong_proofs(visit, code.upper()), visit.reading() as connection:
        return look_up(visit.office, connection, code, proof.last4, visit.at)


@router.get("/letters/{token}", summary="Kiểm tra thư xin lỗi")
def check_letter(token: LetterToken, visit: Anybody) -> LetterRead:
    """Whether a letter is genuine: what the agency signed and when, without naming the applicant."""
    not_too_often(visit)
    with visit.reading() as connection:
        return verify_letter(visit.office, connection, token)


@router.get("/forms/{token}", summary="Kiểm tra biểu mẫu")
def check_form(token: FormToken, visit: Anybody) -> FormRead:
    """Whether a form is genuine: which one, of which dossier, made by whom and when; no applicant."""
    not_too_often(visit)
    with visit.reading() as connection:
        return verify_form(visit.office, connection, token)


@router.get("/late", summary="Bảng công khai hồ sơ quá hẹn")
def get_late_board(visit: Anybody) -> LateBoardRead:
    """How many dossiers are past their appointment at each agency. Nothing about persons."""
    not_too_often(visit)
    with visit.reading() as connection:
        items = late_counts(visit.office, connection, visit.at)
        seal = seals.latest(connection)
    total = sum(item.count for item in items)
    return LateBoardRead(at=visit.at, total=total, items=items, seal=SealRead.of(seal))


@router.get("/late/{agency}", summary="Mã hồ sơ quá hẹn của một cơ quan")
def list_late_codes(
    agency: AgencyCode,
    request: Request,
    response: Response,
    visit: Anybody,
    cursor: Cursor = None,
    size: Size = 100,
) -> PageRead[str]:
    """Codes of the late dossiers that lie with an agency, the longest overdue first."""
    not_too_often(visit)
    with visit.reading() as connection:
        page = late_codes(visit.office, connection, visit.at, agency, cursor=cursor, size=size)
    return paged(request, response, page)


@router.get("/criteria", summary="Tiêu chí đánh giá mức độ hài lòng")
def list_criteria(visit: Anybody) -> ListRead[Named]:
    """What a rating may name as its reason."""
    not_too_often(visit)
    return ListRead(items=[Named(code=code, name=name) for code, name in criteria().items()])


@router.get("/ratings/{token}", summary="Lần được mời đánh giá")
def get_invitation(token: RatingToken, visit: Anybody) -> voices.InvitationRead:
    """What the holder of a link may rate, and whether it was rated already."""
    not_too_often(visit)
    with visit.reading() as connection:
        return voices.invitation_read(invited(connection, token))


@router.post("/ratings/{token}", status_code=201, summary="Đánh giá mức độ hài lòng")
def rate(token: RatingToken, rating: NewRating, visit: Anybody) -> voices.InvitationRead:
    """Rate once; what was said is not changed afterwards."""
    not_too_many_posts(visit)
    with visit.office.database.writing() as connection:
        rate_by_link(visit.office, connection, token, rating, visit.at)
        return voices.invitation_read(invited(connection, token))


@router.get("/complaints", summary="Phản ánh, kiến nghị đã trả lời công khai")
def list_published(
    request: Request, response: Response, visit: Anybody, cursor: Cursor = None, size: Size = 20
) -> PageRead[voices.PublishedRead]:
    """Published answers, the latest first, in words that name nobody."""
    not_too_often(visit)
    with visit.reading() as connection:
        page = voices.published(visit.office, connection, cursor=cursor, size=size)
    return paged(request, response, page)


@router.post("/complaints", status_code=201, summary="Gửi phản ánh, kiến nghị")
def send_complaint(
    new: NewComplaint, request: Request, response: Response, visit: Anybody, key: Key = None
) -> SentRead:
    """Complain or propose. The answer is read with the number and the last four digits of the phone."""
    not_too_many_posts(visit)
    with visit.office.database.writing() as connection:
        no = complaints.send(visit.office, connection, new, visit.at, key=key)
        standing = voices.standing(connection, no, visit.at)
    response.headers["Location"] = f"{request.url.path}/{no}"
    return SentRead(no=no, answer_by=standing.answer_by)


@router.get("/complaints/{no}", summary="Phản ánh đang đến đâu")
def get_standing(no: ComplaintNo, visit: Anybody) -> voices.ComplaintStanding:
    """How far a complaint is and until when it is answered; not what it says."""
    not_too_often(visit)
    with visit.reading() as connection:
        return voices.standing(connection, no, visit.at)


@router.post("/complaints/{no}/follow-up", summary="Xem phản ánh của tôi")
def follow_up(no: ComplaintNo, proof: Proof, visit: Anybody) -> voices.OwnComplaintRead:
    """The own complaint with what was asked and answered; wrong proofs are counted."""
    with counting_wrong_proofs(visit, no.upper()), visit.reading() as connection:
        return voices.own_complaint(visit.office, connection, no, proof.last4, visit.at)[0]


@router.post("/complaints/{no}/additions", status_code=201, summary="Bổ sung thông tin cho phản ánh")
def add_to_complaint(no: ComplaintNo, addition: Addition, visit: Anybody) -> voices.OwnComplaintRead:
    """Add what was asked for; the date of the answer is counted anew."""
    with counting_wrong_proofs(visit, no.upper()), visit.office.database.writing() as connection:
        _, row = voices.own_complaint(visit.office, connection, no, addition.last4, visit.at)
        complaints.add(visit.office, connection, row, addition.text, visit.at)
        return voices.own_complaint(visit.office, connection, no, addition.last4, visit.at)[0]
