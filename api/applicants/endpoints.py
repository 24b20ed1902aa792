"""Applicants at the desk: found again by number, kept, read."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from fastapi import APIRouter, Response

from api.applicants.schemas import ApplicantSearch
from api.deps import DeskOfficial
from api.paging import ListRead
from dossiers.people import repository as people
from dossiers.people.service import keep
from workflows.commands import NewApplicant
from workflows.views.models import ApplicantRead

router = APIRouter(prefix="/applicants", tags=["applicants"])


@router.post("/search", summary="Tìm người nộp")
def search_applicants(wanted: ApplicantSearch, call: DeskOfficial) -> ListRead[ApplicantRead]:
    """Applicants with exactly this identity number or phone, the latest known first."""
    with call.reading() as connection:
        return ListRead(items=[_read(row) for row in people.find(connection, wanted.number)])


@router.post("", status_code=201, summary="Lưu người nộp")
def create_applicant(applicant: NewApplicant, call: DeskOfficial, response: Response) -> ApplicantRead:
    """Keep an applicant; the same details again give the one already on record."""
    with call.writing() as connection:
        applicant_id = keep(connection, applicant.model_dump(mode="json"), at=call.at, bits=call.office.bits)
        read = _read(people.get(connection, applicant_id))
    response.headers["Location"] = f"/api/v1/applicants/{read.id}"
    return read


@router.get("/{id}", summary="Một người nộp")
def get_applicant(id: UUID, call: DeskOfficial) -> ApplicantRead:
    """An applicant as known at one time."""
    with call.reading() as connection:
        return _read(people.get(connection, id))


def _read(row: Any) -> ApplicantRead:
    return ApplicantRead(**{name: getattr(row, name) for name in ApplicantRead.model_fields})
