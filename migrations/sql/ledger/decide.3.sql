-- How long a proposal can be approved: what was right to book two weeks ago may be wrong today.
CREATE OR REPLACE FUNCTION ledger.proposal_life() RETURNS interval LANGUAGE sql IMMUTABLE AS $$ SELECT interval '14 days' $$;

-- One decision a proposal, never by its maker, and no approval of one that is too old.
CREATE OR REPLACE FUNCTION ledger.decide(
    p_district bigint, p_proposal bigint, p_checker bigint, p_approved boolean, p_note text, p_at timestamptz DEFAULT NULL) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = ledger, pg_temp AS $$
DECLARE
    p ledger.proposal;
BEGIN
    IF p_at IS NOT NULL AND session_user <> 'meguri_demo' THEN
        PERFORM ledger.refuse('MG017', 'time_not_yours');
    END IF;
    SELECT * INTO p FROM ledger.proposal WHERE district_id = p_district AND id = p_proposal;
    IF NOT FOUND THEN
        PERFORM ledger.refuse('MG025', 'proposal_unknown');
    ELSIF p.maker = p_checker THEN
        PERFORM ledger.refuse('MG024', 'two_person_rule');
    ELSIF p_approved AND p.proposed_at + ledger.proposal_life() <= COALESCE(p_at, clock_timestamp()) THEN
        PERFORM ledger.refuse('MG027', 'proposal_expired');
    END IF;
    INSERT INTO ledger.decision
    VALUES (p_district, p_proposal, p.maker, p_checker, p_approved, p_note, COALESCE(p_at, clock_timestamp()))
    ON CONFLICT (district_id, proposal_id) DO NOTHING;
    IF NOT FOUND THEN
        PERFORM ledger.refuse('MG026', 'already_decided');
    END IF;
END $$;

-- Declines what nobody has decided in time, in nobody's name (checker 0), so that what the proposal held back is free again.
CREATE OR REPLACE FUNCTION ledger.expire_proposals() RETURNS bigint
LANGUAGE sql SECURITY DEFINER SET search_path = ledger, pg_temp AS $$
    WITH late AS (
        INSERT INTO ledger.decision
        SELECT p.district_id, p.id, p.maker, 0, false, '', clock_timestamp()
        FROM ledger.proposal p
        WHERE p.proposed_at + ledger.proposal_life() <= clock_timestamp()
          AND NOT EXISTS (SELECT FROM ledger.decision d WHERE d.district_id = p.district_id AND d.proposal_id = p.id)
        ON CONFLICT (district_id, proposal_id) DO NOTHING
        RETURNING 1)
    SELECT count(*) FROM late
$$;

REVOKE EXECUTE ON FUNCTION ledger.expire_proposals, ledger.proposal_life FROM PUBLIC;
GRANT EXECUTE ON FUNCTION ledger.expire_proposals TO meguri_web;
