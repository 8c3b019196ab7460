"""What is so unlike the usual that somebody should look at it: days of a shop, refunds of shops, first top-ups of new customers.

A finding is a figure, what is usual, and a sentence with both: a reason to look, never a verdict. Nothing follows from it by itself, for
nobody. What is usual is a median, and so is the usual distance from it, so that the unusual does not hide itself.

Sources: Iglewicz & Hoaglin 1993 (robust z-scores), Benjamini & Hochberg 1995 (many shops looked at together).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import scipy

from analytics.rules.calendar import Bool, Float, Int64
from base.errors import N_

WEEK, WEEKS = 7, 8
"""A day is compared with the same weekday of the eight weeks before it."""
FEWEST_SAME_DAYS = 4
FEWEST_STEPS = 28
"""days whose distance from the usual must be known before one is called unusual"""
UNUSUAL = 4.0
"""Robust standard deviations. Of clean days a handful in ten thousand is so far."""
NORMAL = 1.4826
"""the standard deviation of a normal distribution, in medians of distances from the median"""
LEAST_SPREAD = 0.05
"""of the usual: a shop that is even to the yen is not alarmed by one yen"""
REFUND_Q, FEWEST_REFUNDS = 0.01, 5
TOPUP_SPREAD, FEWEST_NEW = 0.4, 30
"""At least, in logarithms: many top up the same round sum, and five times the usual is the least that is found. With fewer new
customers nothing is usual yet."""

HIGH_DAY = N_("%(seen)s円は、この曜日の普段（約%(usual)s円）よりずっと多い売上です。")
LOW_DAY = N_("%(seen)s円は、この曜日の普段（約%(usual)s円）よりずっと少ない売上です。")
REFUNDS = N_("支払い%(payments)s件のうち%(seen)s件が返金です。ほかのお店と同じ割合なら約%(usual)s件です。")
TOPUPS = N_("始めてすぐのチャージが%(seen)s円です。新しい利用者の普段は約%(usual)s円です。")


class Finding(NamedTuple):
    """`place`: which day, shop or person of the arrays given. `text` is marked for translation, `facts` fill its gaps."""

    place: int
    text: str
    facts: dict[str, int]
    score: float
    """how unusual: robust standard deviations; of refunds q, the share of false alarms among findings at least as clear"""


def unusual_days(values: Float, shut: Bool, *, newest: int = 28) -> list[Finding]:
    """Of the last `newest` days of a shop, those far from the same weekday of the eight weeks before: oldest first.

    `values` float64[n], yen of each day; `shut` bool[n] (`forecast.shut_days`): such days are neither judged nor usual. Distances are in
    square roots, so that busy days may differ by more. What comes later is never looked at: a day is judged alike tonight and in a month.
    """
    root = np.sqrt(np.maximum(values, 0))
    middle = np.full(root.size, np.nan)
    for day in np.flatnonzero(~shut).tolist():
        same = np.arange(day - WEEK, max(day - WEEK * WEEKS, 0) - 1, -WEEK)
        same = same[~shut[same]]
        if same.size >= FEWEST_SAME_DAYS:
            middle[day] = np.median(root[same])
    steps, found = root - middle, []
    for day in range(max(values.size - newest, 0), values.size):
        before = np.abs(steps[:day][~np.isnan(steps[:day])])
        if np.isnan(middle[day]) or before.size < FEWEST_STEPS:
            continue
        spread = max(NORMAL * float(np.median(before)), LEAST_SPREAD * middle[day], 1.0)
        score = float(steps[day] / spread)
        if abs(score) >= UNUSUAL:
            facts = {"seen": round(values[day]), "usual": round(middle[day] ** 2)}
            found.append(Finding(day, HIGH_DAY if score > 0 else LOW_DAY, facts, score))
    return found


def unusual_refunds(payments: Int64, refunded: Int64) -> list[Finding]:
    """Shops of which a larger share of payments is refunded than of all others together (binomial test, q over all shops), clearest first.

    `payments` and `refunded` int64[shops]: numbers of payments of one period, and how many of these were refunded, each once.
    """
    others = refunded.sum() - refunded, payments.sum() - payments
    share = (others[0] + 1) / (others[1] + 2)  # so that the first refund of a town is not infinitely surprising
    p = scipy.stats.binom.sf(refunded - 1, payments, np.minimum(share, 1))
    q = scipy.stats.false_discovery_control(p) if p.size else p
    chosen = np.flatnonzero((q <= REFUND_Q) & (refunded >= FEWEST_REFUNDS))
    return [
        Finding(
            shop,
            REFUNDS,
            {"payments": int(payments[shop]), "seen": int(refunded[shop]), "usual": round(float(share[shop] * payments[shop]))},
            float(q[shop]),
        )
        for shop in sorted(chosen.tolist(), key=lambda shop: (q[shop], shop))
    ]


def unusual_topups(yen: Int64) -> list[Finding]:
    """New customers whose first days' top-ups are far above those of the other new ones: the most first.

    `yen` int64[persons] ≥ 0: top-ups of each new customer in their first days (the same number for all); who topped up nothing is not usual
    and not judged. For the queue of those who look after fraud, who see names; in no report.
    """
    topped = np.flatnonzero(yen > 0)
    if topped.size < FEWEST_NEW:
        return []
    logs = np.log(yen[topped])
    middle = float(np.median(logs))
    spread = max(NORMAL * float(np.median(np.abs(logs - middle))), TOPUP_SPREAD)
    score = (logs - middle) / spread
    far = np.flatnonzero(score >= UNUSUAL)
    usual = round(float(np.exp(middle)))
    return [
        Finding(int(topped[row]), TOPUPS, {"seen": int(yen[topped[row]]), "usual": usual}, float(score[row]))
        for row in sorted(far.tolist(), key=lambda row: (-score[row], row))
    ]
