-- As in 17_post_set.sql and open_accounts.1.sql: what a line costs does not grow with the journal.
CREATE OR REPLACE FUNCTION ledger.post_items(p_district bigint, p_proposal bigint, p_first int, p_limit int)
RETURNS TABLE (place int, transaction_id bigint, posted_at timestamptz, refused text, detail text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = ledger, pg_temp SET plan_cache_mode = force_generic_plan
SET enable_seqscan = off SET enable_bitmapscan = off AS $$  -- few rows out of many, each by its key, also where nobody has counted them yet
DECLARE
    places int[];
    kinds text[];
    keys uuid[];
    hashes bytea[];
    notes jsonb[];
    accounts bigint[];
    amounts bigint[];
    is_plain boolean;
    done record;
    item ledger.proposal_item;
    answer ledger.answer;
BEGIN
    IF current_setting('transaction_isolation') <> 'read committed' THEN
        RAISE EXCEPTION 'ledger.post_items needs READ COMMITTED' USING ERRCODE = 'invalid_transaction_state';
    ELSIF NOT EXISTS (SELECT FROM ledger.decision d WHERE d.district_id = p_district AND d.proposal_id = p_proposal AND d.approved) THEN
        PERFORM ledger.refuse('MG019', 'not_approved');
    END IF;
    SELECT array_agg(i.place), array_agg(i.kind), array_agg(i.key), array_agg(i.command_hash), array_agg(i.facts),
           bool_and(cardinality(i.accounts) = 2 AND i.refers_to IS NULL)
    INTO places, kinds, keys, hashes, notes, is_plain
    FROM (SELECT * FROM ledger.proposal_item o WHERE o.district_id = p_district AND o.proposal_id = p_proposal AND o.place >= p_first
            -- OFFSET 0: as a join, planned while the journal was empty, it would walk all of the journal's keys for each line.
            AND NOT EXISTS (SELECT FROM ledger.transaction t WHERE t.district_id = o.district_id AND t.key = o.key OFFSET 0)
          ORDER BY o.place LIMIT LEAST(p_limit, 1000)) i;
    IF places IS NULL THEN
        RETURN;
    END IF;
    SELECT array_agg(l.account_id ORDER BY i.place, l.n), array_agg(l.amount ORDER BY i.place, l.n) INTO accounts, amounts
    FROM ledger.proposal_item i CROSS JOIN LATERAL unnest(i.accounts, i.amounts) WITH ORDINALITY AS l (account_id, amount, n)
    WHERE i.district_id = p_district AND i.proposal_id = p_proposal
      AND i.place BETWEEN places[1] AND places[cardinality(places)] AND i.place = ANY (places);
    PERFORM ledger.lock_lines(p_district, accounts, amounts);
    IF is_plain THEN
        SELECT s.ids, s.at INTO done
        FROM ledger.post_set(p_district, kinds, keys, hashes, notes, accounts, amounts, true, false) s;
    ELSE
        SELECT NULL::bigint[] AS ids, NULL::timestamptz AS at INTO done;
    END IF;
    FOR i IN 1 .. cardinality(places) LOOP
        place := places[i];
        transaction_id := done.ids[i];
        posted_at := done.at;
        refused := NULL;
        detail := NULL;
        IF transaction_id IS NULL THEN
            SELECT * INTO item FROM ledger.proposal_item o
            WHERE o.district_id = p_district AND o.proposal_id = p_proposal AND o.place = places[i];
            BEGIN
                answer := ledger.post_one(p_district, item.kind, item.key, item.command_hash, item.refers_to, NULL, item.facts,
                    item.accounts, item.amounts, NULL);
                transaction_id := answer.transaction_id;
                posted_at := answer.posted_at;
            EXCEPTION WHEN OTHERS THEN
                GET STACKED DIAGNOSTICS refused = RETURNED_SQLSTATE, detail = PG_EXCEPTION_DETAIL;
                IF refused NOT LIKE 'MG%' THEN
                    RAISE;
                END IF;
                posted_at := NULL;
            END;
        END IF;
        RETURN NEXT;
    END LOOP;
END $$;
