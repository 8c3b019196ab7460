"""A shop's receipts as vouchers for its accountant: what was sold and given back, by rate, with the tax as it was printed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date

from base.journal_file import Side, Voucher

SALES, CASH, CARD, COIN = "売上高", "現金", "売掛金", "未収入金"
"""Accounts as sole proprietors have them. Cards are owed by their company, local money with coupons and points by the association."""


@dataclass(frozen=True, slots=True)
class Sold:
    """What a receipt or a return slip says to the accountant. Yen; `by_rate`: (percent, with tax, tax)."""

    day: date
    number: str
    is_return: bool
    cash: int
    card: int
    book: int
    by_rate: tuple[tuple[int, int, int], ...]


@dataclass(slots=True)
class _Sums:
    count: int = 0
    means: dict[str, int] = field(default_factory=dict)
    by_rate: dict[int, list[int]] = field(default_factory=dict)

    def add(self, each: Sold) -> None:
        self.count += 1
        for account, amount in ((CASH, each.cash), (CARD, each.card), (COIN, each.book)):
            self.means[account] = self.means.get(account, 0) + amount
        for rate, gross, tax in each.by_rate:
            sums = self.by_rate.setdefault(rate, [0, 0])
            sums[0] += gross
            sums[1] += tax


def by_receipt(receipts: Iterable[Sold]) -> Iterator[Voucher]:
    """One voucher a receipt, and one a return slip."""
    for place, each in enumerate(receipts, 1):
        sums = _Sums()
        sums.add(each)
        yield _voucher(place, each.day, f"{'返品' if each.is_return else '売上'} {each.number}", sums, each.is_return)


def by_day(receipts: Iterable[Sold]) -> Iterator[Voucher]:
    """One voucher a day for what was sold, and one for what was given back. `receipts`: in the order of their days."""
    place, day = 0, None
    sums: dict[bool, _Sums] = {}
    for each in receipts:
        if each.day != day:
            for voucher in _of_day(place, day, sums):
                place = voucher.number
                yield voucher
            day, sums = each.day, {}
        sums.setdefault(each.is_return, _Sums()).add(each)
    yield from _of_day(place, day, sums)


def _of_day(place: int, day: date | None, sums: dict[bool, _Sums]) -> Iterator[Voucher]:
    for is_return in (False, True):
        if day is not None and is_return in sums:
            place += 1
            words = "返品" if is_return else "売上"
            yield _voucher(place, day, f"{day.month}月{day.day}日の{words} {sums[is_return].count}件", sums[is_return], is_return)


def _voucher(number: int, day: date, about: str, sums: _Sums, is_return: bool) -> Voucher:
    means = tuple(Side(account, amount) for account, amount in sums.means.items() if amount)
    sold = tuple(Side(SALES, gross, tax, rate) for rate, (gross, tax) in sorted(sums.by_rate.items(), reverse=True) if gross)
    return Voucher(number, day, about, sold, means) if is_return else Voucher(number, day, about, means, sold)
