-- The stored hashes below each asked node, in order: first <= place < end, at one level (0, 4, 8, ...). A proof asks for a dozen nodes of at
-- most eight hashes each. Row by row along the primary keys, whatever the planner takes the log for: while it is young, or its statistics
-- are, it would read the whole of it once for each node.
CREATE FUNCTION ledger.tree_nodes(p_district bigint, p_levels int[], p_firsts bigint[], p_ends bigint[]) RETURNS TABLE (number bigint, hash bytea)
LANGUAGE sql STABLE SET enable_seqscan = off SET enable_bitmapscan = off AS $$
    SELECT w.number, n.hash
    FROM unnest(p_levels, p_firsts, p_ends) WITH ORDINALITY AS w (level, first, end_place, number)
    CROSS JOIN LATERAL (
        SELECT t.place, t.hash FROM ledger.tree t
        WHERE t.district_id = p_district AND t.level = w.level AND t.place >= w.first AND t.place < w.end_place
        OFFSET 0) n  -- each by itself, not all by one join with the whole tree
    ORDER BY w.number, n.place
$$;
REVOKE EXECUTE ON FUNCTION ledger.tree_nodes FROM PUBLIC;
GRANT EXECUTE ON FUNCTION ledger.tree_nodes TO meguri_web, meguri_desk;
