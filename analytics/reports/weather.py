"""天気と通り: what rain, snow and heat do to payments and to each street, beside the usual of the weekday."""

from __future__ import annotations

from datetime import date

from analytics.reports.answers import Action, Answer, Cell, Chart, Head, Series, Told, Words
from analytics.reports.days import gather_days, told_days
from analytics.reports.frame import DISTRICT, Report
from analytics.reports.measured import Measured, Sky
from analytics.reports.source import Asked
from analytics.rules.against import Cells, Effect, effect, ratios
from base.errors import N_

MONTHS = 6
SNOWY_CM, HEAVY_MM, WET_MM, HOT, COLD = 1, 30.0, 1.0, 35.0, 5.0
SKIES = (
    ("snow", N_("雪の日（積雪1cm以上）"), N_("雪")),
    ("heavy", N_("大雨の日（30mm以上）"), N_("大雨")),
    ("rain", N_("雨の日（1mm以上）"), N_("雨")),
    ("hot", N_("猛暑の日（35℃以上）"), N_("猛暑")),
    ("cold", N_("寒い日（最高5℃未満）"), N_("寒さ")),
)
"""A kind of day, its name, and the short one in the picture."""
PAYMENTS = N_("まちのお支払い")
HEADS = (Head(N_("天気"), "text"), Head(N_("何が"), "text"), Head(N_("日数"), "count"), Head(N_("いつもの同じ曜日と比べて"), "text"))
CHANGE = N_("%(percent)s%%（%(low)s〜%(high)s%%）")
CANNOT = N_("言えません")


def sky(day: Sky) -> str:
    """What a day was, the rarest first; fair where nothing stands out, unknown where rain was not measured."""
    if day.snow is not None and day.snow >= SNOWY_CM:
        return "snow"
    if day.rain is None:
        return "unknown"
    if day.rain >= HEAVY_MM:
        return "heavy"
    if day.rain >= WET_MM:
        return "rain"
    if day.high is not None and day.high >= HOT:
        return "hot"
    return "cold" if day.high is not None and day.high < COLD else "fair"


def ordinary(measured: Measured) -> set[date]:
    """Fair days on which nothing was announced."""
    return {day for day, each in measured.weather.items() if sky(each) == "fair"} - measured.events.keys()


def change(found: Effect) -> Words:
    """In words of a table."""
    if not found.is_told:
        return Words(CANNOT)
    return Words(CHANGE, {name: signed(getattr(found, name)) for name in ("percent", "low", "high")})


def signed(percent: int) -> str:
    """More or less, with the sign that print has for it."""
    return f"{percent:+,}".replace("-", "−")


def tell(asked: Asked, told: Told) -> Answer:
    measured: Measured = asked.measured
    yen, _ = told_days(asked, told)
    usual = ordinary(measured)
    lines: list[tuple[Words | str, Cells]] = [(Words(PAYMENTS), yen), *((each.name, each.cells) for each in measured.lines)]
    rows: list[tuple[Cell, ...]] = []
    told_rows: list[tuple[str, str, Words | str, Effect]] = []
    logs = [(name, ratios(cells, usual)) for name, cells in lines]
    for kind, title, short in SKIES:
        days = [day for day, each in measured.weather.items() if sky(each) == kind and day not in measured.events]
        for name, found in logs:
            one = effect(found, days)
            if one.days:
                rows.append((Words(title), name, one.days, change(one)))
            if one.is_told:
                told_rows.append((title, short, name, one))
    notes = (
        Words(
            N_("催しの日は除きました。かっこの中は、95%%の確かさで入る幅です。日が4日より少ないか、幅が0をまたぐときは「言えません」です。")
        ),
        Words(N_("10人未満で出せない時間は入っていないため、減り方は実際より小さく見えることがあります。")),
    )
    if not told_rows:
        text = N_("まだ言えません。天気によるお支払いや人通りの違いは、ふだんの揺れと見分けがつきません。")
        return Answer(Words(text), HEADS, tuple(rows), None, None, can_tell=False, notes=notes)
    strongest, _, of, most = max(told_rows, key=lambda row: abs(row[3].percent))
    facts: dict[str, int | str | Words] = {"sky": Words(strongest), "what": of, "percent": abs(most.percent)}
    if most.percent < 0:
        text = N_("%(sky)sは、%(what)sがいつもの同じ曜日より%(percent)s%%少なくなります。")
    else:
        text = N_("%(sky)sは、%(what)sがいつもの同じ曜日より%(percent)s%%多くなります。")
    marks = tuple(Words(N_("%(sky)s %(what)s"), {"sky": Words(short), "what": what}) for _, short, what, _ in told_rows)
    bars = Chart("bars", "percent", marks, (Series(Words(N_("いつもとの違い")), tuple(each.percent for *_, each in told_rows)),))
    return Answer(Words(text, facts), HEADS, tuple(rows), bars, Action(N_("クーポンを作る"), "association.new_coupon"), notes=notes)


REPORT = Report("weather", N_("天気と通り"), N_("どの天気のとき、どの通りが空きますか"), DISTRICT, MONTHS, gather_days, tell)
