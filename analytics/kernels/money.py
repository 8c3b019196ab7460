"""The money's path: how fast it turns, through how many hands it goes before it is cashed, and where it leaves.

Velocity: Fisher (1911), "The Purchasing Power of Money". Local rounds of spending: nef (2002), "Plugging the Leaks" (LM3). What the book
sees ends when a shop cashes its coins (換金); what it buys in the district afterwards with yen is unseen, so every figure here is a
**lower bound** of the local multiplier.

Coins are alike, so which of them leaves an account is a convention: here, a share of each kind in proportion ("haircut": Möser,
Böhme & Breuker 2014), in whole yen, the rest from the least travelled.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from analytics.kernels.columns import Int32, Int64, i32, i64
from analytics.kernels.compiler import kernel

OUTSIDE = -1
"""In place of an account: where money comes into being (top-up, issue) and where it ends (cashed, expired)."""
HANDS = 15
"""Money that went through more hands is counted as this many."""


class VelocityPart(NamedTuple):
    """Of one chunk of flows. Whole numbers without limit."""

    base: int
    """A moment in seconds, from which `moment` is counted."""
    paid: int
    """yen that were spent, refunds taken off."""
    change: int
    """yen by which the money outside of the issuer grew."""
    moment: int
    """Sum of each change × its seconds after `base`."""


class Velocity(NamedTuple):
    """paid ÷ mean is how often a coin was spent in the time, on average."""

    paid: int
    """yen"""
    mean: float
    """yen: the money in circulation, averaged over time. NaN for no time."""
    turns: float
    """paid ÷ mean; NaN without money."""


@kernel
def _velocity(at: Any, source: Any, target: Any, yen: Any, spent: Any) -> Any:
    paid = change = moment = np.int64(0)
    for i in range(at.size):
        delta = (yen[i] if source[i] < 0 else 0) - (yen[i] if target[i] < 0 else 0)
        paid += spent[i]
        change += delta
        moment += delta * (at[i] - at[0])
    return paid, change, moment


def velocity_part(at: Int64, source: Int32, target: Int32, yen: Int64, spent: Int64) -> VelocityPart:
    """Of one chunk of flows, at most some months (sums of yen × seconds must fit int64).

    at int64[n] seconds; source, target int32[n] accounts or `OUTSIDE`; yen int64[n]; spent int64[n]: of that, spending: the whole of a
    payment, minus the whole of a refund, else 0.
    """
    base = int(at[0]) if len(at) else 0
    return VelocityPart(base, *map(int, _velocity(i64(at), i32(source), i32(target), i64(yen), i64(spent))))


def velocity(parts: Sequence[VelocityPart], *, opening: int, since: int, until: int) -> Velocity:
    """Of the time from `since` to before `until` (seconds), which holds all flows of the parts; `opening`: yen in circulation before."""
    paid = sum(part.paid for part in parts)
    # A change at moment t counts for until - t seconds.
    integral = opening * (until - since) + sum(part.change * (until - part.base) - part.moment for part in parts)
    mean = integral / (until - since) if until > since else float("nan")
    return Velocity(paid, mean, paid / mean if mean > 0 else float("nan"))


class Path(NamedTuple):
    """What is known after some flows; the next chunk goes on from it. In yen; `hands` counts transfers since the money came in."""

    held: Int64
    """int64[accounts, HANDS + 1]: balance by hands gone through."""
    cashed: Int64
    """int64[accounts, HANDS + 1]: what left through this account, by hands."""
    received: Int64
    """int64[accounts]: from other accounts."""
    passed: Int64
    """int64[accounts]: to other accounts."""
    unknown: Int64
    """int64[accounts]: spent beyond what was seen to come in: the past before the first flow. Counted as fresh."""


# A row of the work table, so that what a flow touches of an account lies in one or two lines of the cache.
USED, TOTAL, RECEIVED, PASSED, UNKNOWN, HELD = range(6)
ROW = 24
"""words: whole lines of the cache"""
BLOCK = 64
"""Flows whose accounts are asked for together."""


@kernel
def _taken(work: Any, s: int, yen: int, out: Any) -> Any:
    """Takes `yen` out of what an account holds, in proportion; into `out` by hands. Answers up to how many hands there is something."""
    total, many = work[s, TOTAL], max(work[s, USED], 1)
    wanted = min(yen, total)
    rest = wanted
    for h in range(many if total else 0):
        out[h] = work[s, HELD + h] * wanted // total if many > 1 else wanted
        rest -= out[h]
    for h in range(many):
        out[h] = out[h] if total else 0
        more = min(rest, work[s, HELD + h] - out[h])
        out[h] += more
        rest -= more
        work[s, HELD + h] -= out[h]
    work[s, TOTAL] -= wanted
    work[s, UNKNOWN] += yen - wanted
    out[0] += yen - wanted
    return many


@kernel
def _fetched(source: Any, low: int, high: int, work: Any) -> Any:
    """Has the accounts of some flows brought near. Nothing waits for one of them before the next is asked for, while following each flow
    for itself waits for memory longer than it works. The sum is of no use but that it makes the reading real."""
    total = np.int64(0)
    for i in range(low, high):
        total += work[source[i], USED]
    return total


@kernel
def _follow(source: Any, target: Any, yen: Any, work: Any, cashed: Any) -> Any:
    hands = cashed.shape[1]
    out = np.zeros(hands, np.int64)
    fetched = np.int64(0)
    for i in range(source.size):
        if i % BLOCK == 0:
            fetched ^= _fetched(source, i, min(i + BLOCK, source.size), work)
        s, t = source[i], target[i]
        out[0], many = yen[i], 1
        shift = 1 if s >= 0 else 0  # from outside to somebody: no hands yet
        if s >= 0:
            many = _taken(work, s, yen[i], out)
            if t < 0:
                for h in range(many):
                    cashed[s, h] += out[h]
            else:
                work[s, PASSED] += yen[i]
        if t >= 0:
            work[t, RECEIVED] += yen[i] * shift
            work[t, TOTAL] += yen[i]
            work[t, USED] = max(work[t, USED], min(many + shift, hands))
            for h in range(many):
                work[t, HELD + min(h + shift, hands - 1)] += out[h]
    return fetched


def nothing(accounts: int) -> Path:
    """Before the first flow."""
    return Path(*np.zeros((2, accounts, HANDS + 1), np.int64), *np.zeros((3, accounts), np.int64))


def follow(source: Int32, target: Int32, yen: Int64, before: Path) -> Path:
    """The path after one more chunk of flows in the order of the book. A fold: what an account holds decides what it can pass on.

    source, target int32[n]: accounts below those of `before`, or `OUTSIDE`; yen int64[n], 1 to 10^9; no account ever
    holds 9 × 10^9 or more, so that products fit int64. `before` stays as it is.
    """
    work = np.zeros((len(before.held), ROW), np.int64)
    cashed = np.array(before.cashed)
    work[:, USED] = (HANDS + 1 - np.argmax(before.held[:, ::-1] > 0, axis=1)) * before.held.any(axis=1)
    work[:, TOTAL] = before.held.sum(axis=1)
    work[:, RECEIVED], work[:, PASSED], work[:, UNKNOWN] = before.received, before.passed, before.unknown
    work[:, HELD : HELD + HANDS + 1] = before.held
    _follow(i32(source), i32(target), i64(yen), work, cashed)
    held, *rest = (np.ascontiguousarray(work[:, field]) for field in (slice(HELD, HELD + HANDS + 1), RECEIVED, PASSED, UNKNOWN))
    return Path(held, cashed, *rest)
