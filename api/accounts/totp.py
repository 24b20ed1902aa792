"""One-time codes from an authenticator (RFC 6238), and codes for when it is lost. Each counts once."""

from __future__ import annotations

import base64
import hmac
import secrets
from datetime import datetime

import pyotp
import segno
from sqlalchemy import Connection

from api.accounts import repository
from dossiers.core.canonical import sha256_hex
from dossiers.core.errors import BadInput, Conflict

STEP_SECONDS = 30
DRIFT = 1
"""Codes of so many steps before and after count too: clocks differ."""

RECOVERY_CODES = 10
_ISSUER = "Mot Cua"


def start(connection: Connection, official: str, at: datetime) -> None:
    """A new secret for the authenticator, to be confirmed. ``Conflict`` (``totp_on``) when one is in use."""
    row = repository.totp_of(connection, official)
    if row is not None and row.confirmed_at is not None:
        raise Conflict("Tài khoản đã bật xác thực hai bước.", code="totp_on")
    repository.start_totp(connection, official, pyotp.random_base32(), at)


def confirm(connection: Connection, official: str, code: str, at: datetime) -> list[str]:
    """Use the authenticator from now on; the recovery codes, given here and never again.

    Raises ``BadInput`` (``totp_wrong``), ``Conflict`` (``totp_on``, ``totp_not_started``).
    """
    row = repository.totp_of(connection, official)
    if row is None:
        raise Conflict("Chưa tạo mã QR để xác thực hai bước.", code="totp_not_started")
    if row.confirmed_at is not None:
        raise Conflict("Tài khoản đã bật xác thực hai bước.", code="totp_on")
    if not _fits(connection, official, row.secret, code, at):
        raise _wrong()
    repository.confirm_totp(connection, official, at)
    return new_recovery_codes(connection, official)


def is_on(connection: Connection, official: str) -> bool:
    """Whether a code is asked for at sign-in."""
    row = repository.totp_of(connection, official)
    return row is not None and row.confirmed_at is not None


def check(connection: Connection, official: str, code: str, at: datetime) -> bool:
    """Whether a code counts: of the authenticator, or a recovery code. It does not count again."""
    row = repository.totp_of(connection, official)
    if row is None or row.confirmed_at is None:
        return False
    if _fits(connection, official, row.secret, code, at):
        return True
    return repository.use_recovery_code(connection, official, _digest(code), at)


def new_recovery_codes(connection: Connection, official: str) -> list[str]:
    """Ten codes of 80 random bits in place of those there were; only digests are kept."""
    codes = [_grouped(secrets.token_bytes(10)) for _ in range(RECOVERY_CODES)]
    repository.keep_recovery_codes(connection, official, map(_digest, codes))
    return codes


def address(secret: str, login: str) -> str:
    """What the QR code says."""
    return pyotp.TOTP(secret).provisioning_uri(name=login, issuer_name=_ISSUER)


def qr_svg(text: str) -> str:
    """A QR code as SVG, dark on white whatever the page's colours."""
    return str(
        segno.make(text, error="m", micro=False).svg_inline(scale=5, border=4, dark="#000", light="#fff")
    )


def _fits(connection: Connection, official: str, secret: str, code: str, at: datetime) -> bool:
    plain = code.replace(" ", "")
    now = int(at.timestamp()) // STEP_SECONDS
    totp = pyotp.TOTP(secret)
    for step in range(now - DRIFT, now + DRIFT + 1):
        if hmac.compare_digest(totp.generate_otp(step).encode(), plain.encode()):
            return repository.use_step(connection, official, step)
    return False


def _grouped(random: bytes) -> str:
    text = base64.b32encode(random).decode().lower()
    return "-".join(text[start : start + 4] for start in range(0, len(text), 4))


def _digest(code: str) -> str:
    plain = "".join(letter for letter in code.lower() if letter.isalnum())
    return sha256_hex(f"recovery:{plain}")


def _wrong() -> BadInput:
    return BadInput(
        "Mã xác thực không đúng hoặc đã dùng.",
        code="totp_wrong",
        where="otp",
        hint="Chờ mã tiếp theo trên điện thoại rồi nhập lại; kiểm tra giờ của điện thoại.",
    )
