"""New, returning and lapsed customers of a month."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from analytics import guard
from analytics.guard import Published
from analytics.reports.answers import Action, Answer, Cell, Chart, Head, Series, Told, Words, month_words, people, thin, yen
from analytics.reports.frame import BOTH, Report
from analytics.reports.source import Asked, Part, Rows, Source, before, distinct, shop_row
from analytics.snapshot import Month
from base.errors import N_

NEW, RETURNING = range(2)
LAPSED_MONTHS = 3
ALL = "all"


def _pairs(rows: Rows, month: Month) -> dict[str, NDArray[np.int32]]:
    """Each person once for each shop at which they paid."""
    pairs = distinct(rows.shop.astype(np.int64) * month.consumers + rows.consumer)
    return {"shop": (pairs // month.consumers).astype(np.int32), "consumer": (pairs % month.consumers).astype(np.int32)}


PART = Part("people", 1, _pairs)


def gather(source: Source, asked: Asked) -> Told:
    """Lapsed: paid last in the third month before this one, and not since."""
    month = asked.months[-1]
    count = source.columns(asked.since, asked.until).consumers
    earlier, last = np.zeros(count, bool), np.full(count, -1)
    for first, pairs in source.parts(PART, asked.until):
        mine = pairs["consumer"] if asked.shop is None else pairs["consumer"][pairs["shop"] == asked.shop]
        if first < month:
            earlier[mine] = True
        last[mine] = first.year * 12 + first.month
    silent_since = before(month, LAPSED_MONTHS)
    lapsed = np.flatnonzero(last == silent_since.year * 12 + silent_since.month)
    mine_now = source.rows(month, asked.until, asked.shop)
    kind = np.where(earlier[mine_now.consumer], RETURNING, NEW)
    raw = guard.Raw((NEW, RETURNING), kind, mine_now.consumer, mine_now.yen)
    kinds = guard.publish_within(raw, [ALL, ALL], _whole(source, asked))
    return Told(
        kinds=guard.among_shops(kinds, raw, asked.owner(mine_now.shop)) if asked.is_outside else kinds,
        lapsed=guard.publish(guard.Raw([ALL], 0 * lapsed, lapsed)),
    )


def _whole(source: Source, asked: Asked) -> Published:
    """The month's sum as every other report tells it, so that its parts tell no more."""
    grid = source.master(asked.months[-1])
    if asked.shop is None:
        return grid.by_row.whole(ALL)
    return shop_row(grid, asked.shop).whole(ALL)


def tell(asked: Asked, told: Told) -> Answer:
    kinds, lapsed = told.line("kinds"), people(told.line("lapsed")[ALL])
    new, returning = kinds[NEW], kinds[RETURNING]
    heads = (Head(N_("お客様"), "text"), Head(N_("人数"), "count"), Head(N_("お支払い（円）"), "yen"))
    names = (Words(N_("初めて")), Words(N_("前にも来た")), Words(N_("3か月来ていない")))
    rows: tuple[tuple[Cell, ...], ...] = (
        (names[0], people(new), yen(new)),
        (names[1], people(returning), yen(returning)),
        (names[2], lapsed, 0),
    )
    chart = Chart("bars", "people", names, (Series(Words(N_("人数")), (people(new), people(returning), lapsed)),))
    note = Words(N_("「3か月来ていない」は、3か月前の月を最後に払っていない人です。人数は10人単位の切り下げです。"))
    if new is None or returning is None:
        return thin(heads, rows, chart)
    facts: dict[str, int | str | Words] = {"new": new.persons, "returning": returning.persons, "when": month_words(asked.months[-1])}
    text = N_("%(when)sは、初めての人が%(new)s人以上、前にも来た人が%(returning)s人以上でした。")
    if lapsed is not None:
        facts["lapsed"] = lapsed
        text = N_(
            "%(when)sは、初めての人が%(new)s人以上、前にも来た人が%(returning)s人以上でした。3か月来ていない人が%(lapsed)s人以上います。"
        )
    action = (
        Action(N_("お知らせを送る"), "association.announcements")
        if asked.shop is None
        else Action(N_("お客様を見る"), "merchant.shop_sales")
    )
    return Answer(Words(text, facts), heads, rows, chart, action, notes=(note,))


REPORT = Report("customers", N_("新しい人・戻った人・来なくなった人"), N_("お客様は、増えていますか"), BOTH, 1, gather, tell)
