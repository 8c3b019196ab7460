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
from merchant.queries import Sale
from merchant.views.frame import Place, at_till, pages
from merchant.views.show import sale_facts
from web.live import Event, Produce, stream

LOOKS = 5
CURSOR = re.compile(r"[0-9]{1,18}", re.ASCII)


@pages.get("/till/events")
@at_till
def events() -> Response:
    """Everything since the cursor that the page has seen: no payment goes unseen, whatever the line did meanwhile."""
    place: Place = g.place
    return stream([place.shop.topic], news_of(place, g.clock))


def news_of(place: Place, clock: Clock) -> Produce:
    """What a look at the book finds that this stream has not told yet: three statements, four each fifth time.

    Only the last event of a look carries the cursor, so that a line which breaks between two of them loses neither.
    Raises NoTill once the tablet is revoked: the stream then ends and the page goes to pairing.
    """
    district_id, shop_id, till_id = place.who.district_id, place.shop.id, place.till.id
    book = ShopInBook(district_id, shop_id)
    told: dict[str, Any] = {}

    def look(session: Session, last_id: str | None) -> Iterable[Event]:
        standing = queries.standing(session, district_id, till_id, now=clock())
        if standing.is_revoked:
            raise NoTill
        fresh, cursor = book.news(session, cursor_of(last_id))
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
            yield cursor, "state", state

    return look


def cursor_of(last_id: str | None) -> int | None:
    """The cursor that the browser sent; anything else than one of ours begins anew."""
    return int(last_id) if last_id is not None and CURSOR.fullmatch(last_id) else None


class ShopInBook:
    """What one stream has seen of its shop's accounts. A series that opens later gets its account later: it is found
    within five looks, and everything on it is news then."""

    def __init__(self, district_id: int, shop_id: int) -> None:
        self._shop = (district_id, shop_id)
        self._accounts: list[int] = []
        self._looks = 0
        self._seen: set[int] = set()

    def news(self, session: Session, cursor: int | None) -> tuple[list[Sale], int]:
        """Sales that this stream has not told, the oldest first, and the cursor from which to look next."""
        sales = self._on_new_accounts(session) if self._looks % LOOKS == 0 else []
        self._looks += 1
        arrived = queries.arrivals_on(session, *self._shop, self._accounts, cursor=cursor)
        fresh = {sale.transaction_id: sale for sale in (*sales, *arrived.sales) if sale.transaction_id not in self._seen}
        self._seen.update(fresh)
        return list(fresh.values()), arrived.cursor

    def _on_new_accounts(self, session: Session) -> list[Sale]:
        before, self._accounts = self._accounts, queries.accounts_of(session, *self._shop)
        new = [account for account in self._accounts if account not in before]
        if self._looks == 0 or not new:
            return []  # at its start the stream goes by the cursor alone
        return queries.arrivals_on(session, *self._shop, new, cursor=0).sales
