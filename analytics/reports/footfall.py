"""通行量と来店: whether those who pass also pay, by place, weekday and part of the day."""

from __future__ import annotations

from collections import defaultdict

from analytics.reports.answers import Action, Answer, Cell, Chart, Head, Series, Told, Words
from analytics.reports.days import gather_days, told_days
from analytics.reports.frame import DISTRICT, Report
from analytics.reports.measured import Measured
from analytics.reports.source import BANDS, Asked
from analytics.rules.hints import rounded
from base.errors import N_

SATURDAY = 5
WHEN = (N_("平日の%(band)s"), N_("土日の%(band)s"))
LEAST_PASSERS = 100
"""Of fewer nothing is said: one bus would change it."""
LEAST_DAYS = 4
"""And of fewer days neither: yen are told to two digits, so that no part of a day can be worked out from the sums of others."""
PLACE = N_("%(place)s")
HEADS = (
    Head(N_("場所"), "text"),
    Head(N_("時間帯"), "text"),
    Head(N_("日数"), "count"),
    Head(N_("通行量（人）"), "count"),
    Head(N_("支払った人"), "count"),
    Head(N_("100人あたりのお支払い（円）"), "yen"),
)


def tell(asked: Asked, told: Told) -> Answer:
    measured: Measured = asked.measured
    yen, people = told_days(asked, told)
    rows: list[tuple[Cell, ...]] = []
    by_band: dict[tuple[str, int], list[int]] = defaultdict(lambda: [0, 0])
    for place in measured.footfall:
        slots: dict[tuple[int, int], list[int]] = defaultdict(lambda: [0, 0, 0, 0])
        for (day, band), passers in place.cells.items():
            if (day, band) in yen:
                part_of_week = int(day.weekday() >= SATURDAY)
                for at, part in enumerate((1, passers, people[day, band], yen[day, band])):
                    slots[part_of_week, band][at] += part
                by_band[place.name, band][0] += passers
                by_band[place.name, band][1] += yen[day, band]
        for (part_of_week, band), (days, passers, paid, sum_yen) in sorted(slots.items()):
            if passers >= LEAST_PASSERS and days >= LEAST_DAYS:
                when = Words(WHEN[part_of_week], {"band": Words(BANDS[band])})
                row = (place.name, when, days, passers, paid, rounded(sum_yen * 100 / passers))
                rows.append(row)
    told_bands = {key: rounded(sum_yen * 100 / passers) for key, (passers, sum_yen) in by_band.items() if passers >= LEAST_PASSERS}
    notes = (
        Words(N_("通行量は通った回数で、同じ人が何度も数えられます。お支払いはまち全体で、抜けのない時間帯だけを比べました。")),
        Words(N_("支払った人は10人単位の切り下げを日ごとに足したもの、円は上2桁までです。")),
    )
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


REPORT = Report("footfall", N_("通行量と来店"), N_("通る人は、お店に入っていますか"), DISTRICT, 1, gather_days, tell)
