"""廃止・払戻し: where a coin that is being ended stands, and who has claimed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

import ledger.queries as book
from association.models import Discontinuance, DiscontinuanceEnd
from association.queries.cash_refunds import PURPOSE, WAITING_MOST
from association.rules.deposit import discontinuance_state
from base.clock import tokyo_day
from identity.commands import authorise
from identity.queries import Principal
from ledger.queries import Series

GROUND = "discontinuance"


@dataclass(frozen=True, slots=True)
class RefundClaim:
    """What somebody claims: a proposal to pay them back. `state`: waiting, approved or one of the ledger's FALLEN."""

    proposal_id: int
    person_id: int
    amount: int
    proposed_at: datetime
    state: str


@dataclass(frozen=True, slots=True)
class Ending:
    """One coin that is being ended. `left`: yen that people hold; `paid`: that claims have paid back."""

    series: Series
    announced_on: date
    stops_on: date
    claims_until: date
    notice: str
    decided_at: datetime
    closed_at: datetime | None
    state: str
    left: int
    claims: tuple[RefundClaim, ...]

    @property
    def paid(self) -> int:
        return sum(each.amount for each in self.claims if each.state == "approved")

    @property
    def waiting(self) -> int:
        return sum(each.state == "waiting" for each in self.claims)


def endings(session: Session, who: Principal, *, now: datetime) -> list[Ending]:
    """Every coin that two people have ended, the newest first."""
    authorise(session, who, "association.read_books", subject="discontinuance")
    rows = session.scalars(
        select(Discontinuance).where(Discontinuance.district_id == who.district_id).order_by(Discontinuance.decided_at.desc())
    ).all()
    held = {row.series_id: row.credit - row.debit for row in book.trial_balance(session, who.district_id) if row.role == "consumer"}
    claims = _claims(session, who.district_id) if rows else {}
    return [_ending(session, row, held.get(row.series_id, 0), claims.get(row.series_id, []), now) for row in rows]


def state_of(session: Session, district_id: int, series_id: int, *, now: datetime) -> str | None:
    """announced, claiming, paying or closed; None: nobody ends this coin."""
    row = session.get(Discontinuance, (district_id, series_id))
    if row is None:
        return None
    is_closed = session.get(DiscontinuanceEnd, (district_id, series_id)) is not None
    return discontinuance_state(tokyo_day(now), row.announced_on, row.claims_until, is_closed=is_closed)


@dataclass(frozen=True, slots=True)
class PublicEnding:
    """What everybody may know of a coin that is being ended (payment-law 27). `state`: announced, claiming, paying or closed."""

    series: Series
    stops_on: date
    claims_until: date
    state: str


def public_endings(session: Session, district_id: int, *, now: datetime) -> dict[int, PublicEnding]:
    """Series → its end, for holders: until when it is taken, and until when what is left is claimed."""
    rows = session.scalars(select(Discontinuance).where(Discontinuance.district_id == district_id)).all()
    closed = (
        set(session.scalars(select(DiscontinuanceEnd.series_id).where(DiscontinuanceEnd.district_id == district_id))) if rows else set()
    )
    today = tokyo_day(now)
    return {
        row.series_id: PublicEnding(
            book.one_series(session, district_id, row.series_id),
            row.stops_on,
            row.claims_until,
            discontinuance_state(today, row.announced_on, row.claims_until, is_closed=row.series_id in closed),
        )
        for row in rows
    }


def held_back(session: Session) -> dict[tuple[int, int], bool]:
    """(district, series) of every coin of any district that is being ended → whether that is closed: until then nothing of it expires."""
    closed = {(row.district_id, row.series_id) for row in session.scalars(select(DiscontinuanceEnd))}
    return {(row.district_id, row.series_id): (row.district_id, row.series_id) in closed for row in session.scalars(select(Discontinuance))}


def _ending(session: Session, row: Discontinuance, left: int, claims: list[RefundClaim], now: datetime) -> Ending:
    end = session.get(DiscontinuanceEnd, (row.district_id, row.series_id))
    return Ending(
        series=book.one_series(session, row.district_id, row.series_id),
        announced_on=row.announced_on,
        stops_on=row.stops_on,
        claims_until=row.claims_until,
        notice=row.notice,
        decided_at=row.decided_at,
        closed_at=end.decided_at if end else None,
        state=discontinuance_state(tokyo_day(now), row.announced_on, row.claims_until, is_closed=end is not None),
        left=left,
        claims=tuple(claims),
    )


def _claims(session: Session, district_id: int) -> dict[int, list[RefundClaim]]:
    found: dict[int, list[RefundClaim]] = {}
    for each in book.proposals(session, district_id, purpose=PURPOSE, limit=WAITING_MOST * 100):
        facts = each.items[0].facts
        if facts.get("ground") == GROUND:
            person = next(line.owner_id for line in each.items[0].lines if line.role == "consumer")
            found.setdefault(int(str(facts["series"])), []).append(
                RefundClaim(each.id, person, each.amount, each.proposed_at, each.outcome)
            )
    return found
