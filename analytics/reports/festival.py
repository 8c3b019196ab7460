"""祭りの日: what announced days brought, beside the same weekdays around them."""

from __future__ import annotations

from analytics.reports.answers import Action, Answer, Cell, Chart, Head, Series, Told, Words
from analytics.reports.days import gather_days, told_days
from analytics.reports.frame import DISTRICT, Report
from analytics.reports.measured import Measured
from analytics.reports.source import Asked
from analytics.reports.weather import MONTHS, PAYMENTS, change, signed
from analytics.rules.against import Cells, Effect, one_day, ratios
from base.errors import N_

HEADS = (Head(N_("日"), "text"), Head(N_("催し"), "text"), Head(N_("何が"), "text"), Head(N_("いつもの同じ曜日と比べて"), "text"))


def tell(asked: Asked, told: Told) -> Answer:
    measured: Measured = asked.measured
    yen, _ = told_days(asked, told)
    days = sorted(day for day in measured.events if asked.since <= day < asked.until)
    rows: list[tuple[Cell, ...]] = []
    bars: list[tuple[str, Effect]] = []
    lines: list[tuple[Words | str, Cells]] = [(Words(PAYMENTS), yen), *((each.name, each.cells) for each in measured.lines)]
    for name, cells in lines:
        usual = {day for day, _ in cells} - measured.events.keys()
        logs = ratios(cells, usual)
        for day in days:
            found = one_day(logs, day, usual)
            rows.append((day, measured.events[day], name, change(found)))
            if isinstance(name, Words) and found.is_told:
                bars.append((f"{day.month}/{day.day} {measured.events[day]}", found))
    rows.sort(key=lambda row: str(row[0]))
    notes = (
        Words(N_("かっこの中は、ふつうの日のばらつきから見た95%%の幅です。幅が0をまたぐときは「言えません」です。")),
        Words(N_("その日だけの違いです。ほかの日のお客様が移っただけかもしれません。")),
    )
    if not bars:
        text = N_("まだ言えません。催しの日のお支払いは、ふだんの揺れと見分けがつかないか、比べる日が足りません。")
        return Answer(Words(text), HEADS, tuple(rows), None, None, can_tell=False, notes=notes)
    most = max(bars, key=lambda row: abs(row[1].percent))
    facts: dict[str, int | str | Words] = {
        "event": most[0],
        "percent": abs(most[1].percent),
        "low": signed(most[1].low),
        "high": signed(most[1].high),
    }
    if most[1].percent > 0:
        text = N_("%(event)sの日は、お支払いがいつもの同じ曜日より%(percent)s%%多くなりました（%(low)s〜%(high)s%%）。")
    else:
        text = N_("%(event)sの日は、お支払いがいつもの同じ曜日より%(percent)s%%少なくなりました（%(low)s〜%(high)s%%）。")
    chart = Chart(
        "bars", "percent", tuple(mark for mark, _ in bars), (Series(Words(N_("いつもとの違い")), tuple(e.percent for _, e in bars)),)
    )
    return Answer(Words(text, facts), HEADS, tuple(rows), chart, Action(N_("クーポンを作る"), "association.new_coupon"), notes=notes)


REPORT = Report("festival", N_("祭りの日"), N_("祭りや催しは、何をもたらしましたか"), DISTRICT, MONTHS, gather_days, tell)
