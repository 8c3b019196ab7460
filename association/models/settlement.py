"""換金: terms, runs, what was carried over and paid out."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ARRAY, BigInteger, CheckConstraint, Date, ForeignKeyConstraint, Identity, Index, Text, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from base.db import Base


class SettlementTerms(Base):
    """換金の設定: one version of when a district closes its books, when it pays and what it charges. Never edited."""

    __tablename__ = "settlement_terms"
    district_id: Mapped[int] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    closing: Mapped[str] = mapped_column(Text)
    weekday: Mapped[int]  # 0 is Monday; counts for weekly closing
    pay_after_days: Mapped[int]
    shift: Mapped[str] = mapped_column(Text)
    fee_bp: Mapped[int]  # hundredths of a percent
    registration_number: Mapped[str | None] = mapped_column(Text)
    set_by: Mapped[int]
    set_at: Mapped[datetime]
    __table_args__ = (
        CheckConstraint("closing IN ('month_end', 'half_month', 'weekly', 'daily')", name="closing_is_known"),
        CheckConstraint("weekday BETWEEN 0 AND 6", name="weekday_is_one"),
        CheckConstraint("pay_after_days BETWEEN 1 AND 90", name="pay_day_is_near"),
        CheckConstraint("shift IN ('next', 'previous')", name="shift_is_known"),
        CheckConstraint("fee_bp BETWEEN 0 AND 3000", name="fee_is_a_part"),
        CheckConstraint("registration_number ~ '^T[0-9]{13}$'", name="registration_number_has_its_form"),
    )


class SettlementCycle(Base):
    """締め方: one version of a cycle beside the ordinary one of the terms. Never edited; `has_ended` ends it.

    `takes`: the shops that are in it: small, large, or given to it by hand. `minimum`: yen below which a transfer waits.
    `fee_bp`, `fee_bearer`: what its shops pay, and who bears the fee of the transfer, where it is not as the settings say.
    """

    __tablename__ = "settlement_cycle"
    district_id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(Text)
    closing: Mapped[str] = mapped_column(Text)
    weekday: Mapped[int]
    pay_after_days: Mapped[int]
    minimum: Mapped[int]
    takes: Mapped[str] = mapped_column(Text)
    fee_bp: Mapped[int | None]  # hundredths of a percent
    fee_bearer: Mapped[str | None] = mapped_column(Text)
    has_ended: Mapped[bool]
    set_by: Mapped[int]
    set_at: Mapped[datetime]
    __table_args__ = (
        CheckConstraint("number >= 2", name="ordinary_is_elsewhere"),
        CheckConstraint("name <> ''", name="name_is_given"),
        CheckConstraint("closing IN ('month_end', 'half_month', 'weekly', 'daily')", name="closing_is_known"),
        CheckConstraint("weekday BETWEEN 0 AND 6", name="weekday_is_one"),
        CheckConstraint("pay_after_days BETWEEN 1 AND 90", name="pay_day_is_near"),
        CheckConstraint("minimum >= 1", name="minimum_is_real"),
        CheckConstraint("takes IN ('small', 'large', 'given')", name="takes_is_known"),
        CheckConstraint("fee_bp BETWEEN 0 AND 3000", name="fee_is_a_part"),
        CheckConstraint("fee_bearer IN ('association', 'merchant')", name="fee_bearer_is_known"),
    )


class ShopCycle(Base):
    """A shop was given to a cycle from a day on; None: again to the one of its size. The newest row that has begun holds."""

    __tablename__ = "shop_cycle"
    district_id: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    merchant_id: Mapped[int]
    cycle: Mapped[int | None]  # 1: the ordinary one
    since: Mapped[date] = mapped_column(Date)
    set_by: Mapped[int]
    set_at: Mapped[datetime]
    __table_args__ = (Index("cycles_of_a_shop", "district_id", "merchant_id", "id"),)


class SettlementRun(Base):
    """換金: one closing day of a cycle put forward. `id` is its proposal in the book, from which the run's state is derived.

    `shops`: all whose days up to then it covers, paid or carried over; None: every shop there was (from before there were cycles).
    """

    __tablename__ = "settlement_run"
    district_id: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[int] = mapped_column(primary_key=True)
    closes_on: Mapped[date] = mapped_column(Date)
    attempt: Mapped[int]  # a run that was declined may be put forward again
    after: Mapped[date | None] = mapped_column(Date)  # the closing day before; None: the first run
    pay_on: Mapped[date] = mapped_column(Date)
    terms_version: Mapped[int]
    transfer_version: Mapped[int | None]  # None: without a file, paid by hand
    cycle: Mapped[int]  # 1: the ordinary one
    shops: Mapped[list[int] | None] = mapped_column(ARRAY(BigInteger))
    made_by: Mapped[int]
    made_at: Mapped[datetime]
    __table_args__ = (
        UniqueConstraint("district_id", "cycle", "closes_on", "attempt"),
        ForeignKeyConstraint(["district_id", "terms_version"], ["settlement_terms.district_id", "settlement_terms.version"]),
        CheckConstraint("after < closes_on AND closes_on < pay_on", name="days_are_in_order"),
    )


class SettlementCarry(Base):
    """繰越: a shop whose takings stayed where they were, and why. `amount`: its payable at the closing, in yen."""

    __tablename__ = "settlement_carry"
    district_id: Mapped[int] = mapped_column(primary_key=True)
    run_id: Mapped[int] = mapped_column(primary_key=True)
    merchant_id: Mapped[int] = mapped_column(primary_key=True)
    amount: Mapped[int]
    reason: Mapped[str] = mapped_column(Text)
    __table_args__ = (
        ForeignKeyConstraint(["district_id", "run_id"], ["settlement_run.district_id", "settlement_run.id"]),
        CheckConstraint(
            "reason IN ('nothing', 'suspended', 'closed', 'left_out', 'no_account', 'check_account', 'netted', 'minimum')",
            name="reason_is_known",
        ),
    )


class SettlementPayout(Base):
    """振込済み: somebody says that the bank has paid a run. `id` is the proposal that a second person confirms."""

    __tablename__ = "settlement_payout"
    district_id: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[int] = mapped_column(primary_key=True)
    run_id: Mapped[int]
    paid_on: Mapped[date] = mapped_column(Date)
    __table_args__ = (ForeignKeyConstraint(["district_id", "run_id"], ["settlement_run.district_id", "settlement_run.id"]),)


class TransferTerms(Base):
    """振込データの設定: one version of the account that shops are paid from, and who bears what the bank takes. Never edited.

    It holds once `proposal_id` is approved; None: set by one person, before that took two.
    `bands`: 振込手数料 as [[from yen, same branch, same bank, other banks], …], with tax. `eol`: crlf or none.
    """

    __tablename__ = "transfer_terms"
    district_id: Mapped[int] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(Text)  # 委託者コード
    name: Mapped[str] = mapped_column(Text)
    bank_code: Mapped[str] = mapped_column(Text)
    bank_name: Mapped[str] = mapped_column(Text)
    branch_code: Mapped[str] = mapped_column(Text)
    branch_name: Mapped[str] = mapped_column(Text)
    kind: Mapped[str] = mapped_column(Text)
    number: Mapped[str] = mapped_column(Text)
    fee_bearer: Mapped[str] = mapped_column(Text)
    bands: Mapped[list[list[int]]] = mapped_column(JSONB)
    minimum: Mapped[int]
    lead_days: Mapped[int]  # bank days before the pay day by which the bank must have the file
    recall_bearer: Mapped[str] = mapped_column(Text)
    recall_fee: Mapped[int]  # 組戻手数料, with tax
    eol: Mapped[str] = mapped_column(Text)
    eof: Mapped[bool]
    proposal_id: Mapped[int | None]
    set_by: Mapped[int]
    set_at: Mapped[datetime]
    __table_args__ = (
        UniqueConstraint("district_id", "proposal_id", name="transfer_terms_proposal_is_of_one_version"),
        CheckConstraint("code ~ '^[0-9]{10}$'", name="code_has_its_form"),
        CheckConstraint(
            "fee_bearer IN ('association', 'merchant') AND recall_bearer IN ('association', 'merchant')", name="bearers_are_known"
        ),
        CheckConstraint("minimum >= 1 AND recall_fee >= 0 AND lead_days BETWEEN 0 AND 10", name="figures_are_in_range"),
        CheckConstraint("eol IN ('crlf', 'none')", name="eol_is_known"),
    )


class BankDay(Base):
    """銀行の休業日 as somebody corrected it: the newest row of a day holds over what the calendar says."""

    __tablename__ = "bank_day"
    district_id: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    day: Mapped[date] = mapped_column(Date)
    is_holiday: Mapped[bool]
    note: Mapped[str] = mapped_column(Text)
    set_by: Mapped[int]
    set_at: Mapped[datetime]


class TransferFile(Base):
    """全銀の振込データ of a run, frozen: there is one, and its bytes never change. `sealed`: they hold the shops' accounts."""

    __tablename__ = "transfer_file"
    district_id: Mapped[int] = mapped_column(primary_key=True)
    run_id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(Text)
    sealed: Mapped[bytes]
    sha256: Mapped[str] = mapped_column(Text)
    transfer_date: Mapped[date] = mapped_column(Date)
    count: Mapped[int]
    total: Mapped[int]
    made_by: Mapped[int]
    made_at: Mapped[datetime]
    __table_args__ = (
        ForeignKeyConstraint(["district_id", "run_id"], ["settlement_run.district_id", "settlement_run.id"]),
        CheckConstraint("count >= 1 AND total >= count", name="something_is_paid"),
    )


class TransferLine(Base):
    """A data record of a file: which shops it pays, to which of their accounts. `fee`: what they bear together."""

    __tablename__ = "transfer_line"
    district_id: Mapped[int] = mapped_column(primary_key=True)
    run_id: Mapped[int] = mapped_column(primary_key=True)
    place: Mapped[int] = mapped_column(primary_key=True)
    shops: Mapped[list[int]] = mapped_column(ARRAY(BigInteger))
    accounts: Mapped[list[int]] = mapped_column(ARRAY(BigInteger))
    amount: Mapped[int]
    fee: Mapped[int]
    __table_args__ = (ForeignKeyConstraint(["district_id", "run_id"], ["transfer_file.district_id", "transfer_file.run_id"]),)


class TransferDownload(Base):
    """Who has taken a file, and when. A second one is no mistake of ours, but may become one of the bank's."""

    __tablename__ = "transfer_download"
    district_id: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    run_id: Mapped[int]
    taken_by: Mapped[int]
    taken_at: Mapped[datetime]
    __table_args__ = (
        ForeignKeyConstraint(["district_id", "run_id"], ["transfer_file.district_id", "transfer_file.run_id"]),
        Index("downloads_of_a_file", "district_id", "run_id", "id"),
    )


class TransferReturn(Base):
    """資金返却・組戻し: money that came back from the bank. `id` is the proposal that books it, alone or with others; `account_id` is to
    be checked by then.

    `amount`: what had been transferred for the shop; `charge`: what of the 組戻手数料 the shop bears.
    """

    __tablename__ = "transfer_return"
    district_id: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[int] = mapped_column(primary_key=True)
    run_id: Mapped[int] = mapped_column(primary_key=True)
    merchant_id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int | None]
    reason: Mapped[str] = mapped_column(Text)
    amount: Mapped[int]
    charge: Mapped[int]
    returned_on: Mapped[date] = mapped_column(Date)
    made_at: Mapped[datetime]
    __table_args__ = (
        ForeignKeyConstraint(["district_id", "run_id"], ["settlement_run.district_id", "settlement_run.id"]),
        CheckConstraint("reason IN ('closed', 'unknown', 'name', 'other')", name="reason_is_known"),
        CheckConstraint("amount >= 1 AND charge >= 0", name="amounts_are_real"),
        Index("returns_of_a_shop", "district_id", "merchant_id"),
    )
