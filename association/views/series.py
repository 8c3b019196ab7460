"""種別: what the district issues, and a new one with its consequences in words."""

from __future__ import annotations

from flask import g, redirect, url_for
from werkzeug.wrappers import Response as Answer

import ledger.queries
from association import commands, queries
from association.commands import NewSeries
from association.rules import last_exempt_day, regime
from association.schemas import SeriesSchema
from association.views.frame import desk_page, pages
from base.clock import tokyo_day
from identity.commands import authorise
from web import forms


@pages.get("/desk/series")
def series() -> str:
    """What there is."""
    listed = queries.listed_series(g.session, g.who, now=g.clock())
    return desk_page("association/series.html", listed=listed, notice=queries.current_notice(g.session, g.who.district_id))


@pages.get("/desk/series/new")
def new_series() -> str:
    """The form, with what the law allows beside each limit."""
    authorise(g.session, g.who, "association.create_series", subject="page")
    today = tokyo_day(g.clock())
    return desk_page(
        "association/new_series.html",
        today=today,
        exempt_until=last_exempt_day(today),
        law=ledger.queries.law(g.session),
        defaults=NewSeries("", "", "", today, None),
        notice=queries.current_notice(g.session, g.who.district_id),
    )


@pages.post("/desk/series/confirm")
def confirm_series() -> str:
    """The same figures once more, with what follows from them. Nothing is made yet; reloading is harmless."""
    authorise(g.session, g.who, "association.create_series", subject="page")
    new: NewSeries = forms.load(SeriesSchema(ledger.queries.law(g.session)))
    notice = queries.current_notice(g.session, g.who.district_id)
    becomes = regime(new.first_day, new.last_day, public_body=notice is not None and notice.public_body)
    return desk_page(
        "association/confirm_series.html",
        new=new,
        notice=notice,
        becomes=becomes.value,
        exempt_until=last_exempt_day(new.first_day),
    )


@pages.post("/desk/series/new")
def create_series() -> Answer:
    """つくる."""
    commands.create_series(g.session, g.who, forms.load(SeriesSchema(ledger.queries.law(g.session))), now=g.clock())
    return redirect(url_for(".series"), 303)
