"""The demo's shortcuts: signing in as one of the prepared people, and everybody's mail on one page. Demo mode only."""

from __future__ import annotations

from flask import abort, g, render_template
from werkzeug.wrappers import Response as Answer

from base.errors import N_
from identity import commands, queries
from identity.letters import write
from identity.views.frame import browser, demo_only, district, enter, now, pages, wanted

DEMO_ROLES = {
    "consumer": N_("利用者"),
    "owner": N_("店主"),
    "clerk": N_("発行担当"),
    "approver": N_("承認者"),
    "auditor": N_("監査担当"),
    "administrator": N_("管理者"),
    "group_lead": N_("代表事業者"),
}
START = {"consumer": "/wallet/", "owner": "/shop/", "group_lead": "/group/"}


@pages.post("/demo/sign-in/<role>")
def demo_sign_in(role: str) -> Answer:
    """Signed in as whoever has held this role longest."""
    demo_only()
    held = {"clerk": "issuer"}.get(role, role)
    person_id = queries.first_holder(g.session, district().id, held) if role in DEMO_ROLES else None
    if person_id is None:
        abort(404)
    opened = commands.open_session(g.session, district().id, person_id, browser(), way="demo", now=now(), trusted_from=now())
    return enter(opened, wanted(START.get(role, "/desk/")))


@pages.get("/demo/mailbox")
def mailbox() -> str:
    """The newest mails, each in its own language: nothing leaves the machine in demo mode."""
    demo_only()
    letters = [(post, *write(post)) for post in queries.mailbox(g.session, district().id)]
    return render_template("identity/mailbox.html", letters=letters)
