"""Shops are paid by the bank's file: the sending account, bank days, the file as it was written, and transfers that come back."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

revision = "0044"
down_revision = "0043"
branch_labels = None
depends_on = None

REASONS = "'nothing', 'suspended', 'closed', 'left_out'"
UP = """
INSERT INTO ledger.role VALUES ('bank_charge', 'expense', 1, false, false, NULL, NULL);  -- 振込手数料: what shops bear is taken off it
UPDATE ledger.kind SET moves = moves || '{bank_charge-}' WHERE name = 'settlement';
INSERT INTO ledger.kind (name, moves, posters, keeps_series, is_capped, fills, refers, reversible, appends, needs_approval, refundable,
    after_end)
VALUES ('transfer_return', '{in_transit+,bank+,bank-,bank_charge+,payable-}', '{meguri_web,meguri_demo}', false, false, false, NULL, false,
    NULL, true, false, 'too');
"""
DOWN = """
DELETE FROM ledger.kind WHERE name = 'transfer_return';
UPDATE ledger.kind SET moves = array_remove(moves, 'bank_charge-') WHERE name = 'settlement';
DELETE FROM ledger.role WHERE name = 'bank_charge';
"""


def _number(name: str, *, null: bool = False) -> sa.Column:
    return sa.Column(name, sa.BigInteger, nullable=null)


def _text(name: str) -> sa.Column:
    return sa.Column(name, sa.Text, nullable=False)


def _moment(name: str) -> sa.Column:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=False)


def _day(name: str) -> sa.Column:
    return sa.Column(name, sa.Date, nullable=False)


def _id() -> sa.Column:
    return sa.Column("id", sa.BigInteger, sa.Identity(), nullable=False)


def _of(table: str, other: str, columns: tuple[str, ...]) -> sa.ForeignKeyConstraint:
    theirs = [f"{other}.district_id", f"{other}.{'run_id' if other == 'transfer_file' else 'id'}"]
    return sa.ForeignKeyConstraint(list(columns), theirs, name=f"{table}_district_id_fkey")


def upgrade() -> None:
    op.execute(UP)
    op.add_column("settlement_run", _number("transfer_version", null=True))
    op.drop_constraint("settlement_carry_reason_is_known", "settlement_carry")
    more = f"reason IN ({REASONS}, 'no_account', 'check_account', 'netted', 'minimum')"
    op.create_check_constraint("settlement_carry_reason_is_known", "settlement_carry", more)
    op.create_table(
        "transfer_terms",
        *map(_number, ("district_id", "version")),
        *map(_text, ("code", "name", "bank_code", "bank_name", "branch_code", "branch_name", "kind", "number", "fee_bearer")),
        sa.Column("bands", JSONB, nullable=False),
        *map(_number, ("minimum", "lead_days")),
        _text("recall_bearer"),
        _number("recall_fee"),
        _text("eol"),
        sa.Column("eof", sa.Boolean, nullable=False),
        _number("set_by"),
        _moment("set_at"),
        sa.PrimaryKeyConstraint("district_id", "version", name="transfer_terms_pkey"),
        sa.CheckConstraint("code ~ '^[0-9]{10}$'", name="transfer_terms_code_has_its_form"),
        sa.CheckConstraint(
            "fee_bearer IN ('association', 'merchant') AND recall_bearer IN ('association', 'merchant')",
            name="transfer_terms_bearers_are_known",
        ),
        sa.CheckConstraint("minimum >= 1 AND recall_fee >= 0 AND lead_days BETWEEN 0 AND 10", name="transfer_terms_figures_are_in_range"),
        sa.CheckConstraint("eol IN ('crlf', 'none')", name="transfer_terms_eol_is_known"),
    )
    op.create_table(
        "bank_day",
        _number("district_id"),
        _id(),
        _day("day"),
        sa.Column("is_holiday", sa.Boolean, nullable=False),
        _text("note"),
        _number("set_by"),
        _moment("set_at"),
        sa.PrimaryKeyConstraint("district_id", "id", name="bank_day_pkey"),
    )
    op.create_table(
        "transfer_file",
        *map(_number, ("district_id", "run_id")),
        _text("name"),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
        _text("sha256"),
        _day("transfer_date"),
        *map(_number, ("count", "total", "made_by")),
        _moment("made_at"),
        sa.PrimaryKeyConstraint("district_id", "run_id", name="transfer_file_pkey"),
        _of("transfer_file", "settlement_run", ("district_id", "run_id")),
        sa.CheckConstraint("count >= 1 AND total >= count", name="transfer_file_something_is_paid"),
    )
    op.create_table(
        "transfer_line",
        *map(_number, ("district_id", "run_id", "place")),
        sa.Column("shops", ARRAY(sa.BigInteger), nullable=False),
        sa.Column("accounts", ARRAY(sa.BigInteger), nullable=False),
        *map(_number, ("amount", "fee")),
        sa.PrimaryKeyConstraint("district_id", "run_id", "place", name="transfer_line_pkey"),
        _of("transfer_line", "transfer_file", ("district_id", "run_id")),
    )
    op.create_table(
        "transfer_download",
        _number("district_id"),
        _id(),
        *map(_number, ("run_id", "taken_by")),
        _moment("taken_at"),
        sa.PrimaryKeyConstraint("district_id", "id", name="transfer_download_pkey"),
        _of("transfer_download", "transfer_file", ("district_id", "run_id")),
    )
    op.create_index("downloads_of_a_file", "transfer_download", ["district_id", "run_id", "id"])
    op.create_table(
        "transfer_return",
        *map(_number, ("district_id", "id", "run_id", "merchant_id")),
        _number("account_id", null=True),
        _text("reason"),
        *map(_number, ("amount", "charge")),
        _day("returned_on"),
        _moment("made_at"),
        sa.PrimaryKeyConstraint("district_id", "id", name="transfer_return_pkey"),
        _of("transfer_return", "settlement_run", ("district_id", "run_id")),
        sa.CheckConstraint("reason IN ('closed', 'unknown', 'name', 'other')", name="transfer_return_reason_is_known"),
        sa.CheckConstraint("amount >= 1 AND charge >= 0", name="transfer_return_amounts_are_real"),
    )
    op.create_index("returns_of_a_shop", "transfer_return", ["district_id", "merchant_id"])
    tables = "transfer_terms, bank_day, transfer_file, transfer_line, transfer_download, transfer_return"
    op.execute(f"GRANT SELECT, INSERT ON {tables} TO meguri_web")


def downgrade() -> None:
    for table in ("transfer_return", "transfer_download", "transfer_line", "transfer_file", "bank_day", "transfer_terms"):
        op.drop_table(table)
    op.drop_constraint("settlement_carry_reason_is_known", "settlement_carry")
    op.create_check_constraint("settlement_carry_reason_is_known", "settlement_carry", f"reason IN ({REASONS})")
    op.drop_column("settlement_run", "transfer_version")
    op.execute(DOWN)
