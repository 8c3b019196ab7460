"""オープンデータ: the files of a month, published once, and who switched it on."""

from __future__ import annotations

from alembic import op

revision = "0084"
down_revision = "0083"
branch_labels = None
depends_on = None

UP = """
CREATE TABLE open_data_switch (
    district_id bigint NOT NULL REFERENCES district (id),
    id          bigint GENERATED ALWAYS AS IDENTITY,
    is_on       boolean NOT NULL,
    by_person   bigint NOT NULL,
    made_at     timestamptz NOT NULL,
    CONSTRAINT open_data_switch_pkey PRIMARY KEY (district_id, id)
);
CREATE TABLE open_data_file (
    district_id bigint NOT NULL REFERENCES district (id),
    month       date NOT NULL,
    name        text NOT NULL,
    content     bytea NOT NULL,
    digest      bytea NOT NULL,
    withheld    bigint NOT NULL,
    made_at     timestamptz NOT NULL,
    CONSTRAINT open_data_file_pkey PRIMARY KEY (district_id, month, name),
    CONSTRAINT open_data_file_digest_is_of_content CHECK (digest = sha256(content)),
    CONSTRAINT open_data_file_month_is_its_first_day CHECK (extract(day FROM month) = 1)
);
GRANT SELECT, INSERT ON open_data_switch, open_data_file TO meguri_web;
CREATE TRIGGER never_edited BEFORE UPDATE OR DELETE ON open_data_switch FOR EACH ROW EXECUTE FUNCTION ledger.never();
CREATE TRIGGER never_emptied BEFORE TRUNCATE ON open_data_switch FOR EACH STATEMENT EXECUTE FUNCTION ledger.never();
CREATE TRIGGER never_edited BEFORE UPDATE OR DELETE ON open_data_file FOR EACH ROW EXECUTE FUNCTION ledger.never();
CREATE TRIGGER never_emptied BEFORE TRUNCATE ON open_data_file FOR EACH STATEMENT EXECUTE FUNCTION ledger.never();
"""


def upgrade() -> None:
    op.get_bind().exec_driver_sql(UP)


def downgrade() -> None:
    """Refused where something was published: others have it, and nobody could say any more that it is the same."""
    op.execute("ALTER TABLE open_data_file ADD CONSTRAINT nothing_published CHECK (false)")
    op.execute("DROP TABLE open_data_file, open_data_switch")
