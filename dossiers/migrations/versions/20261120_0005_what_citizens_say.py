"""what citizens say: ratings, complaints

Revision: 20261120_0005, after: 20261120_0004
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "20261120_0005"
down_revision = "20261120_0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "voice_texts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_voice_texts")),
    )
    op.create_table(
        "complaints",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("no", sa.String(length=24), nullable=False),
        sa.Column("matter", sa.String(length=12), nullable=False),
        sa.Column("agency", sa.String(length=35), nullable=False),
        sa.Column("dossier_id", sa.Uuid(), nullable=True),
        sa.Column("standing", sa.String(length=10), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("refuse_by", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ask_by", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "answer_by",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="Counted anew when the citizen adds",
        ),
        sa.Column("publish_by", sa.DateTime(timezone=True), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "closed_at", sa.DateTime(timezone=True), nullable=True, comment="When it was answered or refused"
        ),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("public_matter", sa.Uuid(), nullable=True, comment="In voice_texts"),
        sa.Column("public_answer", sa.Uuid(), nullable=True, comment="In voice_texts"),
        sa.Column("sent_key", sa.String(length=64), nullable=True, comment="Digest: never sent twice"),
        sa.ForeignKeyConstraint(["agency"], ["agencies.code"], name=op.f("fk_complaints_agency_agencies")),
        sa.ForeignKeyConstraint(
            ["dossier_id"], ["dossiers.id"], name=op.f("fk_complaints_dossier_id_dossiers")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_complaints")),
        sa.UniqueConstraint("no", name=op.f("uq_complaints_no")),
        sa.UniqueConstraint("sent_key", name=op.f("uq_complaints_sent_key")),
    )
    op.create_index("ix_complaints_agency_received_at", "complaints", ["agency", "received_at"], unique=False)
    op.create_index(op.f("ix_complaints_dossier_id"), "complaints", ["dossier_id"], unique=False)
    op.create_index("ix_complaints_published_at", "complaints", ["published_at"], unique=False)
    op.create_table(
        "ratings",
        sa.Column("dossier_id", sa.Uuid(), nullable=False),
        sa.Column("occasion", sa.String(length=12), nullable=False),
        sa.Column("agency", sa.String(length=35), nullable=False, comment="Whose work is rated"),
        sa.Column("procedure", sa.String(length=40), nullable=False),
        sa.Column("score", sa.Integer(), nullable=False),
        sa.Column("rated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "recorded_by", sa.String(length=64), nullable=True, comment="At the desk; else the citizen"
        ),
        sa.Column("comment", sa.Uuid(), nullable=True, comment="In voice_texts"),
        sa.CheckConstraint("score BETWEEN 1 AND 5", name=op.f("ck_ratings_score_in_range")),
        sa.ForeignKeyConstraint(["dossier_id"], ["dossiers.id"], name=op.f("fk_ratings_dossier_id_dossiers")),
        sa.PrimaryKeyConstraint("dossier_id", "occasion", name=op.f("pk_ratings")),
    )
    op.create_index("ix_ratings_agency_rated_at", "ratings", ["agency", "rated_at"], unique=False)
    op.create_table(
        "complainants",
        sa.Column("complaint_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("phone", sa.String(length=20), nullable=False),
        sa.Column("email", sa.String(length=120), nullable=False),
        sa.ForeignKeyConstraint(
            ["complaint_id"], ["complaints.id"], name=op.f("fk_complainants_complaint_id_complaints")
        ),
        sa.PrimaryKeyConstraint("complaint_id", name=op.f("pk_complainants")),
    )
    op.create_table(
        "complaint_acts",
        sa.Column("complaint_id", sa.Uuid(), nullable=False),
        sa.Column("no", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.String(length=12),
            nullable=False,
            comment="sent, asked, added, refused, answered, published",
        ),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("official", sa.String(length=64), nullable=True, comment="None for the citizen"),
        sa.Column("text", sa.Uuid(), nullable=True, comment="In voice_texts"),
        sa.ForeignKeyConstraint(
            ["complaint_id"], ["complaints.id"], name=op.f("fk_complaint_acts_complaint_id_complaints")
        ),
        sa.PrimaryKeyConstraint("complaint_id", "no", name=op.f("pk_complaint_acts")),
    )
    op.create_table(
        "rating_reasons",
        sa.Column("dossier_id", sa.Uuid(), nullable=False),
        sa.Column("occasion", sa.String(length=12), nullable=False),
        sa.Column("criterion", sa.String(length=20), nullable=False),
        sa.ForeignKeyConstraint(
            ["dossier_id", "occasion"],
            ["ratings.dossier_id", "ratings.occasion"],
            name=op.f("fk_rating_reasons_dossier_id_occasion_ratings"),
        ),
        sa.PrimaryKeyConstraint("dossier_id", "occasion", "criterion", name=op.f("pk_rating_reasons")),
    )


def downgrade() -> None:
    raise RuntimeError("the schema only moves forward; restore a backup to go back")
