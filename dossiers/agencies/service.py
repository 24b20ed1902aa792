"""Keeping the tree of agencies, officials and tenures.

The past is never rewritten: a tenure ends and another begins; what history recorded of heads stays.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime

from sqlalchemy import Connection

from dossiers.agencies import repository
from dossiers.agencies.directory import Directory, Official
from dossiers.agencies.models import AgencyRow, Capacity, OfficialRow, Role, TenureRow
from dossiers.core import revisions
from dossiers.core.errors import BadInput, Conflict
from dossiers.core.ids import Bits, uuid7
from dossiers.core.revisions import REFERENCE
from dossiers.core.said import Said
from dossiers.core.tables import require_fitting

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
                Said("Mã cơ quan “{agency}” không đúng dạng.", agency=agency.code),
                code="agency_code_wrong",
                where=agency.code,
                hint="Tối đa 35 ký tự 0–9, A–Z, các nhóm cách nhau bằng dấu chấm (QĐ 20/2020/QĐ-TTg).",
            )
        if not _KIND.fullmatch(agency.kind):
            raise BadInput(
                Said("Loại cơ quan “{kind}” không đúng dạng.", kind=agency.kind),
                code="agency_kind_wrong",
                where=agency.code,
                hint="Ví dụ: one_stop, department.finance, committee.commune.",
            )
    rows = [asdict(agency) for agency in agencies]
    for row in rows:
        require_fitting(AgencyRow, row)
    if rows:
        repository.add_agencies(connection, rows)
        revisions.advance(connection, REFERENCE)


def add_officials(connection: Connection, officials: Sequence[NewOfficial]) -> None:
    """Keep officials and their roles."""
    if not officials:
        return
    rows = [
        {"id": item.id, "name": item.name, "agency": item.agency, "title": item.title, "active": True}
        for item in officials
    ]
    for row in rows:
        require_fitting(OfficialRow, row)
    repository.add_officials(
        connection,
        rows,
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
    require_fitting(TenureRow, {"decision": decision})
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
                Said(
                    "{agency} đã có nhiệm kỳ bắt đầu hoặc kéo dài sau thời điểm này.",
                    agency=directory.name(agency),
                ),
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


def change_agency(
    connection: Connection, directory: Directory, agency: str, *, name: str, address: str, phone: str
) -> None:
    """Change how an agency is called and reached; its code and its place in the tree stay."""
    directory.agency(agency)
    repository.change_agency(connection, agency, {"name": name, "address": address, "phone": phone})
    revisions.advance(connection, REFERENCE)


def close_agency(
    connection: Connection, directory: Directory, agency: str, on: date, successor: str | None
) -> None:
    """From now on the agency takes no new work; its successor, if it has one, is named.

    Raises ``Conflict``: ``agency_closed`` when it, or the successor, is closed already,
    ``agency_has_open_units`` while an agency below it is open; ``BadInput`` (``agency_successor_wrong``).
    """
    _require_open(directory, agency)
    below = [code for code in directory.below(agency) if code != agency]
    still_open = [code for code in below if not directory.agency(code).closed]
    if still_open:
        raise Conflict(
            Said(
                "{agency} còn {n} đơn vị trực thuộc đang hoạt động.",
                agency=directory.name(agency),
                n=len(still_open),
            ),
            code="agency_has_open_units",
            where=still_open[0],
            hint="Đóng các đơn vị trực thuộc trước.",
        )
    if successor is not None:
        _require_open(directory, successor)
        if successor == agency:
            raise BadInput(
                "Cơ quan kế thừa phải là một cơ quan khác.",
                code="agency_successor_wrong",
                where="successor",
            )
    repository.change_agency(connection, agency, {"closed_on": on, "successor": successor})
    revisions.advance(connection, REFERENCE)


def _require_open(directory: Directory, agency: str) -> None:
    if directory.agency(agency).closed:
        raise Conflict(
            Said("{agency} đã ngừng hoạt động.", agency=directory.name(agency)),
            code="agency_closed",
            where=agency,
        )


def change_official(
    connection: Connection,
    directory: Directory,
    official: str,
    *,
    name: str,
    title: str,
    active: bool,
    roles: Sequence[tuple[str, Role]],
) -> None:
    """Change an official; ``roles`` are all the roles held from now on, by agency.

    Raises ``Conflict`` (``last_administrator``) when nobody would be left to administer.
    """
    directory.official(official)
    for agency, _ in roles:
        directory.agency(agency)
    stays = active and any(role is Role.ADMINISTRATOR for _, role in roles)
    if not stays and not any(_administers(other) for other in directory.officials() if other.id != official):
        raise Conflict(
            "Phải còn ít nhất một người quản trị đang làm việc.",
            code="last_administrator",
            where=official,
            hint="Giao vai trò quản trị hệ thống cho người khác trước.",
        )
    repository.change_official(
        connection,
        official,
        {"name": name, "title": title, "active": active},
        [
            {"official": official, "agency": agency, "role": role.value}
            for agency, role in dict.fromkeys(roles)
        ],
    )
    revisions.advance(connection, REFERENCE)


def _administers(official: Official) -> bool:
    return official.active and any(role is Role.ADMINISTRATOR for _, role in official.roles)


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
