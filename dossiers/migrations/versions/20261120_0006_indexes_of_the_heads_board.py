"""indexes of the head's board

Revision: 20261120_0006, after: 20261120_0005
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "20261120_0006"
down_revision = "20261120_0005"
branch_labels = None
depends_on = None

INDEXES = (
    ("ix_promises_late", "promises", ["due_at", "dossier_id"], "status IN ('running', 'broken')"),
    ("ix_dossiers_finished_at", "dossiers", ["finished_at"], "finished_at IS NOT NULL"),
    ("ix_dossiers_late_closed_at", "dossiers", ["closed_at"], "late_since IS NOT NULL"),
    ("ix_tasks_done", "tasks", ["agency", "finished_at"], "status = 'done'"),
    ("ix_handoffs_waiting", "handoffs", ["acknowledge_by"], "received_at IS NULL AND sent_back_at IS NULL"),
)


def upgrade() -> None:
    for name, table, columns, where in INDEXES:
        op.create_index(name, table, columns, postgresql_where=sa.text(where), sqlite_where=sa.text(where))
    op.create_index("ix_faults_up_head_instant", "faults", ["up_head", "instant"])
    op.create_index("ix_tasks_agency_dossier_id", "tasks", ["agency", "dossier_id"])
    op.create_index("ix_faults_instant", "faults", ["instant", "dossier_id", "no"])


def downgrade() -> None:
    raise RuntimeError("the schema only moves forward; restore a backup to go back")
