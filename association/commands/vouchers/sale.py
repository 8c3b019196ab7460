"""商品券の販売: units against cash at the counter, the premium on top."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

import ledger.commands as book
import ledger.queries as read
from association.commands.calls.locks import beside
from association.commands.top_up import drawer_account
from association.errors import (
    CashTooLittle,
    NotChosen,
    OwnWallet,
    PaymentLate,
    VoucherLimit,
    VoucherNotYet,
    VoucherSaleOver,
    VoucherSoldOut,
    VoucherUnknown,
)
from association.queries.calls import Call, application_of_person, bought_units, call_of
from association.queries.notice import current_version
from association.queries.vouchers import VoucherTerms, one_voucher
from base.clock import tokyo_day
from base.db import atomic, wake
from identity.commands import authorise
from identity.queries import Principal, person_topic, profile
from ledger.commands import Draft, Line, Posted
from ledger.errors import FloorPassed

ONE_AT_A_TIME = text("SELECT pg_advisory_xact_lock(hashtextextended(:what, 0))")


@dataclass(frozen=True, slots=True)
class SellVoucher:
    """What a clerk wants booked. `received`: the cash handed over, in yen. `key`: one for each intention."""

    voucher_id: int
    person_id: int
    units: int
    received: int
    key: UUID


@dataclass(frozen=True, slots=True)
class VoucherSold:
    """What was booked. `price` and `face` of all units together, in yen."""

    transaction_id: int
    posted_at: datetime
    units: int
    price: int
    face: int
    received: int
    replayed: bool

    @property
    def change(self) -> int:
        return self.received - self.price


@dataclass(frozen=True, slots=True)
class Allowance:
    """How many units one person may buy of a campaign in all, and how many they have bought. `why_not`: why none, where people apply.

    not_applied, checking, refused, not_drawn, waiting, late or (nothing is wrong) None; `pay_until`: the last day, where there is one.
    """

    limit: int
    bought: int
    why_not: str | None = None
    pay_until: date | None = None

    @property
    def left(self) -> int:
        return max(self.limit - self.bought, 0)


def may_buy(session: Session, district_id: int, terms: VoucherTerms, person_id: int, *, now: datetime) -> Allowance:
    """Who may buy how many units: asked here and nowhere else, by the page and, under the person's lock, by the sale."""
    have = bought_units(session, district_id, terms, person_id)
    call = call_of(session, district_id, terms.id)
    return Allowance(terms.per_person, have) if call is None else _chosen(session, district_id, terms, call, person_id, have, now)


def _chosen(session: Session, district_id: int, terms: VoucherTerms, call: Call, person_id: int, have: int, now: datetime) -> Allowance:
    """Of a campaign that people apply for: what their application was given, until its day is over."""
    applied = application_of_person(session, district_id, terms.id, person_id)
    if applied is None:
        return Allowance(have, have, "not_applied")
    if applied.state != "accepted":
        return Allowance(have, have, applied.state)
    if call.way == "eligible":
        return Allowance(applied.units, have)
    if applied.given is None:
        return Allowance(have, have, "not_drawn")
    if not applied.given and applied.pay_until is None:
        return Allowance(have, have, "waiting")
    if applied.pay_until is not None and tokyo_day(now) > applied.pay_until:
        return Allowance(have, have, "late", applied.pay_until)
    return Allowance(applied.given, have, None, applied.pay_until)


def sell_voucher(session: Session, who: Principal, order: SellVoucher, *, now: datetime) -> VoucherSold:
    """Book the price into the clerk's drawer, the premium beside it, and the whole face value onto the person's account.

    One campaign and person at a time, so that a limit is counted exactly; what is left of the units is counted by the book.
    Raises KeyReused, VoucherUnknown, CashTooLittle, OwnWallet, PersonUnknown, NoticeMissing, VoucherNotYet, VoucherSaleOver, NotChosen,
    PaymentLate, VoucherLimit, VoucherSoldOut, and the book's own DrawerFull, CeilingPassed, AccountFrozen: nothing is written then.
    """
    assert order.units >= 1, order
    with atomic(session):
        authorise(session, who, "association.sell_voucher", subject=f"person:{order.person_id} voucher:{order.voucher_id}x{order.units}")
        content = book.hash_command(
            "association.sell_voucher", who.person_id, order.person_id, order.voucher_id, order.units, order.received
        )
        terms = one_voucher(session, who.district_id, order.voucher_id)
        known = read.find_key(session, who.district_id, order.key, content)
        if known is not None:
            return _sold(terms, order, known)
        if terms.units_series_id not in read.units(session, who.district_id):
            raise VoucherUnknown
        must_be_on_sale(terms, now)
        if order.received < terms.price * order.units:
            raise CashTooLittle(missing=terms.price * order.units - order.received)
        if order.person_id == who.person_id:
            raise OwnWallet
        profile(session, who.district_id, order.person_id)  # vouchers for a number that is nobody's would be lost
        must_be_allowed(session, who.district_id, terms, order.person_id, order.units, now)
        draft = Draft(
            kind="voucher_sale",
            key=order.key,
            command_hash=content,
            lines=_lines(session, who, terms, order, now),
            facts={
                "way": "counter",
                "staff": who.person_id,
                "received": order.received,
                "voucher": terms.id,
                "units": order.units,
                "notice": current_version(session, who.district_id),
            },
        )
        posted = post_sale(session, who.district_id, terms, draft)
        wake(session, person_topic(who.district_id, order.person_id))
        return _sold(terms, order, posted)


def must_be_allowed(session: Session, district_id: int, terms: VoucherTerms, person_id: int, units: int, now: datetime) -> None:
    """Whether this person may buy so many, until the end of this database transaction. Raises PaymentLate, NotChosen, VoucherLimit."""
    session.execute(ONE_AT_A_TIME, {"what": f"association.voucher {district_id} {terms.id} {person_id}"})
    beside(session, district_id, terms.id)
    allowed = may_buy(session, district_id, terms, person_id, now=now)
    if allowed.why_not == "late" and allowed.pay_until is not None:
        raise PaymentLate(day=allowed.pay_until)
    if allowed.why_not is not None:
        raise NotChosen
    if units > allowed.left:
        raise VoucherLimit(limit=allowed.limit, left=allowed.left)


def must_be_on_sale(terms: VoucherTerms, now: datetime) -> None:
    """Raises VoucherNotYet, VoucherSaleOver."""
    if tokyo_day(now) < terms.sale_first_day:
        raise VoucherNotYet(day=terms.sale_first_day)
    if tokyo_day(now) > terms.sale_last_day:
        raise VoucherSaleOver(day=terms.sale_last_day)


def _lines(session: Session, who: Principal, terms: VoucherTerms, order: SellVoucher, now: datetime) -> tuple[Line, ...]:
    district_id = who.district_id
    return (
        Line(drawer_account(session, who, now), terms.price * order.units),
        Line(terms.premium_account_id, terms.premium * order.units),
        *(
            Line(book.open_account(session, district_id, "consumer", order.person_id, part), -face * order.units)
            for part, face in terms.faces.items()
        ),
        *book.transfer(
            book.open_account(session, district_id, "voucher_stock", 0, terms.units_series_id),
            book.open_account(session, district_id, "voucher_sold", 0, terms.units_series_id),
            order.units,
        ),
    )


def post_sale(session: Session, district_id: int, terms: VoucherTerms, draft: Draft) -> Posted:
    """The book counts the units: whoever comes too late is told how many are left."""
    left = read.units(session, district_id)[terms.units_series_id].stock
    try:
        return book.post(session, district_id, draft)
    except FloorPassed as error:
        if error.facts.get("role") != "voucher_stock":
            raise
        raise VoucherSoldOut(left=left) from error


def _sold(terms: VoucherTerms, order: SellVoucher, posted: Posted) -> VoucherSold:
    return VoucherSold(
        transaction_id=posted.transaction_id,
        posted_at=posted.posted_at,
        units=order.units,
        price=terms.price * order.units,
        face=terms.face * order.units,
        received=order.received,
        replayed=posted.replayed,
    )
