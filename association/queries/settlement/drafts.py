"""What a run would pay, shop by shop, were it put forward now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

import ledger.queries as book
import merchant.queries
from association.errors import ClosingDayWrong, RunUnfinished
from association.queries.bank_details import NOTHING, ShopAccountRow, ShopAccounts, accounts_by_shop
from association.queries.settlement.cycles import Cycle, began_on, cycles, one_cycle, settled_until, shops_of
from association.queries.settlement.returns import accounts_to_check, feeless
from association.queries.settlement.runs import heads_of, last_run
from association.queries.settlement.terms import Terms, needed_terms
from association.queries.settlement.transfers import Transfers, paid_accounts, transfer_terms
from association.rules.cycles import ORDINARY
from association.rules.settlement import Carry, Split, split, times_usual
from association.rules.zengin import Owed, Policy, consolidate
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
    holds. `times_usual`: tenths of the usual payout where this one is unusually large. `account`: where a file would transfer it;
    `is_new_account`: for the first time; `is_changing`: a change of it is under way. `feeless`: came back and was charged before.
    `after`: the closing day up to which this shop is settled, whatever cycle that was in; its own days begin on the next one."""

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
    cash: int
    is_first: bool
    times_usual: int | None
    account: ShopAccountRow | None = None
    is_new_account: bool = False
    is_changing: bool = False
    feeless: int = 0
    after: date | None = None

    @property
    def is_odd(self) -> bool:
        """Whether somebody should look at it before it is paid."""
        return self.split.payable < 0 or (
            self.split.net > 0 and (self.is_first or self.is_new_account or self.is_changing or self.times_usual is not None)
        )


@dataclass(frozen=True, slots=True)
class RunDraft:
    """A run as it would be put forward now. `after`: the closing before in this cycle, exclusive; None for the first.

    `shops`: all whose days it covers, with something to pay or without.
    """

    closes_on: date
    after: date | None
    pay_on: date
    terms: Terms
    cycle: Cycle
    transfers: Transfers | None
    lines: tuple[ShopLine, ...]
    shops: tuple[int, ...]

    @property
    def paid(self) -> tuple[ShopLine, ...]:
        return tuple(line for line in self.lines if line.split.reason is None)

    @property
    def carried(self) -> tuple[ShopLine, ...]:
        return tuple(line for line in self.lines if line.split.reason is not None)

    @property
    def offered(self) -> tuple[ShopLine, ...]:
        """Those that are paid, and those that are only because somebody left them out."""
        return tuple(line for line in self.lines if line.split.reason in (None, Carry.left_out))

    @property
    def net(self) -> int:
        """Yen that would go to the bank."""
        return sum(line.split.net for line in self.paid)

    @property
    def odd(self) -> tuple[ShopLine, ...]:
        return tuple(line for line in self.lines if line.is_odd)


@dataclass(frozen=True, slots=True)
class Due:
    """A closing day that has ended and may be settled."""

    cycle: Cycle
    closes_on: date
    pay_on: date


def due_closings(session: Session, who: Principal, *, now: datetime) -> list[Due]:
    """Closing days that have ended and may be settled now, newest first."""
    authorise(session, who, "association.read")
    return closings_due(session, who.district_id, now=now)


def closings_due(session: Session, district_id: int, *, now: datetime) -> list[Due]:
    """The same for doors that have asked already. Of several cycles, those in which no shop is have nothing to settle."""
    known = cycles(session, district_id)
    if not known:
        return []
    yesterday, began = tokyo_day(now) - timedelta(days=1), began_on(session, district_id)
    found = []
    for cycle in known:
        last = last_run(session, district_id, cycle.number)
        first = max(yesterday - LATELY, began.get(cycle.number, date.min))
        if last is not None:
            first = max(first, last.closes_on + timedelta(days=1))
        if first <= yesterday and (len(known) == 1 or shops_of(session, district_id, cycle.number, yesterday)):
            found += [Due(cycle, day, cycle.pays_on(day)) for day in cycle.closings(first, yesterday)]
    return sorted(found, key=lambda due: (-due.closes_on.toordinal(), due.cycle.number))


def run_draft(
    session: Session, who: Principal, closes_on: date, without: frozenset[int] = frozenset(), *, cycle: int = ORDINARY, now: datetime
) -> RunDraft:
    """What a run for this closing day would pay, `without` these shops.

    Raises SettlementTermsMissing, CycleUnknown, ClosingDayWrong, RunUnfinished.
    """
    authorise(session, who, "association.read")
    return draft_of(session, who.district_id, closes_on, without, cycle=cycle, now=now)


def draft_of(
    session: Session, district_id: int, closes_on: date, without: frozenset[int], *, cycle: int = ORDINARY, now: datetime
) -> RunDraft:
    """For doors that have asked already. `without`: shops to leave out this time.

    It covers the shops that are in the cycle on the closing day and are not settled up to it already, each from its own last day on.
    A shop stands in one unfinished run at most: what that one would pay is still on the shop's account.
    """
    held = needed_terms(session, district_id)
    chosen = one_cycle(session, district_id, cycle)
    last = last_run(session, district_id, cycle)
    if not chosen.closes(closes_on) or day_bounds(closes_on)[1] > now or (last is not None and closes_on <= last.closes_on):
        raise ClosingDayWrong
    shops = shops_of(session, district_id, cycle, closes_on)
    settled = settled_until(session, district_id, [shop.id for shop in shops])
    shops = [shop for shop in shops if shop.id not in settled or settled[shop.id].until < closes_on]
    for head in heads_of(session, district_id, {settled[shop.id].run_id for shop in shops if shop.id in settled}):
        if head.state in ("waiting", "posting"):
            raise RunUnfinished(closes_on=head.closes_on)
    days = {shop.id: settled[shop.id].until if shop.id in settled else None for shop in shops}
    until = day_bounds(closes_on)[1]
    owed = _owed(session, district_id, days, until)
    agents = {one.owner_id: one for one in book.standings(session, district_id, "agent", since=until, until=until)}
    earlier = merchant.queries.settled_nets(session, district_id) if owed else {}
    transfers = transfer_terms(session, district_id)
    if transfers is not None and chosen.fee_bearer is not None:
        transfers = replace(transfers, fee_bearer=chosen.fee_bearer)
    banks = _Banks.of(session, district_id, now=now) if transfers is not None else None
    free = feeless(session, district_id, until=until)
    lines = [
        replace(
            _line(shop, owed[shop.id], agents.get(shop.id), earlier.get(shop.id, []), chosen.fee_bp, without, banks, free.get(shop.id, 0)),
            after=days[shop.id],
        )
        for shop in shops
        if shop.id in owed
    ]
    if transfers is not None:
        lines = grouped_by_account(lines, transfers, chosen.fee_bp, chosen.minimum)
    else:
        lines = [_carried(line, Carry.minimum) if 0 < line.split.net < chosen.minimum else line for line in lines]
    moving = tuple(line for line in lines if line.split.payable or line.taken or line.given_back or line.split.reason is None)
    after = None if last is None else last.closes_on
    return RunDraft(closes_on, after, chosen.pays_on(closes_on), held, chosen, transfers, moving, tuple(days))


def _owed(session: Session, district_id: int, days: Mapping[int, date | None], until: datetime) -> dict[int, list[Standing]]:
    """By shop, each from the day after it was last settled on: one look at the book for each such day, and that is mostly one."""
    found: dict[int, list[Standing]] = {}
    for day in set(days.values()):
        since = None if day is None else day_bounds(day)[1]
        for one in book.standings(session, district_id, "payable", since=since, until=until):
            if one.owner_id in days and days[one.owner_id] == day:
                found.setdefault(one.owner_id, []).append(one)
    return found


@dataclass(frozen=True, slots=True)
class _Banks:
    """What is known of the shops' accounts while a run is drafted."""

    accounts: Mapping[int, ShopAccounts]
    to_check: frozenset[int]
    paid: frozenset[int]

    @classmethod
    def of(cls, session: Session, district_id: int, *, now: datetime) -> _Banks:
        return cls(
            accounts_by_shop(session, district_id, now=now), accounts_to_check(session, district_id), paid_accounts(session, district_id)
        )


def _line(
    shop: Shop,
    accounts: list[Standing],
    agent: Standing | None,
    earlier: list[int],
    fee_bp: int,
    without: frozenset[int],
    banks: _Banks | None,
    free: int,
) -> ShopLine:
    cash = 0 if agent is None else max(min(agent.now, agent.closing), 0)
    held = NOTHING if banks is None else banks.accounts.get(shop.id, NOTHING)
    becomes = split(sum(one.closing for one in accounts), cash, fee_bp, _stopped(shop, without, banks, held), feeless=free)
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
        cash=cash,
        is_first=not earlier,
        times_usual=times_usual(becomes.net, earlier[:USUAL_OF]),
        account=held.live,
        is_new_account=banks is not None and held.live is not None and held.live.id not in banks.paid,
        is_changing=held.change is not None,
        feeless=free,
    )


def _stopped(shop: Shop, without: frozenset[int], banks: _Banks | None, held: ShopAccounts) -> Carry | None:
    if shop.state in ("suspended", "closed"):
        return Carry(shop.state)
    if shop.id in without:
        return Carry.left_out
    if banks is not None and held.live is None:
        return Carry.no_account
    if banks is not None and held.live is not None and held.live.id in banks.to_check:
        return Carry.check_account
    return None


def grouped_by_account(lines: Sequence[ShopLine], transfers: Transfers, fee_bp: int, minimum: int = 1) -> list[ShopLine]:
    """The same lines with what sharing a bank account does to them (18, 19).

    A shop below zero is netted with the others of its account: its own transaction takes the shortfall off their payables. What is
    left is one transfer, whose fee, where shops bear it, is taken off once; a transfer below the minimum carries its whole group over.
    """
    groups: dict[tuple[str, str, str, str], list[ShopLine]] = {}
    for line in lines:
        if line.account is not None and line.split.reason in (None, Carry.nothing) and line.split.payable:
            groups.setdefault(line.account.account.place, []).append(line)
    becomes: dict[int, ShopLine] = {}
    for place, group in groups.items():
        for line in _group(place, group, transfers, fee_bp, max(minimum, transfers.minimum)):
            becomes[line.shop.id] = line
    return [becomes.get(line.shop.id, line) for line in lines]


def _group(place: tuple[str, str, str, str], group: list[ShopLine], transfers: Transfers, fee_bp: int, minimum: int) -> list[ShopLine]:
    if sum(line.split.payable for line in group) <= 0:
        return [_carried(line, Carry.nothing if line.split.payable < 0 else Carry.netted) for line in group]
    netted = _netted(group, fee_bp)
    nets = [Owed(line.shop.id, place, line.split.net) for line in netted]
    if not any(one.balance for one in nets):
        return netted  # what the agents' cash has eaten up wholly is settled without a transfer
    pays, _carried_over = consolidate(Policy(lambda _place, gross: transfers.fee(place[0], place[1], gross), minimum), nets)
    if not pays:
        return [_carried(line, Carry.nothing if line.split.payable < 0 else Carry.minimum) for line in group]
    left, charged = pays[0].fee, []
    for line in netted:
        charge = min(left, line.split.net)
        left -= charge
        charged.append(replace(line, split=replace(line.split, net=line.split.net - charge, charge=charge)))
    return charged


def _netted(group: list[ShopLine], fee_bp: int) -> list[ShopLine]:
    """Those below zero at zero, the others with so much less. A shop's own entries and those that it takes from others stand in one
    transaction; whatever becomes of either, nothing is paid twice."""
    positive = {line.shop.id: dict(line.by_account) for line in group if line.split.payable > 0}
    taken: dict[int, int] = dict.fromkeys(positive, 0)
    made: list[ShopLine] = []
    for line in group:
        if line.split.payable > 0:
            continue
        short, own = -line.split.payable, dict(line.by_account)
        missing = short
        for giver, accounts in positive.items():
            for account_id, amount in accounts.items():
                part = min(max(amount, 0), missing, max(sum(accounts.values()), 0))
                if part:
                    accounts[account_id] -= part
                    own[account_id] = own.get(account_id, 0) + part
                    taken[giver] += part
                    missing -= part
        assert missing == 0, line
        made.append(replace(line, other=line.other + short, split=Split(0), by_account=tuple((each, n) for each, n in own.items() if n)))
    for line in group:
        if line.split.payable > 0:
            less = taken[line.shop.id]
            rest = tuple((account_id, amount) for account_id, amount in positive[line.shop.id].items() if amount)
            again = split(line.split.payable - less, line.cash, fee_bp, feeless=line.feeless)
            again = again if again.payable else Split(0, reason=Carry.netted)
            made.append(replace(line, other=line.other - less, split=again, by_account=rest))
    return [line for each in group for line in made if line.shop.id == each.shop.id]


def _carried(line: ShopLine, reason: Carry) -> ShopLine:
    return replace(line, split=Split(line.split.payable, carried=line.split.payable, reason=reason))
