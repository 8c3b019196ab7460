-- How one transaction is decided and written; 2_post.sql has what must always hold. After post_one.4.sql this one draws the number after
-- PostgreSQL's transaction id: whoever has drawn a number is seen to be running until it ends. The sealer stands on that.

-- The line reasons stand in one CASE, the statements are few, and nothing here has a SET of its own: each expression
-- costs a microsecond a transaction, each statement eight, each SET five.
CREATE OR REPLACE FUNCTION ledger.post_one(
    p_district bigint, p_kind text, p_key uuid, p_hash bytea, p_refers bigint, p_hold bigint, p_facts jsonb,
    p_accounts bigint[], p_amounts bigint[], p_posted_at timestamptz)
RETURNS ledger.answer LANGUAGE plpgsql AS $$
DECLARE
    k record;
    s ledger.series;
    a ledger.account;
    taken ledger.account[];
    known ledger.transaction;
    now_at timestamptz;
    new_id bigint;
    the_position bigint;
    natural_after bigint;
    reason text;
    beyond int;  -- the first line that passes a floor or ceiling, and where it would stand
    beyond_by bigint;
    legs int := cardinality(p_accounts);
BEGIN
    -- 1. Locks, in ascending order of account id. The side that a kind only appends to (`appends`) is not locked; where
    -- both sides have such accounts (`appends` = 0), each line is looked at first.
    SELECT kind.*, position_offset INTO k FROM ledger.kind, ledger.epoch WHERE name = p_kind;
    FOR i IN 1 .. legs LOOP
        IF k.appends IN (0, sign(p_amounts[i])) THEN
            SELECT * INTO a FROM ledger.account WHERE district_id = p_district AND id = p_accounts[i];
        END IF;
        IF k.appends IS DISTINCT FROM sign(p_amounts[i]) AND (k.appends IS DISTINCT FROM 0 OR a.locked OR a.sign * p_amounts[i] < 0) THEN
            SELECT * INTO a FROM ledger.account WHERE district_id = p_district AND id = p_accounts[i] FOR NO KEY UPDATE;
        END IF;
        taken[i] := a;
    END LOOP;
    now_at := COALESCE(p_posted_at, clock_timestamp());

    -- 2. A known key is answered before anything can refuse: the world may have changed since its first answer.
    SELECT * INTO known FROM ledger.transaction WHERE district_id = p_district AND key = p_key;
    IF FOUND THEN
        RETURN ledger.first_answer(known, p_hash);
    END IF;

    -- 3. The transaction as a whole.
    reason := CASE
        WHEN k.name IS NULL OR session_user <> ALL (k.posters) THEN 'MG010'
        WHEN legs < 2 OR legs <> cardinality(p_amounts) THEN 'MG012'
        WHEN k.needs_approval AND NOT ledger.is_approved(p_district, p_key, p_kind, p_hash, p_accounts, p_amounts) THEN 'MG019'
        WHEN legs = 2 AND (p_amounts[1]::numeric + p_amounts[2] <> 0 OR (taken[1]).unit <> (taken[2]).unit
             OR k.keeps_series AND (taken[1]).series_id <> (taken[2]).series_id) THEN 'MG012'
        WHEN legs > 2 AND ledger.is_unbalanced(p_district, p_accounts, p_amounts, k.keeps_series) THEN 'MG012' END;
    IF reason IS NOT NULL THEN
        PERFORM ledger.refuse(reason, CASE reason WHEN 'MG010' THEN 'kind_forbidden' WHEN 'MG019' THEN 'not_approved' ELSE 'unbalanced' END);
    ELSIF k.refers IS NOT NULL OR p_refers IS NOT NULL THEN
        PERFORM ledger.check_reference(p_district, k.refers, p_refers, p_accounts, p_amounts);
    END IF;
    IF p_hold IS NOT NULL THEN
        PERFORM ledger.check_hold(p_district, p_hold, p_accounts, p_amounts, now_at);
    END IF;

    -- 4. Each line, in ascending order of account id.
    FOR i IN 1 .. legs LOOP
        a := taken[i];
        IF a.series_id IS DISTINCT FROM s.id THEN  -- plain yen finds none, and no limit of the series before applies to it
            SELECT * INTO s FROM ledger.series WHERE district_id = p_district AND id = a.series_id;
        END IF;
        natural_after := a.sign * (a.balance + p_amounts[i]);
        IF a.sign * p_amounts[i] < 0 AND (NOT a.locked OR a.hold_until > now_at) THEN
            natural_after := natural_after + ledger.unfolded(a) - ledger.held(a, now_at, p_hold);
        END IF;
        reason := CASE
            WHEN a.id IS NULL THEN 'MG004'
            WHEN p_accounts[i] <= p_accounts[i - 1] THEN 'MG013'
            WHEN p_amounts[i] = 0 OR a.role || CASE WHEN p_amounts[i] > 0 THEN '+' ELSE '-' END <> ALL (k.moves) THEN 'MG011'
            WHEN a.state <> 'open' AND NOT (p_kind = 'expiry' AND a.state = 'closed')
                AND (k.refers = 'refund' AND a.role = 'consumer' AND a.state = 'frozen') IS NOT TRUE THEN 'MG005'
            WHEN now_at < s.valid_from THEN 'MG006'
            WHEN now_at >= s.valid_until AND (k.after_end = 'never' OR k.refers = 'refund' AND a.role = 'consumer') THEN 'MG007'
            WHEN now_at < COALESCE(s.valid_until, 'infinity') AND s.id IS NOT NULL AND k.after_end = 'only' THEN 'MG023'
            WHEN k.is_capped AND abs(p_amounts[i]) > s.payment_max THEN 'MG008'
            END;
        IF reason IS NOT NULL THEN
            PERFORM ledger.refuse_line(reason, a, s, p_amounts[i], natural_after);
        ELSIF a.sign * p_amounts[i] < 0 AND natural_after < a.floor
              OR a.sign * p_amounts[i] > 0 AND k.fills AND a.locked AND natural_after > COALESCE(a.ceiling, s.balance_max) THEN
            beyond := COALESCE(beyond, i); beyond_by := COALESCE(beyond_by, natural_after);
        END IF;
    END LOOP;
    IF beyond IS NOT NULL THEN  -- last: who lacks balance at a suspended shop should hear of the shop
        a := taken[beyond];
        SELECT * INTO s FROM ledger.series WHERE district_id = p_district AND id = a.series_id;
        PERFORM ledger.refuse_line(CASE WHEN a.sign * p_amounts[beyond] < 0 THEN 'MG001' ELSE 'MG009' END, a, s, p_amounts[beyond], beyond_by);
    END IF;

    -- 5. Write.
    the_position := pg_current_xact_id()::text::bigint + k.position_offset;
    new_id := nextval('ledger.transaction_id_seq');
    INSERT INTO ledger.transaction VALUES (p_district, new_id, p_key, p_hash, p_kind, now_at, the_position, p_refers, p_hold,
        p_accounts, p_amounts, p_facts) ON CONFLICT (district_id, key) DO NOTHING;
    IF NOT FOUND THEN  -- the same key came in at the same moment on other accounts, and is committed now
        SELECT * INTO known FROM ledger.transaction WHERE district_id = p_district AND key = p_key;
        RETURN ledger.first_answer(known, p_hash);
    END IF;
    FOR i IN 1 .. legs LOOP
        a := taken[i];
        IF a.locked THEN
            UPDATE ledger.account SET balance = balance + p_amounts[i], entry_count = entry_count + 1
            WHERE district_id = p_district AND id = a.id;
            INSERT INTO ledger.entry
            VALUES (p_district, a.id, a.entry_count + 1, new_id, p_amounts[i], a.balance + p_amounts[i], now_at);
        ELSE
            INSERT INTO ledger.entry VALUES (p_district, a.id, the_position, new_id, p_amounts[i], NULL, now_at);
        END IF;
    END LOOP;
    IF p_hold IS NOT NULL THEN
        INSERT INTO ledger.hold_end VALUES (p_district, p_hold, now_at, new_id);
    END IF;
    RETURN (new_id, now_at, false)::ledger.answer;
END $$;
