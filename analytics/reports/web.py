"""ホームページと来店: whether days on which many look at the site are followed by days on which many come.

Both are set against the same weekdays around (`rules.against.ratios`), so that Sundays do not make a tie. Of each distance from the
same day to three days later a line is laid through the logarithms (least squares); it is told where chance gives as steep a one less than
once in four hundred times (four are tried: Bonferroni), from 28 days on.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta

import numpy as np
import scipy

from analytics.reports.answers import Action, Answer, Cell, Chart, Head, Series, Told, Words
from analytics.reports.days import gather_days, told_days
from analytics.reports.frame import DISTRICT, Report
from analytics.reports.source import Asked
from analytics.reports.weather import CANNOT, MONTHS
from analytics.rules.against import percent_of, ratios
from base.errors import N_

LATER = (N_("同じ日"), N_("1日後"), N_("2日後"), N_("3日後"))
FEWEST_DAYS, CHANCE = 28, 0.01 / len(LATER)
HEADS = (Head(N_("何日後か"), "text"), Head(N_("日数"), "count"), Head(N_("訪問が2倍の日に、来た人は"), "text"))
NOTES = (
    N_("ホームページの訪問と支払った人を、それぞれいつもの同じ曜日と比べ、その揺れがそろうかを見ています。"),
    N_("そろっても、原因とは言えません。祭りのように、両方を増やすものがあります。"),
)


def tell(asked: Asked, told: Told) -> Answer:
    _, people = told_days(asked, told)
    came = ratios(people, {day for day, _ in people})
    visits: dict[tuple[date, int], int] = defaultdict(int)
    for site in asked.measured.web:
        for cell, many in site.cells.items():
            visits[cell] += many
    looked = ratios(visits, {day for day, _ in visits})
    found = [_tie(looked, came, later) for later in range(len(LATER))]
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (Words(name), days, Words(CANNOT) if percent is None else Words(N_("%(percent)s%%増"), {"percent": percent}))
        for name, (days, percent) in zip(LATER, found, strict=True)
    )
    notes = tuple(Words(note) for note in NOTES)
    shown = [(later, percent) for later, (_, percent) in enumerate(found) if percent is not None]
    if not shown:
        text = N_("まだ言えません。ホームページの訪問と、その日や次の日に来た人の揺れは、そろっていません。")
        return Answer(Words(text), HEADS, rows, None, None, can_tell=False, notes=notes)
    later, percent = max(shown, key=lambda each: each[1])
    text = N_("ホームページの訪問がいつもの2倍の日は、%(later)sに来る人も%(percent)s%%ほど多くなっています。")
    bars = Chart(
        "bars", "percent", tuple(Words(LATER[at]) for at, _ in shown), (Series(Words(HEADS[2].title), tuple(part for _, part in shown)),)
    )
    facts: dict[str, int | str | Words] = {"later": Words(LATER[later]), "percent": percent}
    return Answer(Words(text, facts), HEADS, rows, bars, Action(N_("お知らせを送る"), "association.announcements"), notes=notes)


def _tie(looked: dict[date, float], came: dict[date, float], later: int) -> tuple[int, int | None]:
    """Of how many days, and by how many percent more came where twice as many looked; None where that is chance, or not more."""
    days = [day for day in looked if day + timedelta(days=later) in came]
    if len(days) < FEWEST_DAYS:
        return len(days), None
    one = np.array([looked[day] for day in days])
    other = np.array([came[day + timedelta(days=later)] for day in days])
    if one.std() == 0 or other.std() == 0:
        return len(days), None
    tie = scipy.stats.linregress(one, other)
    percent = percent_of(float(tie.slope) * float(np.log(2)))
    return len(days), percent if tie.pvalue < CHANCE and percent > 0 else None


REPORT = Report("web", N_("ホームページと来店"), N_("ホームページを見た人は、来ていますか"), DISTRICT, MONTHS, gather_days, tell)
