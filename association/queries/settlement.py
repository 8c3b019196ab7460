"""換金: what a run would pay, what became of a run, and when the next one is due. States are derived from the book."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import islice

import jpholiday
from sqlalchemy import select
from sqlalchemy.orm import Session

import ledger.queries as book
import merchant.queries
from association.errors import ClosingDayWrong, RunUnfinished, RunUnknown, SettlementTermsMissing
from association.models import SettlementCarry, SettlementPayout, SettlementRun, SettlementTerms
from association.rules.settlement import Carry, Closing, Shift, Split, closing_days, is_closing_day, pay_day, split, times_usual
from base.clock import day_bounds, tokyo_day
from identity.commands import authorise
from identity.queries import Principal, nicknames
from ledger.queries import Proposal, ProposalItem, Standing
from merchant.queries import Shop

LATELY = timedelta(days=70)
"""How far back closing days without a run are offered."""
RUNS_SHOWN = 60
USUAL_OF = 6
"""Earlier payouts of a shop that say what is usual for it."""


@dataclass(frozen=True, slots=True)
class Terms:
    """換金の設定 that hold now. `fee_bp`: hundredths of a percent of what is paid; `weekday`: 0 is Monday."""

    version: int
    closing: Closing
    weekday: int
    pay_after_days: int
    shift: Shift
    fee_bp: int
    registration_number: str | None
    set_by: int
    set_at: datetime

    def pays_on(self, closes_on: date) -> date:
        """振込日 of a closing day: a bank day."""
        return pay_day(closes_on, self.pay_after_days, self.shift, jpholiday.is_holiday)

    def closes(self, day: date) -> bool:
        return is_closing_day(day, self.closing, self.weekday)

    def next_closing(self, day: date) -> date:
        """The first closing day from `day` on."""
        return closing_days(day, day + timedelta(days=31), self.closing, self.weekday)[0]


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


@dataclass(frozen=True, slots=True)
class RunLine:
    """One shop of a run that was put forward, as its transaction says it. `state`: waiting, settled, refused or paid."""

    shop: Shop | None
    merchant_id: int
    facts: Mapping[str, str | int | None]
    state: str
    transaction_id: int | None
    paid_on: date | None

    def yen(self, name: str) -> int:
        """One of the figures: opening, taken, given_back, other, payable, fee, tax, agent, net."""
        return int(self.facts.get(name) or 0)


@dataclass(frozen=True, slots=True)
class CarriedLine:
    """A shop that is not in a run: its payable in yen, and why."""

    shop: Shop | None
    amount: int
    reason: str


@dataclass(frozen=True, slots=True)
class Run:
    """換金 of one closing day. `state`: waiting, declined, posting, settled, paying, posting_payout, paid or void (titles.RUN_STATES).

    `payout`: the proposal that says the bank has paid, the newest one that was not declined.
    """

    id: int
    closes_on: date
    after: date | None
    pay_on: date
    made_at: datetime
    terms: Terms
    proposal: Proposal
    payout: Proposal | None
    paid_on: date | None
    lines: tuple[RunLine, ...]
    carried: tuple[CarriedLine, ...]
    state: str
    names: Mapping[int, str]

    @property
    def posted(self) -> tuple[RunLine, ...]:
        return tuple(line for line in self.lines if line.state in ("settled", "paid"))

    @property
    def to_pay(self) -> tuple[RunLine, ...]:
        """Settled, something is to be transferred, and the bank has not done it."""
        return tuple(line for line in self.lines if line.state == "settled" and line.yen("net") > 0)

    def total(self, name: str) -> int:
        """A figure over all shops that are or will be settled."""
        return sum(line.yen(name) for line in self.lines if line.state != "refused")


@dataclass(frozen=True, slots=True)
class RunHead:
    """A run in the list. `net`: yen that it transfers or transferred, `shops`: how many."""

    id: int
    closes_on: date
    pay_on: date
    state: str
    net: int
    shops: int


def terms(session: Session, district_id: int) -> Terms | None:
    """The version that holds now, or None before the first."""
    query = select(SettlementTerms).where(SettlementTerms.district_id == district_id).order_by(SettlementTerms.version.desc()).limit(1)
    row = session.scalars(query).one_or_none()
    return None if row is None else _as_terms(row)


def needed_terms(session: Session, district_id: int) -> Terms:
    """Raises SettlementTermsMissing."""
    found = terms(session, district_id)
    if found is None:
        raise SettlementTermsMissing
    return found


def terms_history(session: Session, who: Principal) -> list[tuple[Terms, str | None]]:
    """Every version with the name of who set it, newest first."""
    authorise(session, who, "association.read")
    query = select(SettlementTerms).where(SettlementTerms.district_id == who.district_id).order_by(SettlementTerms.version.desc())
    found = [_as_terms(row) for row in session.scalars(query)]
    names = nicknames(session, who.district_id, {each.set_by for each in found}) if found else {}
    return [(each, names.get(each.set_by)) for each in found]


def next_payday(session: Session, district_id: int, *, now: datetime) -> tuple[date, date] | None:
    """(closing day, pay day) of what a shop takes now; None while a district has no terms."""
    found = terms(session, district_id)
    if found is None:
        return None
    closes_on = found.next_closing(tokyo_day(now))
    return closes_on, found.pays_on(closes_on)


def due_closings(session: Session, who: Principal, *, now: datetime) -> list[date]:
    """Closing days that have ended and may be settled now, newest first."""
    authorise(session, who, "association.read")
    found = terms(session, who.district_id)
    if found is None:
        return []
    last = last_run(session, who.district_id)
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


def last_run(session: Session, district_id: int) -> RunHead | None:
    """The newest run that was not declined."""
    return next((head for head in _heads(session, district_id) if head.state != "declined"), None)


def runs(session: Session, who: Principal, *, limit: int | None = RUNS_SHOWN) -> list[RunHead]:
    """The runs of the last years, newest first; `limit` None: of all years."""
    authorise(session, who, "association.read")
    return list(islice(_heads(session, who.district_id), limit))


def run(session: Session, who: Principal, run_id: int) -> Run:
    """One run with every shop. Raises RunUnknown."""
    authorise(session, who, "association.read")
    return run_of(session, who.district_id, run_id)


def run_of_proposal(session: Session, who: Principal, proposal_id: int) -> int | None:
    """The run that this proposal settles or pays out, if it does."""
    authorise(session, who, "association.read")
    if session.get(SettlementRun, (who.district_id, proposal_id)) is not None:
        return proposal_id
    payout = session.get(SettlementPayout, (who.district_id, proposal_id))
    return None if payout is None else payout.run_id


def run_of(session: Session, district_id: int, run_id: int) -> Run:
    """For doors that have asked already. Raises RunUnknown."""
    row = session.get(SettlementRun, (district_id, run_id))
    if row is None:
        raise RunUnknown
    proposal = book.one_proposal(session, district_id, row.id)
    payouts = _payouts(session, district_id, row.id)
    carried = session.scalars(select(SettlementCarry).where(SettlementCarry.district_id == district_id, SettlementCarry.run_id == run_id))
    carried_rows = list(carried)
    ids = {int(item.facts["merchant"] or 0) for item in proposal.items} | {each.merchant_id for each in carried_rows}
    shops = {shop.id: shop for shop in merchant.queries.shops(session, district_id, ids=list(ids))}
    lines = tuple(_run_line(item, shops, payouts, is_declined=proposal.approved is False) for item in proposal.items)
    current = next((each for each, _paid_on in payouts if each.approved is not False), None)
    people = {person for each in (proposal, current) if each for person in (each.maker, each.checker) if person is not None}
    held = session.get_one(SettlementTerms, (district_id, row.terms_version))
    return Run(
        id=row.id,
        closes_on=row.closes_on,
        after=row.after,
        pay_on=row.pay_on,
        made_at=row.made_at,
        terms=_as_terms(held),
        proposal=proposal,
        payout=current,
        paid_on=next((paid_on for each, paid_on in payouts if each is current), None),
        lines=lines,
        carried=tuple(CarriedLine(shops.get(each.merchant_id), each.amount, each.reason) for each in carried_rows),
        state=_state(proposal, [each for each, _paid_on in payouts]),
        names=nicknames(session, district_id, people),
    )


def _heads(session: Session, district_id: int) -> Iterable[RunHead]:
    query = select(SettlementRun).where(SettlementRun.district_id == district_id).order_by(SettlementRun.id.desc())
    for row in session.scalars(query).all():
        proposal = book.one_proposal(session, district_id, row.id)
        state = _state(proposal, [each for each, _paid_on in _payouts(session, district_id, row.id)])
        counted = [item for item in proposal.items if not item.is_void]
        yield RunHead(row.id, row.closes_on, row.pay_on, state, sum(int(item.facts["net"] or 0) for item in counted), len(counted))


def _payouts(session: Session, district_id: int, run_id: int) -> list[tuple[Proposal, date]]:
    """The proposals that say a run was paid, newest first, with the day on which."""
    query = (
        select(SettlementPayout)
        .where(SettlementPayout.district_id == district_id, SettlementPayout.run_id == run_id)
        .order_by(SettlementPayout.id.desc())
    )
    return [(book.one_proposal(session, district_id, row.id), row.paid_on) for row in session.scalars(query).all()]


def _state(proposal: Proposal, payouts: list[Proposal]) -> str:
    """What became of a run, from its transactions and those that pay it out."""
    if proposal.approved is None:
        return "waiting"
    if not proposal.approved:
        return "declined"
    if any(item.is_open for item in proposal.items):
        return "posting"
    settled = [item for item in proposal.items if not item.is_void]
    if not settled:
        return "void"
    if any(each.approved is None for each in payouts):
        return "paying"
    if any(each.approved and any(item.is_open for item in each.items) for each in payouts):
        return "posting_payout"
    paid = {item.facts["settlement"] for each in payouts for item in each.items if item.transaction_id is not None}
    return "settled" if any(item.facts["net"] and item.transaction_id not in paid for item in settled) else "paid"


def _run_line(item: ProposalItem, shops: Mapping[int, Shop], payouts: list[tuple[Proposal, date]], *, is_declined: bool) -> RunLine:
    merchant_id = int(item.facts["merchant"] or 0)
    paid_on = None
    for each, day in payouts:
        for paid in each.items:
            if paid.transaction_id is not None and paid.facts["settlement"] == item.transaction_id:
                paid_on = day
    state = "refused" if item.is_void or is_declined else "waiting" if item.transaction_id is None else "settled"
    return RunLine(shops.get(merchant_id), merchant_id, item.facts, "paid" if paid_on else state, item.transaction_id, paid_on)


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


def _as_terms(row: SettlementTerms) -> Terms:
    return Terms(
        version=row.version,
        closing=Closing(row.closing),
        weekday=row.weekday,
        pay_after_days=row.pay_after_days,
        shift=Shift(row.shift),
        fee_bp=row.fee_bp,
        registration_number=row.registration_number,
        set_by=row.set_by,
        set_at=row.set_at,
    )


@dataclass(frozen=True, slots=True)
class Proof:
    """月次の証明: what shops took until the end of a day, and where each yen of it is. All in yen, at that moment."""

    until: date
    taken: int
    given_back: int
    other: int
    payable: int
    in_transit: int
    paid: int
    fee: int
    tax: int
    netted: int

    @property
    def takings(self) -> int:
        return self.taken - self.given_back + self.other

    @property
    def found(self) -> int:
        return self.payable + self.in_transit + self.paid + self.fee + self.tax + self.netted

    @property
    def difference(self) -> int:
        """0 as long as the book is whole."""
        return self.takings - self.found


def proof(session: Session, who: Principal, until: date) -> Proof:
    """Σ payable + in transit + paid = Σ takings at the end of a day, each side from accounts of its own (30).

    A look at every entry of the shops' accounts: for a page that somebody opens, not for each showing of one.
    """
    authorise(session, who, "association.read")
    end = day_bounds(until)[1]
    owed = book.sums_by_kind(session, who.district_id, "payable", until=end)
    standing = book.trial_balance(session, who.district_id, at=end - timedelta(microseconds=1))

    def stands(role: str) -> int:
        return sum(row.credit - row.debit for row in standing if row.role == role and row.unit == 0)

    def moved(role: str, kind: str) -> int:
        return -book.sums_by_kind(session, who.district_id, role, until=end).get(kind, 0)

    taken = sum(owed.get(kind, 0) for kind in book.TAKING)
    given_back = -sum(owed.get(kind, 0) for kind in book.GIVING_BACK)
    return Proof(
        until=until,
        taken=taken,
        given_back=given_back,
        other=sum(owed.values()) - taken + given_back - owed.get(book.SETTLING, 0),
        payable=stands("payable"),
        in_transit=stands("in_transit"),
        paid=moved("bank", "payout"),
        fee=stands("fee_income"),
        tax=stands("fee_tax"),
        netted=moved("agent", book.SETTLING),
    )
