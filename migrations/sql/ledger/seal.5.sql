-- As in seal.4.sql, and what each role moved on each day costs a third of what it did: lines are added up once, and none is sorted.
--
-- One round: seals up to p_limit transactions and gives the districts that grew, by how much, with their new size and root. Nothing where
-- there is no news, or where another sealer is at work. Few rows out of many, row by row along the indexes: that is what it must do
-- each second, and what the planner would not choose for a log that is young or whose end it does not know.
CREATE OR REPLACE FUNCTION ledger.seal(p_limit int) RETURNS TABLE (district bigint, added bigint, size bigint, root bytea)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = ledger, pg_temp SET plan_cache_mode = force_generic_plan
SET enable_seqscan = off SET enable_bitmapscan = off AS $$
DECLARE
    is_first_write boolean := pg_current_xact_id_if_assigned() IS NULL;  -- else our id may be below that of who drew the last number
    drawn bigint;
    s ledger.sealer;
    is_settled boolean;
    grown record;
    sealed bigint := 0;
    reached bigint := 0;
BEGIN
    IF current_setting('transaction_isolation') <> 'read committed' THEN
        RAISE EXCEPTION 'ledger.seal needs READ COMMITTED' USING ERRCODE = 'invalid_transaction_state';
    END IF;
    SELECT CASE WHEN is_called THEN last_value ELSE 0 END INTO drawn FROM ledger.transaction_id_seq;
    SELECT * INTO s FROM ledger.sealer;
    IF NOT EXISTS (SELECT FROM ledger.unsealed(s.final_id, 1)) AND (s.final_id = s.mark_id OR ledger.horizon() < s.mark_position) THEN
        RETURN;
    END IF;
    SELECT * INTO s FROM ledger.sealer FOR UPDATE SKIP LOCKED;  -- this draws our own transaction id: above everything that drew `drawn`
    IF NOT FOUND THEN
        RETURN;
    END IF;
    is_settled := ledger.horizon() >= s.mark_position;  -- asked before the book is looked at: the next statement sees all of it

    FOR grown IN
        WITH due AS MATERIALIZED (
            SELECT t AS row, t.district_id, t.id, row_number() OVER (PARTITION BY t.district_id ORDER BY t.id) - 1 AS nth
            FROM ledger.unsealed(s.final_id, p_limit) t
        ), begun AS MATERIALIZED (
            SELECT d.district_id, COALESCE((SELECT l.place + 1 FROM ledger.leaf l WHERE l.district_id = d.district_id
                                            ORDER BY l.place DESC LIMIT 1), 0) AS first
            FROM (SELECT DISTINCT district_id FROM due) d
        ), looked_up AS MATERIALIZED (
            SELECT due.row, due.district_id, due.id, first + nth AS place, (due.row).posted_at AS at,
                   ((due.row).posted_at AT TIME ZONE 'Asia/Tokyo')::date AS day, e.*
            FROM due JOIN begun USING (district_id)
            CROSS JOIN LATERAL (
                SELECT COALESCE(string_agg(ledger.encode_leg(a.account, l.amount), '' ORDER BY l.line), '') AS legs,
                       COALESCE(sum(l.amount) FILTER (WHERE l.amount > 0 AND (a.account).unit = 0), 0) AS total,
                       array_agg((a.account).role ORDER BY l.line) AS roles,
                       array_agg((a.account).series_id ORDER BY l.line) AS series,
                       array_agg((a.account).unit ORDER BY l.line) AS units,
                       array_agg((a.account).role || (a.account).series_id ORDER BY l.line) AS keys,
                       array_agg(CASE WHEN (a.account).unit = 0 THEN (a.account).role END ORDER BY l.line) AS roles_in_yen
                FROM unnest((due.row).accounts, (due.row).amounts) WITH ORDINALITY AS l (account_id, amount, line)
                CROSS JOIN LATERAL (SELECT x AS account FROM ledger.account x WHERE x.district_id = due.district_id AND x.id = l.account_id
                                    OFFSET 0) a) e  -- as above: else each transaction may be joined with all accounts of its district
        ), placed AS (
            INSERT INTO ledger.leaf
            SELECT district_id, place, id, sha256('\x00'::bytea || ledger.encode_transaction(looked_up.row, legs)) FROM looked_up
            RETURNING *
        ), listed AS (
            INSERT INTO ledger.amount
            SELECT u.district_id, each.amount, u.id FROM looked_up u CROSS JOIN LATERAL (
                SELECT abs(l) AS amount FROM unnest((u.row).amounts) AS l UNION SELECT u.total WHERE u.total > 0) each
        ), counted AS (
            INSERT INTO ledger.contents AS c
            SELECT u.district_id, u.day, (u.row).kind, each.series_id,
                   min(u.id), max(u.id), count(*), sum(u.total)
            FROM looked_up u CROSS JOIN LATERAL (SELECT DISTINCT series_id FROM unnest(u.series || 0::bigint) AS series_id) each
            GROUP BY 1, 2, 3, 4
            ON CONFLICT (district_id, day, kind, series_id) DO UPDATE
            SET first_id = LEAST(c.first_id, EXCLUDED.first_id), last_id = GREATEST(c.last_id, EXCLUDED.last_id),
                transactions = c.transactions + EXCLUDED.transactions, amount = c.amount + EXCLUDED.amount
        ), days AS (  -- a transaction counts once, with the first of its lines that belong together
            SELECT u.district_id, l.role, l.series_id, u.day, min(l.unit) AS unit, sum(GREATEST(l.amount, 0)) AS debit,
                   sum(GREATEST(-l.amount, 0)) AS credit, max(u.id) AS last_id, max(u.at) AS last_at,
                   count(*) FILTER (WHERE array_position(u.keys, l.key) = l.line) AS transactions,
                   count(*) FILTER (WHERE array_position(u.roles_in_yen, l.role) = l.line) AS in_yen
            FROM looked_up u CROSS JOIN LATERAL unnest(u.roles, u.series, u.units, u.keys, (u.row).amounts)
                WITH ORDINALITY AS l (role, series_id, unit, key, amount, line)
            GROUP BY 1, 2, 3, 4
        ), summed AS (
            INSERT INTO ledger.role_day AS d
            SELECT y.district_id, y.role, y.series_id, y.day, y.unit, y.debit, y.credit, y.transactions, y.last_id, y.last_at FROM days y
            UNION ALL
            SELECT y.district_id, y.role, -1, y.day, 0, sum(y.debit), sum(y.credit), sum(y.in_yen), max(y.last_id), max(y.last_at)
            FROM days y WHERE y.unit = 0 GROUP BY y.district_id, y.role, y.day
            ON CONFLICT (district_id, role, series_id, day) DO UPDATE
            SET debit = d.debit + EXCLUDED.debit, credit = d.credit + EXCLUDED.credit, transactions = d.transactions + EXCLUDED.transactions,
                last_id = GREATEST(d.last_id, EXCLUDED.last_id), last_at = GREATEST(d.last_at, EXCLUDED.last_at)
        )
        SELECT p.district_id, min(p.place) AS first, max(p.place) + 1 AS end_place, count(*) AS leaves, max(p.transaction_id) AS last
        FROM placed p GROUP BY p.district_id
    LOOP
        PERFORM ledger.add_nodes(grown.district_id, grown.first, grown.end_place);
        district := grown.district_id;
        added := grown.leaves;
        size := grown.end_place;
        root := ledger.log_root(district, size);
        sealed := sealed + added;
        reached := GREATEST(reached, grown.last);
        RETURN NEXT;
    END LOOP;

    IF is_settled THEN  -- a round that was full has left some of what is final for the next one
        s.final_id := GREATEST(s.final_id, CASE WHEN sealed < p_limit THEN s.mark_id ELSE LEAST(s.mark_id, reached) END);
        IF s.final_id = s.mark_id AND is_first_write THEN
            s.mark_id := GREATEST(s.mark_id, drawn);
            s.mark_position := pg_current_xact_id()::text::bigint + (SELECT position_offset FROM ledger.epoch);
        END IF;
        UPDATE ledger.sealer SET final_id = s.final_id, mark_id = s.mark_id, mark_position = s.mark_position;
    END IF;
END $$;
