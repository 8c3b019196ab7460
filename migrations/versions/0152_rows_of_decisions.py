"""What takes effect by a decision of two hangs on that very decision in the database too, and what was stopped is not let go again."""

from __future__ import annotations

from alembic import op

revision = "0152"
down_revision = "0151"
branch_labels = None
depends_on = None

UP = """
-- A row that takes effect once its proposal is approved is laid down with that proposal, while it waits: never under one that was approved
-- for something else. One that a decision made is as decided. Arguments: `waits` or `is_approved`, the purpose, then pairs: a name among
-- the proposal's facts (`maker` and `checker` are its people), and the column that says the same.
CREATE FUNCTION row_is_of_its_proposal() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    laid jsonb;
    decided boolean;
BEGIN
    SELECT p.facts || jsonb_build_object('maker', p.maker, 'checker', d.checker), d.approved INTO laid, decided
    FROM ledger.proposal p LEFT JOIN ledger.decision d ON d.district_id = p.district_id AND d.proposal_id = p.id
    WHERE p.district_id = NEW.district_id AND p.id = NEW.proposal_id AND p.purpose = TG_ARGV[1];
    IF NOT FOUND OR decided IS FALSE OR (decided IS NULL) <> (TG_ARGV[0] = 'waits') THEN
        RAISE EXCEPTION 'takes_two' USING ERRCODE = 'check_violation';
    END IF;
    FOR i IN 2 .. TG_NARGS - 1 BY 2 LOOP
        IF laid->>TG_ARGV[i] IS DISTINCT FROM to_jsonb(NEW)->>TG_ARGV[i + 1] THEN
            RAISE EXCEPTION 'takes_two' USING ERRCODE = 'check_violation', DETAIL = TG_ARGV[i];
        END IF;
    END LOOP;
    RETURN NEW;
END $$;
CREATE TRIGGER is_of_its_proposal BEFORE INSERT ON transfer_terms FOR EACH ROW
    EXECUTE FUNCTION row_is_of_its_proposal('waits', 'transfer_terms', 'transfer_terms', 'version', 'maker', 'set_by');
CREATE TRIGGER is_of_its_proposal BEFORE INSERT ON shop_account FOR EACH ROW
    EXECUTE FUNCTION row_is_of_its_proposal('waits', 'shop_account', 'account_of', 'merchant_id', 'maker', 'made_by');
CREATE TRIGGER is_of_its_proposal BEFORE INSERT ON agent_terms FOR EACH ROW
    EXECUTE FUNCTION row_is_of_its_proposal('waits', 'agent', 'agent_of', 'merchant_id', 'daily_max', 'daily_max');
CREATE TRIGGER is_of_its_proposal BEFORE INSERT ON discontinuance FOR EACH ROW
    EXECUTE FUNCTION row_is_of_its_proposal('is_approved', 'discontinue', 'series', 'series_id', 'checker', 'decided_by',
        'announced_on', 'announced_on', 'stops_on', 'stops_on', 'claims_until', 'claims_until', 'note', 'notice');
CREATE TRIGGER is_of_its_proposal BEFORE INSERT ON discontinuance_end FOR EACH ROW
    EXECUTE FUNCTION row_is_of_its_proposal('is_approved', 'discontinue_end', 'series', 'series_id', 'checker', 'decided_by');

CREATE FUNCTION row_stays_over() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    RAISE EXCEPTION 'is_over' USING ERRCODE = 'check_violation';
END $$;
CREATE TRIGGER stays_over BEFORE UPDATE ON shop_account FOR EACH ROW WHEN (OLD.stopped_at IS NOT NULL) EXECUTE FUNCTION row_stays_over();
CREATE TRIGGER stays_over BEFORE UPDATE ON agent_terms FOR EACH ROW WHEN (OLD.ended_at IS NOT NULL) EXECUTE FUNCTION row_stays_over();

-- Another edition of a booklet is worth money: it begins by the decision about this very booklet.
CREATE FUNCTION edition_is_decided() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM ledger.proposal p
        JOIN ledger.decision d ON d.district_id = p.district_id AND d.proposal_id = p.id AND d.approved
        WHERE p.district_id = NEW.district_id AND p.id = NEW.replace_id AND p.purpose = 'ticket_replace'
          AND p.facts->>'booklet' = NEW.lot_id || '-' || lpad(NEW.number::text, 4, '0'))
    THEN
        RAISE EXCEPTION 'takes_two' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER edition_is_decided BEFORE UPDATE ON booklet FOR EACH ROW WHEN (NEW.edition <> OLD.edition)
    EXECUTE FUNCTION edition_is_decided();

-- What a benefit pays stands in the items of its proposal; what a page says of it stays what was shown to whoever decided.
CREATE FUNCTION benefit_stays_as_proposed() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    RAISE EXCEPTION 'is_proposed' USING ERRCODE = 'check_violation';
END $$;
CREATE TRIGGER stays_as_proposed BEFORE UPDATE ON benefit FOR EACH ROW
    WHEN (OLD.proposal_id IS NOT NULL AND
          (OLD.proposal_id, OLD.name, OLD.series_id, OLD.paid_from, OLD.funder_id, OLD.note, OLD.people, OLD.amount, OLD.account_id,
           OLD.made_by, OLD.asked_by) IS DISTINCT FROM
          (NEW.proposal_id, NEW.name, NEW.series_id, NEW.paid_from, NEW.funder_id, NEW.note, NEW.people, NEW.amount, NEW.account_id,
           NEW.made_by, NEW.asked_by))
    EXECUTE FUNCTION benefit_stays_as_proposed();
CREATE TRIGGER is_kept BEFORE DELETE ON benefit FOR EACH ROW WHEN (OLD.proposal_id IS NOT NULL)
    EXECUTE FUNCTION benefit_stays_as_proposed();
"""
DOWN = """
DROP TRIGGER is_kept ON benefit;
DROP TRIGGER stays_as_proposed ON benefit;
DROP FUNCTION benefit_stays_as_proposed;
DROP TRIGGER edition_is_decided ON booklet;
DROP FUNCTION edition_is_decided;
DROP TRIGGER stays_over ON agent_terms;
DROP TRIGGER stays_over ON shop_account;
DROP FUNCTION row_stays_over;
DROP TRIGGER is_of_its_proposal ON discontinuance_end;
DROP TRIGGER is_of_its_proposal ON discontinuance;
DROP TRIGGER is_of_its_proposal ON agent_terms;
DROP TRIGGER is_of_its_proposal ON shop_account;
DROP TRIGGER is_of_its_proposal ON transfer_terms;
DROP FUNCTION row_is_of_its_proposal;
"""


def upgrade() -> None:
    op.get_bind().exec_driver_sql(UP)


def downgrade() -> None:
    op.get_bind().exec_driver_sql(DOWN)
