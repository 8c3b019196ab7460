"""資金返却・組戻し: money that the bank could not bring to a shop goes back to what the shop is owed, by two people."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

import ledger.commands as book
from association.commands.keys import own_key
from association.commands.settlement import alone
from association.errors import PaidOnWrong, ReturnDuringPayout, ReturnWrong
from association.models import TransferReturn
from association.queries.settlement import RunLine, run_of, transfer_terms
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


def submit_return(session: Session, who: Principal, run_id: int, new: NewReturn, *, now: datetime) -> int:
    """Lay before a second person that a shop's transfer came back, and give the proposal's number. From now on its account is to be
    checked: the shop is left out of runs until another account is approved and in force.

    Before the bank's payment was confirmed the money comes off the way; after that it is a correction in the current day, from the
    bank. What the bank kept is the shop's or the association's by the run's terms. The same once more is the same proposal.
    Raises RunUnknown, ReturnWrong, ReturnDuringPayout, PaidOnWrong.
    """
    assert who.person_id is not None, who
    with atomic(session):
        authorise(session, who, "association.settle", subject=f"return:{run_id} shop:{new.merchant_id}")
        alone(session, who.district_id)
        run = run_of(session, who.district_id, run_id)
        line = next((each for each in run.lines if each.merchant_id == new.merchant_id), None)
        if line is None or line.state not in ("settled", "paid", "returning") or line.yen("net") <= 0 or new.charge > line.yen("net"):
            raise ReturnWrong
        if line.state == "returning":
            return _waiting(session, who.district_id, run_id, new.merchant_id)
        if run.state in ("paying", "posting_payout"):
            raise ReturnDuringPayout
        if not run.closes_on < new.returned_on <= tokyo_day(now):
            raise PaidOnWrong
        terms = None if run.transfer_version is None else transfer_terms(session, who.district_id, run.transfer_version)
        bears_it = terms is not None and terms.recall_bearer == "merchant"
        draft = _draft(session, who.district_id, line, new, shop_bears=bears_it)
        facts: dict[str, book.Fact] = {
            "shop": str(line.facts["payee"]),
            "closes_on": run.closes_on.isoformat(),
            "returned_on": new.returned_on.isoformat(),
            "why": new.reason,
        }
        number = book.propose(session, who.district_id, who.person_id, PURPOSE, [draft], facts=facts)
        session.add(
            TransferReturn(
                district_id=who.district_id,
                id=number,
                run_id=run_id,
                merchant_id=new.merchant_id,
                account_id=line.account_id,
                reason=new.reason,
                amount=line.yen("net"),
                charge=new.charge if bears_it else 0,
                returned_on=new.returned_on,
                made_at=now,
            )
        )
        return number


def _waiting(session: Session, district_id: int, run_id: int, merchant_id: int) -> int:
    mine = (TransferReturn.district_id == district_id, TransferReturn.run_id == run_id, TransferReturn.merchant_id == merchant_id)
    return session.scalars(select(TransferReturn.id).where(*mine).order_by(TransferReturn.id.desc()).limit(1)).one()


def _draft(session: Session, district_id: int, line: RunLine, new: NewReturn, *, shop_bears: bool) -> book.Draft:
    """Debit what it left: the way to the bank, or the bank itself less what it kept. Credit the shop, less what it bears."""
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
        key=own_key(session, "transfer_return", district_id, line.transaction_id or 0, new.returned_on.isoformat()),
        command_hash=book.hash_command("association.transfer_return", line.transaction_id, new.returned_on),
        lines=tuple(book.Line(account_id, amount) for account_id, amount in lines.items() if amount),
        facts={"merchant": line.merchant_id, "settlement": line.transaction_id, "why": new.reason, "charge": new.charge},
    )
