"""The tablet's live line: what came in, what became of the QR on show, whether the shop may take money."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from flask import Response, g
from sqlalchemy.orm import Session

from base.clock import Clock
from merchant import queries
from merchant.errors import NoTill
from merchant.views.frame import Place, at_till, pages
from merchant.views.show import sale_facts
from web.live import Event, Produce, stream

CURSOR = re.compile(r"[0-9]{1,18}", re.ASCII)


@pages.get("/till/events")
@at_till
def events() -> Response:
    """Everything since the cursor that the page has seen: no payment goes unseen, whatever the line did meanwhile."""
    place: Place = g.place
    return stream([place.shop.topic], news_of(place, g.clock))


def news_of(place: Place, clock: Clock) -> Produce:
    """What a look at the book finds that this stream has not told yet: two statements.

    Only the last event of a look carries the cursor, so that a line which breaks between two of them loses neither.
    Raises NoTill once the tablet is revoked: the stream then ends and the page goes to pairing.
    """
    district_id, shop_id, till_id = place.who.district_id, place.shop.id, place.till.id
    seen: set[int] = set()
    told: dict[str, Any] = {}

    def look(session: Session, last_id: str | None) -> Iterable[Event]:
        standing = queries.standing(session, district_id, till_id, now=clock())
        if standing.is_revoked:
            raise NoTill
        arrived = queries.arrivals(session, district_id, shop_id, standing.pseudonym_key, cursor=cursor_of(last_id))
        fresh = [sale for sale in arrived.sales if sale.transaction_id not in seen]
        seen.update(sale.transaction_id for sale in fresh)
        for sale in fresh:
            yield None, "sale", sale_facts(sale)
        state = {
            "shop": standing.shop_state,
            "request": None if standing.request_id is None else str(standing.request_id),
            "state": standing.request_state,
            "transaction": standing.transaction_id,
        }
        if fresh or state != told:
            told.update(state)
            yield arrived.cursor, "state", state

    return look


def cursor_of(last_id: str | None) -> int | None:
    """The cursor that the browser sent; anything else than one of ours begins anew."""
    return int(last_id) if last_id is not None and CURSOR.fullmatch(last_id) else None
