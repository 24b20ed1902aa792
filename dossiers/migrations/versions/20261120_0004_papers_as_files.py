"""papers as files, and applicants found by name without diacritics

Revision: 20261120_0004, after: 20261120_0003
"""

from __future__ import annotations

import unicodedata

import sqlalchemy as sa
from alembic import op

revision = "20261120_0004"
down_revision = "20261120_0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "files",
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column(
            "media_type", sa.String(length=40), nullable=False, comment="By the content, never by the name"
        ),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("kept_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_files")),
    )
    op.create_table(
        "attachments",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False, comment="File name as given"),
        sa.Column(
            "paper", sa.String(length=60), nullable=True, comment="None: a paper beside those asked for"
        ),
        sa.Column("dossier_id", sa.Uuid(), nullable=True),
        sa.Column("tray", sa.String(length=40), nullable=False, comment="The form the file waits in"),
        sa.Column("reused_from", sa.Uuid(), nullable=True),
        sa.Column("uploaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("uploaded_by", sa.String(length=80), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["sha256"], ["files.sha256"], name=op.f("fk_attachments_sha256_files")),
        sa.ForeignKeyConstraint(
            ["dossier_id"], ["dossiers.id"], name=op.f("fk_attachments_dossier_id_dossiers")
        ),
        sa.ForeignKeyConstraint(
            ["reused_from"], ["attachments.id"], name=op.f("fk_attachments_reused_from_attachments")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attachments")),
    )
    with op.batch_alter_table("attachments", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_attachments_sha256"), ["sha256"], unique=False)
        batch_op.create_index(batch_op.f("ix_attachments_dossier_id"), ["dossier_id"], unique=False)
        batch_op.create_index(
            "ix_attachments_waiting",
            ["uploaded_by", "tray"],
            unique=False,
            postgresql_where=sa.text("dossier_id IS NULL"),
            sqlite_where=sa.text("dossier_id IS NULL"),
        )
    _add_search_names()


def _add_search_names() -> None:
    comment = "The name without diacritics, lower case"
    with op.batch_alter_table("applicants", schema=None) as batch_op:
        batch_op.add_column(sa.Column("search_name", sa.String(length=200), nullable=True, comment=comment))
    applicants = sa.table("applicants", sa.column("id", sa.Uuid), sa.column("name"), sa.column("search_name"))
    connection = op.get_bind()
    named = [
        {"of": row.id, "plain": _plain(row.name)}
        for row in connection.execute(sa.select(applicants.c.id, applicants.c.name))
    ]
    if named:
        change = applicants.update().where(applicants.c.id == sa.bindparam("of"))
        connection.execute(change.values(search_name=sa.bindparam("plain")), named)
    with op.batch_alter_table("applicants", schema=None) as batch_op:
        batch_op.alter_column("search_name", existing_type=sa.String(length=200), nullable=False)


def _plain(name: str) -> str:
    decomposed = unicodedata.normalize("NFD", name.lower().replace("đ", "d"))
    return " ".join("".join(char for char in decomposed if not unicodedata.combining(char)).split())


def downgrade() -> None:
    raise RuntimeError("the schema only moves forward; restore a backup to go back")
