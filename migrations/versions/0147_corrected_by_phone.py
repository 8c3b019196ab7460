"""A receipt paid by phone is corrected without its payment: the return slip and the corrected receipt name no payment of their own."""

from __future__ import annotations

from alembic import op

revision = "0147"
down_revision = "0146"
branch_labels = None
depends_on = None

PAID = "(book > 0) <= (transaction_id IS NOT NULL)"


def upgrade() -> None:
    op.execute("ALTER TABLE till_receipt DROP CONSTRAINT till_receipt_book_has_its_payment")
    op.execute(
        "ALTER TABLE till_receipt ADD CONSTRAINT till_receipt_book_has_its_payment"
        " CHECK (book = 0 OR transaction_id IS NOT NULL OR content ? 'corrects' OR content->'of' ? 'corrected') NOT VALID"
    )
    op.execute("ALTER TABLE till_receipt VALIDATE CONSTRAINT till_receipt_book_has_its_payment")


def downgrade() -> None:
    op.execute("ALTER TABLE till_receipt DROP CONSTRAINT till_receipt_book_has_its_payment")
    op.execute(f"ALTER TABLE till_receipt ADD CONSTRAINT till_receipt_book_has_its_payment CHECK ({PAID}) NOT VALID")
