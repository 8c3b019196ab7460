"""The list of projects, the form that founds one, and 次にすること."""

from __future__ import annotations

from flask import g, redirect, url_for
from werkzeug.wrappers import Response as Answer

from base.clock import tokyo_day
from identity.commands import authorise
from subsidy import commands, queries
from subsidy.queries import replace_standing
from subsidy.rules.calls import call_of
from subsidy.rules.progress import is_closed
from subsidy.schemas import MoveSchema, NewProjectSchema, SettingsSchema
from subsidy.views.frame import group_page, pages, standing
from web import forms


@pages.get("/group/")
def index() -> str:
    """Every project that the reader has to do with."""
    return group_page("subsidy/projects.html", rows=queries.projects(g.session, g.who, today=tokyo_day(g.clock())))


@pages.get("/group/new")
def new_project() -> str:
    """The form. That the call is closed stands on top."""
    authorise(g.session, g.who, "subsidy.found", subject="page")
    call = call_of()
    closed = is_closed(tokyo_day(g.clock()), call)
    return group_page("subsidy/new_project.html", call=call, is_closed=closed, chosen=_chosen(()))


@pages.post("/group/new")
def found_project() -> Answer:
    """はじめる: pressed twice, there is one."""
    number = commands.found_project(g.session, g.who, forms.load(NewProjectSchema), now=g.clock())
    return redirect(url_for(".home", project_id=number), 303)


@pages.get("/group/<int:project_id>/")
def home(project_id: int) -> str | Answer:
    """次にすること. A member is led to its own page; an expert is told what it is invited to."""
    if queries.seat_of(g.session, g.who, project_id).role in ("participant", "provider"):
        return redirect(url_for(".own_page", project_id=project_id), 303)
    project = standing(project_id)
    return group_page("subsidy/invited.html" if project.seat.role == "expert" else "subsidy/home.html", project)


@pages.get("/group/<int:project_id>/settings")
def settings(project_id: int) -> str:
    """What the project is."""
    project = standing(project_id)
    newest = call_of(project.call.scheme)
    moved = replace_standing(project, call=newest) if newest.version > project.call.version else None
    changed = [name for name in newest.sources if newest.value_of(name) != project.call.value_of(name)] if moved else []
    history = queries.savings_of(g.session, g.who.district_id, project_id, queries.PROJECT)
    chosen = _chosen(project.business_types)
    return group_page("subsidy/settings.html", project, chosen=chosen, moved=moved, changed=changed, history=history)


@pages.post("/group/<int:project_id>/settings")
def keep_project(project_id: int) -> Answer:
    """保存する."""
    shape, revision = forms.load(SettingsSchema)
    commands.keep_project(g.session, g.who, project_id, shape, revision, now=g.clock())
    return redirect(url_for(".home", project_id=project_id), 303)


@pages.post("/group/<int:project_id>/settings/version")
def move_rules(project_id: int) -> Answer:
    """この版に移る."""
    form = forms.load(MoveSchema)
    commands.move_rules(g.session, g.who, project_id, form["version"], form["revision"], now=g.clock())
    return redirect(url_for(".settings", project_id=project_id), 303)


def _chosen(types: tuple[int, ...]) -> set[str]:
    """Which types of business are ticked: as they were typed before a refusal, else as they are kept."""
    typed = forms.refill().values
    return set(typed.get("business_types", [])) if typed else set(map(str, types))
