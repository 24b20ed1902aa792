"""webhooks: other systems that are told of events, and signed with what

Revision: 20261120_0014, after: 20261120_0013
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "20261120_0014"
down_revision = "20261120_0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "webhooks",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column(
            "agency",
            sa.String(length=35),
            nullable=False,
            comment="Whose dossiers, and those of agencies below",
        ),
        sa.Column("url", sa.String(length=500), nullable=False),
        sa.Column("kinds", sa.String(length=2000), nullable=False),
        sa.Column("secret", sa.String(length=120), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.String(length=64), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhooks")),
    )


def downgrade() -> None:
    raise RuntimeError("the schema only moves forward; restore a backup to go back")
