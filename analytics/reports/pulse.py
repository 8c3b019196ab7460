"""The running day: how much came so far, of a shop how many people, beside the same weekday of the four weeks before."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np

from analytics import guard
from analytics.guard import Published
from analytics.reports.answers import Action, Answer, Chart, Head, Series, Told, Words, people, thin, yen
from analytics.reports.frame import BOTH, TODAY, Report
from analytics.reports.source import WEEKDAYS, Asked, Rows, Source
from base.clock import day_bounds, tokyo_day, tokyo_minute
from base.errors import N_

LATE = timedelta(minutes=5)
"""An hour is told so long after its end: by then all of it is in the columns, and what was told stays."""
WEEKS = 4
LEAST_WEEKS = 3
NOTABLE_PERCENT = 20
NOTABLE_PEOPLE = 20
"""Two steps of ten: less is no difference."""


def gather(source: Source, asked: Asked) -> Told:
    moment = asked.now - LATE
    today, hours = tokyo_day(moment), tokyo_minute(moment) // 60
    told = {"today": _day(source, today, hours, asked.shop)}
    told |= {f"before{week}": _day(source, today - timedelta(days=7 * week), hours, asked.shop) for week in range(1, WEEKS + 1)}
    return Told(**told)


def _day(source: Source, day: date, hours: int, shop: int | None) -> Published:
    """As it was paid: a refund of an hour ago changes nothing that was told. Of a shop people alone: the district's sum less the other
    shops' would be nearly its own."""
    start, end = (int(moment.timestamp()) for moment in day_bounds(day))
    parts = [month.payments for month in source.columns(day, day + timedelta(days=1)).months]
    rows = [Rows(paid.at, paid.consumer, paid.shop, paid.yen) for paid in parts]
    if not rows:
        return guard.publish_steps(guard.Raw(range(hours), *(np.zeros(0, np.int64) for _ in range(3))))
    (found,) = rows
    is_past = (found.at >= start) & (found.at < min(end, start + hours * 3_600))
    if shop is not None:
        visits = found.where(is_past & (found.shop == shop))
        return guard.publish_steps(guard.Raw(range(hours), visits.hour, visits.consumer))
    so_far = found.where(is_past)
    return guard.publish_steps(guard.Raw(range(hours), so_far.hour, so_far.consumer, so_far.yen))


def tell(asked: Asked, told: Told) -> Answer:
    return _of_district(asked, told) if asked.shop is None else _of_shop(asked, told)


def _of_shop(asked: Asked, told: Told) -> Answer:
    today = told.line("today")
    heads = (Head(N_("時刻"), "text"), Head(N_("ここまでの人数"), "count"))
    hours = _hours(today)
    rows = tuple((f"{hour + 1}:00", people(figure)) for hour, figure in hours)
    chart = Chart("line", "people", tuple(row[0] for row in rows), (Series(Words(N_("今日")), tuple(row[1] for row in rows)),))
    if today.total is None:
        return thin(heads, rows, chart)
    weekday = tokyo_day(asked.now - LATE).weekday()
    facts: dict[str, int | str | Words] = {"hour": len(rows), "people": today.total.persons, "weekday": Words(WEEKDAYS[weekday])}
    past = sorted(line.total.persons for line in (told.line(f"before{week}") for week in range(1, WEEKS + 1)) if line.total is not None)
    text = N_("%(hour)s時までに、%(people)s人以上のお客様が来ました。")
    if len(past) >= LEAST_WEEKS:
        usual = facts["usual"] = past[(len(past) - 1) // 2]
        change = today.total.persons - usual
        if abs(change) < NOTABLE_PEOPLE or abs(change) * 100 < usual * NOTABLE_PERCENT:
            text = N_("%(hour)s時までに、%(people)s人以上のお客様が来ました。いつもの%(weekday)s（約%(usual)s人）と同じくらいです。")
        elif change > 0:
            text = N_("%(hour)s時までに、%(people)s人以上のお客様が来ました。いつもの%(weekday)s（約%(usual)s人）より多めです。")
        else:
            text = N_("%(hour)s時までに、%(people)s人以上のお客様が来ました。いつもの%(weekday)s（約%(usual)s人）より少なめです。")
    note = Words(N_("人数は10人単位の切り下げです。"))
    return Answer(Words(text, facts), heads, rows, chart, Action(N_("売上を見る"), "merchant.shop_sales"), notes=(note,))


def _of_district(asked: Asked, told: Told) -> Answer:
    today = told.line("today")
    day = tokyo_day(asked.now - LATE)
    heads = (Head(N_("時刻"), "text"), Head(N_("ここまでの人数"), "count"), Head(N_("ここまでのお支払い（円）"), "yen"))
    rows = tuple((f"{hour + 1}:00", people(figure), yen(figure)) for hour, figure in _hours(today))
    marks = tuple(f"{hour + 1}:00" for hour, _ in _hours(today))
    chart = Chart("line", "yen", marks, (Series(Words(N_("今日")), tuple(yen(figure) for _, figure in _hours(today))),))
    if today.total is None or today.total.yen is None:
        return thin(heads, rows, chart)
    facts: dict[str, int | str | Words] = {
        "hour": len(rows),
        "people": today.total.persons,
        "yen": today.total.yen,
        "weekday": Words(WEEKDAYS[day.weekday()]),
    }
    past = sorted(line.total.yen or 0 for line in (told.line(f"before{week}") for week in range(1, WEEKS + 1)) if line.total is not None)
    text = N_("%(hour)s時までに、%(people)s人以上が約%(yen)s円を使いました。")
    if len(past) >= LEAST_WEEKS:
        usual = facts["usual"] = past[(len(past) - 1) // 2]
        change = today.total.yen - usual
        text = _compared(change, usual)
    return Answer(
        Words(text, facts),
        heads,
        rows,
        chart,
        Action(N_("クーポンを作る"), "association.new_coupon"),
        notes=(Words(N_("人数は10人単位、円は1万円単位の切り下げです。返金は引いていません。")),),
    )


def _hours(line: Published) -> list[tuple[int, guard.Figure | None]]:
    return [(int(str(label)), figure) for label, figure in line]


def _compared(change: int, usual: int) -> str:
    """Sums in steps of 10,000 yen: what is less than two of them, or than a fifth, is no difference."""
    if abs(change) < 20_000 or abs(change) * 100 < usual * NOTABLE_PERCENT:
        return N_("%(hour)s時までに、%(people)s人以上が約%(yen)s円を使いました。いつもの%(weekday)s（約%(usual)s円）と同じくらいです。")
    if change > 0:
        return N_("%(hour)s時までに、%(people)s人以上が約%(yen)s円を使いました。いつもの%(weekday)s（約%(usual)s円）より多めです。")
    return N_("%(hour)s時までに、%(people)s人以上が約%(yen)s円を使いました。いつもの%(weekday)s（約%(usual)s円）より少なめです。")


REPORT = Report("pulse", N_("今日はここまで"), N_("今日はここまで、いつもと比べてどうですか"), BOTH, TODAY, gather, tell)
