"""招待: an expert sees what it is invited to. Whoever sat as one keeps, for a year, what they saw before: all but the files."""

from __future__ import annotations

from alembic import op

revision = "0129"
down_revision = "0128"
branch_labels = None
depends_on = None

UP = """
CREATE TABLE subsidy_invitation (
    district_id BIGINT NOT NULL,
    project_id BIGINT NOT NULL,
    party_id BIGINT NOT NULL,
    number INTEGER NOT NULL,
    parts TEXT[] NOT NULL,
    until DATE NOT NULL,
    made_by BIGINT NOT NULL,
    made_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT subsidy_invitation_pkey PRIMARY KEY (district_id, party_id, number),
    CONSTRAINT subsidy_invitation_district_id_project_id_fkey
        FOREIGN KEY(district_id, project_id) REFERENCES subsidy_project (district_id, id),
    CONSTRAINT subsidy_invitation_district_id_party_id_fkey
        FOREIGN KEY(district_id, party_id) REFERENCES subsidy_party (district_id, id),
    CONSTRAINT subsidy_invitation_number_counts CHECK (number > 0),
    CONSTRAINT subsidy_invitation_parts_are_known CHECK (parts <@ ARRAY['plan', 'members', 'costs', 'papers', 'evidence', 'reports'])
);
INSERT INTO subsidy_invitation
    SELECT DISTINCT party.district_id, party.project_id, party.id, 1, ARRAY['plan', 'members', 'costs', 'reports'],
        (now() AT TIME ZONE 'Asia/Tokyo')::date + 365, party.made_by, now()
    FROM subsidy_party party
    JOIN subsidy_seat seat ON seat.district_id = party.district_id AND seat.party_id = party.id AND seat.ended_at IS NULL
    WHERE party.role = 'expert' AND party.left_on IS NULL;
GRANT SELECT, INSERT ON subsidy_invitation TO meguri_web;
CREATE TRIGGER never_edited BEFORE UPDATE OR DELETE ON subsidy_invitation FOR EACH ROW EXECUTE FUNCTION ledger.never();
CREATE TRIGGER never_emptied BEFORE TRUNCATE ON subsidy_invitation FOR EACH STATEMENT EXECUTE FUNCTION ledger.never();
"""


def upgrade() -> None:
    op.get_bind().exec_driver_sql(UP)


def downgrade() -> None:
    op.get_bind().exec_driver_sql("DROP TABLE subsidy_invitation")
