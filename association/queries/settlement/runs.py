"""What became of each run. States are derived from the book."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice, takewhile

from sqlalchemy import select
from sqlalchemy.orm import Session

import ledger.queries as book
import merchant.queries
from association.errors import RunUnknown
from association.models import SettlementCarry, SettlementPayout, SettlementRun, SettlementTerms
from association.queries.settlement.returns import returns_of_run
from association.queries.settlement.terms import Terms, as_terms
from association.queries.settlement.transfers import holidays
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
    """換金 of one closing day. `state`: waiting, declined, posting, settled, paying, posting_payout, paid or void (titles.RUN_STATES).

    `transfer_version`: the terms of its file, None where it is paid by hand. `payout`: the proposal that says the bank has paid, the
    newest one that was not declined.
    """

    id: int
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
    """A run in the list. `net`: yen that it transfers or transferred, `shops`: how many."""

    id: int
    closes_on: date
    pay_on: date
    state: str
    net: int
    shops: int


def last_run(session: Session, district_id: int) -> RunHead | None:
    """The newest run that was not declined."""
    return next((head for head in _heads(session, district_id) if head.state != "declined"), None)


def runs(session: Session, who: Principal, *, limit: int | None = RUNS_SHOWN) -> list[RunHead]:
    """The runs of the last years, newest first; `limit` None: of all years."""
    authorise(session, who, "association.read")
    return list(islice(_heads(session, who.district_id), limit))


def unpaid_runs(session: Session, district_id: int, *, before: date, since: date) -> list[RunHead]:
    """Runs whose pay day lies in [since, before) and that the bank is not known to have paid. For doors that have asked already."""
    recent = takewhile(lambda head: head.pay_on >= since, _heads(session, district_id))
    return [head for head in recent if head.pay_on < before and head.state not in ("paid", "void", "declined")]


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
    returns = returns_of_run(session, district_id, run_id)
    lines = tuple(_run_line(item, shops, payouts, returns, is_declined=proposal.approved is False) for item in proposal.items)
    current = next((each for each, _paid_on in payouts if each.approved is not False), None)
    people = {person for each in (proposal, current) if each for person in (each.maker, each.checker) if person is not None}
    held = session.get_one(SettlementTerms, (district_id, row.terms_version))
    return Run(
        id=row.id,
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


def _heads(session: Session, district_id: int) -> Iterable[RunHead]:
    query = select(SettlementRun).where(SettlementRun.district_id == district_id).order_by(SettlementRun.id.desc())
    for row in session.scalars(query).all():
        proposal = book.one_proposal(session, district_id, row.id)
        returns = returns_of_run(session, district_id, row.id)
        state = _state(proposal, [each for each, _paid_on in _payouts(session, district_id, row.id)], returns)
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


def _state(proposal: Proposal, payouts: list[Proposal], returns: Mapping[int, bool]) -> str:
    """What became of a run, from its transactions, those that pay it out, and transfers that came back (shop → approved)."""
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
