"""What a shop takes, and how many come, on each of the next 28 days, with intervals; never better than its own past allows.

Two ways are tried on the shop's own past. *Naive*: as on the same weekday a week ago; of the days ahead it is told with two weeks ago
where the last one alone was odd. *Calendar*: what weekdays, holidays, paydays, events and weather meant so far (ridge regression on
square roots: effects grow with the shop, and busy days may err by more), and on top the level of the last weeks. At up to 16 moments of
the past, a week apart, each foretells the 28 days that followed from what was known then; the calendar is used only where it erred by
less. Intervals are the errors of the way chosen, by week ahead, without a distribution (split conformal prediction), so they hold as
often as they held before.

Sources: Hyndman & Koehler 2006 (MASE), Makridakis et al. 2022 (M5: RMSSE, seasonal naive as bar), Tashman 2000 (rolling origins),
Hoerl & Kennard 1970, Lei et al. 2018 (conformal).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from operator import itemgetter
from typing import NamedTuple

import numpy as np
import scipy

from analytics.rules.calendar import KNOWN, Bool, Calendar, Float

HORIZON, WEEK = 28, 7
FEWEST_DAYS = 28
"""days since the first payment: with fewer nothing is foretold."""
LEARNED_DAYS = 56
"""days that the calendar learns from at least."""
ORIGINS, FEWEST_ORIGINS = 16, 4
"""moments of the past at which both ways are tried; with fewer the naive one is taken unseen."""
COVERAGE = 0.8
"""share of days that should fall into their interval."""
MEMORY_DAYS, LEVEL_DAYS = 365.0, 14.0
"""days after which a day counts half: for what the calendar means, and for the level of the moment."""
DOUBT, LEVEL_DOUBT = 3.0, 3.0
"""days: an effect seen on so many is believed half."""
FEWEST_ALIKE = 4
"""days of one weekday without which none is called odd."""
SURELY_SOME = 5.0
"""visitors: where so many come on average, a day without anybody is chance less than once in a hundred times; the shop was shut."""
CALENDAR, NAIVE, NOT_YET = "calendar", "naive", "not_yet"


class Score(NamedTuple):
    """Errors on the shop's own past, relative to those of naive forecasts of one week within it: below 1 is better than these."""

    mase: float
    """mean absolute error"""
    rmsse: float
    """root of the mean squared error"""


class Forecast(NamedTuple):
    """The 28 days after the last one, float64[28] each, in the unit of the values. Nothing (all 0) if `way` is not_yet."""

    way: str
    """calendar, naive, or not_yet: too few days since the first payment, or nobody in the last four weeks."""
    expected: Float
    low: Float
    high: Float
    shut: Bool
    """bool[28]: the weekday on which the shop rested four times running. Of all other days it is told what comes if it is open."""
    effects: Float
    """float64[28, names of the calendar]: by how much each thing moves `expected`; 0 if naive."""
    scores: dict[str, Score]
    """By way; empty with fewer than four moments to try at."""
    tried: int
    """moments of the past that were tried"""


def shut_days(visitors: Float) -> Bool:
    """bool[n]: days without anybody that were no chance: of a weekday on which usually more come, or nobody ever, or four weeks running."""
    nobody = visitors == 0
    shut = np.zeros(visitors.size, np.bool_)
    for weekday in range(min(WEEK, visitors.size)):
        some = visitors[weekday::WEEK]
        some = some[some > 0]
        if not some.size or some.mean() >= SURELY_SOME:
            shut[weekday::WEEK] = nobody[weekday::WEEK]
    edges = np.flatnonzero(np.diff(np.concatenate(([False], nobody, [False])).astype(np.int8)))
    for begin, end in edges.reshape(-1, 2):
        shut[begin:end] |= end - begin >= HORIZON
    return shut


def forecast(values: Float, shut: Bool, calendar: Calendar, *, tired: Callable[[], bool] = lambda: False) -> Forecast:
    """The 28 days after `values`.

    `values` float64[n], a day each: yen or visitors (less than nothing counts as nothing); `shut` bool[n] from `shut_days`; `calendar` from
    the same first day, n + 28 days or more. `tired` is asked before each moment of the past whether this shop's time is up: then fewer
    are tried.
    """
    some = np.flatnonzero(values > 0)
    begin = int(some[0]) if some.size else values.size
    past = _Past(np.sqrt(np.maximum(values[begin:], 0)), ~shut[begin:], calendar._replace(table=calendar.table[begin:]))
    if past.days < FEWEST_DAYS or not past.root[-HORIZON:].any():
        nothing = np.zeros(HORIZON)
        return Forecast(NOT_YET, nothing, nothing, nothing, nothing > 0, np.zeros((HORIZON, len(calendar.names))), {}, 0)
    trials = {CALENDAR: _Trial(), NAIVE: _Trial()}
    tried = 0
    for origin in _origins(past.days, LEARNED_DAYS):
        if tired():
            break
        tried += 1
        for way, trial in trials.items():
            trial.add(past, origin, WAYS[way](past, origin, HORIZON))
    scores = {way: _score(past, trial) for way, trial in trials.items()} if tried >= FEWEST_ORIGINS else {}
    chosen = CALENDAR if scores and scores[CALENDAR].mase < scores[NAIVE].mase else NAIVE
    trial = trials[chosen]
    if not scores:
        trial = _Trial()
        for origin in _origins(past.days, WEEK):
            trial.add(past, origin, _naive(past, origin, HORIZON))
    ahead = _by_calendar(past, past.days, HORIZON) if chosen == CALENDAR else _naive(past, past.days, HORIZON, of=_even)
    room = np.repeat(trial.room(), WEEK)
    rest = past.rests(past.days, HORIZON)
    expected, low, high = (
        np.where(rest, 0.0, each) for each in (ahead.expected, np.maximum(ahead.root - room, 0) ** 2, (ahead.root + room) ** 2)
    )
    return Forecast(chosen, expected, low, high, rest, ahead.effects * ~rest[:, None], scores, tried)


class _Ahead(NamedTuple):
    """What one way foretells from one moment: `root` the middle in square roots, `expected` the mean in the unit of the values."""

    root: Float
    expected: Float
    effects: Float


class _Past(NamedTuple):
    """A shop since its first payment."""

    root: Float
    open: Bool
    calendar: Calendar

    @property
    def days(self) -> int:
        return self.root.size

    def rests(self, origin: int, many: int) -> Bool:
        """Which of the next days fall on a weekday that was shut the last four times before `origin`."""
        last = self.open[max(0, origin - HORIZON) : origin]
        week = np.array([not last[weekday::WEEK].any() for weekday in range(WEEK)])
        return np.resize(week, many) if last.size == HORIZON else np.zeros(many, np.bool_)


def _origins(days: int, first: int) -> Sequence[int]:
    """Moments a week apart, the newest a week before the end; none before the day `first`."""
    return range(days - WEEK, first - 1, -WEEK)[:ORIGINS]


def _even(same: Float) -> float:
    """Of values of one weekday, the newest first: the newest, or the one before where the newest alone is far from the eight before it.

    Two that are far are a new level, and count. Far: more than four spreads (median of the distances from the median).
    """
    before = same[1:9]
    if before.size < FEWEST_ALIKE:
        return float(same[0])
    middle = np.median(before)
    spread = max(1.4826 * float(np.median(np.abs(before - middle))), 0.05 * middle)
    far = np.abs(same[:2] - middle) > 4 * spread
    return float(same[1] if far[0] and not far[1] else same[0])


def _naive(past: _Past, origin: int, many: int, *, of: Callable[[Float], float] = itemgetter(0)) -> _Ahead:
    """As on the newest (`of`) of the same weekdays on which the shop was open."""
    root = past.root[:origin]
    usual = root[past.open[:origin]].mean() if past.open[:origin].any() else 0.0
    week = np.full(WEEK, usual)
    for weekday in range(WEEK):
        same = np.arange(origin - WEEK + weekday, -1, -WEEK)
        same = same[past.open[same]]
        if same.size:
            week[weekday] = of(root[same])
    ahead = np.resize(week, many)
    return _Ahead(ahead, ahead**2, np.zeros((many, len(past.calendar.names))))


def _by_calendar(past: _Past, origin: int, many: int) -> _Ahead:
    """Weighted ridge regression on what was known of the days, and the level that the last weeks had beside it."""
    opened = np.flatnonzero(past.open[:origin])
    root, age = past.root[opened], origin - 1 - opened
    weight = 0.5 ** (age / MEMORY_DAYS)
    weight /= weight.max()
    known, ahead = _standard(past.calendar, opened, weight, origin, many)
    middle = weight @ root / weight.sum()
    pull = known.T @ (weight[:, None] * known) + DOUBT * np.eye(known.shape[1])
    slopes = scipy.linalg.solve(pull, known.T @ (weight * (root - middle)), assume_a="pos")
    left = root - middle - known @ slopes
    newer = 0.5 ** (age / LEVEL_DAYS)
    level = float(newer @ left / (newer.sum() + LEVEL_DOUBT))
    spread = float(weight @ (left - weight @ left / weight.sum()) ** 2 / weight.sum())
    found = np.maximum(middle + ahead @ slopes + level, 0)
    without = np.maximum(found[:, None] - ahead * slopes, 0)
    return _Ahead(found, found**2 + spread, found[:, None] ** 2 - without**2)


def _standard(calendar: Calendar, opened: np.ndarray, weight: Float, origin: int, many: int) -> tuple[Float, Float]:
    """The open days, and the days ahead, less what is usual, and 0 where nobody knows. Extras are in units of their spread."""
    known, ahead = calendar.table[opened], calendar.table[origin : origin + many]
    late = np.arange(many)[:, None] >= calendar.known_ahead
    seen = ~np.isnan(known)
    heavy = np.maximum((weight[:, None] * seen).sum(axis=0), 1e-9)
    mean = (weight[:, None] * np.where(seen, known, 0)).sum(axis=0) / heavy
    known = np.where(seen, known - mean, 0)
    ahead = np.where(late | np.isnan(ahead), 0, ahead - mean)
    spread = np.sqrt((weight[:, None] * known**2).sum(axis=0) / heavy)
    spread[: len(KNOWN)] = 1
    spread[spread == 0] = 1
    return known / spread, ahead / spread


WAYS: dict[str, Callable[[_Past, int, int], _Ahead]] = {CALENDAR: _by_calendar, NAIVE: _naive}


class _Trial:
    """The errors of one way at moments of the past."""

    def __init__(self) -> None:
        self.roots: list[list[float]] = [[] for _ in range(HORIZON // WEEK)]
        """By week ahead: absolute errors of square roots."""
        self.errors: list[float] = []

    def add(self, past: _Past, origin: int, ahead: _Ahead) -> None:
        """Compare with what followed, on the days on which the shop was open."""
        rest = past.rests(origin, HORIZON)
        many = min(HORIZON, past.days - origin)
        for day in np.flatnonzero(past.open[origin : origin + many]):
            seen = past.root[origin + day]
            self.roots[day // WEEK].append(abs(seen - (0 if rest[day] else ahead.root[day])))
            self.errors.append(seen**2 - (0 if rest[day] else ahead.expected[day]))

    def room(self) -> Float:
        """float64[4]: how far the square root may be off, by week ahead, so that COVERAGE of such days are within; never less later."""
        found = np.zeros(len(self.roots))
        for week, errors in enumerate(self.roots):
            if errors:
                rank = int(np.ceil((len(errors) + 1) * COVERAGE))
                found[week] = np.sort(errors)[min(rank, len(errors)) - 1]
        return np.maximum.accumulate(found)


def _score(past: _Past, trial: _Trial) -> Score:
    both = past.open[WEEK:] & past.open[:-WEEK]
    steps = (past.root[WEEK:] ** 2 - past.root[:-WEEK] ** 2)[both]
    errors = np.array(trial.errors)
    if not errors.size or not errors.any():
        return Score(0.0, 0.0)
    if not steps.any():
        return Score(np.inf, np.inf)
    return Score(float(np.abs(errors).mean() / np.abs(steps).mean()), float(np.sqrt(np.square(errors).mean() / np.square(steps).mean())))


def within(budget_s: float, seconds: Callable[[], float]) -> Callable[[], bool]:
    """For `tired`: whether more than `budget_s` went by since now, by the clock `seconds`."""
    end = seconds() + budget_s
    return lambda: seconds() > end
