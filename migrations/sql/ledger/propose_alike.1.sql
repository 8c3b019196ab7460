-- A town gives to each of its residents: many transactions that are alike, laid before a second person as a set.

-- The keys that the two foreign keys looked up for each line (half of what laying a list down cost) are looked up once a statement.
ALTER TABLE ledger.proposal_item DROP CONSTRAINT proposal_item_kind_fkey, DROP CONSTRAINT proposal_item_district_id_proposal_id_fkey;
CREATE FUNCTION ledger.items_belong() RETURNS trigger LANGUAGE plpgsql SET search_path = ledger, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT FROM (SELECT DISTINCT district_id, proposal_id, kind FROM added) a
               WHERE NOT EXISTS (SELECT FROM ledger.proposal p WHERE p.district_id = a.district_id AND p.id = a.proposal_id)
                  OR NOT EXISTS (SELECT FROM ledger.kind k WHERE k.name = a.kind)) THEN
        RAISE foreign_key_violation USING MESSAGE = 'an item of no proposal, or of no kind';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER items_belong AFTER INSERT ON ledger.proposal_item REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION ledger.items_belong();  -- neither a proposal nor a kind ever goes

-- One kind, the same facts, one account that is debited: a transaction for each of p_credits, in their order. Their keys and hashes are
-- made of p_seed (32 bytes that nobody else knows): foretold by nobody, and beside one another in the indexes of keys, by the place.
CREATE FUNCTION ledger.propose_alike(
    p_district bigint, p_maker bigint, p_purpose text, p_facts jsonb, p_kind text, p_seed bytea, p_item_facts jsonb, p_debit bigint,
    p_credits bigint[], p_amounts bigint[])
RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = ledger, pg_temp AS $$
DECLARE
    new_id bigint := nextval('ledger.proposal_id_seq');
BEGIN
    ASSERT length(p_seed) = 32 AND cardinality(p_credits) = cardinality(p_amounts);
    INSERT INTO ledger.proposal VALUES (p_district, new_id, p_purpose, p_maker, clock_timestamp(), p_facts);
    INSERT INTO ledger.proposal_item
    SELECT p_district, new_id, i.place, p_kind,
           encode(substr(p_seed, 1, 5) || int4send(i.place::int) || substr(sha256(p_seed || int8send(i.place)), 1, 7), 'hex')::uuid,
           sha256(p_seed || int8send(i.place) || int8send(i.amount)), NULL, p_item_facts,
           CASE WHEN p_debit < i.account_id THEN ARRAY[p_debit, i.account_id] ELSE ARRAY[i.account_id, p_debit] END,
           CASE WHEN p_debit < i.account_id THEN ARRAY[i.amount, -i.amount] ELSE ARRAY[-i.amount, i.amount] END
    FROM unnest(p_credits, p_amounts) WITH ORDINALITY AS i (account_id, amount, place);
    RETURN new_id;
EXCEPTION WHEN unique_violation THEN
    PERFORM ledger.refuse('MG002', 'idempotency_key_reused');
END $$;
REVOKE EXECUTE ON FUNCTION ledger.propose_alike, ledger.items_belong FROM PUBLIC;
GRANT EXECUTE ON FUNCTION ledger.propose_alike TO meguri_web;
