"""種別: what the district issues, and a new one with its consequences in words."""

from __future__ import annotations

from flask import Response, g, redirect, url_for
from werkzeug.wrappers import Response as Answer

import ledger.queries
from association import commands, queries, titles
from association.commands import NewSeries
from association.queries import ListedSeries
from association.rules import last_exempt_day, regime
from association.schemas import SeriesSchema
from association.views.frame import desk_page, pages
from base.clock import tokyo_day
from base.errors import N_
from identity.commands import authorise
from web import forms, tables
from web.i18n import _, translate
from web.tables import day, text, yen

EXAMPLE = 1_000
"""Yen of the bookings that are shown before a coin is made."""
STATES = {"waiting": N_("開始前"), "open": N_("使えます"), "ended": N_("終わりました")}


@pages.get("/desk/series")
def series() -> str:
    """What there is."""
    listed = queries.listed_series(g.session, g.who, now=g.clock())
    return desk_page("association/series.html", listed=listed, notice=queries.current_notice(g.session, g.who.district_id))


@pages.get("/desk/series.<any(xlsx, csv):file>")
def series_table(file: str) -> Response:
    """種別 with their limits, the oldest first."""
    columns = [
        text(_("記号")),
        text(_("名前"), 24),
        text(_("英語の名前"), 24),
        text(_("状態"), 12),
        day(_("最初の日")),
        day(_("最終日")),
        text(_("法律上の扱い"), 28),
        yen(_("未使用残高（円）")),
        yen(_("1回の支払いの上限（円）")),
        yen(_("1人の残高の上限（円）")),
        yen(_("確認なしに払える額（円）")),
        yen(_("暗証番号が要る額（円）")),
        yen(_("新しい端末の上限（円）")),
        yen(_("レジ担当が返金できる額（円）")),
    ]
    return tables.download(file, "series", columns, map(_row, queries.listed_series(g.session, g.who, now=g.clock())))


def _row(listed: ListedSeries) -> list[object]:
    one = listed.series
    return [
        one.code,
        one.name,
        one.name_en,
        translate(STATES[listed.state]),
        tokyo_day(one.valid_from),
        listed.last_day,
        translate(titles.REGIMES[listed.regime]) if listed.regime else None,
        listed.outstanding,
        one.payment_max,
        one.balance_max,
        one.ask_above,
        one.pin_above,
        one.new_device_max,
        one.refund_cashier_max,
    ]


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
        example=EXAMPLE,
    )


@pages.post("/desk/series/new")
def create_series() -> Answer:
    """作る."""
    commands.create_series(g.session, g.who, forms.load(SeriesSchema(ledger.queries.law(g.session))), now=g.clock())
    return redirect(url_for(".series"), 303)
