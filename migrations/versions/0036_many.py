"""Many at once: a batch of plain transactions is decided and written as a set, an approved list in pieces; and 給付, which needs it."""

from __future__ import annotations

from alembic import op

from migrations import read_sql

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None

# What was given by mistake is taken back as a refund is: it names the benefit, never takes more than is left of it, and never more than
# the person still has; from somebody who is frozen, too, since nothing is spent meanwhile.
KINDS = """
INSERT INTO ledger.kind (name, moves, posters, keeps_series, is_capped, fills, refers, reversible, appends, needs_approval, refundable,
    after_end)
VALUES
    ('benefit', '{safe+,bank+,promotion+,funder+,consumer-}', '{meguri_web,meguri_demo}', false, false, true, NULL, false, 1, true, true,
     'never'),
    ('benefit_return', '{consumer+,safe-,bank-,promotion-,funder-}', '{meguri_web,meguri_demo}', false, false, false, 'refund', false, NULL,
     true, false, 'never');
"""


def upgrade() -> None:
    op.get_bind().exec_driver_sql(read_sql("ledger/17_post_set.sql"))
    op.execute(KINDS)


def downgrade() -> None:
    op.execute("DELETE FROM ledger.kind WHERE name IN ('benefit', 'benefit_return')")
    op.get_bind().exec_driver_sql(read_sql("ledger/undo_post_set.sql"))
