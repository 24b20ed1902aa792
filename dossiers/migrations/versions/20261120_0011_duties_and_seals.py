"""standing duties, slot by slot, in place of heartbeats; the daily seals

Revision: 20261120_0011, after: 20261120_0009
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "20261120_0011"
down_revision = "20261120_0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "duty_runs",
        sa.Column("duty", sa.String(length=40), nullable=False),
        sa.Column("slot", sa.DateTime(timezone=True), nullable=False, comment="When it was due"),
        sa.Column("outcome", sa.String(length=8), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False, comment="How often it was begun"),
        sa.Column(
            "made_up", sa.Integer(), nullable=False, comment="Earlier slots that this run makes up for"
        ),
        sa.Column("token", sa.String(length=32), nullable=False, comment="Of the process that has it"),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "lease_until",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="Till then nobody else begins it",
        ),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("took_ms", sa.Integer(), nullable=True),
        sa.Column("looked_at", sa.Integer(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("failed", sa.Integer(), nullable=False),
        sa.Column("found", sa.Text(), nullable=False, comment="Canonical JSON, for people"),
        sa.Column(
            "error",
            sa.Text(),
            nullable=False,
            comment="Kind and words of the failure; empty when there is none",
        ),
        sa.CheckConstraint(
            "(outcome = 'running') = (ended_at IS NULL)", name=op.f("ck_duty_runs_ended_when_over")
        ),
        sa.PrimaryKeyConstraint("duty", "slot", name=op.f("pk_duty_runs")),
    )
    op.execute(
        "INSERT INTO duty_runs (duty, slot, outcome, attempts, made_up, token, begun_at, lease_until, "
        "ended_at, took_ms, looked_at, done, failed, found, error) "
        "SELECT job, at, 'done', 1, 0, '', at, at, at, 0, looked_at, looked_at - failed, failed, '{}', '' "
        "FROM heartbeats"
    )
    op.drop_table("heartbeats")
    op.create_table(
        "seals",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("day", sa.Date(), nullable=False, comment="The local day that it closes"),
        sa.Column(
            "until",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="It covers what happened before this instant",
        ),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("dossiers", sa.Integer(), nullable=False, comment="How many heads it covers"),
        sa.Column("prev_hash", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.CheckConstraint("number > 0", name=op.f("ck_seals_number_positive")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_seals")),
        sa.UniqueConstraint("day", name=op.f("uq_seals_day")),
        sa.UniqueConstraint("hash", name=op.f("uq_seals_hash")),
    )
    op.create_table(
        "seal_heads",
        sa.Column("seal", sa.Integer(), nullable=False),
        sa.Column("dossier_id", sa.Uuid(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["seal"], ["seals.number"], name=op.f("fk_seal_heads_seal_seals")),
        sa.PrimaryKeyConstraint("seal", "dossier_id", name=op.f("pk_seal_heads")),
    )
    op.create_index("ix_seal_heads_dossier_id_seq", "seal_heads", ["dossier_id", "seq"])
    for table in ("seals", "seal_heads"):
        _refuse_changes(table)


def _refuse_changes(table: str) -> None:
    """Rows of this table are only ever inserted; the database itself refuses the rest."""
    if op.get_bind().dialect.name == "sqlite":
        for verb in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            )
        return
    op.execute(
        f"CREATE FUNCTION {table}_append_only() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{table} is append-only'; END $$"
    )
    op.execute(
        f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION {table}_append_only()"
    )


def downgrade() -> None:
    raise RuntimeError("the schema only moves forward; restore a backup to go back")
