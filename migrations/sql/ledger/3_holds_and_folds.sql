-- Holds are rows that are never changed: placed in `hold`, ended in `hold_end`. One that is past its time counts for
-- nothing, whether ended or not.

CREATE FUNCTION ledger.check_hold(p_district bigint, p_hold bigint, p_accounts bigint[], p_amounts bigint[], p_now timestamptz)
RETURNS void LANGUAGE plpgsql SET search_path = ledger, pg_temp AS $$
DECLARE
    h ledger.hold;
BEGIN
    SELECT * INTO h FROM ledger.hold WHERE district_id = p_district AND id = p_hold AND account_id = ANY (p_accounts);
    IF NOT FOUND THEN
        PERFORM ledger.refuse('MG020', 'hold_unknown');
    ELSIF h.expires_at <= p_now OR EXISTS (SELECT FROM ledger.hold_end WHERE district_id = p_district AND hold_id = p_hold) THEN
        PERFORM ledger.refuse('MG021', 'hold_ended');
    ELSIF abs(p_amounts[array_position(p_accounts, h.account_id)]) > h.amount THEN
        PERFORM ledger.refuse('MG022', 'hold_too_small', jsonb_build_object('held', h.amount));
    END IF;
END $$;

CREATE FUNCTION ledger.place_hold(p_district bigint, p_account bigint, p_amount bigint, p_key uuid, p_hash bytea, p_expires_at timestamptz)
RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = ledger, pg_temp AS $$
DECLARE
    a ledger.account;
    s ledger.series;
    known ledger.hold;
    now_at timestamptz;
    room bigint;
    hold_id bigint;
BEGIN
    IF current_setting('transaction_isolation') <> 'read committed' THEN
        RAISE EXCEPTION 'ledger.place_hold needs READ COMMITTED' USING ERRCODE = 'invalid_transaction_state';
    END IF;
    SELECT * INTO a FROM ledger.account WHERE district_id = p_district AND id = p_account AND locked FOR NO KEY UPDATE;
    IF NOT FOUND THEN
        PERFORM ledger.refuse('MG004', 'account_unknown', jsonb_build_object('account', p_account));
    END IF;
    now_at := clock_timestamp();
    SELECT * INTO known FROM ledger.hold WHERE district_id = p_district AND key = p_key;
    IF FOUND THEN
        IF known.command_hash <> p_hash THEN
            PERFORM ledger.refuse('MG002', 'idempotency_key_reused');
        END IF;
        RETURN known.id;
    END IF;
    IF a.state <> 'open' THEN
        PERFORM ledger.refuse('MG005', 'account_' || a.state, jsonb_build_object('role', a.role));
    END IF;
    SELECT * INTO s FROM ledger.series WHERE district_id = p_district AND id = a.series_id;
    IF now_at < s.valid_from THEN
        PERFORM ledger.refuse('MG006', 'series_not_yet', jsonb_build_object('from', s.valid_from));
    ELSIF p_expires_at > s.valid_until THEN  -- no hold outlives its series
        PERFORM ledger.refuse('MG007', 'series_ended', jsonb_build_object('until', s.valid_until));
    ELSIF p_amount > s.payment_max THEN
        PERFORM ledger.refuse('MG008', 'payment_too_large', jsonb_build_object('limit', s.payment_max));
    END IF;
    room := a.sign * a.balance - a.floor - ledger.held(a, now_at, NULL);
    IF p_amount > room THEN
        PERFORM ledger.refuse('MG001', 'insufficient_balance', jsonb_build_object('shortage', p_amount - room, 'role', a.role));
    END IF;
    hold_id := nextval('ledger.hold_id_seq');
    INSERT INTO ledger.hold VALUES (p_district, hold_id, p_account, p_amount, p_key, p_hash, now_at, p_expires_at);
    UPDATE ledger.account SET hold_until = GREATEST(hold_until, p_expires_at) WHERE district_id = p_district AND id = p_account;
    RETURN hold_id;
END $$;

-- Gives the held value back. Harmless when it has ended already; false then.
CREATE FUNCTION ledger.release_hold(p_district bigint, p_hold bigint) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = ledger, pg_temp AS $$
DECLARE
    h ledger.hold;
BEGIN
    SELECT * INTO h FROM ledger.hold WHERE district_id = p_district AND id = p_hold;
    IF NOT FOUND THEN
        PERFORM ledger.refuse('MG020', 'hold_unknown');
    END IF;
    PERFORM FROM ledger.account WHERE district_id = p_district AND id = h.account_id FOR NO KEY UPDATE;
    INSERT INTO ledger.hold_end VALUES (p_district, p_hold, clock_timestamp(), NULL) ON CONFLICT DO NOTHING;
    RETURN FOUND;
END $$;

-- Every position below this one is settled: no running transaction can still add an entry there.
CREATE FUNCTION ledger.horizon() RETURNS bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ledger, pg_temp AS $$
    SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint + position_offset FROM ledger.epoch
$$;

-- Adds what was appended to the balance row of one account. Exact: it takes only settled positions, so an entry that
-- commits during the fold stays unfolded. Gives the number of entries folded; 0 also when somebody else holds the row.
CREATE FUNCTION ledger.fold(p_district bigint, p_account bigint) RETURNS bigint
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
        UPDATE ledger.account SET balance = balance + added, entry_count = entry_count + how_many, folded_below = below
        WHERE district_id = p_district AND id = p_account;
    END IF;
    RETURN how_many;
END $$;

-- Accounts that have something to fold, in all districts.
CREATE FUNCTION ledger.to_fold(p_limit int) RETURNS TABLE (district_id bigint, account_id bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ledger, pg_temp AS $$
    WITH settled AS MATERIALIZED (SELECT ledger.horizon() AS below)
    SELECT a.district_id, a.id FROM ledger.account a, settled s
    WHERE NOT a.locked AND EXISTS (
        SELECT FROM ledger.entry e WHERE e.district_id = a.district_id AND e.account_id = a.id
          AND e.position >= a.folded_below AND e.position < s.below)
    LIMIT p_limit
$$;

-- After a restore into another cluster, before the first payment: folds everything and lifts the offset above every
-- stored position. Only the owner may run it, with nobody else connected.
CREATE FUNCTION ledger.rebase() RETURNS bigint LANGUAGE plpgsql SET search_path = ledger, pg_temp AS $$
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
    RETURN lifted;
END $$;
