"""why somebody stands in: the reason of a delegation set up for somebody absent

Revision: 20261120_0012, after: 20261120_0009
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "20261120_0012"
down_revision = "20261120_0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "delegations", sa.Column("reason", sa.String(300), nullable=False, server_default=sa.text("''"))
    )


def downgrade() -> None:
    raise RuntimeError("the schema only moves forward; restore a backup to go back")
