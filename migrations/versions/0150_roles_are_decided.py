"""Who issues or decides is given by two people in the database too, and a grant is never edited: it ends, and another one begins."""

from __future__ import annotations

from alembic import op

revision = "0150"
down_revision = "0149"
branch_labels = None
depends_on = None

UP = """
ALTER TABLE role_grant ADD COLUMN proposal_id bigint,
    ADD CONSTRAINT role_grant_once_a_decision UNIQUE (district_id, proposal_id),
    ADD FOREIGN KEY (district_id, proposal_id) REFERENCES ledger.decision (district_id, proposal_id);

-- What a person gave of these roles must be what two people decided. What nobody gave came from the operator's terminal.
CREATE FUNCTION role_grant_is_decided() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM ledger.proposal p
        JOIN ledger.decision d ON d.district_id = p.district_id AND d.proposal_id = p.id AND d.approved
        WHERE p.district_id = NEW.district_id AND p.id = NEW.proposal_id AND p.purpose = 'role'
          AND p.maker = NEW.granted_by AND d.checker <> NEW.person_id
          AND p.facts->>'appointee' = NEW.person_id::text AND p.facts->>'role' = NEW.role
          AND NEW.until IS NOT DISTINCT FROM ((p.facts->>'last_day')::date + 1)::timestamp AT TIME ZONE 'Asia/Tokyo')
    THEN
        RAISE EXCEPTION 'role_takes_two' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER is_decided BEFORE INSERT ON role_grant FOR EACH ROW
    WHEN (NEW.proposal_id IS NOT NULL OR NEW.granted_by IS NOT NULL AND NEW.role IN ('issuer', 'approver', 'administrator'))
    EXECUTE FUNCTION role_grant_is_decided();

CREATE FUNCTION role_grant_stays_over() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    RAISE EXCEPTION 'role_is_over' USING ERRCODE = 'check_violation';
END $$;
CREATE TRIGGER stays_over BEFORE UPDATE ON role_grant FOR EACH ROW WHEN (OLD.ended_at IS NOT NULL)
    EXECUTE FUNCTION role_grant_stays_over();
REVOKE UPDATE ON role_grant FROM meguri_web;
GRANT UPDATE (ended_at) ON role_grant TO meguri_web;
"""
DOWN = """
REVOKE UPDATE (ended_at) ON role_grant FROM meguri_web;
GRANT UPDATE ON role_grant TO meguri_web;
DROP TRIGGER stays_over ON role_grant;
DROP TRIGGER is_decided ON role_grant;
DROP FUNCTION role_grant_stays_over, role_grant_is_decided;
ALTER TABLE role_grant DROP COLUMN proposal_id;
"""


def upgrade() -> None:
    op.get_bind().exec_driver_sql(UP)


def downgrade() -> None:
    op.get_bind().exec_driver_sql(DOWN)
