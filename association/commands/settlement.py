"""換金: one person puts a closing day forward, another approves it; then the same for "the bank has paid"."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

import ledger.commands as book
import ledger.queries as read
import merchant.commands
from association.commands.keys import own_key
from association.errors import NothingToPayOut, NothingToSettle, PaidBeforeFile, PaidOnWrong
from association.models import SettlementCarry, SettlementPayout, SettlementRun, SettlementTerms, TransferDownload, TransferFile
from association.queries.settlement import RunDraft, RunLine, ShopLine, draft_of, needed_terms, run_of
from association.rules.cycles import ORDINARY
from association.rules.settlement import TAX_PERCENT
from base.clock import tokyo_day
from base.db import atomic
from identity.commands import authorise
from identity.queries import Principal
from merchant.queries import Scheme

SETTLEMENT_LOCK = 6_300
"""First key of the advisory lock under which a district's runs and terms are numbered."""


@dataclass(frozen=True, slots=True)
class NewTerms:
    """When books are closed, when shops are paid, and what it costs them. `closing`, `shift`: as in rules.settlement;
    `weekday` 0 is Monday; `fee_bp`: hundredths of a percent, without tax; `registration_number`: T and 13 digits. `scheme`: of the contract
    with the shops; None leaves it."""

    closing: str
    weekday: int
    pay_after_days: int
    shift: str
    fee_bp: int
    registration_number: str | None
    scheme: Scheme | None = None


def set_settlement_terms(session: Session, who: Principal, new: NewTerms, *, now: datetime) -> int:
    """Write down the next version and give its number. Earlier ones stay: each run names the one that it was made under."""
    assert who.person_id is not None, who
    with atomic(session):
        authorise(session, who, "association.set_settlement_terms", subject="settlement_terms")
        alone(session, who.district_id)
        if new.scheme is not None:
            merchant.commands.set_settlement_scheme(session, who.district_id, new.scheme, set_by=who.person_id, now=now)
        last = session.scalar(select(func.max(SettlementTerms.version)).where(SettlementTerms.district_id == who.district_id))
        version = (last or 0) + 1
        session.add(
            SettlementTerms(
                district_id=who.district_id,
                version=version,
                closing=new.closing,
                weekday=new.weekday,
                pay_after_days=new.pay_after_days,
                shift=new.shift,
                fee_bp=new.fee_bp,
                registration_number=new.registration_number,
                set_by=who.person_id,
                set_at=now,
            )
        )
        return version


def submit_run(
    session: Session,
    who: Principal,
    closes_on: date,
    *,
    cycle: int = ORDINARY,
    without: frozenset[int] = frozenset(),
    now: datetime,
    at: datetime | None = None,
) -> int:
    """Put the run of a closing day before a second person and give its number. `without`: shops that are left out this time.
    `cycle`: whose closing day it is.

    What it pays is what stood on the payables at the end of that day in Tokyo; what was posted later belongs to the next run.
    The same closing day again gives the same run, unless it was declined. One transaction a shop. `at` is for the demo only.
    Raises SettlementTermsMissing, CycleUnknown, ClosingDayWrong, RunUnfinished, NothingToSettle.
    """
    assert who.person_id is not None, who
    with atomic(session):
        authorise(session, who, "association.settle", subject=f"closing:{closes_on}")
        alone(session, who.district_id)
        needed_terms(session, who.district_id)
        known = [run_of(session, who.district_id, run_id) for run_id in _runs_of(session, who.district_id, cycle, closes_on)]
        for run in known:
            if run.state not in read.FALLEN:
                return run.id
        draft = draft_of(session, who.district_id, closes_on, without, cycle=cycle, now=now)
        if not draft.paid:
            raise NothingToSettle
        drafts = [_settlement(session, who.district_id, draft, line, attempt=len(known) + 1) for line in draft.paid]
        facts: dict[str, book.Fact] = {"closes_on": closes_on.isoformat()}
        if draft.cycle.name is not None:
            facts["cycle"] = draft.cycle.name
        run_id = book.propose(session, who.district_id, who.person_id, "settlement", drafts, facts=facts, at=at)
        session.add(
            SettlementRun(
                district_id=who.district_id,
                id=run_id,
                closes_on=closes_on,
                attempt=len(known) + 1,
                after=draft.after,
                pay_on=draft.pay_on,
                terms_version=draft.terms.version,
                transfer_version=None if draft.transfers is None else draft.transfers.version,
                cycle=cycle,
                shops=list(draft.shops),
                made_by=who.person_id,
                made_at=now,
            )
        )
        session.flush()
        for line in draft.carried:
            assert line.split.reason is not None, line
            session.add(
                SettlementCarry(
                    district_id=who.district_id,
                    run_id=run_id,
                    merchant_id=line.shop.id,
                    amount=line.split.payable,
                    reason=line.split.reason.value,
                )
            )
        return run_id


def submit_payout(session: Session, who: Principal, run_id: int, *, paid_on: date, now: datetime, at: datetime | None = None) -> int:
    """振込済みにする: say that the bank has paid a run on `paid_on`; another person confirms it. Gives the proposal's number.

    While one waits, or is half posted, the same is given again. `at` is for the demo only. Raises RunUnknown, NothingToPayOut,
    PaidOnWrong, PaidBeforeFile.
    """
    assert who.person_id is not None, who
    with atomic(session):
        authorise(session, who, "association.settle", subject=f"payout:{run_id}")
        alone(session, who.district_id)
        run = run_of(session, who.district_id, run_id)
        if run.payout is not None and (run.payout.is_waiting or run.state == "posting_payout"):
            return run.payout.id  # half posted, it is finished: a second one would pay the same shops once more
        if run.state != "settled" or not run.to_pay:
            raise NothingToPayOut
        if not run.closes_on < paid_on <= tokyo_day(now):
            raise PaidOnWrong
        named = _day_at_the_bank(session, who.district_id, run_id)
        if named is not None and paid_on < named:
            raise PaidBeforeFile(day=named)
        attempt = 1 + _payouts_of(session, who.district_id, run_id)
        drafts = [_payout(session, who.district_id, line, paid_on, attempt) for line in run.to_pay]
        facts = {"closes_on": run.closes_on.isoformat(), "paid_on": paid_on.isoformat()}
        proposal_id = book.propose(session, who.district_id, who.person_id, "payout", drafts, facts=facts, at=at)
        session.add(SettlementPayout(district_id=who.district_id, id=proposal_id, run_id=run_id, paid_on=paid_on))
        return proposal_id


def alone(session: Session, district_id: int) -> None:
    """One at a time in a district, so that two tabs put one run forward and not two."""
    session.execute(select(func.pg_advisory_xact_lock(SETTLEMENT_LOCK, district_id)))


def _runs_of(session: Session, district_id: int, cycle: int, closes_on: date) -> list[int]:
    mine = (SettlementRun.district_id == district_id, SettlementRun.cycle == cycle, SettlementRun.closes_on == closes_on)
    query = select(SettlementRun.id).where(*mine)
    return list(session.scalars(query.order_by(SettlementRun.attempt)))


def _day_at_the_bank(session: Session, district_id: int, run_id: int) -> date | None:
    """The day on which the bank pays by the file that was taken to it; None where nobody has taken one."""
    mine = (TransferFile.district_id == district_id, TransferFile.run_id == run_id)
    taken = select(TransferDownload.id).where(TransferDownload.district_id == district_id, TransferDownload.run_id == run_id)
    return session.scalar(select(TransferFile.transfer_date).where(*mine, taken.exists()))


def _payouts_of(session: Session, district_id: int, run_id: int) -> int:
    query = select(func.count()).where(SettlementPayout.district_id == district_id, SettlementPayout.run_id == run_id)
    return session.scalar(query.select_from(SettlementPayout)) or 0


def _settlement(session: Session, district_id: int, draft: RunDraft, line: ShopLine, *, attempt: int) -> book.Draft:
    """One shop's transaction: its payables go to zero; what is not fee, tax or the agent's own cash is on its way to the bank."""
    lines = [book.Line(account_id, amount) for account_id, amount in line.by_account]
    if line.split.agent and line.agent_account is not None:
        lines.append(book.Line(line.agent_account, -line.split.agent))
    for role, owner, amount in (
        ("fee_income", 0, line.split.fee),
        ("fee_tax", 0, line.split.tax),
        ("in_transit", line.shop.id, line.split.net),
        ("bank_charge", 0, line.split.charge),
    ):
        if amount:
            lines.append(book.Line(book.open_account(session, district_id, role, owner, 0), -amount))
    return book.Draft(
        kind="settlement",
        key=own_key(session, "settlement", district_id, draft.cycle.number, draft.closes_on.isoformat(), attempt, line.shop.id),
        command_hash=book.hash_command("association.settle", draft.cycle.number, draft.closes_on, attempt, line.shop.id),
        lines=tuple(lines),
        facts=_facts(draft, line),
    )


def _facts(draft: RunDraft, line: ShopLine) -> dict[str, book.Fact]:
    """All that the 支払通知書 says, as it was then: the paper stays the same when names and terms have changed."""
    return {
        "merchant": line.shop.id,
        "advice": f"{draft.closes_on:%Y%m%d}-{line.shop.public_number}",
        "closes_on": draft.closes_on.isoformat(),
        "after": None if line.after is None else line.after.isoformat(),
        "pay_on": draft.pay_on.isoformat(),
        "payee": line.shop.name,
        "payee_address": line.shop.address,
        "opening": line.opening,
        "taken": line.taken,
        "takings": line.takings,
        "given_back": line.given_back,
        "returns": line.returns,
        "other": line.other,
        "payable": line.split.payable,
        "fee_bp": draft.cycle.fee_bp,
        "fee": line.split.fee,
        "tax_percent": TAX_PERCENT,
        "tax": line.split.tax,
        "agent": line.split.agent,
        "net": line.split.net,
        **_transfer_facts(line),
        "registration": draft.terms.registration_number,
    }


def _transfer_facts(line: ShopLine) -> dict[str, book.Fact]:
    """Where it is transferred, by the end of the number: the book keeps this for good. Nothing where shops are paid by hand."""
    if line.account is None:
        return {}
    facts: dict[str, book.Fact] = {"account": line.account.id, "account_shown": line.account.shown, "transfer_fee": line.split.charge}
    if line.feeless:
        facts["feeless"] = min(line.feeless, line.split.payable)
    return facts


def _payout(session: Session, district_id: int, line: RunLine, paid_on: date, attempt: int) -> book.Draft:
    """What was on its way has left the bank. The key carries the attempt: a confirmation that was declined may be asked for again."""
    assert line.transaction_id is not None, line
    transit = book.open_account(session, district_id, "in_transit", line.merchant_id, 0)
    bank = book.open_account(session, district_id, "bank", 0, 0)
    return book.Draft(
        kind="payout",
        key=own_key(session, "payout", district_id, line.transaction_id, attempt),
        command_hash=book.hash_command("association.pay_out", line.transaction_id),
        lines=book.transfer(transit, bank, line.yen("net")),
        facts={
            "merchant": line.merchant_id,
            "settlement": line.transaction_id,
            "advice": line.facts["advice"],
            "paid_on": paid_on.isoformat(),
        },
    )
