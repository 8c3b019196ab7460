"""A cycle may have a fee of its own and say who bears that of the transfer; an announcement may go to a list of numbers."""

from __future__ import annotations

from alembic import op

revision = "0072"
down_revision = "0071"
branch_labels = None
depends_on = None

KINDS = "ALTER TABLE announcement ADD CONSTRAINT announcement_audience_is_known CHECK (audience IN ({}))"


def upgrade() -> None:
    op.execute(
        "ALTER TABLE settlement_cycle ADD COLUMN fee_bp bigint, ADD COLUMN fee_bearer text,"
        " ADD CONSTRAINT settlement_cycle_fee_is_a_part CHECK (fee_bp BETWEEN 0 AND 3000),"
        " ADD CONSTRAINT settlement_cycle_fee_bearer_is_known CHECK (fee_bearer IN ('association', 'merchant'))"
    )
    op.execute("ALTER TABLE announcement DROP CONSTRAINT announcement_audience_is_known")
    op.execute(KINDS.format("'all', 'holders', 'still', 'person', 'list', 'applicants'"))


def downgrade() -> None:
    """Refused where a list was told: nobody would know any more whom."""
    op.execute("ALTER TABLE announcement DROP CONSTRAINT announcement_audience_is_known")
    op.execute(KINDS.format("'all', 'holders', 'still', 'person', 'applicants'"))
    op.execute("ALTER TABLE settlement_cycle DROP COLUMN fee_bp, DROP COLUMN fee_bearer")
