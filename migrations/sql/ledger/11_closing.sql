-- The month is closed: what it holds is written down, and nothing can be added to it afterwards.
--
-- Why nothing can: `post` dates by the database's clock, so only a transaction that was already under way when the month ended can
-- still bring an entry of it. `close_month` waits for those. Each posting locks at least one balance row before it reads the clock
-- (the side that a kind only appends to is never the only one), so whoever has drawn a moment of the month has a transaction id
-- below that of the close. The paying path pays nothing for it: no statement, no lock, not even a comparison. The one role that may
-- give moments of the past (the demo's) is refused those of a closed month in `post`.

-- Debits and credits of each role and series in [p_start, p_end), with what stood there before: `opening` at p_start,
-- `before_year` at p_year, which is not after p_start. Debit positive.
CREATE FUNCTION ledger.sums(p_district bigint, p_year timestamptz, p_start timestamptz, p_end timestamptz)
RETURNS TABLE (role text, class text, series_id bigint, unit bigint, before_year bigint, opening bigint, debit bigint, credit bigint)
LANGUAGE sql STABLE AS $$
    SELECT a.role, r.class, a.series_id, a.unit,
           COALESCE(sum(e.amount) FILTER (WHERE e.posted_at < p_year), 0)::bigint,
           COALESCE(sum(e.amount) FILTER (WHERE e.posted_at < p_start), 0)::bigint,
           COALESCE(sum(e.amount) FILTER (WHERE e.posted_at >= p_start AND e.amount > 0), 0)::bigint,
           COALESCE(-sum(e.amount) FILTER (WHERE e.posted_at >= p_start AND e.amount < 0), 0)::bigint
    FROM ledger.account a
    JOIN ledger.role r ON r.name = a.role
    JOIN ledger.entry e ON e.district_id = a.district_id AND e.account_id = a.id AND e.posted_at < p_end
    WHERE a.district_id = p_district
    GROUP BY a.role, r.class, a.series_id, a.unit
$$;

CREATE TABLE ledger.closing (
    district_id bigint NOT NULL,
    id bigint NOT NULL,
    month date NOT NULL CHECK (extract(day FROM month) = 1),
    closed_by bigint NOT NULL,              -- person
    closed_at timestamptz NOT NULL,
    sums jsonb NOT NULL,                    -- [[role, series, unit, opening, debit, credit], …] as it was then
    PRIMARY KEY (district_id, id)
);
CREATE SEQUENCE ledger.closing_id_seq;

-- Opened again: who asked and why stands in the proposal, who agreed in its decision. Never the same person.
CREATE TABLE ledger.reopening (
    district_id bigint NOT NULL,
    closing_id bigint NOT NULL,
    proposal_id bigint NOT NULL,
    reopened_at timestamptz NOT NULL,
    PRIMARY KEY (district_id, closing_id),
    FOREIGN KEY (district_id, closing_id) REFERENCES ledger.closing (district_id, id),
    FOREIGN KEY (district_id, proposal_id) REFERENCES ledger.decision (district_id, proposal_id)
);

DO $$
DECLARE t text;
BEGIN
    FOREACH t IN ARRAY ARRAY['closing', 'reopening'] LOOP
        EXECUTE format('CREATE TRIGGER never_edited BEFORE UPDATE OR DELETE ON ledger.%I FOR EACH ROW EXECUTE FUNCTION ledger.never()', t);
        EXECUTE format('CREATE TRIGGER never_emptied BEFORE TRUNCATE ON ledger.%I FOR EACH STATEMENT EXECUTE FUNCTION ledger.never()', t);
    END LOOP;
END $$;

-- The first moment after a month, in Tokyo.
CREATE FUNCTION ledger.month_end(p_month date) RETURNS timestamptz LANGUAGE sql STABLE AS $$
    SELECT (p_month + interval '1 month') AT TIME ZONE 'Asia/Tokyo'
$$;

-- The newest month that is closed; NULL: none is.
CREATE FUNCTION ledger.closed_month(p_district bigint) RETURNS date LANGUAGE sql STABLE AS $$
    SELECT max(c.month) FROM ledger.closing c WHERE c.district_id = p_district
      AND NOT EXISTS (SELECT FROM ledger.reopening r WHERE r.district_id = c.district_id AND r.closing_id = c.id)
$$;

-- Waits until every transaction with an id below our own has ended, so that what it wrote is seen. False: one goes on too long.
CREATE FUNCTION ledger.all_arrived(p_patience interval) RETURNS boolean LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    own xid8 := pg_current_xact_id();
    patient_until timestamptz := clock_timestamp() + p_patience;
BEGIN
    WHILE pg_snapshot_xmin(pg_current_snapshot()) < own LOOP
        IF clock_timestamp() >= patient_until THEN
            RETURN false;
        END IF;
        PERFORM pg_sleep(0.05);
    END LOOP;
    RETURN true;
END $$;

-- Closes months one after the other; the first may be any. A minute of grace covers a clock that was set back a little.
CREATE FUNCTION ledger.close_month(p_district bigint, p_month date, p_person bigint, p_patience interval DEFAULT '5 seconds')
RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = ledger, pg_temp AS $$
DECLARE
    last_closed date;
    new_id bigint;
BEGIN
    IF current_setting('transaction_isolation') <> 'read committed' THEN
        RAISE EXCEPTION 'ledger.close_month needs READ COMMITTED' USING ERRCODE = 'invalid_transaction_state';
    END IF;
    PERFORM pg_advisory_xact_lock(hashtextextended(format('ledger.closing %s', p_district), 0));
    last_closed := ledger.closed_month(p_district);
    IF p_month <= last_closed THEN
        PERFORM ledger.refuse('MG040', 'month_closed');
    ELSIF p_month <> last_closed + interval '1 month' THEN
        PERFORM ledger.refuse('MG041', 'months_in_order');
    ELSIF now() < ledger.month_end(p_month) + interval '1 minute' THEN  -- our transaction began after the month, so did its id
        PERFORM ledger.refuse('MG042', 'month_not_over');
    ELSIF NOT ledger.all_arrived(p_patience) THEN
        PERFORM ledger.refuse('MG043', 'book_busy');
    END IF;
    new_id := nextval('ledger.closing_id_seq');
    INSERT INTO ledger.closing
    SELECT p_district, new_id, p_month, p_person, clock_timestamp(),
           COALESCE(jsonb_agg(jsonb_build_array(s.role, s.series_id, s.unit, s.opening, s.debit, s.credit)
                              ORDER BY s.role, s.series_id, s.unit), '[]')
    FROM (SELECT p_month::timestamp AT TIME ZONE 'Asia/Tokyo' AS first_moment) AS m
    CROSS JOIN LATERAL ledger.sums(p_district, m.first_moment, m.first_moment, ledger.month_end(p_month)) AS s;
    RETURN new_id;
END $$;

-- Opens the newest closed month again, as an approved proposal names it; again is harmless.
CREATE FUNCTION ledger.reopen_month(p_district bigint, p_proposal bigint) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = ledger, pg_temp AS $$
DECLARE
    of_closing ledger.closing;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended(format('ledger.closing %s', p_district), 0));
    SELECT c.* INTO of_closing FROM ledger.closing c
    JOIN ledger.proposal p ON p.district_id = c.district_id AND p.id = p_proposal AND p.purpose = 'reopen_month'
    JOIN ledger.decision d ON d.district_id = p.district_id AND d.proposal_id = p.id AND d.approved
    WHERE c.district_id = p_district AND c.id = (p.facts ->> 'closing')::bigint;
    IF NOT FOUND THEN
        PERFORM ledger.refuse('MG019', 'not_approved');
    ELSIF EXISTS (SELECT FROM ledger.reopening WHERE district_id = p_district AND closing_id = of_closing.id) THEN
        RETURN;
    ELSIF of_closing.month <> ledger.closed_month(p_district) THEN
        PERFORM ledger.refuse('MG041', 'months_in_order');
    END IF;
    INSERT INTO ledger.reopening VALUES (p_district, of_closing.id, p_proposal, clock_timestamp());
END $$;

-- As in 2_post.sql; moments that the demo gives must not lie in a closed month.
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

REVOKE EXECUTE ON FUNCTION ledger.sums, ledger.month_end, ledger.closed_month, ledger.all_arrived, ledger.close_month, ledger.reopen_month
    FROM PUBLIC;
GRANT EXECUTE ON FUNCTION ledger.sums, ledger.month_end, ledger.closed_month TO meguri_web, meguri_desk;
GRANT EXECUTE ON FUNCTION ledger.close_month, ledger.reopen_month TO meguri_web;
GRANT SELECT ON ledger.closing, ledger.reopening TO meguri_web, meguri_desk;
