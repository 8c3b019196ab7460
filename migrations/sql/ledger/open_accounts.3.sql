-- As in open_accounts.2.sql; what is missing is looked for by key, not by walking all accounts of the role for each piece.
-- Many accounts of one role and series at once, what `open_account` is to one: those that are missing are opened under their owners' locks, taken
-- in ascending order, and stand as their owners stand. Gives the accounts in the order of p_owners.
CREATE OR REPLACE FUNCTION ledger.open_accounts(p_district bigint, p_role text, p_owners bigint[], p_series bigint) RETURNS bigint[]
LANGUAGE plpgsql SECURITY DEFINER SET search_path = ledger, pg_temp
SET enable_seqscan = off SET enable_bitmapscan = off AS $$  -- few rows out of many, each by its key, also where nobody has counted them yet
DECLARE
    r ledger.role;
    s ledger.series;
    missing bigint[] := ARRAY(
        SELECT DISTINCT o.owner_id FROM unnest(p_owners) AS o (owner_id)
        WHERE NOT EXISTS (SELECT FROM ledger.account a WHERE a.district_id = p_district AND a.role = p_role
                          AND a.owner_id = o.owner_id AND a.series_id = p_series OFFSET 0)
        ORDER BY o.owner_id);
    opened bigint[];
    stopped record;
BEGIN
    SELECT * INTO r FROM ledger.role WHERE name = p_role;
    IF NOT FOUND THEN
        PERFORM ledger.refuse('MG030', 'role_unknown', jsonb_build_object('role', p_role));
    END IF;
    SELECT * INTO s FROM ledger.series WHERE district_id = p_district AND id = p_series;
    IF r.in_series <> FOUND THEN
        PERFORM ledger.refuse('MG031', 'series_unknown');
    END IF;
    PERFORM ledger.lock_owner(p_district, p_role, o.owner_id) FROM unnest(missing) AS o (owner_id);
    WITH made AS (
        INSERT INTO ledger.account (district_id, id, role, owner_id, series_id, unit, sign, locked, floor, ceiling, opened_at)
        SELECT p_district, nextval('ledger.account_id_seq'), p_role, o.owner_id, p_series,
               CASE WHEN s.unit = 'piece' THEN s.id ELSE 0 END, r.sign, r.locked, r.floor, r.ceiling, clock_timestamp()
        FROM unnest(missing) AS o (owner_id)
        ON CONFLICT (district_id, role, owner_id, series_id) DO NOTHING RETURNING id)
    SELECT array_agg(id) INTO opened FROM made;
    FOR stopped IN SELECT a.id, o.state FROM unnest(opened) AS n (id) JOIN ledger.account a ON a.district_id = p_district AND a.id = n.id
                   JOIN ledger.owner_state o ON o.district_id = a.district_id AND o.role = a.role AND o.owner_id = a.owner_id
                   WHERE o.state <> 'open' ORDER BY a.id LOOP
        PERFORM ledger.set_account_state(p_district, stopped.id, stopped.state);
    END LOOP;
    RETURN ARRAY(SELECT a.id FROM unnest(p_owners) WITH ORDINALITY AS o (owner_id, place)
                 CROSS JOIN LATERAL (SELECT x.id FROM ledger.account x WHERE x.district_id = p_district AND x.role = p_role
                                     AND x.owner_id = o.owner_id AND x.series_id = p_series OFFSET 0) a ORDER BY o.place);
END $$;
