-- One decision a proposal, never by its maker.
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
    END IF;
    INSERT INTO ledger.decision
    VALUES (p_district, p_proposal, p.maker, p_checker, p_approved, p_note, COALESCE(p_at, clock_timestamp()))
    ON CONFLICT (district_id, proposal_id) DO NOTHING;
    IF NOT FOUND THEN
        PERFORM ledger.refuse('MG026', 'already_decided');
    END IF;
END $$;
