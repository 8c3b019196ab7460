"""監査: each claim of the association beside its proof. Whoever reads it changes nothing and leaves a trace."""

from __future__ import annotations

from flask import current_app, g, redirect, url_for
from werkzeug.wrappers import Response as Answer

from association import queries
from association.queries import BookRecount
from association.views.frame import desk_page, pages
from base.clock import tokyo_day
from web.i18n import named


@pages.get("/desk/audit")
def audit() -> str:
    """Every claim, its figure, and how the auditor makes the proof again."""
    now = g.clock()
    return desk_page(
        "association/audit.html",
        audit=queries.audit(g.session, g.who, now=now),
        recount=_recounts().get(g.who.district_id),
        series_names={each.series.id: named(each.series) for each in queries.listed_series(g.session, g.who, now=now)},
        today=tokyo_day(now),
    )


@pages.get("/desk/audit/recount")
def audit_recount() -> Answer:
    """いま数え直す: reads the whole book in bounded time and keeps the result for this district until the next one."""
    _recounts()[g.who.district_id] = queries.recount_book(g.session, g.who, now=g.clock())
    return redirect(url_for(".audit") + "#books", 303)


def _recounts() -> dict[int, BookRecount]:
    """The last recount of each district, in this server process."""
    kept: dict[int, BookRecount] = current_app.extensions.setdefault("meguri.audit_recounts", {})
    return kept
