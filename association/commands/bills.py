"""負担者への請求: one payment of a funder against all it owes, less what it has in credit."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

import ledger.commands as book
import ledger.queries as read
from association.commands.funders import one_arrival_at_a_time
from association.errors import FunderOverpaid, FunderUnknown
from association.models import Funder
from association.queries.bills import bills_of
from association.rules.bills import allocate
from base.db import atomic
from identity.commands import authorise
from identity.queries import Principal
from ledger.commands import Draft, Line, Posted

ONE_AT_A_TIME = text("SELECT pg_advisory_xact_lock(hashtextextended(:what, 0))")


@dataclass(frozen=True, slots=True)
class PayBill:
    """A funder's money has arrived. `into`: safe or bank; `amount` in yen."""

    funder_id: int
    amount: int
    into: str
    key: UUID


def pay_bill(session: Session, who: Principal, order: PayBill, *, now: datetime) -> Posted:
    """Book it over the funder's own campaigns, and over nobody else's. At most what it is asked for: a credit is used up first.

    Raises FunderUnknown, FunderOverpaid, KeyReused.
    """
    assert order.into in ("safe", "bank"), order
    with atomic(session):
        authorise(session, who, "association.funder_pays", subject=f"bill:{order.funder_id} {order.amount}")
        content = book.hash_command("association.pay_bill", order.funder_id, order.amount, order.into)
        session.execute(ONE_AT_A_TIME, {"what": f"association.pay_bill {who.district_id} {order.funder_id}"})
        if session.get(Funder, (who.district_id, order.funder_id)) is None:
            raise FunderUnknown
        before = read.find_key(session, who.district_id, order.key, content)
        if before is not None:
            return before
        one_arrival_at_a_time(session, who.district_id)
        found = bills_of(session, who.district_id, order.funder_id)
        if not found or not 1 <= order.amount <= found[0].asked:
            raise FunderOverpaid(owed=found[0].asked if found else 0)
        lines = found[0].lines
        parts = allocate([line.owed for line in lines], order.amount)
        into = book.open_account(session, who.district_id, order.into, 0, 0)
        moved = [Line(line.account_id, -part) for line, part in zip(lines, parts, strict=True) if part]
        facts: dict[str, book.Fact] = {"funder": order.funder_id, "staff": who.person_id}
        return book.post(session, who.district_id, Draft("funder_pays", order.key, content, (Line(into, order.amount), *moved), facts))
