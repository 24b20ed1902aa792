"""Tables of accounts, of sessions in a browser, and of who acts in whose place."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from dossiers.core.base import AGENCY_CODE, OFFICIAL_ID, Base, Instant


class AccountRow(Base):
    """How an official signs in. The password is kept as an Argon2id hash only."""

    __tablename__ = "accounts"

    official: Mapped[str] = mapped_column(OFFICIAL_ID, ForeignKey("officials.id"), primary_key=True)
    login: Mapped[str] = mapped_column(String(120), unique=True, comment="In lower case")
    password_hash: Mapped[str] = mapped_column(String(200), default="", comment="Empty: no password yet")
    must_change: Mapped[bool] = mapped_column(default=False, comment="The password was given by another")
    failures: Mapped[int] = mapped_column(default=0, comment="Wrong passwords since the last right one")
    locked_until: Mapped[datetime | None] = mapped_column(Instant)
    disabled_at: Mapped[datetime | None] = mapped_column(Instant)
    created_at: Mapped[datetime] = mapped_column(Instant)
    changed_at: Mapped[datetime] = mapped_column(Instant, comment="When the password was last set")

    __table_args__ = (CheckConstraint("login = lower(login)", name="login_lower"),)


class WebSessionRow(Base):
    """A signed-in browser. The cookie holds the token; here is only its digest."""

    __tablename__ = "web_sessions"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    digest: Mapped[str] = mapped_column(String(64), unique=True, comment="SHA-256 of the cookie's token")
    official: Mapped[str] = mapped_column(OFFICIAL_ID, ForeignKey("accounts.official"), index=True)
    agency: Mapped[str] = mapped_column(AGENCY_CODE, ForeignKey("agencies.code"))
    device: Mapped[str] = mapped_column(String(120), default="", comment="Browser and system, in words")
    created_at: Mapped[datetime] = mapped_column(Instant)
    seen_at: Mapped[datetime] = mapped_column(Instant, comment="Last used, to ten minutes")
    expires_at: Mapped[datetime] = mapped_column(Instant)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
    awaits_code: Mapped[bool] = mapped_column(default=False, comment="Password right, code to come")
    delegation: Mapped[UUID | None] = mapped_column(comment="Acting in the place of another by this")


class DelegationRow(Base):
    """An official lets another act in their place in an agency, from one instant to another (uỷ quyền)."""

    __tablename__ = "delegations"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    from_official: Mapped[str] = mapped_column(OFFICIAL_ID, ForeignKey("officials.id"), index=True)
    to_official: Mapped[str] = mapped_column(OFFICIAL_ID, ForeignKey("officials.id"), index=True)
    agency: Mapped[str] = mapped_column(AGENCY_CODE, ForeignKey("agencies.code"))
    roles: Mapped[str] = mapped_column(Text, default="", comment="Separated by spaces; empty: all held there")
    commands: Mapped[str] = mapped_column(Text, default="", comment="Separated by spaces; empty: all")
    since: Mapped[datetime] = mapped_column(Instant)
    until: Mapped[datetime] = mapped_column(Instant)
    decision: Mapped[str] = mapped_column(String(120), comment="Number of the decision")
    reason: Mapped[str] = mapped_column(String(300), default="", server_default="")
    created_at: Mapped[datetime] = mapped_column(Instant)
    created_by: Mapped[str] = mapped_column(OFFICIAL_ID)
    revoked_at: Mapped[datetime | None] = mapped_column(Instant)

    __table_args__ = (
        CheckConstraint("until > since", name="ends_after_it_begins"),
        CheckConstraint("from_official <> to_official", name="to_somebody_else"),
    )


class TotpRow(Base):
    """The authenticator of an account (RFC 6238); it counts once the first code was right."""

    __tablename__ = "account_totp"

    official: Mapped[str] = mapped_column(OFFICIAL_ID, ForeignKey("accounts.official"), primary_key=True)
    secret: Mapped[str] = mapped_column(String(64), comment="Base 32")
    started_at: Mapped[datetime] = mapped_column(Instant)
    confirmed_at: Mapped[datetime | None] = mapped_column(Instant)
    last_step: Mapped[int] = mapped_column(BigInteger, default=0, comment="Of the last code used")


class RecoveryCodeRow(Base):
    """A code for when the authenticator is lost; it counts once. Only its digest is kept."""

    __tablename__ = "account_recovery_codes"

    official: Mapped[str] = mapped_column(OFFICIAL_ID, ForeignKey("accounts.official"), primary_key=True)
    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    used_at: Mapped[datetime | None] = mapped_column(Instant)


class IdentityRow(Base):
    """Who a provider of identities (OpenID Connect) says an account's owner is."""

    __tablename__ = "account_identities"

    issuer: Mapped[str] = mapped_column(String(300), primary_key=True)
    subject: Mapped[str] = mapped_column(String(255), primary_key=True)
    official: Mapped[str] = mapped_column(OFFICIAL_ID, ForeignKey("accounts.official"))
    linked_at: Mapped[datetime] = mapped_column(Instant)

    __table_args__ = (UniqueConstraint("issuer", "official", name="uq_account_identities_one_each"),)
