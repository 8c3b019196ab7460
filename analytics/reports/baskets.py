"""一緒に買われるもの: pairs of articles on one receipt of a shop, counted in people."""

from __future__ import annotations

from collections import Counter

import numpy as np

from analytics import guard
from analytics.reports.answers import Action, Answer, Head, Told, Words, people, thin
from analytics.reports.frame import QUARTER, SHOP, Report
from analytics.reports.pairs import Pair, judged, pairs, shown
from analytics.reports.source import Asked, Source
from base.errors import N_

ARTICLES = 200
ALL = "all"
NO_PAIR = N_("まだ言えません。偶然に重なったとは言えないほど、一緒に買われる商品の組はありません。")


def gather(source: Source, asked: Asked) -> Told:
    """Receipts of whoever paid with the town's money: of others nobody knows whether they are ten people or one."""
    bought = source.baskets(asked.since, asked.until)
    often = Counter(article for _, articles in bought for article in set(articles))
    labels = [article for article, _ in sorted(often.items(), key=lambda each: (-each[1], each[0]))[:ARTICLES]]
    place = {article: at for at, article in enumerate(labels)}
    who = {customer: at for at, customer in enumerate(sorted({customer for customer, _ in bought}))}
    lines = [
        (receipt, place[article], who[customer])
        for receipt, (customer, articles) in enumerate(bought)
        for article in sorted(set(articles), key=lambda article: place.get(article, -1))
        if article in place
    ]
    receipt, article, person = np.array(lines, np.int64).reshape(-1, 3).T
    first, second = pairs(receipt)
    raw = guard.Raw(labels, article[first], person[first], cols=labels, col=article[second])
    return Told(both=guard.publish_grid(raw), everybody=guard.publish(guard.Raw([ALL], 0 * person, person)))


def tell(asked: Asked, told: Told) -> Answer:
    heads = (
        Head(N_("商品"), "text"),
        Head(N_("一緒の商品"), "text"),
        Head(N_("一緒に買った人"), "count"),
        Head(N_("偶然の何倍以上か"), "text"),
        Head(N_("確かさ"), "text"),
    )
    everybody = people(told.line("everybody")[ALL])
    found = [] if everybody is None else judged(told.grid("both"), everybody)
    named: list[Pair] = [(str(one), str(other), many, times, q) for one, other, many, times, q in found]
    rows, chart, sure = shown(named, Words(N_("一緒に買った人")))
    if not named:
        return thin(heads, rows, chart)
    note = Words(
        N_(
            "商品レジで売り、まちのお金で払われたレシートから。1人は1組の商品で1回だけ数え、10人単位の切り下げです。倍率はいちばん控えめに計算しています。"
        )
    )
    if not sure:
        return Answer(Words(NO_PAIR), heads, rows, chart, None, can_tell=False, notes=(note,))
    a, b, many, times, _ = sure[0]
    text = N_("「%(one)s」と「%(other)s」を一緒に買った人が%(people)s人以上います。偶然に重なる人数の%(times)s倍以上です。")
    facts: dict[str, int | str | Words] = {"one": a, "other": b, "people": many, "times": f"{times:.1f}"}
    action = Action(N_("並べ方やセットを考える"), "merchant.articles")
    return Answer(Words(text, facts), heads, rows, chart, action, notes=(note,))


REPORT = Report("baskets", N_("一緒に買われるもの"), N_("お客様は、何と何を一緒に買いますか"), SHOP, QUARTER, gather, tell)
