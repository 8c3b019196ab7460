CREATE OR REPLACE FUNCTION ledger.post(
    p_district bigint, p_kinds text[], p_keys uuid[], p_hashes bytea[], p_refers bigint[], p_holds bigint[], p_facts jsonb[],
    p_lines int[], p_accounts bigint[], p_amounts bigint[], p_posted_at timestamptz[] DEFAULT NULL)
RETURNS SETOF ledger.answer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = ledger, pg_temp SET plan_cache_mode = force_generic_plan AS $$
DECLARE
    first int := 1;
    answer ledger.answer;
BEGIN
    IF current_setting('transaction_isolation') <> 'read committed' THEN
        -- A waiter must see what was committed while it waited.
        RAISE EXCEPTION 'ledger.post needs READ COMMITTED' USING ERRCODE = 'invalid_transaction_state';
    END IF;
    IF p_posted_at IS NOT NULL THEN
        IF session_user <> 'meguri_demo' THEN
            PERFORM ledger.refuse('MG017', 'time_not_yours');
        ELSIF (SELECT min(given) FROM unnest(p_posted_at) AS given) < ledger.month_end(ledger.closed_month(p_district)) THEN
            PERFORM ledger.refuse('MG040', 'month_closed');
        END IF;
    END IF;
    IF cardinality(p_kinds) = 1 AND p_lines[1] = cardinality(p_accounts) THEN
        RETURN NEXT ledger.post_one(p_district, p_kinds[1], p_keys[1], p_hashes[1], p_refers[1], p_holds[1], p_facts[1],
            p_accounts, p_amounts, p_posted_at[1]);
        RETURN;
    END IF;
    IF cardinality(p_kinds) > 1000 OR cardinality(p_accounts) <> (SELECT COALESCE(sum(n), 0) FROM unnest(p_lines) AS n) THEN
        PERFORM ledger.refuse('MG018', 'batch_wrong');
    ELSE
        PERFORM FROM ledger.account a JOIN unnest(p_accounts, p_amounts) AS l (account_id, amount) ON l.account_id = a.id
        WHERE a.district_id = p_district AND (a.locked OR a.sign * l.amount < 0) ORDER BY a.id FOR NO KEY UPDATE OF a;
    END IF;
    FOR i IN 1 .. cardinality(p_kinds) LOOP
        answer := ledger.post_one(p_district, p_kinds[i], p_keys[i], p_hashes[i], p_refers[i], p_holds[i], p_facts[i],
            p_accounts[first : first + p_lines[i] - 1], p_amounts[first : first + p_lines[i] - 1], p_posted_at[i]);
        RETURN NEXT answer;
        first := first + p_lines[i];
    END LOOP;
END $$;
CREATE OR REPLACE FUNCTION ledger.propose(
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
DROP FUNCTION ledger.post_items, ledger.post_set, ledger.lock_lines;
