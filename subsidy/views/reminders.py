"""催促: what was sent to whom, and the letters for those who have no mail."""

from __future__ import annotations

from flask import g, request, url_for

from subsidy import commands, queries
from subsidy.views.effect import year_words
from subsidy.views.frame import group_page, pages, standing
from subsidy.views.links import asked_words
from web.i18n import translate


@pages.get("/group/<int:project_id>/reminders")
def reminders(project_id: int) -> str:
    """Letters that wait on top, then everything that was sent, the newest first."""
    project = standing(project_id)
    rows = queries.reminders_of(g.session, g.who.district_id, project_id)
    waiting = {row.party_id: row for row in queries.letters(rows)}
    return group_page("subsidy/reminders.html", project, rows=rows, waiting=waiting)


@pages.post("/group/<int:project_id>/reminders/letters")
def print_letters(project_id: int) -> str:
    """手紙をまとめて作る: shown once, since of a page's address only the hash is kept."""
    made = commands.print_letters(g.session, g.who, project_id, now=g.clock())
    project = standing(project_id)
    host = request.host_url.rstrip("/")
    sheets = [
        (
            project.party(each.party_id),
            f"{host}{url_for('subsidy_outside.asked', token=each.token)}",
            each.until,
            translate(each.words),
            [asked_words(project, code) for code in each.asked],
            [year_words(project, year) for year in project.years_asked if not project.figure(each.party_id, year)],
        )
        for each in made
    ]
    return group_page("subsidy/letters.html", project, sheets=sheets)
