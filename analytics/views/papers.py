"""今月の報告書 and 商店会の1枚: the answers of one month on paper, nothing but what the guard published."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from flask import Response, g

from analytics import queries
from analytics.queries import THIN, WITHHELD, Asked, Chart, Series, Words
from analytics.views.district import district_cards
from analytics.views.drawing import draw
from analytics.views.frame import Card, cell, pages, words
from analytics.views.printing import printed
from base.errors import N_
from web import i18n, papers, pdf
from web.i18n import _, named, translate
from web.papers import Finding, Whole
from web.papers.letter import signed

TREND_MONTHS = 6
ON_THE_SHEET = ("circulation", "profile", "cohorts", "rfm", "customers")
"""For the shops' meeting, the most telling first; not `movers`, which is about single shops' money."""
FINDINGS = 3
SHEET_MARKS = 5
"""Bars and flows that are read from the last row of a room."""
SHEET_ROWS = 7
NEW, RETURNING, LAPSED = range(3)
"""Rows of `customers`."""


@pages.get("/desk/insight/month.pdf")
def month_report() -> Response:
    """Four A4 pages for an assembly. Raises Forbidden, and what all reports refuse alike."""
    told = _told()
    shown = told["customers"].last
    month = i18n.month(shown.year, shown.month)
    found = {name: _finding(asked) for name, asked in told.items()}
    order = (("customers",), ("profile", "circulation"), ("cohorts", "rfm"), ("movers",))
    data = papers.insight_report(
        month=month,
        whole=Whole(
            sentence=_month_sentence(told["customers"], month),
            figures=_figures(told["customers"]),
            trend=_trend(told["customers"]),
            found=[found[name].sentence for row in order[1:] for name in row],
        ),
        pages=[[found[name] for name in row] for row in order],
        changes=_changes(told["movers"]),
        **_frame(),
    )
    return _paper("insight_report", data, f"insight-{shown:%Y-%m}.pdf")


@pages.get("/desk/insight/meeting.pdf")
def meeting_sheet() -> Response:
    """One A4 for the shops' meeting: three findings, those that tell something first. Raises as `month_report`."""
    told = _told()
    shown = told["customers"].last
    chosen = sorted((told[name] for name in ON_THE_SHEET), key=lambda each: (not each.answer.can_tell, each.answer.action is None))
    findings = [_finding(each, is_short=True) for each in chosen[:FINDINGS]]
    data = papers.insight_sheet(month=i18n.month(shown.year, shown.month), findings=findings, **_frame())
    return _paper("insight_sheet", data, f"meeting-{shown:%Y-%m}.pdf")


def _told() -> Mapping[str, Asked]:
    """Each report of the month with its answer: a paper is made of all of them or not at all. What changed is told without the shops."""
    found: dict[str, Asked] = {}
    for card in _of_months(district_cards()):
        if card.refused:
            raise card.refused
        assert card.asked is not None
        found[card.report.name] = queries.without_shops(card.asked) if card.report.name == "movers" else card.asked
    return found


def _of_months(found: list[Card]) -> list[Card]:
    return [card for card in found if card.report.months]


def _finding(asked: Asked, *, is_short: bool = False) -> Finding:
    answer = asked.answer
    chart = _short(answer.chart) if is_short and answer.chart else answer.chart
    drawing = None if chart is None else draw(chart, translate, translate(WITHHELD))
    return Finding(
        title=translate(asked.report.title),
        sentence=words(answer.sentence),
        about=_about(asked, chart),
        notes=[words(note) for note in answer.notes],
        picture=None if drawing is None else printed(drawing),
        todo=translate(answer.action.label) if answer.action else "",
    )


def _short(chart: Chart) -> Chart:
    """The first bars or flows, the newest rows."""
    if chart.kind in ("heat", "line"):
        return Chart(chart.kind, chart.unit, chart.marks, chart.series[-SHEET_ROWS:])
    series = tuple(Series(each.name, each.values[:SHEET_MARKS]) for each in chart.series)
    return Chart(chart.kind, chart.unit, chart.marks[:SHEET_MARKS], series)


def _about(asked: Asked, chart: Chart | None) -> str:
    """「2026年8月〜2026年10月・単位 人」."""
    first, last = (i18n.month(day.year, day.month) for day in (asked.first, asked.last))
    period = last if first == last else _("%(first)s〜%(last)s", first=first, last=last)
    if chart is None:
        return period
    yen = _("単位 千円") if chart.kind == "heat" else _("単位 円")
    return f"{period}{i18n.between()}{_('単位 人') if chart.unit == 'people' else yen}"


def _month_sentence(customers: Asked, month: str) -> str:
    """The month in one sentence; where it cannot be told, that."""
    new, returning = customers.answer.rows[NEW], customers.answer.rows[RETURNING]
    whole = _whole(customers)
    if not customers.answer.can_tell or whole is None:
        return words(customers.answer.sentence)
    text = N_("%(month)sは、%(yen)s円のお支払いがありました。初めての人が%(new)s人以上、前にも来た人が%(returning)s人以上です。")
    return words(Words(text, {"month": month, "yen": whole, "new": int(str(new[1])), "returning": int(str(returning[1]))}))


def _whole(customers: Asked) -> int | None:
    """Yen of the month: both kinds of customers together, where both may be told."""
    parts = [customers.answer.rows[row][2] for row in (NEW, RETURNING)]
    known = [part for part in parts if isinstance(part, int)]
    return sum(known) if len(known) == len(parts) else None


def _figures(customers: Asked) -> list[tuple[str, str]]:
    rows = customers.answer.rows
    whole = _whole(customers)
    figures = [(_("お支払い"), cell(None) if whole is None else i18n.yen(whole))]
    for row in (NEW, RETURNING, LAPSED):
        people = rows[row][1]
        figures.append((cell(rows[row][0]), cell(None) if people is None else _("%(count)s人以上", count=cell(people))))
    return figures


def _changes(movers: Asked) -> list[list[str]]:
    """A row a weekday, a column a part of the day; what is withheld is a word, never a zero."""
    table: dict[str, dict[str, str]] = {}
    for slot, _was, _now, change in movers.answer.rows:
        assert isinstance(slot, Words)
        weekday, band = (cell(slot.facts[part]) for part in ("weekday", "band"))
        table.setdefault(weekday, {})[band] = signed(change) if isinstance(change, int) else _("非表示")
    bands = list(next(iter(table.values())))
    return [["", *bands], *([weekday, *row.values()] for weekday, row in table.items())]


def _trend(customers: Asked) -> Finding:
    """New and returning customers of the last months, each as it was told by itself."""
    months: list[Asked] = [customers]
    while len(months) < TREND_MONTHS:
        last = months[0].first - timedelta(days=1)
        months.insert(0, queries.district_report(g.session, g.who, "customers", now=g.clock(), last=last))
    series = tuple(
        Series(name, tuple(_people(each, row) for each in months))
        for row, name in ((NEW, Words(N_("初めて"))), (RETURNING, Words(N_("前にも来た"))))
    )
    chart = Chart("line", "people", tuple(f"{each.last:%Y-%m}" for each in months), series)
    drawing = draw(chart, translate, translate(WITHHELD))
    told = [value for value in series[RETURNING].values if value is not None]
    sentence = Words(THIN)
    if len(told) > 1:
        text = N_("前にも来た人は、この%(months)sか月の言える月で、%(least)s人以上から%(most)s人以上のあいだです。")
        if min(told) == max(told):
            text = N_("前にも来た人は、この%(months)sか月の言える月で、どの月も%(least)s人台です。")
        sentence = Words(text, {"months": len(months), "least": min(told), "most": max(told)})
    return Finding(
        title=_("この半年のお客様"),
        sentence=words(sentence),
        about=_about(Asked(customers.report, months[0].first, customers.last, customers.answer), chart),
        picture=None if drawing is None else printed(drawing),
    )


def _people(asked: Asked, row: int) -> int | None:
    found = asked.answer.rows[row][1]
    return found if isinstance(found, int) else None


def _frame() -> dict[str, Any]:
    return {
        "district": named(g.district),
        "association": g.district.association,
        "contact": g.district.contact,
        "made_at": g.clock(),
    }


def _paper(template: str, data: Mapping[str, Any], name: str) -> Response:
    answer = Response(pdf.render(template, data), mimetype="application/pdf")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    answer.headers["Cache-Control"] = "no-store"
    return answer
