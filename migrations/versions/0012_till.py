"""The till: short balances (a request and a question that know their cash), and an owner alone without a staff PIN."""

from __future__ import annotations

from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

UP = """
ALTER TABLE payment_request
    ADD COLUMN cash bigint NOT NULL DEFAULT 0,
    ADD COLUMN offer bigint,
    ADD COLUMN offered_by bigint,
    ADD COLUMN offer_state varchar(16),
    ADD CONSTRAINT payment_request_cash_is_no_debt CHECK (cash >= 0),
    ADD CONSTRAINT payment_request_offer_is_positive CHECK (offer >= 1),
    ADD CONSTRAINT payment_request_offer_state_is_known CHECK (offer_state IN ('waiting', 'taken', 'declined')),
    ADD CONSTRAINT payment_request_offer_is_whole
        CHECK ((offer IS NULL) = (offered_by IS NULL) AND (offer IS NULL) = (offer_state IS NULL)),
    ADD CONSTRAINT payment_request_cash_was_offered CHECK (cash = 0 OR offered_by IS NOT NULL);
ALTER TABLE consent
    ADD COLUMN cash bigint NOT NULL DEFAULT 0,
    ADD CONSTRAINT consent_cash_is_no_debt CHECK (cash >= 0);
ALTER TABLE merchant ADD COLUMN pin_free boolean NOT NULL DEFAULT false;
"""

DOWN = """
ALTER TABLE merchant DROP COLUMN pin_free;
ALTER TABLE consent DROP COLUMN cash;
ALTER TABLE payment_request DROP COLUMN cash, DROP COLUMN offer, DROP COLUMN offered_by, DROP COLUMN offer_state;
"""


def upgrade() -> None:
    op.execute(UP)


def downgrade() -> None:
    op.execute(DOWN)
