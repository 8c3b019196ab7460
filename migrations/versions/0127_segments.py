"""Kinds of customers, found each night, to whom coupons and announcements go."""

from __future__ import annotations

from alembic import op

revision = "0127"
down_revision = "0126"
branch_labels = None
depends_on = None

UP = """
CREATE TABLE segment (
    district_id BIGINT NOT NULL,
    name TEXT NOT NULL,
    sorted_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT segment_pkey PRIMARY KEY (district_id, name),
    CONSTRAINT segment_district_id_fkey FOREIGN KEY(district_id) REFERENCES district (id),
    CONSTRAINT segment_name_is_known CHECK (name IN ('often', 'silent', 'once', 'new', 'unspent'))
);
CREATE TABLE segment_person (
    district_id BIGINT NOT NULL,
    name TEXT NOT NULL,
    person_id BIGINT NOT NULL,
    CONSTRAINT segment_person_pkey PRIMARY KEY (district_id, name, person_id),
    CONSTRAINT segment_person_district_id_name_fkey FOREIGN KEY(district_id, name) REFERENCES segment (district_id, name)
);
CREATE INDEX segments_of_a_person ON segment_person (district_id, person_id);
GRANT SELECT, INSERT, UPDATE ON segment TO meguri_web;
GRANT SELECT, INSERT, DELETE ON segment_person TO meguri_web;
ALTER TABLE coupon DROP CONSTRAINT coupon_segment_is_known;
ALTER TABLE coupon ADD CONSTRAINT coupon_segment_is_known
    CHECK (segment IN ('regular', 'absent', 'often', 'silent', 'once', 'new', 'unspent'));
ALTER TABLE coupon DROP CONSTRAINT coupon_segment_has_its_days;
ALTER TABLE coupon ADD CONSTRAINT coupon_segment_has_its_days
    CHECK ((segment IS NOT NULL AND segment IN ('regular', 'absent')) = (segment_days IS NOT NULL) AND segment_days BETWEEN 1 AND 365);
ALTER TABLE announcement ADD COLUMN segment text;
ALTER TABLE announcement DROP CONSTRAINT announcement_audience_is_known;
ALTER TABLE announcement ADD CONSTRAINT announcement_audience_is_known
    CHECK (audience IN ('all', 'holders', 'still', 'segment', 'person', 'list', 'applicants'));
ALTER TABLE announcement DROP CONSTRAINT announcement_audience_is_whole;
ALTER TABLE announcement ADD CONSTRAINT announcement_audience_is_whole CHECK (
    (audience = 'holders') = (series_id IS NOT NULL) AND (audience = 'still') = (days IS NOT NULL)
    AND (audience = 'segment') = (segment IS NOT NULL) AND (audience = 'all') = (recipients IS NULL)
);
"""
DOWN = """
ALTER TABLE announcement DROP CONSTRAINT announcement_audience_is_whole;
UPDATE announcement SET audience = 'list' WHERE audience = 'segment';
ALTER TABLE announcement DROP COLUMN segment;
ALTER TABLE announcement DROP CONSTRAINT announcement_audience_is_known;
ALTER TABLE announcement ADD CONSTRAINT announcement_audience_is_known
    CHECK (audience IN ('all', 'holders', 'still', 'person', 'list', 'applicants'));
ALTER TABLE announcement ADD CONSTRAINT announcement_audience_is_whole CHECK (
    (audience = 'holders') = (series_id IS NOT NULL) AND (audience = 'still') = (days IS NOT NULL)
    AND (audience = 'all') = (recipients IS NULL)
);
ALTER TABLE coupon DROP CONSTRAINT coupon_segment_is_known;
ALTER TABLE coupon DROP CONSTRAINT coupon_segment_has_its_days;
ALTER TABLE coupon ADD CONSTRAINT coupon_segment_is_known CHECK (segment IN ('regular', 'absent')) NOT VALID;
ALTER TABLE coupon ADD CONSTRAINT coupon_segment_has_its_days
    CHECK ((segment IS NOT NULL) = (segment_days IS NOT NULL) AND segment_days BETWEEN 1 AND 365) NOT VALID;
DROP TABLE segment_person, segment;
"""


def upgrade() -> None:
    op.get_bind().exec_driver_sql(UP)


def downgrade() -> None:
    op.get_bind().exec_driver_sql(DOWN)
