"""What a shop's side of the counter stores. Payments are not here: a shop's takings are the book's own entries."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Enum, ForeignKeyConstraint, Identity, Index, String, Text, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from base.db import Base


class ShopState(StrEnum):
    """A shop applies, is approved, may be suspended for a while, and closes once."""

    applied = "applied"
    open = "open"
    suspended = "suspended"
    closed = "closed"


class StaffRole(StrEnum):
    """店主 and レジ担当."""

    owner = "owner"
    cashier = "cashier"


class RequestState(StrEnum):
    """An open request whose time is over counts as expired, swept or not."""

    open = "open"
    paid = "paid"
    cancelled = "cancelled"
    expired = "expired"


class OfferState(StrEnum):
    """What became of a customer's wish to pay a part in cash. A declined one is not asked again."""

    waiting = "waiting"
    taken = "taken"
    declined = "declined"


def _known(states: type[StrEnum], name: str) -> Enum:
    return Enum(
        states,
        name=name,
        native_enum=False,
        create_constraint=True,
        length=16,
        values_callable=lambda kind: [member.value for member in kind],
    )


class Merchant(Base):
    """加盟店. `id` is the owner of its payable accounts in the book; `public_number` is typed by people."""

    __tablename__ = "merchant"

    district_id: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    public_number: Mapped[str] = mapped_column(String(6))
    name: Mapped[str] = mapped_column(String(60))
    name_kana: Mapped[str] = mapped_column(String(80))
    name_en: Mapped[str] = mapped_column(String(80))
    trade: Mapped[str] = mapped_column(String(40))
    address: Mapped[str] = mapped_column(String(200))
    registration_number: Mapped[str | None] = mapped_column(String(14))
    state: Mapped[ShopState] = mapped_column(_known(ShopState, "state_is_known"))
    pseudonym_key: Mapped[bytes]
    created_at: Mapped[datetime]
    state_since: Mapped[datetime]
    pin_free: Mapped[bool] = mapped_column(default=False)  # the owner alone stands at its tills, without a PIN
    issues_receipts: Mapped[bool] = mapped_column(default=False)  # its tills do, and its old register does not
    size: Mapped[str] = mapped_column(String(8), default="small")  # 大型店 or 中小店: some vouchers are for small shops only

    __table_args__ = (
        UniqueConstraint("district_id", "public_number"),
        CheckConstraint("public_number ~ '^[0-9]{6}$'", name="public_number_is_six_digits"),
        CheckConstraint("name <> ''", name="name_is_given"),
        CheckConstraint("registration_number ~ '^T[0-9]{13}$'", name="registration_number_has_its_form"),
        CheckConstraint("octet_length(pseudonym_key) = 32", name="pseudonym_key_is_long"),
        CheckConstraint("size IN ('small', 'large')", name="size_is_known"),
    )


class MerchantTrade(Base):
    """業種 of a shop from `since` on. Never edited: figures of earlier months are told by what the trade was then."""

    __tablename__ = "merchant_trade"

    district_id: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    merchant_id: Mapped[int]
    since: Mapped[datetime]
    trade: Mapped[str] = mapped_column(String(40))

    __table_args__ = (
        ForeignKeyConstraint(["district_id", "merchant_id"], ["merchant.district_id", "merchant.id"], name="merchant_trade_merchant_fkey"),
        Index("trades_of_a_shop", "district_id", "merchant_id", "since", "id"),
    )


class Till(Base):
    """端末: a tablet paired with a shop. Its secret, and who stands at it, live with identity."""

    __tablename__ = "till"

    district_id: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    merchant_id: Mapped[int]
    name: Mapped[str] = mapped_column(String(40))
    paired_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]

    __table_args__ = (
        ForeignKeyConstraint(["district_id", "merchant_id"], ["merchant.district_id", "merchant.id"]),
        CheckConstraint("name <> ''", name="name_is_given"),
        Index("till_of_a_shop", "district_id", "merchant_id"),
    )


class LogWitness(Base):
    """証人: what a tablet has verified of the sealed log. It only goes forward, unless its owner tells it to begin anew.

    `size`, `root`: the checkpoint that it checked last, None before the first. `beginnings`: how often it began anew.
    """

    __tablename__ = "log_witness"

    district_id: Mapped[int] = mapped_column(primary_key=True)
    till_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    beginnings: Mapped[int] = mapped_column(default=0)
    size: Mapped[int | None]
    root: Mapped[bytes | None]
    seen_at: Mapped[datetime]
    public_key: Mapped[bytes | None]  # by which this very sight is co-signed, where it is
    cosigned_at: Mapped[datetime | None]  # by the tablet's clock, whole seconds
    cosignature: Mapped[bytes | None]

    __table_args__ = (
        ForeignKeyConstraint(["district_id", "till_id"], ["till.district_id", "till.id"], name="log_witness_till_fkey"),
        CheckConstraint("(size IS NULL) = (root IS NULL)", name="sight_is_whole"),
        CheckConstraint("size >= 1", name="size_is_counted"),
        CheckConstraint("octet_length(root) = 32", name="root_is_sha256"),
        CheckConstraint("num_nulls(public_key, cosigned_at, cosignature) IN (0, 3)", name="cosignature_is_whole"),
        CheckConstraint("cosignature IS NULL OR size IS NOT NULL", name="cosigns_what_it_saw"),
        CheckConstraint("octet_length(public_key) = 32 AND octet_length(cosignature) = 64", name="cosignature_is_ed25519"),
    )


class LogWitnessKey(Base):
    """A key by which a tablet co-signs what it verified. It gets another one where its browser has lost the first; all are kept."""

    __tablename__ = "log_witness_key"

    district_id: Mapped[int] = mapped_column(primary_key=True)
    till_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    public_key: Mapped[bytes] = mapped_column(primary_key=True)
    began_at: Mapped[datetime]

    __table_args__ = (
        ForeignKeyConstraint(["district_id", "till_id"], ["till.district_id", "till.id"], name="log_witness_key_till_fkey"),
        CheckConstraint("octet_length(public_key) = 32", name="is_ed25519"),
        Index("log_witness_key_is_of_one_tablet", "public_key", unique=True),
    )


class LogAlarm(Base):
    """A tablet was shown a log that does not go on from the one it saw. Never edited; the evidence is two signed notes.

    `before`: what it kept, empty if it saw the log for the first time; `shown`: what does not go on from it.
    """

    __tablename__ = "log_alarm"

    district_id: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    till_id: Mapped[int]
    reason: Mapped[str] = mapped_column(String(40))  # as the tablet's script names it: forked, shorter, signature_wrong, …
    before: Mapped[str] = mapped_column(Text)
    shown: Mapped[str] = mapped_column(Text)
    evidence: Mapped[bytes]  # hash of reason and notes: told twice is told once
    told_at: Mapped[datetime]

    __table_args__ = (
        UniqueConstraint("district_id", "till_id", "evidence"),
        ForeignKeyConstraint(["district_id", "till_id"], ["till.district_id", "till.id"], name="log_alarm_till_fkey"),
        CheckConstraint("octet_length(before) <= 4096 AND octet_length(shown) <= 4096", name="notes_are_short"),
        CheckConstraint("octet_length(evidence) = 32", name="evidence_is_sha256"),
    )


class LogAlarmAnswer(Base):
    """What came of an alarm, in the words of whoever looked into it. Written once."""

    __tablename__ = "log_alarm_answer"

    district_id: Mapped[int] = mapped_column(primary_key=True)
    alarm_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    words: Mapped[str] = mapped_column(String(400))
    answered_by: Mapped[int]  # person
    answered_at: Mapped[datetime]

    __table_args__ = (
        ForeignKeyConstraint(["district_id", "alarm_id"], ["log_alarm.district_id", "log_alarm.id"], name="log_alarm_answer_alarm_fkey"),
        CheckConstraint("words <> ''", name="words_are_given"),
    )


class PairCode(Base):
    """A code from the owner's page that pairs one tablet once, within minutes. Only its fingerprint is kept."""

    __tablename__ = "pair_code"

    district_id: Mapped[int] = mapped_column(primary_key=True)
    fingerprint: Mapped[bytes] = mapped_column(primary_key=True)
    merchant_id: Mapped[int]
    till_name: Mapped[str] = mapped_column(String(40))
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    till_id: Mapped[int | None]

    __table_args__ = (
        ForeignKeyConstraint(["district_id", "merchant_id"], ["merchant.district_id", "merchant.id"]),
        ForeignKeyConstraint(["district_id", "till_id"], ["till.district_id", "till.id"]),
        CheckConstraint("octet_length(fingerprint) = 32", name="fingerprint_is_sha256"),
        CheckConstraint("(used_at IS NULL) = (till_id IS NULL)", name="used_means_paired"),
        Index("pair_code_of_a_shop", "district_id", "merchant_id"),
    )


class Staff(Base):
    """Who stands at a till. Their PIN lives with identity, where failures count on them and not on a tablet."""

    __tablename__ = "staff"

    district_id: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    merchant_id: Mapped[int]
    name: Mapped[str] = mapped_column(String(40))
    role: Mapped[StaffRole] = mapped_column(_known(StaffRole, "role_is_known"))
    created_at: Mapped[datetime]
    left_at: Mapped[datetime | None]

    __table_args__ = (
        ForeignKeyConstraint(["district_id", "merchant_id"], ["merchant.district_id", "merchant.id"]),
        CheckConstraint("name <> ''", name="name_is_given"),
        Index("staff_of_a_shop", "district_id", "merchant_id"),
    )


class PaymentRequest(Base):
    """お会計: what a till asks for. Open for minutes, paid at most once. Without a till: asked by a program.

    `later`: the text (rules/later.py) by which a tablet asked without the network; it is open for days, beside what the till asks now.

    The bill is `amount` + `cash`. A customer whose balance is short offers a part in coin; once the shop takes the
    offer, the request asks for that part, of that customer alone.
    """

    __tablename__ = "payment_request"

    district_id: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    key: Mapped[UUID]
    merchant_id: Mapped[int]
    till_id: Mapped[int | None]
    staff_id: Mapped[int | None]
    amount: Mapped[int]  # yen in coin; its upper limit is the series' and is checked when it is asked and when it is paid
    cash: Mapped[int] = mapped_column(default=0)  # yen that the shop takes beside it, outside the book
    offer: Mapped[int | None]  # yen in coin that a customer can give
    offered_by: Mapped[int | None]  # person
    offer_state: Mapped[OfferState | None] = mapped_column(_known(OfferState, "offer_state_is_known"))
    state: Mapped[RequestState] = mapped_column(_known(RequestState, "state_is_known"))
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    transaction_id: Mapped[int | None]
    bill: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))  # what is sold, where the till makes a receipt of it
    later: Mapped[str | None] = mapped_column(Text)

    __table_args__ = (
        ForeignKeyConstraint(["district_id", "merchant_id"], ["merchant.district_id", "merchant.id"]),
        ForeignKeyConstraint(["district_id", "till_id"], ["till.district_id", "till.id"]),
        ForeignKeyConstraint(["district_id", "staff_id"], ["staff.district_id", "staff.id"]),
        CheckConstraint("amount >= 1", name="amount_is_positive"),
        CheckConstraint("cash >= 0", name="cash_is_no_debt"),
        CheckConstraint("offer >= 1", name="offer_is_positive"),
        CheckConstraint("(offer IS NULL) = (offered_by IS NULL) AND (offer IS NULL) = (offer_state IS NULL)", name="offer_is_whole"),
        CheckConstraint("cash = 0 OR offered_by IS NOT NULL", name="cash_was_offered"),
        CheckConstraint(
            "expires_at > made_at"
            " AND expires_at <= made_at + CASE WHEN later IS NULL THEN interval '15 minutes' ELSE interval '30 days' END",
            name="life_is_short",
        ),
        CheckConstraint("later IS NULL OR length(later) BETWEEN 32 AND 320 AND till_id IS NOT NULL AND cash = 0", name="later_is_whole"),
        CheckConstraint("(state = 'paid') = (transaction_id IS NOT NULL)", name="paid_means_posted"),
        CheckConstraint("(state = 'open') = (closed_at IS NULL)", name="closed_has_its_moment"),
        UniqueConstraint("district_id", "key"),
        UniqueConstraint("district_id", "transaction_id"),
        Index("one_open_request_a_till", "district_id", "till_id", unique=True, postgresql_where=text("state = 'open' AND later IS NULL")),
        Index("open_request_of_a_shop", "district_id", "merchant_id", postgresql_where=text("state = 'open' AND later IS NULL")),
        Index("later_request_of_a_shop", "district_id", "merchant_id", text("made_at DESC"), postgresql_where=text("later IS NOT NULL")),
        Index("request_of_a_till", "district_id", "till_id", text("made_at DESC")),
        Index("payment_request_id", "id"),
    )


class StaticCode(Base):
    """The printed code on a counter: 128 random bits that lead to a shop. A renewed one ends the one before."""

    __tablename__ = "static_code"

    district_id: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    merchant_id: Mapped[int]
    serial: Mapped[int]
    made_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]

    __table_args__ = (
        ForeignKeyConstraint(["district_id", "merchant_id"], ["merchant.district_id", "merchant.id"]),
        CheckConstraint("serial >= 1", name="serial_starts_at_one"),
        UniqueConstraint("district_id", "merchant_id", "serial"),
        Index("one_live_code_a_shop", "district_id", "merchant_id", unique=True, postgresql_where=text("ended_at IS NULL")),
        Index("static_code_id", "id"),
    )


class Webhook(Base):
    """通知の送り先: an address that wants to be told of payments and refunds, of one shop or (merchant_id None) of all.

    `cursor`: up to where the book was read for it. After failures in a row it rests for a while.
    """

    __tablename__ = "webhook"

    district_id: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    merchant_id: Mapped[int | None]
    address: Mapped[str] = mapped_column(String(300))
    secret: Mapped[bytes]  # sealed
    made_by: Mapped[int]
    made_at: Mapped[datetime]
    cursor: Mapped[int]
    failures: Mapped[int]
    rests_until: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]

    __table_args__ = (
        ForeignKeyConstraint(["district_id", "merchant_id"], ["merchant.district_id", "merchant.id"], name="webhook_merchant_fkey"),
        CheckConstraint("address LIKE 'https://%'", name="address_is_https"),
        CheckConstraint("failures >= 0", name="failures_are_counted"),
        Index("webhook_living", "district_id", "merchant_id", postgresql_where=text("ended_at IS NULL")),
    )


class WebhookOldSecret(Base):
    """A secret that was renewed: it signs beside the new one until `ends_at`, so that the receiver can change it in peace."""

    __tablename__ = "webhook_old_secret"

    district_id: Mapped[int] = mapped_column(primary_key=True)
    webhook_id: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    secret: Mapped[bytes]  # sealed
    ends_at: Mapped[datetime]

    __table_args__ = (
        ForeignKeyConstraint(["district_id", "webhook_id"], ["webhook.district_id", "webhook.id"], name="webhook_old_secret_webhook_fkey"),
    )


class WebhookDelivery(Base):
    """One event for one address. It waits while `next_at` is there; neither waiting nor delivered: it was given up."""

    __tablename__ = "webhook_delivery"

    district_id: Mapped[int] = mapped_column(primary_key=True)
    webhook_id: Mapped[int] = mapped_column(primary_key=True)
    transaction_id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(16))
    happened_at: Mapped[datetime]
    body: Mapped[str] = mapped_column(Text)  # as it is signed and sent, the same at each try
    tries: Mapped[int]
    next_at: Mapped[datetime | None]
    tried_at: Mapped[datetime | None]
    status: Mapped[int | None]  # of HTTP, at the last try; None: no answer came
    answer: Mapped[str] = mapped_column(String(200))  # the beginning of what was answered, or why none came
    delivered_at: Mapped[datetime | None]

    __table_args__ = (
        ForeignKeyConstraint(["district_id", "webhook_id"], ["webhook.district_id", "webhook.id"], name="webhook_delivery_webhook_fkey"),
        CheckConstraint("tries >= 0", name="tries_are_counted"),
        CheckConstraint("next_at IS NULL OR delivered_at IS NULL", name="delivered_does_not_wait"),
        Index("webhook_delivery_due", "next_at", postgresql_where=text("next_at IS NOT NULL")),
        Index("webhook_delivery_newest", "district_id", "webhook_id", "happened_at"),
    )


class WebhookReplay(Base):
    """Everything since a moment is to be told again. The worker walks back to it, piece by piece, from `before_*`."""

    __tablename__ = "webhook_replay"

    district_id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[UUID] = mapped_column(primary_key=True)
    webhook_id: Mapped[int]
    since: Mapped[datetime]
    asked_at: Mapped[datetime]
    before_position: Mapped[int | None]
    before_transaction_id: Mapped[int | None]
    done_at: Mapped[datetime | None]

    __table_args__ = (
        ForeignKeyConstraint(["district_id", "webhook_id"], ["webhook.district_id", "webhook.id"], name="webhook_replay_webhook_fkey"),
        CheckConstraint("(before_position IS NULL) = (before_transaction_id IS NULL)", name="place_is_whole"),
        Index("webhook_replay_open", "district_id", "webhook_id", postgresql_where=text("done_at IS NULL")),
    )
