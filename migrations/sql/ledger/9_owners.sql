-- An owner's standing holds for all their accounts of a role, also for those that are opened later: whoever is frozen
-- stays frozen in a series that begins tomorrow. What happened to each account stands in account_state as before.

CREATE TABLE ledger.owner_state (
    district_id bigint NOT NULL,
    role text NOT NULL REFERENCES ledger.role,
    owner_id bigint NOT NULL,
    state text NOT NULL CHECK (state IN ('open', 'frozen', 'closed')),
    changed_at timestamptz NOT NULL,
    PRIMARY KEY (district_id, role, owner_id)
);
GRANT SELECT ON ledger.owner_state TO meguri_web, meguri_desk;

-- Opening an account and changing its owner's standing wait for each other; neither is on the paying path.
CREATE FUNCTION ledger.lock_owner(p_district bigint, p_role text, p_owner bigint) RETURNS void LANGUAGE sql AS $$
    SELECT pg_advisory_xact_lock(hashtextextended(format('ledger.owner %s %s %s', p_district, p_role, p_owner), 0))
$$;

-- 'open', 'frozen', or 'closed' for good: every account of this owner in this role, in the order in which a payment locks them.
CREATE FUNCTION ledger.set_owner_state(p_district bigint, p_role text, p_owner bigint, p_state text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = ledger, pg_temp AS $$
DECLARE
    of_owner bigint;
BEGIN
    PERFORM ledger.lock_owner(p_district, p_role, p_owner);
    INSERT INTO ledger.owner_state VALUES (p_district, p_role, p_owner, p_state, clock_timestamp())
    ON CONFLICT (district_id, role, owner_id) DO UPDATE SET state = EXCLUDED.state, changed_at = EXCLUDED.changed_at
    WHERE owner_state.state <> 'closed';
    FOR of_owner IN SELECT id FROM ledger.account WHERE district_id = p_district AND role = p_role AND owner_id = p_owner
                    AND state NOT IN ('closed', p_state) ORDER BY id LOOP
        PERFORM ledger.set_account_state(p_district, of_owner, p_state);
    END LOOP;
END $$;

CREATE OR REPLACE FUNCTION ledger.open_account(p_district bigint, p_role text, p_owner bigint, p_series bigint) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = ledger, pg_temp AS $$
DECLARE
    r ledger.role;
    s ledger.series;
    opened bigint;
    standing text;
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
    PERFORM ledger.lock_owner(p_district, p_role, p_owner);
    SELECT state INTO standing FROM ledger.owner_state WHERE district_id = p_district AND role = p_role AND owner_id = p_owner;
    INSERT INTO ledger.account (district_id, id, role, owner_id, series_id, unit, sign, locked, floor, ceiling, opened_at)
    VALUES (p_district, nextval('ledger.account_id_seq'), p_role, p_owner, p_series,
            CASE WHEN s.unit = 'piece' THEN s.id ELSE 0 END, r.sign, r.locked, r.floor, r.ceiling, clock_timestamp())
    ON CONFLICT (district_id, role, owner_id, series_id) DO NOTHING RETURNING id INTO opened;
    IF NOT FOUND THEN
        SELECT id INTO opened FROM ledger.account
        WHERE district_id = p_district AND role = p_role AND owner_id = p_owner AND series_id = p_series;
    ELSIF standing <> 'open' THEN
        PERFORM ledger.set_account_state(p_district, opened, standing);
    END IF;
    RETURN opened;
END $$;

REVOKE EXECUTE ON FUNCTION ledger.lock_owner, ledger.set_owner_state FROM PUBLIC;
GRANT EXECUTE ON FUNCTION ledger.set_owner_state TO meguri_web;
