"""締め方: cycles beside the ordinary one, and which shop is in which."""

from __future__ import annotations

from flask import Response, g, redirect, url_for
from werkzeug.wrappers import Response as Answer

from association import commands, queries, titles
from association.schemas import CycleSchema, PlaceSchema, WhichCycleSchema
from association.views.frame import asked, desk_page, pages
from base.clock import tokyo_day
from web import forms, tables
from web.i18n import _, named, translate
from web.tables import text


@pages.get("/desk/settlement/cycles")
def cycles() -> str:
    """The ordinary cycle and those beside it with their shops; the form for one more, or for `?number=`."""
    known = queries.cycles(g.session, g.who.district_id)
    number = asked(WhichCycleSchema)["number"]
    return desk_page(
        "association/cycles.html",
        cycles=known,
        chosen=next((each for each in known[1:] if each.number == number), None),
        places=queries.shop_places(g.session, g.who, now=g.clock()),
        closings=titles.CLOSINGS,
        weekdays=titles.WEEKDAYS,
        takes=titles.CYCLE_TAKES,
        may_set=g.who.has("administrator"),
    )


@pages.get("/desk/settlement/cycles.<any(xlsx, csv):file>")
def places_table(file: str) -> Response:
    """Which shop is in which cycle now."""
    now = g.clock()
    cycles = {each.number: each for each in queries.cycles(g.session, g.who.district_id)}
    rows = [
        [
            shop.public_number,
            named(shop),
            cycles[number].name or _("ふだんの締め方"),
            translate(titles.CLOSINGS[cycles[number].closing]),
            _("選んで決めた") if by_hand else None,
        ]
        for shop, number, by_hand in queries.shop_places(g.session, g.who, now=now)
        if number in cycles
    ]
    columns = [text(_("お店の番号")), text(_("加盟店"), 28), text(_("締め方"), 20), text(_("いつ締めるか"), 20), text(_("決め方"), 16)]
    return tables.download(file, f"cycles-{tokyo_day(now)}", columns, rows)


@pages.post("/desk/settlement/cycles")
def set_cycle() -> Answer:
    """締め方を決める: a new one, or the next version of one."""
    number, new = forms.load(CycleSchema)
    commands.set_cycle(g.session, g.who, number, new, now=g.clock())
    return redirect(url_for(".cycles"), 303)


@pages.post("/desk/settlement/cycles/<int(max=2147483647):number>/end")
def end_cycle(number: int) -> Answer:
    """この締め方をやめる: its shops go where their size belongs."""
    commands.end_cycle(g.session, g.who, number, now=g.clock())
    return redirect(url_for(".cycles"), 303)


@pages.post("/desk/shops/<int(max=9223372036854775807):merchant_id>/cycle")
def place_shop(merchant_id: int) -> Answer:
    """お店の締め方を変える, from today on."""
    commands.place_shop(g.session, g.who, merchant_id, forms.load(PlaceSchema)["cycle"], now=g.clock())
    return redirect(url_for(".shop", merchant_id=merchant_id), 303)
