"""From where customers come: payments of a month by the first digits of the postcode that people told of themselves.

Counted once, soon after the month is over, and kept as it was told: whoever answers, changes the answer or leaves later changes nothing, so
that no two answers can be set off against each other. Where somebody lives never stands in the columns. See decision 96.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import numpy as np

from analytics import guard
from analytics.guard import Grid, Published
from analytics.reports.answers import Action, Answer, Cell, Chart, Head, Series, Told, Words, people, thin, yen
from analytics.reports.frame import BOTH, Report
from analytics.reports.source import Asked, Source, distinct, following, owner_of
from analytics.snapshot import Int64
from base.errors import N_

OTHERS, UNKNOWN = "others", "unknown"
"""Areas together of which few people told; and whoever told nothing."""
NOT_COUNTED = N_("まだ言えません。この月は、お住まいの地域を数えていません。月が終わったときに、教えてくださった方がいれば数えます。")
PER = 100
"""Residents to whom those who came are told."""
CANNOT = N_("言えません")
SHARES = N_(
    "住む人の数は、「測るもの」でメッシュの人口の場所に郵便番号の上3けたを書いた地域だけにあります。教えてくださった方だけを数えているので、実際の割合はこれより大きくなります。"
)
NOBODY_TOLD = N_("まだ言えません。お住まいの地域を教えてくださった方が、地域ごとに10人いません。")


def people_of(source: Source, month: date) -> Int64:
    """Codes of those who paid in the month, each once."""
    return distinct(source.rows(month, following(month)).consumer.astype(np.int64))


def count(source: Source, month: date, area_of: Mapping[int, str], held_with: Mapping[int, int]) -> Grid:
    """Shops × areas of one month as the guard tells them, within what the month's table tells of each shop. `area_of`: by consumer code.

    An area has a column of its own where ten people of it paid at shops of three owners: that it is named says no more. The totals of the
    district are told as to whoever may own a shop. `held_with`: as in `Asked`.
    """
    master, rows = source.master(month), source.rows(month, following(month))
    told = sorted({area for area in area_of.values() if area})
    place_of = {area: place for place, area in enumerate(told)}
    codes = np.full(max(int(rows.consumer.max(initial=-1)), *area_of, -1) + 1, len(told))
    for code, area in area_of.items():
        codes[code] = place_of.get(area, len(told))
    place = codes[rows.consumer]
    known = place < len(told)
    behind = guard.publish(guard.Raw(told, place[known], rows.consumer[known]))
    owner = owner_of(rows.shop, held_with)
    owners = guard.shops_behind(place, owner, len(told) + 1)
    named = [area for area, _ in behind.told() if len(owners[place_of[str(area)]]) >= guard.LEAST_OTHERS]
    cols = [*named, OTHERS, UNKNOWN]
    at = {area: cols.index(area) if area in named else len(named) for area in told}
    column = np.array([*(at[area] for area in told), len(cols) - 1], np.int64)[place]
    raw = guard.Raw(master.by_row.labels, rows.shop, rows.consumer, rows.yen, cols=cols, col=column)
    return guard.columns_among_shops(guard.publish_grid_within(raw, master.by_row), raw, owner)


def of_shop(grid: Grid, shop: int) -> Published:
    """A shop's row; one where nobody paid looks like any other of which nothing may be told."""
    return grid.row(shop) if shop in grid.by_row.labels else _nothing()


def gather(_source: Source, asked: Asked) -> Told:
    """What was kept of the month."""
    return Told(homes=_nothing() if asked.homes is None else asked.homes)


def _nothing() -> Published:
    nothing = np.zeros(0, np.int64)
    return guard.publish(guard.Raw([OTHERS, UNKNOWN], nothing, nothing, nothing))


def _name(area: str) -> Words:
    if area == OTHERS:
        return Words(N_("ほかの地域"))
    if area == UNKNOWN:
        return Words(N_("教わっていない"))
    return Words(N_("郵便番号 %(area)s"), {"area": area})


def tell(asked: Asked, told: Told) -> Answer:
    line = told.line("homes")
    areas = sorted(
        (str(area) for area in line.labels if area not in (OTHERS, UNKNOWN)), key=lambda area: (-(people(line[area]) or 0), area)
    )
    heads: tuple[Head, ...] = (
        Head(N_("お客様の地域"), "text"),
        Head(N_("人数"), "count"),
        Head(N_("お支払い（円）"), "yen"),
        Head(N_("割合（パーセント）"), "percent"),
    )
    residents = asked.measured.residents
    heads += (Head(N_("住む人100人あたり（人）"), "text"),) if residents else ()
    whole = yen(line.total)
    rows: list[tuple[Cell, ...]] = []
    for area in (*areas, OTHERS, UNKNOWN):
        spent = yen(line[area])
        share = (_per_residents(people(line[area]), residents.get(area)),) if residents else ()
        rows.append((_name(area), people(line[area]), spent, None if spent is None or not whole else spent * 100 // whole, *share))
    names = tuple(_name(area) for area in (*areas, OTHERS, UNKNOWN))
    counts = tuple(people(line[area]) for area in (*areas, OTHERS, UNKNOWN))
    chart = Chart("bars", "people", names, (Series(Words(N_("人数")), counts),))
    if asked.homes is None:
        return Answer(Words(NOT_COUNTED), heads, tuple(rows), None, None, can_tell=False)
    if line.total is None:
        return thin(heads, rows, chart)
    first = line[areas[0]] if areas else None
    if first is None:
        return Answer(Words(NOBODY_TOLD), heads, tuple(rows), chart, None, can_tell=False)
    facts: dict[str, int | str | Words] = {"area": areas[0], "people": first.persons}
    note = Words(N_("利用者が教えてくださった郵便番号の上3けたから、月が終わったときに一度だけ数えます。人数は10人単位の切り下げです。"))
    if asked.shop is None:
        text = N_("教えてくださった方では、郵便番号 %(area)s から来た人がいちばん多く、%(people)s人以上です。ポスターは、まずそこへ。")
        rarest = _rarest(line, areas, residents)
        if rarest is not None:
            facts |= {"rarest": rarest}
            text = N_(
                "教えてくださった方では、郵便番号 %(area)s から来た人がいちばん多く、%(people)s人以上です。"
                "住む人のわりに少ないのは %(rarest)s です。ポスターは、まずそこへ。"
            )
        action = Action(N_("ポスターのQRで配るクーポンを作る"), "association.new_coupon")
    else:
        text = N_("教えてくださったお客様では、郵便番号 %(area)s から来た人がいちばん多く、%(people)s人以上です。")
        action = Action(N_("お客様を見る"), "merchant.shop_sales")
    return Answer(
        Words(text, facts), heads, tuple(rows), chart, action, notes=(note, *_silent(line), *((Words(SHARES),) if residents else ()))
    )


def _per_residents(came: int | None, residents: int | None) -> Words | str:
    """Of each hundred who live there, in tenths, rounded down as the people are; where either is not known, that it cannot be told."""
    if came is None or not residents:
        return Words(CANNOT)
    return f"{came * PER * 10 // residents / 10:.1f}"


def _rarest(line: Published, areas: list[str], residents: Mapping[str, int]) -> str | None:
    """The area with the fewest customers for those who live there, where two can be set beside each other and it is not the first one."""
    shares = {area: (people(line[area]) or 0) / residents[area] for area in areas if line[area] and residents.get(area)}
    rarest = min(shares, key=lambda area: (shares[area], area), default=None)
    return rarest if len(shares) > 1 and rarest != areas[0] else None


def _silent(line: Published) -> tuple[Words, ...]:
    """How many told nothing: what the areas say holds for the others no further than they are like them."""
    silent = people(line[UNKNOWN])
    if silent is None or line.total is None:
        return ()
    return (Words(N_("%(all)s人以上のうち、%(silent)s人以上からは教わっていません。"), {"all": line.total.persons, "silent": silent}),)


REPORT = Report("catchment", N_("どこから来るか"), N_("お客様は、どのあたりから来ていますか"), BOTH, 1, gather, tell)
