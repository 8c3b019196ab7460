"""For the operator's monitor: is the process alive, and does the database answer?"""

from __future__ import annotations

from flask import Blueprint, Response, current_app, jsonify
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

pages = Blueprint("health", __name__)


@pages.get("/livez")
def livez() -> Response:
    """The process answers. Restart it if it does not."""
    return jsonify(status="alive")


@pages.get("/healthz")
def healthz() -> tuple[Response, int]:
    """The process can serve people: its database answers. Send nobody here if it does not."""
    try:
        with current_app.extensions["meguri.engine"].connect() as connection:
            connection.execute(text("SELECT 1"))
    except (DBAPIError, PoolTimeout):
        return jsonify(status="database away"), 503
    return jsonify(status="ready", streams=current_app.extensions["meguri.hub"].open_streams), 200
