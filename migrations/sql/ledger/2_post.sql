-- Posting. `post` is a batch of one or many transactions; `post_one` decides and writes one of them.
--
-- Always, at every commit:
--   P1  the entries of a transaction sum to zero in each unit (and in each series, where its kind keeps series)
--   P2  no account with a floor goes below it, live holds counted; no ceiling is passed by a kind that fills
--   P3  a key answers once: same content, same answer; other content, key_reused; a closed key never posts
--   P4  `id` is drawn after the locks, so the order of ids is a legal serial order
--   P5  whatever raises leaves nothing behind: a refusal binds no key
--
-- Locks: every locked account, and every appended one that is lowered, in ascending order of account id, before
-- anything is checked. A payee is only appended to, so payers to one shop never wait for each other.
-- The checks stand in the order in which they are told; the first that applies is the answer.
--
-- plan_cache_mode: statements that take arrays are otherwise planned anew at each call.

CREATE FUNCTION ledger.refuse(p_state text, p_reason text, p_detail jsonb DEFAULT '{}') RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION USING ERRCODE = p_state, MESSAGE = p_reason, DETAIL = p_detail::text;
END $$;

-- What was appended and is not in the balance row yet; natural.
CREATE FUNCTION ledger.unfolded(p_account ledger.account) RETURNS bigint
LANGUAGE sql STABLE AS $$
    SELECT p_account.sign * COALESCE(sum(e.amount), 0)::bigint FROM ledger.entry e
    WHERE NOT p_account.locked AND e.district_id = p_account.district_id AND e.account_id = p_account.id
      AND e.position >= p_account.folded_below
$$;

CREATE FUNCTION ledger.held(p_account ledger.account, p_now timestamptz, p_except bigint) RETURNS bigint
LANGUAGE sql STABLE AS $$
    SELECT COALESCE(sum(h.amount), 0)::bigint FROM ledger.hold h
    WHERE h.district_id = p_account.district_id AND h.account_id = p_account.id
      AND h.expires_at > p_now AND h.id IS DISTINCT FROM p_except
      AND NOT EXISTS (SELECT FROM ledger.hold_end x WHERE x.district_id = h.district_id AND x.hold_id = h.id)
$$;

-- What one account still has of a transaction after the refunds (those that were not reversed); debit positive.
CREATE FUNCTION ledger.left_of(p_district bigint, p_transaction bigint, p_account bigint) RETURNS bigint
LANGUAGE sql STABLE AS $$
    SELECT COALESCE(sum(l.amount), 0)::bigint
    FROM ledger.transaction t CROSS JOIN LATERAL unnest(t.accounts, t.amounts) AS l (account_id, amount)
    WHERE t.district_id = p_district AND l.account_id = p_account
      AND (t.id = p_transaction OR t.refers_to = p_transaction)
      AND NOT EXISTS (SELECT FROM ledger.transaction r
                      WHERE r.district_id = t.district_id AND r.refers_to = t.id AND r.kind = 'reversal')
$$;

CREATE TYPE ledger.answer AS (transaction_id bigint, posted_at timestamptz, replayed boolean);

-- The answer of a key that is known, for whoever sends the same content again.
CREATE FUNCTION ledger.first_answer(p_known ledger.transaction, p_hash bytea) RETURNS ledger.answer
LANGUAGE plpgsql AS $$
BEGIN
    IF p_known.kind = 'key_closed' THEN
        PERFORM ledger.refuse('MG003', 'key_closed');
    ELSIF p_known.command_hash <> p_hash THEN
        PERFORM ledger.refuse('MG002', 'idempotency_key_reused');
    END IF;
    RETURN (p_known.id, p_known.posted_at, true)::ledger.answer;
END $$;

CREATE FUNCTION ledger.is_unbalanced(p_district bigint, p_accounts bigint[], p_amounts bigint[], p_by_series boolean) RETURNS boolean
LANGUAGE sql STABLE AS $$
    SELECT EXISTS (SELECT FROM unnest(p_accounts, p_amounts) AS l (account_id, amount)
                   JOIN ledger.account a ON a.district_id = p_district AND a.id = l.account_id
                   GROUP BY a.unit, CASE WHEN p_by_series THEN a.series_id END HAVING sum(l.amount) <> 0)
$$;

-- Says no to a line, with the facts that its sentence needs.
CREATE FUNCTION ledger.refuse_line(p_state text, a ledger.account, s ledger.series, p_amount bigint, p_natural_after bigint)
RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM ledger.refuse(p_state,
        CASE p_state WHEN 'MG001' THEN 'insufficient_balance' WHEN 'MG004' THEN 'account_unknown' WHEN 'MG005' THEN 'account_' || a.state
            WHEN 'MG006' THEN 'series_not_yet' WHEN 'MG007' THEN 'series_ended' WHEN 'MG008' THEN 'payment_too_large'
            WHEN 'MG009' THEN 'ceiling_passed' WHEN 'MG011' THEN 'movement_forbidden' ELSE 'lines_unsorted' END,
        jsonb_strip_nulls(CASE p_state
            WHEN 'MG001' THEN jsonb_build_object('role', a.role, 'shortage', a.floor - p_natural_after)
            WHEN 'MG006' THEN jsonb_build_object('role', a.role, 'from', s.valid_from)
            WHEN 'MG007' THEN jsonb_build_object('role', a.role, 'until', s.valid_until)
            WHEN 'MG008' THEN jsonb_build_object('role', a.role, 'limit', s.payment_max)
            WHEN 'MG009' THEN jsonb_build_object('role', a.role, 'room',
                GREATEST(0, COALESCE(a.ceiling, s.balance_max) - p_natural_after + a.sign * p_amount))
            ELSE jsonb_build_object('role', a.role) END));
END $$;

-- The one door. All or nothing: the first refusal ends the call, its detail says which transaction (`index`, from 0).
-- p_lines: how many of p_accounts/p_amounts belong to each transaction, in order. p_posted_at: NULL but for the demo's role.
CREATE FUNCTION ledger.post(
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
    IF p_posted_at IS NOT NULL AND session_user <> 'meguri_demo' THEN
        PERFORM ledger.refuse('MG017', 'time_not_yours');
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

-- Settles an unknown outcome: gives back what the key wrote, or closes it for good, so that a late original cannot pay.
-- Waits for an original that is on its way. No row: closed.
CREATE FUNCTION ledger.close_key(p_district bigint, p_key uuid) RETURNS SETOF ledger.transaction
LANGUAGE plpgsql SECURITY DEFINER SET search_path = ledger, pg_temp AS $$
BEGIN
    INSERT INTO ledger.transaction
    SELECT p_district, nextval('ledger.transaction_id_seq'), p_key, sha256(''), 'key_closed', clock_timestamp(),
           pg_current_xact_id()::text::bigint + position_offset, NULL, NULL, '{}', '{}', '{}' FROM ledger.epoch
    ON CONFLICT (district_id, key) DO NOTHING;
    RETURN QUERY SELECT * FROM ledger.transaction WHERE district_id = p_district AND key = p_key AND kind <> 'key_closed';
END $$;
