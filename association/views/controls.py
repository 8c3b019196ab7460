"""日次点検: what whoever is on call must see, worst first; and for the auditor, when what was wrong and for how long."""

from __future__ import annotations

from datetime import timedelta

from flask import Response, g, make_response, url_for

import ledger.queries
from association import queries, titles
from association.queries import Turn
from association.rules.controls import readable
from association.schemas import RefreshSchema
from association.views.frame import asked, desk_page, is_desk, pages, watched
from association.views.roles import ROLES
from base.clock import tokyo_day
from web import tables
from web.i18n import _, counted, named, translate
from web.tables import count, moment, text

REFRESHED_S = 60
REFRESHES_MOST = 30
"""Half an hour without a touch: then the page stands still, and the session may end as any other."""
ADMINISTRATORS = ("/desk/webhooks",)
"""Pages of the desk that no other role opens."""


@pages.get("/desk/controls")
def controls() -> Response:
    """The last round. It comes again by itself each minute, until somebody stops it or half an hour is over."""
    wish, now = asked(RefreshSchema), g.clock()
    refreshes = not wish["still"] and wish["nth"] < REFRESHES_MOST
    page = desk_page(
        "association/controls.html",
        now=now,
        round=watched(),
        refreshes=refreshes,
        series={each.id: named(each) for each in ledger.queries.series(g.session, g.who.district_id)},
        states=titles.CONTROL_STATES,
        units=titles.CONTROL_UNITS,
        roles=ROLES,
        goes_to=_goes_to(),
    )
    answer = make_response(page)
    if refreshes:
        answer.headers["Refresh"] = f"{REFRESHED_S}; url={url_for('.controls', nth=wish['nth'] + 1)}"
    return answer


@pages.get("/desk/controls/history")
def control_history() -> str:
    """What was not well in the last ninety days."""
    now = g.clock()
    return desk_page(
        "association/control_history.html",
        now=now,
        turns=[turn for turn in queries.turns(g.session, g.who, now=now) if turn.state in ("act", "look")],
        lasted=lasted,
        states=titles.CONTROL_STATES,
        units=titles.CONTROL_UNITS,
    )


@pages.get("/desk/controls/history.<any(xlsx, csv):file>")
def control_history_table(file: str) -> Response:
    """Every turn, the well ones too."""
    now = g.clock()
    columns = [
        text(_("点検"), 24),
        text(_("状態"), 12),
        count(_("数値")),
        text(_("単位"), 8),
        moment(_("いつから")),
        moment(_("いつまで")),
        count(_("続いた時間（分）")),
        count(_("知らせた回数")),
    ]
    rows = [
        [
            translate(turn.control.title) if turn.control else turn.name,
            translate(titles.CONTROL_STATES[turn.state][1]),
            turn.figure,
            counted(titles.CONTROL_UNITS.get(turn.unit, ""), turn.figure or 0),
            turn.since,
            turn.until,
            ((turn.until or now) - turn.since) // timedelta(minutes=1),
            turn.told,
        ]
        for turn in queries.turns(g.session, g.who, now=now)
    ]
    return tables.download(file, f"controls-{tokyo_day(now)}", columns, rows)


def _goes_to() -> dict[str, str]:
    """Control → where at the desk it is mended, for a reader who may go there."""
    closed = () if g.who.has("administrator") else ADMINISTRATORS
    return {each.name: each.page for each in queries.CONTROLS if each.page and each.page not in closed} if is_desk() else {}


def lasted(turn: Turn) -> str:
    """How long it was so, in the largest fitting unit."""
    figure, unit = readable(((turn.until or g.clock()) - turn.since) // timedelta(minutes=1), "minutes")
    return _("%(n)s%(unit)s", n=f"{figure:,}", unit=counted(titles.CONTROL_UNITS[unit], figure))
