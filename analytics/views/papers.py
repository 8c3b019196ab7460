"""今月の報告書, 商店会の1枚 and the reports that are kept: the answers of one month on paper, nothing but what the guard published."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from flask import Response, g

from analytics import queries
from analytics.errors import PaperUnknown
from analytics.queries import Asked, month_end
from analytics.views.frame import last_day, pages
from analytics.views.month import frame, month_data, tell
from analytics.views.printing import finding
from web import i18n, papers, pdf

ON_THE_SHEET = ("circulation", month_end.EFFECTS, month_end.FORECAST, "profile", "cohorts", "rfm", "customers")
"""For the shops' meeting, the most telling first; not `movers`, which is about single shops' money."""
FINDINGS = 3


@pages.get("/desk/insight/month.pdf")
def month_report() -> Response:
    """Four A4 pages for an assembly. Raises Forbidden, and what all reports refuse alike."""
    told = tell(_ask, last_day(), {each.name for each in queries.district_reports(g.session, g.who)})
    shown = told["customers"].last
    data = month_data(told | _month_end(shown), _ask, frame(g.district, g.clock()))
    return _paper("insight_report", data, f"insight-{shown:%Y-%m}.pdf")


@pages.get("/desk/insight/meeting.pdf")
def meeting_sheet() -> Response:
    """One A4 for the shops' meeting: three findings, those that tell something first. Raises as `month_report`."""
    customers = _ask("customers", last_day())
    shown = customers.last  # of one month: others are of a quarter
    kept = {"customers": customers, **_month_end(shown)}
    told = [kept[name] if name in kept else _ask(name, last_day()) for name in ON_THE_SHEET]
    chosen = sorted(told, key=lambda each: (not each.answer.can_tell, each.answer.action is None))
    findings = [finding(each, is_short=True) for each in chosen[:FINDINGS]]
    data = papers.insight_sheet(month=i18n.month(shown.year, shown.month), findings=findings, **frame(g.district, g.clock()))
    return _paper("insight_sheet", data, f"meeting-{shown:%Y-%m}.pdf")


@pages.get("/desk/insight/kept/<month>.pdf")
def kept_report(month: str) -> Response:
    """The report as it was made when the month was over. Raises Forbidden, PaperUnknown."""
    try:
        first = date.fromisoformat(f"{month}-01")
    except ValueError:
        raise PaperUnknown from None
    return _sent(queries.kept_paper(g.session, g.who, first), f"insight-{first:%Y-%m}.pdf")


def _month_end(last: date) -> dict[str, Asked]:
    return month_end.district_month_end(g.session, g.who, last.replace(day=1))


def _ask(name: str, last: date | None) -> Asked:
    return queries.district_report(g.session, g.who, name, now=g.clock(), last=last, for_outsiders=True)


def _paper(template: str, data: Mapping[str, Any], name: str) -> Response:
    return _sent(pdf.render(template, data), name)


def _sent(content: bytes, name: str) -> Response:
    answer = Response(content, mimetype="application/pdf")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    answer.headers["Cache-Control"] = "no-store"
    return answer
