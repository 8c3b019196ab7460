-- As in post_one.10.sql, and what creates value draws on what two people have approved (22_mandates.sql). A payment does not.

-- The reasons stand in one CASE, the statements are few, and nothing here has a SET of its own.
CREATE OR REPLACE FUNCTION ledger.post_one(
    p_district bigint, p_kind text, p_key uuid, p_hash bytea, p_refers bigint, p_hold bigint, p_facts jsonb,
    p_accounts bigint[], p_amounts bigint[], p_posted_at timestamptz)
RETURNS ledger.answer LANGUAGE plpgsql AS $$
DECLARE
    k record;
    s ledger.series;
    a ledger.account;
    known ledger.transaction;
    is_bound boolean := false;  -- an account has such a key
    positions bigint[];  -- of the entries of locked accounts, whose balances are moved already
    afters bigint[];
    moved boolean;
    unit_before bigint;
    series_before bigint;
    now_at timestamptz;
    ends timestamptz;    -- of the series of the lines before, where an end matters
    new_id bigint;
    the_position bigint;
    natural_after bigint;
    reason text;
    whole text;          -- what is wrong with the transaction as a whole
    refused text;        -- what is wrong with a line, and with which
    refused_account ledger.account;
    refused_series ledger.series;
    refused_amount bigint;
    refused_after bigint;
    legs int := cardinality(p_accounts);
BEGIN
    SELECT name, moves, posters, keeps_series, is_capped, fills, refers, appends, needs_approval, after_end, passes_on, position_offset INTO k
    FROM ledger.kind, ledger.epoch WHERE name = p_kind;

    -- 1. Each line, in ascending order of account id: taken, then looked at. The side that a kind only appends to (`appends`) is not
    -- locked; where both sides have such accounts (`appends` = 0), each line is read first.
    FOR i IN 1 .. legs LOOP
        unit_before := a.unit;
        series_before := a.series_id;
        moved := false;
        IF k.appends IN (0, sign(p_amounts[i])) THEN
            SELECT * INTO a FROM ledger.account WHERE district_id = p_district AND id = p_accounts[i];
        END IF;
        IF k.appends IS DISTINCT FROM sign(p_amounts[i]) AND (k.appends IS DISTINCT FROM 0 OR a.locked OR a.sign * p_amounts[i] < 0) THEN
            LOOP  -- again only where somebody paid in between the two statements
                UPDATE ledger.account SET balance = balance + p_amounts[i], entry_count = entry_count + 1
                WHERE district_id = p_district AND id = p_accounts[i] AND locked
                  AND (floor IS NULL OR sign * (balance + p_amounts[i]) >= floor)
                RETURNING * INTO a;
                moved := FOUND;
                EXIT WHEN moved;
                SELECT * INTO a FROM ledger.account WHERE district_id = p_district AND id = p_accounts[i] FOR NO KEY UPDATE;
                EXIT WHEN (a.locked AND a.sign * (a.balance + p_amounts[i]) >= a.floor) IS NOT TRUE;
            END LOOP;
        END IF;
        now_at := COALESCE(p_posted_at, clock_timestamp());
        positions[i] := CASE WHEN moved THEN a.entry_count END;
        afters[i] := CASE WHEN moved THEN a.balance END;
        natural_after := a.sign * CASE WHEN moved THEN a.balance ELSE a.balance + p_amounts[i] END;
        IF a.sign * p_amounts[i] < 0 AND (NOT a.locked OR a.hold_until > now_at) THEN
            natural_after := natural_after + ledger.unfolded(a) - ledger.held(a, now_at, p_hold);
        END IF;
        is_bound := is_bound OR a.hold_until = 'infinity';
        IF a.series_id IS DISTINCT FROM s.id THEN  -- plain yen finds none, and no limit of the series before applies to it
            IF i > 1 AND k.after_end = 'never' THEN
                ends := LEAST(ends, s.valid_until);
            END IF;
            SELECT * INTO s FROM ledger.series WHERE district_id = p_district AND id = a.series_id;
        END IF;
        IF k.refers = 'refund' AND a.role = 'consumer' THEN
            ends := LEAST(ends, s.valid_until);
        END IF;
        reason := CASE
            WHEN a.id IS NULL THEN 'MG004'
            WHEN p_accounts[i] <= p_accounts[i - 1] THEN 'MG013'
            WHEN (p_amounts[i] <> 0) IS NOT TRUE OR a.role || CASE WHEN p_amounts[i] > 0 THEN '+' ELSE '-' END <> ALL (k.moves) THEN 'MG011'
            WHEN s.stopped IS NOT NULL AND ledger.stop_of(p_kind, s.stopped) IS NOT NULL THEN ledger.stop_of(p_kind, s.stopped)
            WHEN a.state <> 'open' AND NOT (p_kind = 'expiry' AND a.state = 'closed')
                AND (k.refers = 'refund' AND a.role = 'consumer' AND a.state = 'frozen') IS NOT TRUE THEN 'MG005'
            WHEN now_at < s.valid_from THEN 'MG006'
            WHEN now_at >= s.valid_until AND (k.after_end = 'never' OR k.refers = 'refund' AND a.role = 'consumer') THEN 'MG007'
            WHEN now_at < COALESCE(s.valid_until, 'infinity') AND s.id IS NOT NULL AND k.after_end = 'only' THEN 'MG023'
            WHEN k.is_capped AND abs(p_amounts[i]) > s.payment_max THEN 'MG008'
            WHEN a.sign * p_amounts[i] < 0 AND natural_after < a.floor THEN 'MG001'
            WHEN a.sign * p_amounts[i] > 0 AND k.fills AND a.locked AND natural_after > COALESCE(a.ceiling, s.balance_max) THEN 'MG009' END;
        -- Of several the first is told, but a floor or ceiling last: who lacks balance at a suspended shop should hear of the shop.
        IF reason IS NOT NULL AND (refused IS NULL OR refused IN ('MG001', 'MG009') AND reason NOT IN ('MG001', 'MG009')) THEN
            refused := reason;
            refused_account := a;
            refused_series := s;
            refused_amount := p_amounts[i];
            refused_after := natural_after;
        END IF;
    END LOOP;

    -- 2. The transaction as a whole.
    whole := CASE
        WHEN k.name IS NULL OR session_user <> ALL (k.posters) THEN 'MG010'
        WHEN legs < 2 OR legs <> cardinality(p_amounts) OR length(p_hash) <> 32 THEN 'MG012'
        WHEN k.needs_approval AND NOT ledger.is_approved(p_district, p_key, p_kind, p_hash, p_accounts, p_amounts) THEN 'MG019'
        WHEN legs = 2 AND (p_amounts[1]::numeric + p_amounts[2] <> 0 OR unit_before <> a.unit
             OR k.keeps_series AND series_before <> a.series_id) THEN 'MG012'
        WHEN legs > 2 AND ledger.is_unbalanced(p_district, p_accounts, p_amounts, k.keeps_series) THEN 'MG012' END;
    IF whole IS NOT NULL OR refused IS NOT NULL OR now_at >= ends OR k.refers IS NOT NULL OR p_refers IS NOT NULL OR p_hold IS NOT NULL OR is_bound OR k.passes_on THEN
        -- A known key is answered before anything can refuse: the world may have changed since its first answer.
        SELECT * INTO known FROM ledger.known(p_district, p_key);
        IF FOUND THEN
            PERFORM ledger.give_back(p_district, p_accounts, p_amounts, positions);
            RETURN ledger.first_answer(known, p_hash);
        ELSIF whole IS NOT NULL THEN
            PERFORM ledger.refuse(whole, CASE whole WHEN 'MG010' THEN 'kind_forbidden' WHEN 'MG019' THEN 'not_approved' ELSE 'unbalanced' END);
        ELSIF k.refers IS NOT NULL OR p_refers IS NOT NULL THEN
            PERFORM ledger.check_reference(p_district, k.refers, p_refers, p_accounts, p_amounts);
        END IF;
        IF p_hold IS NOT NULL THEN
            PERFORM ledger.check_hold(p_district, p_hold, p_accounts, p_amounts, now_at);
        END IF;
        IF refused IS NOT NULL THEN
            PERFORM ledger.refuse_line(refused, refused_account, refused_series, refused_amount, refused_after);
        ELSIF now_at >= ends THEN  -- a series ended while a later line waited for its lock
            PERFORM ledger.refuse('MG007', 'series_ended', jsonb_build_object('until', ends));
        END IF;
        IF k.passes_on THEN
            PERFORM ledger.check_transfer(p_district, p_accounts, p_amounts, p_hold, now_at);
        END IF;
    END IF;

    -- 3. Write.
    the_position := pg_current_xact_id()::text::bigint + k.position_offset;
    new_id := nextval('ledger.transaction_id_seq');
    INSERT INTO ledger.transaction VALUES (p_district, new_id, p_key, p_hash, p_kind, now_at, the_position, p_refers, p_hold,
        p_accounts, p_amounts, p_facts) ON CONFLICT (district_id, key) DO NOTHING;
    IF NOT FOUND THEN  -- known, or the same key came in at the same moment on other accounts and is committed now
        SELECT * INTO known FROM ledger.transaction WHERE district_id = p_district AND key = p_key;
        PERFORM ledger.give_back(p_district, p_accounts, p_amounts, positions);
        RETURN ledger.first_answer(known, p_hash);
    END IF;
    IF legs = 2 THEN  -- half the price of the other form, which is the cheaper one from three lines on
        INSERT INTO ledger.entry VALUES
            (p_district, p_accounts[1], COALESCE(positions[1], the_position), new_id, p_amounts[1], afters[1], now_at),
            (p_district, p_accounts[2], COALESCE(positions[2], the_position), new_id, p_amounts[2], afters[2], now_at);
    ELSE
        INSERT INTO ledger.entry
        SELECT p_district, l.account_id, COALESCE(l.position, the_position), new_id, l.amount, l.after, now_at
        FROM unnest(p_accounts, p_amounts, positions, afters) AS l (account_id, amount, position, after);
    END IF;
    IF p_hold IS NOT NULL THEN
        INSERT INTO ledger.hold_end VALUES (p_district, p_hold, now_at, new_id);
    END IF;
    IF p_kind = ANY ('{coupon_payment,top_up,agent_top_up,voucher_sale,point_earn,point_given,point_back,point_close,coupon_refund,refund_late}') THEN
        PERFORM ledger.draw(p_district, p_kind, p_refers, p_accounts, p_amounts, now_at);
    END IF;
    IF k.needs_approval AND p_facts ? 'key_hash' THEN
        PERFORM ledger.bind_key(p_district, new_id, p_kind, p_accounts, p_facts);
    END IF;
    RETURN (new_id, now_at, false)::ledger.answer;
END $$;
