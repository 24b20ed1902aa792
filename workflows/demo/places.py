"""Agencies, staff and heads of the demonstration office. Every person is invented."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from random import Random

from sqlalchemy import Connection

from dossiers.agencies.models import Capacity, Role
from dossiers.agencies.service import NewAgency, NewOfficial, add_agencies, add_officials, appoint_head
from workflows.demo.shape import Place, Shape
from workflows.office import Office

_FAMILY = "Nguyễn,Trần,Lê,Phạm,Hoàng,Vũ,Đặng,Bùi,Đỗ,Hồ,Ngô,Dương,Lý,Đinh,Phan,Trịnh,Đoàn,Cao"
_MIDDLE = "Văn,Thị,Hữu,Minh,Thanh,Ngọc,Quang,Thu,Đức,Kim,Xuân,Hồng,Anh,Gia"
_GIVEN = (
    "An,Bình,Chi,Dũng,Giang,Hà,Hạnh,Hòa,Hùng,Hương,Khánh,Lan,Linh,Long,Mai,Nam,Nga,Nhung,Phong,Phúc,Quân,"
    "Sơn,Thảo,Thắng,Thủy,Trang,Trung,Tú,Tuấn,Uyên,Vân,Việt,Yến"
)

ADMINISTRATOR = "quan-tri"


def invented_name(dice: Random) -> str:
    """A Vietnamese name of nobody in particular."""
    return " ".join(dice.choice(names.split(",")) for names in (_FAMILY, _MIDDLE, _GIVEN))


def agencies(shape: Shape) -> list[NewAgency]:
    """The tree: province, its bodies, communes and their units."""
    province = shape.province
    made = [NewAgency(province.code, province.name, province.kind, address="Việt Trì, Phú Thọ")]
    for place in (*shape.departments, *shape.others, *shape.communes):
        made.append(NewAgency(place.code, place.name, place.kind, province.code))
    for commune in shape.communes:
        where = commune.name.removeprefix("UBND ")
        for unit in shape.commune_units:
            made.append(
                NewAgency(f"{commune.code}.{unit.code}", f"{unit.name} {where}", unit.kind, commune.code)
            )
    return made


def staff(agency: NewAgency, dice: Random) -> list[NewOfficial]:
    """A head, and one or two people who do the work."""
    slug = re.sub(r"[^a-z0-9]+", "-", agency.code.lower())
    if agency.kind == "one_stop":
        roles = [
            ("truong", "Phụ trách", (Role.HEAD, Role.UNIT_HEAD)),
            ("tiep-nhan-1", "Công chức tiếp nhận", (Role.RECEPTIONIST, Role.CLERK, Role.OFFICER)),
            ("tiep-nhan-2", "Công chức tiếp nhận", (Role.RECEPTIONIST, Role.CLERK, Role.OFFICER)),
        ]
    elif agency.kind.startswith("committee"):
        roles = [
            ("chu-tich", "Chủ tịch", (Role.LEADER, Role.HEAD, Role.UNIT_HEAD)),
            ("pho-chu-tich", "Phó Chủ tịch", (Role.LEADER,)),
            ("van-thu", "Văn thư", (Role.CLERK, Role.OFFICER)),
        ]
    else:
        roles = [
            ("truong", "Thủ trưởng", (Role.HEAD, Role.UNIT_HEAD)),
            ("pho", "Cấp phó", (Role.UNIT_HEAD,)),
            ("chuyen-vien-1", "Chuyên viên", (Role.OFFICER, Role.CLERK, Role.RECEPTIONIST)),
            ("chuyen-vien-2", "Chuyên viên", (Role.OFFICER,)),
        ]
    return [
        NewOfficial(f"{slug}.{name}", invented_name(dice), agency.code, held, title)
        for name, title, held in roles
    ]


def build(
    office: Office, connection: Connection, shape: Shape, dice: Random, begins: datetime, ends: datetime
) -> dict[str, list[NewOfficial]]:
    """Make the agencies, their staff and heads; a few heads change during the year. Staff by agency."""
    made = agencies(shape)
    add_agencies(connection, made)
    by_agency = {agency.code: staff(agency, dice) for agency in made}
    add_officials(connection, [official for group in by_agency.values() for official in group])
    province = shape.province.code
    admin = NewOfficial(
        ADMINISTRATOR, invented_name(dice), province, (Role.ADMINISTRATOR,), "Quản trị hệ thống"
    )
    add_officials(connection, [admin])
    long_before = begins - timedelta(days=400)
    for code, group in by_agency.items():
        _appoint(office, connection, code, group[0].id, Capacity.HEAD, long_before)
    for code, group in _changed(shape, by_agency, dice):
        _change(office, connection, code, group, dice, begins, ends)
    return by_agency


def _changed(
    shape: Shape, by_agency: dict[str, list[NewOfficial]], dice: Random
) -> list[tuple[str, list[NewOfficial]]]:
    codes = [place.code for place in (*shape.departments, *shape.communes) if _has_deputy(place)]
    return [(code, by_agency[code]) for code in dice.sample(codes, 4)]


def _has_deputy(place: Place) -> bool:
    return place.kind != "one_stop"


def _change(
    office: Office,
    connection: Connection,
    code: str,
    group: list[NewOfficial],
    dice: Random,
    begins: datetime,
    ends: datetime,
) -> None:
    """The head leaves, the post is vacant for a while, the deputy acts, then the deputy is appointed."""
    span = (ends - begins).days
    left = begins + timedelta(days=dice.randrange(span // 4, span // 2))
    acting = left + timedelta(days=dice.randrange(3, 15))
    appointed = acting + timedelta(days=dice.randrange(20, 60))
    _appoint(office, connection, code, None, Capacity.VACANT, left)
    _appoint(office, connection, code, group[1].id, Capacity.ACTING, acting)
    _appoint(office, connection, code, group[1].id, Capacity.HEAD, appointed)


def _appoint(
    office: Office, connection: Connection, code: str, official: str | None, capacity: Capacity, at: datetime
) -> None:
    directory = office.reference(connection).directory
    appoint_head(connection, directory, code, official, capacity, at, bits=office.bits)
