-- Opening and closing. The caller says whose account it is, never what it may do: sign, floor and ceiling come from the role.

CREATE FUNCTION ledger.open_account(p_district bigint, p_role text, p_owner bigint, p_series bigint) RETURNS bigint
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

CREATE FUNCTION ledger.set_account_state(p_district bigint, p_account bigint, p_state text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = ledger, pg_temp AS $$
BEGIN
    UPDATE ledger.account SET state = p_state WHERE district_id = p_district AND id = p_account AND state <> 'closed';
    IF NOT FOUND THEN
        PERFORM ledger.refuse('MG004', 'account_unknown', jsonb_build_object('account', p_account));
    END IF;
    INSERT INTO ledger.account_state VALUES (p_district, p_account, clock_timestamp(), p_state);
END $$;

DO $$
DECLARE f regprocedure;
BEGIN
    FOR f IN SELECT p.oid::regprocedure FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE n.nspname = 'ledger' LOOP
        EXECUTE format('REVOKE EXECUTE ON FUNCTION %s FROM PUBLIC', f);
    END LOOP;
END $$;

GRANT USAGE ON SCHEMA ledger TO meguri_web, meguri_desk;
GRANT SELECT ON ALL TABLES IN SCHEMA ledger TO meguri_web, meguri_desk;
GRANT EXECUTE ON FUNCTION ledger.post, ledger.horizon TO meguri_web, meguri_desk;
GRANT EXECUTE ON FUNCTION ledger.close_key, ledger.place_hold, ledger.release_hold, ledger.fold, ledger.to_fold,
    ledger.open_account, ledger.set_account_state, ledger.create_series TO meguri_web;
