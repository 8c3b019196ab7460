-- As in 13_pay.sql; a series of which anything is stopped (20_stops.sql) is not as usual: `post` decides.
CREATE OR REPLACE FUNCTION ledger.pay(
    p_district bigint, p_kind text, p_key uuid, p_hash bytea, p_facts jsonb, p_payer bigint, p_payee bigint, p_amount bigint)
RETURNS ledger.answer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = ledger, pg_temp SET plan_cache_mode = force_generic_plan AS $$
DECLARE
    terms record;
    paid record;
    the_position bigint;
    new_id bigint;
    accounts bigint[] := CASE WHEN p_payer <= p_payee THEN ARRAY[p_payer, p_payee] ELSE ARRAY[p_payee, p_payer] END;
    amounts bigint[] := CASE WHEN p_payer <= p_payee THEN ARRAY[p_amount, -p_amount] ELSE ARRAY[-p_amount, p_amount] END;
BEGIN
    -- The kind, the payee (only appended to, so not locked) and the series, if all of them are as usual.
    SELECT s.id, s.valid_from, s.valid_until, k.moves, e.position_offset INTO terms
    FROM ledger.kind k, ledger.epoch e, ledger.account b, ledger.series s
    WHERE k.name = p_kind AND session_user = ANY (k.posters) AND NOT k.needs_approval AND k.is_capped AND k.appends = -1
      AND k.refers IS NULL AND k.after_end = 'never'
      AND b.district_id = p_district AND b.id = p_payee AND b.state = 'open' AND NOT b.locked AND b.sign = -1
      AND b.role || '-' = ANY (k.moves)
      AND s.district_id = p_district AND s.id = b.series_id AND p_amount BETWEEN 1 AND s.payment_max AND s.stopped IS NULL
      AND length(p_hash) = 32 AND current_setting('transaction_isolation') = 'read committed';
    IF FOUND THEN
        -- The payer, of the same series: changing the balance is the lock, and the time that counts is taken under it.
        UPDATE ledger.account SET balance = balance + p_amount, entry_count = entry_count + 1
        WHERE district_id = p_district AND id = p_payer AND state = 'open' AND locked AND sign = -1 AND series_id = terms.id
          AND role || '+' = ANY (terms.moves) AND balance + p_amount <= -floor AND hold_until <= clock_timestamp()
        RETURNING entry_count, balance, clock_timestamp() AS at INTO paid;
        IF FOUND THEN
            IF paid.at >= terms.valid_from AND (paid.at < terms.valid_until) IS NOT FALSE THEN
                the_position := pg_current_xact_id()::text::bigint + terms.position_offset;
                new_id := nextval('ledger.transaction_id_seq');
                INSERT INTO ledger.transaction VALUES (p_district, new_id, p_key, p_hash, p_kind, paid.at, the_position, NULL, NULL,
                    accounts, amounts, p_facts) ON CONFLICT (district_id, key) DO NOTHING;
                IF FOUND THEN
                    INSERT INTO ledger.entry VALUES
                        (p_district, p_payer, paid.entry_count, new_id, p_amount, paid.balance, paid.at),
                        (p_district, p_payee, the_position, new_id, -p_amount, NULL, paid.at);
                    RETURN (new_id, paid.at, false)::ledger.answer;
                END IF;
            END IF;
            UPDATE ledger.account SET balance = balance - p_amount, entry_count = entry_count - 1
            WHERE district_id = p_district AND id = p_payer;
        END IF;
    END IF;
    RETURN ledger.post(p_district, ARRAY[p_kind], ARRAY[p_key], ARRAY[p_hash], '{NULL}', '{NULL}', ARRAY[p_facts], '{2}', accounts, amounts);
END $$;
