"""お財布の中の割合: of what its customers spend in the district, how much a shop or a trade gets (Cooil et al. 2007)."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from analytics import guard
from analytics.guard import Published, Raw
from analytics.reports.answers import Action, Answer, Cell, Chart, Head, Series, Told, Words, thin
from analytics.reports.frame import BOTH, QUARTER, Report
from analytics.reports.source import NOTHING, Asked, Rows, Source
from base.errors import N_

IN_TRADE, IN_ALL = range(2)
PICTURED = 12
NO_TRADE = N_("業種なし")
NOTE = N_(
    "まちのお金で払った分だけの割合です（5%%きざみの切り下げ）。現金やほかの支払いは入らないので、本当の割合はこれより小さくなります。"
)


def gather(source: Source, asked: Asked) -> Told:
    rows = source.rows(asked.since, asked.until)
    if asked.shop is None:
        return Told(shares=_of_trades(rows, asked))
    trade = asked.trades.get(asked.shop, "")
    rivals = [code for code, other in asked.trades.items() if trade and other == trade]
    is_rival = np.isin(np.arange(int(rows.shop.max(initial=-1)) + 1), rivals)
    among = (rows.where(is_rival[rows.shop]), rows)
    sides: list[tuple[Raw, Raw]] = []
    for which, some in enumerate(among):
        own = _of_customers(some, asked.shop) if np.count_nonzero(np.bincount(some.shop)) >= guard.LEAST_SHOPS else NOTHING
        sides.append(_split(own, [which], np.where(own.shop == asked.shop, 0, -1)))
    return Told(trade=guard.publish_shares(*sides[IN_TRADE]), whole=guard.publish_shares(*sides[IN_ALL]))


def _of_customers(rows: Rows, shop: int) -> Rows:
    """All that whoever paid at the shop paid anywhere: of others its share is nothing."""
    pays = np.zeros(int(rows.consumer.max(initial=-1)) + 1, bool)
    pays[rows.consumer[rows.shop == shop]] = True
    return rows.where(pays[rows.consumer])


def _of_trades(rows: Rows, asked: Asked) -> Published:
    labels = sorted(set(asked.trades.values()))
    of_shop = np.full(max([*asked.trades, -1]) + 1, -1)
    for code, trade in asked.trades.items():
        of_shop[code] = labels.index(trade)
    found = guard.publish_shares(*_split(rows, labels, of_shop[rows.shop]))
    if not asked.is_outside:
        return found
    return guard.among_shops(found, Raw(labels, of_shop[rows.shop], rows.consumer, rows.yen), asked.owner(rows.shop), adds_up=False)


def _split(rows: Rows, labels: list[Any], group: NDArray[Any]) -> tuple[Raw, Raw]:
    """Of each person and each group that they paid to, what they paid there, and what elsewhere. `group`: of each row its place among the
    labels, or -1; rows left out by the caller have none."""
    group = group[: len(rows.at)]
    paid = np.zeros(int(rows.consumer.max(initial=-1)) + 1, np.int64)
    np.add.at(paid, rows.consumer, rows.yen)
    known = group >= 0
    key, place = np.unique(rows.consumer[known].astype(np.int64) * len(labels) + group[known], return_inverse=True)
    here = np.zeros(len(key), np.int64)
    np.add.at(here, place, rows.yen[known])
    person, row = key // max(len(labels), 1), key % max(len(labels), 1)
    return Raw(labels, row, person, here), Raw(labels, row, person, paid[person] - here)


def tell(asked: Asked, told: Told) -> Answer:
    return _tell_trades(told.line("shares")) if asked.shop is None else _tell_shop(told.line("trade")[IN_TRADE], told.line("whole")[IN_ALL])


def _tell_trades(shares: Published) -> Answer:
    heads = (Head(N_("業種"), "text"), Head(N_("払った人"), "count"), Head(N_("その人たちの支払いのうち（パーセント）"), "percent"))
    ranked = sorted(shares, key=lambda each: (each[1] is None, -(each[1].percent or 0) if each[1] else 0, str(each[0])))
    named = [(str(trade) if trade else Words(NO_TRADE), figure) for trade, figure in ranked]
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (name, None, None) if figure is None else (name, figure.persons, figure.percent) for name, figure in named
    )
    shown = named[:PICTURED]
    series = Series(Words(N_("割合")), tuple(None if figure is None else figure.percent for _, figure in shown))
    chart = Chart("bars", "percent", tuple(name for name, _ in shown), (series,))
    name, largest = named[0] if named else ("", None)
    if largest is None:
        return thin(heads, rows, chart)
    text = N_("「%(trade)s」で払う人は、まちで使うお金の%(percent)s%%以上をその業種で使っています。いちばん大きな割合です。")
    facts: dict[str, int | str | Words] = {"trade": name, "percent": largest.percent or 0}
    action = Action(N_("業種を結ぶクーポンを作る"), "association.new_coupon")
    return Answer(Words(text, facts), heads, rows, chart, action, notes=(Words(NOTE),))


def _tell_shop(trade: Any, whole: Any) -> Answer:
    heads = (
        Head(N_("このお店のお客様が使うお金のうち"), "text"),
        Head(N_("人数"), "count"),
        Head(N_("このお店の割合（パーセント）"), "percent"),
    )
    names = (Words(N_("同じ業種の中で")), Words(N_("まち全体の中で")))
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (name, None, None) if figure is None else (name, figure.persons, figure.percent)
        for name, figure in zip(names, (trade, whole), strict=True)
    )
    values = tuple(None if figure is None else figure.percent for figure in (trade, whole))
    chart = Chart("bars", "percent", names, (Series(Words(N_("割合")), values),))
    if whole is None:
        return thin(heads, rows, chart)
    facts: dict[str, int | str | Words] = {"whole": whole.percent}
    text = N_("このお店のお客様は、まちで使うお金の%(whole)s%%以上をこのお店で使っています。")
    if trade is not None:
        facts["trade"] = trade.percent
        text = N_("このお店のお客様は、まちで使うお金の%(whole)s%%以上、同じ業種では%(trade)s%%以上をこのお店で使っています。")
    note = Words(N_("比べるお店が5軒に足りないときは表示しません。"))
    return Answer(Words(text, facts), heads, rows, chart, Action(N_("売上を見る"), "merchant.shop_sales"), notes=(Words(NOTE), note))


REPORT = Report(
    "wallet", N_("お財布の中の割合"), N_("お客様は、まちで使うお金のどれだけを、ここで使っていますか"), BOTH, QUARTER, gather, tell
)
