"""What a run would pay, shop by shop, were it put forward now."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

import ledger.queries as book
import merchant.queries
from association.errors import ClosingDayWrong, RunUnfinished
from association.queries.settlement.runs import last_run
from association.queries.settlement.terms import Terms, needed_terms, terms
from association.rules.settlement import Carry, Split, closing_days, split, times_usual
from base.clock import day_bounds, tokyo_day
from identity.commands import authorise
from identity.queries import Principal
from ledger.queries import Standing
from merchant.queries import Shop

LATELY = timedelta(days=70)
"""How far back closing days without a run are offered."""
USUAL_OF = 6
"""Earlier payouts of a shop that say what is usual for it."""


@dataclass(frozen=True, slots=True)
class ShopLine:
    """One shop of a run, in yen. opening + taken − given_back + other = split.payable. `by_account`: payable account → what it
    holds. `times_usual`: tenths of the usual payout where this one is unusually large."""

    shop: Shop
    opening: int
    taken: int
    takings: int
    given_back: int
    returns: int
    other: int
    split: Split
    by_account: tuple[tuple[int, int], ...]
    agent_account: int | None
    is_first: bool
    times_usual: int | None

    @property
    def is_odd(self) -> bool:
        """Whether somebody should look at it before it is paid."""
        return self.split.payable < 0 or (self.split.net > 0 and (self.is_first or self.times_usual is not None))


@dataclass(frozen=True, slots=True)
class Draft:
    """A run as it would be put forward now. `after`: the closing before, exclusive; None for the first."""

    closes_on: date
    after: date | None
    pay_on: date
    terms: Terms
    lines: tuple[ShopLine, ...]

    @property
    def paid(self) -> tuple[ShopLine, ...]:
        return tuple(line for line in self.lines if line.split.reason is None)

    @property
    def carried(self) -> tuple[ShopLine, ...]:
        return tuple(line for line in self.lines if line.split.reason is not None)

    @property
    def odd(self) -> tuple[ShopLine, ...]:
        return tuple(line for line in self.lines if line.is_odd)


def due_closings(session: Session, who: Principal, *, now: datetime) -> list[date]:
    """Closing days that have ended and may be settled now, newest first."""
    authorise(session, who, "association.read")
    return closings_due(session, who.district_id, now=now)


def closings_due(session: Session, district_id: int, *, now: datetime) -> list[date]:
    """The same for doors that have asked already."""
    found = terms(session, district_id)
    if found is None:
        return []
    last = last_run(session, district_id)
    yesterday = tokyo_day(now) - timedelta(days=1)
    first = yesterday - LATELY if last is None else max(last.closes_on + timedelta(days=1), yesterday - LATELY)
    return closing_days(first, yesterday, found.closing, found.weekday)[::-1] if first <= yesterday else []


def run_draft(session: Session, who: Principal, closes_on: date, *, now: datetime) -> Draft:
    """What a run for this closing day would pay. Raises SettlementTermsMissing, ClosingDayWrong, RunUnfinished."""
    authorise(session, who, "association.read")
    return draft_of(session, who.district_id, closes_on, frozenset(), now=now)


def draft_of(session: Session, district_id: int, closes_on: date, without: frozenset[int], *, now: datetime) -> Draft:
    """For doors that have asked already. `without`: shops to leave out this time."""
    held = needed_terms(session, district_id)
    last = last_run(session, district_id)
    if not held.closes(closes_on) or day_bounds(closes_on)[1] > now or (last is not None and closes_on <= last.closes_on):
        raise ClosingDayWrong
    if last is not None and last.state in ("waiting", "posting"):
        raise RunUnfinished(closes_on=last.closes_on)
    after = None if last is None else last.closes_on
    since, until = None if after is None else day_bounds(after)[1], day_bounds(closes_on)[1]
    owed = _by_owner(book.standings(session, district_id, "payable", since=since, until=until))
    agents = {one.owner_id: one for one in book.standings(session, district_id, "agent", since=since, until=until)}
    shops = merchant.queries.shops(session, district_id, ids=list(owed)) if owed else []
    earlier = merchant.queries.settled_nets(session, district_id) if owed else {}
    lines = [_line(shop, owed[shop.id], agents.get(shop.id), earlier.get(shop.id, []), held.fee_bp, without) for shop in shops]
    moving = tuple(line for line in lines if line.split.payable or line.taken or line.given_back)
    return Draft(closes_on, after, held.pays_on(closes_on), held, moving)


def _line(
    shop: Shop, accounts: list[Standing], agent: Standing | None, earlier: list[int], fee_bp: int, without: frozenset[int]
) -> ShopLine:
    cash = 0 if agent is None else max(min(agent.now, agent.closing), 0)
    becomes = split(sum(one.closing for one in accounts), cash, fee_bp, _stopped(shop, without))
    return ShopLine(
        shop=shop,
        opening=sum(one.opening for one in accounts),
        taken=sum(one.taken for one in accounts),
        takings=sum(one.takings for one in accounts),
        given_back=sum(one.given_back for one in accounts),
        returns=sum(one.returns for one in accounts),
        other=sum(one.other for one in accounts),
        split=becomes,
        by_account=tuple((one.account_id, one.closing) for one in accounts if one.closing),
        agent_account=None if agent is None else agent.account_id,
        is_first=not earlier,
        times_usual=times_usual(becomes.net, earlier[:USUAL_OF]),
    )


def _stopped(shop: Shop, without: frozenset[int]) -> Carry | None:
    if shop.state in ("suspended", "closed"):
        return Carry(shop.state)
    return Carry.left_out if shop.id in without else None


def _by_owner(found: Iterable[Standing]) -> dict[int, list[Standing]]:
    owners: dict[int, list[Standing]] = {}
    for one in found:
        owners.setdefault(one.owner_id, []).append(one)
    return owners
