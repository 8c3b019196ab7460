-- A payment that was lost with a return and is booked again answers for the key under which it was first made: whoever sends that again gets
-- the payment that is there, and pays no second time. Of the key only its hash is known, from the slip.
CREATE TABLE ledger.bound_key (
    district_id bigint NOT NULL,
    key_hash bytea NOT NULL CHECK (length(key_hash) = 32),         -- SHA-256 of the key's 16 bytes
    command_hash bytea NOT NULL CHECK (length(command_hash) = 32), -- what was asked for then
    transaction_id bigint NOT NULL,                                -- that answers for it
    PRIMARY KEY (district_id, key_hash)
);
CREATE TRIGGER never_edited BEFORE UPDATE OR DELETE ON ledger.bound_key FOR EACH ROW EXECUTE FUNCTION ledger.never();
CREATE TRIGGER never_emptied BEFORE TRUNCATE ON ledger.bound_key FOR EACH STATEMENT EXECUTE FUNCTION ledger.never();

-- What a key has written, as if it had been written under it.
CREATE FUNCTION ledger.known(p_district bigint, p_key uuid) RETURNS SETOF ledger.transaction LANGUAGE sql STABLE AS $$
    SELECT t.district_id, t.id, p_key, b.command_hash, t.kind, t.posted_at, t.position, t.refers_to, t.hold_id, t.accounts, t.amounts, t.facts
    FROM ledger.bound_key b JOIN ledger.transaction t ON t.district_id = b.district_id AND t.id = b.transaction_id
    WHERE b.district_id = p_district AND b.key_hash = sha256(uuid_send(p_key))
    UNION ALL
    SELECT * FROM ledger.transaction WHERE district_id = p_district AND key = p_key
$$;

-- Called under the payer's lock, where whoever sends the key again is before us and seen here, or behind us and sees what we write: from now on
-- `hold_until` of the payer's accounts sends `pay` to `post`, and `post` to `known`. (It is no more than a bound: holds are counted one by one.)
CREATE FUNCTION ledger.bind_key(p_district bigint, p_id bigint, p_kind text, p_accounts bigint[], p_facts jsonb) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    the_hash bytea := decode(p_facts ->> 'key_hash', 'hex');
BEGIN
    IF EXISTS (SELECT FROM ledger.entry e JOIN ledger.transaction t ON t.district_id = e.district_id AND t.id = e.transaction_id
               JOIN ledger.account a ON a.district_id = e.district_id AND a.id = e.account_id AND a.locked
               WHERE e.district_id = p_district AND e.account_id = ANY (p_accounts) AND t.kind <> 'key_closed'
                 AND sha256(uuid_send(t.key)) = the_hash) THEN
        PERFORM ledger.refuse('MG044', 'booked_meanwhile');
    END IF;
    INSERT INTO ledger.bound_key VALUES (p_district, the_hash, decode(p_facts ->> 'command_hash', 'hex'), p_id);
    UPDATE ledger.account a SET hold_until = 'infinity'
    FROM (SELECT DISTINCT o.role, o.owner_id FROM ledger.account o WHERE o.district_id = p_district AND o.id = ANY (p_accounts) AND o.locked) o
    WHERE a.district_id = p_district AND a.role = o.role AND a.owner_id = o.owner_id AND a.locked;
END $$;

-- As in 10_sealed_log.sql; a key that was bound is not closed.
CREATE OR REPLACE FUNCTION ledger.close_key(p_district bigint, p_key uuid) RETURNS SETOF ledger.transaction
LANGUAGE plpgsql SECURITY DEFINER SET search_path = ledger, pg_temp AS $$
DECLARE
    the_position bigint := pg_current_xact_id()::text::bigint + (SELECT position_offset FROM ledger.epoch);
BEGIN
    IF NOT EXISTS (SELECT FROM ledger.bound_key WHERE district_id = p_district AND key_hash = sha256(uuid_send(p_key))) THEN
        INSERT INTO ledger.transaction
        VALUES (p_district, nextval('ledger.transaction_id_seq'), p_key, sha256(''), 'key_closed', clock_timestamp(), the_position, NULL, NULL,
                '{}', '{}', '{}')
        ON CONFLICT (district_id, key) DO NOTHING;
    END IF;
    RETURN QUERY SELECT * FROM ledger.known(p_district, p_key) k WHERE k.kind <> 'key_closed';
END $$;

REVOKE EXECUTE ON FUNCTION ledger.known, ledger.bind_key FROM PUBLIC;
GRANT SELECT ON ledger.bound_key TO meguri_web, meguri_desk;
