"""indexes of the agency desk

Revision: 20261120_0009, after: 20261120_0008
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "20261120_0009"
down_revision = "20261120_0008"
branch_labels = None
depends_on = None

INDEXES = (
    ("ix_tasks_ready", "status = 'ready'"),
    ("ix_tasks_asked", "asked_by IS NOT NULL AND status = 'open'"),
)


def upgrade() -> None:
    for name, where in INDEXES:
        op.create_index(
            name, "tasks", ["dossier_id"], postgresql_where=sa.text(where), sqlite_where=sa.text(where)
        )


def downgrade() -> None:
    raise RuntimeError("the schema only moves forward; restore a backup to go back")
