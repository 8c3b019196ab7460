"""回遊: where people go next. Shop-to-shop transitions within a window, and what follows from them about the district.

A transition is a payment and the next payment of the same person, at most `window` seconds later: with 24 hours they belong to one
outing, with N days to one stay. A payment that no other precedes within the window begins an outing.

Markov chains of shop-around behaviour: Saito & Ishibashi (1992), Papers on City Planning 27. The stationary distribution is that of
a walker who follows the transitions with probability `follow` and else begins anew at any shop: Brin & Page (1998).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from analytics.kernels import tally
from analytics.kernels.columns import Float, Int32, Int64, cut, grown, i32, i64
from analytics.kernels.compiler import kernel

VISIT_S = 86_400
FOLLOW = 0.85
SHOP_BITS = 24
SHOP = (1 << SHOP_BITS) - 1


class TransitionsPart(NamedTuple):
    """Transitions inside one chunk, and each person's first and last payment in it, to which neighbouring chunks are joined."""

    shops: int
    window: int
    payments: Int64
    """int64[shops]: payments at each shop."""
    cell: Int32
    person: Int32
    yen: Int64
    """Each transition: the cell from * shops + to, who, and yen of the second payment. In no order."""
    first_at: Int64
    first_shop: Int32
    first_yen: Int64
    last_at: Int64
    last_shop: Int32
    """[consumers] each; a shop of -1 says that the person did not pay in this chunk."""


class Transitions(NamedTuple):
    """Row: the shop left, column: the shop reached; the diagonal is who paid at the same shop again. Shape [shops, shops] but one."""

    persons: Int32
    """int32: distinct persons."""
    moves: Int64
    """int64: transitions."""
    yen: Int64
    """int64: what was paid on arrival."""
    most_moves: Int64
    """int64: transitions of the person with the most."""
    most_yen: Int64
    """int64"""
    payments: Int64
    """int64[shops]"""


class Circulation(NamedTuple):
    """回遊性 in one number each."""

    outings: int
    """Payments that no other of the same person preceded within the window."""
    moves: int
    """Transitions to another shop."""
    onward: float
    """Moves to another shop for each outing: 0 where everybody goes home after one shop. NaN without outings."""


class Ends(NamedTuple):
    """First and last payment of each person in one chunk, as the last five fields of a part."""

    first_at: Int64
    first_shop: Int32
    first_yen: Int64
    last_at: Int64
    last_shop: Int32


Events = tuple[Int32, Int32, Int64]
"""Transitions, one a row: the cell from * shops + to, the person, yen."""


@kernel
def _moves(at: Any, consumer: Any, shop: Any, base: int, shops: int, window: int, last: Any, payments: Any, cell: Any, row: Any) -> int:
    """Cell and row (of the second payment) of each transition; answers how many. `last`: of each person the last payment's seconds since
    `base` and shop, in one word; zeros in, so `base` is more than `window` before the first row."""
    m = 0
    for i in range(at.size):
        c, here = np.uint32(consumer[i]), np.int64(np.uint32(shop[i]))  # without a sign nobody asks whether it counts from the end
        before, now = last[c], (at[i] - base) << SHOP_BITS | here
        last[c] = now
        payments[np.uint32(here)] += 1
        if (now >> SHOP_BITS) - (before >> SHOP_BITS) <= window:
            cell[m], row[m] = (before & SHOP) * shops + here, i
            m += 1
    return m


@kernel
def _find(at: Any, consumer: Any, shop: Any, yen: Any, base: int, last: Any, ends: Any) -> None:
    """First and last payment of each person. From behind, so that the first row stays."""
    first_at, first_shop, first_yen, last_at, last_shop = ends
    first = np.empty(last.size, np.int32)
    for i in range(consumer.size - 1, -1, -1):
        first[np.uint32(consumer[i])] = i
    for c in range(last.size):
        if last[c]:
            first_at[c], first_shop[c], first_yen[c] = at[first[c]], shop[first[c]], yen[first[c]]
            last_at[c], last_shop[c] = base + (last[c] >> SHOP_BITS), last[c] & SHOP


def _walked(at: Int64, consumer: Int32, shop: Int32, yen: Int64, *, consumers: int, shops: int, window: int) -> tuple[Events, Int64, Ends]:
    """The transitions inside one chunk, the payments at each shop, and by what the chunk is joined to its neighbours."""
    base = int(at[0]) - window - 1 if at.size else 0
    last, payments, ends = np.zeros(consumers, np.int64), np.zeros(shops, np.int64), _nobody(consumers)
    cell, row = np.empty((2, at.size), np.int32)
    many = _moves(at, consumer, shop, base, shops, window, last, payments, cell, row)
    _find(at, consumer, shop, yen, base, last, tuple(ends))
    return (cell[:many], consumer[row[:many]], yen[row[:many]]), payments, ends


def _nobody(consumers: int) -> Ends:
    moment, place = np.zeros((3, consumers), np.int64), np.full((2, consumers), -1, np.int32)
    return Ends(moment[0], place[0], moment[1], moment[2], place[1])


@kernel
def _bridge(before: Any, after: Any, shops: int, window: int) -> Any:
    """Transitions from the last payments before a border to the first ones behind it. Carries `before` over to behind."""
    last_at, last_shop = before
    first_at, first_shop, first_yen, next_at, next_shop = after
    cell, person, paid = np.empty(first_at.size, np.int32), np.empty(first_at.size, np.int32), np.empty(first_at.size, np.int64)
    m = 0
    for c in range(first_at.size):
        if first_shop[c] < 0:
            continue
        if last_shop[c] >= 0 and first_at[c] - last_at[c] <= window:
            cell[m], person[m], paid[m] = last_shop[c] * shops + first_shop[c], c, first_yen[c]
            m += 1
        last_at[c], last_shop[c] = next_at[c], next_shop[c]
    return cell[:m], person[:m], paid[:m]


def transitions_part(
    at: Int64, consumer: Int32, shop: Int32, yen: Int64, *, consumers: int, shops: int, window: int = VISIT_S
) -> TransitionsPart:
    """Transitions inside one chunk, rows sorted by time. `window` in seconds, at most so long; refunds are no visits."""
    given = i64(at), i32(consumer), i32(shop), i64(yen)
    events, payments, ends = _walked(*given, consumers=consumers, shops=shops, window=window)
    return _part(shops, window, payments, events, ends)


def _part(shops: int, window: int, payments: Int64, events: Events, ends: Ends) -> TransitionsPart:
    return TransitionsPart(shops, window, payments, *events, ends.first_at, ends.first_shop, ends.first_yen, ends.last_at, ends.last_shop)


def combine(parts: Sequence[TransitionsPart]) -> TransitionsPart:
    """All chunks together, given in the order of time; all with the same window. A chunk may know fewer persons and shops."""
    if len(parts) == 1:
        return parts[0]
    shops, consumers, window = max(part.shops for part in parts), max(part.first_at.size for part in parts), parts[0].window
    bridges, ends = _joined([Ends(*part[-5:]) for part in parts], consumers=consumers, shops=shops, window=window)
    cell, person, yen = (np.concatenate(column) for column in zip(*bridges, *(_widened(part, shops) for part in parts), strict=True))
    payments: Int64 = np.sum([grown(part.payments, shops) for part in parts], axis=0)
    return _part(shops, window, payments, (cell, person, yen), ends)


def _joined(chunks: Sequence[Ends], *, consumers: int, shops: int, window: int) -> tuple[list[Events], Ends]:
    """The transitions over the borders before each chunk, and the ends of all together."""
    whole, bridges = _nobody(consumers), []
    for ends in chunks:
        known = slice(0, ends.first_at.size)
        begins = (whole.first_shop[known] < 0) & (ends.first_shop >= 0)
        np.copyto(whole.first_at[known], ends.first_at, where=begins)
        np.copyto(whole.first_shop[known], ends.first_shop, where=begins)
        np.copyto(whole.first_yen[known], ends.first_yen, where=begins)
        given = (i64(ends.first_at), i32(ends.first_shop), i64(ends.first_yen), i64(ends.last_at), i32(ends.last_shop))
        bridges.append(_bridge((whole.last_at[known], whole.last_shop[known]), given, shops, window))
    return bridges, whole


def _widened(part: TransitionsPart, shops: int) -> Events:
    """Its transitions in the cells of more shops: from * shops + to moves when `shops` grows."""
    if part.shops == shops:
        return part.cell, part.person, part.yen
    origin, target = np.divmod(part.cell, part.shops)
    return (origin * shops + target).astype(np.int32), part.person, part.yen


def transitions(part: TransitionsPart) -> Transitions:
    """The matrices of all chunks together."""
    rows = cut(part.cell, part.person, part.yen)
    found = tally.counted(rows, cells=part.shops * part.shops, consumers=part.first_at.size)
    return Transitions(*found.shaped(part.shops, part.shops)[:5], part.payments)


def circulation(found: Transitions) -> Circulation:
    """回遊性: how many further shops an outing reaches, on average. Mean number of stops as in Saito & Ishibashi (1992), less the first."""
    outings = int(found.payments.sum() - found.moves.sum())
    moves = int(found.moves.sum() - np.trace(found.moves))
    return Circulation(outings, moves, moves / outings if outings else float("nan"))


def stationary(moves: Any, follow: float = FOLLOW) -> Float:
    """float64[shops], sums to 1: where a walker is found who follows moves to other shops, and else begins anew.

    moves int[shops, shops] ≥ 0; its diagonal is left out. With probability `follow` the walker takes the next move in proportion to
    the moves seen, else (and always from a shop that nobody left) goes to any shop alike. So the answer exists and is unique for
    every matrix. Solved exactly as a linear system, not iterated: a few hundred shops are little.
    """
    shops = len(moves)
    if not shops:
        return np.zeros(0)
    away = np.array(moves, np.float64)
    np.fill_diagonal(away, 0)
    left = away.sum(axis=1, keepdims=True)
    step = np.where(left > 0, follow * away / np.where(left > 0, left, 1), 0.0)
    # π = π step + (the share that begins anew) × uniform: so (I - step)ᵀ π is in proportion to uniform.
    solved = np.linalg.solve(np.eye(shops) - step.T, np.full(shops, 1 / shops))
    return solved / solved.sum()  # type: ignore[no-any-return]
