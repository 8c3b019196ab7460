-- Takes 9_owners.sql back. Accounts keep the state that they have; those opened later begin open again.
CREATE OR REPLACE FUNCTION ledger.open_account(p_district bigint, p_role text, p_owner bigint, p_series bigint) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = ledger, pg_temp AS $$
DECLARE
    r ledger.role;
    s ledger.series;
    opened bigint;
BEGIN
    SELECT id INTO opened FROM ledger.account
    WHERE district_id = p_district AND role = p_role AND owner_id = p_owner AND series_id = p_series;
    IF FOUND THEN
        RETURN opened;
    END IF;
    SELECT * INTO r FROM ledger.role WHERE name = p_role;
    IF NOT FOUND THEN
        PERFORM ledger.refuse('MG030', 'role_unknown', jsonb_build_object('role', p_role));
    END IF;
    SELECT * INTO s FROM ledger.series WHERE district_id = p_district AND id = p_series;
    IF r.in_series <> FOUND THEN
        PERFORM ledger.refuse('MG031', 'series_unknown');
    END IF;
    INSERT INTO ledger.account (district_id, id, role, owner_id, series_id, unit, sign, locked, floor, ceiling, opened_at)
    VALUES (p_district, nextval('ledger.account_id_seq'), p_role, p_owner, p_series,
            CASE WHEN s.unit = 'piece' THEN s.id ELSE 0 END, r.sign, r.locked, r.floor, r.ceiling, clock_timestamp())
    ON CONFLICT (district_id, role, owner_id, series_id) DO NOTHING;
    SELECT id INTO opened FROM ledger.account
    WHERE district_id = p_district AND role = p_role AND owner_id = p_owner AND series_id = p_series;
    RETURN opened;
END $$;
DROP FUNCTION ledger.set_owner_state, ledger.lock_owner;
DROP TABLE ledger.owner_state;
