-- As in 21_passing_on.sql, and only the payer's own gift was counted when it was made: one of the receiver's is none of this transaction.
CREATE OR REPLACE FUNCTION ledger.check_transfer(p_district bigint, p_accounts bigint[], p_amounts bigint[], p_hold bigint, p_now timestamptz) RETURNS void
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
    IF p_hold IS NOT NULL THEN
        SELECT h.passes_on INTO is_gift FROM ledger.hold h WHERE h.district_id = p_district AND h.id = p_hold AND h.account_id = a.id;
        IF NOT FOUND THEN
            PERFORM ledger.refuse('MG020', 'hold_unknown');
        END IF;
    END IF;
    PERFORM ledger.check_passing_on(a, abs(p_amounts[1]), p_now, is_gift IS NOT TRUE);
END $$;
