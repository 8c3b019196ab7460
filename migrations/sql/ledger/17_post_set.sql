-- Many at once. `post_set` decides and writes a batch of plain transactions in five statements, however many they are: what `pay` is to
-- one payment. It refuses nothing: what it accepts must be what `post_one` accepts, and whatever is unusual is left to that.
-- 2_post.sql has what must always hold; docs/decisions/0020 has the figures, and why one transaction a person.

-- Of a batch whose accounts are locked already: `ids` has the number that each transaction got, NULL where it was left to `post_one`.
-- p_approved: whoever calls has seen that all of them are approved, line by line. p_whole: all or none.
-- Lines stand in pairs; two windows look at them, one by account (what stood there before this line) and one by transaction.
CREATE FUNCTION ledger.post_set(
    p_district bigint, p_kinds text[], p_keys uuid[], p_hashes bytea[], p_facts jsonb[], p_accounts bigint[], p_amounts bigint[],
    p_approved boolean, p_whole boolean, OUT ids bigint[], OUT at timestamptz)
LANGUAGE plpgsql SET enable_seqscan = off SET enable_bitmapscan = off AS $$  -- few rows out of many, each by its key
DECLARE
    the_position bigint := pg_current_xact_id()::text::bigint + (SELECT position_offset FROM ledger.epoch);  -- before the clock is read
    how_many int := cardinality(p_kinds);
    fine boolean[];        -- of each transaction
    positions bigint[];    -- of each line; NULL where the account is appended to
    afters bigint[];
    is_met_again boolean;  -- a locked account stands in two transactions
    numbers bigint[];      -- of each transaction; NULL where it is left out
BEGIN
    at := clock_timestamp();
    IF how_many <> ALL (ARRAY[cardinality(p_keys), cardinality(p_hashes), cardinality(p_facts), cardinality(p_accounts) / 2])
       OR cardinality(p_accounts) <> 2 * how_many OR cardinality(p_amounts) <> 2 * how_many
       OR 1 <> ALL (ARRAY[array_lower(p_accounts, 1), array_lower(p_amounts, 1), array_ndims(p_accounts), array_ndims(p_amounts)])
       OR -9223372036854775808 = ANY (p_amounts) THEN  -- it has no opposite
        RETURN;
    END IF;

    WITH line AS (
        SELECT l.n, l.amount, a.locked, a.sign, a.floor, a.hold_until, a.unit, a.series_id, k.keeps_series,
               CASE WHEN a.locked THEN a.entry_count + row_number() OVER so_far END AS position,
               CASE WHEN a.locked THEN a.balance + (sum(l.amount) OVER so_far)::bigint END AS after,
               a.locked AND row_number() OVER so_far > 1 AS again,
               CASE WHEN a.locked AND k.fills THEN COALESCE(a.ceiling, s.balance_max) END AS most,
               k.is_usual AND l.amount <> 0 AND a.state = 'open' AND a.role || CASE WHEN l.amount > 0 THEN '+' ELSE '-' END = ANY (k.moves)
                   AND (s.id IS NULL OR at >= s.valid_from AND (at < s.valid_until) IS NOT FALSE
                                        AND (NOT k.is_capped OR abs(l.amount) <= s.payment_max))
                   AND (l.n % 2 = 1 OR length(d.hash) = 32 AND known.id IS NULL
                        AND p_accounts[l.n - 1] < l.account_id AND p_amounts[l.n - 1] = -l.amount
                        AND CASE WHEN k.needs_approval AND NOT p_approved THEN
                            ledger.is_approved(p_district, d.key, d.kind, d.hash, ARRAY[p_accounts[l.n - 1], l.account_id],
                                               ARRAY[p_amounts[l.n - 1], l.amount]) ELSE true END) AS usual
        FROM unnest(p_accounts, p_amounts) WITH ORDINALITY AS l (account_id, amount, n)
        JOIN unnest(p_kinds, p_keys, p_hashes) WITH ORDINALITY AS d (kind, key, hash, place) ON d.place = (l.n + 1) / 2
        LEFT JOIN (SELECT name, moves, keeps_series, is_capped, fills, needs_approval,
                          session_user = ANY (posters) AND refers IS NULL AND after_end = 'never' AS is_usual
                   FROM ledger.kind OFFSET 0) k ON k.name = d.kind
        LEFT JOIN LATERAL (SELECT * FROM ledger.account x WHERE x.district_id = p_district AND x.id = l.account_id OFFSET 0) a ON true
        LEFT JOIN LATERAL (SELECT * FROM ledger.series y WHERE y.district_id = p_district AND y.id = a.series_id OFFSET 0) s ON true
        LEFT JOIN LATERAL (SELECT t.id FROM ledger.transaction t WHERE t.district_id = p_district AND t.key = d.key AND l.n % 2 = 0
                           AND NOT p_approved OFFSET 0) known ON true  -- of a proposal's piece they were looked up a moment ago
        WINDOW so_far AS (PARTITION BY l.account_id ORDER BY l.n ROWS UNBOUNDED PRECEDING)
    ), looked_at AS (
        SELECT n, position, after, again, unit, series_id, keeps_series,
               COALESCE(usual AND CASE WHEN sign * amount < 0 THEN locked AND hold_until <= at AND (sign * after >= floor) IS NOT FALSE
                                       ELSE (sign * after <= most) IS NOT FALSE END, false) AS is_fine
        FROM line
    ), pair AS (
        SELECT n, position, after, again,
               CASE WHEN n % 2 = 0 THEN is_fine AND lag(is_fine) OVER in_order AND unit = lag(unit) OVER in_order
                                        AND (NOT keeps_series OR series_id = lag(series_id) OVER in_order) END AS is_fine
        FROM looked_at WINDOW in_order AS (ORDER BY n)
    )
    SELECT array_agg(is_fine ORDER BY n) FILTER (WHERE n % 2 = 0), array_agg(position ORDER BY n), array_agg(after ORDER BY n), bool_or(again)
    INTO fine, positions, afters, is_met_again FROM pair;

    -- Where one is left out, what was reckoned for the others holds only if none of their accounts is in it.
    IF (true = ANY (fine)) IS NOT TRUE OR (p_whole OR is_met_again) AND (true = ALL (fine)) IS NOT TRUE THEN
        RETURN;
    END IF;
    numbers := ARRAY(SELECT CASE WHEN fine[place] THEN nextval('ledger.transaction_id_seq') END FROM generate_series(1, how_many) AS place);

    INSERT INTO ledger.transaction
    SELECT p_district, d.id, d.key, d.hash, d.kind, at, the_position, NULL, NULL,
           ARRAY[p_accounts[2 * d.place - 1], p_accounts[2 * d.place]], ARRAY[p_amounts[2 * d.place - 1], p_amounts[2 * d.place]], d.facts
    FROM unnest(p_kinds, p_keys, p_hashes, p_facts, numbers) WITH ORDINALITY AS d (kind, key, hash, facts, id, place)
    WHERE d.id IS NOT NULL;
    INSERT INTO ledger.entry
    SELECT p_district, l.account_id, COALESCE(l.position, the_position), numbers[(l.n + 1) / 2], l.amount, l.after, at
    FROM unnest(p_accounts, p_amounts, positions, afters) WITH ORDINALITY AS l (account_id, amount, position, after, n)
    WHERE numbers[(l.n + 1) / 2] IS NOT NULL;
    UPDATE ledger.account a SET balance = a.balance + l.amount, entry_count = a.entry_count + l.moves
    FROM (SELECT account_id, sum(amount)::bigint AS amount, count(*) AS moves
          FROM unnest(p_accounts, p_amounts, positions) WITH ORDINALITY AS u (account_id, amount, position, n)
          WHERE position IS NOT NULL AND numbers[(n + 1) / 2] IS NOT NULL GROUP BY account_id) l
    WHERE a.district_id = p_district AND a.id = l.account_id;
    ids := numbers;
EXCEPTION WHEN unique_violation THEN  -- a key that stands here twice, or came in at the same moment on other accounts
    ids := NULL;
END $$;

-- As in 11_closing.sql, and a batch of plain transactions goes through `post_set`.
CREATE OR REPLACE FUNCTION ledger.post(
    p_district bigint, p_kinds text[], p_keys uuid[], p_hashes bytea[], p_refers bigint[], p_holds bigint[], p_facts jsonb[],
    p_lines int[], p_accounts bigint[], p_amounts bigint[], p_posted_at timestamptz[] DEFAULT NULL)
RETURNS SETOF ledger.answer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = ledger, pg_temp SET plan_cache_mode = force_generic_plan AS $$
DECLARE
    first int := 1;
    answer ledger.answer;
    done record;
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
        PERFORM ledger.lock_lines(p_district, p_accounts, p_amounts);
    END IF;
    IF p_posted_at IS NULL AND 2 = ALL (p_lines) AND cardinality(p_lines) = cardinality(p_kinds)
       AND array_remove(p_refers, NULL) = '{}' AND array_remove(p_holds, NULL) = '{}' THEN
        SELECT ids, at INTO done FROM ledger.post_set(p_district, p_kinds, p_keys, p_hashes, p_facts, p_accounts, p_amounts, false, true);
        IF done.ids IS NOT NULL THEN
            RETURN QUERY SELECT id, done.at, false FROM unnest(done.ids) AS id;
            RETURN;
        END IF;
    END IF;
    FOR i IN 1 .. cardinality(p_kinds) LOOP
        answer := ledger.post_one(p_district, p_kinds[i], p_keys[i], p_hashes[i], p_refers[i], p_holds[i], p_facts[i],
            p_accounts[first : first + p_lines[i] - 1], p_amounts[first : first + p_lines[i] - 1], p_posted_at[i]);
        RETURN NEXT answer;
        first := first + p_lines[i];
    END LOOP;
END $$;

-- Takes every lock that these lines need, in ascending order of account id: one by one, as the outer side of a join that can only be a loop.
-- Each account is looked up by its key: without statistics all accounts of the district would be read.
CREATE FUNCTION ledger.lock_lines(p_district bigint, p_accounts bigint[], p_amounts bigint[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM FROM (SELECT account_id, min(amount) AS lowest, max(amount) AS highest
                  FROM unnest(p_accounts, p_amounts) AS u (account_id, amount) GROUP BY account_id ORDER BY account_id OFFSET 0) l
    CROSS JOIN LATERAL (SELECT FROM ledger.account a WHERE a.district_id = p_district AND a.id = l.account_id
                        AND (a.locked OR CASE a.sign WHEN 1 THEN l.lowest < 0 ELSE l.highest > 0 END) FOR NO KEY UPDATE) a;
END $$;

-- A piece of an approved proposal: those of its transactions from place p_first on that have no answer yet, up to p_limit, each for
-- itself. A row for each: its number, or the SQLSTATE and detail with which the book refused it; a refusal leaves the others alone, and
-- binds no key. What is posted is read here, so nothing but what was proposed and approved can be.
CREATE FUNCTION ledger.post_items(p_district bigint, p_proposal bigint, p_first int, p_limit int)
RETURNS TABLE (place int, transaction_id bigint, posted_at timestamptz, refused text, detail text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = ledger, pg_temp SET plan_cache_mode = force_generic_plan AS $$
DECLARE
    places int[];
    kinds text[];
    keys uuid[];
    hashes bytea[];
    notes jsonb[];
    accounts bigint[];
    amounts bigint[];
    is_plain boolean;
    done record;
    item ledger.proposal_item;
    answer ledger.answer;
BEGIN
    IF current_setting('transaction_isolation') <> 'read committed' THEN
        RAISE EXCEPTION 'ledger.post_items needs READ COMMITTED' USING ERRCODE = 'invalid_transaction_state';
    ELSIF NOT EXISTS (SELECT FROM ledger.decision d WHERE d.district_id = p_district AND d.proposal_id = p_proposal AND d.approved) THEN
        PERFORM ledger.refuse('MG019', 'not_approved');
    END IF;
    SELECT array_agg(i.place), array_agg(i.kind), array_agg(i.key), array_agg(i.command_hash), array_agg(i.facts),
           bool_and(cardinality(i.accounts) = 2 AND i.refers_to IS NULL)
    INTO places, kinds, keys, hashes, notes, is_plain
    FROM (SELECT * FROM ledger.proposal_item o WHERE o.district_id = p_district AND o.proposal_id = p_proposal AND o.place >= p_first
            AND NOT EXISTS (SELECT FROM ledger.transaction t WHERE t.district_id = o.district_id AND t.key = o.key)
          ORDER BY o.place LIMIT LEAST(p_limit, 1000)) i;
    IF places IS NULL THEN
        RETURN;
    END IF;
    SELECT array_agg(l.account_id ORDER BY i.place, l.n), array_agg(l.amount ORDER BY i.place, l.n) INTO accounts, amounts
    FROM ledger.proposal_item i CROSS JOIN LATERAL unnest(i.accounts, i.amounts) WITH ORDINALITY AS l (account_id, amount, n)
    WHERE i.district_id = p_district AND i.proposal_id = p_proposal AND i.place = ANY (places);
    PERFORM ledger.lock_lines(p_district, accounts, amounts);
    IF is_plain THEN
        SELECT s.ids, s.at INTO done
        FROM ledger.post_set(p_district, kinds, keys, hashes, notes, accounts, amounts, true, false) s;
    ELSE
        SELECT NULL::bigint[] AS ids, NULL::timestamptz AS at INTO done;
    END IF;
    FOR i IN 1 .. cardinality(places) LOOP
        place := places[i];
        transaction_id := done.ids[i];
        posted_at := done.at;
        refused := NULL;
        detail := NULL;
        IF transaction_id IS NULL THEN
            SELECT * INTO item FROM ledger.proposal_item o
            WHERE o.district_id = p_district AND o.proposal_id = p_proposal AND o.place = places[i];
            BEGIN
                answer := ledger.post_one(p_district, item.kind, item.key, item.command_hash, item.refers_to, NULL, item.facts,
                    item.accounts, item.amounts, NULL);
                transaction_id := answer.transaction_id;
                posted_at := answer.posted_at;
            EXCEPTION WHEN OTHERS THEN
                GET STACKED DIAGNOSTICS refused = RETURNED_SQLSTATE, detail = PG_EXCEPTION_DETAIL;
                IF refused NOT LIKE 'MG%' THEN
                    RAISE;
                END IF;
                posted_at := NULL;
            END;
        END IF;
        RETURN NEXT;
    END LOOP;
END $$;

-- As in 8_settlement.sql, all lines at once: a benefit has one for each resident of a town.
CREATE OR REPLACE FUNCTION ledger.propose(
    p_district bigint, p_maker bigint, p_purpose text, p_facts jsonb, p_kinds text[], p_keys uuid[], p_hashes bytea[],
    p_refers bigint[], p_item_facts jsonb[], p_lines int[], p_accounts bigint[], p_amounts bigint[], p_at timestamptz DEFAULT NULL)
RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = ledger, pg_temp AS $$
DECLARE
    new_id bigint := nextval('ledger.proposal_id_seq');
BEGIN
    IF p_at IS NOT NULL AND session_user <> 'meguri_demo' THEN
        PERFORM ledger.refuse('MG017', 'time_not_yours');
    END IF;
    INSERT INTO ledger.proposal VALUES (p_district, new_id, p_purpose, p_maker, COALESCE(p_at, clock_timestamp()), p_facts);
    INSERT INTO ledger.proposal_item
    SELECT p_district, new_id, i.place, i.kind, i.key, i.hash, i.refers, i.facts,
           ARRAY(SELECT p_accounts[n] FROM generate_series(i.last - i.lines + 1, i.last) AS n),
           ARRAY(SELECT p_amounts[n] FROM generate_series(i.last - i.lines + 1, i.last) AS n)
    FROM (SELECT *, (sum(lines) OVER (ORDER BY place))::int AS last
          FROM unnest(p_kinds, p_keys, p_hashes, p_refers, p_item_facts, p_lines)
              WITH ORDINALITY AS u (kind, key, hash, refers, facts, lines, place)) i;
    RETURN new_id;
EXCEPTION WHEN unique_violation THEN
    PERFORM ledger.refuse('MG002', 'idempotency_key_reused');
END $$;

REVOKE EXECUTE ON FUNCTION ledger.post_set, ledger.lock_lines, ledger.post_items FROM PUBLIC;
GRANT EXECUTE ON FUNCTION ledger.post_items TO meguri_web;
