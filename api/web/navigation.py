"""The rooms of the office and who finds which in the menu."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from dossiers.agencies.models import Role

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
        "Bộ phận Một cửa",
        (
            Item("Quầy hôm nay", "/desk", "home", _DESK),
            Item("Tiếp nhận hồ sơ", "/desk/register", "document-plus", _DESK),
            Item("Tìm hồ sơ", "/desk/search", "magnifying-glass"),
            Item("Chờ trả kết quả", "/desk/pickup", "gift", _DESK),
        ),
    ),
    Room("Giải quyết", (Item("Việc của tôi", "/work", "inbox-stack"),)),
    Room(
        "Theo dõi",
        (
            Item("Trễ hạn và xin lỗi", "/oversight", "exclamation-triangle", _OVERSEERS),
            Item("Sổ trách nhiệm", "/oversight/ledger", "book-open", _OVERSEERS),
            Item("Khối lượng việc", "/oversight/load", "users", _OVERSEERS),
            Item("Tháng qua", "/oversight/month", "chart-bar", _OVERSEERS),
            Item("Các cơ quan", "/oversight/agencies", "building-office-2", _OVERSEERS),
            Item("Ý kiến người dân", "/oversight/voices", "chat-bubble-left-right", _OVERSEERS),
        ),
    ),
    Room(
        "Quản trị",
        (
            Item("Tổng quan", "/admin", "cog-6-tooth", _ADMINISTRATORS),
            Item("Thủ tục", "/admin/procedures", "clipboard-document-list", _ADMINISTRATORS),
            Item("Lịch làm việc", "/admin/calendars", "calendar-days", _ADMINISTRATORS),
            Item("Cơ quan", "/admin/agencies", "building-library", _ADMINISTRATORS),
            Item("Người dùng", "/admin/users", "user-group", _ADMINISTRATORS),
            Item("Uỷ quyền thay", "/admin/delegations", "arrows-right-left", _ADMINISTRATORS | {Role.LEADER}),
            Item("Mã truy cập", "/admin/tokens", "key", _ADMINISTRATORS),
            Item("Thư gửi đi", "/admin/outbox", "paper-airplane", _ADMINISTRATORS),
            Item("Webhook", "/admin/webhooks", "bolt", _ADMINISTRATORS),
            Item("Biểu mẫu", "/admin/forms", "document-duplicate", _ADMINISTRATORS),
            Item("Thiết lập", "/admin/settings", "adjustments-horizontal", _ADMINISTRATORS),
            Item("Việc định kỳ", "/admin/duties", "clock", _ADMINISTRATORS),
            Item("Tình trạng", "/admin/health", "heart", _ADMINISTRATORS),
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
