"""お金の通り道: how often the town's money turns, through how many hands it goes before it is cashed, and where it leaves."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from analytics import guard
from analytics.guard import Raw
from analytics.reports.answers import Action, Answer, Cell, Chart, Head, Series, Told, Words, thin
from analytics.reports.frame import DISTRICT, QUARTER, Report
from analytics.reports.source import BEGINNING, NOTHING, Asked, Source, visits
from analytics.snapshot import Columns, Int64, Month, Movements
from base.clock import day_bounds
from base.errors import N_

if TYPE_CHECKING:
    from analytics.kernels.money import Path, VelocityPart

HANDS = (N_("1回使われて換金"), N_("2回使われて換金"), N_("3回以上使われて換金"))
TURNS, ALL = "turns", "all"
NO_TRADE = N_("業種なし")
WHOLE = N_("まち全体")
NOTE = N_("お店が換金した後の円の行き先は見えません。だから、ここの回数は「少なくとも」の数です。割合は5%%きざみの切り下げです。")
SHOPS = N_("お店の割合は、5軒以上で、1軒が半分を占めないときだけ表示します。")


class Course(NamedTuple):
    """Of the period: the path before and after it, what was spent, and the mean money in circulation."""

    before: Path
    after: Path
    mean: float


def gather(source: Source, asked: Asked) -> Told:
    columns = source.columns(BEGINNING, asked.until)
    course = _course(columns, asked)
    rows = source.rows(asked.since, asked.until)
    is_told = all(source.master(month.first).total for month in columns.months if month.first >= asked.since and len(visits(month).at))
    spent = rows if is_told else NOTHING  # else the quarter less its other months would be what few people paid
    turns = guard.publish_times(Raw([TURNS], 0 * spent.consumer, spent.consumer, spent.yen), TURNS, course.mean)
    cashed, passed = (
        (after - before)[columns.consumers :]
        for before, after in ((course.before.cashed, course.after.cashed), (course.before.passed, course.after.passed))
    )
    trades = sorted({asked.trades.get(shop, "") for shop in range(len(passed))})
    of_shop = np.array([trades.index(asked.trades.get(shop, "")) for shop in range(len(passed))], np.int64)
    shop, total = np.arange(len(passed)), cashed.sum(axis=1)
    labels = [*trades, (ALL,)]
    row, twice = np.concatenate([of_shop, 0 * shop + len(trades)]), np.concatenate([shop, shop])
    leak = guard.publish_shop_shares(
        Raw(labels, row, twice, np.concatenate([total, total])), Raw(labels, row, twice, np.concatenate([passed, passed]))
    )
    by_hands = np.stack([cashed[:, :2].sum(axis=1), cashed[:, 2], cashed[:, 3:].sum(axis=1)])
    place, owner = np.repeat(np.arange(len(HANDS)), len(shop)), np.tile(shop, len(HANDS))
    classes = range(len(HANDS))
    hands = guard.publish_shop_shares(
        Raw(classes, place, owner, by_hands.ravel()), Raw(classes, place, owner, (total[None, :] - by_hands).ravel())
    )
    return Told(turns=turns, leak=leak, hands=hands)


def _course(columns: Columns, asked: Asked) -> Course:
    """The path of all money since the first booking. What was given back before the end of the period was never spent."""
    from analytics.kernels import money  # slow to load, and only whoever asks needs it

    start, end = (int(day_bounds(day)[0].timestamp()) for day in (asked.since, asked.until))
    given_back = _given_back(columns)
    path = before = money.nothing(columns.consumers + columns.shops)
    parts: list[VelocityPart] = []
    for month in columns.months:
        if month.first >= asked.since and not parts:
            before = path
        moves = _spent(columns, month, given_back)
        path = money.follow(moves.source, moves.target, moves.yen, path)
        if month.first >= asked.since:
            parts.append(money.velocity_part(moves.at, moves.source, moves.target, moves.yen, moves.spent))
    if not parts:
        before = path
    mean = money.velocity(parts, opening=int(before.held.sum()), since=start, until=end).mean
    return Course(before, path, mean)


def _given_back(columns: Columns) -> tuple[Int64, Int64]:
    """Payments of which something was given back, by their place in the log, and how much, without coupons."""
    of = np.concatenate([np.zeros(0, np.int64), *(month.refunds.of for month in columns.months)])
    yen = np.concatenate([np.zeros(0, np.int64), *(month.refunds.yen - month.refunds.discount for month in columns.months)])
    places, where = np.unique(of, return_inverse=True)
    sums = np.zeros(len(places), np.int64)
    np.add.at(sums, where, yen)
    return places, sums


def _spent(columns: Columns, month: Month, given_back: tuple[Int64, Int64]) -> Movements:
    """The month's movements with each payment less what came back of it, and without what went back: that would look like another hand."""
    moves = columns.movements(month)
    places, sums = given_back
    is_payment = moves.spent > 0
    yen = moves.yen.copy()
    if len(places):
        where = np.minimum(np.searchsorted(places, moves.seq), len(places) - 1)
        yen -= np.where(is_payment & (places[where] == moves.seq), sums[where], 0)
    kept = (moves.spent >= 0) & (yen > 0)
    return Movements._make(column[kept] for column in moves._replace(yen=yen, spent=np.where(is_payment, yen, 0)))


def tell(asked: Asked, told: Told) -> Answer:
    turns, leak, hands = told.line("turns")[TURNS], told.line("leak"), told.line("hands")
    heads = (Head(N_("何の割合か"), "text"), Head(N_("割合（パーセント）"), "percent"))
    shares = [None if figure is None else figure.percent for _, figure in hands]
    rows: list[tuple[Cell, ...]] = [(Words(name), share) for name, share in zip(HANDS, shares, strict=True)]
    for label, figure in leak:
        name = Words(WHOLE) if label == (ALL,) else str(label) or Words(NO_TRADE)
        row = Words(N_("%(name)s：お店を出たお金のうち換金された分"), {"name": name})
        rows.append((row, None if figure is None else figure.percent))
    chart = Chart("bars", "percent", tuple(Words(name) for name in HANDS), (Series(Words(N_("割合")), tuple(shares)),))
    if turns is None or turns.percent is None:
        return thin(heads, rows, chart)
    facts: dict[str, int | str | Words] = {"turns": f"{turns.percent / 100:.2g}"}
    text = N_("この3か月に、まちに出ているお金（平均の残高）の約%(turns)s倍が支払われました。")
    onward = shares[0]
    if onward is not None:
        facts["once"] = onward
        text = N_(
            "この3か月に、まちに出ているお金（平均の残高）の約%(turns)s倍が支払われました。換金された分の約%(once)s%%は、1回使われただけでまちを出ています。"
        )
    action = Action(N_("もう1軒で使えるクーポンを作る"), "association.new_coupon")
    return Answer(Words(text, facts), heads, tuple(rows), chart, action, notes=(Words(NOTE), Words(SHOPS)))


REPORT = Report("path", N_("お金の通り道"), N_("まちのお金は、まちの中で何回使われますか"), DISTRICT, QUARTER, gather, tell)
