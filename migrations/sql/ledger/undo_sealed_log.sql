-- Takes 10_sealed_log.sql back. The book stays as it is; what was sealed and signed is lost.
DROP FUNCTION ledger.add_checkpoint, ledger.add_log_key, ledger.seal, ledger.unsealed, ledger.add_nodes, ledger.log_root, ledger.subtree_hash,
    ledger.encode_transaction, ledger.encode_leg, ledger.short_name;
DROP VIEW ledger.tree;
DROP TABLE ledger.sealer, ledger.checkpoint, ledger.log_key, ledger.node, ledger.leaf;

CREATE OR REPLACE FUNCTION ledger.close_key(p_district bigint, p_key uuid) RETURNS SETOF ledger.transaction
LANGUAGE plpgsql SECURITY DEFINER SET search_path = ledger, pg_temp AS $$
BEGIN
    INSERT INTO ledger.transaction
    SELECT p_district, nextval('ledger.transaction_id_seq'), p_key, sha256(''), 'key_closed', clock_timestamp(),
           pg_current_xact_id()::text::bigint + position_offset, NULL, NULL, '{}', '{}', '{}' FROM ledger.epoch
    ON CONFLICT (district_id, key) DO NOTHING;
    RETURN QUERY SELECT * FROM ledger.transaction WHERE district_id = p_district AND key = p_key AND kind <> 'key_closed';
END $$;
