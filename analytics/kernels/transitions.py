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

from analytics.kernels import people, tally
from analytics.kernels.columns import Float, Int32, Int64, grown, i32, i64
from analytics.kernels.compiler import kernel
from analytics.kernels.people import HALF, People, close, note

VISIT_S = 86_400
FOLLOW = 0.85


class TransitionsPart(NamedTuple):
    """Transitions inside one chunk, and each person's first and last payment in it, to which neighbouring chunks are joined."""

    shops: int
    window: int
    payments: Int64
    """int64[shops]: payments at each shop."""
    start: Int64
    person: Int32
    moves: Int32
    yen: Int64
    """`start`, `person`, `moves`, `yen`: a tally with the cell from * shops + to; yen of the second payment."""
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


@kernel
def _moves(at: Any, consumer: Any, shop: Any, yen: Any, shops: int, window: int, ends: Any) -> Any:
    first_at, first_shop, first_yen, last_at, last_shop = ends
    cell, person, paid = np.empty(at.size, np.int32), np.empty(at.size, np.int32), np.empty(at.size, np.int64)
    payments = np.zeros(shops, np.int64)
    m = 0
    for i in range(at.size):
        c, s = consumer[i], shop[i]
        payments[s] += 1
        before = last_shop[c]
        if before < 0:
            first_at[c], first_shop[c], first_yen[c] = at[i], s, yen[i]
        elif at[i] - last_at[c] <= window:
            cell[m], person[m], paid[m] = before * shops + s, c, yen[i]
            m += 1
        last_at[c], last_shop[c] = at[i], s
    return cell[:m], person[:m], paid[:m], payments


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
    moment, place = np.zeros((2, consumers), np.int64), np.full((2, consumers), -1, np.int32)
    ends = (moment[0], place[0], np.zeros(consumers, np.int64), moment[1], place[1])
    cell, person, paid, payments = _moves(i64(at), i32(consumer), i32(shop), i64(yen), shops, window, ends)
    inside = tally.tally(cell, person, paid, cells=shops * shops, consumers=consumers)
    return TransitionsPart(shops, window, payments, *inside, *ends)


def combine(parts: Sequence[TransitionsPart]) -> TransitionsPart:
    """All chunks together, given in the order of time; all with the same window. A chunk may know fewer persons and shops."""
    if len(parts) == 1:
        return parts[0]
    shops, consumers = max(part.shops for part in parts), max(part.first_at.size for part in parts)
    window = parts[0].window
    first_at, last_at, first_yen = (np.zeros(consumers, np.int64) for _ in range(3))
    first_shop, last_shop = (np.full(consumers, -1, np.int32) for _ in range(2))
    tallies, payments = [], np.zeros(shops, np.int64)
    for part in parts:
        known = slice(0, part.first_at.size)
        begins = (first_shop[known] < 0) & (part.first_shop >= 0)
        for whole, some in ((first_at, part.first_at), (first_shop, part.first_shop), (first_yen, part.first_yen)):
            np.copyto(whole[known], some, where=begins)
        ends = (i64(part.first_at), i32(part.first_shop), i64(part.first_yen), i64(part.last_at), i32(part.last_shop))
        cell, person, paid = _bridge((last_at[known], last_shop[known]), ends, shops, window)
        tallies.append(tally.tally(cell, person, paid, cells=shops * shops, consumers=consumers))
        tallies.append(_widened(part, shops))
        payments += grown(part.payments, shops)
    return TransitionsPart(shops, window, payments, *tally.combine(tallies), first_at, first_shop, first_yen, last_at, last_shop)


def _widened(part: TransitionsPart, shops: int) -> tally.Tally:
    """Its tally with the cells of more shops: from * shops + to moves when `shops` grows."""
    inside = tally.Tally(part.start, part.person, part.moves, part.yen)
    if part.shops == shops:
        return inside
    counts = np.diff(inside.start).reshape(part.shops, part.shops)
    return tally.Tally(np.concatenate([[0], np.cumsum(grown(counts, shops, shops))]), *inside[1:])


def transitions(part: TransitionsPart) -> Transitions:
    """The matrices of all chunks together."""
    found = tally.cells(tally.Tally(part.start, part.person, part.moves, part.yen)).shaped(part.shops, part.shops)
    return Transitions(*found, part.payments)


@kernel
def _whole(start: Any, rows: Any, base: int, desk: Any, table: Any, shops: int, window: int) -> Any:
    payments = np.zeros(shops, np.int64)
    first = 0
    for c in range(start.size - 1):
        lines = 0
        before = np.int64(0)
        for i in range(start[c], start[c + 1]):
            after = rows[i, 0]
            payments[after & HALF] += 1
            if i > start[c] and (after >> 32) - (before >> 32) <= window:
                lines = note(desk, first, lines, (before & HALF) * shops + (after & HALF), rows[i, 1])
            before = after
        close(desk, lines, table)
        first += lines
    return payments


def whole(who: People, *, shops: int, window: int = VISIT_S) -> Transitions:
    """`transitions` of the whole history."""
    found, payments = people.tallied(_whole, who, shops * shops, shops, window)
    return Transitions(*found.shaped(shops, shops), np.sum(payments, axis=0))


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
