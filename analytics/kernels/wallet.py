"""Share of wallet: of what its customers spend in the district, how much a shop gets, in its trade and in all.

Share of wallet as in Cooil et al. (2007), Journal of Marketing 71. Only the district's own money is seen, so the real share is lower:
say "of what they spend here".
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from analytics.kernels.columns import Int16, Int32, Int64, i16, i32, i64, mapped
from analytics.kernels.compiler import kernel
from analytics.kernels.people import Visits
from analytics.kernels.tally import Tally


class Wallet(NamedTuple):
    """Of shops, or of trades; all of the same length. Share = yen ÷ in_trade, or yen ÷ in_all."""

    persons: Int32
    """int32: distinct persons who paid here."""
    yen: Int64
    """int64: what these persons spent here, refunds taken off."""
    in_trade: Int64
    """int64: what the same persons spent at all shops of the trade."""
    in_all: Int64
    """int64: what the same persons spent in the whole district."""
    most_yen: Int64
    """int64: of `yen`, the person with the most."""
    most_in_all: Int64
    """int64: of `in_all`, the person with the most."""


@kernel
def _by_person(start: Any, person: Any, consumers: int) -> Any:
    """Where each person's rows lie in the tally: begin int64[consumers + 1], row int64[m] by shop; and the shop of each."""
    begin = np.zeros(consumers + 1, np.int64)
    for i in range(person.size):
        begin[person[i] + 1] += 1
    for c in range(consumers):
        begin[c + 1] += begin[c]
    place = begin[:-1].copy()
    row, shop = np.empty(person.size, np.int64), np.empty(person.size, np.int32)
    for s in range(start.size - 1):
        for i in range(start[s], start[s + 1]):
            at = place[person[i]]
            place[person[i]] = at + 1
            row[at], shop[at] = i, s
    return begin, row, shop


@kernel
def _add(table: Any, where: int, here: int, in_trade: int, in_all: int) -> None:
    table[0, where] += 1
    table[1, where] += here
    table[2, where] += in_trade
    table[3, where] += in_all
    table[4, where] = max(table[4, where], here)
    table[5, where] = max(table[5, where], in_all)


@kernel
def _wallets(begin: Any, shop: Any, payments: Any, yen: Any, trade: Any, trades: int) -> Any:
    by_shop, by_trade = np.zeros((6, trade.size), np.int64), np.zeros((6, trades), np.int64)
    spent, paid = np.zeros(trades, np.int64), np.zeros(trades, np.int64)
    for c in range(begin.size - 1):
        spent[:] = 0
        paid[:] = 0
        for i in range(begin[c], begin[c + 1]):
            spent[trade[shop[i]]] += yen[i]
            paid[trade[shop[i]]] += payments[i]
        total = spent.sum()
        for i in range(begin[c], begin[c + 1]):
            if payments[i] > 0:
                _add(by_shop, shop[i], yen[i], spent[trade[shop[i]]], total)
        for t in range(spent.size):
            if paid[t] > 0:
                _add(by_trade, t, spent[t], spent[t], total)
    return by_shop, by_trade


def wallets(part: Tally, trade: Int16, *, trades: int) -> tuple[Wallet, Wallet]:
    """Shares by shop and by trade. `part`: the tally by shop (`covisits.visits_part`); trade int16[shops], 0 to trades - 1."""
    consumers = int(part.person.max(initial=-1)) + 1
    begin, row, shop = _by_person(i64(part.start), i32(part.person), consumers)
    visits = Visits(begin, shop, np.asarray(part.payments)[row], np.asarray(part.yen)[row])
    return whole([visits], trade, trades=trades)


def whole(visits: Sequence[Visits], trade: Int16, *, trades: int) -> tuple[Wallet, Wallet]:
    """The same of the whole history, from `people.visits`: each for persons of its own."""
    found = mapped(_wallets, [(i64(v.start), i32(v.shop), i32(v.payments), i64(v.yen), i16(trade), trades) for v in visits])
    by_shop, by_trade = ([piece[side] for piece in found] for side in (0, 1))
    return _wallet(by_shop), _wallet(by_trade)


def _wallet(tables: Sequence[Any]) -> Wallet:
    """Sums add up, largest ones are compared."""
    sums, most = (join([table[rows] for table in tables], axis=0) for join, rows in ((np.sum, slice(4)), (np.max, slice(4, 6))))
    return Wallet(sums[0].astype(np.int32), *sums[1:], *most)
