"""The accountant's part: the district's chart of accounts, its fiscal year, and months that are closed."""

from __future__ import annotations

from alembic import op

from migrations import read_sql

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

UP = """
CREATE TABLE chart_account (
    district_id bigint NOT NULL,
    role        text NOT NULL,
    version     bigint NOT NULL,
    number      bigint NOT NULL,
    name        text NOT NULL,
    name_en     text NOT NULL,
    kind        text NOT NULL,
    set_by      bigint NOT NULL,
    set_at      timestamptz NOT NULL,
    CONSTRAINT chart_account_pkey PRIMARY KEY (district_id, role, version),
    CONSTRAINT chart_account_number_is_four_digits CHECK (number BETWEEN 1000 AND 9999),
    CONSTRAINT chart_account_kind_is_known CHECK (kind IN ('asset', 'liability', 'equity', 'income', 'expense'))
);
CREATE TABLE fiscal_year (
    district_id bigint NOT NULL,
    version     bigint NOT NULL,
    first_month bigint NOT NULL,
    set_by      bigint NOT NULL,
    set_at      timestamptz NOT NULL,
    CONSTRAINT fiscal_year_pkey PRIMARY KEY (district_id, version),
    CONSTRAINT fiscal_year_month_is_a_month CHECK (first_month BETWEEN 1 AND 12)
);
GRANT SELECT, INSERT ON chart_account, fiscal_year TO meguri_web;
"""


def upgrade() -> None:
    op.get_bind().exec_driver_sql(read_sql("ledger/11_closing.sql"))
    op.execute(UP)


def downgrade() -> None:
    op.execute("DROP TABLE fiscal_year, chart_account")
    op.get_bind().exec_driver_sql(read_sql("ledger/undo_closing.sql"))
