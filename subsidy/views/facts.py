"""できごと: what happened to the project, and the form that notes it."""

from __future__ import annotations

from flask import g, redirect, request, url_for
from werkzeug.wrappers import Response as Answer

from subsidy import commands, queries
from subsidy.rules.progress import FOLLOWS, WITH_AMOUNTS, missing_before
from subsidy.schemas import FactSchema, FilterSchema
from subsidy.views.frame import group_page, pages, standing
from subsidy.views.next_step import noted
from subsidy.views.printing import PRINTERS, printed
from subsidy.views.result import ask_for
from web import forms


@pages.get("/group/<int:project_id>/facts")
def facts(project_id: int) -> str:
    """All of them, the newest on top."""
    project = standing(project_id)
    asked = FilterSchema().load(request.args)["kind"]
    filed = {"submitted": project.filing, "result_filed": project.claim.filing if project.claim else None}
    now = {"submitted": project.fingerprint, "result_filed": queries.Result(queries.Costs(project)).fingerprint}
    ready = [kind for kind in FOLLOWS if not missing_before(kind, project.facts)]
    chosen = next((kind for kind in (asked, *map(noted, project.steps)) if kind in ready), "")
    done = {row.id for row in queries.duties_done(project.history)}  # reports quote each of them, not the newest alone
    return group_page("subsidy/facts.html", project, ready=ready, chosen=chosen, with_amounts=WITH_AMOUNTS, filed=filed, now=now, done=done)


@pages.post("/group/<int:project_id>/facts")
def note_fact(project_id: int) -> Answer:
    """書く."""
    new = forms.load(FactSchema)
    if new.kind not in PRINTERS:
        commands.note_fact(g.session, g.who, project_id, new, now=g.clock())
        return redirect(url_for(".home", project_id=project_id), 303)
    project = standing(project_id)
    papers = printed(project, new)
    commands.note_fact(g.session, g.who, project_id, new, papers, now=project.now)
    if papers and new.kind == "result_filed":
        g.pop("standing")
        ask_for(queries.result_of(standing(project_id)), papers.language)  # the worker binds the book, which is then kept as well
    return redirect(url_for(".home", project_id=project_id), 303)
