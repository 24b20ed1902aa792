"""indexes for every page

Revision: 20261120_0013, after: 20261120_0009

An index is made for a question a page asks, and dropped when none asks it any more: each has its price at
every registration. What is new here is paid only by dossiers that are late, or in place of another.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "20261120_0013"
down_revision = "20261120_0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _replace("dossiers", "ix_dossiers_late_closed_at", "ix_dossiers_late", ["closed_at", "late_since"], _LATE)
    _replace("promises", "ix_promises_late", "ix_promises_running", ["due_at", "dossier_id"], _RUNNING)


_LATE = "late_since IS NOT NULL"
_RUNNING = "status = 'running'"


def _replace(table: str, old: str, new: str, columns: list[str], where: str) -> None:
    op.drop_index(old, table)
    op.create_index(new, table, columns, postgresql_where=sa.text(where), sqlite_where=sa.text(where))


def downgrade() -> None:
    raise RuntimeError("the schema only moves forward; restore a backup to go back")
