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
LANGUAGE plpgsql SET search_path = ledger, pg_temp AS $$
BEGIN
    RAISE EXCEPTION USING ERRCODE = p_state, MESSAGE = p_reason, DETAIL = p_detail::text;
END $$;

-- The natural balance of an appended account: folded part and the rest, in one statement.
CREATE FUNCTION ledger.appended_balance(p_account ledger.account) RETURNS bigint
LANGUAGE sql STABLE SET search_path = ledger, pg_temp AS $$
    SELECT a.balance + COALESCE((
        SELECT sum(e.amount) FROM ledger.entry e
        WHERE e.district_id = a.district_id AND e.account_id = a.id AND e.position >= a.folded_below), 0)::bigint
    FROM ledger.account a WHERE a.district_id = p_account.district_id AND a.id = p_account.id
$$;

CREATE FUNCTION ledger.held(p_account ledger.account, p_now timestamptz, p_except bigint) RETURNS bigint
LANGUAGE sql STABLE SET search_path = ledger, pg_temp AS $$
    SELECT COALESCE(sum(h.amount), 0)::bigint FROM ledger.hold h
    WHERE h.district_id = p_account.district_id AND h.account_id = p_account.id
      AND h.expires_at > p_now AND h.id IS DISTINCT FROM p_except
      AND NOT EXISTS (SELECT FROM ledger.hold_end x WHERE x.district_id = h.district_id AND x.hold_id = h.id)
$$;

-- What one account still has of a transaction after the refunds (those that were not reversed); debit positive.
CREATE FUNCTION ledger.left_of(p_district bigint, p_transaction bigint, p_account bigint) RETURNS bigint
LANGUAGE sql STABLE SET search_path = ledger, pg_temp AS $$
    SELECT COALESCE(sum(l.amount), 0)::bigint
    FROM ledger.transaction t CROSS JOIN LATERAL unnest(t.accounts, t.amounts) AS l (account_id, amount)
    WHERE t.district_id = p_district AND l.account_id = p_account
      AND (t.id = p_transaction OR t.refers_to = p_transaction)
      AND NOT EXISTS (SELECT FROM ledger.transaction r
                      WHERE r.district_id = t.district_id AND r.refers_to = t.id AND r.kind = 'reversal')
$$;

-- The checks of a transaction that names another one: a refund never exceeds what is left, a reversal is exact and once.
CREATE FUNCTION ledger.check_reference(p_district bigint, p_kind ledger.kind, p_refers bigint, p_accounts bigint[], p_amounts bigint[])
RETURNS void LANGUAGE plpgsql SET search_path = ledger, pg_temp AS $$
DECLARE
    original ledger.transaction;
    remainder bigint;
    negated bigint[];
BEGIN
    IF p_kind.refers IS NULL AND p_refers IS NULL THEN
        RETURN;
    END IF;
    SELECT * INTO original FROM ledger.transaction WHERE district_id = p_district AND id = p_refers;
    IF NOT FOUND OR p_kind.refers IS NULL
       OR (p_kind.refers = 'refund' AND original.kind <> 'payment')
       OR (p_kind.refers = 'reversal' AND NOT (SELECT reversible FROM ledger.kind WHERE name = original.kind)) THEN
        PERFORM ledger.refuse('MG014', 'reference_wrong');
    END IF;
    IF EXISTS (SELECT FROM ledger.transaction WHERE district_id = p_district AND refers_to = p_refers AND kind = 'reversal') THEN
        PERFORM ledger.refuse('MG015', 'already_reversed');
    END IF;
    IF p_kind.refers = 'reversal' THEN
        SELECT array_agg(-amount ORDER BY place) INTO negated
        FROM unnest(original.amounts) WITH ORDINALITY AS l (amount, place);
        IF p_accounts <> original.accounts OR p_amounts <> negated THEN
            PERFORM ledger.refuse('MG014', 'reference_wrong');
        END IF;
        RETURN;
    END IF;
    FOR i IN 1 .. cardinality(p_accounts) LOOP
        remainder := ledger.left_of(p_district, p_refers, p_accounts[i]);
        IF sign(p_amounts[i]) = sign(remainder) OR abs(p_amounts[i]) > abs(remainder) THEN
            PERFORM ledger.refuse('MG016', 'refund_too_large', jsonb_build_object('left', abs(remainder)));
        END IF;
    END LOOP;
END $$;

CREATE FUNCTION ledger.answer_of_key(p_district bigint, p_key uuid, p_hash bytea) RETURNS ledger.transaction
LANGUAGE plpgsql STABLE SET search_path = ledger, pg_temp AS $$
DECLARE
    known ledger.transaction;
BEGIN
    SELECT * INTO known FROM ledger.transaction WHERE district_id = p_district AND key = p_key;
    IF NOT FOUND THEN
        RETURN NULL;
    ELSIF known.kind = 'key_closed' THEN
        PERFORM ledger.refuse('MG003', 'key_closed');
    ELSIF known.command_hash <> p_hash THEN
        PERFORM ledger.refuse('MG002', 'idempotency_key_reused');
    END IF;
    RETURN known;
END $$;

CREATE FUNCTION ledger.post_one(
    p_district bigint, p_kind text, p_key uuid, p_hash bytea, p_refers bigint, p_hold bigint, p_facts jsonb,
    p_accounts bigint[], p_amounts bigint[], p_posted_at timestamptz,
    OUT transaction_id bigint, OUT posted_at timestamptz, OUT replayed boolean)
LANGUAGE plpgsql SET search_path = ledger, pg_temp SET plan_cache_mode = force_generic_plan AS $$
DECLARE
    the_kind ledger.kind;
    the_series ledger.series;
    known ledger.transaction;
    a ledger.account;
    held_accounts ledger.account[];
    the_position bigint;
    amount bigint;
    natural_after bigint;
    legs int := cardinality(p_accounts);
BEGIN
    -- 1. Locks, in ascending order of account id.
    FOR i IN 1 .. legs LOOP
        SELECT * INTO a FROM ledger.account
        WHERE district_id = p_district AND id = p_accounts[i] AND (locked OR sign * p_amounts[i] < 0) FOR NO KEY UPDATE;
        IF NOT FOUND THEN
            SELECT * INTO a FROM ledger.account WHERE district_id = p_district AND id = p_accounts[i];
        END IF;
        held_accounts[i] := a;
    END LOOP;
    posted_at := COALESCE(p_posted_at, clock_timestamp());

    -- 2. A known key is answered before anything else can refuse: the world may have changed since its first answer.
    known := ledger.answer_of_key(p_district, p_key, p_hash);
    IF known.id IS NOT NULL THEN
        transaction_id := known.id; posted_at := known.posted_at; replayed := true;
        RETURN;
    END IF;

    -- 3. The transaction as a whole.
    SELECT * INTO the_kind FROM ledger.kind WHERE name = p_kind AND session_user = ANY (posters);
    IF NOT FOUND THEN
        PERFORM ledger.refuse('MG010', 'kind_forbidden', jsonb_build_object('kind', p_kind));
    END IF;
    IF legs < 2 OR legs <> cardinality(p_amounts) THEN
        PERFORM ledger.refuse('MG012', 'unbalanced');
    END IF;

    -- 4. Each line, in order of account id.
    FOR i IN 1 .. legs LOOP
        a := held_accounts[i];
        amount := p_amounts[i];
        IF a.id IS NULL THEN
            PERFORM ledger.refuse('MG004', 'account_unknown', jsonb_build_object('account', p_accounts[i]));
        ELSIF i > 1 AND p_accounts[i] <= p_accounts[i - 1] THEN
            PERFORM ledger.refuse('MG013', 'lines_unsorted');
        ELSIF amount = 0 OR (a.role || CASE WHEN amount > 0 THEN '+' ELSE '-' END) <> ALL (the_kind.moves) THEN
            PERFORM ledger.refuse('MG011', 'movement_forbidden', jsonb_build_object('role', a.role));
        ELSIF a.state <> 'open' THEN
            PERFORM ledger.refuse('MG005', 'account_' || a.state, jsonb_build_object('role', a.role));
        END IF;
        IF a.series_id <> 0 AND a.series_id IS DISTINCT FROM the_series.id THEN
            SELECT * INTO the_series FROM ledger.series WHERE district_id = p_district AND id = a.series_id;
            IF posted_at < the_series.valid_from THEN
                PERFORM ledger.refuse('MG006', 'series_not_yet', jsonb_build_object('from', the_series.valid_from));
            ELSIF posted_at >= the_series.valid_until THEN
                PERFORM ledger.refuse('MG007', 'series_ended', jsonb_build_object('until', the_series.valid_until));
            END IF;
        END IF;
        IF the_kind.is_capped AND abs(amount) > the_series.payment_max THEN
            PERFORM ledger.refuse('MG008', 'payment_too_large', jsonb_build_object('limit', the_series.payment_max));
        END IF;
    END LOOP;
    IF legs = 2 THEN  -- nearly every payment: spare it the set-based check
        IF p_amounts[1]::numeric + p_amounts[2] <> 0 OR held_accounts[1].unit <> held_accounts[2].unit
           OR (the_kind.keeps_series AND held_accounts[1].series_id <> held_accounts[2].series_id) THEN
            PERFORM ledger.refuse('MG012', 'unbalanced');
        END IF;
    ELSIF EXISTS (SELECT FROM unnest(p_accounts, p_amounts) AS l (account_id, amount)
                  JOIN ledger.account x ON x.district_id = p_district AND x.id = l.account_id
                  GROUP BY x.unit, CASE WHEN the_kind.keeps_series THEN x.series_id END HAVING sum(l.amount) <> 0) THEN
        PERFORM ledger.refuse('MG012', 'unbalanced');
    END IF;
    PERFORM ledger.check_reference(p_district, the_kind, p_refers, p_accounts, p_amounts);
    IF p_hold IS NOT NULL THEN
        PERFORM ledger.check_hold(p_district, p_hold, p_accounts, p_amounts, posted_at);
    END IF;

    -- 5. Floors and ceilings.
    FOR i IN 1 .. legs LOOP
        a := held_accounts[i];
        amount := p_amounts[i];
        IF a.sign * amount < 0 AND a.floor IS NOT NULL THEN
            natural_after := a.sign * (amount + CASE WHEN a.locked THEN a.balance ELSE ledger.appended_balance(a) END);
            IF a.hold_until > posted_at THEN
                natural_after := natural_after - ledger.held(a, posted_at, p_hold);
            END IF;
            IF natural_after < a.floor THEN
                PERFORM ledger.refuse('MG001', 'insufficient_balance',
                    jsonb_build_object('shortage', a.floor - natural_after, 'role', a.role));
            END IF;
        ELSIF a.sign * amount > 0 AND the_kind.fills AND a.locked THEN
            IF a.series_id <> 0 AND a.series_id IS DISTINCT FROM the_series.id THEN
                SELECT * INTO the_series FROM ledger.series WHERE district_id = p_district AND id = a.series_id;
            END IF;
            natural_after := a.sign * (a.balance + amount);
            IF natural_after > COALESCE(a.ceiling, the_series.balance_max) THEN
                PERFORM ledger.refuse('MG009', 'ceiling_passed', jsonb_build_object('role', a.role,
                    'room', GREATEST(0, COALESCE(a.ceiling, the_series.balance_max) - a.sign * a.balance)));
            END IF;
        END IF;
    END LOOP;

    -- 6. Write.
    SELECT pg_current_xact_id()::text::bigint + position_offset INTO the_position FROM ledger.epoch;
    transaction_id := nextval('ledger.transaction_id_seq');
    replayed := false;
    INSERT INTO ledger.transaction VALUES (p_district, transaction_id, p_key, p_hash, p_kind, posted_at, the_position,
        p_refers, p_hold, p_accounts, p_amounts, p_facts) ON CONFLICT (district_id, key) DO NOTHING;
    IF NOT FOUND THEN  -- the same key came in at the same moment on other accounts, and is committed now
        known := ledger.answer_of_key(p_district, p_key, p_hash);
        transaction_id := known.id; posted_at := known.posted_at; replayed := true;
        RETURN;
    END IF;
    FOR i IN 1 .. legs LOOP
        a := held_accounts[i];
        IF a.locked THEN
            UPDATE ledger.account SET balance = balance + p_amounts[i], entry_count = entry_count + 1
            WHERE district_id = p_district AND id = a.id;
            INSERT INTO ledger.entry VALUES (p_district, a.id, a.entry_count + 1, transaction_id, p_amounts[i],
                a.balance + p_amounts[i], posted_at);
        ELSE
            INSERT INTO ledger.entry VALUES (p_district, a.id, the_position, transaction_id, p_amounts[i], NULL, posted_at);
        END IF;
    END LOOP;
    IF p_hold IS NOT NULL THEN
        INSERT INTO ledger.hold_end VALUES (p_district, p_hold, posted_at, transaction_id);
    END IF;
END $$;

-- The one door. All or nothing: the first refusal ends the call, its detail says which transaction (`index`, from 0).
-- p_lines: how many of p_accounts/p_amounts belong to each transaction, in order. p_posted_at: NULL but for the demo's role.
CREATE FUNCTION ledger.post(
    p_district bigint, p_kinds text[], p_keys uuid[], p_hashes bytea[], p_refers bigint[], p_holds bigint[], p_facts jsonb[],
    p_lines int[], p_accounts bigint[], p_amounts bigint[], p_posted_at timestamptz[] DEFAULT NULL)
RETURNS TABLE (transaction_id bigint, posted_at timestamptz, replayed boolean)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = ledger, pg_temp SET plan_cache_mode = force_generic_plan AS $$
DECLARE
    first int := 1;
    answer record;
BEGIN
    IF current_setting('transaction_isolation') <> 'read committed' THEN
        -- A waiter must see what was committed while it waited.
        RAISE EXCEPTION 'ledger.post needs READ COMMITTED' USING ERRCODE = 'invalid_transaction_state';
    END IF;
    IF p_posted_at IS NOT NULL AND session_user <> 'meguri_demo' THEN
        PERFORM ledger.refuse('MG017', 'time_not_yours');
    END IF;
    IF cardinality(p_kinds) > 1000 OR cardinality(p_accounts) <> (SELECT COALESCE(sum(n), 0) FROM unnest(p_lines) AS n) THEN
        PERFORM ledger.refuse('MG018', 'batch_wrong');
    END IF;
    IF cardinality(p_kinds) > 1 THEN
        PERFORM FROM ledger.account a JOIN unnest(p_accounts, p_amounts) AS l (account_id, amount) ON l.account_id = a.id
        WHERE a.district_id = p_district AND (a.locked OR a.sign * l.amount < 0) ORDER BY a.id FOR NO KEY UPDATE OF a;
    END IF;
    FOR i IN 1 .. cardinality(p_kinds) LOOP
        SELECT * INTO answer FROM ledger.post_one(p_district, p_kinds[i], p_keys[i], p_hashes[i], p_refers[i], p_holds[i], p_facts[i],
            p_accounts[first : first + p_lines[i] - 1], p_amounts[first : first + p_lines[i] - 1], p_posted_at[i]);
        transaction_id := answer.transaction_id; posted_at := answer.posted_at; replayed := answer.replayed;
        RETURN NEXT;
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
