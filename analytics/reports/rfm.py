"""Who the customers are: segments by how recently, how often and for how much somebody paid (Fader, Hardie & Lee 2005)."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from analytics import guard
from analytics.reports.answers import Action, Answer, Cell, Chart, Head, Series, Told, Words, people, thin, yen
from analytics.reports.frame import DISTRICT, QUARTER, Report
from analytics.reports.source import Asked, Part, Rows, Source, following
from analytics.snapshot import Month
from base.errors import N_

SEGMENTS = (N_("常連"), N_("お得意"), N_("新しい・久しぶり"), N_("足が遠のいた常連"), N_("遠のいている"), N_("ときどき"))
ALL = "all"
REGULAR, FREQUENT, FRESH, LOST_REGULAR, LOST, SOMETIMES = range(6)


def _part(rows: Rows, month: Month) -> dict[str, Any]:
    from analytics.kernels import rfm  # slow to load, and only whoever counts needs it

    return rfm.rfm_part(rows.at, rows.consumer, rows.yen, consumers=month.consumers)._asdict()


PART = Part("rfm", 1, _part)


def gather(source: Source, asked: Asked) -> Told:
    """A month whose own sum may not be told is left out: else the quarter less its other months would tell it."""
    from analytics.kernels import rfm
    from analytics.kernels.columns import kept

    parts = dict(source.parts(PART, asked.until, asked.since))
    sums = {month: source.master(month).by_row.whole(ALL) for month in parts}
    told = {month: line for month, line in sums.items() if line.total is not None}
    if not told:
        nothing = np.zeros(0, np.int64)
        return Told(segments=guard.publish(guard.Raw(range(len(SEGMENTS)), nothing, nothing, nothing)))
    scored = rfm.scored(rfm.combine([kept(rfm.RfmPart, parts[month]) for month in told]))
    person = np.flatnonzero(scored.payments > 0)
    segment = segments(scored.recency[person], scored.frequency[person])
    raw = guard.Raw(range(len(SEGMENTS)), segment, person, scored.yen[person])
    line = guard.publish_within(raw, [ALL] * len(SEGMENTS), guard.together(list(told.values())))
    if asked.is_outside:
        of_person = np.zeros(len(scored.payments), np.int64)
        of_person[person] = segment
        visits = [source.rows(month, following(month)) for month in told]
        _, who, shop, paid = (np.concatenate(column) for column in zip(*visits, strict=True))
        raw = guard.Raw(range(len(SEGMENTS)), of_person[who], who, paid)
        line = guard.among_shops(line, raw, asked.owner(shop))
    return Told(segments=line)


def segments(recency: NDArray[np.int8], frequency: NDArray[np.int8]) -> NDArray[Any]:
    """int8[n]: each person's segment by two scores from 1 to 5."""
    recent, often, rare = recency >= 4, frequency >= 4, frequency <= 2
    found: NDArray[Any] = np.select(
        [recent & often, (recency >= 3) & (frequency >= 3), recent & rare, (recency <= 2) & often, (recency <= 2)],
        [REGULAR, FREQUENT, FRESH, LOST_REGULAR, LOST],
        SOMETIMES,
    )
    return found


def tell(asked: Asked, told: Told) -> Answer:
    line = told.line("segments")
    heads = (
        Head(N_("お客様の種類"), "text"),
        Head(N_("人数"), "count"),
        Head(N_("お支払い（円）"), "yen"),
        Head(N_("割合（パーセント）"), "percent"),
    )
    whole = yen(line.total)
    names = [Words(name) for name in SEGMENTS]
    rows: list[tuple[Cell, ...]] = []
    for name, (_, figure) in zip(names, line, strict=True):
        spent = yen(figure)
        rows.append((name, people(figure), spent, None if spent is None or not whole else spent * 100 // whole))
    chart = Chart("bars", "people", tuple(names), (Series(Words(N_("人数")), tuple(people(figure) for _, figure in line)),))
    regular, lost = line[REGULAR], line[LOST_REGULAR]
    note = Words(N_("3か月のお支払いから。人数は10人単位の切り下げです。最近さ・回数を5段階に分けています。"))
    if line.total is None or (regular is None and lost is None):
        return thin(heads, rows, chart)
    if regular is not None and regular.yen is not None and whole:
        share = regular.yen * 100 // whole
        if lost is None:
            text = N_("常連は%(people)s人以上で、お支払いの%(share)s%%を占めています。")
            sentence = Words(text, {"people": regular.persons, "share": share})
        else:
            text = N_("常連は%(people)s人以上で、お支払いの%(share)s%%を占めています。足が遠のいた常連が%(lost)s人以上います。")
            sentence = Words(text, {"people": regular.persons, "share": share, "lost": lost.persons})
    else:
        assert lost is not None
        sentence = Words(N_("足が遠のいた常連が%(lost)s人以上います。"), {"lost": lost.persons})
    action = Action(N_("久しぶりの方にお知らせを送る"), "association.announcements") if lost else None
    return Answer(sentence, heads, tuple(rows), chart, action or Action(N_("お知らせを送る"), "association.announcements"), notes=(note,))


REPORT = Report("rfm", N_("お客様の顔ぶれ"), N_("どんなお客様が、まちを支えていますか"), DISTRICT, QUARTER, gather, tell)
