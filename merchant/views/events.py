"""The tablet's live line: what came in, what became of the QR on show, whether the shop may take money."""

from __future__ import annotations

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


@pages.get("/till/events")
@at_till
def events() -> Response:
    """Everything since the cursor that the page has seen: no payment goes unseen, whatever the line did meanwhile."""
    place: Place = g.place
    return stream([place.shop.topic], news_of(place, g.clock))


def news_of(place: Place, clock: Clock) -> Produce:
    """What a look at the book finds that this stream has not told yet.

    Only the last event of a look carries the cursor, so that a line which breaks between two of them loses neither.
    Raises NoTill once the tablet is revoked: the stream then ends and the page goes to pairing.
    """
    district_id, shop_id, till_id = place.who.district_id, place.shop.id, place.till.id
    told: dict[str, Any] = {}
    seen: set[int] = set()

    def look(session: Session, last_id: str | None) -> Iterable[Event]:
        if queries.till(session, district_id, till_id).revoked_at is not None:
            raise NoTill
        now = clock()
        cursor = int(last_id) if last_id and last_id.isascii() and last_id.isdigit() else None
        news = queries.arrivals(session, district_id, shop_id, cursor=cursor)
        fresh = [sale for sale in news.sales if sale.transaction_id not in seen]
        seen.update(sale.transaction_id for sale in fresh)
        yield from (((None, "sale", sale_facts(sale))) for sale in fresh)
        states: dict[str, Any] = {"shop": queries.merchant(session, district_id, shop_id).state}
        asked = queries.latest_request(session, district_id, till_id, now=now)
        if asked is not None:
            states |= {"request": str(asked.id), "state": asked.state, "transaction": asked.transaction_id}
        if fresh or states != told.get("states"):
            told["states"] = states
            yield (news.cursor, "state", states)

    return look
