"""月次の証明: what shops took is somewhere, to the last yen."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy.orm import Session

import ledger.queries as book
from base.clock import day_bounds
from base.db import one_moment
from identity.commands import authorise
from identity.queries import Principal

RETURNED = "transfer_return"


@dataclass(frozen=True, slots=True)
class Proof:
    """月次の証明: what shops took until the end of a day, and where each yen of it is. All in yen, at that moment.

    `charges`: 振込手数料・組戻手数料 that shops bore, less what the association bore of what came back.
    """

    until: date
    taken: int
    given_back: int
    other: int
    payable: int
    disputed: int
    in_transit: int
    paid: int
    fee: int
    tax: int
    netted: int
    charges: int

    @property
    def takings(self) -> int:
        return self.taken - self.given_back + self.other

    @property
    def found(self) -> int:
        return self.payable + self.disputed + self.in_transit + self.paid + self.fee + self.tax + self.netted + self.charges

    @property
    def difference(self) -> int:
        """0 as long as the book is whole."""
        return self.takings - self.found


def proof(session: Session, who: Principal, until: date) -> Proof:
    """Σ payable + in transit + paid = Σ takings at the end of a day, each side from accounts of its own (30), all read of one moment.

    A look at every entry of the shops' accounts: for a page that somebody opens, not for each showing of one.
    """
    authorise(session, who, "association.read")
    with one_moment(session):
        return _proof(session, who.district_id, until)


def _proof(session: Session, district_id: int, until: date) -> Proof:
    end = day_bounds(until)[1]
    owed = book.sums_by_kind(session, district_id, "payable", until=end)
    standing = book.trial_balance(session, district_id, at=end - timedelta(microseconds=1))

    def stands(role: str) -> int:
        return sum(row.credit - row.debit for row in standing if row.role == role and row.unit == 0)

    def moved(role: str, kind: str) -> int:
        return -book.sums_by_kind(session, district_id, role, until=end).get(kind, 0)

    aside = sum(owed.get(kind, 0) for kind in book.ASIDE)
    taken = sum(owed.get(kind, 0) for kind in book.TAKING)
    given_back = -sum(owed.get(kind, 0) for kind in book.GIVING_BACK)
    return Proof(
        until=until,
        taken=taken,
        given_back=given_back,
        other=sum(owed.values()) - taken + given_back - owed.get(book.SETTLING, 0) - owed.get(RETURNED, 0) - aside,
        payable=stands("payable"),
        disputed=stands("dispute"),
        in_transit=stands("in_transit"),
        paid=moved("bank", "payout") + moved("bank", RETURNED),
        fee=stands("fee_income"),
        tax=stands("fee_tax"),
        netted=moved("agent", book.SETTLING),
        charges=moved("bank_charge", book.SETTLING) + moved("bank_charge", RETURNED),
    )
