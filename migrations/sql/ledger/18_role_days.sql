-- What each role stood at, at any past moment, and what it did in any period, without adding up all entries: the sealer, which looks at each
-- transaction once anyway, keeps a row for each role, series and day. Derived like the lists of 14_finding.sql, and made anew with them.
-- Everything that is sealed is in these rows, and nothing else is.
CREATE TABLE ledger.role_day (
    district_id bigint NOT NULL,
    role text NOT NULL,
    series_id bigint NOT NULL,              -- 0: plain yen; -1: all lines of the role in yen, whatever their series
    day date NOT NULL,                      -- in Tokyo
    unit bigint NOT NULL,
    debit bigint NOT NULL,
    credit bigint NOT NULL,
    transactions bigint NOT NULL,
    last_id bigint NOT NULL,
    last_at timestamptz NOT NULL,
    PRIMARY KEY (district_id, role, series_id, day)
);

-- Adds up what is in `line`, the temporary table of rebuild_lists.
CREATE FUNCTION ledger.add_role_days() RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO ledger.role_day
    SELECT l.district_id, l.role, each.series_id, l.day, min(l.unit), COALESCE(sum(l.amount) FILTER (WHERE l.amount > 0), 0),
           COALESCE(-sum(l.amount) FILTER (WHERE l.amount < 0), 0), count(DISTINCT l.id), max(l.id), max(l.posted_at)
    FROM line l CROSS JOIN LATERAL (SELECT l.series_id UNION ALL SELECT -1 WHERE l.unit = 0) each (series_id)
    WHERE l.amount IS NOT NULL GROUP BY 1, 2, 3, 4;
END $$;

-- As in 14_finding.sql, and the days of the roles with the lists.
CREATE OR REPLACE FUNCTION ledger.rebuild_lists() RETURNS void LANGUAGE plpgsql SET search_path = ledger, pg_temp AS $$
BEGIN
    LOCK TABLE ledger.sealer IN ACCESS EXCLUSIVE MODE;
    TRUNCATE ledger.contents, ledger.amount, ledger.role_day;
    CREATE TEMPORARY TABLE line ON COMMIT DROP AS
    SELECT t.district_id, t.id, t.kind, t.posted_at, (t.posted_at AT TIME ZONE 'Asia/Tokyo')::date AS day, a.role, a.series_id, a.unit, l.amount
    FROM ledger.leaf f JOIN ledger.transaction t ON t.district_id = f.district_id AND t.id = f.transaction_id
    LEFT JOIN LATERAL unnest(t.accounts, t.amounts) AS l (account_id, amount) ON true
    LEFT JOIN ledger.account a ON a.district_id = t.district_id AND a.id = l.account_id;
    INSERT INTO ledger.amount
    SELECT DISTINCT district_id, abs(amount), id FROM line WHERE amount IS NOT NULL
    UNION
    SELECT district_id, sum(amount), id FROM line WHERE amount > 0 AND unit = 0 GROUP BY district_id, id;
    INSERT INTO ledger.contents
    SELECT district_id, day, kind, series_id, min(id), max(id), count(*), sum(total) FROM (
        SELECT l.district_id, l.day, l.kind, s.series_id, l.id, COALESCE(sum(l.amount) FILTER (WHERE l.amount > 0 AND l.unit = 0), 0) AS total
        FROM line l JOIN (SELECT DISTINCT district_id, id, COALESCE(series_id, 0) AS series_id FROM line
                          UNION SELECT district_id, id, 0 FROM line) s ON s.district_id = l.district_id AND s.id = l.id
        GROUP BY l.district_id, l.day, l.kind, s.series_id, l.id) t
    GROUP BY district_id, day, kind, series_id;
    PERFORM ledger.add_role_days();
END $$;

REVOKE EXECUTE ON FUNCTION ledger.add_role_days FROM PUBLIC;
GRANT SELECT ON ledger.role_day TO meguri_web, meguri_desk;
SELECT ledger.rebuild_lists();
