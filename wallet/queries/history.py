"""履歴: what moved on a consumer's accounts, by day, with each day's total."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby

from sqlalchemy.orm import Session

import association.queries
import identity.queries
import ledger.queries
import merchant.queries
from base.clock import month_bounds, tokyo_day
from identity.queries import Principal
from ledger.queries import Entry, Lost, Series
from merchant.queries import Shop
from wallet.queries.purses import reader

PAGE = 40
"""Movements on a page, more where a day has more: a page never cuts a day, so each day's total is whole."""

TOP_UPS = ("top_up", "top_up_again", "top_up_large", "agent_top_up", "code_redeem", "benefit", "voucher_sale")
"""How value comes in: at the counter, before two people, at an agent, by a code on paper, from a town, as vouchers."""
KINDS = {
    "payments": ("payment", "coupon_payment", "payment_again"),
    "top_ups": (*TOP_UPS, "reversal", "benefit_return"),
    "refunds": ("refund", "coupon_refund", "refund_late"),
    "passed": ("transfer",),
}
PLAIN = {
    "coupon_payment": "payment",
    "payment_again": "payment",
    "top_up_again": "top_up",
    "coupon_refund": "refund",
    "refund_late": "refund",
}
"""A payment is a payment, whether a coupon was part of it or not; of a refund that is partly late the wallet sees what reached it."""
SHOPS = ("payable", "agent")
"""Roles whose owner is a shop."""


@dataclass(frozen=True, slots=True)
class Movement:
    """One transaction as its consumer sees it. `amount` in yen: + came in, − went out. `refunded`: of a payment, so far.

    `discount`: yen that a coupon took off the bill. `cash`: yen in cash beside it, at the shop's till; it is in no balance.
    `lost`: what it stands for, where it was lost with a return of the book and booked again. `benefit`: the two names of what a town gave.
    `other`: the nickname of whom it went to or came from, None once they have left; `is_gift`: by a link.
    """

    transaction_id: int
    kind: str
    posted_at: datetime
    amount: int
    refunded: int
    shop_id: int | None
    shop_name: str | None
    shop_name_en: str | None
    series: tuple[Series, ...]
    balance_after: int | None
    number: str
    word: str
    discount: int
    cash: int
    lost: Lost | None = None
    benefit: tuple[str, str] | None = None
    other: str | None = None
    is_gift: bool = False

    @property
    def is_voucher(self) -> bool:
        """Whether only vouchers moved."""
        return bool(self.series) and all(one.is_voucher for one in self.series)

    @property
    def undone(self) -> bool:
        """Whether all of a payment came back, or a top-up or benefit was taken back."""
        return self.kind in ("payment", "top_up", "benefit", "voucher_sale") and self.refunded >= abs(self.amount)


@dataclass(frozen=True, slots=True)
class Day:
    """A day in Tokyo, its movements newest first. `total` in yen, + or −."""

    day: date
    movements: tuple[Movement, ...]

    @property
    def total(self) -> int:
        return sum(one.amount for one in self.movements)


@dataclass(frozen=True, slots=True)
class Search:
    """What to look for. `shop`: part of a name. Amounts in yen, both ends included. `before`: the day after the last shown."""

    shop: str = ""
    month: date | None = None
    kind: str | None = None
    amount_min: int | None = None
    amount_max: int | None = None
    before: date | None = None


@dataclass(frozen=True, slots=True)
class History:
    """A page. `spent`, `received`, `passed`: yen over the whole search. `next_before`: where the next page begins, None at the end."""

    days: tuple[Day, ...]
    spent: int
    received: int
    passed: int | None
    next_before: date | None


def history(session: Session, who: Principal, search: Search) -> History:
    """The consumer's movements that match, newest first."""
    found = movements(session, who, search)
    shown = [one for one in found if search.before is None or tokyo_day(one.posted_at) < search.before]
    days = [Day(day, tuple(group)) for day, group in groupby(shown, key=lambda one: tokyo_day(one.posted_at))]
    page = _whole_days(days)
    return History(
        days=tuple(page),
        spent=spent(found),
        received=received(found),
        passed=passed(found),
        next_before=page[-1].day if len(page) < len(days) else None,
    )


def spent(found: Iterable[Movement]) -> int:
    """What went to shops and did not come back, in yen."""
    return -sum(one.amount for one in found if one.kind in ("payment", "refund"))


def received(found: Iterable[Movement]) -> int:
    """What was bought, in yen, less what was undone of it."""
    return sum(one.amount for one in found if one.kind in KINDS["top_ups"])


def passed(found: Iterable[Movement]) -> int | None:
    """What came from other people less what went to them, in yen; None where nothing was passed on."""
    amounts = [one.amount for one in found if one.kind in KINDS["passed"]]
    return sum(amounts) if amounts else None


def movements(session: Session, who: Principal, search: Search) -> list[Movement]:
    """All that match, newest first, whatever page: a consumer has some hundred in a year."""
    person_id = reader(session, who)
    accounts = ledger.queries.account_ids(session, who.district_id, "consumer", person_id)
    shop_ids = shops_named(session, who.district_id, search.shop) if search.shop else None
    if shop_ids == [] or not accounts:
        return []
    since, until = month_bounds(search.month.year, search.month.month) if search.month else (None, None)
    entries = ledger.queries.entries(
        session,
        who.district_id,
        accounts,
        since=since,
        until=until,
        kinds=KINDS.get(search.kind or ""),
        counter_owner_ids=shop_ids,
        limit=None,
    )
    found = as_movements(session, who.district_id, entries)
    return [one for one in found if _has_amount(one, search) and (shop_ids is None or one.shop_id is not None)]


def latest(session: Session, who: Principal, *, count: int) -> list[Movement]:
    """The newest `count` movements."""
    person_id = reader(session, who)
    accounts = ledger.queries.account_ids(session, who.district_id, "consumer", person_id)
    entries = ledger.queries.entries(session, who.district_id, accounts, limit=count) if accounts else []
    return as_movements(session, who.district_id, entries)


def as_movements(
    session: Session, district_id: int, entries: Iterable[Entry], *, people: Mapping[int, str] | None = None
) -> list[Movement]:
    """Entries of one consumer, newest first, put together by transaction. `people`: nicknames by person; None: they are looked up."""
    by_transaction = [list(group) for _, group in groupby(entries, key=lambda entry: entry.transaction_id)]
    heads = [lines[0] for lines in by_transaction]
    shop_ids = sorted({head.counter_owner_id for head in heads if head.counter_role in SHOPS and head.counter_owner_id is not None})
    shops = {shop.id: shop for shop in merchant.queries.shops(session, district_id, ids=shop_ids)} if shop_ids else {}
    known = {one.id: one for one in ledger.queries.series(session, district_id)} if by_transaction else {}
    gifts = {int(head.facts["benefit"] or 0) for head in heads if "benefit" in head.facts}
    benefits = association.queries.benefit_names(session, district_id, gifts)
    others = {other for head in heads if (other := other_person(head.facts, head.owner_id)) is not None}
    if people is None:
        people = identity.queries.nicknames(session, district_id, others) if others else {}
    return [_as_movement(lines, shops, known, benefits, people) for lines in by_transaction]


def other_person(facts: Mapping[str, object], person_id: int) -> int | None:
    """Of what one person passed on to another: who is not `person_id`. None for anything else."""
    sides = (facts.get("sender"), facts.get("receiver"))
    return next((side for side in sides if isinstance(side, int) and side != person_id), None)


def shops_named(session: Session, district_id: int, part: str) -> list[int]:
    """Shops whose name or its reading has this part in it."""
    return [shop.id for shop in merchant.queries.shops(session, district_id) if merchant.queries.answers_to(shop, part)]


def months(first: datetime, now: datetime) -> list[date]:
    """The months from the one of `first` to the one of `now` in Tokyo, newest first, as their first days."""
    month, last = tokyo_day(first).replace(day=1), tokyo_day(now).replace(day=1)
    found = []
    while month <= last:
        found.append(month)
        month = (month + timedelta(days=31)).replace(day=1)
    return found[::-1]


def _as_movement(
    lines: list[Entry],
    shops: dict[int, Shop],
    known: dict[int, Series],
    benefits: dict[int, tuple[str, str]],
    people: Mapping[int, str],
) -> Movement:
    head = lines[0]
    other = other_person(head.facts, head.owner_id)
    shop_id = head.counter_owner_id if head.counter_role in SHOPS else None
    shop = shops.get(shop_id) if shop_id is not None else None
    return Movement(
        transaction_id=head.transaction_id,
        kind=PLAIN.get(head.kind, head.kind),
        posted_at=head.posted_at,
        amount=sum(line.amount for line in lines),
        refunded=ledger.queries.reached_customer(abs(sum(line.amount for line in lines)), head.facts, head.refunded, head.to_funders),
        shop_id=shop_id,
        shop_name=shop.name if shop else None,
        shop_name_en=shop.name_en if shop else None,
        series=tuple(known[line.series_id] for line in lines),
        balance_after=head.balance_after if len(lines) == 1 else None,
        number=head.payment_number,
        word=head.matching_word,
        discount=int(head.facts.get("discount") or 0),
        cash=ledger.queries.cash_of(head.facts),
        lost=ledger.queries.lost_of(head.facts),
        benefit=benefits.get(int(head.facts.get("benefit") or 0)),
        other=None if other is None else people.get(other),
        is_gift="gift" in head.facts,
    )


def _has_amount(one: Movement, search: Search) -> bool:
    size = abs(one.amount)
    return (search.amount_min is None or size >= search.amount_min) and (search.amount_max is None or size <= search.amount_max)


def _whole_days(days: list[Day]) -> list[Day]:
    page: list[Day] = []
    for day in days:
        if page and sum(len(one.movements) for one in page) + len(day.movements) > PAGE:
            break
        page.append(day)
    return page
