"""季節ごと: how much is paid in a month of each season, and in which parts of its week (seasons of the Japan Meteorological Agency)."""

from __future__ import annotations

from datetime import date

from analytics.guard import Published
from analytics.reports.answers import Action, Answer, Cell, Chart, Head, Series, Told, Words, thin
from analytics.reports.frame import BOTH, Report
from analytics.reports.source import BANDS, SLOTS, WEEKDAYS, Asked, Source, shop_row
from base.errors import N_

MONTHS = 12
SEASONS = (N_("春（3〜5月）"), N_("夏（6〜8月）"), N_("秋（9〜11月）"), N_("冬（12〜2月）"))
WHOLE = N_("全部")
HEADS = (Head(N_("季節"), "text"), Head(N_("曜日"), "text"), Head(N_("時間帯"), "text"), Head(N_("1か月あたりのお支払い（円）"), "yen"))


def season_of(month: date) -> int:
    """0 spring to 3 winter."""
    return (month.month - 3) % 12 // 3


def gather(source: Source, asked: Asked) -> Told:
    """Each month as its own table tells it: means of these tell no more."""

    def line(month: date) -> Published:
        if asked.shop is not None:
            return shop_row(source.master(month), asked.shop)
        return source.by_slot(month, asked)

    return Told(**{f"{month:%Y%m}": line(month) for month in asked.months})


def tell(asked: Asked, told: Told) -> Answer:
    months = [(season_of(month), told.line(f"{month:%Y%m}")) for month in asked.months]

    def mean(season: int, slot: tuple[int, int] | None) -> int | None:
        """Of those months of the season of which it is told."""
        figures = [line.total if slot is None else line[slot] for of, line in months if of == season]
        yen = [figure.yen for figure in figures if figure is not None and figure.yen is not None]
        return sum(yen) // len(yen) if yen else None

    names = tuple(Words(name) for name in SEASONS)
    wholes = tuple(mean(season, None) for season in range(len(SEASONS)))
    rows: list[tuple[Cell, ...]] = [(name, Words(WHOLE), Words(WHOLE), whole) for name, whole in zip(names, wholes, strict=True)]
    parts = [(season, slot, mean(season, slot)) for season in range(len(SEASONS)) for slot in SLOTS]
    rows += [(names[season], Words(WEEKDAYS[weekday]), Words(BANDS[band]), yen) for season, (weekday, band), yen in parts]
    chart = Chart("bars", "yen", names, (Series(Words(HEADS[-1].title), wholes),))
    known = [(yen, season) for season, yen in enumerate(wholes) if yen is not None]
    busy = [(yen, season, slot) for season, slot, yen in parts if yen is not None]
    if len(known) < 2 or not busy:
        return thin(HEADS, rows, chart)
    most, least, (_, season, (weekday, band)) = max(known), min(known), max(busy)
    facts: dict[str, int | str | Words] = {
        "most": names[most[1]],
        "yen": most[0],
        "least": names[least[1]],
        "season": names[season],
        "weekday": Words(WEEKDAYS[weekday]),
        "band": Words(BANDS[band]),
    }
    text = N_(
        "1か月あたりのお支払いがいちばん多いのは%(most)sで%(yen)s円、少ないのは%(least)sです。いちばん混むのは%(season)sの%(weekday)s%(band)sです。"
    )
    action = Action(N_("季節のクーポンを作る"), "association.new_coupon")
    if asked.shop is not None:
        action = Action(N_("売上を見る"), "merchant.shop_sales")
    note = Words(N_("12か月から。言える月だけの平均なので、言えない月の多い季節は当てになりません。"))
    return Answer(Words(text, facts), HEADS, tuple(rows), chart, action, notes=(note,))


REPORT = Report("season", N_("季節ごとの混み方"), N_("どの季節の、いつが混みますか"), BOTH, MONTHS, gather, tell)
