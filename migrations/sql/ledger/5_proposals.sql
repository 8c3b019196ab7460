-- Two pairs of eyes. A proposal carries whole transactions, line by line; a kind that `needs_approval` posts nothing but
-- exactly what was proposed by one person and approved by another. A key posts once, so a proposal is used up by itself.

CREATE TABLE ledger.proposal (
    district_id bigint NOT NULL,
    id bigint NOT NULL,
    purpose text NOT NULL,                  -- what it is for, in the words of whoever proposes
    maker bigint NOT NULL,                  -- person
    proposed_at timestamptz NOT NULL,
    facts jsonb NOT NULL,
    PRIMARY KEY (district_id, id),
    UNIQUE (district_id, id, maker)
);
CREATE SEQUENCE ledger.proposal_id_seq;

CREATE TABLE ledger.proposal_item (
    district_id bigint NOT NULL,
    proposal_id bigint NOT NULL,
    place int NOT NULL,
    kind text NOT NULL REFERENCES ledger.kind,
    key uuid NOT NULL,
    command_hash bytea NOT NULL CHECK (length(command_hash) = 32),
    refers_to bigint,
    facts jsonb NOT NULL,
    accounts bigint[] NOT NULL,             -- ascending
    amounts bigint[] NOT NULL,
    PRIMARY KEY (district_id, proposal_id, place),
    UNIQUE (district_id, key),
    FOREIGN KEY (district_id, proposal_id) REFERENCES ledger.proposal,
    CHECK (cardinality(accounts) = cardinality(amounts))
);

CREATE TABLE ledger.decision (
    district_id bigint NOT NULL,
    proposal_id bigint NOT NULL,
    maker bigint NOT NULL,
    checker bigint NOT NULL,                -- person
    approved boolean NOT NULL,
    note text NOT NULL,
    decided_at timestamptz NOT NULL,
    PRIMARY KEY (district_id, proposal_id),
    FOREIGN KEY (district_id, proposal_id, maker) REFERENCES ledger.proposal (district_id, id, maker),
    CONSTRAINT two_persons CHECK (checker <> maker)
);
CREATE INDEX proposal_of_time ON ledger.proposal (district_id, proposed_at);

DO $$
DECLARE t text;
BEGIN
    FOREACH t IN ARRAY ARRAY['proposal', 'proposal_item', 'decision'] LOOP
        EXECUTE format('CREATE TRIGGER never_edited BEFORE UPDATE OR DELETE ON ledger.%I FOR EACH ROW EXECUTE FUNCTION ledger.never()', t);
        EXECUTE format('CREATE TRIGGER never_emptied BEFORE TRUNCATE ON ledger.%I FOR EACH STATEMENT EXECUTE FUNCTION ledger.never()', t);
    END LOOP;
END $$;

-- Lays transactions before a second person; p_lines as in ledger.post, the lines of each in ascending order of account id.
CREATE FUNCTION ledger.propose(
    p_district bigint, p_maker bigint, p_purpose text, p_facts jsonb, p_kinds text[], p_keys uuid[], p_hashes bytea[],
    p_refers bigint[], p_item_facts jsonb[], p_lines int[], p_accounts bigint[], p_amounts bigint[])
RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = ledger, pg_temp AS $$
DECLARE
    new_id bigint := nextval('ledger.proposal_id_seq');
    first int := 1;
BEGIN
    INSERT INTO ledger.proposal VALUES (p_district, new_id, p_purpose, p_maker, clock_timestamp(), p_facts);
    FOR i IN 1 .. cardinality(p_kinds) LOOP
        INSERT INTO ledger.proposal_item VALUES (p_district, new_id, i, p_kinds[i], p_keys[i], p_hashes[i], p_refers[i], p_item_facts[i],
            p_accounts[first : first + p_lines[i] - 1], p_amounts[first : first + p_lines[i] - 1]);
        first := first + p_lines[i];
    END LOOP;
    RETURN new_id;
EXCEPTION WHEN unique_violation THEN
    PERFORM ledger.refuse('MG002', 'idempotency_key_reused');
END $$;

-- One decision a proposal, never by its maker.
CREATE FUNCTION ledger.decide(p_district bigint, p_proposal bigint, p_checker bigint, p_approved boolean, p_note text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = ledger, pg_temp AS $$
DECLARE
    p ledger.proposal;
BEGIN
    SELECT * INTO p FROM ledger.proposal WHERE district_id = p_district AND id = p_proposal;
    IF NOT FOUND THEN
        PERFORM ledger.refuse('MG025', 'proposal_unknown');
    ELSIF p.maker = p_checker THEN
        PERFORM ledger.refuse('MG024', 'two_person_rule');
    END IF;
    INSERT INTO ledger.decision VALUES (p_district, p_proposal, p.maker, p_checker, p_approved, p_note, clock_timestamp())
    ON CONFLICT (district_id, proposal_id) DO NOTHING;
    IF NOT FOUND THEN
        PERFORM ledger.refuse('MG026', 'already_decided');
    END IF;
END $$;

CREATE FUNCTION ledger.is_approved(p_district bigint, p_key uuid, p_kind text, p_hash bytea, p_accounts bigint[], p_amounts bigint[])
RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (SELECT FROM ledger.proposal_item i
                   JOIN ledger.decision d ON d.district_id = i.district_id AND d.proposal_id = i.proposal_id AND d.approved
                   WHERE i.district_id = p_district AND i.key = p_key AND i.kind = p_kind AND i.command_hash = p_hash
                     AND i.accounts = p_accounts AND i.amounts = p_amounts)
$$;

REVOKE EXECUTE ON FUNCTION ledger.propose, ledger.decide, ledger.is_approved FROM PUBLIC;
GRANT EXECUTE ON FUNCTION ledger.propose, ledger.decide TO meguri_web;
GRANT SELECT ON ledger.proposal, ledger.proposal_item, ledger.decision TO meguri_web, meguri_desk;
