"""Tables of agencies, officials, roles and tenures."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from dossiers.core.base import AGENCY_CODE, OFFICIAL_ID, Base, Instant
from dossiers.core.said import Said


class Role(StrEnum):
    """What an official may do in an agency."""

    RECEPTIONIST = "receptionist"
    CLERK = "clerk"
    OFFICER = "officer"
    UNIT_HEAD = "unit_head"
    HEAD = "head"
    LEADER = "leader"
    INSPECTOR = "inspector"
    ADMINISTRATOR = "administrator"

    @property
    def label(self) -> str:
        """The role in Vietnamese."""
        return _ROLE_LABELS[self]


_ROLE_LABELS = {
    Role.RECEPTIONIST: Said("công chức tiếp nhận"),
    Role.CLERK: Said("văn thư"),
    Role.OFFICER: Said("chuyên viên"),
    Role.UNIT_HEAD: Said("lãnh đạo phòng"),
    Role.HEAD: Said("thủ trưởng cơ quan, đơn vị"),
    Role.LEADER: Said("lãnh đạo Ủy ban nhân dân"),
    Role.INSPECTOR: Said("thanh tra, kiểm tra"),
    Role.ADMINISTRATOR: Said("quản trị hệ thống"),
}


class Capacity(StrEnum):
    """In what capacity somebody answers for an agency."""

    HEAD = "head"
    ACTING = "acting"
    DEPUTY = "deputy"
    VACANT = "vacant"

    @property
    def label(self) -> str:
        """The capacity in Vietnamese."""
        return {
            "head": Said("thủ trưởng"),
            "acting": Said("quyền thủ trưởng"),
            "deputy": Said("cấp phó phụ trách"),
        }.get(self.value, Said("khuyết thủ trưởng"))


class AgencyRow(Base):
    """An agency or unit. Its code never changes; a reorganisation closes it and names the successor."""

    __tablename__ = "agencies"

    code: Mapped[str] = mapped_column(AGENCY_CODE, primary_key=True, comment="QĐ 20/2020/QĐ-TTg, art. 4")
    name: Mapped[str] = mapped_column(String(300))
    name_en: Mapped[str] = mapped_column(String(300), default="")
    kind: Mapped[str] = mapped_column(String(60), comment="Family and speciality: department.finance")
    parent: Mapped[str | None] = mapped_column(ForeignKey("agencies.code"), index=True)
    address: Mapped[str] = mapped_column(String(300), default="")
    phone: Mapped[str] = mapped_column(String(40), default="")
    opened_on: Mapped[date | None]
    closed_on: Mapped[date | None]
    successor: Mapped[str | None] = mapped_column(ForeignKey("agencies.code"))


class OfficialRow(Base):
    """A person who works in an agency."""

    __tablename__ = "officials"

    id: Mapped[str] = mapped_column(OFFICIAL_ID, primary_key=True)
    name: Mapped[str] = mapped_column(String(120))
    agency: Mapped[str] = mapped_column(ForeignKey("agencies.code"), index=True)
    title: Mapped[str] = mapped_column(String(120), default="")
    active: Mapped[bool] = mapped_column(default=True)


class OfficialRoleRow(Base):
    """A role of an official in an agency (usually the official's own)."""

    __tablename__ = "official_roles"

    official: Mapped[str] = mapped_column(ForeignKey("officials.id"), primary_key=True)
    agency: Mapped[str] = mapped_column(ForeignKey("agencies.code"), primary_key=True)
    role: Mapped[Role] = mapped_column(String(20), primary_key=True)


class TenureRow(Base):
    """Who headed an agency from one instant to another; a vacancy is a row without an official."""

    __tablename__ = "tenures"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    agency: Mapped[str] = mapped_column(ForeignKey("agencies.code"))
    official: Mapped[str | None] = mapped_column(ForeignKey("officials.id"))
    capacity: Mapped[Capacity] = mapped_column(String(10))
    since: Mapped[datetime] = mapped_column(Instant)
    until: Mapped[datetime | None] = mapped_column(Instant)
    decision: Mapped[str] = mapped_column(String(120), default="", comment="Number of the decision")

    __table_args__ = (
        Index("ix_tenures_agency_since", "agency", "since"),
        CheckConstraint("until IS NULL OR until > since", name="ends_after_it_begins"),
        CheckConstraint("(official IS NULL) = (capacity = 'vacant')", name="vacant_means_nobody"),
    )


class BindingRow(Base):
    """Which agency plays a participant of a procedure, for dossiers received within ``scope``."""

    __tablename__ = "participant_bindings"

    procedure: Mapped[str] = mapped_column(String(40), primary_key=True)
    scope: Mapped[str] = mapped_column(ForeignKey("agencies.code"), primary_key=True)
    participant: Mapped[str] = mapped_column(String(60), primary_key=True)
    agencies: Mapped[str] = mapped_column(Text, comment="Codes, separated by spaces, in order")
