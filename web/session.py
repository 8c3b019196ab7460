"""What every view finds in `g`: `session`, `clock`, `district`, `who`. The composition root says how they are found."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Flask, current_app, g, request
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from base.clock import Clock
from base.db import Waker

LoadDistrict = Callable[[Session], Any]
LoadWho = Callable[[Session, Any], Any]


def new_session(engine: Engine, waker: Waker) -> Session:
    """A session that wakes listeners after its commit. It holds no connection until it is used."""
    return Session(engine, info={"waker": waker})


def frame_session() -> Session:
    """A session of the running application, beside the request's own. Close it."""
    return new_session(current_app.extensions["meguri.engine"], current_app.extensions["meguri.waker"])


def setup(app: Flask, engine: Engine, waker: Waker, clock: Clock, load_district: LoadDistrict, load_who: LoadWho) -> None:
    """Open a session before each request and close it after: whatever was not committed is gone."""
    app.extensions["meguri.engine"], app.extensions["meguri.waker"], app.extensions["meguri.clock"] = engine, waker, clock

    @app.before_request
    def open_request() -> None:
        g.clock = app.extensions["meguri.clock"]
        g.session = new_session(engine, waker)
        g.district = g.who = None
        if request.blueprint in ("built", "health") or request.url_rule is None:
            return  # files and health ask nobody who they are
        g.district = load_district(g.session)
        g.who = load_who(g.session, g.district)

    @app.teardown_appcontext
    def close_request(_error: BaseException | None) -> None:
        session = g.pop("session", None)
        if session is not None:
            session.close()
