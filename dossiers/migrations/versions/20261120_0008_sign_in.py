"""who acts in whose place, second factors, identities elsewhere, what a token is for

Revision: 20261120_0008, after: 20261120_0007
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "20261120_0008"
down_revision = "20261120_0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "delegations",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("from_official", sa.String(length=64), nullable=False),
        sa.Column("to_official", sa.String(length=64), nullable=False),
        sa.Column("agency", sa.String(length=35), nullable=False),
        sa.Column("roles", sa.Text(), nullable=False, comment="Separated by spaces; empty: all held there"),
        sa.Column("commands", sa.Text(), nullable=False, comment="Separated by spaces; empty: all"),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decision", sa.String(length=120), nullable=False, comment="Number of the decision"),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.String(length=64), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("from_official <> to_official", name=op.f("ck_delegations_to_somebody_else")),
        sa.CheckConstraint("until > since", name=op.f("ck_delegations_ends_after_it_begins")),
        sa.ForeignKeyConstraint(["agency"], ["agencies.code"], name=op.f("fk_delegations_agency_agencies")),
        sa.ForeignKeyConstraint(
            ["from_official"], ["officials.id"], name=op.f("fk_delegations_from_official_officials")
        ),
        sa.ForeignKeyConstraint(
            ["to_official"], ["officials.id"], name=op.f("fk_delegations_to_official_officials")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delegations")),
    )
    with op.batch_alter_table("delegations", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_delegations_from_official"), ["from_official"], unique=False)
        batch_op.create_index(batch_op.f("ix_delegations_to_official"), ["to_official"], unique=False)

    op.create_table(
        "account_identities",
        sa.Column("issuer", sa.String(length=300), nullable=False),
        sa.Column("subject", sa.String(length=255), nullable=False),
        sa.Column("official", sa.String(length=64), nullable=False),
        sa.Column("linked_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["official"], ["accounts.official"], name=op.f("fk_account_identities_official_accounts")
        ),
        sa.PrimaryKeyConstraint("issuer", "subject", name=op.f("pk_account_identities")),
        sa.UniqueConstraint("issuer", "official", name="uq_account_identities_one_each"),
    )
    op.create_table(
        "account_recovery_codes",
        sa.Column("official", sa.String(length=64), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["official"], ["accounts.official"], name=op.f("fk_account_recovery_codes_official_accounts")
        ),
        sa.PrimaryKeyConstraint("official", "digest", name=op.f("pk_account_recovery_codes")),
    )
    op.create_table(
        "account_totp",
        sa.Column("official", sa.String(length=64), nullable=False),
        sa.Column("secret", sa.String(length=64), nullable=False, comment="Base 32"),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_step", sa.BigInteger(), nullable=False, comment="Of the last code used"),
        sa.ForeignKeyConstraint(
            ["official"], ["accounts.official"], name=op.f("fk_account_totp_official_accounts")
        ),
        sa.PrimaryKeyConstraint("official", name=op.f("pk_account_totp")),
    )
    with op.batch_alter_table("api_tokens", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "scopes",
                sa.String(length=60),
                nullable=False,
                server_default="",
                comment="Separated by spaces; empty: all",
            )
        )

    with op.batch_alter_table("web_sessions", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "awaits_code",
                sa.Boolean(),
                nullable=False,
                server_default=sa.false(),
                comment="Password right, code to come",
            )
        )
        batch_op.add_column(
            sa.Column(
                "delegation", sa.Uuid(), nullable=True, comment="Acting in the place of another by this"
            )
        )


def downgrade() -> None:
    raise RuntimeError("the schema only moves forward; restore a backup to go back")
