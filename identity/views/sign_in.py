"""ログイン and ログアウト."""

from __future__ import annotations

from flask import g, jsonify, redirect, render_template, request
from werkzeug.wrappers import Response as Answer

from identity import commands
from identity.schemas import EmailSchema, PasskeySchema
from identity.views.demo import DEMO_ROLES
from identity.views.email_codes import mail_code
from identity.views.frame import Slip, browser, district, enter, leave, me, now, pages, site, wanted, wiring
from web import forms


@pages.get("/sign-in")
def sign_in_page() -> str | Answer:
    """A touch, or a code by mail. Whoever has neither finds the recovery codes below."""
    if me().person_id is not None:
        return redirect(wanted(), 303)
    return render_template("identity/sign_in.html", next=wanted(), demo_roles=DEMO_ROLES if wiring().settings.demo else {})


@pages.post("/sign-in")
def sign_in() -> Answer:
    """With a passkey: signed in. With an address: a mail goes out first."""
    if "credential" not in request.form:
        typed = forms.load(EmailSchema)
        return mail_code(Slip(typed["email"], None, typed["next"]))
    typed = forms.load(PasskeySchema)
    return enter(commands.enter_by_passkey(g.session, district().id, typed["credential"], site(), browser(), now=now()), typed["next"])


@pages.post("/sign-in/passkey")
def sign_in_options() -> Answer:
    """What the browser needs to ask for a passkey, as JSON for its script."""
    here = browser()
    return jsonify(commands.sign_in_options(g.session, district().id, site(), address=here.address, device=here.device_token, now=now()))


@pages.get("/sign-out")
def sign_out_page() -> str | Answer:
    """The question, for whoever follows a link."""
    if me().person_id is None:
        return redirect("/", 303)
    return render_template("identity/sign_out.html", back=wanted())


@pages.post("/sign-out")
def sign_out() -> Answer:
    """Signed out on this device."""
    commands.end_session(g.session, me(), now=now())
    return leave("/")
