"""補助金を渡す: what falls to each member, and the transfers that were made."""

from __future__ import annotations

from flask import g, redirect, request, url_for
from werkzeug.wrappers import Response as Answer

from subsidy import commands
from subsidy.commands import Passed
from subsidy.schemas.passing import PassedSchema
from subsidy.views.frame import BODY_MAX_BYTES, group_page, pages, sent_file, standing
from web import forms
from web.forms import takes_files


@pages.get("/group/<int:project_id>/shares")
def shares(project_id: int) -> str:
    """Member by member."""
    project = standing(project_id)
    left = [(each.party_id, project.name_of(each.party_id)) for each in project.passing if each.proof is None]
    again = [(each.party_id, project.name_of(each.party_id)) for each in project.passing if each.proof is not None]
    return group_page("subsidy/shares.html", project, parties=[*left, *again])


@pages.post("/group/<int:project_id>/shares")
@takes_files(BODY_MAX_BYTES)
def pass_on(project_id: int) -> Answer:
    """渡したことを書く."""
    form = forms.load(PassedSchema)
    name, content = sent_file(request.files.get("file"))
    new = Passed(form["day"], form["amount"], name, content)
    commands.pass_on(g.session, g.who, project_id, form["party_id"], new, now=g.clock())
    return redirect(url_for(".shares", project_id=project_id), 303)
