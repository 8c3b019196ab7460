"""What every template can use, and the frame's own small pages: offline, manifest, problems, components."""

from __future__ import annotations

import uuid
from datetime import timedelta

from flask import Blueprint, Flask, Response, current_app, g, jsonify, render_template, request

from base.errors import MeguriError
from web import choices, forms, helps, navigation, problems
from web.assets import asset, style
from web.errors import PageUnknown
from web.i18n import _, language, language_tag, translate
from web.qr import qr_svg

pages = Blueprint("frame", __name__, template_folder="templates")

COMPONENT_PAGES = ("desk", "phone", "confirm", "done", "code", "scan", "till", "face", "arrived")


def server_now_ms() -> int:
    """The server's time in milliseconds since 1970, from which the page corrects its clock."""
    return int(current_app.extensions["meguri.clock"]().timestamp() * 1000)


def district_name() -> str:
    """The name of the district whose page this is, in the reader's language; the product's where there is none."""
    district = g.get("district")
    if district is None:
        return _("巡り")
    english = getattr(district, "name_en", None)
    return str(english if language() == "en" and english else district.name)


def intention_key() -> str:
    """A fresh idempotency key: one for each showing of a form, so that pressing twice is one intention."""
    return str(uuid.uuid4())


def error_classes() -> list[type[MeguriError]]:
    """Every refusal that the running product knows, by number."""
    found: dict[str, type[MeguriError]] = {}
    queue: list[type[MeguriError]] = [MeguriError]
    while queue:
        kind = queue.pop()
        queue.extend(kind.__subclasses__())
        found.setdefault(kind.number, kind)
    return sorted(found.values(), key=lambda kind: kind.number)


@pages.get("/offline")
def offline() -> str:
    """Kept by the service worker and shown when there is no network: says so, and that nothing was paid."""
    return render_template("offline.html", sent="sent" in request.args)


@pages.get("/problems")
def problem_list() -> str:
    """Every refusal with its number and code; what the `type` of an API problem points to."""
    return render_template("problems.html", kinds=error_classes())


@pages.get("/manifest.webmanifest")
def manifest() -> Response:
    """What a phone needs to put the wallet on its home screen."""
    answer = jsonify(
        name=_("%(district)s のお財布", district=district_name()),
        short_name=district_name()[:12],
        lang=language_tag(),
        start_url="/",
        scope="/",
        display="standalone",
        background_color="#faf6ee",
        theme_color="#faf6ee",
        icons=[
            {"src": asset("icon.svg"), "type": "image/svg+xml", "sizes": "any"},
            {"src": asset("icon-192.png"), "type": "image/png", "sizes": "192x192"},
            {"src": asset("icon-512.png"), "type": "image/png", "sizes": "512x512"},
            {"src": asset("icon-maskable-512.png"), "type": "image/png", "sizes": "512x512", "purpose": "maskable"},
        ],
    )
    answer.mimetype = "application/manifest+json"
    answer.headers["Cache-Control"] = "no-cache"
    return answer


@pages.get("/components")
def components() -> str:
    """Every part of the frame in every state, for the eye and for the accessibility check. Demo mode only.

    `?page=` names the frame's other faces; `?amount=` tries long figures.
    """
    page = request.args.get("page", "desk")
    if not current_app.config["DEMO"] or page not in COMPONENT_PAGES:
        raise PageUnknown()
    now = g.clock()
    balance = request.args.get("amount", 1280, type=int)
    return render_template(f"components/{page}.html", now=now, soon=now + timedelta(seconds=59), balance=balance)


def setup(app: Flask) -> None:
    """Give the templates their globals and the application these pages."""
    app.register_blueprint(pages)
    choices.setup(app)
    app.jinja_env.globals.update(
        asset=asset,
        style=style,
        translate=translate,
        server_now_ms=server_now_ms,
        district_name=district_name,
        frame_name=problems.frame_name,
        intention_key=intention_key,
        qr_image=qr_svg,
        links=navigation.links,
        link_groups=navigation.grouped_links,
        current_link=navigation.current,
        help_of=helps.help_of,
        form_value=forms.form_value,
        form_values=forms.form_values,
        form_errors=forms.form_errors,
        all_errors=forms.all_errors,
    )
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
