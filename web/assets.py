"""Built files: `asset("wallet.js")` gives the address that carries the content's hash, cached for ever.

`web/build.py` makes web/static/dist and its manifest. Without a build the pages still work, unstyled.
"""

from __future__ import annotations

import json
from functools import lru_cache
from mimetypes import add_type, guess_type
from pathlib import Path

from flask import Blueprint, Response, abort, request, send_from_directory

DIST = Path(__file__).parent / "static" / "dist"
YEAR_S = 365 * 24 * 3600

add_type("text/javascript", ".js")
add_type("application/wasm", ".wasm")
add_type("font/woff2", ".woff2")

files = Blueprint("built", __name__)


@lru_cache(maxsize=1)
def _read(changed_ns: int) -> dict[str, str]:
    return dict(json.loads((DIST / "manifest.json").read_text(encoding="utf-8")))


def manifest() -> dict[str, str]:
    """Plain name → built name; empty before the first build."""
    try:
        return _read((DIST / "manifest.json").stat().st_mtime_ns)
    except FileNotFoundError:
        return {}


def asset(name: str) -> str:
    """The address of a built file by its plain name."""
    return f"/static/{manifest().get(name, name)}"


def style(name: str) -> str | None:
    """The address of a style sheet that is there only if a package has one of its own."""
    return asset(name) if name in manifest() else None


@files.get("/static/<path:name>")
def built(name: str) -> Response:
    """A built file. Its name changes with its content, so it never needs asking again."""
    pressed = request.accept_encodings["gzip"] > 0 and (DIST / f"{name}.gz").is_file()
    response = send_from_directory(DIST, f"{name}.gz" if pressed else name, mimetype=guess_type(name)[0], max_age=0)
    if pressed:
        response.headers["Content-Encoding"] = "gzip"
    response.vary.add("Accept-Encoding")
    if name in manifest().values() or name.endswith(".woff2"):
        response.cache_control.public, response.cache_control.no_cache = True, None
        response.cache_control.max_age, response.cache_control.immutable = YEAR_S, True
    return response


@files.get("/sw.js")
def service_worker() -> Response:
    """The service worker stands at the root, so that it may serve the offline page for every address."""
    if "sw.js" not in manifest():
        abort(404)
    response = send_from_directory(DIST, manifest()["sw.js"], mimetype="text/javascript", max_age=0)
    response.headers["Service-Worker-Allowed"] = "/"
    return response
