"""What a coupon or a campaign brought: those who took it, beside people who behaved alike and did not, before and after.

Who takes a coupon chooses to, and would have come more often anyway: "takers minus the others" measures that choice. So each taker gets a
neighbour, a person who paid alike in the weeks of *matching*. Weeks of *proof* follow, still before the start, that took no part in
matching: there both must move alike, or nothing is said. (Pairs that are alike by luck drift apart by themselves in the weeks after those
they were matched on, without any coupon; this way they do so before the comparison begins.) The effect is by how much the difference of
the pairs grew from the weeks of proof to those after the start; its error comes from how much pairs differ from each other.

Sources: Card & Krueger 1994 (difference in differences), Heckman, Ichimura & Todd 1997 (matched), Abadie & Spiess 2022 (errors by pair
after matching without replacement), Daw & Hatfield 2018 (matching and regression to the mean), Roth 2022 (what a look at the weeks
before can miss: a trend too small for the number of people).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

import numpy as np
import scipy
from numpy.typing import NDArray

from analytics.rules.calendar import Bool, Float, Int64
from analytics.rules.hints import rounded
from base.errors import N_

FEWEST_PEOPLE = 10
"""of both sides, to reckon with at all"""
FEWEST_MATCHED_WEEKS, FEWEST_PROOF_WEEKS, PROOF_WEEKS = 4, 3, 4
MayTell = Callable[[Int64, Int64], bool]
"""Whether the difference of what two groups paid may be told: yen, one a person. The guard's word."""
CALIPER = 0.5
"""Standard deviations of behaviour by which a neighbour may differ at most, all features together."""
NEIGHBOURS = 50
"""of a taker, nearest first, that are looked at for one who is still free"""
FEWEST_MATCHED = 0.5
"""share of the takers that must have a neighbour: else the answer would be about the ordinary half of them"""
GOLDEN = (5**0.5 - 1) / 2
TREND_P = 0.1
"""Below it the weeks of proof speak against the comparison. Strict, since the test misses small trends."""
CONFIDENCE = 0.95

SHORT, FEW, UNLIKE, TREND, ZERO, MORE, LESS = "short", "few", "unlike", "trend", "zero", "more", "less"
SAYS = {
    SHORT: N_("まだ言えません。始める前の7週間と、始めたあとの1週間の支払いが必要です。"),
    FEW: N_("まだ言えません。比べられる人が10人以上いないか、支払いのほとんどが1人のものです。"),
    UNLIKE: N_("まだ言えません。受け取った人の半分以上に、似た買い方の「受け取らなかった人」が見つかりません。"),
    TREND: N_("まだ言えません。始める前から、受け取った人とくらべる人の動きがちがっていました。"),
    ZERO: N_("まだ言えません。増えたとも減ったとも、はっきりしません（1人1週あたり%(low)s円〜%(high)s円）。"),
    MORE: N_("受け取った人の支払いは、似た買い方の人とくらべて、1人1週あたり約%(effect)s円増えました（%(low)s〜%(high)s円）。"),
    LESS: N_("受け取った人の支払いは、似た買い方の人とくらべて、1人1週あたり約%(effect)s円減りました（%(low)s〜%(high)s円）。"),
}
"""What each verdict says of a coupon, marked for translation. Only MORE and LESS tell an effect."""
SAYS_OF_CAMPAIGN = SAYS | {
    UNLIKE: N_("まだ言えません。対象だった人の半分以上に、似た買い方の「対象でなかった人」が見つかりません。"),
    TREND: N_("まだ言えません。始める前から、対象だった人とくらべる人の動きがちがっていました。"),
    MORE: N_("対象だった人の支払いは、似た買い方の人とくらべて、1人1週あたり約%(effect)s円増えました（%(low)s〜%(high)s円）。"),
    LESS: N_("対象だった人の支払いは、似た買い方の人とくらべて、1人1週あたり約%(effect)s円減りました（%(low)s〜%(high)s円）。"),
}
"""The same of a campaign of points, which nobody takes: it reaches whoever pays where and when it holds."""


class Uplift(NamedTuple):
    """In yen a week and person, of those takers who have a neighbour. Nan or empty where the verdict is SHORT, FEW or UNLIKE."""

    verdict: str
    takers: int
    """persons who took it"""
    pairs: int
    """of them with a neighbour"""
    effect: float
    low: float
    high: float
    """with confidence of 95 %"""
    trend_p: float
    """how probable weeks of proof as uneven as these are if both move alike"""
    by_week: Float
    """float64[weeks since the weeks of proof]: mean difference of the pairs, less its mean over the weeks of proof (an event study); nan
    where the week may not be told."""
    by_week_room: Float
    """float64, likewise: how far each may be off, to both sides, with confidence of 95 %."""
    before: int
    """of these weeks the first so many are the weeks of proof"""

    @property
    def can_tell(self) -> bool:
        """Whether the effect may be named."""
        return self.verdict in (MORE, LESS)

    @property
    def is_estimated(self) -> bool:
        """Whether there is an interval, be it around nothing."""
        return self.verdict in (ZERO, MORE, LESS)

    def says(self, words: Mapping[str, str] = SAYS) -> tuple[str, dict[str, int]]:
        """The sentence, marked for translation, and what fills its gaps: yen to two digits at most; of a kept estimate as the guard
        rounded them."""
        if not self.is_estimated:
            return words[self.verdict], {}
        ends = (self.low, self.high) if self.verdict != LESS else (-self.high, -self.low)
        low, high = (rounded(round(each)) for each in ends)
        facts = {"low": low, "high": high}
        return words[self.verdict], facts if self.verdict == ZERO else {**facts, "effect": rounded(round(abs(self.effect)))}


def uplift(yen: Int64, took: Bool, *, start: int, may_tell: MayTell, proof: int = PROOF_WEEKS) -> Uplift:
    """What it brought. For `guard.publish_effect`, which says what may be told of it.

    `yen` int64[persons, weeks] ≥ 0: what everybody who paid in the weeks around the start paid in each; `took` bool[persons]; `start`: the
    first week in which it was to be had; `proof`: weeks before that, at least 3, that take no part in matching. Whoever could not have
    taken it should not be among them.
    """
    takers = int(took.sum())
    matched = start - proof
    if matched < FEWEST_MATCHED_WEEKS or proof < FEWEST_PROOF_WEEKS or yen.shape[1] <= start:
        return _silent(SHORT, takers, 0)
    if min(takers, took.size - takers) < FEWEST_PEOPLE:
        return _silent(FEW, takers, 0)
    taker, neighbour = pairs(behaviour(yen[:, :matched]), took)
    if taker.size < FEWEST_MATCHED * takers:
        return _silent(UNLIKE, takers, taker.size)
    if taker.size < FEWEST_PEOPLE or not may_tell(yen[taker, start:].sum(axis=1), yen[neighbour, start:].sum(axis=1)):
        return _silent(FEW, takers, taker.size)
    differences = (yen[taker, matched:] - yen[neighbour, matched:]).astype(np.float64)
    before, after = differences[:, :proof], differences[:, proof:]
    effect, room = _mean(after.mean(axis=1) - before.mean(axis=1))
    by_week, by_week_room = _mean(differences - before.mean(axis=1, keepdims=True))
    withheld = [not may_tell(yen[taker, week], yen[neighbour, week]) for week in range(matched, yen.shape[1])]
    by_week[withheld] = by_week_room[withheld] = np.nan
    trend_p = _trend(before)
    low, high = float(effect - room), float(effect + room)
    verdict = TREND if trend_p < TREND_P else MORE if low > 0 else LESS if high < 0 else ZERO
    return Uplift(verdict, takers, taker.size, float(effect), low, high, trend_p, by_week, by_week_room, proof)


def behaviour(yen: Int64) -> Float:
    """How each person paid, float64[persons, 4]: logarithms of yen in all and in the newer half, weeks with a payment and since it."""
    weeks = yen.shape[1]
    paid = yen > 0
    silent = np.where(paid.any(axis=1), paid[:, ::-1].argmax(axis=1), weeks)
    return np.column_stack([np.log1p(yen.sum(axis=1)), np.log1p(yen[:, weeks // 2 :].sum(axis=1)), paid.sum(axis=1), silent]).astype(
        np.float64
    )


def pairs(features: Float, took: Bool) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Each taker with one who did not take it, nobody twice, within `CALIPER`: rows of both, in the same order.

    Greedy, closest pair first, ties by row; features are measured in the standard deviations of the takers.
    """
    takers, others = np.flatnonzero(took), np.flatnonzero(~took)
    spread = features[takers].std(axis=0)
    scaled = features / np.where(spread > 0, spread, 1)
    # Many may have behaved exactly alike: a hundredth of a deviation by row, evenly spread, gives each of them neighbours of their own.
    scaled = np.column_stack([scaled, np.arange(took.size) * GOLDEN % 1 * 0.01])
    many = min(NEIGHBOURS, others.size)
    far, place = scipy.spatial.cKDTree(scaled[others]).query(scaled[takers], k=np.arange(1, many + 1), distance_upper_bound=CALIPER)
    owner, rank = np.nonzero(np.isfinite(far))
    order = np.lexsort((place[owner, rank], owner, far[owner, rank]))
    found = np.full(takers.size, -1, np.intp)
    free = np.ones(others.size, np.bool_)
    for taker, other in zip(owner[order].tolist(), place[owner, rank][order].tolist(), strict=True):
        if found[taker] < 0 and free[other]:
            found[taker], free[other] = other, False
    has = found >= 0
    return takers[has], others[found[has]]


def _mean(values: Float) -> tuple[Float, Float]:
    """Mean over pairs, and how far it may be off to both sides."""
    many = values.shape[0]
    room = scipy.stats.t.ppf((1 + CONFIDENCE) / 2, many - 1) * values.std(axis=0, ddof=1) / np.sqrt(many)
    return values.mean(axis=0), room


def _trend(before: Float) -> float:
    """Whether the differences of the pairs are even over the weeks of proof: by a slope, and by any unevenness (Hotelling's T²)."""
    many, weeks = before.shape
    time = np.arange(weeks) - (weeks - 1) / 2
    slope = before @ time
    if not slope.any():
        return 1.0
    by_slope = 2 * scipy.stats.t.sf(abs(slope.mean()) / max(slope.std(ddof=1) / np.sqrt(many), 1e-300), many - 1)
    steps = np.diff(before, axis=1)
    size = weeks - 1
    if many <= 3 * size:
        return float(by_slope)
    mean = steps.mean(axis=0)
    t2 = many * mean @ np.linalg.pinv(np.atleast_2d(np.cov(steps, rowvar=False))) @ mean
    by_any = scipy.stats.f.sf(t2 * (many - size) / (size * (many - 1)), size, many - size)
    return float(min(1.0, 2 * min(by_slope, by_any)))


def _silent(verdict: str, takers: int, found: int) -> Uplift:
    nothing = np.zeros(0)
    return Uplift(verdict, takers, found, np.nan, np.nan, np.nan, np.nan, nothing, nothing, 0)
