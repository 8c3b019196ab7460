"""資金返却・組戻し: money that the bank could not bring to a shop goes back to what the shop is owed, by two people."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

import ledger.commands as book
from association.commands.keys import own_key
from association.commands.settlement import alone
from association.errors import PaidOnWrong, ReturnDuringPayout, ReturnsMissing, ReturnWrong
from association.models import TransferReturn
from association.queries.settlement import Run, RunLine, paid_together, run_of, transfer_terms
from base.clock import tokyo_day
from base.db import atomic
from identity.commands import authorise
from identity.queries import Principal

PURPOSE = "transfer_return"


@dataclass(frozen=True, slots=True)
class NewReturn:
    """`reason`: closed, unknown, name or other. `charge`: 組戻手数料 that the bank kept, in yen with tax."""

    merchant_id: int
    reason: str
    returned_on: date
    charge: int


@dataclass(frozen=True, slots=True)
class ReturnedTransfer:
    """One transfer of a run, to whom it went together, that a bank's list says came back. As of `NewReturn`; `charge`: of all together."""

    run_id: int
    merchants: tuple[int, ...]
    reason: str
    returned_on: date
    charge: int


def submit_return(session: Session, who: Principal, run_id: int, new: NewReturn, *, now: datetime) -> int:
    """Lay before a second person that a shop's transfer came back, and give the proposal's number. From now on its account is to be
    checked: the shop is left out of runs until another account is approved and in force. Shops of the same account were paid by the
    same transfer and come back with it.

    Before the bank's payment was confirmed the money comes off the way; after that it is a correction in the current day, from the
    bank. What the bank kept is the shop's or the association's by the run's terms. The same once more is the same proposal.
    Raises RunUnknown, ReturnWrong, ReturnDuringPayout, PaidOnWrong.
    """
    one = ReturnedTransfer(run_id, (new.merchant_id,), new.reason, new.returned_on, new.charge)
    return submit_returns(session, who, [one], now=now)


def submit_returns(session: Session, who: Principal, new: Sequence[ReturnedTransfer], *, now: datetime) -> int:
    """The same for many at once, of any runs: one proposal, one approval, one transaction for each shop; all of them or none.

    Raises ReturnsMissing, and as `submit_return`.
    """
    assert who.person_id is not None, who
    if not new:
        raise ReturnsMissing
    with atomic(session):
        subject = " ".join(f"{each.run_id}:{','.join(map(str, each.merchants))}" for each in new)
        authorise(session, who, "association.settle", subject=f"return:{subject}"[:200])
        alone(session, who.district_id)
        runs = {run_id: run_of(session, who.district_id, run_id) for run_id in {each.run_id for each in new}}
        new = [replace(each, merchants=_whole(session, runs[each.run_id], each.merchants)) for each in new]
        waiting = {_waits(session, runs[each.run_id], merchant_id) for each in new for merchant_id in each.merchants}
        if len(waiting) == 1 and None not in waiting:
            (number,) = waiting
            assert number is not None
            return number
        planned = [part for each in new for part in _planned(session, runs[each.run_id], each, today=tokyo_day(now))]
        if len({(part.run_id, part.line.merchant_id) for part in planned}) < len(planned):
            raise ReturnWrong
        drafts = [_draft(session, who.district_id, part) for part in planned]
        number = book.propose(session, who.district_id, who.person_id, PURPOSE, drafts, facts=_said(runs, planned))
        for part in planned:
            session.add(
                TransferReturn(
                    district_id=who.district_id,
                    id=number,
                    run_id=part.run_id,
                    merchant_id=part.line.merchant_id,
                    account_id=part.line.account_id,
                    reason=part.new.reason,
                    amount=part.line.yen("net"),
                    charge=part.new.charge if part.shop_bears else 0,
                    returned_on=part.new.returned_on,
                    made_at=now,
                )
            )
        return number


def _whole(session: Session, run: Run, merchants: Sequence[int]) -> tuple[int, ...]:
    """With whoever else was paid by the same transfer."""
    return tuple(dict.fromkeys(shop for each in merchants for shop in paid_together(session, run, each)))


@dataclass(frozen=True, slots=True)
class _Part:
    """One shop of it. `attempt`: how often its return was asked for before."""

    run_id: int
    line: RunLine
    new: NewReturn
    shop_bears: bool
    attempt: int


def _planned(session: Session, run: Run, each: ReturnedTransfer, *, today: date) -> Iterator[_Part]:
    """The bank's fee is taken off the shops of a transfer one after the other, none below zero."""
    lines = [next((line for line in run.lines if line.merchant_id == merchant_id), None) for merchant_id in each.merchants]
    if any(line is None or line.state not in ("settled", "paid") or line.yen("net") <= 0 for line in lines):
        raise ReturnWrong
    known = [line for line in lines if line is not None]
    if not known or each.charge > sum(line.yen("net") for line in known):
        raise ReturnWrong
    if run.state in ("paying", "posting_payout"):
        raise ReturnDuringPayout
    if not run.closes_on < each.returned_on <= today:
        raise PaidOnWrong
    district_id = run.district_id
    terms = None if run.transfer_version is None else transfer_terms(session, district_id, run.transfer_version)
    bears_it, left = terms is not None and terms.recall_bearer == "merchant", each.charge
    for line in known:
        charge = min(left, line.yen("net"))
        left -= charge
        mine = (TransferReturn.district_id == district_id, TransferReturn.run_id == run.id, TransferReturn.merchant_id == line.merchant_id)
        attempt = session.scalar(select(func.count()).select_from(TransferReturn).where(*mine)) or 0
        yield _Part(run.id, line, NewReturn(line.merchant_id, each.reason, each.returned_on, charge), bears_it, attempt)


def _said(runs: Mapping[int, Run], planned: Sequence[_Part]) -> dict[str, book.Fact]:
    """What the second person reads above the lines."""
    first = planned[0]
    facts: dict[str, book.Fact] = {
        "shop": "、".join(str(part.line.facts["payee"]) for part in planned),
        "closes_on": runs[first.run_id].closes_on.isoformat(),
        "returned_on": max(part.new.returned_on for part in planned).isoformat(),
        "why": first.new.reason,
    }
    return facts


def _waits(session: Session, run: Run, merchant_id: int) -> int | None:
    """The proposal that says it already and that nobody has decided."""
    line = next((each for each in run.lines if each.merchant_id == merchant_id), None)
    if line is None or line.state != "returning":
        return None
    return _waiting(session, run.district_id, run.id, merchant_id)


def _waiting(session: Session, district_id: int, run_id: int, merchant_id: int) -> int:
    mine = (TransferReturn.district_id == district_id, TransferReturn.run_id == run_id, TransferReturn.merchant_id == merchant_id)
    return session.scalars(select(TransferReturn.id).where(*mine).order_by(TransferReturn.id.desc()).limit(1)).one()


def _draft(session: Session, district_id: int, part: _Part) -> book.Draft:
    """Debit what it left: the way to the bank, or the bank itself less what it kept. Credit the shop, less what it bears."""
    line, new, shop_bears = part.line, part.new, part.shop_bears
    net = line.yen("net")
    transit = book.open_account(session, district_id, "in_transit", line.merchant_id, 0)
    bank = book.open_account(session, district_id, "bank", 0, 0)
    charge = book.open_account(session, district_id, "bank_charge", 0, 0)
    lines = {line.payable_id: -(net - new.charge if shop_bears else net)}
    if line.state == "paid":
        lines[bank] = net - new.charge
        lines[charge] = 0 if shop_bears else new.charge
    else:
        lines[transit] = net
        lines[bank] = -new.charge
        lines[charge] = 0 if shop_bears else new.charge
    return book.Draft(
        kind="transfer_return",
        key=own_key(session, "transfer_return", district_id, line.transaction_id or 0, new.returned_on.isoformat(), part.attempt),
        command_hash=book.hash_command("association.transfer_return", line.transaction_id, new.returned_on),
        lines=tuple(book.Line(account_id, amount) for account_id, amount in lines.items() if amount),
        facts={"merchant": line.merchant_id, "settlement": line.transaction_id, "why": new.reason, "charge": new.charge},
    )
