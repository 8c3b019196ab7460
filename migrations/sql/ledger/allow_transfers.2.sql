-- As in 21_passing_on.sql, and points stay with whoever earned them.
CREATE OR REPLACE FUNCTION ledger.allow_transfers(p_district bigint, p_proposal bigint) RETURNS void
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
    WHERE s.district_id = p_district AND s.id = (f ->> 'series')::bigint AND s.unit = 'yen' AND s.code !~ '^(voucher|point)_'
      AND (f ->> 'once')::bigint BETWEEN 1 AND l.transfer_max
      AND (f ->> 'monthly')::bigint BETWEEN (f ->> 'once')::bigint AND l.transfer_month_max
      AND p_proposal > COALESCE(s.transfer_proposal, 0);
    IF NOT FOUND THEN
        PERFORM ledger.refuse('MG033', 'series_wrong');
    END IF;
END $$;
