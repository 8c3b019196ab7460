"""A shop's receipts as vouchers for its accountant: what was sold and given back, by rate, with the tax as it was printed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from base.journal_file import Side, Voucher

SALES, CASH, CARD, COIN = "売上高", "現金", "売掛金", "未収入金"
"""Accounts as sole proprietors have them. Cards are owed by their company, local money with coupons and points by the association."""


@dataclass(frozen=True, slots=True)
class Sold:
    """What a receipt or a return slip says to the accountant, or all of either kind of a day. Yen; `by_rate`: (percent, with tax, tax).

    `about`: its 摘要.
    """

    day: date
    about: str
    is_return: bool
    cash: int
    card: int
    book: int
    by_rate: tuple[tuple[int, int, int], ...]


def vouchers(sold: Iterable[Sold]) -> Iterator[Voucher]:
    """One each, numbered from 1."""
    for number, each in enumerate(sold, 1):
        means = tuple(Side(account, yen) for account, yen in ((CASH, each.cash), (CARD, each.card), (COIN, each.book)) if yen)
        goods = tuple(Side(SALES, gross, tax, rate) for rate, gross, tax in sorted(each.by_rate, reverse=True) if gross)
        sides = (goods, means) if each.is_return else (means, goods)
        yield Voucher(number, each.day, each.about, *sides)
