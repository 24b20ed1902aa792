"""What a token may be used for, narrower than what its owner may do. A token without scopes may all."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from dossiers.core.errors import BadInput, NotAllowed
from dossiers.core.said import Said


class Scope(StrEnum):
    """A part of the interface that a token can be limited to."""

    READ = "read"
    REGISTER = "register"
    ACT = "act"
    OVERSEE = "oversee"
    ADMIN = "admin"

    @property
    def label(self) -> str:
        """The scope in Vietnamese."""
        return _LABELS[self]


_LABELS = {
    Scope.READ: "xem hồ sơ và danh mục",
    Scope.REGISTER: "tiếp nhận hồ sơ, người nộp",
    Scope.ACT: "xử lý hồ sơ",
    Scope.OVERSEE: "theo dõi, kiểm tra",
    Scope.ADMIN: "quản trị",
}


def scopes_of(text: str) -> frozenset[Scope]:
    """The scopes as they are kept, separated by spaces; every scope when nothing is kept."""
    return frozenset(Scope(each) for each in text.split()) or frozenset(Scope)


def scopes_text(scopes: Iterable[str]) -> str:
    """The scopes as they are kept. ``BadInput`` (``scope_unknown``) for one there is not."""
    wanted = set(scopes)
    unknown = sorted(wanted - {scope.value for scope in Scope})
    if unknown:
        raise BadInput(
            Said("Không có phạm vi “{unknown}”.", unknown=unknown[0]),
            code="scope_unknown",
            where="scope",
            hint="Các phạm vi: " + ", ".join(Scope) + ".",
        )
    return " ".join(scope.value for scope in Scope if scope.value in wanted)


def require_scope(held: frozenset[Scope], wanted: Scope) -> None:
    """Refuse (``scope_missing``) a call with a token that is not for this."""
    if wanted not in held:
        raise NotAllowed(
            Said(
                "Mã truy cập này không có phạm vi “{wanted}” ({label}).",
                wanted=wanted.value,
                label=wanted.label,
            ),
            code="scope_missing",
            hint="Đề nghị người quản trị cấp mã truy cập có phạm vi ấy.",
            details={"scope": wanted.value},
        )
