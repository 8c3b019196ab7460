"""What became of each run. States are derived from the book."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

import ledger.queries as book
import merchant.queries
from association.errors import RunUnknown
from association.models import SettlementCarry, SettlementPayout, SettlementRun, SettlementTerms
from association.queries.settlement.returns import returns_of_run, returns_of_runs
from association.queries.settlement.terms import Terms, as_terms
from association.queries.settlement.transfers import holidays
from association.rules.cycles import ORDINARY
from identity.commands import authorise
from identity.queries import Principal, nicknames
from ledger.queries import Proposal, ProposalItem
from merchant.queries import Shop

RUNS_SHOWN = 60


@dataclass(frozen=True, slots=True)
class RunLine:
    """One shop of a run that was put forward, as its transaction says it. `state`: waiting, settled, refused, returning, returned
    or paid.

    `transit`: yen that its transaction puts on the way to the bank, by the book's own line. `payable_id`: the
    account of the shop from which most of it came; `returning` waits for a second person to say that the transfer came back.
    """

    shop: Shop | None
    merchant_id: int
    facts: Mapping[str, str | int | None]
    state: str
    transaction_id: int | None
    paid_on: date | None
    transit: int
    account_id: int | None
    payable_id: int

    def yen(self, name: str) -> int:
        """One of the figures: opening, taken, given_back, other, payable, fee, tax, agent, transfer_fee, net."""
        return int(self.facts.get(name) or 0)


@dataclass(frozen=True, slots=True)
class CarriedLine:
    """A shop that is not in a run: its payable in yen, and why."""

    shop: Shop | None
    amount: int
    reason: str


@dataclass(frozen=True, slots=True)
class Run:
    """換金 of one closing day. `state`: waiting, one of book.FALLEN, posting, settled, paying, posting_payout, paid or void
    (titles.RUN_STATES).

    `transfer_version`: the terms of its file, None where it is paid by hand. `payout`: the proposal that says the bank has paid, the
    newest one that did not fall.
    """

    district_id: int
    id: int
    cycle: int
    closes_on: date
    after: date | None
    pay_on: date
    made_at: datetime
    terms: Terms
    transfer_version: int | None
    proposal: Proposal
    payout: Proposal | None
    paid_on: date | None
    lines: tuple[RunLine, ...]
    carried: tuple[CarriedLine, ...]
    state: str
    names: Mapping[int, str]

    @property
    def fee_bp(self) -> int:
        """Hundredths of a percent that its shops paid: of its cycle, as it was then."""
        return self.lines[0].yen("fee_bp") if self.lines else self.terms.fee_bp

    @property
    def posted(self) -> tuple[RunLine, ...]:
        return tuple(line for line in self.lines if line.state in ("settled", "paid"))

    @property
    def to_pay(self) -> tuple[RunLine, ...]:
        """Settled, something is to be transferred, and the bank has neither done it nor sent it back."""
        return tuple(line for line in self.lines if line.state == "settled" and line.yen("net") > 0)

    def total(self, name: str) -> int:
        """A figure over all shops that are or will be settled."""
        return sum(line.yen(name) for line in self.lines if line.state != "refused")


@dataclass(frozen=True, slots=True)
class RunHead:
    """A run in the list. `cycle` 1 is the ordinary one. `net`: yen that it transfers or transferred, `shops`: how many."""

    id: int
    cycle: int
    closes_on: date
    pay_on: date
    state: str
    net: int
    shops: int


def last_run(session: Session, district_id: int, cycle: int = ORDINARY) -> RunHead | None:
    """The newest run of a cycle that did not fall."""
    return next(
        (head for head in _heads(session, district_id, SettlementRun.cycle == cycle, piece=1) if head.state not in book.FALLEN), None
    )


def runs(
    session: Session, who: Principal, *, limit: int | None = RUNS_SHOWN, cycle: int | None = None, before: int | None = None
) -> list[RunHead]:
    """The runs of the last years, newest first; `limit` None: of all years. `cycle`: of one; `before`: older than this run."""
    authorise(session, who, "association.read")
    wanted = [] if cycle is None else [SettlementRun.cycle == cycle]
    wanted += [] if before is None else [SettlementRun.id < before]
    return list(islice(_heads(session, who.district_id, *wanted, piece=limit or RUNS_SHOWN), limit))


def runs_between(session: Session, who: Principal, first: date, last: date) -> list[RunHead]:
    """The runs whose closing day lies from `first` to `last`, both included, that did not fall; newest first."""
    authorise(session, who, "association.read")
    wanted = SettlementRun.closes_on.between(first, last)
    return [head for head in _heads(session, who.district_id, wanted) if head.state not in book.FALLEN]


def heads_of(session: Session, district_id: int, run_ids: Collection[int]) -> list[RunHead]:
    """These runs. For doors that have asked already."""
    return list(_heads(session, district_id, SettlementRun.id.in_(run_ids))) if run_ids else []


def run_to_open(session: Session, who: Principal, closes_on: date, cycle: int) -> int | None:
    """The run of a closing day that did not fall, if somebody has put it forward."""
    authorise(session, who, "association.read")
    wanted = (SettlementRun.closes_on == closes_on, SettlementRun.cycle == cycle)
    return next((head.id for head in _heads(session, who.district_id, *wanted, piece=1) if head.state not in book.FALLEN), None)


def unpaid_runs(session: Session, district_id: int, *, before: date, since: date) -> list[RunHead]:
    """Runs whose pay day lies in [since, before) and that the bank is not known to have paid. For doors that have asked already."""
    wanted = (SettlementRun.pay_on >= since, SettlementRun.pay_on < before)
    return [head for head in _heads(session, district_id, *wanted) if head.state not in ("paid", "void", *book.FALLEN)]


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
    payouts = [
        (book.one_proposal(session, district_id, each.id), each.paid_on)
        for each in _payouts(session, district_id, [row.id]).get(row.id, [])
    ]
    carried = session.scalars(select(SettlementCarry).where(SettlementCarry.district_id == district_id, SettlementCarry.run_id == run_id))
    carried_rows = list(carried)
    ids = {int(item.facts["merchant"] or 0) for item in proposal.items} | {each.merchant_id for each in carried_rows}
    shops = {shop.id: shop for shop in merchant.queries.shops(session, district_id, ids=list(ids))}
    returns = returns_of_run(session, district_id, run_id)
    lines = tuple(_run_line(item, shops, payouts, returns, is_declined=proposal.approved is False) for item in proposal.items)
    current = next((each for each, _paid_on in payouts if each.approved is not False), None)
    people = {person for each in (proposal, current) if each for person in (each.maker, each.checker) if person is not None}
    held = session.get_one(SettlementTerms, (district_id, row.terms_version))
    return Run(
        district_id=district_id,
        id=row.id,
        cycle=row.cycle,
        closes_on=row.closes_on,
        after=row.after,
        pay_on=row.pay_on,
        made_at=row.made_at,
        terms=as_terms(held, holidays(session, district_id)),
        transfer_version=row.transfer_version,
        proposal=proposal,
        payout=current,
        paid_on=next((paid_on for each, paid_on in payouts if each is current), None),
        lines=lines,
        carried=tuple(CarriedLine(shops.get(each.merchant_id), each.amount, each.reason) for each in carried_rows),
        state=_state(proposal, [each for each, _paid_on in payouts], returns),
        names=nicknames(session, district_id, people),
    )


def _heads(session: Session, district_id: int, *wanted: ColumnElement[bool], piece: int = RUNS_SHOWN) -> Iterator[RunHead]:
    """Newest first, read `piece` at a time: what the book says of them, without the lines of their transactions."""
    query = (
        select(SettlementRun.id, SettlementRun.cycle, SettlementRun.closes_on, SettlementRun.pay_on)
        .where(SettlementRun.district_id == district_id, *wanted)
        .order_by(SettlementRun.id.desc())
    )
    rows = session.execute(query).all()
    for at in range(0, len(rows), piece):
        some = rows[at : at + piece]
        paid = _payouts(session, district_id, [row.id for row in some])
        ids = [row.id for row in some] + [each.id for payouts in paid.values() for each in payouts]
        said, back = book.outlines(session, district_id, ids), returns_of_runs(session, district_id, [row.id for row in some])
        for row in some:
            proposal = said[row.id]
            state = _state(proposal, [said[each.id] for each in paid.get(row.id, [])], back.get(row.id, {}))
            counted = [item for item in proposal.items if not item.is_void]
            net = sum(int(item.facts["net"] or 0) for item in counted)
            yield RunHead(row.id, row.cycle, row.closes_on, row.pay_on, state, net, len(counted))


def _payouts(session: Session, district_id: int, run_ids: Collection[int]) -> dict[int, list[SettlementPayout]]:
    """Run → what says that it was paid, newest first."""
    query = (
        select(SettlementPayout)
        .where(SettlementPayout.district_id == district_id, SettlementPayout.run_id.in_(run_ids))
        .order_by(SettlementPayout.id.desc())
    )
    found: dict[int, list[SettlementPayout]] = {}
    for row in session.scalars(query):
        found.setdefault(row.run_id, []).append(row)
    return found


def _state(proposal: Proposal, payouts: list[Proposal], returns: Mapping[int, bool]) -> str:
    """What became of a run, from its transactions, those that pay it out, and transfers that came back (shop → approved)."""
    if proposal.approved is None:
        return "waiting"
    if not proposal.approved:
        return proposal.outcome
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
    left = [
        item
        for item in settled
        if item.facts["net"] and item.transaction_id not in paid and not returns.get(int(item.facts["merchant"] or 0))
    ]
    return "settled" if left else "paid"


def _run_line(
    item: ProposalItem, shops: Mapping[int, Shop], payouts: list[tuple[Proposal, date]], returns: Mapping[int, bool], *, is_declined: bool
) -> RunLine:
    merchant_id = int(item.facts["merchant"] or 0)
    paid_on = None
    for each, day in payouts:
        for paid in each.items:
            if paid.transaction_id is not None and paid.facts["settlement"] == item.transaction_id:
                paid_on = day
    state = "refused" if item.is_void or is_declined else "waiting" if item.transaction_id is None else "settled"
    back = returns.get(merchant_id)
    if back is not None and item.transaction_id is not None:
        state = "returned" if back else "returning"
    elif paid_on:
        state = "paid"
    return RunLine(
        shop=shops.get(merchant_id),
        merchant_id=merchant_id,
        facts=item.facts,
        state=state,
        transaction_id=item.transaction_id,
        paid_on=paid_on,
        transit=-sum(line.amount for line in item.lines if line.role == "in_transit"),
        payable_id=max(
            (line for line in item.lines if line.role == "payable" and line.owner_id == merchant_id), key=lambda line: line.amount
        ).account_id,
        account_id=None if item.facts.get("account") is None else int(item.facts["account"] or 0),
    )
