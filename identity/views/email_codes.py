"""The code that was mailed: one page for whoever joins, comes back, or adds an address."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from flask import g, redirect, render_template
from werkzeug.wrappers import Response as Answer

from identity import commands
from identity.commands import NewPerson
from identity.errors import CodeEnded
from identity.schemas import CodeSchema
from identity.views.frame import Slip, browser, district, enter, keep_slip, need_slip, now, pages, person_only, read_slip, wiring
from web import forms
from web.frame import district_name
from web.i18n import language


def mail_code(slip: Slip) -> Answer:
    """Send a code to the slip's address and go where it is typed in."""
    code_id = commands.send_code(
        g.session,
        district().id,
        district_name(),
        slip.email,
        address=browser().address,
        device=browser().device_token,
        language=language(),
        now=now(),
    )
    return keep_slip(redirect("/sign-in/code", 303), replace(slip, code_id=str(code_id)))


@pages.get("/sign-in/code")
def code_page() -> str | Answer:
    """Type the six digits. Whether the address is known here is not said."""
    slip = read_slip()
    if slip is None or slip.code_id is None:
        return redirect("/sign-in", 303)
    return render_template("identity/code.html", slip=slip, demo=wiring().settings.demo)


@pages.post("/sign-in/code")
def prove() -> Answer:
    """The right code signs in whoever has the address, joins who gave a nickname, or adds it to an account."""
    slip = need_slip()
    if slip.code_id is None:
        raise CodeEnded
    typed = forms.load(CodeSchema)["code"]
    here = browser()
    email = commands.prove_email(
        g.session, district().id, UUID(slip.code_id), slip.email, typed, address=here.address, device=here.device_token, now=now()
    )
    if slip.person_id is not None:
        commands.change_email(g.session, person_only(), slip.person_id, email, now=now())
        return redirect(slip.next, 303)
    opened = commands.enter_by_email(g.session, district().id, email, browser(), now=now())
    if opened is not None:
        return enter(opened, slip.next)
    if slip.nickname is None:
        return keep_slip(redirect("/sign-up/name", 303), replace(slip, code_id=None))
    new = NewPerson(slip.nickname, language(), email)
    return enter(commands.join_by_email(g.session, wiring().sign_up, district().id, new, browser(), now=now()), slip.next)


@pages.post("/sign-in/code/again")
def mail_again() -> Answer:
    """A new mail to the same address; the code of the last one still counts until its time is over."""
    return mail_code(need_slip())
