-- Coupons are claimed by a thousand phones at once, so their stock stands in shards.

-- A shard of this coupon that holds a piece, locked for the caller; NULL: there is none left anywhere.
-- A shard that is locked is not empty: a free one is taken, and only where none is free somebody's commit is waited for.
-- Stock only ever falls, so what is read as empty stays empty. The first look's locks are given back before the wait
-- (they are of shards that were emptied meanwhile), and whoever waits goes upwards: no two wait for each other.
CREATE FUNCTION ledger.take_piece(p_district bigint, p_series bigint) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = ledger, pg_temp AS $$
DECLARE
    shard bigint;
BEGIN
    IF current_setting('transaction_isolation') <> 'read committed' THEN
        RAISE EXCEPTION 'ledger.take_piece needs READ COMMITTED' USING ERRCODE = 'invalid_transaction_state';
    END IF;
    PERFORM FROM ledger.account WHERE district_id = p_district AND role = 'coupon_stock' AND series_id = p_series AND sign * balance > 0 LIMIT 1;
    IF NOT FOUND THEN
        RETURN NULL;
    END IF;
    BEGIN
        SELECT id INTO shard FROM ledger.account
        WHERE district_id = p_district AND role = 'coupon_stock' AND series_id = p_series AND sign * balance > 0
        ORDER BY random() LIMIT 1 FOR NO KEY UPDATE SKIP LOCKED;
        IF FOUND THEN
            RETURN shard;
        END IF;
        RAISE EXCEPTION USING ERRCODE = 'MG099', MESSAGE = 'no_free_shard';
    EXCEPTION WHEN SQLSTATE 'MG099' THEN
        NULL;
    END;
    SELECT id INTO shard FROM ledger.account
    WHERE district_id = p_district AND role = 'coupon_stock' AND series_id = p_series AND sign * balance > 0
    ORDER BY id LIMIT 1 FOR NO KEY UPDATE;
    RETURN shard;
END $$;

REVOKE EXECUTE ON FUNCTION ledger.take_piece FROM PUBLIC;
GRANT EXECUTE ON FUNCTION ledger.take_piece TO meguri_web;
