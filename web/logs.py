"""Logs as one JSON object a line, each with the request's id; no names, no addresses, no amounts, no query strings."""

from __future__ import annotations

import io
import logging
import re
import secrets
import sys
import time
import traceback
from collections.abc import MutableMapping
from typing import Any, TextIO, cast

import structlog
from flask import Flask, Response, g, request

GIVEN_ID = re.compile(r"[0-9A-Za-z_-]{8,64}")

log = structlog.get_logger("meguri.web")


def configure() -> None:
    """Send structlog's events to standard error, as the operator's collector wants them."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _place_of_fault,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(file=cast(TextIO, _StandardError())),
        cache_logger_on_first_use=False,
    )


def _place_of_fault(_logger: Any, _name: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """An exception as its chain of places and first lines. No local variables, no DETAIL lines: both carry people's data."""
    error = event.pop("exc_info", None)
    chain = []
    while isinstance(error, BaseException):
        frames = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(error.__traceback__)]
        chain.append({"kind": type(error).__name__, "said": (str(error).splitlines() or [""])[0], "frames": frames})
        error = error.__cause__ or error.__context__
    if chain:
        event["exception"] = chain
    return event


class _StandardError(io.TextIOBase):
    """Looks up sys.stderr at each line: test runners and servers replace it."""

    def write(self, text: str) -> int:
        return sys.stderr.write(text)

    def flush(self) -> None:
        sys.stderr.flush()


def request_id() -> str:
    """The id of this request: the proxy's if it gave a plain one, else a new one."""
    if "request_id" not in g:
        given = request.headers.get("X-Request-Id", "")
        g.request_id = given if GIVEN_ID.fullmatch(given) else secrets.token_urlsafe(12)
    return str(g.request_id)


def setup(app: Flask) -> None:
    """One line a request, when it is answered."""
    configure()
    app.logger.disabled = True  # web.problems writes each fault whole and once

    @app.before_request
    def begin() -> None:
        g.started = time.monotonic()
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=request_id())

    @app.after_request
    def end(response: Response) -> Response:
        response.headers["X-Request-Id"] = request_id()
        if not request.path.startswith("/static/"):
            rule = request.url_rule.rule if request.url_rule else "(unknown)"  # the pattern: an address may carry a secret
            elapsed_ms = int((time.monotonic() - g.started) * 1000) if "started" in g else 0
            log.info("request", method=request.method, page=rule, status=response.status_code, elapsed_ms=elapsed_ms)
        return response
