"""What every page of identity needs: how it was set up, the browser that asks, and its cookies."""

from __future__ import annotations

import base64
import binascii
import json
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from typing import cast

from cryptography.exceptions import InvalidTag
from flask import Blueprint, Flask, abort, current_app, g, redirect, request
from werkzeug.wrappers import Response as Answer

from base.errors import NotSignedIn
from base.settings import Settings
from identity.commands import Browser, Opened, SignUp, Site, new_device_token
from identity.errors import CodeEnded
from identity.queries import District, Principal
from identity.rules import device_label, safe_next
from identity.vault import vault
from identity.views.asking import DEVICE_COOKIE, SESSION_COOKIE

pages = Blueprint("identity", "identity", template_folder="templates")

YEAR = timedelta(days=365)
DEVICE_LIFE = timedelta(days=400)  # browsers keep no cookie longer
SLIP_COOKIE = "meguri_slip"
SLIP_LIFE = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Wiring:
    """What the composition root decides. `sign_up`: the wallet's door. `terms`: where the terms can be read."""

    settings: Settings
    sign_up: SignUp
    terms: str


def setup(app: Flask, settings: Settings, *, sign_up: SignUp, terms: str) -> None:
    """Register the pages. `sign_up` makes a person with all that belongs to one, in one database transaction."""
    app.extensions["meguri.identity"] = Wiring(settings, sign_up, terms)
    app.register_blueprint(pages)


def wiring() -> Wiring:
    return cast(Wiring, current_app.extensions["meguri.identity"])


def district() -> District:
    return cast(District, g.district)


def me() -> Principal:
    """Whoever asks."""
    return cast(Principal, g.who)


def now() -> datetime:
    return cast(datetime, g.clock())


def site() -> Site:
    """Where passkeys belong: the installation's public address."""
    return Site(current_app.config["PUBLIC_URL"], district().name)


def browser() -> Browser:
    """The browser that asks, as far as it shows itself."""
    return Browser(
        device_token=request.cookies.get(DEVICE_COOKIE),
        label=device_label(request.user_agent.string),
        address=request.remote_addr or "",
        session_id=me().session_id if me().person_id is not None else None,
    )


def wanted(fallback: str = "/") -> str:
    """Where to go afterwards: what the form (shown again) or the address says, if it is a path of this site."""
    return safe_next(request.form.get("next") or request.args.get("next"), fallback)


def person_only() -> Principal:
    """Whoever asks, if it is a signed-in person. Raises NotSignedIn."""
    if me().person_id is None or me().session_id is None:
        raise NotSignedIn
    return me()


def demo_only() -> None:
    """This page does not exist outside demo mode."""
    if not wiring().settings.demo:
        abort(404)


def _set(answer: Answer, name: str, value: str, life: timedelta) -> None:
    answer.set_cookie(name, value, max_age=life, path="/", httponly=True, samesite="Lax", secure=wiring().settings.secure_cookies)


@pages.after_request
def mark(answer: Answer) -> Answer:
    """A browser without a device cookie gets one before it tries anything: tries are counted by it first, by its address last."""
    if DEVICE_COOKIE not in request.cookies and not any(
        each.startswith(f"{DEVICE_COOKIE}=") for each in answer.headers.getlist("Set-Cookie")
    ):
        _set(answer, DEVICE_COOKIE, new_device_token(), DEVICE_LIFE)
    return answer


def mark_browsers(app: Flask, endpoints: frozenset[str]) -> None:
    """The same for pages of other packages on which somebody who is not signed in may try something."""

    @app.after_request
    def mark_them(answer: Answer) -> Answer:
        return mark(answer) if request.endpoint in endpoints else answer


def enter(opened: Opened, path: str) -> Answer:
    """Put the new session into the browser and go on."""
    answer = redirect(path, 303)
    _set(answer, SESSION_COOKIE, opened.token, YEAR)
    _set(answer, DEVICE_COOKIE, opened.device_token, DEVICE_LIFE)
    answer.delete_cookie(SLIP_COOKIE)
    return answer


def leave(path: str) -> Answer:
    """Take the session out of the browser and go on. The device stays known."""
    answer = redirect(path, 303)
    answer.delete_cookie(SESSION_COOKIE)
    answer.delete_cookie(SLIP_COOKIE)
    return answer


@dataclass(frozen=True, slots=True)
class Slip:
    """What a person has typed while the mail is on its way, sealed in a cookie, so that nothing is asked twice.

    `code_id` is None once the address is proved. `person_id`: who adds the address to their account.
    """

    email: str
    code_id: str | None
    next: str
    nickname: str | None = None
    person_id: int | None = None
    until: str = ""


def keep_slip(answer: Answer, slip: Slip) -> Answer:
    """Hand the slip to the browser for a quarter of an hour."""
    text = json.dumps(asdict(replace(slip, until=(now() + SLIP_LIFE).isoformat())))
    sealed = vault(g.session).seal(text, "slip", district().id)
    _set(answer, SLIP_COOKIE, base64.urlsafe_b64encode(sealed).decode(), SLIP_LIFE)
    return answer


def read_slip() -> Slip | None:
    """The slip that this browser carries; None if it has none, an old one, or one that is not ours."""
    try:
        sealed = base64.urlsafe_b64decode(request.cookies.get(SLIP_COOKIE, ""))
        slip = Slip(**json.loads(vault(g.session).unseal(sealed, "slip", district().id)))
    except (binascii.Error, InvalidTag):
        return None
    return slip if now() < datetime.fromisoformat(slip.until) else None


def need_slip() -> Slip:
    """The slip that this browser carries. Raises CodeEnded without a living one."""
    slip = read_slip()
    if slip is None:
        raise CodeEnded
    return slip
