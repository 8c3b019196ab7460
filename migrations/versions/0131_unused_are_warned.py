"""Whoever has not been here for almost two years is told before they are forgotten: an announcement that nobody in particular wrote."""

from __future__ import annotations

from alembic import op

revision = "0131"
down_revision = "0130"
branch_labels = None
depends_on = None

UP = """
ALTER TABLE announcement ALTER COLUMN made_by DROP NOT NULL;
ALTER TABLE announcement DROP CONSTRAINT announcement_audience_is_known;
ALTER TABLE announcement ADD CONSTRAINT announcement_audience_is_known
    CHECK (audience IN ('all', 'holders', 'still', 'segment', 'person', 'list', 'applicants', 'unused'));
ALTER TABLE announcement ADD CONSTRAINT announcement_has_a_maker CHECK ((made_by IS NULL) = (audience = 'unused'));
"""
DOWN = """
DELETE FROM announcement_recipient r USING announcement a
WHERE a.district_id = r.district_id AND a.id = r.announcement_id AND a.audience = 'unused';
DELETE FROM announcement WHERE audience = 'unused';
ALTER TABLE announcement DROP CONSTRAINT announcement_has_a_maker;
ALTER TABLE announcement DROP CONSTRAINT announcement_audience_is_known;
ALTER TABLE announcement ADD CONSTRAINT announcement_audience_is_known
    CHECK (audience IN ('all', 'holders', 'still', 'segment', 'person', 'list', 'applicants'));
ALTER TABLE announcement ALTER COLUMN made_by SET NOT NULL;
"""


def upgrade() -> None:
    op.execute(UP)


def downgrade() -> None:
    """Who was warned is not known any more: they are warned anew once this is upgraded again."""
    op.execute(DOWN)
