"""What was measured stands, whoever writes: a reading is its delivery's source's, a sensor's delivery its token's, and none is edited."""

from __future__ import annotations

from alembic import op

revision = "0128"
down_revision = "0127"
branch_labels = None
depends_on = None

UP = """
SET LOCAL lock_timeout = '10s';

ALTER TABLE api_token ADD CONSTRAINT api_token_district_id_id_source_id_key UNIQUE (district_id, id, source_id);
ALTER TABLE measure_delivery
    ADD CONSTRAINT measure_delivery_district_id_id_source_id_key UNIQUE (district_id, id, source_id),
    ADD CONSTRAINT measure_delivery_token_fkey
        FOREIGN KEY (district_id, api_token_id, source_id) REFERENCES api_token (district_id, id, source_id);
ALTER TABLE measurement
    DROP CONSTRAINT measurement_delivery_fkey,
    ADD CONSTRAINT measurement_delivery_fkey
        FOREIGN KEY (district_id, delivery_id, source_id) REFERENCES measure_delivery (district_id, id, source_id);

-- What is counted, where and how never changes: another way is another source. It ends once.
CREATE FUNCTION measure_source_stands() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.ended_at IS NOT NULL OR to_jsonb(NEW) - 'ended_at' IS DISTINCT FROM to_jsonb(OLD) - 'ended_at' THEN
        RAISE EXCEPTION 'a source of measurements stands';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER stands BEFORE UPDATE ON measure_source FOR EACH ROW EXECUTE FUNCTION measure_source_stands();
CREATE TRIGGER never_deleted BEFORE DELETE ON measure_source FOR EACH ROW EXECUTE FUNCTION ledger.never();
CREATE TRIGGER never_emptied BEFORE TRUNCATE ON measure_source FOR EACH STATEMENT EXECUTE FUNCTION ledger.never();
"""
KEPT_FOR_GOOD = ("measure_delivery", "measurement", "street_plan")

DOWN = """
DROP TRIGGER never_emptied ON measure_source;
DROP TRIGGER never_deleted ON measure_source;
DROP TRIGGER stands ON measure_source;
DROP FUNCTION measure_source_stands();
ALTER TABLE measurement
    DROP CONSTRAINT measurement_delivery_fkey,
    ADD CONSTRAINT measurement_delivery_fkey FOREIGN KEY (district_id, delivery_id) REFERENCES measure_delivery (district_id, id);
ALTER TABLE measure_delivery
    DROP CONSTRAINT measure_delivery_token_fkey, DROP CONSTRAINT measure_delivery_district_id_id_source_id_key;
ALTER TABLE api_token DROP CONSTRAINT api_token_district_id_id_source_id_key;
"""


def upgrade() -> None:
    op.get_bind().exec_driver_sql(UP)
    for table in KEPT_FOR_GOOD:
        op.execute(f"CREATE TRIGGER never_edited BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION ledger.never()")
        op.execute(f"CREATE TRIGGER never_emptied BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION ledger.never()")


def downgrade() -> None:
    for table in KEPT_FOR_GOOD:
        op.execute(f"DROP TRIGGER never_emptied ON {table}")
        op.execute(f"DROP TRIGGER never_edited ON {table}")
    op.get_bind().exec_driver_sql(DOWN)
