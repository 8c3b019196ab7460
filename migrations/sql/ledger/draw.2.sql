-- As in 22_mandates.sql, and what is issued against cash, in drawers and at agents, may have a budget a day: once two people have approved one, all
-- coin of a district that was topped up on a day in Tokyo counts, whoever calls; nobody but two people can raise it or take it away. A top-up
-- that is undone has counted. Its row is the last lock of a top-up. Until two people have approved one, there is none.
ALTER TABLE ledger.mandate DROP CONSTRAINT mandate_per_check,
    ADD CONSTRAINT mandate_per_check CHECK (per IN ('piece', 'all', 'month', 'day'));
CREATE INDEX mandate_of_cash ON ledger.mandate (district_id, proposal_id) WHERE per = 'day';

CREATE FUNCTION ledger.draw_cash(p_district bigint, p_accounts bigint[], p_amounts bigint[], p_now timestamptz) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    budget bigint;
    amount bigint;
    so_far bigint;
BEGIN
    SELECT m.most INTO budget FROM ledger.mandate m
    WHERE m.district_id = p_district AND m.per = 'day'
      AND EXISTS (SELECT FROM ledger.decision d WHERE d.district_id = m.district_id AND d.proposal_id = m.proposal_id AND d.approved)
    ORDER BY m.proposal_id DESC LIMIT 1;
    IF NOT FOUND THEN
        RETURN;
    END IF;
    SELECT -sum(l.amount) INTO amount FROM ledger.looked_at(p_district, p_accounts, p_amounts) l WHERE l.role = 'consumer';
    INSERT INTO ledger.mandate_use AS u VALUES (p_district, -1, (p_now AT TIME ZONE 'Asia/Tokyo')::date, amount)
    ON CONFLICT (district_id, first_owner, month) DO UPDATE SET used = u.used + EXCLUDED.used RETURNING used INTO so_far;
    IF so_far > budget THEN
        PERFORM ledger.refuse('MG057', 'cash_budget_used_up', jsonb_build_object('left', GREATEST(0, budget - so_far + amount), 'limit', budget));
    END IF;
END $$;
REVOKE EXECUTE ON FUNCTION ledger.draw_cash FROM PUBLIC;

CREATE OR REPLACE FUNCTION ledger.draw(p_district bigint, p_kind text, p_refers bigint, p_accounts bigint[], p_amounts bigint[], p_now timestamptz)
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    is_wrong boolean;
BEGIN
    IF p_kind IN ('top_up', 'agent_top_up') THEN  -- cash buys coin: vouchers are sold by the unit, points are earned
        is_wrong := EXISTS (
            SELECT FROM ledger.looked_at(p_district, p_accounts, p_amounts) l JOIN ledger.series s ON s.district_id = p_district AND s.id = l.series_id
            WHERE s.code ~ '^(voucher|point)_');
        IF NOT is_wrong THEN
            PERFORM ledger.draw_cash(p_district, p_accounts, p_amounts, p_now);
        END IF;
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
