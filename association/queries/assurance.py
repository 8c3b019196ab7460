"""お金の裏づけ: what people hold against the cash and the bank that stand behind it, for everybody to read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

import ledger.queries as book


@dataclass(frozen=True, slots=True)
class Assurance:
    """The district's money at one moment, in yen. `outstanding`: coin that consumers hold, top-up codes included.

    `owed`: what shops have taken and not been paid, on its way included. `cash`: drawers and safe.
    """

    at: datetime
    outstanding: int
    owed: int
    cash: int
    bank: int

    @property
    def difference(self) -> int:
        """Cash and bank beyond what is owed to people and shops; below zero where it does not reach."""
        return self.cash + self.bank - self.outstanding - self.owed


def assurance(session: Session, district_id: int, *, now: datetime) -> Assurance:
    """A look at every account, so not for each showing of a page. Names nobody; no role is asked for."""
    held: dict[str, int] = {}
    for row in book.trial_balance(session, district_id):
        if row.unit == 0:
            held[row.role] = held.get(row.role, 0) + row.credit - row.debit
    return Assurance(
        at=now,
        outstanding=held.get("consumer", 0) + held.get("top_up_code", 0) + held.get("voucher_paper", 0),
        owed=held.get("payable", 0) + held.get("dispute", 0) + held.get("in_transit", 0),
        cash=-held.get("drawer", 0) - held.get("safe", 0),
        bank=-held.get("bank", 0),
    )
