"""日計表: what a till's report says at its close, from its receipts and what happened to its drawer. Sums of what was printed, never
computed anew (invoice 37)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from base.clock import TOKYO
from merchant.rules.slip import SERIES, coupon_part

DENOMINATIONS = (10_000, 5_000, 2_000, 1_000, 500, 100, 50, 10, 5, 1)
"""Notes and coins that are money in Japan, the largest first."""


OUT = ("out", "coin_out")
COIN = ("coin_in", "coin_out")


@dataclass(frozen=True, slots=True)
class Moved:
    """`kind`: open (the float), in or out; coin_in and coin_out: cash for coin that was sold here, and of a sale that was undone. Yen."""

    kind: str
    amount: int
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Counted:
    """途中で数えた: what lay in the drawer and what should have, in yen."""

    counted: int
    expected: int
    reason: str
    at: datetime

    @property
    def difference(self) -> int:
        return self.counted - self.expected


def expected_cash(moved: Sequence[Moved], receipts: Sequence[Mapping[str, Any]]) -> int:
    """What must lie in the drawer: the float, what was put in less what was taken out, the cash of sales less that of returns, and the
    cash for coin that an agency sold here."""
    drawer = sum(-each.amount if each.kind in OUT else each.amount for each in moved)
    return drawer + sum(_sign(each) * _cash(each) for each in receipts)


def gathered(moved: Sequence[Moved]) -> list[Moved]:
    """What moved, as it is listed: the day's sales of coin are one row, and so is what was undone of them."""
    rows = [each for each in moved if each.kind not in COIN]
    for kind in COIN:
        mine = [each for each in moved if each.kind == kind]
        if mine:
            rows.append(Moved(kind, sum(each.amount for each in mine), "", mine[-1].at))
    return rows


def day_report(
    receipts: Sequence[Mapping[str, Any]],
    moved: Sequence[Moved],
    counts: Sequence[Counted],
    pieces: Mapping[int, int] | None,
    reason: str,
    categories: Sequence[Sequence[Sequence[Any]]] = (),
) -> dict[str, Any]:
    """The figures of a report. `receipts`: contents of receipts and return slips, in order; `pieces`: how many of each note and coin; None:
    nobody has counted, so that nothing is said of a difference.

    `categories[i]`: of each line of receipt i its 分類, pieces and yen."""
    counted = None if pieces is None else sum(value * count for value, count in pieces.items())
    expected = expected_cash(moved, receipts)
    sales = [each for each in receipts if each["kind"] == "sale"]
    returns = [each for each in receipts if each["kind"] == "return"]
    online = [each["number"] for each in receipts if each["serial"] < SERIES]
    offline = [each["number"] for each in receipts if each["serial"] > SERIES]
    return {
        "first": online[0] if online else None,
        "last": online[-1] if online else None,
        "offline": [offline[0], offline[-1], len(offline)] if offline else None,
        "sales": [len(sales), sum(each["total"] for each in sales)],
        "returns": [len(returns), sum(each["total"] for each in returns)],
        "discounts": sum(off["amount"] for each in sales for off in each["discounts"]),
        "by_rate": _by_rate(receipts),
        "by_means": _by_means(receipts),
        "coupons": _coupons(receipts),
        "by_category": _by_category(receipts, categories),
        "by_hour": _summed(receipts, lambda each: datetime.fromisoformat(each["at"]).astimezone(TOKYO).hour),
        "by_staff": _summed(receipts, lambda each: each["staff"] or ""),
        "moved": [[each.kind, each.amount, each.reason, f"{each.at.astimezone(TOKYO):%H:%M}"] for each in gathered(moved)],
        "counts": [[each.counted, each.expected, each.reason, f"{each.at.astimezone(TOKYO):%H:%M}"] for each in counts],
        "pieces": [[value, pieces[value]] for value in DENOMINATIONS if pieces.get(value)] if pieces else [],
        "expected": expected,
        "counted": counted,
        "difference": None if counted is None else counted - expected,
        "reason": reason,
    }


def _sign(receipt: Mapping[str, Any]) -> int:
    return 1 if receipt["kind"] == "sale" else -1


def _cash(receipt: Mapping[str, Any]) -> int:
    return sum(int(each["amount"]) for each in receipt["paid"] if each["kind"] == "cash")


def _by_rate(receipts: Sequence[Mapping[str, Any]]) -> list[list[int]]:
    """Rate, with tax, tax."""
    found: dict[int, list[int]] = {}
    for each in receipts:
        for rate, gross, tax, _net in each["by_rate"]:
            sums = found.setdefault(rate, [0, 0])
            sums[0] += _sign(each) * gross
            sums[1] += _sign(each) * tax
    return [[rate, *found[rate]] for rate in sorted(found, reverse=True)]


def _by_means(receipts: Sequence[Mapping[str, Any]]) -> list[list[Any]]:
    """Kind, name (of local money and of coupons), yen."""
    found: dict[tuple[str, str], int] = {}
    for each in receipts:
        for paid in each["paid"]:
            name = paid["name"] if paid["kind"] not in ("cash", "card") else ""
            found[paid["kind"], name] = found.get((paid["kind"], name), 0) + _sign(each) * paid["amount"]
    return [[kind, name, amount] for (kind, name), amount in sorted(found.items())]


def _coupons(receipts: Sequence[Mapping[str, Any]]) -> list[list[Any]]:
    """Who bears coupons (association, funder or shop), the funder's name, yen with tax, less what came back. The shop's own lowers the
    price and is in no means."""
    found: dict[tuple[str, str], int] = {}
    for each in receipts:
        parts = [
            (paid.get("bearer", ""), paid.get("funder", ""), paid["amount"]) for paid in each["paid"] if paid["kind"] == "funded_coupon"
        ]
        parts += [("shop", "", part)] if (part := coupon_part(each)) else []
        for bearer, funder, amount in parts:
            found[bearer, funder] = found.get((bearer, funder), 0) + _sign(each) * amount
    return [[bearer, funder, amount] for (bearer, funder), amount in sorted(found.items())]


def _by_category(receipts: Sequence[Mapping[str, Any]], categories: Sequence[Sequence[Sequence[Any]]]) -> list[list[Any]]:
    """分類, pieces, yen: the largest first."""
    found: dict[str, list[int]] = {}
    for each, lines in zip(receipts, categories, strict=True):
        for name, pieces, amount in lines:
            sums = found.setdefault(name, [0, 0])
            sums[0] += _sign(each) * pieces
            sums[1] += _sign(each) * amount
    return [[name, *sums] for name, sums in sorted(found.items(), key=lambda one: (-one[1][1], one[0]))]


def _summed(receipts: Sequence[Mapping[str, Any]], by: Any) -> list[list[Any]]:
    """What it is by, how many sales (a return takes from the yen and is no sale, as in 月の売上), yen."""
    found: dict[Any, list[int]] = {}
    for each in receipts:
        sums = found.setdefault(by(each), [0, 0])
        sums[0] += each["kind"] == "sale"
        sums[1] += _sign(each) * each["total"]
    return [[name, *found[name]] for name in sorted(found)]
