"""The terms of what is issued, and every part of them (shops, payers, codes, people), are laid down with the proposal, and none after."""

from __future__ import annotations

from alembic import op

revision = "0153"
down_revision = "0152"
branch_labels = None
depends_on = None

WHOLES = {
    "coupon": "'coupon', 'coupon', 'id'",
    "voucher": "'voucher', 'voucher', 'id'",
    "point_programme": "'point_programme', 'points', 'id'",
    "point_campaign": "'point_campaign', 'campaign', 'id'",
    "point_event": "'point_event', 'event', 'id'",
    "code_batch": "'code_issue'",
}
"""Table → its purpose, and the fact that names it."""
PARTS = {
    "coupon_shop": "'coupon_id', 'coupon'",
    "coupon_source": "'coupon_id', 'coupon'",
    "coupon_share": "'coupon_id', 'coupon'",
    "voucher_share": "'voucher_id', 'voucher'",
    "point_share": "'of_id'",
}
UP = """
-- A part belongs to a whole whose proposal waits. Arguments: the column that names the whole, and its table (a part of points says it).
CREATE FUNCTION part_is_laid_with_its_whole() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    part jsonb := to_jsonb(NEW);
    proposal bigint;
BEGIN
    EXECUTE 'SELECT proposal_id FROM ' || quote_ident(COALESCE(TG_ARGV[1], 'point_' || (part->>'of')))
        || ' WHERE district_id = $1 AND id = $2' INTO proposal USING NEW.district_id, (part->>TG_ARGV[0])::bigint;
    IF proposal IS NULL OR EXISTS (SELECT FROM ledger.decision d WHERE d.district_id = NEW.district_id AND d.proposal_id = proposal) THEN
        RAISE EXCEPTION 'takes_two' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION codes_are_laid_with_their_lot() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT FROM (SELECT DISTINCT district_id, batch_id FROM changed) c
               JOIN code_batch b ON b.district_id = c.district_id AND b.id = c.batch_id
               JOIN ledger.decision d ON d.district_id = b.district_id AND d.proposal_id = b.proposal_id) THEN
        RAISE EXCEPTION 'takes_two' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER laid_with_lot AFTER INSERT ON top_up_code REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION codes_are_laid_with_their_lot();

-- The places of a list are those of the items that were proposed: nobody joins it, leaves it or takes another's place.
CREATE FUNCTION benefit_lines_stay() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT FROM (SELECT DISTINCT district_id, benefit_id FROM changed) c
               JOIN benefit b ON b.district_id = c.district_id AND b.id = c.benefit_id AND b.proposal_id IS NOT NULL) THEN
        RAISE EXCEPTION 'is_proposed' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER nobody_joins AFTER INSERT ON benefit_line REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION benefit_lines_stay();
CREATE TRIGGER nobody_leaves AFTER DELETE ON benefit_line REFERENCING OLD TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION benefit_lines_stay();
REVOKE UPDATE ON benefit_line FROM meguri_web;
GRANT UPDATE (transaction_id, refused, return_proposal_id) ON benefit_line TO meguri_web;
"""
DOWN = """
REVOKE UPDATE (transaction_id, refused, return_proposal_id) ON benefit_line FROM meguri_web;
GRANT UPDATE ON benefit_line TO meguri_web;
DROP TRIGGER nobody_leaves ON benefit_line;
DROP TRIGGER nobody_joins ON benefit_line;
DROP FUNCTION benefit_lines_stay;
DROP TRIGGER laid_with_lot ON top_up_code;
DROP FUNCTION codes_are_laid_with_their_lot;
"""


def upgrade() -> None:
    run = op.get_bind().exec_driver_sql
    run(UP)
    for table, says in WHOLES.items():
        call = f"row_is_of_its_proposal('waits', {says}, 'maker', 'made_by')"
        run(f"CREATE TRIGGER is_of_its_proposal BEFORE INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION {call}")
    for table, says in PARTS.items():
        call = f"part_is_laid_with_its_whole({says})"
        run(f"CREATE TRIGGER is_laid_with_its_whole BEFORE INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION {call}")


def downgrade() -> None:
    run = op.get_bind().exec_driver_sql
    for table in PARTS:
        run(f"DROP TRIGGER is_laid_with_its_whole ON {table}")
    for table in WHOLES:
        run(f"DROP TRIGGER is_of_its_proposal ON {table}")
    run(DOWN + "DROP FUNCTION part_is_laid_with_its_whole")
