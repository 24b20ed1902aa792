"""calendar changes with their what-if, and when standing jobs last did their work

Revision: 20261120_0003, after: 20261120_0002
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "20261120_0003"
down_revision = "20261120_0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "heartbeats",
        sa.Column("job", sa.String(length=40), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("looked_at", sa.Integer(), nullable=False),
        sa.Column("failed", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("job", name=op.f("pk_heartbeats")),
    )
    op.create_table(
        "calendar_changes",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("calendar", sa.String(length=40), nullable=False),
        sa.Column(
            "base", sa.String(length=81), nullable=False, comment="The version in force when it was proposed"
        ),
        sa.Column("version", sa.String(length=40), nullable=False, comment="The version it makes"),
        sa.Column("content", sa.Text(), nullable=False, comment="Canonical JSON of the whole new calendar"),
        sa.Column("what", sa.Text(), nullable=False, comment="Canonical JSON of what was asked to change"),
        sa.Column("stage", sa.String(length=12), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("asked_by", sa.String(length=64), nullable=False),
        sa.Column("asked_agency", sa.String(length=35), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("applied_by", sa.String(length=64), nullable=True),
        sa.Column("applied_agency", sa.String(length=35), nullable=True),
        sa.Column("applied_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("total", sa.Integer(), nullable=False, comment="Dossiers to look at in this stage"),
        sa.Column("looked_at", sa.Integer(), nullable=False, comment="Dossiers looked at so far"),
        sa.Column(
            "last_seen", sa.Uuid(), nullable=True, comment="The dossier looked at last, in order of id"
        ),
        sa.Column(
            "claimed_until",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="One process works on it till then",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar_changes")),
    )
    with op.batch_alter_table("calendar_changes", schema=None) as batch_op:
        batch_op.create_index("ix_calendar_changes_calendar_asked_at", ["calendar", "asked_at"], unique=False)
    op.create_table(
        "calendar_moves",
        sa.Column("change", sa.Uuid(), nullable=False),
        sa.Column("dossier_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.Column("competent", sa.String(length=35), nullable=False),
        sa.Column("due_before", sa.DateTime(timezone=True), nullable=True),
        sa.Column("due_after", sa.DateTime(timezone=True), nullable=True),
        sa.Column("becomes_late", sa.Boolean(), nullable=False),
        sa.Column("stops_being_late", sa.Boolean(), nullable=False),
        sa.Column("refused", sa.String(length=60), nullable=True, comment="Code of the refusal"),
        sa.Column("because", sa.Text(), nullable=True, comment="The refusal in words"),
        sa.ForeignKeyConstraint(
            ["change"], ["calendar_changes.id"], name=op.f("fk_calendar_moves_change_calendar_changes")
        ),
        sa.ForeignKeyConstraint(
            ["dossier_id"], ["dossiers.id"], name=op.f("fk_calendar_moves_dossier_id_dossiers")
        ),
        sa.PrimaryKeyConstraint("change", "dossier_id", name=op.f("pk_calendar_moves")),
    )


def downgrade() -> None:
    raise RuntimeError("the schema only moves forward; restore a backup to go back")
