"""支払い: the consumer pays a shop, by its printed code or by a request that is waiting."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

import identity.commands
import ledger.commands
import ledger.queries
import merchant.commands
import merchant.queries
from association.queries import CouponTerms
from base.db import atomic, wake
from identity.queries import Principal, person_topic
from ledger.commands import Draft, Fact, Line, Posted
from ledger.errors import FloorPassed, PaymentTooLarge
from merchant.commands import Payers
from merchant.errors import ShopSuspended
from merchant.queries import Asked, Shop
from wallet.commands.confirm import prove
from wallet.commands.lock import lock_wallet
from wallet.errors import AmountDiffers, ConfirmationNeeded, CouponUnusable, NewDeviceLimit, PlanChanged
from wallet.models import ConsumerSettings
from wallet.queries.coupons import CouponChoice, HeldCoupon, chosen_coupons, held_coupons, refusal_of
from wallet.queries.plans import must_be_payable
from wallet.queries.purses import Limits, limits, must_not_be_stopped, yen_of
from wallet.queries.vouchers import at_shop
from wallet.rules import Tender, plan_tender


@dataclass(frozen=True, slots=True)
class ToShop:
    """A printed code: the consumer typed the amount. `public_number`: the shop's six digits."""

    public_number: str


@dataclass(frozen=True, slots=True)
class ToRequest:
    """A request that a till is showing: the shop typed the amount."""

    request_id: UUID


@dataclass(frozen=True, slots=True)
class Pay:
    """Pay `amount` yen. `key`: made once for each intention to pay, so that a second tap pays once.

    `shown`: the plan that the page showed; None where nothing was shown (a program). `pin`: above one's own limit.
    `coupon`: the one or the two that the plan used, by number; `leave_out`: vouchers that it did not. They are no part of what makes two
    orders the same.
    """

    target: ToShop | ToRequest
    amount: int
    key: UUID
    shown: str | None = None
    pin: str | None = None
    coupon: int | tuple[int, ...] | None = None
    leave_out: frozenset[int] = frozenset()


def pay(session: Session, who: Principal, order: Pay, *, now: datetime) -> Posted:
    """Move the money, or give back what this key moved before.

    Raises, in this order: the book's KeyReused and KeyClosed; RequestUnknown, AlreadyPaid, RequestPaid,
    RequestCancelled, RequestExpired, OfferOfAnother, AmountDiffers, ShopUnknown, ShopSuspended; AccountFrozen; CouponUnusable;
    PaymentTooLarge, NewDeviceLimit, FloorPassed; PlanChanged; ConfirmationNeeded and what the PIN's door says. Nothing is
    written then.
    """
    identity.commands.authorise(session, who, "wallet.pay")
    assert who.person_id is not None
    content = content_of(who, order)
    with atomic(session):
        chosen = lock_wallet(session, who.district_id, who.person_id)
        before = ledger.queries.find_key(session, who.district_id, order.key, content)
        if before is not None:
            return before
        shop, asked = _target(session, who, order, now)
        if asked is not None and asked.cash and order.coupon:
            raise CouponUnusable  # a coupon is for a bill that coin pays whole
        planned = plan(session, who, chosen, order.amount, shop, coupon=order.coupon, leave_out=order.leave_out, now=now)
        tender, allowed = planned.tender, planned.limits
        if order.shown is not None and tender.shown() != order.shown:
            raise PlanChanged
        if tender.amount > allowed.pin_above:
            prove(session, who, order.pin, ConfirmationNeeded(limit=allowed.pin_above), now=now)
        posted = post(session, who, shop, planned, order.key, content, facts=_facts(shop, asked))
        if asked is not None and not merchant.commands.claim_request(session, asked, posted.transaction_id, planned.payers, now):
            now_asked = merchant.queries.request(session, who.district_id, asked.id, now=now)  # split at this very moment
            now_asked.must_be_for(who.person_id)
            raise AmountDiffers(amount=now_asked.amount)
        if asked is None:
            merchant.commands.receipt_of_printed_code(session, who.district_id, shop.id, posted.transaction_id, planned.payers, now=now)
        return posted


def content_of(who: Principal, order: Pay) -> bytes:
    """What makes two orders the same: who pays whom how much, not out of which balance."""
    match order.target:
        case ToShop(public_number):
            return ledger.commands.hash_command("wallet.pay", who.person_id, "shop", public_number, order.amount)
        case ToRequest(request_id):
            return ledger.commands.hash_command("wallet.pay", who.person_id, "request", request_id, order.amount)


@dataclass(frozen=True, slots=True)
class Planned:
    """A payment as it will be posted. `coupons`: the terms of those that the tender uses, in its order;
    `has_voucher`: a part is paid by one.
    """

    tender: Tender
    limits: Limits
    coupons: tuple[CouponTerms, ...] = ()
    has_voucher: bool = False

    @property
    def payers(self) -> Payers:
        """Who pays the shop for the coupons, by account."""
        parts = [(coupon, part) for coupon in self.coupons for part in coupon.parts if part.account_id is not None]
        return {part.account_id: (part.funder, coupon.name, coupon.name_en) for coupon, part in parts if part.account_id is not None}


def plan(
    session: Session,
    who: Principal,
    chosen: ConsumerSettings,
    bill: int,
    shop: Shop,
    *,
    coupon: CouponChoice,
    leave_out: frozenset[int] = frozenset(),
    now: datetime,
) -> Planned:
    """Out of which balances this person pays a bill of so many yen, and the limits that applied: they count what the person pays.

    Raises AccountFrozen, CouponUnusable where a coupon was named, PaymentTooLarge, NewDeviceLimit, FloorPassed.
    """
    assert who.person_id is not None
    everything = ledger.queries.balances(session, who.district_id, "consumer", who.person_id)
    must_not_be_stopped(everything)
    used: tuple[HeldCoupon, ...] = ()
    if coupon:
        mine = held_coupons(session, who.district_id, who.person_id, everything, shop.id, bill, choice=coupon, now=now)
        used = chosen_coupons(mine, coupon, bill, now=now)
        if not used and coupon != "best":
            raise refusal_of(mine, coupon, bill, now=now)
    offers = [one.offer for one in used]
    pays = bill - sum(offer.amount_off for offer in offers)
    held = at_shop(session, who.district_id, yen_of(everything), shop, leave_out=leave_out, now=now)
    if not held.usable:
        raise FloorPassed(shortage=pays, available=0)
    allowed = limits(chosen, who, [one.series for one in held.usable], now=now)
    if pays > allowed.payment_max:
        raise PaymentTooLarge(limit=allowed.payment_max)
    if allowed.new_device_max is not None and pays > allowed.new_device_max:
        raise NewDeviceLimit(limit=allowed.new_device_max, until=who.limited_until)
    tender = plan_tender(bill, held.accounts, offers=offers, now=now)
    if tender.shortage:
        raise FloorPassed(shortage=tender.shortage, available=tender.amount)
    vouchers = {number for one in held.vouchers for number in one.terms.faces}
    lands = tuple(landing(session, who.district_id, one.terms, tender, now=now) for one in used)
    return Planned(tender, allowed, lands, any(part.series_id in vouchers for part in tender.parts))


def landing(session: Session, district_id: int, coupon: CouponTerms, tender: Tender, *, now: datetime) -> CouponTerms:
    """The discount reaches the shop in the coupon's own coin; once that has ended, in the coin that the customer pays with."""
    if ledger.queries.one_series(session, district_id, coupon.lands_in).is_valid(now):
        return coupon
    return replace(coupon, lands_in=tender.parts[0].series_id)


def post(
    session: Session,
    who: Principal,
    shop: Shop,
    planned: Planned,
    key: UUID,
    content: bytes,
    *,
    facts: dict[str, Fact],
    hold_id: int | None = None,
) -> Posted:
    """Write the payment into the book, coin and coupon at once, and wake both sides after the commit."""
    kind = "payment"
    if planned.coupons:
        kind = "coupon_payment"
        facts |= coupon_facts(planned)
    if planned.has_voucher:
        facts |= {"shop_size": shop.size}  # as it is now: what was spent at small shops stays so, whatever a shop becomes
    if len(planned.tender.parts) > 1:
        facts |= {"turn": " ".join(str(part.series_id) for part in planned.tender.parts)}  # the book sorts its lines by account
    draft = Draft(kind, key, content, _lines(session, shop, planned), facts, hold_id=hold_id)
    posted = ledger.commands.post(session, shop.district_id, draft)
    wake(session, shop.topic if facts.get("request") else shop.sales_topic)  # a request's state has changed, too
    wake(session, person_topic(shop.district_id, who.person_id))
    return posted


def _lines(session: Session, shop: Shop, planned: Planned) -> tuple[Line, ...]:
    """Both sides: coin and the piece of a coupon from the person, the funders' parts, and what the shop gets; one line an account."""
    amounts: dict[int, int] = {}

    def move(account_id: int, amount: int) -> None:
        amounts[account_id] = amounts.get(account_id, 0) + amount

    for part in planned.tender.parts:
        move(part.account_id, part.amount)
        move(merchant.commands.payable_account(session, shop.district_id, shop.id, part.series_id), -part.amount)
    for coupon, offer in zip(planned.coupons, planned.tender.offers, strict=True):
        move(offer.account_id, 1)
        move(coupon.used_account_id, -1)
        funded = coupon.funded(offer.amount_off)
        for account_id, amount in funded:
            move(account_id, amount)
        if funded:
            payable = merchant.commands.payable_account(session, shop.district_id, shop.id, coupon.lands_in)
            move(payable, -sum(amount for _account_id, amount in funded))
    return tuple(Line(account_id, amount) for account_id, amount in amounts.items())


def coupon_facts(planned: Planned) -> dict[str, Fact]:
    """What the book keeps beside the lines: the bill, what came off it, and what of that the shop bears, in yen. Of two coupons
    these are sums; `second_off` and `second_shop` are what the second gave of them. `coupon_until`, `second_until`: the holder's own last
    day, where it counted from the day of receipt."""
    tender = planned.tender
    own = [coupon.shop_part(offer.amount_off) for coupon, offer in zip(planned.coupons, tender.offers, strict=True)]
    facts: dict[str, Fact] = {
        "coupon": planned.coupons[0].id,
        "bill": tender.amount + tender.discount,
        "discount": tender.discount,
        "shop_part": sum(own),
    }
    if len(planned.coupons) > 1:
        facts |= {"second": planned.coupons[1].id, "second_off": tender.offers[1].amount_off, "second_shop": own[1]}
    for name, coupon in zip(("coupon_until", "second_until"), planned.coupons, strict=False):
        if coupon.valid_days is not None:
            facts[name] = coupon.last_day.isoformat()
    return facts


def _target(session: Session, who: Principal, order: Pay, now: datetime) -> tuple[Shop, Asked | None]:
    asked = None
    match order.target:
        case ToShop(public_number):
            shop = merchant.queries.shop_by_number(session, who.district_id, public_number)
        case ToRequest(request_id):
            asked = merchant.queries.request(session, who.district_id, request_id, now=now)
            must_be_payable(session, who, asked)
            if asked.amount != order.amount:
                raise AmountDiffers(amount=asked.amount)
            shop = merchant.queries.merchant(session, who.district_id, asked.merchant_id)
    if not shop.is_open:
        raise ShopSuspended
    return shop, asked


def _facts(shop: Shop, asked: Asked | None) -> dict[str, Fact]:
    if asked is None:
        return {"way": "static", "merchant": shop.id, "till": None, "request": None, "staff": None}
    return {
        "way": "dynamic",
        "merchant": shop.id,
        "till": asked.till_id,
        "request": str(asked.id),
        "staff": asked.staff_id,
        **cash_facts(asked.amount, asked.cash),
    }


def cash_facts(coin: int, cash: int) -> dict[str, Fact]:
    """What the book keeps of a bill that was paid in two ways, in yen: nothing where coin paid all. Cash stands in no account."""
    return {"bill": coin + cash, "cash": cash} if cash else {}
