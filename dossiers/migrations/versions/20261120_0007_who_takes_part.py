"""who takes part in a dossier: what the rights to see it are decided by

Revision: 20261120_0007, after: 20261120_0006
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "20261120_0007"
down_revision = "20261120_0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "dossier_agencies",
        sa.Column("dossier_id", sa.Uuid(), nullable=False),
        sa.Column("agency", sa.String(length=35), nullable=False),
        sa.ForeignKeyConstraint(
            ["dossier_id"], ["dossiers.id"], name=op.f("fk_dossier_agencies_dossier_id_dossiers")
        ),
        sa.PrimaryKeyConstraint("dossier_id", "agency", name=op.f("pk_dossier_agencies")),
    )
    with op.batch_alter_table("dossier_agencies", schema=None) as batch_op:
        batch_op.create_index("ix_dossier_agencies_agency_dossier_id", ["agency", "dossier_id"], unique=False)
    for statement in fill(on_sqlite=op.get_bind().dialect.name == "sqlite"):
        op.execute(statement)


def fill(*, on_sqlite: bool) -> list[str]:
    """Who takes part in the dossiers there are; the receiving agency stands only in the first event."""
    receiving = "json_extract(payload, '$.receiving')"
    if not on_sqlite:
        receiving = "CAST(payload AS jsonb) ->> 'receiving'"
    known = (
        "SELECT id, desk FROM dossiers WHERE true",
        "SELECT id, competent FROM dossiers WHERE true",
        f"SELECT dossier_id, {receiving} FROM events WHERE seq = 1",  # noqa: S608 - no input
        "SELECT dossier_id, agency FROM tasks WHERE true",
        "SELECT dossier_id, agency FROM apologies WHERE true",
        "SELECT dossier_id, holder FROM apologies WHERE true",
        "SELECT dossier_id, agency FROM faults WHERE true",
    )
    return [f"INSERT INTO dossier_agencies {each} ON CONFLICT DO NOTHING" for each in known]


def downgrade() -> None:
    raise RuntimeError("the schema only moves forward; restore a backup to go back")
