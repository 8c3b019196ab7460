"""紙の券 as a means of payment: one receipt for a bill that tickets pay, and for the rest of it cash or a card."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

import identity.commands
import ledger.queries
from base.clock import tokyo_day
from base.db import atomic
from identity.queries import Principal
from ledger.commands import hash_command
from ledger.queries import Transaction
from merchant.commands.register import CARD, CASH, Sell, keypad_bill, must_issue, must_settle, place_of
from merchant.commands.slips import Order, before, make
from merchant.errors import RequestUnknown, TendersWrong
from merchant.queries.receipts import ReceiptRow
from merchant.queries.register_choice import register_choice
from merchant.rules.bill import Bill
from merchant.rules.slip import Paid


@dataclass(frozen=True, slots=True)
class SellForTickets:
    """What tickets are for. `transaction_id`: by which they were taken, just now in the same database transaction.

    `bill`: None for an amount without articles, at `rate` percent, None for the shop's own; `total`: yen that the till showed, None for
    what the tickets are worth. The rest is paid `by_card`, or in cash: `received` yen were handed over, None for just the rest.
    """

    transaction_id: int
    bill: Bill | None
    total: int | None
    by_card: bool
    received: int | None
    key: UUID
    rate: int | None = None


def sell_for_tickets(session: Session, who: Principal, order: SellForTickets, *, now: datetime) -> ReceiptRow:
    """The receipt of tickets and of what was paid beside them. What they are worth beyond the bill is no change and no price.

    The same key gives the same receipt. Raises KeyReused, NoTill, RegisterIsOld, BillWrong, BillDiffers, TendersWrong, and RequestUnknown
    for what is no payment in tickets at this shop.
    """
    with atomic(session):
        identity.commands.authorise(session, who, "merchant.sell")
        merchant_id, till_id = place_of(session, who)
        told = (order.transaction_id, repr(order.bill), order.total, order.by_card, order.received, order.rate)
        content = hash_command("merchant.sell_for_tickets", merchant_id, till_id, *map(repr, told))
        known = before(session, who.district_id, order.key, content)
        if known is not None:
            return known
        must_issue(session, who.district_id, merchant_id)
        taken = ledger.queries.transaction(session, who.district_id, order.transaction_id)
        if taken.kind != "ticket_payment" or taken.facts.get("merchant") != merchant_id:
            raise RequestUnknown
        total = taken.amount if order.total is None else order.total
        rest = max(total - taken.amount, 0)
        bill = order.bill or keypad_bill(register_choice(session, who.district_id, merchant_id).on(tokyo_day(now)), total, order.rate)
        must_settle(Sell(bill, total, 0, total, order.key))  # the bill is what the till showed
        card, cash = (rest, 0) if order.by_card else (0, rest)
        received = cash if order.received is None else order.received
        if received < cash:
            raise TendersWrong(missing=cash - received)
        beside = [*([Paid("card", card, *CARD)] if card else []), *([Paid("cash", cash, *CASH)] if cash else [])]
        paid = (*_tickets(session, who.district_id, taken, total - rest), *beside)
        made = Order(merchant_id, till_id, who.staff_id, bill, paid, received if cash else 0, order.key, content, taken.id)
        return make(session, who.district_id, made, now=now)


def _tickets(session: Session, district_id: int, taken: Transaction, most: int) -> list[Paid]:
    """Each kind of ticket with what of it pays the bill, at most so many yen together."""
    paid: dict[tuple[str, str], int] = {}
    for line in taken.lines:
        if line.role == "voucher_paper" and line.unit == 0:
            series = ledger.queries.one_series(session, district_id, line.series_id)
            worth = min(abs(line.amount), most - sum(paid.values()))
            paid[series.name, series.name_en] = paid.get((series.name, series.name_en), 0) + worth
    return [Paid("voucher", amount, *names, taken.payment_number) for names, amount in paid.items() if amount]
