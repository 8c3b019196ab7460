"""回遊: from which shop people go on to which within a day, counted in people."""

from __future__ import annotations

from collections.abc import Hashable
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from analytics import guard
from analytics.guard import Grid
from analytics.reports.answers import Action, Answer, Cell, Chart, Head, Series, Told, Words, people, thin
from analytics.reports.frame import BOTH, QUARTER, Report
from analytics.reports.source import DAY_S, Asked, Part, Rows, Source
from analytics.snapshot import Month
from base.errors import N_

if TYPE_CHECKING:
    from analytics.kernels.transitions import TransitionsPart

PICTURED = 12
NOTE = N_("24時間のうちに続けて払った人を、1組のお店につき1回数えます。10人未満の組は出ません。人数は10人単位の切り下げです。")
BY_TRADE = N_(
    "24時間のうちに続けて払った人を、1組の業種につき1回数えます。お店3軒以上の業種だけで、どのお店どうしかは出ません。人数は10人単位の切り下げです。"
)
OF_SHOPS = (N_("このお店から"), N_("このお店へ"), N_("回り続けた人がこのお店へ着く割合（パーセント）"))
OF_TRADES = (N_("この業種から"), N_("この業種へ"), N_("回り続けた人がこの業種へ着く割合（パーセント）"))
STAYED, WENT_ON = range(2)


def _moves(rows: Rows, month: Month, window_s: int) -> dict[str, Any]:
    from analytics.kernels import transitions  # slow to load, and only whoever counts needs it

    return transitions.transitions_part(
        rows.at, rows.consumer, rows.shop, rows.yen, consumers=month.consumers, shops=month.shops, window=window_s
    )._asdict()


PART = Part("moves", 2, partial(_moves, window_s=DAY_S))
WEEK_PART = Part("moves-week", 2, partial(_moves, window_s=7 * DAY_S))


def gather(source: Source, asked: Asked) -> Told:
    if asked.shop is not None and source.is_of_few_owners(asked):
        source = source.emptied()  # of two shops, where the own customers go is where the other one has them from
    moves = _whole(source, asked, PART)
    if asked.shop is not None:
        return Told(moves=_grid(moves))
    everybody = np.flatnonzero(moves.first_shop >= 0) if moves else np.zeros(0, np.int64)
    _, _, person = _onward(moves)
    went = np.isin(everybody, person).astype(np.int64)
    people_of = guard.publish(guard.Raw((STAYED, WENT_ON), went, everybody))
    week = _whole(source, asked, WEEK_PART)
    tables = [_by_trade(each, asked) if asked.is_outside and each else _grid(each) for each in (moves, week)]
    return Told(moves=tables[0], week=tables[1], people=people_of)


def _whole(source: Source, asked: Asked, part: Part) -> TransitionsPart | None:
    from analytics.kernels import transitions
    from analytics.kernels.columns import kept

    parts = [kept(transitions.TransitionsPart, arrays) for _, arrays in source.parts(part, asked.until, asked.since)]
    return transitions.combine(parts) if parts else None


def _onward(whole: TransitionsPart | None) -> tuple[Any, Any, Any]:
    """From which shop to which other one, and who: each time. The guard counts a person once a pair."""
    if whole is None:
        return (np.zeros(0, np.int64),) * 3
    origin, target = np.divmod(whole.cell.astype(np.int64), whole.shops)
    onward = origin != target
    return origin[onward], target[onward], whole.person[onward]


def _grid(whole: TransitionsPart | None) -> Grid:
    origin, target, person = _onward(whole)
    shops = range(whole.shops if whole else 0)
    return guard.publish_grid(guard.Raw(shops, origin, person, cols=shops, col=target))


def _by_trade(whole: TransitionsPart, asked: Asked) -> Grid:
    """The same from trade to trade, for readers who may own a shop: which two shops share people is nobody's who leads a group. Trades of
    three owners or more alone; within a trade from one of its shops to another."""
    origin, target, person = _onward(whole)
    shops = np.unique(np.concatenate([origin, target])).astype(np.int32)
    of_shop = {int(shop): asked.trades.get(int(shop), "") for shop in shops}
    owners: dict[str, set[int]] = {}
    for trade, owner in zip(of_shop.values(), asked.owner(shops).tolist(), strict=True):
        owners.setdefault(trade, set()).add(owner)
    trades = sorted(trade for trade, found in owners.items() if trade and len(found) >= guard.LEAST_OTHERS)
    place = np.full(whole.shops, -1)
    for shop, trade in of_shop.items():
        place[shop] = trades.index(trade) if trade in trades else -1
    told = (place[origin] >= 0) & (place[target] >= 0)
    return guard.publish_grid(guard.Raw(trades, place[origin[told]], person[told], cols=trades, col=place[target[told]]))


def _arriving(grid: Grid) -> dict[Hashable, int]:
    """Of each shop how often somebody who follows the moves that were told is found there, in whole percent."""
    from analytics.kernels import transitions

    place = {label: at for at, label in enumerate(grid.by_row.labels)}
    moves = np.zeros((len(place), len(place)), np.int64)
    for a, b, figure in grid.told():
        moves[place[a], place[b]] = figure.persons
    shares = transitions.stationary(moves).tolist()
    return {label: round(100 * shares[at]) for label, at in place.items()}


def tell(asked: Asked, told: Told) -> Answer:
    return _of_district(asked, told) if asked.shop is None else _of_shop(asked, told)


def _of_shop(asked: Asked, told: Told) -> Answer:
    """The shop's row and column of the district's table, so that it tells no more than that."""
    moves = [(int(str(a)), int(str(b)), figure.persons) for a, b, figure in told.grid("moves").told()]
    after = {b: persons for a, b, persons in moves if a == asked.shop}
    before = {a: persons for a, b, persons in moves if b == asked.shop}
    others = sorted(after.keys() | before.keys(), key=lambda shop: (-after.get(shop, 0) - before.get(shop, 0), shop))
    heads = (Head(N_("もう1軒"), "text"), Head(N_("このお店の前に（人）"), "count"), Head(N_("このお店の後に（人）"), "count"))
    rows: tuple[tuple[Cell, ...], ...] = tuple((asked.names.get(shop, "?"), before.get(shop), after.get(shop)) for shop in others)
    own = asked.names.get(asked.shop or 0, "?")
    drawn = [(f"{asked.names.get(a, '?')} → {asked.names.get(b, '?')}", persons) for a, b, persons in moves if asked.shop in (a, b)]
    drawn = sorted(drawn, key=lambda each: -each[1])[:PICTURED]
    chart = Chart("flows", "people", tuple(mark for mark, _ in drawn), (Series(Words(N_("人数")), tuple(count for _, count in drawn)),))
    if not others:
        return thin(heads, rows, None)
    facts: dict[str, int | str | Words] = {"own": own}
    if after:
        shop = max(after, key=lambda each: (after[each], -each))
        facts |= {"other": asked.names.get(shop, "?"), "people": after[shop]}
        text = N_("「%(own)s」の後は「%(other)s」へ行く人がいちばん多く、%(people)s人以上です。")
    else:
        shop = max(before, key=lambda each: (before[each], -each))
        facts |= {"other": asked.names.get(shop, "?"), "people": before[shop]}
        text = N_("「%(own)s」の前は「%(other)s」に来た人がいちばん多く、%(people)s人以上です。")
    action = Action(N_("売上を見る"), "merchant.shop_sales")
    return Answer(Words(text, facts), heads, rows, chart, action, notes=(Words(NOTE),))


def _name(label: Hashable, asked: Asked) -> str:
    """Of a shop by its code; a trade is called what it is."""
    return asked.names.get(label, "?") if isinstance(label, int) else str(label)


def _of_district(asked: Asked, told: Told) -> Answer:
    found = sorted(told.grid("moves").told(), key=lambda cell: (-cell[2].persons, str(cell[0]), str(cell[1])))
    named = [(_name(a, asked), _name(b, asked), figure.persons) for a, b, figure in found]
    begins, ends, arrives = OF_TRADES if asked.is_outside else OF_SHOPS
    heads = (
        Head(begins, "text"),
        Head(ends, "text"),
        Head(N_("人数"), "count"),
        Head(N_("7日のうちなら（人）"), "count"),
        Head(arrives, "percent"),
    )
    week, arriving = {(a, b): figure.persons for a, b, figure in told.grid("week").told()}, _arriving(told.grid("moves"))
    rows: tuple[tuple[Cell, ...], ...] = tuple((*name, week.get((a, b)), arriving[b]) for name, (a, b, _) in zip(named, found, strict=True))
    marks = tuple(f"{a} → {b}" for a, b, _ in named[:PICTURED])
    chart = Chart("flows", "people", marks, (Series(Words(N_("人数")), tuple(count for _, _, count in named[:PICTURED])),))
    stayed, went = (people(told.line("people")[which]) for which in (STAYED, WENT_ON))
    walk = Words(N_("着く割合は、この表の行き来をたどって回り続けるとしたときのものです（7回に1回ほどは、どこかから始め直します）。"))
    if not named:
        return thin(heads, rows, chart)
    notes = (Words(BY_TRADE), walk) if asked.is_outside else (Words(NOTE), walk)
    first = named[0]
    facts: dict[str, int | str | Words] = {"origin": first[0], "target": first[1], "people": first[2]}
    text = N_("いちばん多い行き来は「%(origin)s」から「%(target)s」へで、%(people)s人以上です。")
    if stayed is not None and went is not None:
        facts |= {"went": went, "all": stayed + went}
        text = N_(
            "%(all)s人以上のうち%(went)s人以上が、1日に2軒以上を回りました。いちばん多いのは「%(origin)s」から「%(target)s」へで、%(people)s人以上です。"
        )
    return Answer(Words(text, facts), heads, rows, chart, Action(_joins(asked, *first[:2]), "association.new_coupon"), notes=notes)


def _joins(asked: Asked, origin: str, target: str) -> str:
    """What a coupon between the two of the sentence joins."""
    if not asked.is_outside:
        return N_("2軒を結ぶクーポンを作る")
    return N_("同じ業種のお店を結ぶクーポンを作る") if origin == target else N_("2つの業種を結ぶクーポンを作る")


REPORT = Report("circulation", N_("まちの回遊"), N_("お客様は、次にどのお店へ行きますか"), BOTH, QUARTER, gather, tell)
