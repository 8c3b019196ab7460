"""始める: a nickname and one touch, or a nickname and a code from a mail; then on to wherever one was going."""

from __future__ import annotations

from flask import g, jsonify, redirect, render_template, request
from werkzeug.wrappers import Response as Answer

from identity import commands
from identity.commands import NewPerson
from identity.schemas import JoinByEmailSchema, JoinSchema, NicknameSchema
from identity.views.email_codes import mail_code
from identity.views.frame import Slip, browser, district, enter, me, need_slip, now, pages, read_slip, site, wanted, wiring
from web import forms
from web.i18n import language


@pages.get("/sign-up")
def sign_up_page() -> str | Answer:
    """One short form; what it is asked for stands below it."""
    if me().person_id is not None:
        return redirect(wanted(), 303)
    return render_template("identity/sign_up.html", next=wanted(), terms=wiring().terms)


@pages.post("/sign-up")
def join() -> Answer:
    """With a passkey: joined. With an address: a mail goes out first."""
    if not request.form.get("credential"):
        typed = forms.load(JoinByEmailSchema)
        return mail_code(Slip(typed["email"], None, typed["next"], nickname=typed["nickname"]))
    typed = forms.load(JoinSchema)
    new = NewPerson(typed["nickname"], language())
    opened = commands.join_by_passkey(g.session, wiring().sign_up, district().id, new, typed["credential"], site(), browser(), now=now())
    return enter(opened, typed["next"])


@pages.post("/sign-up/passkey")
def sign_up_options() -> Answer:
    """What the browser needs to make a passkey, as JSON for its script."""
    nickname = forms.load(JoinSchema)["nickname"]
    here = browser()
    return jsonify(
        commands.sign_up_options(g.session, district().id, site(), nickname, address=here.address, device=here.device_token, now=now())
    )


@pages.get("/sign-up/name")
def name_page() -> str | Answer:
    """The address is proved and nobody has it yet: only the nickname is missing."""
    slip = read_slip()
    if slip is None or slip.code_id is not None:
        return redirect("/sign-up", 303)
    return render_template("identity/name.html", slip=slip, terms=wiring().terms)


@pages.post("/sign-up/name")
def join_by_email() -> Answer:
    """Joined, with the address that was proved."""
    slip = need_slip()
    if slip.code_id is not None:
        return redirect("/sign-in/code", 303)
    new = NewPerson(forms.load(NicknameSchema)["nickname"], language(), slip.email)
    return enter(commands.join_by_email(g.session, wiring().sign_up, district().id, new, browser(), now=now()), slip.next)
