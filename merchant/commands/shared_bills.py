"""まとめて1枚の割り勘 at the till: its parts are asked one after the other, and what no phone pays is taken over the counter."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Literal
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

import identity.commands
from base.db import atomic
from identity.queries import Principal
from ledger.errors import KeyReused
from merchant.commands.register import Sell, must_issue, must_settle, place_of
from merchant.commands.requests import Ask, ask, must_be_payable
from merchant.commands.shared_parts import locked, write
from merchant.errors import SharedBillClosed, SharedBillMoved, SharedBillStands, TendersWrong
from merchant.models import SharedBill
from merchant.queries.requests import Asked, asked_by_key
from merchant.queries.shared_bills import SharedRow, shared_bill


def open_shared_bill(session: Session, who: Principal, order: Sell, coins: Sequence[int], *, now: datetime) -> SharedRow:
    """`order.coin` yen of a bill are to come from several phones, `coins` from each. Nothing is asked yet.

    The key is its number: twice is once. Raises KeyReused, RegisterIsOld, BillWrong, BillDiffers, TendersWrong and what `ask` raises of
    an amount.
    """
    with atomic(session):
        identity.commands.authorise(session, who, "merchant.sell")
        merchant_id, till_id = place_of(session, who)
        must_issue(session, who.district_id, merchant_id)
        must_settle(order)
        if sum(coins) != order.coin:
            raise TendersWrong(missing=abs(order.coin - sum(coins)))
        for coin in coins:
            must_be_payable(session, who.district_id, coin, now=now)
        facts = {"merchant_id": merchant_id, "till_id": till_id, "total": order.total, "coins": list(coins)}
        facts["bill"] = order.bill.as_json() | {"cash": order.cash, "card": order.card}
        statement = insert(SharedBill).values(district_id=who.district_id, id=order.key, staff_id=who.staff_id, opened_at=now, **facts)
        session.execute(statement.on_conflict_do_nothing(index_elements=["district_id", "id"]))
        kept = session.get_one(SharedBill, (who.district_id, order.key), populate_existing=True)
        if {name: getattr(kept, name) for name in facts} != facts:
            raise KeyReused
        return shared_bill(session, who.district_id, merchant_id, order.key)


def ask_for_part(session: Session, who: Principal, shared_id: UUID, *, key: UUID, now: datetime) -> Asked:
    """Ask the next phone for its part. The same key gives the same request, also once it is paid.

    Raises SharedBillUnknown, SharedBillClosed and what `ask` raises.
    """
    with atomic(session):
        identity.commands.authorise(session, who, "merchant.sell")
        merchant_id, _till_id = place_of(session, who)
        shared = shared_bill(session, who.district_id, merchant_id, shared_id)
        amount = asked_by_key(session, who.district_id, key)
        if amount is None:
            if shared.closed_at is not None:
                raise SharedBillClosed
            amount = shared.due[0]
        return ask(session, who, Ask(amount, key, sold={"shared": str(shared_id), "articles": True}), now=now)


def take_rest(
    session: Session, who: Principal, shared_id: UUID, rest: int, means: Literal["cash", "card"], received: int | None, *, now: datetime
) -> SharedRow:
    """What no phone has paid is taken over the counter, and the receipt is made at the till that takes it: there the cash lies. Once: again
    it is as it was.

    `rest`: what the till showed, in yen; `received`: the cash that was handed over, None: just what is due. Raises SharedBillUnknown,
    SharedBillClosed where it was given up, SharedBillMoved, TendersWrong.
    """
    with atomic(session):
        identity.commands.authorise(session, who, "merchant.sell")
        merchant_id, till_id = place_of(session, who)
        shared_bill(session, who.district_id, merchant_id, shared_id)
        row = locked(session, who.district_id, shared_id)
        shared = shared_bill(session, who.district_id, merchant_id, shared_id)
        if shared.serial is not None:
            return shared
        if shared.closed_at is not None:
            raise SharedBillClosed
        if rest != sum(shared.due):
            raise SharedBillMoved(rest=sum(shared.due))
        cash, card = row.bill["cash"], row.bill["card"]
        cash, card = (cash + rest, card) if means == "cash" else (cash, card + rest)
        if received is not None and received < cash:
            raise TendersWrong(missing=cash - received)
        row.till_id, row.staff_id = till_id, who.staff_id
        write(session, row, shared, cash=cash, card=card, received=received or 0, now=now)
        return shared_bill(session, who.district_id, merchant_id, shared_id)


def give_up_shared_bill(session: Session, who: Principal, shared_id: UUID, *, now: datetime) -> None:
    """やめる: nothing of it is paid, or all was given back. Raises SharedBillUnknown, SharedBillStands."""
    with atomic(session):
        identity.commands.authorise(session, who, "merchant.sell")
        merchant_id, _till_id = place_of(session, who)
        shared_bill(session, who.district_id, merchant_id, shared_id)
        row = locked(session, who.district_id, shared_id)
        if shared_bill(session, who.district_id, merchant_id, shared_id).standing:
            raise SharedBillStands
        row.closed_at = row.closed_at or now
        session.flush()
