"""The confirm page: whom, how much, out of what, and what is left. Nothing is decided here; the book decides."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

import ledger.queries
import merchant.queries
from association.queries import CouponTerms
from identity.queries import Principal
from ledger.queries import Balance, Series
from merchant.errors import ShopSuspended
from merchant.queries import Asked, Shop
from wallet.errors import AlreadyPaid
from wallet.queries.coupons import CouponChoice, HeldCoupon, chosen_coupons, held_coupons
from wallet.queries.purses import Limits, limits, must_not_be_stopped, reader, settings_of, yen_balances, yen_of
from wallet.queries.vouchers import HeldVoucher, at_shop
from wallet.rules import Obstacle, go_together, obstacle, plan_tender

TWICE = timedelta(minutes=5)
"""A payment of the same amount to the same shop this short ago is pointed out before the next one."""
PAYMENTS = ("payment", "coupon_payment")
LATEST = 10
"""Entries in which it is looked for."""


@dataclass(frozen=True, slots=True)
class PlanLine:
    """What one series gives, and what it has left then. Yen."""

    series: Series
    amount: int
    left: int


@dataclass(frozen=True, slots=True)
class CouponOption:
    """A coupon in the wallet beside this bill. `obstacle`: why it does not apply, None where it does; `missing`: yen below its minimum.

    `off`: what it takes off this bill. `with_used`: whether it may be used beside the one that the plan uses.
    """

    terms: CouponTerms
    obstacle: Obstacle | None
    missing: int
    off: int
    with_used: bool = False


@dataclass(frozen=True, slots=True)
class Plan:
    """A payment before it is one. `amount`: the bill. `shown`: the plan as the form carries it. `shortage`: yen that are missing.

    `confirm`: whether it wants a PIN or a passkey. `just_paid`: the same was paid moments ago. `used`: the coupons that are
    used; `coupons`: all in the wallet, those that apply in front. `vouchers`: all that still run, with why one is not used.
    """

    shop: Shop
    asked: Asked | None
    amount: int
    lines: tuple[PlanLine, ...]
    shown: str
    shortage: int
    available: int
    limits: Limits
    just_paid: tuple[int, datetime] | None
    used: tuple[CouponOption, ...] = ()
    coupons: tuple[CouponOption, ...] = ()
    vouchers: tuple[HeldVoucher, ...] = ()
    points: tuple[Balance, ...] = ()
    leaves_points: bool = False

    @property
    def left_out(self) -> frozenset[int]:
        """Vouchers, and lots of points, that its payer does not want to use this time."""
        away = {one.terms.id for one in self.vouchers if one.is_left_out}
        return frozenset(away | (self.point_series if self.leaves_points else set()))

    @property
    def point_series(self) -> frozenset[int]:
        return frozenset(one.series.id for one in self.points)

    @property
    def usable_points(self) -> int:
        """Points in the wallet that could be used here."""
        return sum(one.available for one in self.points)

    @property
    def coupon(self) -> CouponTerms | None:
        """The coupon that is used; of two the first."""
        return self.used[0].terms if self.used else None

    @property
    def chosen(self) -> str:
        """The numbers of the coupons that are used, as a form and an address carry them."""
        return ",".join(str(one.terms.id) for one in self.used)

    @property
    def discount(self) -> int:
        """Yen that the coupons take off."""
        return sum(one.off for one in self.used)

    @property
    def pays(self) -> int:
        """What the person pays, in yen: limits count this."""
        return self.amount - self.discount

    @property
    def bill(self) -> int:
        """What is to be paid in all, in yen: more than `amount` where the shop takes a part in cash."""
        return self.amount if self.asked is None else self.asked.bill

    @property
    def payable(self) -> int:
        """What could be paid in coin now, in yen."""
        return sum(line.amount for line in self.lines)

    @property
    def confirm(self) -> bool:
        return self.pays > self.limits.pin_above

    @property
    def too_large(self) -> int | None:
        """The limit that this amount passes, in yen; None when it passes none."""
        highest = self.limits.payment_max
        if self.limits.new_device_max is not None:
            highest = min(highest, self.limits.new_device_max)
        return highest if self.pays > highest else None


@dataclass(frozen=True, slots=True)
class Purse:
    """What can be spent before an amount is known."""

    shop: Shop
    available: int
    limits: Limits
    waiting: tuple[Asked, ...]


def target_of_request(session: Session, who: Principal, request_id: UUID, *, now: datetime) -> tuple[Shop, Asked]:
    """The shop and its request, while it can be paid.

    Raises RequestUnknown, AlreadyPaid, RequestPaid, RequestCancelled, RequestExpired, OfferOfAnother, ShopSuspended.
    """
    asked = merchant.queries.request(session, who.district_id, request_id, now=now)
    must_be_payable(session, who, asked)
    return _open(merchant.queries.merchant(session, who.district_id, asked.merchant_id)), asked


def target_of_number(session: Session, who: Principal, public_number: str) -> Shop:
    """The shop of a printed number, while it takes money. Raises ShopUnknown, ShopSuspended."""
    return _open(merchant.queries.shop_by_number(session, who.district_id, public_number))


def plan_for(
    session: Session,
    who: Principal,
    shop: Shop,
    amount: int,
    *,
    asked: Asked | None = None,
    coupon: CouponChoice = "best",
    leave_out: frozenset[int] = frozenset(),
    now: datetime,
) -> Plan:
    """How this consumer would pay `amount` yen to `shop` at `now`. A coupon that does not apply gives way to none. Raises AccountFrozen."""
    person_id = reader(session, who)
    everything = ledger.queries.balances(session, who.district_id, "consumer", person_id)
    must_not_be_stopped(everything)
    mine = held_coupons(session, who.district_id, person_id, everything, shop.id, amount, now=now)
    used = chosen_coupons(mine, coupon, amount, now=now)
    balances = yen_of(everything)
    here = at_shop(session, who.district_id, balances, shop, leave_out=leave_out, now=now)
    tender = plan_tender(amount, here.accounts, offers=[one.offer for one in used], now=now)
    by_account = {one.account_id: one for one in balances}
    return Plan(
        shop=shop,
        asked=asked,
        amount=amount,
        lines=tuple(
            PlanLine(by_account[part.account_id].series, part.amount, by_account[part.account_id].available - part.amount)
            for part in tender.parts
        ),
        shown=tender.shown(),
        shortage=tender.shortage,
        available=sum(one.available for one in here.usable),
        limits=limits(settings_of(session, who), who, [one.series for one in here.usable], now=now),
        just_paid=_just_paid(session, who, shop, amount, [one.account_id for one in balances], now),
        used=tuple(_option(one, (), amount, now) for one in used),
        coupons=_options(mine, used, amount, now),
        vouchers=here.vouchers,
        points=here.points,
        leaves_points=here.leaves_points,
    )


def _options(mine: list[HeldCoupon], used: tuple[HeldCoupon, ...], bill: int, now: datetime) -> tuple[CouponOption, ...]:
    options = [_option(one, used, bill, now) for one in mine]
    return tuple(sorted(options, key=lambda one: (one.obstacle is not None, -one.off, one.terms.last_day, one.terms.id)))


def _option(one: HeldCoupon, used: tuple[HeldCoupon, ...], bill: int, now: datetime) -> CouponOption:
    beside = bool(used) and one not in used and go_together([*(each.offer for each in used), one.offer], bill)
    why = obstacle(one.offer, bill, now=now)
    return CouponOption(one.terms, why, max(0, one.terms.min_spend - bill), one.offer.amount_off, beside and why is None)


def before_amount(session: Session, who: Principal, shop: Shop, *, now: datetime) -> Purse:
    """What the page of a printed code needs before the amount is typed, with what the shop's tills are asking for. Raises AccountFrozen."""
    person_id = reader(session, who)
    balances = yen_balances(session, who.district_id, person_id)
    must_not_be_stopped(balances)
    running = at_shop(session, who.district_id, balances, shop, now=now).usable
    return Purse(
        shop=shop,
        available=sum(one.available for one in running),
        limits=limits(settings_of(session, who), who, [one.series for one in running], now=now),
        waiting=tuple(
            asked
            for asked in merchant.queries.waiting_requests(session, who.district_id, shop.id, now=now)
            if not asked.cash or asked.offered_by == person_id
        ),
    )


def must_be_payable(session: Session, who: Principal, asked: Asked) -> None:
    """Raises RequestPaid, RequestCancelled, RequestExpired, OfferOfAnother, and AlreadyPaid to the one who paid it."""
    if asked.transaction_id is not None:
        paid = ledger.queries.transaction(session, who.district_id, asked.transaction_id)
        if any(line.role == "consumer" and line.owner_id == who.person_id for line in paid.lines):
            own = sum(line.amount for line in paid.lines if line.role == "consumer" and line.unit == 0)
            raise AlreadyPaid(at=paid.posted_at, amount=own, transaction=paid.id)
    asked.must_be_open()
    asked.must_be_for(who.person_id)


def _open(shop: Shop) -> Shop:
    if not shop.is_open:
        raise ShopSuspended
    return shop


def _just_paid(
    session: Session, who: Principal, shop: Shop, amount: int, account_ids: list[int], now: datetime
) -> tuple[int, datetime] | None:
    totals: dict[int, int] = {}
    moments: dict[int, datetime] = {}
    for entry in ledger.queries.entries(session, who.district_id, account_ids, limit=LATEST):
        if entry.kind in PAYMENTS and entry.counter_owner_id == shop.id and not entry.refunded and entry.posted_at >= now - TWICE:
            before = totals.get(entry.transaction_id, int(entry.facts.get("discount") or 0))
            totals[entry.transaction_id] = before - entry.amount
            moments[entry.transaction_id] = entry.posted_at
    same = [number for number, total in totals.items() if total == amount]
    return (max(same), moments[max(same)]) if same else None
