-- As in post_set.4.sql; what creates value (22_mandates.sql) is left to `post_one`, too.
CREATE OR REPLACE FUNCTION ledger.post_set(
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
                                        AND (s.stopped IS NULL OR ledger.stop_of(d.kind, s.stopped) IS NULL)
                                        AND (NOT k.is_capped OR abs(l.amount) <= s.payment_max))
                   AND (l.n % 2 = 1 OR length(d.hash) = 32 AND known.id IS NULL
                        AND p_accounts[l.n - 1] < l.account_id AND p_amounts[l.n - 1] = -l.amount
                        AND CASE WHEN k.needs_approval AND NOT p_approved THEN
                            ledger.is_approved(p_district, d.key, d.kind, d.hash, ARRAY[p_accounts[l.n - 1], l.account_id],
                                               ARRAY[p_amounts[l.n - 1], l.amount]) ELSE true END) AS usual
        FROM unnest(p_accounts, p_amounts) WITH ORDINALITY AS l (account_id, amount, n)
        JOIN unnest(p_kinds, p_keys, p_hashes) WITH ORDINALITY AS d (kind, key, hash, place) ON d.place = (l.n + 1) / 2
        LEFT JOIN (SELECT name, moves, keeps_series, is_capped, fills, needs_approval,
                          session_user = ANY (posters) AND refers IS NULL AND after_end = 'never' AND NOT passes_on
                              AND name <> ALL ('{payment_again,top_up_again,point_earn,point_given,point_back,point_close,agent_top_up,top_up}') AS is_usual
                   FROM ledger.kind OFFSET 0) k ON k.name = d.kind
        LEFT JOIN LATERAL (SELECT * FROM ledger.account x WHERE x.district_id = p_district AND x.id = l.account_id OFFSET 0) a ON true
        LEFT JOIN LATERAL (SELECT * FROM ledger.series y WHERE y.district_id = p_district AND y.id = a.series_id OFFSET 0) s ON true
        LEFT JOIN LATERAL (SELECT t.id FROM ledger.transaction t WHERE t.district_id = p_district AND t.key = d.key AND l.n % 2 = 0
                           AND NOT p_approved OFFSET 0) known ON true  -- of a proposal's piece they were looked up a moment ago
        WINDOW so_far AS (PARTITION BY l.account_id ORDER BY l.n ROWS UNBOUNDED PRECEDING)
    ), looked_at AS (
        SELECT n, position, after, again, unit, series_id, keeps_series,
               COALESCE(usual AND CASE WHEN sign * amount < 0 THEN locked AND hold_until <= at AND (sign * after >= floor) IS NOT FALSE
                                       ELSE hold_until < 'infinity' AND (sign * after <= most) IS NOT FALSE END, false) AS is_fine
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
