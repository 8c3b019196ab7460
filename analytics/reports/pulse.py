"""The running day: how many people came so far, beside the same weekday of the four weeks before."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np

from analytics import guard
from analytics.guard import Published
from analytics.reports.answers import Action, Answer, Chart, Head, Series, Told, Words, people, thin
from analytics.reports.frame import BOTH, TODAY, Report
from analytics.reports.source import WEEKDAYS, Asked, Kept, Rows, Source
from analytics.snapshot import Month
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
    told = {"today": _day(source, today, hours, asked)}
    told |= {f"before{week}": _day(source, today - timedelta(days=7 * week), hours, asked) for week in range(1, WEEKS + 1)}
    return Told(**told)


_DAYS: Kept[Published] = Kept(256)


def _day(source: Source, day: date, hours: int, asked: Asked) -> Published:
    """As it was paid: a refund of an hour ago changes nothing that was told. People alone, never yen: see `guard.publish_steps`.

    A page that is opened again before the columns have grown is told the same without another count.
    """
    months = source.columns(day, day + timedelta(days=1)).months
    if not months:
        return guard.publish_steps(guard.Raw(range(hours), *(np.zeros(0, np.int64) for _ in range(2))))
    (month,) = months
    owners = tuple(asked.held_with.items()) if asked.is_outside else None
    return _DAYS.get((month.folder, month.digest, day, hours, asked.shop, owners), lambda: _counted(month, day, hours, asked))


def _counted(month: Month, day: date, hours: int, asked: Asked) -> Published:
    paid = month.payments
    start, end = (int(moment.timestamp()) for moment in day_bounds(day))
    so_far = slice(*np.searchsorted(paid.at, (start, min(end, start + hours * 3_600))))
    visits = Rows(paid.at[so_far], paid.consumer[so_far], paid.shop[so_far], paid.yen[so_far])
    visits = visits if asked.shop is None else visits.where(visits.shop == asked.shop)
    return guard.publish_steps(
        guard.Raw(range(hours), visits.hour, visits.consumer), owner=asked.owner(visits.shop) if asked.is_outside else None
    )


def tell(asked: Asked, told: Told) -> Answer:
    today = told.line("today")
    heads = (Head(N_("時刻"), "text"), Head(N_("ここまでの人数"), "count"))
    rows = tuple((f"{int(str(hour)) + 1}:00", people(figure)) for hour, figure in today)
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
    action = Action(N_("クーポンを作る"), "association.new_coupon")
    if asked.shop is not None:
        action = Action(N_("売上を見る"), "merchant.shop_sales")
    return Answer(Words(text, facts), heads, rows, chart, action, notes=(note,))


REPORT = Report("pulse", N_("今日はここまで"), N_("今日はここまで、いつもと比べてどうですか"), BOTH, TODAY, gather, tell)
