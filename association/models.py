"""What the association stores beside the book: who admitted which shop, what the law was told, whose drawer is whose, what was
counted, who sells coin for it, and top-up codes on paper."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Boolean, CheckConstraint, Date, ForeignKeyConstraint, Identity, Index, Integer, String, Text, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from base.db import Base


class ShopAdmission(Base):
    """加盟店の承認: who put a shop forward and who decided. Never the same person."""

    __tablename__ = "shop_admission"
    district_id: Mapped[int] = mapped_column(primary_key=True)
    merchant_id: Mapped[int] = mapped_column(primary_key=True)
    registered_by: Mapped[int]
    registered_at: Mapped[datetime]
    decided_by: Mapped[int | None]
    decided_at: Mapped[datetime | None]
    admission_check: Mapped[str | None] = mapped_column(Text)  # what was looked at before admitting (payment-law 37)
    __table_args__ = (
        CheckConstraint("(decided_by IS NULL) = (decided_at IS NULL)", name="decision_is_whole"),
        CheckConstraint("decided_by <> registered_by", name="two_persons"),
    )


class IssuerNotice(Base):
    """資金決済法に基づく表示: one published version of what users must be told. Never edited (payment-law 21–23)."""

    __tablename__ = "issuer_notice"
    district_id: Mapped[int] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    published_by: Mapped[int]
    published_at: Mapped[datetime]
    issuer_name: Mapped[str] = mapped_column(Text)
    public_body: Mapped[bool] = mapped_column(Boolean)
    registration_number: Mapped[str | None] = mapped_column(Text)
    registered_on: Mapped[date | None] = mapped_column(Date)
    address: Mapped[str] = mapped_column(Text)
    contact: Mapped[str] = mapped_column(Text)
    places: Mapped[str] = mapped_column(Text)
    cautions: Mapped[str] = mapped_column(Text)
    terms: Mapped[str] = mapped_column(Text)
    security: Mapped[str] = mapped_column(Text)
    loss_policy: Mapped[str] = mapped_column(Text)
    english: Mapped[dict[str, str]] = mapped_column(JSONB, default=dict)  # the same texts by name, as far as there are any
    __table_args__ = (CheckConstraint("(registration_number IS NULL) = (registered_on IS NULL)", name="registration_is_whole"),)


class SeriesTerms(Base):
    """What a series is in law, judged when it was made."""

    __tablename__ = "series_terms"
    district_id: Mapped[int] = mapped_column(primary_key=True)
    series_id: Mapped[int] = mapped_column(primary_key=True)
    first_issue: Mapped[date] = mapped_column(Date)
    last_day: Mapped[date | None] = mapped_column(Date)
    regime: Mapped[str] = mapped_column(Text)
    notice_version: Mapped[int]
    created_by: Mapped[int]
    created_at: Mapped[datetime]
    __table_args__ = (
        ForeignKeyConstraint(["district_id", "notice_version"], ["issuer_notice.district_id", "issuer_notice.version"]),
        CheckConstraint("regime IN ('public_body', 'exempt', 'third_party')", name="regime_is_known"),
        CheckConstraint("last_day >= first_issue", name="ends_after_it_begins"),
        CheckConstraint("regime <> 'exempt' OR last_day IS NOT NULL", name="exempt_series_ends"),
    )


class Drawer(Base):
    """手元現金: the cash that one clerk answers for. How much is in it stands in the book."""

    __tablename__ = "drawer"
    district_id: Mapped[int] = mapped_column(primary_key=True)
    clerk_id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int]
    opened_at: Mapped[datetime]


class Funder(Base):
    """負担者: who pays for discounts besides the association and the shop, such as the town."""

    __tablename__ = "funder"
    district_id: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    name: Mapped[str] = mapped_column(String(40))
    created_by: Mapped[int]
    created_at: Mapped[datetime]
    __table_args__ = (UniqueConstraint("district_id", "name"),)


class Coupon(Base):
    """クーポン: the terms, written once and never edited; it lives once its proposal is approved. `id`: its series in the book.

    What was claimed and used, and what it cost, stands in the book alone.
    """

    __tablename__ = "coupon"
    district_id: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    name: Mapped[str] = mapped_column(String(40))
    name_en: Mapped[str] = mapped_column(String(40))
    amount_off: Mapped[int]  # yen
    min_spend: Mapped[int]  # yen of the bill before the discount
    first_day: Mapped[date]
    last_day: Mapped[date]
    pieces: Mapped[int]
    per_person: Mapped[int]  # claims of one person, ever
    all_shops: Mapped[bool]
    lands_in: Mapped[int]  # the coin series in which shops get the discount
    key: Mapped[UUID]
    command_hash: Mapped[bytes]
    used_account_id: Mapped[int]  # frozen when the coupon is ended: the book itself then refuses it
    proposal_id: Mapped[int]
    made_by: Mapped[int]
    made_at: Mapped[datetime]
    ended_by: Mapped[int | None]
    ended_at: Mapped[datetime | None]
    end_reason: Mapped[str | None] = mapped_column(String(200))
    __table_args__ = (
        UniqueConstraint("district_id", "key"),
        UniqueConstraint("district_id", "proposal_id", name="coupon_proposal_is_of_one_coupon"),
        CheckConstraint("octet_length(command_hash) = 32", name="command_hash_is_sha256"),
        CheckConstraint("amount_off BETWEEN 1 AND 100000", name="something_is_off"),
        CheckConstraint("min_spend > amount_off AND min_spend <= 1000000", name="something_is_paid"),
        CheckConstraint("last_day >= first_day", name="ends_after_it_begins"),
        CheckConstraint("pieces BETWEEN 1 AND 1000000", name="pieces_are_counted"),
        CheckConstraint("per_person BETWEEN 1 AND pieces", name="nobody_gets_more_than_there_is"),
        CheckConstraint("(ended_at IS NULL) = (ended_by IS NULL) AND (ended_at IS NULL) = (end_reason IS NULL)", name="end_is_whole"),
    )


class CouponShop(Base):
    """A shop at which a coupon that is not for all shops can be used."""

    __tablename__ = "coupon_shop"
    district_id: Mapped[int] = mapped_column(primary_key=True)
    coupon_id: Mapped[int] = mapped_column(primary_key=True)
    merchant_id: Mapped[int] = mapped_column(primary_key=True)
    __table_args__ = (ForeignKeyConstraint(["district_id", "coupon_id"], ["coupon.district_id", "coupon.id"]),)


class CouponShare(Base):
    """Who pays how much of one piece. Each payer but the shop has an account of its own for this coupon, so that the book
    itself says what the coupon has cost whom."""

    __tablename__ = "coupon_share"
    district_id: Mapped[int] = mapped_column(primary_key=True)
    coupon_id: Mapped[int] = mapped_column(primary_key=True)
    place: Mapped[int] = mapped_column(primary_key=True)
    payer: Mapped[str] = mapped_column(String(12))  # shop, association, funder
    funder_id: Mapped[int | None]
    percent: Mapped[int]
    amount: Mapped[int]  # yen of one piece
    account_id: Mapped[int | None]
    __table_args__ = (
        ForeignKeyConstraint(["district_id", "coupon_id"], ["coupon.district_id", "coupon.id"]),
        ForeignKeyConstraint(["district_id", "funder_id"], ["funder.district_id", "funder.id"]),
        CheckConstraint("payer IN ('shop', 'association', 'funder')", name="payer_is_known"),
        CheckConstraint("(payer = 'funder') = (funder_id IS NOT NULL)", name="funder_is_named"),
        CheckConstraint("(payer = 'shop') = (account_id IS NULL)", name="shop_has_no_account"),
        CheckConstraint("percent BETWEEN 1 AND 100", name="percent_is_a_part"),
        CheckConstraint("amount >= 0", name="amount_is_no_debt"),
        Index("coupon_share_account", "district_id", "account_id", unique=True),
    )


class CouponDraft(Base):
    """What somebody has typed so far. `fields`: as typed and read, by name; `coupon_id`: what it became."""

    __tablename__ = "coupon_draft"
    district_id: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    fields: Mapped[dict[str, Any]] = mapped_column(JSONB)
    made_by: Mapped[int]
    saved_at: Mapped[datetime]
    coupon_id: Mapped[int | None]


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
        CheckConstraint("closing IN ('month_end', 'half_month', 'weekly')", name="closing_is_known"),
        CheckConstraint("weekday BETWEEN 0 AND 6", name="weekday_is_one"),
        CheckConstraint("pay_after_days BETWEEN 1 AND 90", name="pay_day_is_near"),
        CheckConstraint("shift IN ('next', 'previous')", name="shift_is_known"),
        CheckConstraint("fee_bp BETWEEN 0 AND 3000", name="fee_is_a_part"),
        CheckConstraint("registration_number ~ '^T[0-9]{13}$'", name="registration_number_has_its_form"),
    )


class SettlementRun(Base):
    """換金: one closing day put forward. `id` is its proposal in the book, from which the run's state is derived."""

    __tablename__ = "settlement_run"
    district_id: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[int] = mapped_column(primary_key=True)
    closes_on: Mapped[date] = mapped_column(Date)
    attempt: Mapped[int]  # a run that was declined may be put forward again
    after: Mapped[date | None] = mapped_column(Date)  # the closing day before; None: the first run
    pay_on: Mapped[date] = mapped_column(Date)
    terms_version: Mapped[int]
    made_by: Mapped[int]
    made_at: Mapped[datetime]
    __table_args__ = (
        UniqueConstraint("district_id", "closes_on", "attempt"),
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
        CheckConstraint("reason IN ('nothing', 'suspended', 'closed', 'left_out')", name="reason_is_known"),
    )


class SettlementPayout(Base):
    """振込済み: somebody says that the bank has paid a run. `id` is the proposal that a second person confirms."""

    __tablename__ = "settlement_payout"
    district_id: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[int] = mapped_column(primary_key=True)
    run_id: Mapped[int]
    paid_on: Mapped[date] = mapped_column(Date)
    __table_args__ = (ForeignKeyConstraint(["district_id", "run_id"], ["settlement_run.district_id", "settlement_run.id"]),)


class SeriesExpiry(Base):
    """An ended series of which nobody holds anything any more: the worker need not look again."""

    __tablename__ = "series_expiry"
    district_id: Mapped[int] = mapped_column(primary_key=True)
    series_id: Mapped[int] = mapped_column(primary_key=True)
    cleared_at: Mapped[datetime]


class CashCount(Base):
    """金種の記録: what two hands counted, at the close of a drawer or (without a clerk) on its way to the bank. Amounts in yen.

    `pieces`: notes and coins, as {"10000": 3}. `expected`: what the book said. `stays`: the float that was left in.
    """

    __tablename__ = "cash_count"
    district_id: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    key: Mapped[UUID]
    clerk_id: Mapped[int | None]
    counted_by: Mapped[int]
    counted_at: Mapped[datetime]
    pieces: Mapped[dict[str, int]] = mapped_column(JSONB)
    counted: Mapped[int]
    expected: Mapped[int | None]
    stays: Mapped[int | None]
    reason: Mapped[str] = mapped_column(Text)
    difference_id: Mapped[int | None]
    moved_id: Mapped[int | None]
    __table_args__ = (
        UniqueConstraint("district_id", "key"),
        CheckConstraint("counted_by <> clerk_id", name="two_persons"),
        CheckConstraint("(clerk_id IS NULL) = (expected IS NULL) AND (clerk_id IS NULL) = (stays IS NULL)", name="is_whole"),
        CheckConstraint("stays BETWEEN 0 AND counted", name="stays_of_what_was_counted"),
        CheckConstraint("(expected = counted) = (difference_id IS NULL)", name="difference_is_booked"),
        CheckConstraint("difference_id IS NULL OR reason <> ''", name="difference_has_a_reason"),
        Index("count_of_a_drawer", "district_id", "clerk_id", "id"),
        Index("count_of_a_movement", "district_id", "moved_id"),
    )


class AgentTerms(Base):
    """代理店: on which terms a shop sells coin for cash. They hold once their proposal is approved, until ended or replaced.

    `daily_max`: yen that it may sell on a day in Tokyo. Who approved stands with the proposal, in the book.
    """

    __tablename__ = "agent_terms"
    district_id: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    merchant_id: Mapped[int]
    daily_max: Mapped[int]
    proposal_id: Mapped[int]
    made_at: Mapped[datetime]
    ended_by: Mapped[int | None]
    ended_at: Mapped[datetime | None]
    end_reason: Mapped[str | None] = mapped_column(Text)
    __table_args__ = (
        UniqueConstraint("district_id", "proposal_id"),
        CheckConstraint("daily_max >= 1", name="daily_max_is_positive"),
        CheckConstraint("(ended_at IS NULL) = (ended_by IS NULL) AND (ended_at IS NULL) = (end_reason IS NULL)", name="end_is_whole"),
        Index("terms_of_a_shop", "district_id", "merchant_id", "id"),
    )


class CodeBatch(Base):
    """チャージ券の束: `pieces` codes of `face_value` yen each, redeemable to `last_day` in Tokyo. What is left of it stands in the book.

    `account_id`: the batch's own account. `paid_from`: the role that paid for it, to which a cancelled code goes back.
    `cleared_at`: its last day is over and nothing is left of it.
    """

    __tablename__ = "code_batch"
    district_id: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    series_id: Mapped[int]
    account_id: Mapped[int]
    face_value: Mapped[int]
    pieces: Mapped[int] = mapped_column(Integer)
    paid_from: Mapped[str] = mapped_column(Text)
    last_day: Mapped[date] = mapped_column(Date)
    note: Mapped[str] = mapped_column(Text)
    proposal_id: Mapped[int]
    made_by: Mapped[int]
    made_at: Mapped[datetime]
    cleared_at: Mapped[datetime | None]
    __table_args__ = (
        UniqueConstraint("district_id", "proposal_id"),
        CheckConstraint("face_value >= 1", name="face_value_is_positive"),
        CheckConstraint("pieces BETWEEN 1 AND 1000", name="pieces_are_few"),
        CheckConstraint("paid_from IN ('safe', 'bank', 'promotion')", name="paid_from_is_known"),
    )


class TopUpCode(Base):
    """チャージ券, one of a batch: its fingerprint only. Redeemed once (`transaction_id`), expired (`expiry_id`), or laid down to be
    cancelled.

    `cancel_proposal_id`: the newest proposal to cancel it; while it waits the code cannot be redeemed, once declined it can.
    """

    __tablename__ = "top_up_code"
    district_id: Mapped[int] = mapped_column(primary_key=True)
    fingerprint: Mapped[bytes] = mapped_column(primary_key=True)
    batch_id: Mapped[int]
    place: Mapped[int] = mapped_column(Integer)
    transaction_id: Mapped[int | None]
    cancel_proposal_id: Mapped[int | None]
    expiry_id: Mapped[int | None]
    __table_args__ = (
        ForeignKeyConstraint(["district_id", "batch_id"], ["code_batch.district_id", "code_batch.id"]),
        UniqueConstraint("district_id", "batch_id", "place"),
        UniqueConstraint("district_id", "transaction_id"),
        CheckConstraint("transaction_id IS NULL OR expiry_id IS NULL", name="used_or_expired"),
        CheckConstraint("octet_length(fingerprint) = 32", name="fingerprint_is_sha256"),
        CheckConstraint("place >= 1", name="place_starts_at_one"),
        Index("top_up_code_fingerprint", "fingerprint"),
    )


class ChartAccount(Base):
    """勘定科目 of a role, as a district has changed it. Every version stays; where there is none, `rules.accounts.DEFAULTS` hold."""

    __tablename__ = "chart_account"
    district_id: Mapped[int] = mapped_column(primary_key=True)
    role: Mapped[str] = mapped_column(Text, primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int]
    name: Mapped[str] = mapped_column(Text)
    name_en: Mapped[str] = mapped_column(Text)
    kind: Mapped[str] = mapped_column(Text)
    set_by: Mapped[int]
    set_at: Mapped[datetime]
    __table_args__ = (
        CheckConstraint("number BETWEEN 1000 AND 9999", name="number_is_four_digits"),
        CheckConstraint("kind IN ('asset', 'liability', 'equity', 'income', 'expense')", name="kind_is_known"),
    )


class FiscalYear(Base):
    """In which month a district's fiscal year begins. Every version stays; where there is none, it is April."""

    __tablename__ = "fiscal_year"
    district_id: Mapped[int] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    first_month: Mapped[int]
    set_by: Mapped[int]
    set_at: Mapped[datetime]
    __table_args__ = (CheckConstraint("first_month BETWEEN 1 AND 12", name="month_is_a_month"),)


class ControlReading(Base):
    """点検: what a control measured last. `figure` in the control's unit; None: nothing there can be known, state `unknown`.

    `since`: when it turned to this state. `facts`: what the figure is made of, for the page.
    """

    __tablename__ = "control_reading"
    district_id: Mapped[int] = mapped_column(primary_key=True)
    control: Mapped[str] = mapped_column(Text, primary_key=True)
    figure: Mapped[int | None]
    facts: Mapped[dict[str, Any]] = mapped_column(JSONB)
    state: Mapped[str] = mapped_column(Text)
    since: Mapped[datetime]
    measured_at: Mapped[datetime]
    __table_args__ = (
        CheckConstraint("state IN ('ok', 'look', 'act', 'unknown')", name="state_is_known"),
        CheckConstraint("(state = 'unknown') = (figure IS NULL)", name="unknown_means_no_figure"),
        CheckConstraint("measured_at >= since", name="measured_since_it_turned"),
    )


class ControlState(Base):
    """A control that turned from one state to another. Never edited: an auditor reads here when what was wrong, and for how long."""

    __tablename__ = "control_state"
    district_id: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    control: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(Text)
    figure: Mapped[int | None]
    turned_at: Mapped[datetime]
    __table_args__ = (CheckConstraint("state IN ('ok', 'look', 'act', 'unknown')", name="state_is_known"),)


class ControlAlarm(Base):
    """That people were told of a control: it must be acted on (`act`), must be still (`still`), is well again (`well`). Never edited.

    `told`: how many; 0 where nobody who must act has an address.
    """

    __tablename__ = "control_alarm"
    district_id: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    control: Mapped[str] = mapped_column(Text)
    kind: Mapped[str] = mapped_column(Text)
    told: Mapped[int]
    told_at: Mapped[datetime]
    __table_args__ = (
        CheckConstraint("kind IN ('act', 'still', 'well')", name="kind_is_known"),
        Index("control_alarm_newest", "district_id", "control", "id"),
    )


class WorkerChore(Base):
    """A chore of the worker, of the installation and so of no district. `well_at`: when it was last done without a fault.

    `failures`: in a row since.
    """

    __tablename__ = "worker_chore"
    name: Mapped[str] = mapped_column(Text, primary_key=True)
    every_s: Mapped[int]
    well_at: Mapped[datetime]
    failures: Mapped[int]
    __table_args__ = (CheckConstraint("failures >= 0", name="failures_are_counted"),)


class LiveLine(Base):
    """A web process that listens for the wake-ups of open pages, by its connection's number at the server, and its newest answer.

    `heard_ms`: how long a wake-up was on its way to it, `slowest_ms`: the longest since the answer before from there to a page.
    Written by web/live.py.
    """

    __tablename__ = "live_line"
    process: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    lines: Mapped[int]
    heard_ms: Mapped[int]
    slowest_ms: Mapped[int]
    answered_at: Mapped[datetime]


class PresentedReceipt(Base):
    """A slip that proves what the book had before it was returned to an earlier moment: the transaction's bytes, and the whole proof."""

    __tablename__ = "presented_receipt"
    district_id: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    transaction_id: Mapped[int]
    leaf_hash: Mapped[bytes]
    epoch: Mapped[int]  # of the checkpoint that proves it
    encoded: Mapped[bytes]
    proof: Mapped[str] = mapped_column(Text)
    presenter: Mapped[str] = mapped_column(Text)
    taken_by: Mapped[int]
    taken_at: Mapped[datetime]
    __table_args__ = (
        UniqueConstraint("district_id", "leaf_hash", name="is_presented_once"),
        CheckConstraint("presenter IN ('consumer', 'shop', 'other')", name="presenter_is_known"),
    )
