-- Takes 8_settlement.sql back.
UPDATE ledger.kind SET moves = '{payable+,agent-,in_transit-,fee_income-,fee_tax-}' WHERE name = 'settlement';
UPDATE ledger.kind SET moves = '{payable+,suspense-}', keeps_series = true WHERE name = 'refund_late';
DROP FUNCTION ledger.propose, ledger.decide;

-- Lays transactions before a second person; p_lines as in ledger.post, the lines of each in ascending order of account id.
CREATE FUNCTION ledger.propose(
    p_district bigint, p_maker bigint, p_purpose text, p_facts jsonb, p_kinds text[], p_keys uuid[], p_hashes bytea[],
    p_refers bigint[], p_item_facts jsonb[], p_lines int[], p_accounts bigint[], p_amounts bigint[])
RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = ledger, pg_temp AS $$
DECLARE
    new_id bigint := nextval('ledger.proposal_id_seq');
    first int := 1;
BEGIN
    INSERT INTO ledger.proposal VALUES (p_district, new_id, p_purpose, p_maker, clock_timestamp(), p_facts);
    FOR i IN 1 .. cardinality(p_kinds) LOOP
        INSERT INTO ledger.proposal_item VALUES (p_district, new_id, i, p_kinds[i], p_keys[i], p_hashes[i], p_refers[i], p_item_facts[i],
            p_accounts[first : first + p_lines[i] - 1], p_amounts[first : first + p_lines[i] - 1]);
        first := first + p_lines[i];
    END LOOP;
    RETURN new_id;
EXCEPTION WHEN unique_violation THEN
    PERFORM ledger.refuse('MG002', 'idempotency_key_reused');
END $$;

-- One decision a proposal, never by its maker.
CREATE FUNCTION ledger.decide(p_district bigint, p_proposal bigint, p_checker bigint, p_approved boolean, p_note text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = ledger, pg_temp AS $$
DECLARE
    p ledger.proposal;
BEGIN
    SELECT * INTO p FROM ledger.proposal WHERE district_id = p_district AND id = p_proposal;
    IF NOT FOUND THEN
        PERFORM ledger.refuse('MG025', 'proposal_unknown');
    ELSIF p.maker = p_checker THEN
        PERFORM ledger.refuse('MG024', 'two_person_rule');
    END IF;
    INSERT INTO ledger.decision VALUES (p_district, p_proposal, p.maker, p_checker, p_approved, p_note, clock_timestamp())
    ON CONFLICT (district_id, proposal_id) DO NOTHING;
    IF NOT FOUND THEN
        PERFORM ledger.refuse('MG026', 'already_decided');
    END IF;
END $$;

REVOKE EXECUTE ON FUNCTION ledger.propose, ledger.decide FROM PUBLIC;
GRANT EXECUTE ON FUNCTION ledger.propose, ledger.decide TO meguri_web;
