"""Keeping the tree of agencies, officials and tenures.

The past is never rewritten: a tenure ends and another begins; what history recorded of heads stays.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from dossiers.agencies import repository
from dossiers.agencies.directory import Directory
from dossiers.agencies.models import Capacity, Role
from dossiers.core import revisions
from dossiers.core.errors import BadInput, Conflict
from dossiers.core.ids import Bits, uuid7
from dossiers.core.revisions import REFERENCE

_CODE = re.compile(r"[A-Z0-9]+(\.[A-Z0-9]+)*")
_KIND = re.compile(r"[a-z_]+(\.[a-z_]+)*")


@dataclass(frozen=True, slots=True)
class NewAgency:
    """An agency to be kept. ``kind`` is family and speciality, such as ``department.finance``."""

    code: str
    name: str
    kind: str
    parent: str | None = None
    address: str = ""
    phone: str = ""
    name_en: str = ""


@dataclass(frozen=True, slots=True)
class NewOfficial:
    """An official to be kept, with roles in the agency."""

    id: str
    name: str
    agency: str
    roles: tuple[Role, ...]
    title: str = ""


def add_agencies(connection: Connection, agencies: Sequence[NewAgency]) -> None:
    """Keep agencies, parents before children. Raises ``BadInput`` for a code or kind not of the form."""
    for agency in agencies:
        if len(agency.code) > 35 or not _CODE.fullmatch(agency.code):
            raise BadInput(
                f"Mã cơ quan “{agency.code}” không đúng dạng.",
                code="agency_code_wrong",
                where=agency.code,
                hint="Tối đa 35 ký tự 0–9, A–Z, các nhóm cách nhau bằng dấu chấm (QĐ 20/2020/QĐ-TTg).",
            )
        if not _KIND.fullmatch(agency.kind):
            raise BadInput(
                f"Loại cơ quan “{agency.kind}” không đúng dạng.",
                code="agency_kind_wrong",
                where=agency.code,
                hint="Ví dụ: one_stop, department.finance, committee.commune.",
            )
    if agencies:
        repository.add_agencies(
            connection,
            [
                {
                    "code": agency.code,
                    "name": agency.name,
                    "name_en": agency.name_en,
                    "kind": agency.kind,
                    "parent": agency.parent,
                    "address": agency.address,
                    "phone": agency.phone,
                }
                for agency in agencies
            ],
        )
        revisions.advance(connection, REFERENCE)


def add_officials(connection: Connection, officials: Sequence[NewOfficial]) -> None:
    """Keep officials and their roles."""
    if not officials:
        return
    repository.add_officials(
        connection,
        [
            {"id": item.id, "name": item.name, "agency": item.agency, "title": item.title, "active": True}
            for item in officials
        ],
        [
            {"official": item.id, "agency": item.agency, "role": role.value}
            for item in officials
            for role in item.roles
        ],
    )
    revisions.advance(connection, REFERENCE)


def appoint_head(
    connection: Connection,
    directory: Directory,
    agency: str,
    official: str | None,
    capacity: Capacity,
    since: datetime,
    *,
    bits: Bits,
    decision: str = "",
) -> None:
    """From ``since`` this official heads the agency; nobody does when the capacity is vacant.

    Raises ``Conflict`` (``tenure_overlaps``) when a tenure already begins at that time or later: what was
    recorded of it is not rewritten.
    """
    directory.agency(agency)
    if (official is None) != (capacity is Capacity.VACANT):
        raise BadInput(
            "Khuyết thủ trưởng thì không nêu người; các trường hợp khác phải nêu người.",
            code="tenure_person_wrong",
            where=agency,
        )
    if official is not None:
        directory.official(official)
    for row in repository.tenures_of(connection, agency):
        if row.since >= since or (row.until is not None and row.until > since):
            raise Conflict(
                f"{directory.name(agency)} đã có nhiệm kỳ bắt đầu hoặc kéo dài sau thời điểm này.",
                code="tenure_overlaps",
                where=agency,
                hint="Nêu thời điểm sau nhiệm kỳ gần nhất; nhiệm kỳ đã ghi không sửa lại.",
            )
    repository.end_open_tenure(connection, agency, since)
    repository.add_tenures(
        connection,
        [
            {
                "id": uuid7(since, bits),
                "agency": agency,
                "official": official,
                "capacity": capacity.value,
                "since": since,
                "until": None,
                "decision": decision,
            }
        ],
    )
    revisions.advance(connection, REFERENCE)


def bind(
    connection: Connection,
    directory: Directory,
    *,
    procedure: str,
    participant: str,
    scope: str,
    agencies: Sequence[str],
) -> None:
    """Say which agencies play a participant for dossiers received within ``scope``."""
    directory.agency(scope)
    for code in agencies:
        directory.agency(code)
    repository.bind(
        connection,
        {
            "procedure": procedure,
            "scope": scope,
            "participant": participant,
            "agencies": " ".join(agencies),
        },
    )
    revisions.advance(connection, REFERENCE)
