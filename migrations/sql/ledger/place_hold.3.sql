-- As in place_hold.2.sql; nothing is set aside for a payment while paying is stopped (20_stops.sql).
CREATE OR REPLACE FUNCTION ledger.place_hold(p_district bigint, p_account bigint, p_amount bigint, p_key uuid, p_hash bytea, p_expires_at timestamptz)
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
    IF 'paying' = ANY (s.stopped) THEN
        PERFORM ledger.refuse(ledger.stop_reason('paying'), 'paying_stopped', jsonb_build_object('series', s.id));
    ELSIF p_expires_at <= now_at THEN  -- by the database's clock, while whoever asked goes by another
        PERFORM ledger.refuse('MG021', 'hold_ended');
    ELSIF now_at < s.valid_from THEN
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
