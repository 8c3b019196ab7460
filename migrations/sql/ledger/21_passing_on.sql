-- What one person passes on to another: at once (`transfer`), or as a gift that waits on a hold until somebody takes it. Both count when
-- they are made, under one lock of the payer, over all their accounts; a gift that is taken, or that goes back, does not count again.
-- Off until two people allow it for a coin; never beyond the law (payment-law 30).

ALTER TABLE ledger.law ADD COLUMN transfer_month_max bigint NOT NULL DEFAULT 300000;
ALTER TABLE ledger.series
    ADD COLUMN transfer_month_max bigint NOT NULL DEFAULT 0 CHECK (transfer_month_max >= 0),  -- 0: nothing is passed on
    ADD COLUMN transfer_proposal bigint;    -- the newest proposal that allowed it: an approval is used up
ALTER TABLE ledger.hold ADD COLUMN passes_on boolean NOT NULL DEFAULT false;  -- a gift
ALTER TABLE ledger.kind ADD COLUMN passes_on boolean NOT NULL DEFAULT false;
INSERT INTO ledger.kind (name, moves, posters, keeps_series, is_capped, fills, refers, reversible, appends, needs_approval, refundable,
    after_end, passes_on)
VALUES ('transfer', '{consumer+,consumer-}', '{meguri_web,meguri_demo}', true, false, true, NULL, false, NULL, false, false, 'never', true);
INSERT INTO ledger.kind_switch VALUES ('transfer', 'transfers');

-- What a person has passed on in the calendar month in Tokyo in which p_at lies, over all their accounts.
CREATE FUNCTION ledger.passed_on(p_district bigint, p_owner bigint, p_at timestamptz) RETURNS bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ledger, pg_temp AS $$
    WITH month AS (
        SELECT m AT TIME ZONE 'Asia/Tokyo' AS since, (m + interval '1 month') AT TIME ZONE 'Asia/Tokyo' AS until
        FROM date_trunc('month', p_at AT TIME ZONE 'Asia/Tokyo') AS m)
    SELECT COALESCE(sum(p.amount), 0)::bigint FROM month CROSS JOIN ledger.account a CROSS JOIN LATERAL (
        SELECT e.amount FROM ledger.entry e JOIN ledger.transaction t ON t.district_id = e.district_id AND t.id = e.transaction_id
        WHERE e.district_id = a.district_id AND e.account_id = a.id AND e.posted_at >= month.since AND e.posted_at < month.until
          AND e.amount > 0 AND t.kind = 'transfer' AND NOT EXISTS (
              SELECT FROM ledger.hold h WHERE h.district_id = t.district_id AND h.id = t.hold_id AND h.passes_on)
        UNION ALL
        SELECT h.amount FROM ledger.hold h
        WHERE h.district_id = a.district_id AND h.account_id = a.id AND h.passes_on AND h.placed_at >= month.since
          AND h.placed_at < month.until) p
    WHERE a.district_id = p_district AND a.role = 'consumer' AND a.owner_id = p_owner AND a.unit = 0
$$;

-- Says no where this amount may not be passed on from this account, whose row is locked. The payer's own lock comes after all rows and is
-- the last: who passes on from two balances at once is counted one after the other.
CREATE FUNCTION ledger.check_passing_on(a ledger.account, p_amount bigint, p_now timestamptz, p_counts boolean) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    once bigint;
    month bigint;
    passed bigint;
BEGIN
    SELECT LEAST(s.transfer_max, l.transfer_max), LEAST(s.transfer_month_max, l.transfer_month_max) INTO once, month
    FROM ledger.series s, ledger.law l WHERE s.district_id = a.district_id AND s.id = a.series_id;
    IF once > 0 AND month > 0 THEN
        IF NOT p_counts THEN
            RETURN;
        ELSIF p_amount > once THEN
            PERFORM ledger.refuse('MG054', 'transfer_too_large', jsonb_build_object('limit', once));
        END IF;
    ELSE
        PERFORM ledger.refuse('MG053', 'transfers_off');
    END IF;
    PERFORM pg_advisory_xact_lock(hashtextextended(format('ledger.passing_on %s %s', a.district_id, a.owner_id), 0));
    SELECT ledger.passed_on(a.district_id, a.owner_id, p_now) INTO passed;
    IF passed + p_amount > month THEN
        PERFORM ledger.refuse('MG055', 'transfers_a_month', jsonb_build_object('left', GREATEST(0, month - passed), 'limit', month));
    END IF;
END $$;

-- The same of a transaction: one payer, one receiver. One that takes a gift was counted when that was made.
CREATE FUNCTION ledger.check_transfer(p_district bigint, p_accounts bigint[], p_amounts bigint[], p_hold bigint, p_now timestamptz) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    a ledger.account;
    is_gift boolean;
BEGIN
    IF cardinality(p_accounts) <> 2 THEN
        PERFORM ledger.refuse('MG012', 'unbalanced');
    END IF;
    SELECT * INTO a FROM ledger.account
    WHERE district_id = p_district AND id = CASE WHEN p_amounts[1] > 0 THEN p_accounts[1] ELSE p_accounts[2] END;
    is_gift := p_hold IS NOT NULL AND (SELECT passes_on FROM ledger.hold WHERE district_id = p_district AND id = p_hold);
    PERFORM ledger.check_passing_on(a, abs(p_amounts[1]), p_now, NOT is_gift);
END $$;

-- A gift: set aside on the giver's account until somebody takes it, the giver takes it back, or its time is over. No gift outlives its coin.
CREATE FUNCTION ledger.place_gift(p_district bigint, p_account bigint, p_amount bigint, p_key uuid, p_hash bytea, p_expires_at timestamptz)
RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = ledger, pg_temp AS $$
DECLARE
    a ledger.account;
    s ledger.series;
    known ledger.hold;
    now_at timestamptz;
    room bigint;
    gift bigint;
BEGIN
    IF current_setting('transaction_isolation') <> 'read committed' THEN
        RAISE EXCEPTION 'ledger.place_gift needs READ COMMITTED' USING ERRCODE = 'invalid_transaction_state';
    END IF;
    SELECT * INTO a FROM ledger.account WHERE district_id = p_district AND id = p_account AND role = 'consumer' FOR NO KEY UPDATE;
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
    ELSIF a.state <> 'open' THEN
        PERFORM ledger.refuse('MG005', 'account_' || a.state, jsonb_build_object('role', a.role));
    END IF;
    SELECT * INTO s FROM ledger.series WHERE district_id = p_district AND id = a.series_id;
    IF p_expires_at <= now_at THEN
        PERFORM ledger.refuse('MG021', 'hold_ended');
    ELSIF now_at < s.valid_from THEN
        PERFORM ledger.refuse('MG006', 'series_not_yet', jsonb_build_object('from', s.valid_from));
    ELSIF p_expires_at > s.valid_until THEN
        PERFORM ledger.refuse('MG007', 'series_ended', jsonb_build_object('until', s.valid_until));
    ELSIF 'transfers' = ANY (s.stopped) THEN
        PERFORM ledger.refuse('MG052', 'stopped', jsonb_build_object('series', s.id));
    END IF;
    room := a.sign * a.balance - a.floor - ledger.held(a, now_at, NULL);
    IF p_amount > room THEN
        PERFORM ledger.refuse('MG001', 'insufficient_balance', jsonb_build_object('shortage', p_amount - room, 'role', a.role));
    END IF;
    PERFORM ledger.check_passing_on(a, p_amount, now_at, true);
    gift := nextval('ledger.hold_id_seq');
    INSERT INTO ledger.hold VALUES (p_district, gift, p_account, p_amount, p_key, p_hash, now_at, p_expires_at, true);
    UPDATE ledger.account SET hold_until = GREATEST(hold_until, p_expires_at) WHERE district_id = p_district AND id = p_account;
    RETURN gift;
END $$;

-- A coin may be passed on, as an approved proposal for exactly that says; one that a newer one or a stop has overtaken is used up.
CREATE FUNCTION ledger.allow_transfers(p_district bigint, p_proposal bigint) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = ledger, pg_temp AS $$
DECLARE
    f jsonb;
BEGIN
    SELECT p.facts INTO f FROM ledger.proposal p
    JOIN ledger.decision d ON d.district_id = p.district_id AND d.proposal_id = p.id AND d.approved
    WHERE p.district_id = p_district AND p.id = p_proposal AND p.purpose = 'transfers';
    IF NOT FOUND THEN
        PERFORM ledger.refuse('MG019', 'not_approved');
    END IF;
    UPDATE ledger.series s
    SET transfer_max = (f ->> 'once')::bigint, transfer_month_max = (f ->> 'monthly')::bigint, transfer_proposal = p_proposal
    FROM ledger.law l
    WHERE s.district_id = p_district AND s.id = (f ->> 'series')::bigint AND s.unit = 'yen' AND s.code !~ '^voucher_'
      AND (f ->> 'once')::bigint BETWEEN 1 AND l.transfer_max
      AND (f ->> 'monthly')::bigint BETWEEN (f ->> 'once')::bigint AND l.transfer_month_max
      AND p_proposal > COALESCE(s.transfer_proposal, 0);
    IF NOT FOUND THEN
        PERFORM ledger.refuse('MG033', 'series_wrong');
    END IF;
END $$;

-- One person stops it at once; gifts that nobody has taken stay where they are, and go back in their time.
CREATE FUNCTION ledger.stop_transfers(p_district bigint, p_series bigint) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = ledger, pg_temp AS $$
    UPDATE ledger.series SET transfer_max = 0, transfer_month_max = 0 WHERE district_id = p_district AND id = p_series
$$;

REVOKE EXECUTE ON FUNCTION ledger.passed_on, ledger.check_passing_on, ledger.check_transfer, ledger.place_gift, ledger.allow_transfers,
    ledger.stop_transfers FROM PUBLIC;
GRANT EXECUTE ON FUNCTION ledger.passed_on, ledger.place_gift, ledger.allow_transfers, ledger.stop_transfers TO meguri_web;
