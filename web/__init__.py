"""The frame of every page: shell, tokens, words, problems, CSRF, live events. Knows no product package.

For whoever makes pages
-----------------------
Templates extend `frames/phone.html`, `frames/till.html` or `frames/desk.html` and take their parts from
`macros.html`. Links of the frame are registered with `web.navigation`. Scripts are small modules in
`<package>/static/<package>/`; `web/build.py` bundles them. `/components` (demo mode) shows every part.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Flask, request
from flask.json.provider import DefaultJSONProvider
from flask_wtf.csrf import CSRFProtect
from sqlalchemy.orm import Session
from werkzeug.routing import IntegerConverter, Map

from base.clock import Clock, system_clock
from base.db import Waker, make_engine
from base.settings import Settings
from web import assets, frame, headers, health, i18n, logs, problems, session
from web.live import Hub

FORM_COOKIE = "meguri_form"
LOOKING = 2  # live lines that look into the database at once, a process
BODY_MAX_BYTES = 4 * 1024 * 1024
NUMBER_MAX = 2**63 - 1


class Number(IntegerConverter):
    """A number in an address, at most what the database can count: a longer one is no page, and no fault of ours."""

    def __init__(self, map: Map, *, max: int = NUMBER_MAX, **chosen: int) -> None:
        super().__init__(map, max=max, **chosen)  # type: ignore[arg-type]


def _nobody(_session: Session, _district: Any = None) -> None:
    return None


def setup(
    app: Flask,
    settings: Settings,
    clock: Clock = system_clock,
    *,
    load_district: Callable[[Session], Any] = _nobody,
    load_who: Callable[[Session, Any], Any] = _nobody,
    sign_in: Callable[[str], str] = problems.default_sign_in,
) -> None:
    """Make `app` a Meguri application: call it once, before the product's blueprints are registered.

    Make the application as `Flask(__name__, static_folder=None)`: the frame serves /static itself.
    `load_district(session)` and `load_who(session, district)` run inside each request and fill `g.district`
    and `g.who`. `sign_in(path)` is the address to which a stranger who asked for `path` is sent.
    """
    app.config.update(
        SECRET_KEY=settings.secret_key,
        SESSION_COOKIE_NAME=FORM_COOKIE,  # carries the CSRF secret only; who one is lies in identity's own cookies
        SESSION_COOKIE_SECURE=settings.secure_cookies,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        WTF_CSRF_TIME_LIMIT=None,  # a tablet's page stays open all day
        WTF_CSRF_CHECK_DEFAULT=False,
        MAX_CONTENT_LENGTH=BODY_MAX_BYTES,
        PUBLIC_URL=settings.public_url,
        DEMO=settings.demo,
        SIGN_IN=sign_in,
    )
    if isinstance(app.json, DefaultJSONProvider):
        app.json.ensure_ascii = False
    engine = make_engine(settings.database_url, pool_size=settings.pool_size)
    looking = make_engine(settings.database_url, pool_size=LOOKING, read_only=True)
    app.extensions["meguri.hub"] = Hub(settings.listen_url or settings.database_url, looking, settings.streams_max)
    logs.setup(app)
    i18n.setup(app)
    session.setup(app, engine, Waker(settings.listen_url or settings.database_url), clock, load_district, load_who)
    app.url_map.converters["int"] = Number
    protect_forms(app)
    headers.setup(app, https=settings.secure_cookies)
    app.register_blueprint(assets.files)
    app.register_blueprint(health.pages)
    frame.setup(app)
    problems.register(app)


def protect_forms(app: Flask) -> None:
    """Every form carries a token of its session. The API has no cookies to abuse: it takes tokens in a header."""
    csrf = CSRFProtect(app)

    @app.before_request
    def check_token() -> None:
        if request.url_rule is not None and not request.path.startswith("/api/"):
            csrf.protect()
