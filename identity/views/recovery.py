"""回復コード: making them, and coming in by one."""

from __future__ import annotations

from flask import g, render_template
from werkzeug.wrappers import Response as Answer

from identity import commands, queries
from identity.schemas import CodeSchema
from identity.views.frame import browser, district, enter, now, pages, person_only
from web import forms


@pages.get("/recover")
def recover_page() -> str:
    """Type one of the ten."""
    return render_template("identity/recover.html", back="/sign-in")


@pages.post("/recover")
def recover() -> Answer:
    """Signed in here, and out everywhere else; next is to see what the lost device could still do."""
    opened = commands.recover(g.session, district().id, forms.load(CodeSchema)["code"], browser(), now=now())
    return enter(opened, "/account/devices")


@pages.get("/account/recovery-codes")
def recovery_codes_page() -> str:
    """How many are left, and the button that makes new ones."""
    who = person_only()
    return render_template("identity/recovery_codes.html", ways=queries.ways_in(g.session, who), codes=[], back="/account/devices")


@pages.post("/account/recovery-codes")
def make_recovery_codes() -> str:
    """Ten new ones, shown this once and so without a redirect: sending the form again makes ten others."""
    who = person_only()
    codes = commands.make_recovery_codes(g.session, who, now=now())
    return render_template("identity/recovery_codes.html", ways=queries.ways_in(g.session, who), codes=codes, back="/account/devices")
