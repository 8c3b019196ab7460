"""Shops are paid: the district's terms, its runs, what was carried over, and which ended series are cleared."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from migrations import read_sql

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def _moment(name: str) -> sa.Column:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=False)


def _number(name: str) -> sa.Column:
    return sa.Column(name, sa.BigInteger, nullable=False)


def upgrade() -> None:
    op.get_bind().exec_driver_sql(read_sql("ledger/8_settlement.sql"))
    op.create_table(
        "settlement_terms",
        _number("district_id"),
        _number("version"),
        sa.Column("closing", sa.Text, nullable=False),
        _number("weekday"),
        _number("pay_after_days"),
        sa.Column("shift", sa.Text, nullable=False),
        _number("fee_bp"),
        sa.Column("registration_number", sa.Text),
        _number("set_by"),
        _moment("set_at"),
        sa.PrimaryKeyConstraint("district_id", "version", name="settlement_terms_pkey"),
        sa.CheckConstraint("closing IN ('month_end', 'half_month', 'weekly')", name="settlement_terms_closing_is_known"),
        sa.CheckConstraint("weekday BETWEEN 0 AND 6", name="settlement_terms_weekday_is_one"),
        sa.CheckConstraint("pay_after_days BETWEEN 1 AND 90", name="settlement_terms_pay_day_is_near"),
        sa.CheckConstraint("shift IN ('next', 'previous')", name="settlement_terms_shift_is_known"),
        sa.CheckConstraint("fee_bp BETWEEN 0 AND 3000", name="settlement_terms_fee_is_a_part"),
        sa.CheckConstraint("registration_number ~ '^T[0-9]{13}$'", name="settlement_terms_registration_number_has_its_form"),
    )
    op.create_table(
        "settlement_run",
        _number("district_id"),
        _number("id"),
        sa.Column("closes_on", sa.Date, nullable=False),
        _number("attempt"),
        sa.Column("after", sa.Date),
        sa.Column("pay_on", sa.Date, nullable=False),
        _number("terms_version"),
        _number("made_by"),
        _moment("made_at"),
        sa.PrimaryKeyConstraint("district_id", "id", name="settlement_run_pkey"),
        sa.UniqueConstraint("district_id", "closes_on", "attempt", name="settlement_run_district_id_key"),
        sa.ForeignKeyConstraint(
            ["district_id", "terms_version"],
            ["settlement_terms.district_id", "settlement_terms.version"],
            name="settlement_run_district_id_fkey",
        ),
        sa.CheckConstraint("after < closes_on AND closes_on < pay_on", name="settlement_run_days_are_in_order"),
    )
    op.create_table(
        "settlement_carry",
        _number("district_id"),
        _number("run_id"),
        _number("merchant_id"),
        _number("amount"),
        sa.Column("reason", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("district_id", "run_id", "merchant_id", name="settlement_carry_pkey"),
        sa.ForeignKeyConstraint(
            ["district_id", "run_id"], ["settlement_run.district_id", "settlement_run.id"], name="settlement_carry_district_id_fkey"
        ),
        sa.CheckConstraint("reason IN ('nothing', 'suspended', 'closed', 'left_out')", name="settlement_carry_reason_is_known"),
    )
    op.create_table(
        "settlement_payout",
        _number("district_id"),
        _number("id"),
        _number("run_id"),
        sa.Column("paid_on", sa.Date, nullable=False),
        sa.PrimaryKeyConstraint("district_id", "id", name="settlement_payout_pkey"),
        sa.ForeignKeyConstraint(
            ["district_id", "run_id"], ["settlement_run.district_id", "settlement_run.id"], name="settlement_payout_district_id_fkey"
        ),
    )
    op.create_table(
        "series_expiry",
        _number("district_id"),
        _number("series_id"),
        _moment("cleared_at"),
        sa.PrimaryKeyConstraint("district_id", "series_id", name="series_expiry_pkey"),
    )
    op.execute("GRANT SELECT, INSERT ON settlement_terms, settlement_run, settlement_carry, settlement_payout, series_expiry TO meguri_web")


def downgrade() -> None:
    for table in ("series_expiry", "settlement_payout", "settlement_carry", "settlement_run", "settlement_terms"):
        op.drop_table(table)
    op.get_bind().exec_driver_sql(read_sql("ledger/undo_settlement.sql"))
