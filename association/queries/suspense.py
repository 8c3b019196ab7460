"""仮受金: refunds to a coin that has ended or to somebody who has left, until two people have decided what becomes of them."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

import ledger.queries as book
from association.errors import SuspenseUnknown
from identity.commands import authorise
from identity.queries import Principal, nicknames
from ledger.queries import Series


@dataclass(frozen=True, slots=True)
class Suspended:
    """What waits for one person out of one series, in yen. `proposal_id`: what was proposed about it and is not decided."""

    account_id: int
    person_id: int
    person_name: str | None
    series: Series
    amount: int
    proposal_id: int | None


def suspended(session: Session, who: Principal) -> list[Suspended]:
    """Everything that waits, oldest first."""
    authorise(session, who, "association.read")
    found = book.balances_of_role(session, who.district_id, "suspense")
    names = nicknames(session, who.district_id, {each.owner_id for each in found}) if found else {}
    waiting = {
        line.account_id: each.id
        for each in (book.proposals(session, who.district_id, waiting=True, purpose="suspense", limit=1_000) if found else ())
        for item in each.items
        for line in item.lines
        if line.role == "suspense"
    }
    return [
        Suspended(
            account_id=each.account_id,
            person_id=each.owner_id,
            person_name=names.get(each.owner_id),
            series=book.one_series(session, who.district_id, each.series_id),
            amount=each.balance,
            proposal_id=waiting.get(each.account_id),
        )
        for each in found
    ]


def one_suspended(session: Session, who: Principal, account_id: int) -> Suspended:
    """Raises SuspenseUnknown."""
    for each in suspended(session, who):
        if each.account_id == account_id:
            return each
    raise SuspenseUnknown
