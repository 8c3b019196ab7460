"""同じ人が行くお店: pairs of shops that share more people than chance would bring, judged by what is published alone."""

from __future__ import annotations

import numpy as np

from analytics import guard
from analytics.guard import Grid
from analytics.reports.answers import Action, Answer, Cell, Chart, Head, Series, Told, Words, people, thin
from analytics.reports.frame import DISTRICT, QUARTER, Report
from analytics.reports.source import Asked, Source
from base.errors import N_

PICTURED, LISTED = 8, 100
FALSE_FINDS = 0.05
"""Share of pairs called more than chance that chance alone brought, at most (Benjamini & Hochberg 1995)."""
ALL = "all"
NO_PAIR = N_("まだ言えません。偶然に重なったとは言えないほど、同じ人が来ているお店の組はありません。")
SURE, UNSURE = N_("偶然とは言えません"), N_("偶然かもしれません")


def gather(source: Source, asked: Asked) -> Told:
    rows = source.rows(asked.since, asked.until)
    shops = int(rows.shop.max(initial=-1)) + 1
    visits = np.unique(rows.consumer.astype(np.int64) * max(shops, 1) + rows.shop)
    person, shop = visits // max(shops, 1), visits % max(shops, 1)
    first, second = _pairs(person)
    raw = guard.Raw(range(shops), shop[first], person[first], cols=range(shops), col=shop[second])
    return Told(both=guard.publish_grid(raw), everybody=guard.publish(guard.Raw([ALL], 0 * person, person)))


def _pairs(person: np.ndarray[tuple[int], np.dtype[np.int64]]) -> tuple[np.ndarray[tuple[int], np.dtype[np.int64]], ...]:
    """Rows of the same person, ascending, each with itself and each later one: two arrays of places."""
    ends = np.searchsorted(person, person, side="right")
    many = ends - np.arange(len(person))
    first = np.repeat(np.arange(len(person)), many)
    return first, first + np.arange(len(first)) - np.repeat(np.cumsum(many) - many, many)


def tell(asked: Asked, told: Told) -> Answer:
    heads = (
        Head(N_("お店"), "text"),
        Head(N_("もう1軒"), "text"),
        Head(N_("両方に来た人"), "count"),
        Head(N_("偶然の何倍以上か"), "text"),
        Head(N_("確かさ"), "text"),
    )
    everybody = people(told.line("everybody")[ALL])
    found = [] if everybody is None else _judged(told.grid("both"), everybody)
    named = [(asked.names.get(a, "?"), asked.names.get(b, "?"), many, times, q) for a, b, many, times, q in found]
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (a, b, many, f"{times:.1f}", Words(SURE if q <= FALSE_FINDS else UNSURE)) for a, b, many, times, q in named[:LISTED]
    )
    sure = [each for each in named if each[4] <= FALSE_FINDS]
    shown = (sure or named)[:PICTURED]
    chart = Chart(
        "bars",
        "people",
        tuple(f"{a} ＋ {b}" for a, b, *_ in shown),
        (Series(Words(N_("両方に来た人")), tuple(many for _, _, many, *_ in shown)),),
    )
    if not named:
        return thin(heads, rows, chart)
    note = Words(
        N_(
            "10人単位の切り下げの人数だけから、いちばん控えめに計算しています。本当の重なりはこれより大きいことがあります。多くの組を一度に調べるので、見かけだけの組が5%%以下になるように選んでいます。"
        )
    )
    if not sure:
        return Answer(Words(NO_PAIR), heads, rows, chart, None, can_tell=False, notes=(note,))
    a, b, many, times, _ = sure[0]
    text = N_("「%(one)s」と「%(other)s」の両方に来た人が%(people)s人以上います。偶然に重なる人数の%(times)s倍以上です。")
    facts: dict[str, int | str | Words] = {"one": a, "other": b, "people": many, "times": f"{times:.1f}"}
    action = Action(N_("2軒を結ぶクーポンを作る"), "association.new_coupon")
    return Answer(Words(text, facts), heads, rows, chart, action, notes=(note,))


def _judged(grid: Grid, everybody: int) -> list[tuple[int, int, int, float, float]]:
    """Pairs of shops: people at both, how many times chance at least, and q; the surest first, of these the most people.

    Full tens hide up to nine people. Each pair is taken as if both shops had nine more, and nobody else and nobody of both had: then
    times and q are no better than the truth, and nothing stands behind them but what was told. Pairs that are not told count
    as tested, and as chance.
    """
    from analytics.kernels import covisits  # slow to load, and only whoever asks needs it

    shops = len(grid.by_row.labels)
    shared = np.zeros((shops, shops), np.int32)
    for a, b, figure in grid.told():
        shared[int(str(a)), int(str(b))] = shared[int(str(b)), int(str(a))] = figure.persons
    hidden = 9 * (np.diagonal(shared) > 0)
    alone = np.minimum(np.diagonal(shared) + hidden, everybody)
    np.fill_diagonal(shared, alone)
    tested = covisits.tested(shared, persons=everybody)
    first, second = np.nonzero(np.triu(~np.isnan(tested.p), 1))
    lift, p, many = tested.lift[first, second], tested.p[first, second], shared[first, second]
    q = covisits.adjusted(np.where(lift > 1, p, 1.0))
    told = np.flatnonzero(many > 0)
    order = told[np.lexsort((-lift[told], -many[told], q[told] > FALSE_FINDS))]
    return [(int(first[at]), int(second[at]), int(many[at]), np.floor(lift[at] * 10) / 10, float(q[at])) for at in order.tolist()]


REPORT = Report("covisits", N_("同じ人が行くお店"), N_("どのお店とどのお店に、同じ人が来ていますか"), DISTRICT, QUARTER, gather, tell)
