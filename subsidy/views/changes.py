"""計画変更: what differs from the decision, what of it the office must approve, and what a member that leaves does to everybody."""

from __future__ import annotations

from flask import g, redirect, url_for
from werkzeug.wrappers import Response as Answer

from base.clock import tokyo_day
from subsidy import commands, queries, titles
from subsidy.commands import NewChange
from subsidy.errors import NothingChanged
from subsidy.queries import Changes, Standing
from subsidy.rules.changes import Difference
from subsidy.schemas.plan import ChangeAnswerSchema, ChangeSchema
from subsidy.views.costs import costs_of
from subsidy.views.frame import group_page, pages, standing
from web import forms
from web.i18n import translate, yen


@pages.get("/group/<int:project_id>/changes")
def plan_changes(project_id: int) -> str:
    """Before and after, what needs what, and every change that was asked."""
    found = _changes(project_id)
    return group_page("subsidy/changes.html", found.project, changes=found, costs=found.costs, said=difference_words)


@pages.post("/group/<int:project_id>/changes")
def ask_change(project_id: int) -> Answer:
    """申請したことを書く: with the differences of this moment. Raises NothingChanged."""
    form = forms.load(ChangeSchema)
    found = _changes(project_id)
    if not found.found:
        raise NothingChanged
    said = tuple(difference_words(found.project, each) for each in found.found)
    new = NewChange(form["day"] or tokyo_day(g.clock()), form["words"], said, found.decided, found.costs.planned.parts, form["key"])
    commands.ask_change(g.session, g.who, project_id, new, now=g.clock())
    return redirect(url_for(".plan_changes", project_id=project_id), 303)


@pages.post("/group/<int:project_id>/changes/<int:number>")
def answer_change(project_id: int, number: int) -> Answer:
    """答えを書く."""
    form = forms.load(ChangeAnswerSchema)
    day = form["day"] or tokyo_day(g.clock())
    told = {"is_approved": form["verdict"] == "approved", "day": day, "words": form["words"]}
    commands.answer_change(g.session, g.who, project_id, number, **told, now=g.clock())
    return redirect(url_for(".plan_changes", project_id=project_id), 303)


def difference_words(project: Standing, found: Difference) -> str:
    """One difference as a sentence."""
    row = next((row for row in project.lines if row.number == found.line), None)
    facts = {
        "line": found.line,
        "what": row.words if row else "",
        "who": project.name_of(found.party) if found.party else "",
        "before": yen(found.before),
        "after": yen(found.after),
    }
    return translate(titles.CHANGES[found.code], facts)


def _changes(project_id: int) -> Changes:
    standing(project_id)
    return queries.changes(g.session, g.who, costs_of(project_id))
