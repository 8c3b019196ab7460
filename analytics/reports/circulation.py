"""回遊: from which shop people go on to which within a day, counted in people."""

from __future__ import annotations

from typing import Any

import numpy as np

from analytics import guard
from analytics.reports.answers import Action, Answer, Cell, Chart, Head, Series, Told, Words, people, thin
from analytics.reports.frame import DISTRICT, QUARTER, Report
from analytics.reports.source import Asked, Part, Rows, Source
from analytics.snapshot import Month
from base.errors import N_

PICTURED = 12
STAYED, WENT_ON = range(2)


def _part(rows: Rows, month: Month) -> dict[str, Any]:
    from analytics.kernels import transitions  # slow to load, and only whoever counts needs it

    found = transitions.transitions_part(rows.at, rows.consumer, rows.shop, rows.yen, consumers=month.consumers, shops=month.shops)
    return found._asdict()


PART = Part("moves", 1, _part)


def gather(source: Source, asked: Asked) -> Told:
    from analytics.kernels import transitions
    from analytics.kernels.columns import kept

    parts = [kept(transitions.TransitionsPart, arrays) for _, arrays in source.parts(PART, asked.until, asked.since)]
    if not parts:
        nothing = np.zeros(0, np.int64)
        return Told(
            moves=guard.publish_grid(guard.Raw([], nothing, nothing, cols=[], col=nothing)),
            people=guard.publish(guard.Raw((STAYED, WENT_ON), nothing, nothing)),
        )
    whole = transitions.combine(parts)
    shops, person = whole.shops, whole.person
    cell = np.repeat(np.arange(len(whole.start) - 1), np.diff(whole.start))
    origin, target = cell // shops, cell % shops
    onward = origin != target
    everybody = np.flatnonzero(whole.first_shop >= 0)
    went = np.isin(everybody, person[onward])
    raw = guard.Raw(range(shops), origin[onward], person[onward], cols=range(shops), col=target[onward])
    return Told(moves=guard.publish_grid(raw), people=guard.publish(guard.Raw((STAYED, WENT_ON), went.astype(np.int64), everybody)))


def tell(asked: Asked, told: Told) -> Answer:
    found = sorted(told.grid("moves").told(), key=lambda cell: (-cell[2].persons, str(cell[0]), str(cell[1])))
    named = [(asked.names.get(int(str(a)), "?"), asked.names.get(int(str(b)), "?"), figure.persons) for a, b, figure in found]
    heads = (Head(N_("このお店から"), "text"), Head(N_("このお店へ"), "text"), Head(N_("人数"), "count"))
    rows: tuple[tuple[Cell, ...], ...] = tuple(named)
    marks = tuple(f"{a} → {b}" for a, b, _ in named[:PICTURED])
    chart = Chart("flows", "people", marks, (Series(Words(N_("人数")), tuple(count for _, _, count in named[:PICTURED])),))
    stayed, went = (people(told.line("people")[which]) for which in (STAYED, WENT_ON))
    note = Words(N_("24時間のうちに続けて払った人を、1組のお店につき1回数えます。10人未満の組は出ません。人数は10人単位の切り下げです。"))
    if not named:
        return thin(heads, rows, chart)
    first = named[0]
    facts: dict[str, int | str | Words] = {"origin": first[0], "target": first[1], "people": first[2]}
    text = N_("いちばん多い行き来は「%(origin)s」から「%(target)s」へで、%(people)s人以上です。")
    if stayed is not None and went is not None:
        facts |= {"went": went, "all": stayed + went}
        text = N_(
            "%(all)s人以上のうち%(went)s人以上が、1日に2軒以上を回りました。いちばん多いのは「%(origin)s」から「%(target)s」へで、%(people)s人以上です。"
        )
    action = Action(N_("2軒を結ぶクーポンを作る"), "association.new_coupon")
    return Answer(Words(text, facts), heads, rows, chart, action, notes=(note,))


REPORT = Report("circulation", N_("まちの回遊"), N_("お客様は、次にどのお店へ行きますか"), DISTRICT, QUARTER, gather, tell)
