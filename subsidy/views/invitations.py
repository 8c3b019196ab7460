"""招待: the lead's form that chooses what an outside expert sees."""

from __future__ import annotations

from flask import g, redirect, url_for
from werkzeug.wrappers import Response as Answer

from subsidy import commands
from subsidy.schemas.invitations import InvitationSchema
from subsidy.views.frame import pages
from web import forms


@pages.post("/group/<int:project_id>/members/<int:party_id>/invitation")
def invite(project_id: int, party_id: int) -> Answer:
    """この範囲を見せる."""
    commands.invite(g.session, g.who, project_id, party_id, forms.load(InvitationSchema), now=g.clock())
    return redirect(url_for(".member", project_id=project_id, party_id=party_id), 303)


@pages.post("/group/<int:project_id>/members/<int:party_id>/invitation/end")
def end_invitation(project_id: int, party_id: int) -> Answer:
    """招待を終える."""
    commands.end_invitation(g.session, g.who, project_id, party_id, now=g.clock())
    return redirect(url_for(".member", project_id=project_id, party_id=party_id), 303)
