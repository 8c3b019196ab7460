"""Whoever can be told only by letter that they will be forgotten: known when the worker tells them, and marked once it is sent."""

from __future__ import annotations

from alembic import op

revision = "0145"
down_revision = "0144"
branch_labels = None
depends_on = None

# Of the last 30 days, everybody without a mail address; whom a browser has told is left out where the letters are listed.
UP = """
ALTER TABLE announcement_recipient
    ADD COLUMN by_letter boolean NOT NULL DEFAULT false,
    ADD COLUMN letter_sent_at timestamptz,
    ADD CONSTRAINT announcement_recipient_only_letters_are_sent CHECK (letter_sent_at IS NULL OR by_letter);
UPDATE announcement_recipient r SET by_letter = true FROM announcement a, person p
WHERE a.district_id = r.district_id AND a.id = r.announcement_id AND a.audience = 'unused' AND a.made_at > now() - interval '30 days'
  AND p.district_id = r.district_id AND p.id = r.person_id AND p.email_lookup IS NULL;
CREATE INDEX announcement_recipient_letters ON announcement_recipient (district_id, announcement_id) WHERE by_letter;
GRANT UPDATE (letter_sent_at) ON announcement_recipient TO meguri_web;
"""
DOWN = """
DROP INDEX announcement_recipient_letters;
ALTER TABLE announcement_recipient DROP COLUMN by_letter, DROP COLUMN letter_sent_at;
"""


def upgrade() -> None:
    op.execute(UP)


def downgrade() -> None:
    op.execute(DOWN)
