"""The tablet's live line: what came in, what became of the QR on show, whether the shop may take money."""

from __future__ import annotations

import re
from collections.abc import Iterable, Set
from datetime import UTC, datetime, timedelta
from typing import Any

from flask import Response, g
from sqlalchemy.orm import Session

from base.clock import Clock
from merchant import queries
from merchant.errors import NoTill
from merchant.views.frame import Place, at_till, pages
from merchant.views.show import sale_facts
from web.live import Event, Produce, stream

CURSOR = re.compile(r"([0-9]{1,18})-([0-9]{1,11})", re.ASCII)
LATE_AT_MOST = timedelta(minutes=5)
"""So long may a payment take from its moment to its commit. What comes into the book later was written for an earlier
day, as the demo's year is: it belongs into the list, and is no news at the till."""


@pages.get("/till/events")
@at_till
def events() -> Response:
    """Everything since the cursor that the page has seen: no payment goes unseen, whatever the line did meanwhile."""
    place: Place = g.place
    holder = f"till {place.who.district_id} {place.till.id}"
    return stream([place.shop.topic, place.shop.sales_topic], news_of(place, g.clock), holder=holder, first=True)


def news_of(place: Place, clock: Clock) -> Produce:
    """What a look finds that this stream has not told yet: one statement after a sale, else two.

    Only the last event of a look carries the cursor, so that a line which breaks between two of them loses neither.
    Raises NoTill once the tablet is revoked: the stream then ends and the page goes to pairing.
    """
    district_id, shop_id, till_id, sales_topic = place.who.district_id, place.shop.id, place.till.id, place.shop.sales_topic
    seen: set[int] = set()
    told: dict[str, Any] = {}
    standing: queries.Standing | None = None

    def look(session: Session, last_id: str | None, woken: Set[str]) -> Iterable[Event]:
        nonlocal standing
        now = clock()
        if standing is None or woken != {sales_topic}:
            standing = queries.standing(session, district_id, till_id, now=now)
        if standing.is_revoked:
            raise NoTill
        position, since = cursor_of(last_id) or (None, now)
        if position is None:  # what is in the book by now is no news, though a slow transaction elsewhere keeps the cursor below it
            position = queries.arrivals(session, district_id, shop_id, standing.pseudonym_key, cursor=None).cursor
            known = queries.arrivals(session, district_id, shop_id, standing.pseudonym_key, cursor=position)
            seen.update(sale.transaction_id for sale in known.sales)
        arrived = queries.arrivals(session, district_id, shop_id, standing.pseudonym_key, cursor=position)
        fresh = [sale for sale in arrived.sales if sale.transaction_id not in seen]
        seen.update(sale.transaction_id for sale in fresh)
        for sale in fresh:
            if sale.posted_at >= min(since, now) - LATE_AT_MOST:  # the clock may have been set back since the cursor was given
                yield None, "sale", sale_facts(sale)
        state = {
            "shop": standing.shop_state,
            "request": None if standing.request_id is None else str(standing.request_id),
            "state": standing.request_state,
            "transaction": standing.transaction_id,
            "offered": standing.offered,
            "cash": standing.cash or 0,
            "stopped": standing.is_stopped,
        }
        if fresh or state != told:
            told.update(state)
            yield f"{arrived.cursor}-{int(now.timestamp())}", "state", state

    return look


def cursor_of(last_id: str | None) -> tuple[int, datetime] | None:
    """The cursor that the browser sent: a place in the book, and when it was given. Anything else begins anew."""
    found = CURSOR.fullmatch(last_id or "")
    return (int(found[1]), datetime.fromtimestamp(int(found[2]), UTC)) if found else None
