"""accounts and sessions

Revision: 20261120_0002, after: 20261120_0001
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "20261120_0002"
down_revision = "20261120_0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "accounts",
        sa.Column("official", sa.String(length=64), nullable=False),
        sa.Column("login", sa.String(length=120), nullable=False, comment="In lower case"),
        sa.Column("password_hash", sa.String(length=200), nullable=False, comment="Empty: no password yet"),
        sa.Column("must_change", sa.Boolean(), nullable=False, comment="The password was given by another"),
        sa.Column(
            "failures", sa.Integer(), nullable=False, comment="Wrong passwords since the last right one"
        ),
        sa.Column("locked_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("disabled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "changed_at", sa.DateTime(timezone=True), nullable=False, comment="When the password was last set"
        ),
        sa.CheckConstraint("login = lower(login)", name=op.f("ck_accounts_login_lower")),
        sa.ForeignKeyConstraint(["official"], ["officials.id"], name=op.f("fk_accounts_official_officials")),
        sa.PrimaryKeyConstraint("official", name=op.f("pk_accounts")),
        sa.UniqueConstraint("login", name=op.f("uq_accounts_login")),
    )
    op.create_table(
        "web_sessions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False, comment="SHA-256 of the cookie's token"),
        sa.Column("official", sa.String(length=64), nullable=False),
        sa.Column("agency", sa.String(length=35), nullable=False),
        sa.Column("device", sa.String(length=120), nullable=False, comment="Browser and system, in words"),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False, comment="Last used, to ten minutes"),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["official"], ["accounts.official"], name=op.f("fk_web_sessions_official_accounts")
        ),
        sa.ForeignKeyConstraint(["agency"], ["agencies.code"], name=op.f("fk_web_sessions_agency_agencies")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_web_sessions")),
        sa.UniqueConstraint("digest", name=op.f("uq_web_sessions_digest")),
    )
    with op.batch_alter_table("web_sessions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_web_sessions_official"), ["official"], unique=False)


def downgrade() -> None:
    op.drop_table("web_sessions")
    op.drop_table("accounts")
