"""人に送る・贈る: how each coin stands, what was passed on this month, and who got it from many."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

import ledger.queries as book
from base.clock import day_bounds, tokyo_day
from identity.commands import authorise
from identity.queries import Principal
from ledger.queries import Law, PassedOn, Received, Series

RECEIVERS = 10
"""People on the page."""
MANY = 3
"""From so many different people somebody must have got coin before they stand there."""


@dataclass(frozen=True, slots=True)
class PassingPage:
    """`coins`: every running coin with this month's figures, and the number of the proposal that waits for it, if one does."""

    coins: tuple[tuple[Series, PassedOn, int | None], ...]
    receivers: tuple[Received, ...]
    law: Law


def passing_page(session: Session, who: Principal, *, now: datetime) -> PassingPage:
    """Names nobody: people stand there by number."""
    authorise(session, who, "association.read")
    since = day_bounds(tokyo_day(now).replace(day=1))[0]
    passed = book.passed_between(session, who.district_id, since=since)
    waiting = {
        each.facts.get("series"): each.id for each in book.proposals(session, who.district_id, waiting=True, purpose="transfers", limit=100)
    }
    coins = book.running_coins(session, who.district_id, now=now)
    return PassingPage(
        coins=tuple((one, passed.get(one.id, PassedOn(one.id, 0, 0, 0, 0)), waiting.get(one.id)) for one in coins),
        receivers=tuple(
            each for each in book.most_received(session, who.district_id, since=since, limit=RECEIVERS) if each.senders >= MANY
        ),
        law=book.law(session),
    )
