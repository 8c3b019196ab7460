"""払戻し: how much coin may still be paid back in cash in this base period."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

import ledger.queries as book
from association.models import SeriesTerms
from association.queries.base_dates import BaseFigures, figures_on, frozen_on
from association.queries.securities import special_on
from association.rules import Regime, base_date_before
from association.rules.deposit import Caps
from base.clock import day_bounds, tokyo_day
from identity.commands import authorise
from identity.queries import Principal
from ledger.queries import Proposal

PURPOSE = "cash_refund"
CAPPED = "caps"
WAITING_MOST = 1_000


@dataclass(frozen=True, slots=True)
class RefundRoom:
    """The caps of the base period that runs since `since` (payment-law 25). `already`, in `caps`, has what waits for approval in it."""

    since: date
    caps: Caps


def refund_room(session: Session, who: Principal, *, now: datetime) -> RefundRoom:
    """For the page on which a refund is asked for."""
    authorise(session, who, "association.propose_refund", subject="room")
    return room_of(session, who.district_id, now=now)


def room_of(session: Session, district_id: int, *, now: datetime, but: int | None = None) -> RefundRoom:
    """What the caps leave, as of the books of the base date before; the proposal `but` is not counted."""
    since = base_date_before(tokyo_day(now), special_on(session, district_id))
    before = _figures(session, district_id, since, now=now).total
    booked = sum(
        each.amount
        for each in book.cash_refunds(session, district_id, since=day_bounds(since)[1])
        if each.ground == CAPPED and is_regulated_series(session, district_id, each.series_id)
    )
    waiting = sum(
        each.amount
        for each in book.proposals(session, district_id, waiting=True, purpose=PURPOSE, limit=WAITING_MOST)
        if each.id != but and counts(session, district_id, each)
    )
    return RefundRoom(since, Caps(before.issued, before.unspent, booked + waiting))


def counts(session: Session, district_id: int, proposal: Proposal) -> bool:
    """Whether a proposed refund is one of those that the caps limit."""
    facts = proposal.items[0].facts
    return facts.get("ground") == CAPPED and is_regulated_series(session, district_id, int(str(facts["series"])))


def is_regulated_series(session: Session, district_id: int, series_id: int) -> bool:
    """Whether the ban on refunds, with its caps, holds for a series at all."""
    terms = session.get(SeriesTerms, (district_id, series_id))
    return terms is not None and terms.regime == Regime.THIRD_PARTY


def _figures(session: Session, district_id: int, day: date, *, now: datetime) -> BaseFigures:
    """As they were reported where somebody has reported them, else by today's book."""
    frozen = frozen_on(session, district_id, day)
    return frozen.figures if frozen else figures_on(session, district_id, day, now=now)
