-- What an appended account stood at, at any past moment, without adding up all that it ever received: folding keeps a row for each of its
-- days. Derived, like the balance: everything below `folded_below` is in these rows, and nothing else is.
CREATE TABLE ledger.account_day (
    district_id bigint NOT NULL,
    account_id bigint NOT NULL,
    day date NOT NULL,                      -- in Tokyo
    first_position bigint NOT NULL,         -- the day's entries stand between these two; so may some of its neighbours'
    last_position bigint NOT NULL,
    entries bigint NOT NULL,
    amount bigint NOT NULL,                 -- debit positive
    PRIMARY KEY (district_id, account_id, day)
);

-- Adds the appended entries of one account in [p_from, p_below) to its days.
CREATE FUNCTION ledger.add_days(p_district bigint, p_account bigint, p_from bigint, p_below bigint) RETURNS void LANGUAGE sql AS $$
    INSERT INTO ledger.account_day AS d
    SELECT p_district, p_account, (posted_at AT TIME ZONE 'Asia/Tokyo')::date, min(position), max(position), count(*), sum(amount)
    FROM ledger.entry WHERE district_id = p_district AND account_id = p_account AND position >= p_from AND position < p_below GROUP BY 3
    ON CONFLICT (district_id, account_id, day) DO UPDATE
    SET first_position = LEAST(d.first_position, EXCLUDED.first_position), last_position = GREATEST(d.last_position, EXCLUDED.last_position),
        entries = d.entries + EXCLUDED.entries, amount = d.amount + EXCLUDED.amount
$$;

-- As in 3_holds_and_folds.sql, and the days with it.
CREATE OR REPLACE FUNCTION ledger.fold(p_district bigint, p_account bigint) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = ledger, pg_temp AS $$
DECLARE
    a ledger.account;
    below bigint;
    added bigint;
    how_many bigint;
BEGIN
    SELECT * INTO a FROM ledger.account
    WHERE district_id = p_district AND id = p_account AND NOT locked FOR NO KEY UPDATE SKIP LOCKED;
    IF NOT FOUND THEN
        RETURN 0;
    END IF;
    below := ledger.horizon();
    SELECT COALESCE(sum(amount), 0), count(*) INTO added, how_many FROM ledger.entry
    WHERE district_id = p_district AND account_id = p_account AND position >= a.folded_below AND position < below;
    IF how_many > 0 THEN
        PERFORM ledger.add_days(p_district, p_account, a.folded_below, below);
        UPDATE ledger.account SET balance = balance + added, entry_count = entry_count + how_many, folded_below = below
        WHERE district_id = p_district AND id = p_account;
    END IF;
    RETURN how_many;
END $$;

-- As in 3_holds_and_folds.sql, and the days made anew.
CREATE OR REPLACE FUNCTION ledger.rebase() RETURNS bigint LANGUAGE plpgsql SET search_path = ledger, pg_temp AS $$
DECLARE
    highest bigint;
    lifted bigint;
BEGIN
    LOCK TABLE ledger.transaction, ledger.entry, ledger.account IN ACCESS EXCLUSIVE MODE;
    SELECT COALESCE(max(position), 0) INTO highest FROM ledger.transaction;
    UPDATE ledger.epoch SET position_offset = GREATEST(position_offset, highest + 1 - pg_current_xact_id()::text::bigint + 1)
    RETURNING position_offset INTO lifted;
    UPDATE ledger.account a SET balance = e.total, entry_count = e.entries, folded_below = highest + 1
    FROM (SELECT district_id, account_id, sum(amount)::bigint AS total, count(*) AS entries FROM ledger.entry GROUP BY 1, 2) e
    WHERE a.district_id = e.district_id AND a.id = e.account_id AND NOT a.locked;
    TRUNCATE ledger.account_day;
    PERFORM ledger.add_days(district_id, id, 0, folded_below) FROM ledger.account WHERE NOT locked;
    RETURN lifted;
END $$;

REVOKE EXECUTE ON FUNCTION ledger.add_days FROM PUBLIC;
GRANT SELECT ON ledger.account_day TO meguri_web, meguri_desk;
DO $$ BEGIN PERFORM ledger.add_days(district_id, id, 0, folded_below) FROM ledger.account WHERE NOT locked; END $$;
