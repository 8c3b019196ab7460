"""廃止・払戻し: a coin is ended on an announced day, its holders are paid back, and what nobody claimed is excluded."""

from __future__ import annotations

from alembic import op

revision = "0050"
down_revision = "0049"
branch_labels = None
depends_on = None

UP = """
INSERT INTO ledger.kind (name, moves, posters, keeps_series, is_capped, fills, refers, reversible, appends, needs_approval, refundable,
    after_end)
SELECT 'exclude', moves, posters, keeps_series, is_capped, fills, refers, reversible, appends, needs_approval, refundable, after_end
FROM ledger.kind WHERE name = 'expiry';
UPDATE ledger.kind SET after_end = 'too' WHERE name = 'cash_refund';
CREATE TABLE discontinuance (
    district_id  bigint NOT NULL,
    series_id    bigint NOT NULL,
    proposal_id  bigint NOT NULL,
    announced_on date NOT NULL,
    stops_on     date NOT NULL,
    claims_until date NOT NULL,
    notice       text NOT NULL,
    decided_by   bigint NOT NULL,
    decided_at   timestamptz NOT NULL,
    CONSTRAINT discontinuance_pkey PRIMARY KEY (district_id, series_id),
    CONSTRAINT discontinuance_sixty_days_to_claim CHECK (claims_until - announced_on >= 60),
    CONSTRAINT discontinuance_stops_after_notice CHECK (stops_on > announced_on AND stops_on <= claims_until)
);
CREATE TABLE discontinuance_end (
    district_id bigint NOT NULL,
    series_id   bigint NOT NULL,
    proposal_id bigint NOT NULL,
    decided_by  bigint NOT NULL,
    decided_at  timestamptz NOT NULL,
    CONSTRAINT discontinuance_end_pkey PRIMARY KEY (district_id, series_id),
    CONSTRAINT discontinuance_end_district_id_series_id_fkey FOREIGN KEY (district_id, series_id)
        REFERENCES discontinuance (district_id, series_id)
);

-- A coin without an end, or with a later one, ends at the end of an announced day: as an approved proposal for exactly that says.
CREATE FUNCTION ledger.end_series(p_district bigint, p_proposal bigint) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = ledger, pg_temp AS $$
DECLARE
    f jsonb;
    ends timestamptz;
BEGIN
    SELECT p.facts INTO f FROM ledger.proposal p
    JOIN ledger.decision d ON d.district_id = p.district_id AND d.proposal_id = p.id AND d.approved
    WHERE p.district_id = p_district AND p.id = p_proposal AND p.purpose = 'discontinue';
    IF NOT FOUND THEN
        PERFORM ledger.refuse('MG019', 'not_approved');
    END IF;
    ends := ((f ->> 'stops_on')::date + 1)::timestamp AT TIME ZONE 'Asia/Tokyo';
    UPDATE ledger.series SET valid_until = ends
    WHERE district_id = p_district AND id = (f ->> 'series')::bigint AND unit = 'yen' AND ends > clock_timestamp()
      AND valid_from < ends AND COALESCE(valid_until, 'infinity') >= ends;
    IF NOT FOUND THEN
        PERFORM ledger.refuse('MG033', 'series_wrong');
    END IF;
END $$;
REVOKE EXECUTE ON FUNCTION ledger.end_series FROM PUBLIC;
GRANT EXECUTE ON FUNCTION ledger.end_series TO meguri_web;
"""
TABLES = ("discontinuance", "discontinuance_end")


def upgrade() -> None:
    op.execute(UP)
    for table in TABLES:
        op.execute(f"GRANT SELECT, INSERT ON {table} TO meguri_web")
        op.execute(f"CREATE TRIGGER never_edited BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION ledger.never()")
        op.execute(f"CREATE TRIGGER never_emptied BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION ledger.never()")


def downgrade() -> None:
    op.execute("DROP FUNCTION ledger.end_series")
    op.execute("DROP TABLE discontinuance_end, discontinuance")
    op.execute("UPDATE ledger.kind SET after_end = 'never' WHERE name = 'cash_refund'")
    op.execute("DELETE FROM ledger.kind WHERE name = 'exclude'")
