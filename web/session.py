"""What every view finds in `g`: `session`, `clock`, `district`, `who`. The composition root says how they are found."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Flask, g, request
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from base.clock import Clock
from base.db import Waker, done_reading

LoadDistrict = Callable[[Session], Any]
LoadWho = Callable[[Session, Any], Any]


def setup(app: Flask, engine: Engine, waker: Waker, clock: Clock, load_district: LoadDistrict, load_who: LoadWho) -> None:
    """Open a session before each request and give its connection back after. What writes stands in `atomic`."""
    app.extensions["meguri.engine"], app.extensions["meguri.clock"], app.extensions["meguri.waker"] = engine, clock, waker

    @app.before_request
    def open_request() -> None:
        g.clock = app.extensions["meguri.clock"]
        g.session = Session(engine, info={"waker": waker})  # holds no connection until it is used
        g.district = g.who = None
        if request.blueprint in ("built", "health") or request.endpoint in (None, "frame.offline"):
            return  # files and health ask nobody who they are; the offline page is the same for all
        most = getattr(app.view_functions.get(request.endpoint), "body_max_bytes", None)
        if most is not None:  # else the frame's; what was pasted may be as large as a file
            request.max_content_length = request.max_form_memory_size = most
        request.get_data(parse_form_data=True)  # before a connection is taken: whoever sends slowly holds none
        g.district = load_district(g.session)
        g.who = load_who(g.session, g.district)

    @app.teardown_appcontext
    def close_request(_error: BaseException | None) -> None:
        session = g.get("session")
        if session is not None:
            done_reading(session)
