"""この先3か月の見込み: payments and yen expected of the customers, by how likely they come again (BG/NBD and Gamma-Gamma)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from analytics import guard
from analytics.guard import Raw
from analytics.reports.answers import Action, Answer, Cell, Chart, Head, Series, Told, Words, thin
from analytics.reports.frame import BOTH, QUARTER, Report
from analytics.reports.source import BEGINNING, DAY_S, TOKYO_S, Asked, Rows, Source
from base.clock import day_bounds
from base.errors import N_

if TYPE_CHECKING:
    from analytics.kernels.bgnbd import Summary
    from analytics.kernels.fitting import Fit

GROUPS = (N_("続けて来そう"), N_("どちらとも言えない"), N_("離れたかもしれない"))
LIKELY, UNLIKELY = 0.8, 0.4
AHEAD = 91.0
"""days: a quarter"""
THOUSANDTHS = 1_000
"""Payments are counted so while they are added up, since a person brings parts of one."""
TOO_UNSURE = 50
"""percent: an expectation that may be off by so much is none"""
ALL = "all"
CANNOT = N_("まだ言えません。何度も来たお客様がまだ少なく、この先の見込みを計算できません。")


def gather(source: Source, asked: Asked) -> Told:
    """Models of all payments until the end of the period. Where the data do not tell the parameters, nobody is in the tables."""
    from analytics.kernels import bgnbd, rhythm
    from analytics.kernels.fitting import FitFailed  # slow to load, and only whoever asks needs it

    rows = source.rows(BEGINNING, asked.until, asked.shop)
    last = int(day_bounds(asked.until)[0].timestamp() + TOKYO_S) // DAY_S - 1
    people = bgnbd.summary(rhythm.days_part(rows.at, rows.consumer, consumers=int(rows.consumer.max(initial=-1)) + 1), as_of=last)
    now = rows.where(rows.at >= int(day_bounds(asked.since)[0].timestamp())).consumer
    everybody = guard.publish(Raw([ALL], 0 * now, now))
    try:
        fitted = bgnbd.fit(people.repeats, people.recency, people.age)
    except FitFailed:
        nothing = np.zeros(0, np.int64)
        empty = guard.publish_estimates(Raw(range(len(GROUPS)), nothing, nothing, nothing), [0.0] * (len(GROUPS) + 1))
        return Told(everybody=everybody, payments=empty, yen=empty)
    mean = _mean_amounts(rows, people)
    alive = bgnbd.alive(fitted, *people[1:])
    group = np.select([alive >= LIKELY, alive < UNLIKELY], [0, 2], 1)
    payments = bgnbd.expected(fitted, *people[1:], ahead=AHEAD)
    amounts = _amounts(people, mean)
    errors = _errors(fitted, people, group, [np.ones(len(group)), np.nan_to_num(amounts)])
    tables = (payments * THOUSANDTHS, [error * THOUSANDTHS for error in errors[0]]), (payments * amounts, errors[1])
    told = [
        guard.publish_estimates(Raw(range(len(GROUPS)), group, people.person, np.ceil(np.nan_to_num(weight)).astype(np.int64)), error)
        for weight, error in tables
    ]
    return Told(everybody=everybody, payments=told[0], yen=told[1])


def _mean_amounts(rows: Rows, people: Summary) -> NDArray[np.float64]:
    """Of each person the mean yen of a day with payments; float64[n]."""
    spent = np.bincount(rows.consumer, weights=rows.yen, minlength=1)[people.person] if len(people.person) else np.zeros(0)
    mean: NDArray[np.float64] = spent / (people.repeats + 1)
    return mean


def _amounts(people: Summary, mean: NDArray[np.float64]) -> NDArray[np.float64]:
    """Expected yen of a day, float64[n]; zeros where the model of amounts has no answer, so that no yen are told."""
    from analytics.kernels import gammagamma
    from analytics.kernels.fitting import FitFailed

    again = people.repeats > 0
    try:
        fitted = gammagamma.fit(people.repeats[again] + 1, mean[again])
    except FitFailed:
        return np.zeros(len(mean))
    return gammagamma.expected(fitted, np.where(again, people.repeats + 1, 0), mean)


def _errors(fitted: Fit, people: Summary, group: NDArray[np.int64], worths: list[NDArray[np.float64]]) -> list[list[float]]:
    """For each worth of a payment the standard errors of the sum of each group and of all: what chance alone scatters, and each parameter
    moved by its error.

    Parameters are moved one by one: they err together and in part against each other, so that this is rather too much than too little.
    """
    from analytics.kernels import bgnbd

    def sums(each: NDArray[np.float64]) -> NDArray[np.float64]:
        by_group = np.bincount(group, weights=each, minlength=len(GROUPS))
        return np.append(by_group, by_group.sum())

    def payments(values: tuple[float, ...]) -> NDArray[np.float64]:
        return bgnbd.expected(fitted._replace(values=values), *people[1:], ahead=AHEAD)

    here = payments(fitted.values)
    squares = [sums(here * worth**2) for worth in worths]
    for place, error in enumerate(fitted.errors):
        moved = payments(tuple(value + error * (at == place) for at, value in enumerate(fitted.values)))
        for worth, square in zip(worths, squares, strict=True):
            square += (sums(moved * worth) - sums(here * worth)) ** 2
    return [np.sqrt(square).tolist() for square in squares]


def tell(asked: Asked, told: Told) -> Answer:
    heads = (
        Head(N_("お客様"), "text"),
        Head(N_("人数"), "count"),
        Head(N_("来る日数の見込み（延べ）"), "count"),
        Head(N_("お支払いの見込み（円）"), "yen"),
        Head(N_("ずれの目安（パーセント）"), "percent"),
    )
    names = (*(Words(name) for name in GROUPS), Words(N_("全員")))
    payments, yen = told.line("payments"), told.line("yen")
    found = [*(figure for _, figure in payments), payments.total]
    spent = [*(figure for _, figure in yen), yen.total]
    rows: list[tuple[Cell, ...]] = []
    for name, visits, money in zip(names, found, spent, strict=True):
        if visits is None or visits.yen is None:
            rows.append((name, None, None, None, None))
        else:
            rows.append(
                (name, visits.persons, -(-visits.yen // THOUSANDTHS), None if money is None else money.yen, (money or visits).percent)
            )
    series = Series(Words(N_("来る日数の見込み")), tuple(row[2] if isinstance(row[2], int) else None for row in rows[:-1]))
    chart = Chart("bars", "visits", names[:-1], (series,))
    whole, total = found[-1], rows[-1]
    if told.line("everybody")[ALL] is None:
        return thin(heads, rows, chart)
    if whole is None or whole.percent is None or whole.percent > TOO_UNSURE:
        return Answer(Words(CANNOT), heads, tuple((name, None, None, None, None) for name in names), chart, None, can_tell=False)
    facts: dict[str, int | str | Words] = {"visits": int(str(total[2])), "off": whole.percent}
    text = N_("この先3か月に、これまでのお客様は延べ約%(visits)s日来る見込みです（ずれの目安は%(off)s%%）。")
    if spent[-1] is not None and spent[-1].yen is not None:
        facts["yen"] = spent[-1].yen
        text = N_(
            "この先3か月に、これまでのお客様は延べ約%(visits)s日来て、約%(yen)s円を払う見込みです（来る日数のずれの目安は%(off)s%%）。"
        )
    note = Words(
        N_(
            "これまでの来店の間隔から計算した見込みで、新しく来る人は入りません。上2桁までの数です。続けて来そう：また来る見込みが8割以上、離れたかもしれない：4割未満。"
        )
    )
    action = (
        Action(N_("お知らせを送る"), "association.announcements") if asked.shop is None else Action(N_("売上を見る"), "merchant.shop_sales")
    )
    return Answer(Words(text, facts), heads, tuple(rows), chart, action, notes=(note,))


REPORT = Report("expected", N_("この先3か月の見込み"), N_("今のお客様は、この先どれだけ来ますか"), BOTH, QUARTER, gather, tell)
