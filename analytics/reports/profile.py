"""When customers come: by weekday and part of the day; for the district also by the hour."""

from __future__ import annotations

from analytics import guard
from analytics.guard import Figure
from analytics.reports.answers import Action, Answer, Cell, Chart, Head, Series, Told, Words, people, thin, yen
from analytics.reports.frame import BOTH, Report
from analytics.reports.source import BAND_OF_HOUR, BANDS, SLOTS, WEEKDAYS, Asked, Source, shop_row
from base.errors import N_

HOURS = tuple((weekday, hour) for weekday in range(7) for hour in range(24))
HEADS = (Head(N_("曜日"), "text"), Head(N_("時間帯"), "text"), Head(N_("人数"), "count"), Head(N_("お支払い（円）"), "yen"))


def gather(source: Source, asked: Asked) -> Told:
    grid = source.master(asked.since)
    if asked.shop is not None:
        return Told(slots=shop_row(grid, asked.shop))
    if asked.is_outside:
        return Told(slots=source.by_slot(asked.since, asked))
    rows = source.rows(asked.since, asked.until)
    raw = guard.Raw(HOURS, rows.weekday * 24 + rows.hour, rows.consumer, rows.yen)
    groups = [(weekday, int(BAND_OF_HOUR[hour])) for weekday, hour in HOURS]
    return Told(slots=grid.by_col, hours=guard.publish_within(raw, groups, grid.by_col))


def tell(asked: Asked, told: Told) -> Answer:
    slots = told.line("slots")
    found = [(weekday, band, figure) for (weekday, band), (_, figure) in zip(SLOTS, slots, strict=True)]
    rows: list[tuple[Cell, ...]] = [_row(weekday, Words(BANDS[band]), figure) for weekday, band, figure in found]
    hours = list(zip(HOURS, told.line("hours"), strict=True)) if asked.shop is None and not asked.is_outside else []
    if hours:
        rows += [_row(weekday, f"{hour}:00", figure) for (weekday, hour), (_, figure) in hours]
    if any(figure is not None for _, (_, figure) in hours):
        marks: tuple[str | Words, ...] = tuple(f"{hour}:00" for hour in range(24))
        cells = {place: yen(figure) for place, (_, figure) in hours}
        width = 24
    else:  # parts of the day may be told where no hour is
        marks, width = tuple(Words(band) for band in BANDS), len(BANDS)
        cells = {(weekday, band): yen(figure) for weekday, band, figure in found}
    series = tuple(Series(Words(WEEKDAYS[weekday]), tuple(cells[weekday, at] for at in range(width))) for weekday in range(7))
    chart = Chart("heat", "yen", marks, series)
    told_slots = [(figure.yen or 0, weekday, band) for weekday, band, figure in found if figure is not None]
    if len(told_slots) < 2:
        return thin(HEADS, rows, chart)
    most, least = max(told_slots), min(told_slots)
    facts: dict[str, int | str | Words] = {
        "weekday": Words(WEEKDAYS[most[1]]),
        "band": Words(BANDS[most[2]]),
        "yen": most[0],
        "other": Words(WEEKDAYS[least[1]]),
        "other_band": Words(BANDS[least[2]]),
    }
    text = N_("いちばん売れたのは%(weekday)sの%(band)sで%(yen)s円、言える中でいちばん少ないのは%(other)sの%(other_band)sです。")
    action = Action(N_("空いた時間のクーポンを作る"), "association.new_coupon") if asked.shop is None else None
    action = action or Action(N_("売上を見る"), "merchant.shop_sales")
    return Answer(Words(text, facts), HEADS, tuple(rows), chart, action, notes=(Words(N_("人数は10人単位の切り下げです。")),))


def _row(weekday: int, when: Cell, figure: Figure | None) -> tuple[Cell, ...]:
    return (Words(WEEKDAYS[weekday]), when, people(figure), yen(figure))


REPORT = Report("profile", N_("混む曜日と時間"), N_("お客様は、いつ来ますか"), BOTH, 1, gather, tell)
