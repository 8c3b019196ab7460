"""通い続ける人: whose silence is longer than their own habit explains, and how many still come so long after their first visit."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np

from analytics import guard
from analytics.reports.answers import Action, Answer, Cell, Chart, Head, Series, Told, Words, people, thin
from analytics.reports.frame import BOTH, QUARTER, Report
from analytics.reports.source import DAY_S, TOKYO_S, Asked, Part, Rows, Source, distinct
from analytics.snapshot import Month
from base.errors import N_

if TYPE_CHECKING:
    from analytics.kernels import rhythm
    from analytics.kernels.columns import Int32

EPOCH = date(1970, 1, 1)
COMES, STOPPED = range(2)
STILL, GONE = range(2)
MARKS = (30, 60, 90, 180)
"""Days since the first visit at which one looks."""
HEADS = (Head(N_("お客様"), "text"), Head(N_("人数"), "count"), Head(N_("割合（パーセント）"), "percent"))
HABIT = N_("「足が止まった」は、その人のいつもの間隔の3倍（14日から180日、1日だけ来た人は60日）のあいだ来ていないことです。")
SHARES = N_(
    "割合は、初めて来てから日の浅い人も、これまでに分かったところまで数えた見込みです（カプラン・マイヤー法）。5%%きざみの切り下げです。人数は、その日数がたった人のうち通っている人で、10人単位です。"
)


def _days(rows: Rows, month: Month) -> dict[str, Any]:
    """Each person once for each shop and day."""
    day = (rows.at + TOKYO_S) // DAY_S - (month.first - EPOCH).days
    key = distinct((day * month.shops + rows.shop) * month.consumers + rows.consumer)
    shop_day, consumer = np.divmod(key, month.consumers)
    day, shop = np.divmod(shop_day, month.shops)
    return {
        "day": (day + (month.first - EPOCH).days).astype(np.int32),
        "shop": shop.astype(np.int32),
        "consumer": consumer.astype(np.int32),
    }


PART = Part("days", 1, _days)


def gather(source: Source, asked: Asked) -> Told:
    """Of the whole history, as it stood when the quarter ended."""
    since, end = ((day - EPOCH).days for day in (asked.since, asked.until))
    who = _standing(source, asked, end - 1)
    from analytics.kernels.rhythm import LAPSED, NEVER

    known = np.flatnonzero(who.state != NEVER)
    stopped = who.state[known] == LAPSED
    lately = ~stopped | (who.lapse[known] >= since)
    row, person = (part.ravel() for part in np.meshgrid(np.arange(len(MARKS)), known, indexing="ij"))
    mark = np.array(MARKS)[row]
    gone = who.lapse[person] <= np.minimum(who.first[person] + mark, end - 1)
    seen = gone | (who.first[person] + mark < end)
    curve = guard.Raw(MARKS, row[seen], person[seen], cols=(STILL, GONE), col=gone[seen].astype(np.int64))
    return Told(
        now=guard.publish(guard.Raw((COMES, STOPPED), stopped[lately].astype(np.int64), known[lately])),
        curve=guard.publish_grid(curve),
        shares=guard.publish_survival(curve, _still(who.first[known], who.lapse[known], end - 1)),
    )


def _still(first: Int32, lapse: Int32, as_of: int) -> list[float]:
    """At each mark the share of these people that has not stopped: whoever came first lately counts as long as they were watched."""
    from analytics.kernels import cohorts

    curve = cohorts.survival(np.minimum(lapse, as_of) - first, lapse <= as_of)
    steps = [1.0, *curve.survival.tolist()]
    return [steps[place] for place in np.searchsorted(curve.days, MARKS, side="right").tolist()]


def _standing(source: Source, asked: Asked, as_of: int) -> rhythm.Standing:
    """Everybody at the end of the day `as_of`, in the district or at one shop."""
    from analytics.kernels import rhythm  # slow to load, and only whoever counts needs it

    consumers, parts = source.columns(asked.since, asked.until).consumers, []
    for _, part in source.parts(PART, asked.until):
        mine = slice(None) if asked.shop is None else part["shop"] == asked.shop
        at = part["day"][mine].astype(np.int64) * DAY_S - TOKYO_S
        parts.append(rhythm.days_part(at, part["consumer"][mine], consumers=consumers))
    if not parts:
        return rhythm.Standing(np.zeros(0, np.int8), *(np.zeros(0, np.int32) for _ in range(4)))
    whole = rhythm.combine(parts)
    return rhythm.comings(whole, np.array([as_of, as_of + 1], np.int32), as_of=as_of)[1]


def tell(asked: Asked, told: Told) -> Answer:
    now, curve = told.line("now"), told.grid("curve")
    comes, stopped = people(now[COMES]), people(now[STOPPED])
    by_mark = dict(told.line("shares"))
    shares = {mark: figure.percent if (figure := by_mark[mark]) else None for mark in MARKS}
    rows: tuple[tuple[Cell, ...], ...] = (
        (Words(N_("通っている")), comes, None),
        (Words(N_("この3か月に足が止まった")), stopped, None),
        *((_mark(mark), people(curve.row(mark)[STILL]), share) for mark, share in shares.items()),
    )
    chart = Chart("bars", "percent", tuple(map(_mark, MARKS)), (Series(Words(HEADS[2].title), tuple(shares.values())),))
    notes = (Words(HABIT), Words(SHARES))
    if comes is None or stopped is None:
        return thin(HEADS, (), None)
    facts: dict[str, int | str | Words] = {"comes": comes, "stopped": stopped}
    text = N_("いつもより長く来ていない人が、この3か月で%(stopped)s人以上になりました。通っている人は%(comes)s人以上です。")
    last = max((mark for mark, share in shares.items() if share is not None), default=None)
    if last is not None:
        facts |= {"days": last, "share": shares[last] or 0}
        text = N_(
            "いつもより長く来ていない人が、この3か月で%(stopped)s人以上になりました。初めて来てから%(days)s日たっても通っている人は、約%(share)s%%です。"
        )
    action = Action(N_("久しぶりの方にお知らせを送る"), "association.announcements")
    if asked.shop is not None:
        action = Action(N_("お客様を見る"), "merchant.shop_sales")
    return Answer(Words(text, facts), HEADS, rows, chart, action, notes=notes)


def _mark(days: int) -> Words:
    return Words(N_("初めて来てから%(days)s日後も通っている"), {"days": days})


REPORT = Report("staying", N_("通い続ける人"), N_("いつもの人が、来なくなっていませんか"), BOTH, QUARTER, gather, tell)
