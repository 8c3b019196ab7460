"""A small application that has the frame and nothing else: routes of a test, no product package, no database of its own."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, Response, g, make_response, render_template_string, request, send_from_directory
from flask.testing import FlaskClient
from marshmallow import Schema, fields
from werkzeug.serving import make_server

import web
from base.errors import N_, NotSignedIn, Refused, TooMany
from base.settings import Settings
from tests.conftest import without_fonts
from web import forms, live
from web.fields import Yen
from web.navigation import Link, add

NOWHERE = Settings(
    database_url="postgresql://nobody@127.0.0.1:1/none",
    secret_key=b"forms of a test, signed with this",
    master_key=b"a master key of exactly 32 bytes",
    code_key=b"a key for codes, and of 32 bytes",
    public_url="https://meguri.test",
    demo=True,
    pool_size=2,
)


class Short(Refused):
    code = "test_short"
    number = "E-9901"
    text = N_("残高が %(shortage)s円足りません。チャージするか、足りない分を現金で払えます。")
    shop_text = N_("お客様の残高が %(shortage)s円足りません。まだ受け取っていません。")


class WrongWord(Refused):
    """A refusal that belongs beside one field."""

    code = "test_wrong_word"
    number = "E-9902"
    text = N_("合言葉が違います。")
    field = "word"


class PaySchema(Schema):
    amount = Yen(required=True)
    word = fields.String(required=True)
    kinds = fields.List(fields.String())


FORM = """{% from "macros.html" import field, form_open, form_close, error_summary, intention %}
{{ form_open() }}{{ intention() }}{{ error_summary({"amount": "金額", "word": "言葉"}) }}
{{ field("amount", "金額", kind="yen") }}{{ field("word", "言葉") }}{{ form_close() }}"""


@dataclass
class Heard:
    """What the test's own routes were given."""

    orders: list[dict[str, Any]] = field(default_factory=list)


def routes(app: Flask, heard: Heard) -> None:
    """Pages of a shop that exists only here."""

    @app.get("/form")
    def form() -> str:
        return render_template_string(FORM)

    @app.post("/form")
    def send() -> str:
        order = forms.load(Schema.from_dict({**PaySchema._declared_fields, "key": fields.UUID(required=True)}))
        heard.orders.append(order)
        if order["word"] == "wrong":
            raise WrongWord()
        if order["word"] == "short":
            raise Short(shortage=1320)
        return "paid"

    @app.route("/short", methods=["GET", "POST"])
    @app.get("/till/short")
    @app.get("/desk/short")
    @app.get("/api/v1/short")
    def short() -> str:
        raise Short(shortage=1320)

    @app.get("/later")
    def later() -> str:
        raise TooMany(seconds=90)

    @app.get("/stranger")
    @app.get("/till/stranger")
    def stranger() -> str:
        raise NotSignedIn()

    @app.get("/book")
    def book() -> str:
        from sqlalchemy import text

        return str(g.session.execute(text("SELECT 1")).scalar())

    @app.get("/broken")
    @app.get("/api/v1/broken")
    def broken() -> str:
        raise ZeroDivisionError("花子 hanako@example.jp")


def small_app(settings: Settings, heard: Heard | None = None) -> Flask:
    app = Flask("small", static_folder=None)
    web.setup(app, settings)
    routes(app, heard or Heard())
    for place, icon, label, href in (
        ("phone.pay", "scan", N_("読み取って支払う"), "/wallet/scan"),
        ("phone.pay", "qr", N_("コード表示"), "/wallet/code"),
        ("phone.tabs", "home", N_("ホーム"), "/components"),
        ("phone.tabs", "list", N_("履歴"), "/wallet/history"),
        ("till.rail", "till", N_("レジ"), "/till/"),
        ("till.rail", "list", N_("売上・返金"), "/till/sales"),
        ("desk.side", "home", N_("今日の仕事"), "/components"),
        ("desk.side", "book", N_("帳簿"), "/desk/books"),
    ):
        add(app, place, Link(icon, label, href))
    return app


@pytest.fixture
def heard() -> Heard:
    return Heard()


@pytest.fixture
def frame(heard: Heard) -> Flask:
    """The frame alone; its database does not answer."""
    return small_app(NOWHERE, heard)


@pytest.fixture
def visitor(frame: Flask) -> FlaskClient:
    return frame.test_client()


@dataclass(frozen=True, slots=True)
class Served:
    """The frame behind a real port."""

    address: str
    app: Flask


@pytest.fixture
def served(settings: Settings, heard: Heard) -> Iterator[Served]:
    """The frame with the test's database behind a real port, one thread a request."""
    app = small_app(replace(settings, demo=True, public_url="http://localhost", pool_size=1, streams_max=3), heard)
    laboratory(app)
    yield from serve(app)


def serve(app: Flask) -> Iterator[Served]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = make_server("127.0.0.1", port, without_fonts(app), threaded=True)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    yield Served(f"http://localhost:{port}", app)
    assert app.extensions["meguri.hub"].close(wait_s=10)
    server.shutdown()
    server.server_close()
    app.extensions["meguri.engine"].dispose()


LAB = """<!doctype html><html lang="ja"><head><meta charset="utf-8"><title>lab</title>
<meta name="meguri-now" content="{{ server_now_ms() }}">
<script type="importmap">{"imports": {"web/": "/src/"}}</script></head>
<body><p data-offline hidden></p><p class="chip" data-live-state><span data-live-words></span></p>
<p data-live-clock><time data-clock="seconds"></time></p>{% include "frames/_words.html" %}{{ parts|safe }}
{% for name in modules %}<script type="module" src="/src/{{ name }}.js"></script>{% endfor %}</body></html>"""


def laboratory(app: Flask) -> None:
    """The frame's modules as they are written, one by one, in a page that a test furnishes: /lab?modules=a,b&parts=<p>…"""
    sources = Path(web.__file__).parent / "static" / "src"

    @app.get("/src/<name>")
    def source(name: str) -> Response:
        return send_from_directory(sources, name, mimetype="text/javascript", max_age=0)

    @app.get("/lab")
    def lab() -> Response:
        modules = [name for name in request.args.get("modules", "").split(",") if name]
        answer = make_response(render_template_string(LAB, modules=modules, parts=request.args.get("parts", "")))
        answer.headers["Content-Security-Policy"] = "default-src 'self' 'unsafe-inline' data: blob:"  # the import map is inline
        return answer


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Streams that look by themselves each second."""
    monkeypatch.setattr(live, "SAFETY_S", 1.0)
    monkeypatch.setattr(live, "BEAT_S", 1.0)
