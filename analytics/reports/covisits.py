"""同じ人が行くお店: pairs of shops that share more people than chance would bring, judged by what is published alone."""

from __future__ import annotations

from collections.abc import Hashable

from analytics import guard
from analytics.reports.answers import Action, Answer, Head, Told, Words, people, thin
from analytics.reports.frame import DISTRICT, QUARTER, Report
from analytics.reports.pairs import Pair, judged, shown
from analytics.reports.source import Asked, Source
from base.errors import N_

ALL = "all"
NO_PAIR = N_("まだ言えません。偶然に重なったとは言えないほど、同じ人が来ているお店の組はありません。")


def gather(source: Source, asked: Asked) -> Told:
    rows = source.rows(asked.since, asked.until)
    both = guard.publish_shared(guard.Raw(range(int(rows.shop.max(initial=-1)) + 1), rows.shop, rows.consumer))
    return Told(both=both, everybody=both.by_row.whole(ALL))


def tell(asked: Asked, told: Told) -> Answer:
    heads = (
        Head(N_("お店"), "text"),
        Head(N_("もう1軒"), "text"),
        Head(N_("両方に来た人"), "count"),
        Head(N_("偶然の何倍以上か"), "text"),
        Head(N_("確かさ"), "text"),
    )
    everybody = people(told.line("everybody")[ALL])
    found = [] if everybody is None else judged(told.grid("both"), everybody)

    def names(shop: Hashable) -> str:
        return asked.names.get(int(str(shop)), "?")

    named: list[Pair] = [(names(one), names(other), many, times, q) for one, other, many, times, q in found]
    rows, chart, sure = shown(named, Words(N_("両方に来た人")))
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


REPORT = Report(
    "covisits", N_("同じ人が行くお店"), N_("どのお店とどのお店に、同じ人が来ていますか"), DISTRICT, QUARTER, gather, tell, pairs_shops=True
)
