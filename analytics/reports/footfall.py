"""通行量と来店: whether those who pass also pay, by place, weekday and part of the day."""

from __future__ import annotations

from collections import defaultdict

from analytics.reports.answers import Action, Answer, Cell, Chart, Head, Series, Told, Words
from analytics.reports.days import days_by_month, told_days
from analytics.reports.frame import DISTRICT, Report
from analytics.reports.measured import Counted, Measured
from analytics.reports.source import BANDS, Asked, Source
from analytics.reports.street_days import streets, streets_by_month, told_of_street
from analytics.rules.against import Cells
from analytics.rules.hints import rounded
from base.errors import N_

SATURDAY = 5
WHEN = (N_("平日の%(band)s"), N_("土日の%(band)s"))
LEAST_PASSERS = 100
"""Of fewer nothing is said: one bus would change it."""
LEAST_DAYS = 4
"""And of fewer days neither: yen are told to two digits, so that no part of a day can be worked out from the sums of others."""
PLACE = N_("%(place)s")
OF_STREET, OF_TOWN = N_("その通りのお店"), N_("まち全体")
HEADS = (
    Head(N_("場所"), "text"),
    Head(N_("どこのお支払い"), "text"),
    Head(N_("時間帯"), "text"),
    Head(N_("日数"), "count"),
    Head(N_("通行量（人）"), "count"),
    Head(N_("支払った人"), "count"),
    Head(N_("100人あたりのお支払い（円）"), "yen"),
)


def gather(source: Source, asked: Asked) -> Told:
    """The town's days, and those of the streets in which something is counted."""
    return Told(**days_by_month(source, asked), **streets_by_month(source, asked))


def tell(asked: Asked, told: Told) -> Answer:
    measured: Measured = asked.measured
    known = set(streets(asked))
    yen, people = told_days(asked, told)
    rows: list[tuple[Cell, ...]] = []
    by_band: dict[tuple[str, int], list[int]] = defaultdict(lambda: [0, 0, 0])
    silent: list[str] = []
    for place in measured.footfall:
        of_street = place.name in known
        own = told_of_street(asked, told, place.name, yen) if of_street else (yen, people)
        if of_street and not own[0]:
            silent.append(place.name)
        slots = _slots(place, *own)
        rows += _rows(place.name, OF_STREET if of_street else OF_TOWN, slots)
        for (_, band), (days, passers, _, sum_yen) in slots.items():
            for at, part in enumerate((days, passers, sum_yen)):
                by_band[place.name, band][at] += part
    told_bands = {
        key: rounded(sum_yen * 100 / passers)
        for key, (days, passers, sum_yen) in by_band.items()
        if passers >= LEAST_PASSERS and days >= LEAST_DAYS
    }
    if any(name in known for name, _ in told_bands):  # the yen of a street and those of the town are not ranked together
        told_bands = {key: each for key, each in told_bands.items() if key[0] in known}
    notes = _notes(silent)
    if len(told_bands) < 2:
        text = N_("まだ言えません。通行量とお支払いの両方がそろった時間帯が足りません。")
        return Answer(Words(text), HEADS, tuple(rows), None, None, can_tell=False, notes=notes)
    best, least = max(told_bands, key=lambda key: told_bands[key]), min(told_bands, key=lambda key: told_bands[key])
    facts: dict[str, int | str | Words] = {
        "place": best[0],
        "band": Words(BANDS[best[1]]),
        "yen": told_bands[best],
        "other": least[0],
        "other_band": Words(BANDS[least[1]]),
        "other_yen": told_bands[least],
    }
    text = N_(
        "人通りがいちばんお支払いになるのは%(place)sの%(band)sで、100人あたり%(yen)s円。いちばんならないのは%(other)sの%(other_band)sで%(other_yen)s円です。"
    )
    names = list(dict.fromkeys(name for name, _ in told_bands))
    if len(names) == 1:
        bands = [band for band in range(4) if (names[0], band) in told_bands]
        series = (Series(Words(HEADS[-1].title), tuple(told_bands[names[0], band] for band in bands)),)
        chart = Chart("bars", "yen", tuple(Words(BANDS[band]) for band in bands), series)
    else:
        cells = {name: tuple(told_bands.get((name, band)) for band in range(4)) for name in names}
        places = tuple(Series(Words(PLACE, {"place": name}), values) for name, values in cells.items())
        chart = Chart("heat", "yen", tuple(Words(band) for band in BANDS), places)
    action = Action(N_("空いた時間のクーポンを作る"), "association.new_coupon")
    return Answer(Words(text, facts), HEADS, tuple(rows), chart, action, notes=notes)


def _slots(place: Counted, yen: Cells, people: Cells) -> dict[tuple[int, int], list[int]]:
    """By part of the week and of the day: days, passers-by, people who paid and yen, of the parts of days that are counted and told."""
    slots: dict[tuple[int, int], list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    for (day, band), passers in place.cells.items():
        if (day, band) in yen:
            for at, part in enumerate((1, passers, people[day, band], yen[day, band])):
                slots[int(day.weekday() >= SATURDAY), band][at] += part
    return slots


def _rows(name: str, whose: str, slots: dict[tuple[int, int], list[int]]) -> list[tuple[Cell, ...]]:
    found: list[tuple[Cell, ...]] = []
    for (part_of_week, band), (days, passers, paid, sum_yen) in sorted(slots.items()):
        if passers >= LEAST_PASSERS and days >= LEAST_DAYS:
            when = Words(WHEN[part_of_week], {"band": Words(BANDS[band])})
            found.append((name, Words(whose), when, days, passers, paid, rounded(sum_yen * 100 / passers)))
    return found


def _notes(silent: list[str]) -> tuple[Words, ...]:
    """`silent`: streets of which nothing is told."""
    return (
        Words(N_("通行量は通った回数で、同じ人が何度も数えられます。抜けのない時間帯だけを比べました。")),
        Words(
            N_(
                "お支払いは、場所の名前が「町の見取り図」の通りと同じなら、その通りのお店の分です（お店が3軒と、お客様が10人から）。そうでなければ、まち全体です。"
            )
        ),
        Words(N_("支払った人は10人単位の切り下げを日ごとに足したもの、円は上2桁までです。")),
        *(Words(N_("%(place)s: 通りのお支払いは、3軒か10人に満たない時間ばかりで、まだ言えません。"), {"place": name}) for name in silent),
    )


REPORT = Report("footfall", N_("通行量と来店"), N_("通る人は、お店に入っていますか"), DISTRICT, 1, gather, tell)
