-- What finds a transaction among millions, by day, kind, series and amount: two lists that the sealer keeps beside the log, so that
-- nothing here is on the paying path. Both are derived from the journal and may be rebuilt (`ledger.rebuild_lists`).
-- What the last second brought stands in neither: whoever searches looks at what is above `ledger.sealer.final_id`, too.

-- A table of contents: where in the journal a day's transactions of a kind stand. Ids hardly ever leave the order of time, and where they
-- do the range is only longer. series_id 0: all of the kind; else those that have a line in the series.
CREATE TABLE ledger.contents (
    district_id bigint NOT NULL,
    day date NOT NULL,                      -- in Tokyo
    kind text NOT NULL,
    series_id bigint NOT NULL,
    first_id bigint NOT NULL,
    last_id bigint NOT NULL,
    transactions bigint NOT NULL,
    amount bigint NOT NULL,                 -- yen that they move: the sum of their debits
    PRIMARY KEY (district_id, day, kind, series_id)
);

-- Each amount that a transaction names, without its sign: of a line, or of the whole in yen.
CREATE TABLE ledger.amount (
    district_id bigint NOT NULL,
    amount bigint NOT NULL,
    transaction_id bigint NOT NULL,
    PRIMARY KEY (district_id, amount, transaction_id)
);

-- Makes both lists anew, of everything that is sealed. Only the owner may, with nobody sealing.
CREATE FUNCTION ledger.rebuild_lists() RETURNS void LANGUAGE plpgsql SET search_path = ledger, pg_temp AS $$
BEGIN
    LOCK TABLE ledger.sealer IN ACCESS EXCLUSIVE MODE;
    TRUNCATE ledger.contents, ledger.amount;
    CREATE TEMPORARY TABLE line ON COMMIT DROP AS
    SELECT t.district_id, t.id, t.kind, (t.posted_at AT TIME ZONE 'Asia/Tokyo')::date AS day, a.series_id, a.unit, l.amount
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
END $$;
REVOKE EXECUTE ON FUNCTION ledger.rebuild_lists FROM PUBLIC;
GRANT SELECT ON ledger.contents, ledger.amount TO meguri_web, meguri_desk;
SELECT ledger.rebuild_lists();
