"""Who comes back: of those who paid first in a month, how many paid again so many months later."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from analytics import guard
from analytics.reports.answers import Action, Answer, Cell, Chart, Head, Series, Told, Words, month_words, people, thin
from analytics.reports.frame import DISTRICT, Report
from analytics.reports.source import Asked, Part, Rows, Source
from analytics.snapshot import Month
from base.errors import N_

if TYPE_CHECKING:
    from analytics.kernels import cohorts

LATER = 12
"""Months after the first one that are looked at."""
ENOUGH = 100
"""People whose return could be seen, for a share in steps of 5% that full tens cannot falsify."""


def _part(rows: Rows, month: Month) -> dict[str, Any]:
    from analytics.kernels import cohorts  # slow to load, and only whoever counts needs it

    return cohorts.months_part(rows.at, rows.consumer, rows.yen, consumers=month.consumers)._asdict()


PART = Part("cohorts", 1, _part)


def gather(source: Source, asked: Asked) -> Told:
    from analytics.kernels import cohorts
    from analytics.kernels.columns import kept

    parts = [kept(cohorts.MonthsPart, arrays) for _, arrays in source.parts(PART, asked.until)]
    first_shown = (asked.since.year - 1970) * 12 + asked.since.month - 1
    end = (asked.until.year - 1970) * 12 + asked.until.month - 1
    person, month = _paid(cohorts.combine(parts) if parts else None)
    first = np.full(int(person.max(initial=-1)) + 1, end)
    np.minimum.at(first, person, month)
    later = month - first[person]
    shown = (first[person] >= first_shown) & (later <= LATER)
    table = guard.Raw(asked.months, (first[person] - first_shown)[shown], person[shown], cols=range(LATER + 1), col=later[shown])
    back = shown & (later > 0)
    could = (np.arange(1, LATER + 1)[:, None] + first[None, :] < end) & (first >= first_shown)[None, :]
    after, who = np.nonzero(could)
    return Told(
        cohorts=guard.publish_grid(table),
        came=guard.publish(guard.Raw(range(1, LATER + 1), later[back] - 1, person[back])),
        could=guard.publish(guard.Raw(range(1, LATER + 1), after, who)),
    )


def _paid(whole: cohorts.MonthsPart | None) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Each person once for each month, counted from January 1970, in which they paid."""
    if whole is None:
        return np.zeros(0, np.int64), np.zeros(0, np.int64)
    counts = np.diff(whole.start)
    return whole.person.astype(np.int64), whole.since + np.repeat(np.arange(len(counts)), counts)


def tell(asked: Asked, told: Told) -> Answer:
    grid, came, could = told.grid("cohorts"), told.line("came"), told.line("could")
    heads = (Head(N_("初めて払った月"), "text"), Head(N_("か月後"), "text"), Head(N_("人数"), "count"))
    rows: list[tuple[Cell, ...]] = []
    series = []
    for place, month in enumerate(asked.months):
        seen = [people(figure) for _, figure in grid.row(month)][: len(asked.months) - place]
        rows += [(f"{month:%Y-%m}", str(later), count) for later, count in enumerate(seen)]
        series.append(Series(month_words(month), tuple(seen)))
    chart = Chart(
        "heat",
        "people",
        (Words(N_("初月")), *(Words(N_("%(count)sか月後"), {"count": later}) for later in range(1, LATER + 1))),
        tuple(series),
    )
    shares = {}
    for later in (1, 3):
        back, able = people(came[later]), people(could[later])
        if back is not None and able is not None and able >= ENOUGH:
            shares[later] = min(back * 20 // able * 5, 100)
    if not shares:
        return thin(heads, rows, chart)
    if len(shares) == 2:
        text = N_("初めての人のうち、翌月も来たのは約%(next)s%%、3か月後も来たのは約%(third)s%%です。")
        sentence = Words(text, {"next": shares[1], "third": shares[3]})
    else:
        ((later, share),) = shares.items()
        sentence = Words(N_("初めての人のうち、%(later)sか月後も来たのは約%(share)s%%です。"), {"later": later, "share": share})
    note = Words(N_("人数は10人単位の切り下げ、割合は5%%きざみです。"))
    return Answer(
        sentence, heads, tuple(rows), chart, Action(N_("2回目に来てもらうクーポンを作る"), "association.new_coupon"), notes=(note,)
    )


REPORT = Report("cohorts", N_("また来てくれる人"), N_("初めての人は、また来ていますか"), DISTRICT, 12, gather, tell)
