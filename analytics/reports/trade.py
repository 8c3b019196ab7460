"""A shop beside the anonymous median of its trade."""

from __future__ import annotations

import numpy as np

from analytics import guard
from analytics.reports.answers import Action, Answer, Cell, Chart, Head, Series, Told, Words, people, thin, yen
from analytics.reports.frame import SHOP, Report
from analytics.reports.source import Asked, Source, shop_row
from base.errors import N_

OWN, MEDIAN = "own", "median"
NEAR_PERCENT = 10
NO_PEERS = N_("まだ言えません。同じ業種のお店が少ないか、1軒に偏っています（5軒から比べられます）。")


def gather(source: Source, asked: Asked) -> Told:
    """The same shops whoever of them asks, so that two answers say nothing about one shop; and only those whose own sums are told, so
    that the one in the middle is never one that the month's table withholds."""
    grid = source.master(asked.since)
    assert asked.shop is not None, "a report of a shop"
    trade = asked.trades.get(asked.shop, "")
    peers = [code for code, figure in grid.by_row if trade and figure and asked.trades.get(int(str(code))) == trade]
    rows = source.rows(asked.since, asked.until)
    mine = np.isin(rows.shop, np.array(peers, np.int64))
    place = np.searchsorted(np.array(peers, np.int64), rows.shop[mine])
    raw = guard.Raw(peers, place, rows.consumer[mine], rows.yen[mine])
    return Told(own=shop_row(grid, asked.shop).whole(OWN), median=guard.publish_median(raw))


def tell(asked: Asked, told: Told) -> Answer:
    own, median = told.line("own")[OWN], told.line("median")[MEDIAN]
    heads = (Head(N_("どちら"), "text"), Head(N_("人数"), "count"), Head(N_("お支払い（円）"), "yen"))
    names = (Words(N_("このお店")), Words(N_("同じ業種のまん中")))
    rows: tuple[tuple[Cell, ...], ...] = ((names[0], people(own), yen(own)), (names[1], people(median), yen(median)))
    chart = Chart("bars", "yen", names, (Series(Words(N_("お支払い（円）")), (yen(own), yen(median))),))
    if own is None or own.yen is None:
        return thin(heads, rows, chart)
    if median is None or not median.yen:
        return Answer(Words(NO_PEERS), heads, rows, chart, None, can_tell=False)
    share = own.yen * 100 // median.yen
    facts: dict[str, int | str | Words] = {"own": own.yen, "median": median.yen}
    if abs(share - 100) <= NEAR_PERCENT:
        text = N_("このお店は%(own)s円で、同じ業種のまん中（約%(median)s円）と同じくらいです。")
    elif share > 100:
        text = N_("このお店は%(own)s円で、同じ業種のまん中（約%(median)s円）より多めです。")
    else:
        text = N_("このお店は%(own)s円で、同じ業種のまん中（約%(median)s円）より少なめです。")
    note = Words(N_("まん中は、言えるだけの人数が来たお店だけから出し、上2桁までです。人数は10人単位の切り下げです。"))
    return Answer(Words(text, facts), heads, rows, chart, Action(N_("売上を見る"), "merchant.shop_sales"), notes=(note,))


REPORT = Report("trade", N_("同じ業種と比べる"), N_("同じ業種のお店と比べて、どうですか"), SHOP, 1, gather, tell)
