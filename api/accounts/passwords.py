"""Passwords: hashed with Argon2id, and what makes one good enough."""

from __future__ import annotations

from functools import lru_cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from dossiers.core.errors import BadInput
from dossiers.core.said import Said

SHORTEST, LONGEST = 10, 200

_hasher = PasswordHasher()

COMMON = frozenset(
    {
        "1234567890",
        "0123456789",
        "0987654321",
        "9876543210",
        "1111111111",
        "matkhau123",
        "matkhau1234",
        "password12",
        "password123",
        "qwertyuiop",
        "motcua12345",
        "vietnam123",
        "vietnam2026",
        "iloveyou123",
        "admin12345",
        "administrator",
        "abcdefghij",
        "abc1234567",
        "tiepnhan123",
        "hanhchinhcong",
    }
)
"""Passwords that are tried first by whoever guesses."""


def hashed(password: str) -> str:
    """The hash to keep."""
    return _hasher.hash(password)


def fits(kept: str, password: str) -> bool:
    """Whether the password is the one that was hashed. Takes as long when nothing is kept."""
    try:
        return _hasher.verify(kept or _nobodys(), password) and bool(kept)
    except (VerificationError, InvalidHashError):
        return False


def is_outdated(kept: str) -> bool:
    """Whether the hash was made with weaker parameters than today's."""
    return _hasher.check_needs_rehash(kept)


def require_good(password: str, login: str) -> None:
    """Refuse a password that is easily guessed: ``password_too_short``, ``_too_long``, ``_common``."""
    if len(password) < SHORTEST:
        raise _refused(
            Said("Mật khẩu cần ít nhất {shortest} ký tự.", shortest=SHORTEST), "password_too_short"
        )
    if len(password) > LONGEST:
        raise _refused(Said("Mật khẩu dài quá {longest} ký tự.", longest=LONGEST), "password_too_long")
    plain = password.casefold()
    if plain in COMMON or len(set(plain)) < 4 or plain in login or login in plain:
        raise _refused(Said("Mật khẩu này dễ đoán."), "password_common")


def _refused(message: str, code: str) -> BadInput:
    return BadInput(
        message,
        code=code,
        where="password",
        hint="Dùng một câu dễ nhớ của riêng mình, ví dụ bốn từ không liên quan nhau.",
    )


@lru_cache(maxsize=1)
def _nobodys() -> str:
    """A hash to compare with when there is no account, so that the answer takes as long."""
    return hashed("không của ai")
