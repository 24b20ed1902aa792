"""The rooms of the office and who finds which in the menu."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from dossiers.agencies.models import Role
from dossiers.core.said import Said

_EVERYBODY: frozenset[Role] = frozenset(Role)
_DESK = frozenset({Role.RECEPTIONIST, Role.CLERK})
_OVERSEERS = frozenset({Role.UNIT_HEAD, Role.HEAD, Role.LEADER, Role.INSPECTOR, Role.ADMINISTRATOR})
_ADMINISTRATORS = frozenset({Role.ADMINISTRATOR})


@dataclass(frozen=True, slots=True)
class Item:
    """A line of the menu; ``icon`` is a Heroicons name."""

    label: str
    href: str
    icon: str
    roles: frozenset[Role] = _EVERYBODY


@dataclass(frozen=True, slots=True)
class Room:
    """A part of the menu."""

    label: str
    items: tuple[Item, ...]


NAVIGATION = (
    Room(
        Said("Bộ phận Một cửa"),
        (
            Item(Said("Quầy hôm nay"), "/desk", "home", _DESK),
            Item(Said("Tiếp nhận hồ sơ"), "/desk/register", "document-plus", _DESK),
            Item(Said("Tìm hồ sơ"), "/desk/search", "magnifying-glass"),
            Item(Said("Chờ trả kết quả"), "/desk/pickup", "gift", _DESK),
        ),
    ),
    Room(Said("Giải quyết"), (Item(Said("Việc của tôi"), "/work", "inbox-stack"),)),
    Room(
        Said("Theo dõi"),
        (
            Item(Said("Trễ hạn và xin lỗi"), "/oversight", "exclamation-triangle", _OVERSEERS),
            Item(Said("Sổ trách nhiệm"), "/oversight/ledger", "book-open", _OVERSEERS),
            Item(Said("Khối lượng việc"), "/oversight/load", "users", _OVERSEERS),
            Item(Said("Tháng qua"), "/oversight/month", "chart-bar", _OVERSEERS),
            Item(Said("Các cơ quan"), "/oversight/agencies", "building-office-2", _OVERSEERS),
            Item(Said("Ý kiến người dân"), "/oversight/voices", "chat-bubble-left-right", _OVERSEERS),
        ),
    ),
    Room(
        Said("Quản trị"),
        (
            Item(Said("Tổng quan"), "/admin", "cog-6-tooth", _ADMINISTRATORS),
            Item(Said("Thủ tục"), "/admin/procedures", "clipboard-document-list", _ADMINISTRATORS),
            Item(Said("Lịch làm việc"), "/admin/calendars", "calendar-days", _ADMINISTRATORS),
            Item(Said("Cơ quan"), "/admin/agencies", "building-library", _ADMINISTRATORS),
            Item(Said("Người dùng"), "/admin/users", "user-group", _ADMINISTRATORS),
            Item(Said("Mã truy cập"), "/admin/tokens", "key", _ADMINISTRATORS),
            Item(Said("Biểu mẫu"), "/admin/forms", "document-duplicate", _ADMINISTRATORS),
            Item(Said("Thiết lập"), "/admin/settings", "adjustments-horizontal", _ADMINISTRATORS),
            Item(Said("Tình trạng"), "/admin/health", "heart", _ADMINISTRATORS),
        ),
    ),
)


def menu(roles: Iterable[Role]) -> Iterator[Room]:
    """The rooms somebody with these roles may enter."""
    held = frozenset(roles)
    for room in NAVIGATION:
        items = tuple(item for item in room.items if item.roles & held)
        if items:
            yield Room(room.label, items)


def home_of(roles: Iterable[Role]) -> str:
    """The first page after signing in."""
    held = frozenset(roles)
    for wanted, href in (
        (frozenset({Role.RECEPTIONIST}), "/desk"),
        (frozenset({Role.HEAD, Role.LEADER, Role.INSPECTOR, Role.UNIT_HEAD}), "/oversight"),
        (_ADMINISTRATORS, "/admin"),
    ):
        if wanted & held:
            return href
    return "/work"
