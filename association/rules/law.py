"""What payment law says about a series, and who bears a discount, as pure functions. Numbers in brackets are rules of
rules/payment-law.md and rules/invoice.md."""

from __future__ import annotations

import calendar
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from base.errors import N_

EXEMPT_MONTHS = 6


class Regime(StrEnum):
    """How the law sees a paid series (1–4). Derived, never typed."""

    PUBLIC_BODY = "public_body"  # issued by the State or a municipality: outside the chapter
    EXEMPT = "exempt"  # usable within six months of the day of issue: outside the chapter
    THIRD_PARTY = "third_party"  # usable at member shops: registration before the first issue


ITEMS: dict[str, str] = {
    "issuer_name": N_("発行者の名称"),
    "address": N_("所在地"),
    "contact": N_("苦情・相談の窓口"),
    "places": N_("使える場所"),
    "cautions": N_("使用上の注意"),
    "terms": N_("利用規約"),
    "security": N_("発行保証金の保全の方法"),
    "loss_policy": N_("不正に使われたときの補償"),
}
"""What the district itself must write, in the order of (21) and (22). Amount, period, balance and the law's own sentences
((b), (c), (g), (i), (j)) come from the series and from the product, so they are never missing."""

ONLY_REGULATED = frozenset({"security", "loss_policy"})
"""(k) and (l): a series outside the chapter has no deposit to speak of (24)."""


def missing_items(texts: Mapping[str, str], becomes: Regime) -> list[str]:
    """The names of the statements that are empty and that a series of this regime may not be sold without (23, 24)."""
    regulated = becomes is Regime.THIRD_PARTY
    return [name for name in ITEMS if not texts[name].strip() and (regulated or name not in ONLY_REGULATED)]


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits of a series, all in yen."""

    payment_max: int
    balance_max: int
    transfer_max: int


def add_months(day: date, months: int) -> date:
    """The same day `months` later, or that month's last day where there is no such day (4)."""
    place = day.month - 1 + months
    year, month = day.year + place // 12, place % 12 + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def last_exempt_day(first_issue: date) -> date:
    """The latest last day of use that keeps a series within the six-month exemption (4)."""
    return add_months(first_issue, EXEMPT_MONTHS) - timedelta(days=1)


def exempt(first_issue: date, last_day: date | None) -> bool:
    """Whether a series issued from `first_issue` on and usable until `last_day` is outside the chapter (4).

    One day stricter than the Civil Code's count, on purpose. A series without a last day never is.
    """
    return last_day is not None and last_day <= last_exempt_day(first_issue)


def regime(first_issue: date, last_day: date | None, *, public_body: bool) -> Regime:
    """What a paid coin of an association whose member shops accept it is in law (3, 4)."""
    if public_body:
        return Regime.PUBLIC_BODY
    return Regime.EXEMPT if exempt(first_issue, last_day) else Regime.THIRD_PARTY


DEPOSIT_ABOVE = 10_000_000
"""Yen of unspent balance up to which nothing is deposited (10)."""


def required_deposit(unspent: int) -> int:
    """要供託額 in yen: half of what is unspent, rounded up, once that is above the threshold (11)."""
    return (unspent + 1) // 2 if unspent > DEPOSIT_ABOVE else 0


def deposit_due(base_date: date) -> date:
    """By when it must be deposited: two months from the day after the base date. The law's day, holidays or not (12)."""
    return add_months(base_date + timedelta(days=1), 2) - timedelta(days=1)


def limits_broken(limits: Limits, most: Limits) -> list[str]:
    """The names of the fields of `limits` that pass the law's `most` or contradict each other; empty when all is well.

    Above the law's balance or transfer the instrument becomes the high-value type (30, 31).
    """
    broken = []
    if not 1 <= limits.balance_max <= most.balance_max:
        broken.append("balance_max")
    if not 0 <= limits.transfer_max <= most.transfer_max:
        broken.append("transfer_max")
    if not 1 <= limits.payment_max <= min(most.payment_max, limits.balance_max):
        broken.append("payment_max")
    return broken


@dataclass(frozen=True, slots=True)
class Split:
    """Who bears one discount, in yen: `shop` and `others` together are the discount."""

    shop: int
    others: tuple[int, ...]


def split_discount(value: int, shop_percent: int, other_percents: Sequence[int]) -> Split:
    """Share a discount of `value` yen among the shop and the others; all percents together are 100 (invoice 21).

    The shop's part is rounded down. The rest goes to the others in proportion: whole parts first, yen that remain to the
    largest remainders, the first named before the later ones.
    """
    assert value >= 0 and shop_percent + sum(other_percents) == 100, (value, shop_percent, other_percents)
    shop = value * shop_percent // 100
    whole = 100 - shop_percent
    if not whole:
        return Split(shop, (0,) * len(other_percents))
    exact = [(value - shop) * percent for percent in other_percents]
    parts = [share // whole for share in exact]
    remaining = value - shop - sum(parts)
    for place in sorted(range(len(parts)), key=lambda place: (-(exact[place] % whole), place))[:remaining]:
        parts[place] += 1
    return Split(shop, tuple(parts))


SHARDS_MAX = 8
"""Stocks of one coupon, from which as many phones can claim at the same moment."""


def stock_in_shards(pieces: int) -> list[int]:
    """How many pieces each shard gets: even, eight shards, fewer where each would hold fewer than eight."""
    many = max(1, min(SHARDS_MAX, pieces // SHARDS_MAX))
    return [pieces // many + (1 if shard < pieces % many else 0) for shard in range(many)]


def _split_answer(question: dict[str, Any]) -> dict[str, int]:
    given = question["input"]
    shop_percent = given["shop_percent"]
    split = split_discount(given["value"], shop_percent, [100 - shop_percent])
    return {"discount": split.shop, "tender": split.others[0]}


def _exempt_answer(question: dict[str, Any]) -> dict[str, bool]:
    last_day = question["last_day"]
    first_issue = date.fromisoformat(question["first_issue"])
    return {"exempt": exempt(first_issue, None if last_day is None else date.fromisoformat(last_day))}


def _due_answer(question: dict[str, Any]) -> dict[str, str]:
    return {"due_date": deposit_due(date.fromisoformat(question["base_date"])).isoformat()}


RULES: dict[str, Callable[[dict[str, Any]], object]] = {
    "deposit.due_dates": _due_answer,
    "deposit.exempt": _exempt_answer,
    "invoice.coupon_split": _split_answer,
}
