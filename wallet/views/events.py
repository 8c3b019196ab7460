"""The phone's live line: what came or went, and what a shop asks."""

from __future__ import annotations

from collections.abc import Iterator, Set
from typing import Any

from flask import Response, g, url_for
from sqlalchemy.orm import Session

from base.errors import NotSignedIn
from identity.queries import is_signed_in, person_topic
from wallet import queries
from wallet.queries import Movement
from wallet.views.frame import consumers_only, me, pages
from web.live import Event, stream


@pages.get("/wallet/events")
@consumers_only
def events() -> Response:
    """`movement` for each payment by my code, top-up and refund; `consent` when a shop asks, and when that is over.

    The line ends with the session that opened it.
    """
    who, clock = me(), g.clock

    def produce(session: Session, mark: str | None, _woken: Set[str]) -> Iterator[Event]:
        if not is_signed_in(session, who, clock()):
            raise NotSignedIn
        found = queries.news(session, who, mark, now=clock())
        for one in found.movements:
            yield found.mark, "movement", _as_data(one)
        if mark is None or found.asks_anew or found.movements:
            asked = found.asked
            yield found.mark, "consent", {"page": url_for(".consent_page", consent_id=asked.id) if asked else None}

    return stream([person_topic(who.district_id, who.person_id)], produce, holder=f"person {who.district_id} {who.person_id}")


def _as_data(one: Movement) -> dict[str, Any]:
    return {
        "id": one.transaction_id,
        "kind": "payment_again" if one.lost else one.kind,  # nobody stands at a till
        "amount": one.amount,
        "shop": one.shop_name,
        "page": url_for(_page_of(one), transaction_id=one.transaction_id),
    }


def _page_of(one: Movement) -> str:
    if one.kind == "transfer":
        return ".passed"
    return ".done" if one.kind == "payment" and not one.lost else ".detail"
