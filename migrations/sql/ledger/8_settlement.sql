-- What paying shops and ending coins asks of the book.

-- A shop's payables are settled together: what one coin owes the shop and what the shop owes another (refunds after a payout)
-- go to zero in one transaction. So a settlement may raise a payable, too; its sum is still what leaves for the bank.
UPDATE ledger.kind SET moves = '{payable+,payable-,agent-,in_transit-,fee_income-,fee_tax-}' WHERE name = 'settlement';

-- A late refund undoes a coupon's discount as any refund does: that part goes back to whoever paid for it, not into suspense.
UPDATE ledger.kind SET moves = '{payable+,suspense-,promotion-,funder-}', keeps_series = false WHERE name = 'refund_late';

-- The demo's year has proposals in it: the role that may set the time of a posting may set theirs.
DROP FUNCTION ledger.propose, ledger.decide;

CREATE FUNCTION ledger.propose(
    p_district bigint, p_maker bigint, p_purpose text, p_facts jsonb, p_kinds text[], p_keys uuid[], p_hashes bytea[],
    p_refers bigint[], p_item_facts jsonb[], p_lines int[], p_accounts bigint[], p_amounts bigint[], p_at timestamptz DEFAULT NULL)
RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = ledger, pg_temp AS $$
DECLARE
    new_id bigint := nextval('ledger.proposal_id_seq');
    first int := 1;
BEGIN
    IF p_at IS NOT NULL AND session_user <> 'meguri_demo' THEN
        PERFORM ledger.refuse('MG017', 'time_not_yours');
    END IF;
    INSERT INTO ledger.proposal VALUES (p_district, new_id, p_purpose, p_maker, COALESCE(p_at, clock_timestamp()), p_facts);
    FOR i IN 1 .. cardinality(p_kinds) LOOP
        INSERT INTO ledger.proposal_item VALUES (p_district, new_id, i, p_kinds[i], p_keys[i], p_hashes[i], p_refers[i], p_item_facts[i],
            p_accounts[first : first + p_lines[i] - 1], p_amounts[first : first + p_lines[i] - 1]);
        first := first + p_lines[i];
    END LOOP;
    RETURN new_id;
EXCEPTION WHEN unique_violation THEN
    PERFORM ledger.refuse('MG002', 'idempotency_key_reused');
END $$;

CREATE FUNCTION ledger.decide(
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

REVOKE EXECUTE ON FUNCTION ledger.propose, ledger.decide FROM PUBLIC;
GRANT EXECUTE ON FUNCTION ledger.propose, ledger.decide TO meguri_web;
