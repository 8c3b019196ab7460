"""The coordinator's Monday: what the district's payments say, and what to do about it."""

from __future__ import annotations

from flask import Response, g, render_template

import identity.queries
from analytics import queries
from analytics.queries import Asked
from analytics.views.frame import Card, cards, file_of, last_day, months, pages


@pages.get("/desk/insight")
def district() -> str:
    """One card for each report of the district."""
    found = district_cards()
    before, after, shown = months(found)
    name = identity.queries.person_profile(g.session, g.who).nickname
    return render_template(
        "analytics/district.html",
        cards=found,
        before=before,
        after=after,
        shown=shown,
        has_answers=any(card.asked for card in found if card.report.months),
        own_name=name,
        kept=queries.kept_papers(g.session, g.who),
        endpoint="district",
    )


def district_cards() -> list[Card]:
    """A card for each report of the district, of the month that the address asks for. Raises Forbidden."""
    return cards(
        queries.district_reports(g.session, g.who),
        lambda each, last: queries.district_report(g.session, g.who, each.name, now=g.clock(), last=last),
    )


@pages.get("/desk/insight/<name>.<any(xlsx, csv):file>")
def district_file(name: str, file: str) -> Response:
    """A report's table. Raises ReportUnknown and what the report refuses."""
    listed = {each.name: each for each in queries.district_reports(g.session, g.who)}
    months_of = listed[name].months if name in listed else 1
    asked: Asked = queries.district_report(g.session, g.who, name, now=g.clock(), last=last_day() if months_of else None)
    return file_of(asked, file)
