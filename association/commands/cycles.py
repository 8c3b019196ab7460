"""締め方: the administrator says which cycles there are beside the ordinary one, and which shop is in which. Nothing is booked."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from association.commands.settlement import alone
from association.errors import CycleTaken, CycleUnknown
from association.models import SettlementCycle, ShopCycle
from association.queries.settlement import Cycle, cycles, needed_terms, places
from association.queries.settlement.cycles import one_cycle
from association.rules.cycles import GIVEN, ORDINARY
from base.clock import tokyo_day
from base.db import atomic
from identity.commands import authorise
from identity.queries import Principal
from merchant.queries import Shop, merchant

FIRST_DAY = date(2000, 1, 1)
"""Before any district."""


@dataclass(frozen=True, slots=True)
class NewCycle:
    """`closing`: as in rules.settlement; `weekday` 0 is Monday; `minimum` in yen; `takes`: small, large or given.
    `fee_bp` (hundredths of a percent), `fee_bearer` (association, merchant): None where they are as the settings say."""

    name: str
    closing: str
    weekday: int
    pay_after_days: int
    minimum: int
    takes: str
    fee_bp: int | None = None
    fee_bearer: str | None = None


def set_cycle(session: Session, who: Principal, number: int | None, new: NewCycle, *, now: datetime) -> int:
    """Write down a further cycle, or the next version of one, and give its number. It holds from today on: closing days before
    today stay with the cycle that a shop was in then. Raises SettlementTermsMissing, CycleUnknown, CycleTaken."""
    assert who.person_id is not None, who
    with atomic(session):
        authorise(session, who, "association.set_settlement_terms", subject=f"settlement_cycle:{new.name}")
        alone(session, who.district_id)
        needed_terms(session, who.district_id)
        known = cycles(session, who.district_id)
        if number is not None:
            _beside(session, who.district_id, number)
        for each in known:
            if new.takes != GIVEN and each.takes == new.takes and each.number != number:
                raise CycleTaken(name=each.name)
        chosen = number or _next_number(session, who.district_id)
        _write(session, who, chosen, new, has_ended=False, now=now)
        return chosen


def end_cycle(session: Session, who: Principal, number: int, *, now: datetime) -> None:
    """From today on it has no shops: each goes where its size belongs, and what it took since it was last settled is settled there.
    Raises CycleUnknown."""
    assert who.person_id is not None, who
    with atomic(session):
        authorise(session, who, "association.set_settlement_terms", subject=f"settlement_cycle:{number} ends")
        alone(session, who.district_id)
        held = _beside(session, who.district_id, number)
        assert held.name is not None, held
        last = NewCycle(held.name, held.closing.value, held.weekday, held.pay_after_days, held.minimum, held.takes, *_own_fee(held))
        _write(session, who, number, last, has_ended=True, now=now)


def place_shop(session: Session, who: Principal, merchant_id: int, cycle: int | None, *, now: datetime) -> None:
    """Give a shop to a cycle from today on; None: again to the one of its size. The next closing of the new cycle settles every day
    since the shop was last settled. The same once more writes nothing. Raises ShopUnknown, CycleUnknown."""
    assert who.person_id is not None, who
    with atomic(session):
        authorise(session, who, "association.place_shop", subject=f"shop:{merchant_id} cycle:{cycle or 'size'}")
        alone(session, who.district_id)
        merchant(session, who.district_id, merchant_id)
        if cycle is not None:
            one_cycle(session, who.district_id, cycle)
        today = tokyo_day(now)
        if places(session, who.district_id).given(merchant_id, today) != cycle:
            row = ShopCycle(
                district_id=who.district_id, merchant_id=merchant_id, cycle=cycle, since=today, set_by=who.person_id, set_at=now
            )
            session.add(row)


def keep_past_cycle(session: Session, who: Principal, before: Shop, size: str, *, now: datetime) -> None:
    """A shop's size is about to change, and with it the cycle of a shop that nobody has given to one: the days before today stay with
    the cycle that it was in. To be called inside the change."""
    assert who.person_id is not None, who
    if size == before.size:
        return
    today, where = tokyo_day(now), places(session, who.district_id)
    was, becomes = where.cycle(before, today), where.cycle(replace(before, size=size), today)
    if was == becomes:
        return
    since = max((each.since for each in where.placed.get(before.id, ())), default=FIRST_DAY)
    for cycle, day in ((was, since), (None, today)):
        row = ShopCycle(district_id=who.district_id, merchant_id=before.id, cycle=cycle, since=day, set_by=who.person_id, set_at=now)
        session.add(row)
        session.flush()  # in this order: the newest row that has begun holds


def _beside(session: Session, district_id: int, number: int) -> Cycle:
    """Raises CycleUnknown, also for the ordinary one: that stands in the terms."""
    if number == ORDINARY:
        raise CycleUnknown
    return one_cycle(session, district_id, number)


def _own_fee(held: Cycle) -> tuple[int | None, str | None]:
    return held.fee_bp if held.has_own_fee else None, held.fee_bearer


def _next_number(session: Session, district_id: int) -> int:
    last = session.scalar(select(func.max(SettlementCycle.number)).where(SettlementCycle.district_id == district_id))
    return (last or ORDINARY) + 1


def _write(session: Session, who: Principal, number: int, new: NewCycle, *, has_ended: bool, now: datetime) -> None:
    assert who.person_id is not None, who
    mine = (SettlementCycle.district_id == who.district_id, SettlementCycle.number == number)
    last = session.scalar(select(func.max(SettlementCycle.version)).where(*mine))
    session.add(
        SettlementCycle(
            district_id=who.district_id,
            number=number,
            version=(last or 0) + 1,
            name=new.name,
            closing=new.closing,
            weekday=new.weekday,
            pay_after_days=new.pay_after_days,
            minimum=new.minimum,
            takes=new.takes,
            fee_bp=new.fee_bp,
            fee_bearer=new.fee_bearer,
            has_ended=has_ended,
            set_by=who.person_id,
            set_at=now,
        )
    )
