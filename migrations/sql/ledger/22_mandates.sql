-- 発行枠. Value against nothing but a promise (a discount, a premium, points) comes into being only within what two people have approved:
-- a proposal says in its facts, under `mandate`, against which accounts how much may be created, and of what. Once it is approved, every
-- posting that creates something draws on it (`draw`), whoever calls. A mandate stands in its proposal, so nobody can add or raise one
-- but by a new proposal that another person approves; the newest approved one of an account counts.
--
-- Where pieces are the budget (coupons, units of a voucher) nothing is counted here: the book has the pieces already, under locks of
-- their own, and a mandate only says what one of them is worth. Where there are none (points), what was created is counted in
-- `mandate_use`, whose row is the last lock that a posting takes.

CREATE TABLE ledger.mandate (
    district_id bigint NOT NULL,
    proposal_id bigint NOT NULL,
    per text NOT NULL CHECK (per IN ('piece', 'all', 'month')),     -- what `most` is meant for; a month is Tokyo's, by the time of posting
    most bigint NOT NULL CHECK (most >= 0),                         -- yen
    once bigint CHECK (once >= 0),      -- a soft budget: while less than `most` was created, one posting may pass it by so much; NULL: none may
    premium boolean NOT NULL,           -- against accounts `premium`; else `promotion` and `funder`
    first_owner bigint NOT NULL,        -- of those accounts
    last_owner bigint NOT NULL,
    piece bigint,                       -- the series whose pieces are the budget
    worth jsonb,                        -- of a voucher: yen of each series (by its number) that one piece becomes
    prefix text,                        -- of the code of the series that may be created; NULL: of any points
    PRIMARY KEY (district_id, proposal_id),
    FOREIGN KEY (district_id, proposal_id) REFERENCES ledger.proposal,
    CHECK (first_owner <= last_owner),
    CHECK ((per = 'piece') = (piece IS NOT NULL)),
    CHECK (premium = (worth IS NOT NULL)),
    CHECK ((per = 'month') = (prefix IS NOT NULL))
);
CREATE INDEX mandate_of_owner ON ledger.mandate (district_id, premium, last_owner, first_owner);

-- What was created under a mandate and not taken back, by its first owner; month: its first day, or 1970-01-01 where all counts.
CREATE TABLE ledger.mandate_use (
    district_id bigint NOT NULL,
    first_owner bigint NOT NULL,
    month date NOT NULL,
    used bigint NOT NULL CHECK (used >= 0),
    PRIMARY KEY (district_id, first_owner, month)
) WITH (fillfactor = 50);

CREATE FUNCTION ledger.lay_mandate() RETURNS trigger LANGUAGE plpgsql SET search_path = ledger, pg_temp AS $$
DECLARE
    m jsonb := NEW.facts -> 'mandate';
BEGIN
    INSERT INTO ledger.mandate VALUES (NEW.district_id, NEW.id, m ->> 'per', (m ->> 'most')::bigint, (m ->> 'once')::bigint,
        COALESCE((m ->> 'premium')::boolean, false), (m ->> 'first_owner')::bigint, (m ->> 'last_owner')::bigint,
        (m ->> 'piece')::bigint, NULLIF(m -> 'worth', 'null'), m ->> 'prefix');
    RETURN NULL;
END $$;
CREATE TRIGGER lays_mandate AFTER INSERT ON ledger.proposal FOR EACH ROW WHEN (jsonb_exists(NEW.facts, 'mandate'))
    EXECUTE FUNCTION ledger.lay_mandate();

-- The newest approved mandate for an account; all NULL: there is none.
CREATE FUNCTION ledger.mandate_of(p_district bigint, p_role text, p_owner bigint) RETURNS ledger.mandate LANGUAGE sql STABLE AS $$
    SELECT m FROM ledger.mandate m
    WHERE m.district_id = p_district AND m.premium = (p_role = 'premium') AND m.last_owner >= p_owner AND m.first_owner <= p_owner
      AND EXISTS (SELECT FROM ledger.decision d WHERE d.district_id = m.district_id AND d.proposal_id = m.proposal_id AND d.approved)
    ORDER BY m.proposal_id DESC LIMIT 1
$$;

CREATE FUNCTION ledger.looked_at(p_district bigint, p_accounts bigint[], p_amounts bigint[])
RETURNS TABLE (account_id bigint, role text, owner_id bigint, series_id bigint, unit bigint, amount bigint) LANGUAGE sql STABLE AS $$
    SELECT a.id, a.role, a.owner_id, a.series_id, a.unit, l.amount
    FROM unnest(p_accounts, p_amounts) AS l (account_id, amount) JOIN ledger.account a ON a.district_id = p_district AND a.id = l.account_id
$$;

-- Says no to a posting that creates more than was approved. It stands in the book already: what raises takes it back whole.
CREATE FUNCTION ledger.draw(p_district bigint, p_kind text, p_refers bigint, p_accounts bigint[], p_amounts bigint[], p_now timestamptz)
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    is_wrong boolean;
BEGIN
    IF p_kind IN ('top_up', 'agent_top_up') THEN  -- cash buys coin: vouchers are sold by the unit, points are earned
        is_wrong := EXISTS (
            SELECT FROM ledger.looked_at(p_district, p_accounts, p_amounts) l JOIN ledger.series s ON s.district_id = p_district AND s.id = l.series_id
            WHERE s.code ~ '^(voucher|point)_');
    ELSIF p_kind = 'voucher_sale' THEN
        WITH line AS (SELECT * FROM ledger.looked_at(p_district, p_accounts, p_amounts)),
             sold AS (SELECT series_id, sum(amount) AS units FROM line WHERE role = 'voucher_stock' GROUP BY series_id),
             premium AS (SELECT ledger.mandate_of(p_district, role, owner_id) AS m, amount FROM line WHERE role = 'premium')
        SELECT (SELECT count(*) FROM sold) <> 1
            OR (SELECT count(DISTINCT (m).proposal_id) FROM premium) <> 1
            OR EXISTS (SELECT FROM premium LEFT JOIN sold ON series_id = (m).piece
                       GROUP BY units, (m).most HAVING (sum(amount) <= units * (m).most) IS NOT TRUE)
            OR EXISTS (SELECT FROM line CROSS JOIN sold WHERE role IN ('consumer', 'voucher_paper') GROUP BY line.series_id, units
                       HAVING (-sum(amount) = units * (SELECT ((m).worth ->> line.series_id::text)::bigint FROM premium LIMIT 1)) IS NOT TRUE)
        INTO is_wrong;
    ELSIF p_kind = 'coupon_payment' THEN
        WITH line AS (SELECT * FROM ledger.looked_at(p_district, p_accounts, p_amounts)),
             spent AS (SELECT m.piece, m.most, sum(l.amount) AS amount
                       FROM line l CROSS JOIN LATERAL ledger.mandate_of(p_district, l.role, l.owner_id) m
                       WHERE l.role IN ('promotion', 'funder') GROUP BY m.proposal_id, m.piece, m.most),
             used AS (SELECT series_id, sum(amount) AS pieces FROM line WHERE role = 'consumer' AND unit <> 0 GROUP BY series_id)
        SELECT EXISTS (SELECT FROM spent LEFT JOIN used ON series_id = piece WHERE (amount <= pieces * most) IS NOT TRUE) INTO is_wrong;
    ELSIF p_kind IN ('coupon_refund', 'refund_late') THEN  -- a piece goes back only with the whole of its discount
        SELECT EXISTS (
            SELECT FROM ledger.transaction t CROSS JOIN LATERAL ledger.looked_at(p_district, t.accounts, t.amounts) l
            CROSS JOIN LATERAL ledger.mandate_of(p_district, l.role, l.owner_id) m
            WHERE t.district_id = p_district AND t.id = p_refers AND l.role IN ('promotion', 'funder')
              AND m.piece IN (SELECT b.series_id FROM ledger.looked_at(p_district, p_accounts, p_amounts) b
                              WHERE b.role = 'consumer' AND b.unit <> 0)
              AND ledger.left_of(p_district, p_refers, l.account_id) <> 0) INTO is_wrong;
    ELSE
        PERFORM ledger.draw_points(p_district, p_kind, p_accounts, p_amounts, p_now);
    END IF;
    IF is_wrong THEN
        PERFORM ledger.refuse('MG019', 'not_approved');
    END IF;
END $$;

-- Points: what is given is counted, and what is taken back counts no more. What the shops bear counts for the programme whose lot it is.
CREATE FUNCTION ledger.draw_points(p_district bigint, p_kind text, p_accounts bigint[], p_amounts bigint[], p_now timestamptz)
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    this_month date := date_trunc('month', p_now AT TIME ZONE 'Asia/Tokyo')::date;
    code text;  -- of the lot
    d record;
    so_far bigint;
BEGIN
    SELECT CASE WHEN min(s.code) = max(s.code) AND count(s.code) = count(*) THEN min(s.code) END INTO code
    FROM ledger.looked_at(p_district, p_accounts, p_amounts) l LEFT JOIN ledger.series s ON s.district_id = p_district AND s.id = l.series_id
    WHERE l.role IN ('consumer', 'point_pending');
    IF p_kind IN ('point_earn', 'point_given') AND (code ~ '^point_') IS NOT TRUE THEN
        PERFORM ledger.refuse('MG019', 'not_approved');
    END IF;
    FOR d IN
        SELECT m.proposal_id, m.per, m.most, m.once, m.first_owner, m.prefix, sum(l.amount)::bigint AS amount
        FROM ledger.looked_at(p_district, p_accounts, p_amounts) l
        LEFT JOIN LATERAL (
            SELECT f.* FROM ledger.mandate_of(p_district, l.role, l.owner_id) f WHERE l.role <> 'payable'
            UNION ALL
            (SELECT f.* FROM ledger.mandate f WHERE l.role = 'payable' AND f.district_id = p_district AND starts_with(code, f.prefix)
               AND EXISTS (SELECT FROM ledger.decision x WHERE x.district_id = f.district_id AND x.proposal_id = f.proposal_id AND x.approved)
             ORDER BY f.proposal_id DESC LIMIT 1)) m ON true
        WHERE l.role IN ('promotion', 'funder', 'payable')
        GROUP BY m.proposal_id, m.per, m.most, m.once, m.first_owner, m.prefix ORDER BY m.first_owner
    LOOP
        IF d.amount < 0 THEN
            UPDATE ledger.mandate_use SET used = GREATEST(0, used + d.amount)
            WHERE district_id = p_district AND first_owner = d.first_owner
              AND (d.per = 'all' AND month = '1970-01-01' OR d.per = 'month' AND month = this_month AND p_kind = 'point_back');
            CONTINUE;
        ELSIF (d.per IN ('all', 'month')) IS NOT TRUE OR NOT starts_with(code, COALESCE(d.prefix, '')) THEN
            PERFORM ledger.refuse('MG019', 'not_approved');
        END IF;
        INSERT INTO ledger.mandate_use AS u VALUES
            (p_district, d.first_owner, CASE d.per WHEN 'all' THEN DATE '1970-01-01' ELSE this_month END, d.amount)
        ON CONFLICT (district_id, first_owner, month) DO UPDATE SET used = u.used + EXCLUDED.used
        RETURNING used INTO so_far;
        IF so_far > d.most AND (so_far - d.amount < d.most AND d.amount <= d.once) IS NOT TRUE THEN
            PERFORM ledger.refuse('MG056', 'budget_used_up', jsonb_build_object('left', GREATEST(0, d.most - so_far + d.amount)));
        END IF;
    END LOOP;
END $$;

DO $$
BEGIN
    CREATE TRIGGER never_edited BEFORE UPDATE OR DELETE ON ledger.mandate FOR EACH ROW EXECUTE FUNCTION ledger.never();
    CREATE TRIGGER never_emptied BEFORE TRUNCATE ON ledger.mandate FOR EACH STATEMENT EXECUTE FUNCTION ledger.never();
    CREATE TRIGGER never_emptied BEFORE TRUNCATE ON ledger.mandate_use FOR EACH STATEMENT EXECUTE FUNCTION ledger.never();
END $$;
GRANT SELECT ON ledger.mandate, ledger.mandate_use TO meguri_web, meguri_desk;
REVOKE EXECUTE ON FUNCTION ledger.lay_mandate, ledger.mandate_of, ledger.looked_at, ledger.draw, ledger.draw_points FROM PUBLIC;
