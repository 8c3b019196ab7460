"""What is bought together: pairs of articles on one receipt, with lift and significance, and how many persons are behind them.

Pairs as in Agrawal, Imieliński & Swami (1993), "Mining association rules"; articles on too few receipts are left out first, as in FP-growth
(Han, Pei & Yin 2000), so that the table is small. Tests as in `covisits`.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from analytics.kernels import covisits, tally
from analytics.kernels.columns import Float, Int32, i32, i64
from analytics.kernels.compiler import kernel


class Baskets(NamedTuple):
    """Pairs of articles, most receipts first. All of length pairs."""

    first: Int32
    second: Int32
    """int32: codes of the two articles, first < second."""
    receipts: Int32
    """int32: receipts that hold both."""
    persons: Int32
    """int32: distinct persons behind these receipts; receipts of nobody known are not counted here."""
    most: Int32
    """int32: receipts of the person with the most."""
    confidence: Float
    """float64[pairs, 2]: share of the receipts with the first that hold the second, and the other way round."""
    lift: Float
    p: Float
    q: Float
    """float64: as in `covisits.CoVisits`, with receipts in place of persons; q over all pairs of articles that are frequent enough."""


@kernel
def _emit(begin: Any, item: Any, person: Any, index: Any, cell: Any, who: Any) -> int:
    """Each pair of a receipt that is wanted (index ≥ 0), with the receipt's person: into `cell` and `who` if they have room."""
    m = 0
    for r in range(begin.size - 1):
        if person[r] < 0:
            continue
        for i in range(begin[r], begin[r + 1]):
            for j in range(i + 1, begin[r + 1]):
                wanted = index[item[i], item[j]]
                if wanted >= 0:
                    if cell.size:
                        cell[m], who[m] = wanted, person[r]
                    m += 1
    return m


def baskets(receipt: Int32, item: Int32, person: Int32, *, items: int, least: int) -> Baskets:
    """Pairs that stand together on at least `least` receipts.

    receipt, item int32[n]: one row a line, in any order, codes from 0; person int32[receipts]: who paid, -1 if nobody known. An article
    that stands twice on a receipt counts once.
    """
    receipts = len(person)
    lines = tally.tally(item, receipt, np.zeros(len(item), np.int64), cells=items, consumers=receipts)
    often = np.flatnonzero(np.diff(lines.start) >= max(least, 1))  # the rest cannot be in a frequent pair
    kept = np.isin(lines.cell(), often)
    code = i32(np.searchsorted(often, lines.cell()[kept]))
    small = tally.tally(code, lines.person[kept], np.zeros(code.size, np.int64), cells=often.size, consumers=receipts)
    tested = covisits.covisits(small, persons=receipts)
    first, second = np.nonzero(np.triu(tested.persons >= max(least, 1), 1))
    both = tested.persons[first, second]
    order = np.argsort(-both, kind="stable")
    first, second = first[order], second[order]
    index = np.full(tested.persons.shape, -1, np.int32)
    index[first, second] = np.arange(first.size)
    behind = _behind(small, person, index, first.size)
    alone = np.diagonal(tested.persons)
    pair = (first, second)
    confidence = np.stack([tested.persons[pair] / alone[first], tested.persons[pair] / alone[second]], axis=1)
    codes = (often[first].astype(np.int32), often[second].astype(np.int32), tested.persons[pair])
    return Baskets(
        *codes, behind.persons, behind.most_payments.astype(np.int32), confidence, tested.lift[pair], tested.p[pair], tested.q[pair]
    )


def _behind(lines: tally.Tally, person: Int32, index: Int32, pairs: int) -> tally.Cells:
    """Persons of each pair."""
    begin, item = covisits.by_person(lines, len(person))
    nowhere, who = np.empty(0, np.int32), i32(person)
    size = _emit(begin, item, who, index, nowhere, nowhere)
    cell, owner = np.empty(size, np.int32), np.empty(size, np.int32)
    if size:
        _emit(begin, item, who, index, cell, owner)
    known = int(np.max(person, initial=-1)) + 1
    return tally.cells(tally.tally(cell, owner, i64(np.zeros(size, np.int64)), cells=pairs, consumers=known))
