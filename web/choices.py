"""How a reader wants to see pages: language, brightness, size of text, covered amounts.

Each is a link (`?theme=dark`) that works without a script, and is remembered in a cookie of its own. They are
attributes of <html> when the page is written, so that nothing flickers while it loads.
"""

from __future__ import annotations

from urllib.parse import urlencode

from flask import Flask, Response, request
from werkzeug.datastructures import MultiDict

VALUES = {
    "lang": ("ja", "en", "zh-Hant", "ko"),
    "theme": ("auto", "light", "dark"),
    "text": ("normal", "large"),
    "amounts": ("shown", "hidden"),
}
YEAR_S = 365 * 24 * 3600


def chosen(name: str) -> str | None:
    """What the reader chose, just now or earlier; None if never."""
    for value in (request.args.get(name), request.cookies.get(name)):
        if value in VALUES[name]:
            return value
    return None


def reader() -> dict[str, str]:
    """The choices as data- attributes of <html>; ordinary ones need none."""
    found = {name: chosen(name) for name in ("theme", "text", "amounts")}
    return {name: value for name, value in found.items() if value in ("light", "dark", "large", "hidden")}


def choice_href(name: str, value: str) -> str:
    """This page with another choice."""
    query = MultiDict(request.args)
    query[name] = value
    return f"{request.path}?{urlencode(list(query.items(multi=True)))}"


def _remember(response: Response) -> Response:
    for name, values in VALUES.items():
        value = request.args.get(name)
        if value in values and value != request.cookies.get(name):
            scripts = name == "amounts"  # the eye sets it without asking the server
            response.set_cookie(name, value, max_age=YEAR_S, samesite="Lax", secure=request.is_secure, httponly=not scripts)
    return response


def setup(app: Flask) -> None:
    """Remember what is chosen, and tell the templates."""
    app.after_request(_remember)
    app.jinja_env.globals.update(reader=reader, chosen=chosen, choice_href=choice_href)
