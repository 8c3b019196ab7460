"""Compiling everything ahead, so that no request and no night's job waits for the compiler."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from analytics.kernels import (
    bgnbd,
    cohorts,
    covisits,
    gammagamma,
    money,
    outings,
    paths,
    people,
    profiles,
    rfm,
    rhythm,
    rolling,
    routes,
    transitions,
)
from analytics.kernels.compiler import FOLDER
from analytics.kernels.ready import mark
from analytics.kernels.tokyo import DAY_S

AT = np.array([0, 3_600], np.int64)
CODES = np.array([0, 1], np.int32)
SAME = np.zeros(2, np.int32)
YEN = np.array([100, 200], np.int64)


def _rfm() -> None:
    rfm.rfm(AT, CODES, YEN, consumers=2)


def _cohorts() -> None:
    two_months = cohorts.months_part(np.array([0, 40 * DAY_S]), CODES, YEN, consumers=2)
    cohorts.cohorts(cohorts.combine([two_months] * 2))
    cohorts.whole([(AT, CODES, YEN)] * 2, consumers=2)


def _profiles() -> None:
    profiles.sums(AT, CODES, YEN, shops=2)
    profiles.counted([(AT, SAME, CODES, YEN)] * 2, consumers=1, shops=2)


def _transitions() -> None:
    transitions.transitions(transitions.combine([transitions.transitions_part(AT, SAME, CODES, YEN, consumers=1, shops=2)] * 2))


def _rolling() -> None:
    rolling.combine([rolling.rolling_part(AT, CODES, CODES, YEN, consumers=2, shops=2)] * 2)


def _covisits() -> None:
    covisits.tested(covisits.both([(SAME, CODES)] * 2, consumers=1, shops=2), persons=2)


def _rhythm() -> None:
    rhythm.comings(rhythm.combine([rhythm.days_part(AT, CODES, consumers=2)] * 2), CODES, as_of=9)


def _routes() -> None:
    walked = outings.outings(outings.combine([outings.outings_part(AT, SAME, CODES, consumers=1)] * 2), shops=2)
    routes.walkers(walked, routes.routes(walked, persons=1, most=9))


def _money() -> None:
    money.velocity_part(AT, CODES, CODES, YEN, YEN)
    money.follow(CODES, CODES, YEN, money.nothing(2))


def _models() -> None:
    days = AT.astype(np.float64)
    bgnbd.Likelihood(AT, days, days)(np.ones(4))
    gammagamma.Likelihood(AT + 1, days + 1)(np.ones(3))


def _people() -> None:
    who = people.people([(AT, SAME, CODES, YEN)] * 2, consumers=1)
    rolling.whole(who, shops=2)


def _paths() -> None:
    along, back = AT // 3_600, AT[:2] // -3_600 + 1
    paths.cheapest(0, 1, np.arange(3), 0 * along, along > 0, back, YEN[:1], along[:1] > 0, barred=999)


TOPICS: tuple[Callable[[], None], ...] = (
    _rfm,
    _cohorts,
    _profiles,
    _transitions,
    _rolling,
    _covisits,
    _rhythm,
    _routes,
    _money,
    _models,
    _people,
    _paths,
)
"""Each calls every compiled function of a topic once, through the same doors as everybody."""


def warm(report: Callable[[str, float], None] = lambda _topic, _seconds: None) -> Path:
    """Compile what is not compiled yet, or load it; answers the folder where it is kept. Half a minute at first, then a second."""
    load(report)
    mark(FOLDER).touch()
    return FOLDER


def load(report: Callable[[str, float], None] = lambda _topic, _seconds: None) -> None:
    """The same without leaving the mark: nobody needs to be able to write where it is kept."""
    for topic in TOPICS:
        start = time.perf_counter()
        topic()
        report(topic.__name__.strip("_"), time.perf_counter() - start)


if __name__ == "__main__":
    warm()
