"""資金決済法に基づく表示: what users are told, as it is published."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from flask import g, redirect, url_for
from werkzeug.wrappers import Response as Answer

from association import commands, queries
from association.rules import ITEMS
from association.schemas import NoticeSchema
from association.views.frame import desk_page, pages
from web import forms


@pages.get("/desk/notice")
def notice() -> str:
    """The version that holds, ready to be changed into the next one."""
    found = queries.current_notice(g.session, g.who.district_id)
    values: dict[str, Any] = asdict(found) if found else {"issuer_name": g.district.association, "contact": g.district.contact}
    may_publish = g.who.has("issuer") or g.who.has("administrator")
    return desk_page("association/notice.html", notice=found, values=values, may_publish=may_publish, items=ITEMS)


@pages.post("/desk/notice")
def publish() -> Answer:
    """公開する: the version before stays on record, and so does which one each top-up was sold under."""
    commands.publish_notice(g.session, g.who, forms.load(NoticeSchema), now=g.clock())
    return redirect(url_for(".notice"), 303)
