-- Taken back by its own maker while it waited: decided in nobody's name (checker 0), so that what it held back is free again.
ALTER TABLE ledger.decision
    ADD COLUMN withdrawn boolean NOT NULL DEFAULT false,
    ADD CONSTRAINT withdrawn_is_nobodys_no CHECK (NOT withdrawn OR (checker = 0 AND NOT approved));

CREATE FUNCTION ledger.withdraw(p_district bigint, p_proposal bigint, p_maker bigint) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = ledger, pg_temp AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM ledger.proposal WHERE district_id = p_district AND id = p_proposal AND maker = p_maker) THEN
        PERFORM ledger.refuse('MG025', 'proposal_unknown');
    END IF;
    INSERT INTO ledger.decision
    VALUES (p_district, p_proposal, p_maker, 0, false, '', clock_timestamp(), true)
    ON CONFLICT (district_id, proposal_id) DO NOTHING;
    IF NOT FOUND THEN
        PERFORM ledger.refuse('MG026', 'already_decided');
    END IF;
END $$;

REVOKE EXECUTE ON FUNCTION ledger.withdraw FROM PUBLIC;
GRANT EXECUTE ON FUNCTION ledger.withdraw TO meguri_web;
