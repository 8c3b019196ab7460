"""締め方: the cycles of a district, which shops are in which, up to which day each is settled, and when it is paid next."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

import ledger.queries as book
import merchant.queries
from association.errors import CycleUnknown
from association.models import SettlementCycle, SettlementRun, ShopAdmission, ShopCycle
from association.queries.settlement.terms import Terms, terms
from association.rules.bank_days import IsHoliday
from association.rules.cycles import ORDINARY, Covered, Covering, Placed, Takes, covered, cycle_on, takes_on
from association.rules.settlement import Closing, Shift, closing_days, is_closing_day, pay_day
from base.clock import tokyo_day
from identity.commands import authorise
from identity.queries import Principal
from merchant.queries import Shop


@dataclass(frozen=True, slots=True)
class Cycle:
    """When the shops of one cycle are closed and paid. `number` 1 is the ordinary one, whose `name` is None and `takes` "rest".

    `minimum`: yen below which a transfer waits for the next closing; 1 where nothing was said here. `fee_bp`: hundredths of a percent that
    its shops pay; `fee_bearer`: association or merchant, who bears the fee of the transfer; None: as the settings of transfers say.
    """

    number: int
    name: str | None
    closing: Closing
    weekday: int
    pay_after_days: int
    minimum: int
    takes: str
    shift: Shift
    is_holiday: IsHoliday
    fee_bp: int
    fee_bearer: str | None = None
    has_own_fee: bool = False

    def closes(self, day: date) -> bool:
        return is_closing_day(day, self.closing, self.weekday, self.is_holiday)

    def pays_on(self, closes_on: date) -> date:
        """振込日 of a closing day: a bank day."""
        return pay_day(closes_on, self.pay_after_days, self.shift, self.is_holiday)

    def closings(self, first: date, last: date) -> list[date]:
        """The closing days from `first` to `last`, both included."""
        return closing_days(first, last, self.closing, self.weekday, self.is_holiday)

    def next_closing(self, day: date) -> date:
        """The first closing day from `day` on."""
        return self.closings(day, day + timedelta(days=31))[0]


@dataclass(frozen=True, slots=True)
class Places:
    """Which shop is in which cycle, on any day."""

    takes: tuple[Takes, ...]
    placed: Mapping[int, tuple[Placed, ...]]

    def cycle(self, shop: Shop, day: date) -> int:
        return cycle_on(day, self.placed.get(shop.id, ()), shop.size, takes_on(day, self.takes))

    def given(self, merchant_id: int, day: date) -> int | None:
        """The cycle to which a shop was given by hand; None: it is where its size belongs."""
        return next((each.cycle for each in reversed(self.placed.get(merchant_id, ())) if each.since <= day), None)


def cycles(session: Session, district_id: int) -> tuple[Cycle, ...]:
    """Those that there are now, the ordinary one first; none before the first terms."""
    held = terms(session, district_id)
    return () if held is None else cycles_under(session, district_id, held)


def cycles_under(session: Session, district_id: int, held: Terms) -> tuple[Cycle, ...]:
    """The same where the terms are at hand."""
    ordinary = Cycle(ORDINARY, None, held.closing, held.weekday, held.pay_after_days, 1, "rest", held.shift, held.is_holiday, held.fee_bp)
    others = (_cycle(row, held) for row in _newest(session, district_id) if not row.has_ended)
    return ordinary, *others


def one_cycle(session: Session, district_id: int, number: int) -> Cycle:
    """Raises CycleUnknown."""
    found = next((each for each in cycles(session, district_id) if each.number == number), None)
    if found is None:
        raise CycleUnknown
    return found


def cycle_names(session: Session, district_id: int) -> dict[int, str]:
    """The names of all cycles beside the ordinary one, also of those that have ended."""
    return {row.number: row.name for row in _newest(session, district_id)}


def places(session: Session, district_id: int) -> Places:
    """For doors that have asked already."""
    rows = session.scalars(select(ShopCycle).where(ShopCycle.district_id == district_id).order_by(ShopCycle.id))
    placed: dict[int, list[Placed]] = {}
    for row in rows:
        placed.setdefault(row.merchant_id, []).append(Placed(row.since, row.cycle))
    said = (Takes(tokyo_day(row.set_at), row.number, None if row.has_ended else row.takes) for row in _versions(session, district_id))
    return Places(tuple(said), {shop: tuple(each) for shop, each in placed.items()})


def shops_of(session: Session, district_id: int, number: int, day: date) -> list[Shop]:
    """Every shop that is in a cycle on a day, open or not."""
    where = places(session, district_id)
    return [shop for shop in merchant.queries.shops(session, district_id) if where.cycle(shop, day) == number]


def shop_places(session: Session, who: Principal, *, now: datetime) -> list[tuple[Shop, int, bool]]:
    """Every shop that is not closed with its cycle now, and whether it was given to it by hand."""
    authorise(session, who, "association.read")
    where, today = places(session, who.district_id), tokyo_day(now)
    shops = merchant.queries.shops(session, who.district_id, states=("applied", "open", "suspended"))
    return [(shop, where.cycle(shop, today), where.given(shop.id, today) is not None) for shop in shops]


def settled_until(session: Session, district_id: int, shops: Collection[int]) -> dict[int, Covered]:
    """Shop → the newest closing day that covers it, by a run that was not declined; a shop without one is not among them.

    A shop that joined after a run was put forward had nothing before: that run's closing day counts for it as well.
    """
    rows = session.execute(select(ShopAdmission.merchant_id, ShopAdmission.registered_at).where(ShopAdmission.district_id == district_id))
    return covered(shops, _coverings(session, district_id, {row.merchant_id: row.registered_at for row in rows}))


def _coverings(session: Session, district_id: int, joined: Mapping[int, datetime]) -> Iterator[Covering]:
    """Runs that were not declined, the latest closing day first."""
    query = (
        select(SettlementRun.id, SettlementRun.closes_on, SettlementRun.shops, SettlementRun.made_at)
        .where(SettlementRun.district_id == district_id)
        .order_by(SettlementRun.closes_on.desc(), SettlementRun.id.desc())
    )
    rows = session.execute(query).all()
    decided = book.outcomes(session, district_id, [row.id for row in rows]) if rows else {}
    for row in rows:
        if decided.get(row.id) is not False:
            later = {shop for shop, moment in joined.items() if moment > row.made_at}
            yield Covering(row.id, row.closes_on, None if row.shops is None else frozenset(row.shops) | later)


def next_payday(session: Session, district_id: int, merchant_id: int, *, now: datetime) -> tuple[date, date] | None:
    """(closing day, pay day) of what a shop takes now; None while a district has no terms."""
    known = cycles(session, district_id)
    if not known:
        return None
    number = ORDINARY
    if len(known) > 1:
        number = places(session, district_id).cycle(merchant.queries.merchant(session, district_id, merchant_id), tokyo_day(now))
    cycle = next(each for each in known if each.number == number)
    closes_on = cycle.next_closing(tokyo_day(now))
    return closes_on, cycle.pays_on(closes_on)


def began_on(session: Session, district_id: int) -> dict[int, date]:
    """The first day of each cycle beside the ordinary one."""
    rows = [row for row in _versions(session, district_id) if row.version == 1]
    return {row.number: tokyo_day(row.set_at) for row in rows}


def _versions(session: Session, district_id: int) -> list[SettlementCycle]:
    query = select(SettlementCycle).where(SettlementCycle.district_id == district_id)
    return list(session.scalars(query.order_by(SettlementCycle.version, SettlementCycle.number)))


def _newest(session: Session, district_id: int) -> list[SettlementCycle]:
    """The last version of each."""
    return [row for _number, row in sorted({row.number: row for row in _versions(session, district_id)}.items())]


def _cycle(row: SettlementCycle, held: Terms) -> Cycle:
    return Cycle(
        number=row.number,
        name=row.name,
        closing=Closing(row.closing),
        weekday=row.weekday,
        pay_after_days=row.pay_after_days,
        minimum=row.minimum,
        takes=row.takes,
        shift=held.shift,
        is_holiday=held.is_holiday,
        fee_bp=held.fee_bp if row.fee_bp is None else row.fee_bp,
        fee_bearer=row.fee_bearer,
        has_own_fee=row.fee_bp is not None,
    )
