"""できごと: what happened to the project, and the form that notes it."""

from __future__ import annotations

from flask import g, redirect, request, url_for
from werkzeug.wrappers import Response as Answer

from subsidy import commands
from subsidy.rules.progress import FOLLOWS, WITH_AMOUNTS, missing_before
from subsidy.schemas import FactSchema, FilterSchema
from subsidy.views.frame import group_page, pages, standing
from web import forms


@pages.get("/group/<int:project_id>/facts")
def facts(project_id: int) -> str:
    """All of them, the newest on top."""
    project = standing(project_id)
    asked = FilterSchema().load(request.args)["kind"]
    ready = [kind for kind in FOLLOWS if not missing_before(kind, project.facts)]
    return group_page("subsidy/facts.html", project, ready=ready, chosen=asked if asked in ready else "", with_amounts=WITH_AMOUNTS)


@pages.post("/group/<int:project_id>/facts")
def note_fact(project_id: int) -> Answer:
    """書く."""
    commands.note_fact(g.session, g.who, project_id, forms.load(FactSchema), now=g.clock())
    return redirect(url_for(".home", project_id=project_id), 303)
