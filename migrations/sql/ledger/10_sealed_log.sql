-- The sealed log: numbers what is committed, without gaps, and hashes it into a Merkle tree for each district (RFC 9162).
-- docs/reference/sealed-log.md describes every byte. Nothing here is on the paying path: no statement, no index, no trigger.
--
-- Always, at every commit:
--   S1  the leaves of a district are numbered 0, 1, 2, … without gaps, and each committed transaction becomes one leaf, once
--   S2  the order of the leaves is a legal serial order: whatever a transaction depended on stands before it
--   S3  a leaf, a node, a checkpoint or a key is written once and never changed
--   S4  everything hashed is hashed here, from the book itself: whoever calls can neither choose nor change a leaf
--
-- How a transaction is found. Its number is drawn under its locks and after PostgreSQL's transaction id, but commits come in
-- any order: what is visible has gaps that may still be filled. Each round takes every visible transaction above `final_id` that
-- is no leaf yet, in the order of their numbers. `final_id` only bounds how far back a round looks: it moves up to `mark_id` once
-- everything that was running when that number was drawn has ended. So a transaction that stays open delays nobody but itself.

-- Two ways in, by place and by transaction, and only one of them begins with the district: to a planner who does not know a young
-- district yet both would look the same, and the wrong one reads its whole log. So whoever looks for a transaction writes
-- `district_id + 0`, which leaves nothing to choose.
CREATE TABLE ledger.leaf (
    district_id bigint NOT NULL,
    place bigint NOT NULL CHECK (place >= 0),
    transaction_id bigint NOT NULL,
    hash bytea NOT NULL CHECK (length(hash) = 32),
    PRIMARY KEY (district_id, place),
    CONSTRAINT sealed_once UNIQUE (transaction_id, district_id)
);

-- Full subtrees over 16, 256, 4,096, … leaves: every fourth level of the tree, and so a fifteenth as many rows as leaves. The
-- levels between are made from at most eight of these when a proof needs one.
CREATE TABLE ledger.node (
    district_id bigint NOT NULL,
    level int NOT NULL CHECK (level >= 4 AND level % 4 = 0),
    place bigint NOT NULL CHECK (place >= 0),
    hash bytea NOT NULL CHECK (length(hash) = 32),
    PRIMARY KEY (district_id, level, place)
);

CREATE VIEW ledger.tree AS
    SELECT district_id, 0 AS level, place, hash FROM ledger.leaf UNION ALL SELECT district_id, level, place, hash FROM ledger.node;

-- Who signs, in the order in which the keys began. All but the first are endorsed by an earlier one.
CREATE TABLE ledger.log_key (
    district_id bigint NOT NULL,
    number int NOT NULL CHECK (number >= 1),
    public_key text NOT NULL,               -- name+id+key; the name is the origin of the log
    endorsement text CHECK ((number = 1) = (endorsement IS NULL)),
    began_at timestamptz NOT NULL,
    PRIMARY KEY (district_id, number),
    UNIQUE (district_id, public_key)
);

CREATE TABLE ledger.checkpoint (
    district_id bigint NOT NULL,
    size bigint NOT NULL CHECK (size > 0),
    root bytea NOT NULL CHECK (length(root) = 32),
    note text NOT NULL,                     -- the signed text
    signed_at timestamptz NOT NULL,
    PRIMARY KEY (district_id, size)
);

CREATE TABLE ledger.sealer (
    only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    final_id bigint NOT NULL,               -- every transaction up to this number is a leaf or will never be committed
    mark_id bigint NOT NULL CHECK (mark_id >= final_id),  -- the last number drawn when the mark was set
    mark_position bigint NOT NULL           -- whoever drew a number up to the mark stands below this position
);
INSERT INTO ledger.sealer VALUES (true, 0, 0, 0);

DO $$
DECLARE t text;
BEGIN
    FOREACH t IN ARRAY ARRAY['leaf', 'node', 'log_key', 'checkpoint'] LOOP
        EXECUTE format('CREATE TRIGGER never_edited BEFORE UPDATE OR DELETE ON ledger.%I FOR EACH ROW EXECUTE FUNCTION ledger.never()', t);
        EXECUTE format('CREATE TRIGGER never_emptied BEFORE TRUNCATE ON ledger.%I FOR EACH STATEMENT EXECUTE FUNCTION ledger.never()', t);
    END LOOP;
END $$;

-- The number is drawn after the transaction id, here as in post_one: the sealer's mark stands on it.
CREATE OR REPLACE FUNCTION ledger.close_key(p_district bigint, p_key uuid) RETURNS SETOF ledger.transaction
LANGUAGE plpgsql SECURITY DEFINER SET search_path = ledger, pg_temp AS $$
DECLARE
    the_position bigint := pg_current_xact_id()::text::bigint + (SELECT position_offset FROM ledger.epoch);
BEGIN
    INSERT INTO ledger.transaction
    VALUES (p_district, nextval('ledger.transaction_id_seq'), p_key, sha256(''), 'key_closed', clock_timestamp(), the_position, NULL, NULL,
            '{}', '{}', '{}')
    ON CONFLICT (district_id, key) DO NOTHING;
    RETURN QUERY SELECT * FROM ledger.transaction WHERE district_id = p_district AND key = p_key AND kind <> 'key_closed';
END $$;

-- A name of ASCII signs behind its length.
CREATE FUNCTION ledger.short_name(p_name text) RETURNS bytea LANGUAGE sql STABLE AS $$
    SELECT set_byte('\x00', 0, length(p_name)) || convert_to(p_name, 'UTF8')
$$;

-- The bytes of a transaction, version 1. The second implementation, ledger/rules/encoding.py, must give the same. In two parts
-- without a subquery, and STABLE as what they call, so that PostgreSQL writes them into the statement: that is ten times as fast.
CREATE FUNCTION ledger.encode_leg(a ledger.account, p_amount bigint) RETURNS bytea LANGUAGE sql STABLE AS $$
    SELECT int8send(a.id) || ledger.short_name(a.role) || int8send(a.owner_id) || int8send(a.series_id) || int8send(a.unit) || int8send(p_amount)
$$;

CREATE FUNCTION ledger.encode_transaction(t ledger.transaction, p_legs bytea) RETURNS bytea LANGUAGE sql STABLE AS $$
    SELECT '\x4d47545801'::bytea || int8send(t.district_id) || int8send(t.id)
        || int8send((extract(epoch FROM t.posted_at) * 1000000)::bigint) || ledger.short_name(t.kind)
        || sha256(uuid_send(t.key)) || t.command_hash || int8send(COALESCE(t.refers_to, 0)) || int8send(COALESCE(t.hold_id, 0))
        || sha256(uuid_send(t.key) || convert_to(t.facts::text, 'UTF8')) || int2send(cardinality(t.accounts)::smallint) || p_legs
$$;

-- The root over 1, 2, 4, 8 or 16 hashes that stand behind each other.
CREATE FUNCTION ledger.subtree_hash(p_hashes bytea) RETURNS bytea LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
    halved bytea;
BEGIN
    WHILE length(p_hashes) > 32 LOOP
        halved := '';
        FOR pair IN 0 .. length(p_hashes) / 64 - 1 LOOP
            halved := halved || sha256('\x01'::bytea || substr(p_hashes, pair * 64 + 1, 64));
        END LOOP;
        p_hashes := halved;
    END LOOP;
    RETURN p_hashes;
END $$;

-- The root over the first p_size leaves: from the right, each full subtree joined to what stands right of it.
CREATE FUNCTION ledger.log_root(p_district bigint, p_size bigint) RETURNS bytea LANGUAGE plpgsql STABLE AS $$
DECLARE
    subtree bytea;
    joined bytea;
    width bigint;
BEGIN
    FOR height IN 0 .. 62 LOOP
        CONTINUE WHEN (p_size >> height) & 1 = 0;
        width := 1 << (height % 4);
        SELECT ledger.subtree_hash(string_agg(hash, '' ORDER BY place)) INTO subtree FROM ledger.tree
        WHERE district_id = p_district AND level = height - height % 4
          AND place >= ((p_size >> height) - 1) * width AND place < (p_size >> height) * width;
        joined := CASE WHEN joined IS NULL THEN subtree ELSE sha256('\x01'::bytea || subtree || joined) END;
    END LOOP;
    RETURN COALESCE(joined, sha256(''));
END $$;

-- Stores the nodes that became full when the leaves from p_first on were added.
CREATE FUNCTION ledger.add_nodes(p_district bigint, p_first bigint, p_size bigint) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    below int := 0;
BEGIN
    LOOP
        p_first := p_first / 16;
        p_size := p_size / 16;
        EXIT WHEN p_first >= p_size;
        INSERT INTO ledger.node
        SELECT p_district, below + 4, place / 16, ledger.subtree_hash(string_agg(hash, '' ORDER BY place)) FROM ledger.tree
        WHERE district_id = p_district AND level = below AND place >= p_first * 16 AND place < p_size * 16 GROUP BY place / 16;
        below := below + 4;
    END LOOP;
END $$;

-- Visible transactions above p_above that are no leaf yet, in all districts, in the order of their numbers.
CREATE FUNCTION ledger.unsealed(p_above bigint, p_limit int) RETURNS SETOF ledger.transaction LANGUAGE sql STABLE AS $$
    WITH RECURSIVE district (id) AS (
        (SELECT district_id FROM ledger.transaction ORDER BY district_id LIMIT 1)
        UNION ALL
        SELECT (SELECT t.district_id FROM ledger.transaction t WHERE t.district_id > d.id ORDER BY t.district_id LIMIT 1)
        FROM district d WHERE d.id IS NOT NULL)
    SELECT u.* FROM district d CROSS JOIN LATERAL (
        SELECT t.* FROM ledger.transaction t
        WHERE t.district_id = d.id AND t.id > p_above
          AND NOT EXISTS (SELECT FROM ledger.leaf l WHERE l.transaction_id = t.id AND l.district_id + 0 = t.district_id
                          OFFSET 0)  -- each is looked up by itself; else the planner may join with the whole log
        ORDER BY t.id LIMIT p_limit) u
    ORDER BY u.id LIMIT p_limit
$$;

-- One round: seals up to p_limit transactions and gives the districts that grew, by how much, with their new size and root. Nothing where
-- there is no news, or where another sealer is at work. Few rows out of many, row by row along the indexes: that is what it must do
-- each second, and what the planner would not choose for a log that is young or whose end it does not know.
CREATE FUNCTION ledger.seal(p_limit int) RETURNS TABLE (district bigint, added bigint, size bigint, root bytea)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = ledger, pg_temp SET plan_cache_mode = force_generic_plan
SET enable_seqscan = off SET enable_bitmapscan = off AS $$
DECLARE
    is_first_write boolean := pg_current_xact_id_if_assigned() IS NULL;  -- else our id may be below that of who drew the last number
    drawn bigint;
    s ledger.sealer;
    is_settled boolean;
    grown record;
    sealed bigint := 0;
    reached bigint := 0;
BEGIN
    IF current_setting('transaction_isolation') <> 'read committed' THEN
        RAISE EXCEPTION 'ledger.seal needs READ COMMITTED' USING ERRCODE = 'invalid_transaction_state';
    END IF;
    SELECT CASE WHEN is_called THEN last_value ELSE 0 END INTO drawn FROM ledger.transaction_id_seq;
    SELECT * INTO s FROM ledger.sealer;
    IF NOT EXISTS (SELECT FROM ledger.unsealed(s.final_id, 1)) AND (s.final_id = s.mark_id OR ledger.horizon() < s.mark_position) THEN
        RETURN;
    END IF;
    SELECT * INTO s FROM ledger.sealer FOR UPDATE SKIP LOCKED;  -- this draws our own transaction id: above everything that drew `drawn`
    IF NOT FOUND THEN
        RETURN;
    END IF;
    is_settled := ledger.horizon() >= s.mark_position;  -- asked before the book is looked at: the next statement sees all of it

    FOR grown IN
        WITH due AS MATERIALIZED (
            SELECT t AS row, t.district_id, t.id, row_number() OVER (PARTITION BY t.district_id ORDER BY t.id) - 1 AS nth
            FROM ledger.unsealed(s.final_id, p_limit) t
        ), begun AS MATERIALIZED (
            SELECT d.district_id, COALESCE((SELECT l.place + 1 FROM ledger.leaf l WHERE l.district_id = d.district_id
                                            ORDER BY l.place DESC LIMIT 1), 0) AS first
            FROM (SELECT DISTINCT district_id FROM due) d
        ), placed AS (
            INSERT INTO ledger.leaf
            SELECT district_id, first + nth, id, sha256('\x00'::bytea || ledger.encode_transaction(due.row, COALESCE(legs, '')))
            FROM due JOIN begun USING (district_id)
            CROSS JOIN LATERAL (
                SELECT string_agg(ledger.encode_leg(a, l.amount), '' ORDER BY l.line) AS legs
                FROM unnest((due.row).accounts, (due.row).amounts) WITH ORDINALITY AS l (account_id, amount, line)
                JOIN ledger.account a ON a.district_id = due.district_id AND a.id = l.account_id) e
            RETURNING *
        )
        SELECT p.district_id, min(p.place) AS first, max(p.place) + 1 AS end_place, count(*) AS leaves, max(p.transaction_id) AS last
        FROM placed p GROUP BY p.district_id
    LOOP
        PERFORM ledger.add_nodes(grown.district_id, grown.first, grown.end_place);
        district := grown.district_id;
        added := grown.leaves;
        size := grown.end_place;
        root := ledger.log_root(district, size);
        sealed := sealed + added;
        reached := GREATEST(reached, grown.last);
        RETURN NEXT;
    END LOOP;

    IF is_settled THEN  -- a round that was full has left some of what is final for the next one
        s.final_id := GREATEST(s.final_id, CASE WHEN sealed < p_limit THEN s.mark_id ELSE LEAST(s.mark_id, reached) END);
        IF s.final_id = s.mark_id AND is_first_write THEN
            s.mark_id := GREATEST(s.mark_id, drawn);
            s.mark_position := pg_current_xact_id()::text::bigint + (SELECT position_offset FROM ledger.epoch);
        END IF;
        UPDATE ledger.sealer SET final_id = s.final_id, mark_id = s.mark_id, mark_position = s.mark_position;
    END IF;
END $$;

-- A key of this log. Again is harmless. The first names the log; each later one has the same name and the word of an earlier one.
CREATE FUNCTION ledger.add_log_key(p_district bigint, p_public_key text, p_endorsement text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = ledger, pg_temp AS $$
BEGIN
    INSERT INTO ledger.log_key
    SELECT p_district, COALESCE(max(number), 0) + 1, p_public_key, p_endorsement, clock_timestamp() FROM ledger.log_key
    WHERE district_id = p_district
    ON CONFLICT (district_id, public_key) DO NOTHING;
END $$;

-- Keeps what the sealer signed. The root is made here once more: only the signature is taken on trust, and whoever reads checks it.
CREATE FUNCTION ledger.add_checkpoint(p_district bigint, p_size bigint, p_note text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = ledger, pg_temp AS $$
DECLARE
    root bytea := ledger.log_root(p_district, p_size);
    origin text := (SELECT split_part(public_key, '+', 1) FROM ledger.log_key WHERE district_id = p_district AND number = 1);
BEGIN
    IF NOT EXISTS (SELECT FROM ledger.leaf WHERE district_id = p_district AND place = p_size - 1)
       OR origin IS NULL OR NOT starts_with(p_note, format(E'%s\n%s\n%s\n\n', origin, p_size, encode(root, 'base64'))) THEN
        PERFORM ledger.refuse('MG034', 'checkpoint_wrong');
    END IF;
    INSERT INTO ledger.checkpoint VALUES (p_district, p_size, root, p_note, clock_timestamp()) ON CONFLICT (district_id, size) DO NOTHING;
END $$;

REVOKE EXECUTE ON FUNCTION ledger.short_name, ledger.encode_leg, ledger.encode_transaction, ledger.subtree_hash, ledger.log_root, ledger.add_nodes,
    ledger.unsealed, ledger.seal, ledger.add_log_key, ledger.add_checkpoint FROM PUBLIC;
GRANT EXECUTE ON FUNCTION ledger.seal, ledger.add_log_key, ledger.add_checkpoint TO meguri_web;
GRANT SELECT ON ledger.leaf, ledger.node, ledger.tree, ledger.log_key, ledger.checkpoint, ledger.sealer TO meguri_web, meguri_desk;
