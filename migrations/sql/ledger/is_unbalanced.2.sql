-- As in 2_post.sql, each account looked up by its key: without statistics all accounts of the district were read for each transaction.
CREATE OR REPLACE FUNCTION ledger.is_unbalanced(p_district bigint, p_accounts bigint[], p_amounts bigint[], p_by_series boolean) RETURNS boolean
LANGUAGE sql STABLE AS $$
    SELECT EXISTS (SELECT FROM unnest(p_accounts, p_amounts) AS l (account_id, amount)
                   CROSS JOIN LATERAL (SELECT unit, series_id FROM ledger.account WHERE district_id = p_district AND id = l.account_id OFFSET 0) a
                   GROUP BY a.unit, CASE WHEN p_by_series THEN a.series_id END HAVING sum(l.amount) <> 0)
$$;
