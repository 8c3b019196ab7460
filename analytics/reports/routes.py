"""よく歩かれる道順: in which order people go to shops on one outing, counted in people."""

from __future__ import annotations

from typing import Any

import numpy as np

from analytics import guard
from analytics.reports.answers import Action, Answer, Cell, Chart, Head, Series, Told, Words, thin
from analytics.reports.frame import DISTRICT, QUARTER, Report
from analytics.reports.source import Asked, Part, Rows, Source
from analytics.snapshot import Month
from base.errors import N_

LISTED, PICTURED = 50, 8
LONG = 3
"""Shops of a route worth telling before mere pairs, which まちの回遊 tells."""


def _part(rows: Rows, month: Month) -> dict[str, Any]:
    from analytics.kernels import outings  # slow to load, and only whoever counts needs it

    return outings.outings_part(rows.at, rows.consumer, rows.shop, consumers=month.consumers)._asdict()


PART = Part("routes", 1, _part)


def gather(source: Source, asked: Asked) -> Told:
    from analytics.kernels import outings, routes
    from analytics.kernels.columns import kept

    parts = [kept(outings.OutingsPart, arrays) for _, arrays in source.parts(PART, asked.until, asked.since)]
    nothing = np.zeros(0, np.int64)
    if not parts:
        return Told(routes=guard.publish(guard.Raw([], nothing, nothing)))
    whole = outings.combine(parts)
    walked = outings.outings(whole, shops=int(whole.shop.max(initial=-1)) + 1)
    found = routes.routes(walked, persons=guard.LEAST, most=LISTED)
    labels = [tuple(shop for shop in shops if shop >= 0) for shops in found.shops.tolist()]
    return Told(routes=guard.publish(guard.Raw(labels, *routes.walkers(walked, found))))


def tell(asked: Asked, told: Told) -> Answer:
    heads = (Head(N_("道順"), "text"), Head(N_("お店の数"), "text"), Head(N_("人数"), "count"))
    found = []
    for label, figure in told.line("routes").told():
        assert isinstance(label, tuple)
        found.append((" → ".join(asked.names.get(shop, "?") for shop in label), len(label), figure.persons))
    rows: tuple[tuple[Cell, ...], ...] = tuple((name, str(length), many) for name, length, many in found)
    marks = tuple(name for name, _, _ in found[:PICTURED])
    chart = Chart("bars", "people", marks, (Series(Words(N_("人数")), tuple(many for _, _, many in found[:PICTURED])),))
    if not found:
        return thin(heads, rows, chart)
    name, length, many = found[0]
    text = N_("いちばん多い道順は「%(route)s」で、%(people)s人以上が歩きました。")
    if length < LONG:
        text = N_("3軒以上の道順は、まだ10人以上が歩いたものがありません。2軒では「%(route)s」がいちばん多く、%(people)s人以上です。")
    note = Words(
        N_(
            "24時間あけずに続けて払ったお店の順です。間にほかのお店が入ることもあります。1人は1つの道順で1回だけ数え、10人単位の切り下げです。"
        )
    )
    action = Action(N_("道順に合わせたクーポンを作る"), "association.new_coupon")
    return Answer(Words(text, {"route": name, "people": many}), heads, rows, chart, action, notes=(note,))


REPORT = Report(
    "routes", N_("よく歩かれる道順"), N_("お客様は、どの順にお店を回りますか"), DISTRICT, QUARTER, gather, tell, pairs_shops=True
)
