"""Share of wallet: of what its customers spend in the district, how much a shop gets, in its trade and in all.

Share of wallet as in Cooil et al. (2007), Journal of Marketing 71. Only the district's own money is seen, so the real share is lower:
say "of what they spend here".
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from analytics.kernels.columns import Int16, Int32, Int64, i16, i32, i64
from analytics.kernels.compiler import kernel
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
def _wallets(begin: Any, row: Any, shop: Any, payments: Any, yen: Any, trade: Any, by_shop: Any, by_trade: Any) -> None:
    spent, paid = np.zeros(by_trade.shape[1], np.int64), np.zeros(by_trade.shape[1], np.int64)
    for c in range(begin.size - 1):
        spent[:] = 0
        paid[:] = 0
        for i in range(begin[c], begin[c + 1]):
            spent[trade[shop[i]]] += yen[row[i]]
            paid[trade[shop[i]]] += payments[row[i]]
        total = spent.sum()
        for i in range(begin[c], begin[c + 1]):
            if payments[row[i]] > 0:
                _add(by_shop, shop[i], yen[row[i]], spent[trade[shop[i]]], total)
        for t in range(spent.size):
            if paid[t] > 0:
                _add(by_trade, t, spent[t], spent[t], total)


def wallets(part: Tally, trade: Int16, *, trades: int) -> tuple[Wallet, Wallet]:
    """Shares by shop and by trade. `part`: the tally by shop (`covisits.visits_part`); trade int16[shops], 0 to trades - 1."""
    consumers = int(part.person.max(initial=-1)) + 1
    by_shop, by_trade = np.zeros((6, part.cells), np.int64), np.zeros((6, trades), np.int64)
    begin, row, shop = _by_person(i64(part.start), i32(part.person), consumers)
    _wallets(begin, row, shop, i32(part.payments), i64(part.yen), i16(trade), by_shop, by_trade)
    return _wallet(by_shop), _wallet(by_trade)


def _wallet(table: Any) -> Wallet:
    return Wallet(table[0].astype(np.int32), *table[1:])
