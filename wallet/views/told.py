"""What everybody may read without signing in: what the law wants told before a purchase, and help in plain words."""

from __future__ import annotations

from datetime import datetime, timedelta

from flask import current_app, g, redirect, render_template
from werkzeug.wrappers import Response as Answer

import association.queries
from association.queries import Assurance
from wallet.views.frame import me, now, pages

ASSURED_EACH = timedelta(minutes=10)
"""The figures read every account of the district; each server process keeps the last ones so long, and the page says of when."""


@pages.get("/series")
def series_list() -> str:
    """Every coin that there is or was, each with a page of its own."""
    return render_template(
        "wallet/series_list.html",
        notice=association.queries.current_notice(g.session, g.district.id),
        every=association.queries.public_series(g.session, g.district.id, now=now()),
        moment=now(),
        back=_back("/wallet/settings"),
    )


@pages.get("/series/<code>")
def series_page(code: str) -> str:
    """資金決済法に基づく表示 of one coin, as it is published now."""
    return _series(code, None)


@pages.get("/series/<code>/<int:version>")
def series_version(code: str, version: int) -> str:
    """The same as it was when somebody bought it."""
    return _series(code, version)


@pages.get("/wallet/disclosures")
def disclosures() -> Answer:
    """Where this stood before each coin had a page."""
    return redirect("/series", 308)


@pages.get("/help")
def help_page() -> str:
    """なくした, nothing arrived, and whether the money is safe."""
    return render_template(
        "wallet/help.html",
        notice=association.queries.current_notice(g.session, g.district.id),
        assured=_assured(now()),
        regulated=association.queries.is_regulated(g.session, g.district.id, now=now()),
        back=_back("/wallet/settings"),
    )


def _series(code: str, version: int | None) -> str:
    page = association.queries.series_page(g.session, g.district.id, code, version=version, now=now())
    ending = association.queries.public_endings(g.session, g.district.id, now=now()).get(page.series.id)
    return render_template("wallet/series.html", page=page, ending=ending, back="/series")


def _assured(moment: datetime) -> Assurance:
    """The figures, not older than ten minutes."""
    kept: dict[int, Assurance] = current_app.extensions.setdefault("meguri.assurance", {})
    last = kept.get(g.district.id)
    if last is None or not timedelta() <= moment - last.at < ASSURED_EACH:
        last = kept[g.district.id] = association.queries.assurance(g.session, g.district.id, now=moment)
    return last


def _back(home: str) -> str:
    return home if me().has("consumer") else "/"
