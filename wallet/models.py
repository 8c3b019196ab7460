"""What the consumer's side stores. Balances and payments are not here: they are the book's own entries."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    Date,
    Enum,
    ForeignKeyConstraint,
    Identity,
    Index,
    SmallInteger,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from base.db import Base


class ConsentState(StrEnum):
    """A waiting question whose time is over counts as expired; nobody needs to sweep it."""

    waiting = "waiting"
    paid = "paid"
    declined = "declined"  # the consumer said no
    withdrawn = "withdrawn"  # the shop took the question back


class CardState(StrEnum):
    """Printed, somebody's, blocked while it is lost, replaced for good."""

    blank = "blank"  # printed, nobody's
    active = "active"
    blocked = "blocked"  # lost; its holder has no card now
    replaced = "replaced"  # its holder has a newer one


class ConsumerSettings(Base):
    """What a consumer has chosen; empty means the series' own limit. Its row is the lock of the wallet.

    So what a card has paid without its PIN is counted here as well: exactly, whatever number of tablets read it.
    """

    __tablename__ = "consumer_settings"

    district_id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(primary_key=True)
    ask_above: Mapped[int | None]  # yen; a shop that reads my code takes up to this without asking
    pin_above: Mapped[int | None]  # yen; above this a payment wants a PIN or a passkey
    card_day: Mapped[date | None] = mapped_column(Date)  # the day in Tokyo that card_spent counts
    card_spent: Mapped[int] = mapped_column(server_default=text("0"))  # yen paid by card without a PIN on that day

    __table_args__ = (
        CheckConstraint("card_spent >= 0", name="card_spent_is_counted"),
        CheckConstraint("ask_above >= 0", name="ask_above_is_no_debt"),
        CheckConstraint("pin_above >= 0", name="pin_above_is_no_debt"),
    )


class OneTimeCode(Base):
    """コード表示: one live code a wallet, used once, ended by the next. Only its fingerprint is kept."""

    __tablename__ = "one_time_code"

    district_id: Mapped[int] = mapped_column(primary_key=True)
    fingerprint: Mapped[bytes] = mapped_column(primary_key=True)
    person_id: Mapped[int]
    digits: Mapped[str] = mapped_column(String(12))
    issued_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    used_at: Mapped[datetime | None]

    __table_args__ = (
        CheckConstraint("octet_length(fingerprint) = 32", name="fingerprint_is_sha256"),
        CheckConstraint("digits ~ '^[0-9]{12}$'", name="digits_are_twelve"),
        CheckConstraint("expires_at > issued_at AND expires_at <= issued_at + interval '5 minutes'", name="life_is_short"),
        CheckConstraint("used_at IS NULL OR ended_at IS NOT NULL", name="used_is_ended"),
        Index("one_live_code_a_wallet", "district_id", "person_id", unique=True, postgresql_where=text("ended_at IS NULL")),
        Index("live_digits_are_unique", "district_id", "digits", unique=True, postgresql_where=text("ended_at IS NULL")),
        Index("one_time_code_of_a_wallet", "district_id", "person_id", "issued_at"),
        Index("one_time_code_digits", "district_id", "digits"),
    )


class NumberEntry(Base):
    """Wrong digits typed at one terminal since `since`; too many lock its number entry for a while (qr.md 25)."""

    __tablename__ = "number_entry"

    district_id: Mapped[int] = mapped_column(primary_key=True)
    terminal: Mapped[str] = mapped_column(String(40), primary_key=True)
    wrong: Mapped[int]
    since: Mapped[datetime]
    locked_until: Mapped[datetime | None]

    __table_args__ = (CheckConstraint("wrong >= 0", name="wrong_is_counted"),)


class Consent(Base):
    """A shop read my code and asks for more than I let it take unasked. The amount is held while it waits."""

    __tablename__ = "consent"

    district_id: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[int]
    merchant_id: Mapped[int]
    till_id: Mapped[int | None]
    staff_id: Mapped[int | None]
    amount: Mapped[int]  # yen in coin, before the discount
    coupon_id: Mapped[int | None]
    discount: Mapped[int]  # yen
    cash: Mapped[int] = mapped_column(default=0)  # yen that the shop takes beside it, outside the book
    request_id: Mapped[UUID | None]  # the bill that the till has put together, if it has
    key: Mapped[UUID]
    command_hash: Mapped[bytes]
    state: Mapped[ConsentState] = mapped_column(
        Enum(ConsentState, name="state_is_known", native_enum=False, create_constraint=True, length=16)
    )
    asked_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    transaction_id: Mapped[int | None]

    __table_args__ = (
        CheckConstraint("amount >= 1", name="amount_is_positive"),
        CheckConstraint("discount >= 0 AND (discount > 0) = (coupon_id IS NOT NULL) AND discount < amount", name="discount_is_a_coupons"),
        CheckConstraint("cash >= 0", name="cash_is_no_debt"),
        CheckConstraint("octet_length(command_hash) = 32", name="command_hash_is_sha256"),
        CheckConstraint("expires_at > asked_at AND expires_at <= asked_at + interval '5 minutes'", name="life_is_short"),
        CheckConstraint("(state = 'paid') = (transaction_id IS NOT NULL)", name="paid_means_posted"),
        CheckConstraint("(state = 'waiting') = (closed_at IS NULL)", name="closed_has_its_moment"),
        UniqueConstraint("district_id", "key"),
        UniqueConstraint("district_id", "transaction_id"),
        Index("waiting_consent_of_a_wallet", "district_id", "person_id", postgresql_where=text("state = 'waiting'")),
    )


class ConsentLine(Base):
    """What one balance has set aside for a consent."""

    __tablename__ = "consent_line"

    district_id: Mapped[int] = mapped_column(primary_key=True)
    consent_id: Mapped[UUID] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(primary_key=True)
    series_id: Mapped[int]
    amount: Mapped[int]  # in the unit of the series: yen, or one piece of the coupon
    hold_id: Mapped[int]
    place: Mapped[int] = mapped_column(SmallInteger, server_default="0")  # in the plan, from 0

    __table_args__ = (
        ForeignKeyConstraint(["district_id", "consent_id"], ["consent.district_id", "consent.id"]),
        CheckConstraint("amount >= 1", name="amount_is_positive"),
    )


class CardLot(Base):
    """A printing of cards. Each print gives its blank cards new secrets, so that the sheets before are worth nothing."""

    __tablename__ = "card_lot"

    district_id: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    quantity: Mapped[int]
    made_by: Mapped[int]
    made_at: Mapped[datetime]
    prints: Mapped[int]
    printed_at: Mapped[datetime | None]

    __table_args__ = (
        CheckConstraint("quantity BETWEEN 1 AND 500", name="quantity_is_sane"),
        CheckConstraint("(prints > 0) = (printed_at IS NOT NULL)", name="printed_has_its_moment"),
    )


class Card(Base):
    """カード: another way to show who pays. It holds no value; only the fingerprint of its secret is kept."""

    __tablename__ = "card"

    district_id: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    lot_id: Mapped[int]
    serial: Mapped[int]  # its place in the lot, from 1
    number: Mapped[str] = mapped_column(String(16))
    fingerprint: Mapped[bytes]
    state: Mapped[CardState] = mapped_column(
        Enum(CardState, name="state_is_known", native_enum=False, create_constraint=True, length=16), default=CardState.blank
    )
    person_id: Mapped[int | None]
    given_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    successor_id: Mapped[int | None]  # the card that its holder has instead
    pin_first: Mapped[bool] = mapped_column(default=False)  # it was moved, and its holder has not shown the PIN since

    __table_args__ = (
        ForeignKeyConstraint(["district_id", "lot_id"], ["card_lot.district_id", "card_lot.id"]),
        UniqueConstraint("district_id", "lot_id", "serial"),
        UniqueConstraint("district_id", "number"),
        UniqueConstraint("district_id", "fingerprint"),
        CheckConstraint("number ~ '^[0-9]{16}$'", name="number_is_sixteen_digits"),
        CheckConstraint("octet_length(fingerprint) = 32", name="fingerprint_is_sha256"),
        CheckConstraint("(state = 'blank') = (person_id IS NULL)", name="blank_is_nobodys"),
        CheckConstraint("(person_id IS NULL) = (given_at IS NULL)", name="given_has_its_moment"),
        CheckConstraint("(state IN ('blocked', 'replaced')) = (ended_at IS NOT NULL)", name="ended_has_its_moment"),
        CheckConstraint("(state = 'replaced') = (successor_id IS NOT NULL)", name="replaced_has_a_successor"),
        Index("one_active_card_a_person", "district_id", "person_id", unique=True, postgresql_where=text("state = 'active'")),
        Index("card_of_a_person", "district_id", "person_id", postgresql_where=text("person_id IS NOT NULL")),
    )


class CardEvent(Base):
    """What happened to a card: who did it, who came, and what was said. Rows are added and never changed."""

    __tablename__ = "card_event"

    district_id: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    card_id: Mapped[int]
    at: Mapped[datetime]
    what: Mapped[str] = mapped_column(Text)
    by_person: Mapped[int]  # the clerk, or the holder on the phone
    came: Mapped[str] = mapped_column(Text)  # who stood at the counter
    note: Mapped[str] = mapped_column(Text)
    proposal_id: Mapped[int | None]  # the proposal under which the PIN was asked for and, once approved, set

    __table_args__ = (
        ForeignKeyConstraint(["district_id", "card_id"], ["card.district_id", "card.id"]),
        CheckConstraint("what IN ('given', 'blocked', 'unblocked', 'replaced', 'pin_asked', 'pin_set')", name="what_is_known"),
        CheckConstraint("what <> 'pin_asked' OR proposal_id IS NOT NULL", name="pin_is_asked_for"),
        CheckConstraint("came IN ('holder', 'relative', 'other')", name="came_is_known"),
        Index("event_of_a_card", "district_id", "card_id", "id"),
        Index(
            "card_event_proposal_is_used_once",
            "district_id",
            "proposal_id",
            "what",
            unique=True,
            postgresql_where=text("proposal_id IS NOT NULL"),
        ),
    )


class CardPolicy(Base):
    """How much a card pays without its PIN, as the district has decided. No row: as the rules say."""

    __tablename__ = "card_policy"

    district_id: Mapped[int] = mapped_column(primary_key=True)
    no_pin_payment: Mapped[int]  # yen, one payment
    no_pin_day: Mapped[int]  # yen, one day in Tokyo
    changed_by: Mapped[int]
    changed_at: Mapped[datetime]

    __table_args__ = (
        CheckConstraint("0 <= no_pin_payment AND no_pin_payment <= no_pin_day", name="payment_within_the_day"),
        CheckConstraint("no_pin_day <= 30000", name="day_is_small"),
    )


class InboxMark(Base):
    """How far a person has read what the association tells: announcements up to `seen_id` are no news."""

    __tablename__ = "inbox_mark"
    district_id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    seen_id: Mapped[int]
    seen_at: Mapped[datetime]


class Gift(Base):
    """贈りもの: coin that waits on a hold until whoever has the link takes it. Only the link's fingerprint is kept; it is spelled anew.

    `words`: what the giver wrote, sealed with their key. It goes back by itself: at `expires_at` the hold ends.
    """

    __tablename__ = "gift"
    district_id: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    giver_id: Mapped[int]
    series_id: Mapped[int]
    amount: Mapped[int]  # yen
    words: Mapped[bytes | None]
    fingerprint: Mapped[bytes]
    hold_id: Mapped[int]
    key: Mapped[UUID]
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    taken_back_at: Mapped[datetime | None]
    receiver_id: Mapped[int | None]
    transaction_id: Mapped[int | None]

    __table_args__ = (
        UniqueConstraint("district_id", "fingerprint"),
        UniqueConstraint("district_id", "key"),
        UniqueConstraint("district_id", "hold_id"),
        CheckConstraint("amount >= 1", name="amount_is_positive"),
        CheckConstraint("octet_length(fingerprint) = 32", name="fingerprint_is_sha256"),
        CheckConstraint("expires_at > made_at", name="has_a_time"),
        CheckConstraint("(receiver_id IS NULL) = (transaction_id IS NULL)", name="taken_means_posted"),
        CheckConstraint("taken_back_at IS NULL OR transaction_id IS NULL", name="ends_once"),
        CheckConstraint("receiver_id <> giver_id", name="is_for_another"),
        Index("gift_of_a_giver", "district_id", "giver_id", "id"),
    )
