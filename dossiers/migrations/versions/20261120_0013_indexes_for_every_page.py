"""indexes for every page, and a mark on what is nearly due

Revision: 20261120_0013, after: 20261120_0009

An index is made for a question a page asks, and dropped when none asks it any more: each has its price at
every registration. What is new here is paid only by dossiers that are late, or in place of another.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "20261120_0013"
down_revision = "20261120_0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _replace("dossiers", "ix_dossiers_late_closed_at", "ix_dossiers_late", ["closed_at", "late_since"], _LATE)
    _replace("promises", "ix_promises_late", "ix_promises_running", ["due_at", "dossier_id"], _RUNNING)
    op.drop_index("ix_applicants_name", "applicants")
    op.drop_index("ix_tasks_agency_dossier_id", "tasks")
    op.add_column(
        "dossiers",
        sa.Column(
            "warned_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="A running promise is nearly due",
        ),
    )
    op.execute(FILL)
    _partial(
        "dossiers", "ix_dossiers_warned", ["due_at", "id"], "closed_at IS NULL AND warned_at IS NOT NULL"
    )
    _partial("promises", "ix_promises_split", ["settled_at"], "late_minutes IS NOT NULL")


FILL = """
    UPDATE dossiers SET warned_at = (
        SELECT min(alerts.raised_at) FROM alerts JOIN promises ON promises.dossier_id = alerts.dossier_id
        WHERE alerts.dossier_id = dossiers.id AND promises.status = 'running' AND alerts.kind = 'nearly_due'
        AND alerts.key LIKE 'nearly_due:' || CAST(promises.no AS VARCHAR(10)) || ':%'
    ) WHERE EXISTS (
        SELECT 1 FROM alerts WHERE alerts.dossier_id = dossiers.id AND alerts.kind = 'nearly_due'
    )
"""
"""What the engine derives of the same rows, for the dossiers there are."""

_LATE = "late_since IS NOT NULL"
_RUNNING = "status = 'running'"


def _replace(table: str, old: str, new: str, columns: list[str], where: str) -> None:
    op.drop_index(old, table)
    _partial(table, new, columns, where)


def _partial(table: str, name: str, columns: list[str], where: str) -> None:
    op.create_index(name, table, columns, postgresql_where=sa.text(where), sqlite_where=sa.text(where))


def downgrade() -> None:
    raise RuntimeError("the schema only moves forward; restore a backup to go back")
