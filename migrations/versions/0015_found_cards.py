"""Cards that turn up again, a new PIN by two people, and a moved card that asks for its PIN before it pays anything."""

from __future__ import annotations

from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

UP = """
ALTER TABLE card ADD COLUMN pin_first boolean NOT NULL DEFAULT false;
ALTER TABLE card_event
    ADD COLUMN proposal_id bigint,
    DROP CONSTRAINT card_event_what_is_known,
    ADD CONSTRAINT card_event_what_is_known CHECK (what IN ('given', 'blocked', 'unblocked', 'replaced', 'pin_asked', 'pin_set')),
    ADD CONSTRAINT card_event_pin_is_asked_for CHECK (what <> 'pin_asked' OR proposal_id IS NOT NULL);
CREATE UNIQUE INDEX card_event_proposal_is_used_once ON card_event (district_id, proposal_id, what) WHERE proposal_id IS NOT NULL;
"""

DOWN = """
DROP INDEX card_event_proposal_is_used_once;
DELETE FROM card_event WHERE what IN ('unblocked', 'pin_asked');
ALTER TABLE card_event
    DROP CONSTRAINT card_event_pin_is_asked_for,
    DROP COLUMN proposal_id,
    DROP CONSTRAINT card_event_what_is_known,
    ADD CONSTRAINT card_event_what_is_known CHECK (what IN ('given', 'blocked', 'replaced', 'pin_set'));
ALTER TABLE card DROP COLUMN pin_first;
"""


def upgrade() -> None:
    op.execute(UP)


def downgrade() -> None:
    op.execute(DOWN)
