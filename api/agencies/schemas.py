"""What agencies, officials, heads and bindings look like over HTTP."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from api.deps import AgencyCode
from dossiers.agencies.directory import Agency, Directory, HeadInOffice, Official
from dossiers.agencies.models import Capacity, Role
from sla.calendars.book import Purpose
from workflows.views.models import Named

OfficialId = Annotated[str, Field(min_length=1, max_length=64, pattern=r"^[a-z0-9][a-z0-9._-]*$")]


class _Written(BaseModel):
    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)


class AgencyLine(BaseModel):
    """An agency in a list."""

    code: str
    name: str
    kind: str = Field(description="Loại, ví dụ one_stop, department.finance, committee.commune")
    parent: str | None
    closed: bool

    @classmethod
    def of(cls, agency: Agency) -> AgencyLine:
        """The agency as a line."""
        return cls(
            code=agency.code,
            name=agency.name,
            kind=agency.kind,
            parent=agency.parent,
            closed=agency.closed,
        )


class HeadRead(BaseModel):
    """Who answers for an agency at an instant."""

    agency: Named
    at: datetime
    official: Named | None = Field(description="Không có khi khuyết thủ trưởng")
    capacity: Capacity
    capacity_name: str

    @classmethod
    def of(cls, directory: Directory, head: HeadInOffice, at: datetime) -> HeadRead:
        """The head with names."""
        return cls(
            agency=Named(code=head.agency, name=directory.name(head.agency)),
            at=at,
            official=Named(code=head.official, name=directory.official_name(head.official))
            if head.official
            else None,
            capacity=head.capacity,
            capacity_name=head.capacity.label,
        )


class AgencyRead(AgencyLine):
    """An agency with what is directly below it and who heads it now."""

    opened_on: date | None
    closed_on: date | None
    successor: Named | None = Field(description="Cơ quan kế thừa khi đã ngừng hoạt động")
    open_dossiers: int = Field(description="Số hồ sơ đang ở đây")

    address: str
    phone: str
    children: list[AgencyLine]
    officials: list[OfficialRead]
    head: HeadRead
    calendars: dict[Purpose, str] = Field(description="Lịch làm việc đang theo, cho xử lý và cho tiếp nhận")


class OfficialRead(BaseModel):
    """An official with roles."""

    id: str
    name: str
    agency: str
    title: str
    active: bool
    roles: list[RoleRead]

    @classmethod
    def of(cls, official: Official) -> OfficialRead:
        """The official with names of roles."""
        return cls(
            id=official.id,
            name=official.name,
            agency=official.agency,
            title=official.title,
            active=official.active,
            roles=[
                RoleRead(agency=where, role=role, name=role.label) for where, role in sorted(official.roles)
            ],
        )


class RoleRead(BaseModel):
    """A role in an agency."""

    agency: str
    role: Role
    name: str


class AgencyCreate(_Written):
    """An agency to be kept; its parent first."""

    code: AgencyCode
    name: str = Field(min_length=1, max_length=300)
    kind: str = Field(max_length=60, pattern=r"^[a-z_]+(\.[a-z_]+)*$")
    parent: AgencyCode | None = None
    address: str = Field(default="", max_length=300)
    phone: str = Field(default="", max_length=40)
    name_en: str = Field(default="", max_length=300)


class AgencyUpdate(_Written):
    """How an agency is called and reached."""

    name: str = Field(min_length=1, max_length=300)
    address: str = Field(default="", max_length=300)
    phone: str = Field(default="", max_length=40)


class AgencyClose(_Written):
    """An agency takes no new work from now on."""

    successor: AgencyCode | None = Field(default=None, description="Cơ quan kế thừa, nếu có")


class OfficialUpdate(_Written):
    """An official as from now on, with all the roles held."""

    name: str = Field(min_length=1, max_length=120)
    title: str = Field(default="", max_length=120)
    active: bool = Field(default=True, description="Còn làm việc")
    roles: tuple[RoleHeld, ...] = Field(default=(), max_length=200, description="Mọi vai trò, theo cơ quan")


class RoleHeld(_Written):
    """A role in an agency."""

    agency: AgencyCode
    role: Role


class OfficialCreate(_Written):
    """An official to be kept, with roles in the agency."""

    id: OfficialId
    name: str = Field(min_length=1, max_length=120)
    agency: AgencyCode
    roles: tuple[Role, ...] = Field(min_length=1, max_length=len(Role))
    title: str = Field(default="", max_length=120)


class TenureCreate(_Written):
    """From ``since`` this official heads the agency; nobody does when the capacity is vacant."""

    official: OfficialId | None = Field(default=None, description="Bỏ trống khi khuyết thủ trưởng")
    capacity: Capacity
    since: AwareDatetime
    decision: str = Field(default="", max_length=120, description="Số quyết định")


class TenureRead(BaseModel):
    """Who headed an agency from when to when."""

    official: Named | None
    capacity: Capacity
    capacity_name: str
    since: datetime
    until: datetime | None
    decision: str


class BindingCreate(_Written):
    """Which agencies play a participant for dossiers received within ``scope``."""

    procedure: str = Field(max_length=40, description="Mã thủ tục; * là mọi thủ tục")
    participant: str = Field(max_length=60, pattern=r"^[a-z][a-z0-9_]*$")
    scope: AgencyCode
    agencies: tuple[AgencyCode, ...] = Field(min_length=1, max_length=100)


class CalendarAssign(_Written):
    """The calendar an agency, and all below it without one of their own, works by."""

    calendar: str = Field(max_length=40, description="Tên lịch, ví dụ vn-office")


AgencyRead.model_rebuild()
OfficialUpdate.model_rebuild()
OfficialRead.model_rebuild()
