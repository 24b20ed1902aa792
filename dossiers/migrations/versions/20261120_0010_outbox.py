"""the outbox: messages owed, what was tried, how people wish to be told

Revision: 20261120_0010, after: 20261120_0009
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "20261120_0010"
down_revision = "20261120_0009"
branch_labels = None
depends_on = None

DUE = sa.text("state IN ('waiting', 'sending')")
UNFINISHED = sa.text("state NOT IN ('done', 'cancelled')")
ACCEPTED = sa.text("outcome = 'accepted'")


def upgrade() -> None:
    op.create_table(
        "contacts",
        sa.Column("recipient", sa.String(length=80), nullable=False),
        sa.Column("channel", sa.String(length=10), nullable=False, comment="Preferred; empty: what there is"),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("phone", sa.String(length=20), nullable=False),
        sa.Column("email", sa.String(length=120), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("recipient", name=op.f("pk_contacts")),
    )
    op.create_table(
        "outbox",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("dossier_id", sa.Uuid(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False, comment="The event that owes it"),
        sa.Column("topic", sa.String(length=30), nullable=False),
        sa.Column("recipient", sa.String(length=80), nullable=False),
        sa.Column("agency", sa.String(length=35), nullable=False, comment="In whose name it is sent"),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lease", sa.Uuid(), nullable=True, comment="Who has it in hand"),
        sa.Column("claims", sa.Integer(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("channel", sa.String(length=10), nullable=True, comment="Last used"),
        sa.Column("chosen", sa.String(length=10), nullable=True, comment="A channel chosen by hand"),
        sa.Column("error", sa.String(length=300), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state IN ('waiting', 'sending', 'to_print', 'dead', 'done', 'cancelled')",
            name=op.f("ck_outbox_state_known"),
        ),
        sa.CheckConstraint(
            "(state = 'sending') = (lease IS NOT NULL)", name=op.f("ck_outbox_leased_while_sending")
        ),
        sa.ForeignKeyConstraint(["dossier_id"], ["dossiers.id"], name=op.f("fk_outbox_dossier_id_dossiers")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
        sa.UniqueConstraint(
            "dossier_id", "seq", "topic", "recipient", name=op.f("uq_outbox_dossier_id_seq_topic_recipient")
        ),
    )
    op.create_index("ix_outbox_next_at", "outbox", ["next_at", "id"], postgresql_where=DUE, sqlite_where=DUE)
    op.create_index(
        "ix_outbox_unfinished",
        "outbox",
        ["agency", "state", "id"],
        postgresql_where=UNFINISHED,
        sqlite_where=UNFINISHED,
    )
    op.create_table(
        "outbox_attempts",
        sa.Column("outbox_id", sa.Uuid(), nullable=False),
        sa.Column("no", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "outcome",
            sa.String(length=12),
            nullable=False,
            comment="accepted, failed, refused, listed, posted, shown, overtaken, cancelled, anew",
        ),
        sa.Column("channel", sa.String(length=10), nullable=True),
        sa.Column(
            "message_id", sa.String(length=120), nullable=False, comment="What the receiver knows it by"
        ),
        sa.Column("address", sa.String(length=120), nullable=False, comment="Masked"),
        sa.Column("answer", sa.String(length=500), nullable=False, comment="What the channel answered"),
        sa.Column("sha256", sa.String(length=64), nullable=False, comment="Digest of the text"),
        sa.Column("official", sa.String(length=64), nullable=True, comment="None when the machine did it"),
        sa.ForeignKeyConstraint(
            ["outbox_id"], ["outbox.id"], name=op.f("fk_outbox_attempts_outbox_id_outbox")
        ),
        sa.PrimaryKeyConstraint("outbox_id", "no", name=op.f("pk_outbox_attempts")),
    )
    op.create_index("ix_outbox_attempts_channel_at", "outbox_attempts", ["channel", "at"])
    op.create_index(
        "uq_outbox_attempts_accepted",
        "outbox_attempts",
        ["outbox_id", "message_id"],
        unique=True,
        postgresql_where=ACCEPTED,
        sqlite_where=ACCEPTED,
    )
    op.create_table(
        "outbox_begins",
        sa.Column("dossier_id", sa.Uuid(), nullable=False),
        sa.Column("after_seq", sa.Integer(), nullable=False),
        sa.Column(
            "invented",
            sa.Boolean(),
            nullable=False,
            comment="People of a demonstration: nothing is ever sent to them",
        ),
        sa.ForeignKeyConstraint(
            ["dossier_id"], ["dossiers.id"], name=op.f("fk_outbox_begins_dossier_id_dossiers")
        ),
        sa.PrimaryKeyConstraint("dossier_id", name=op.f("pk_outbox_begins")),
    )
    # What happened before there was an outbox is not told to anybody afterwards.
    op.execute(
        "INSERT INTO outbox_begins (dossier_id, after_seq, invented) SELECT id, seq, false FROM dossiers"
    )


def downgrade() -> None:
    raise RuntimeError("the schema only moves forward; restore a backup to go back")
