"""二重かもしれない会計: the owner looks at both receipts of one press and says which of them was a sale."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID, uuid5

from sqlalchemy.orm import Session

from base.db import atomic
from identity.queries import Principal
from ledger.commands import hash_command
from merchant.commands.owner import authorise_owner
from merchant.commands.return_slips import make_return
from merchant.commands.returns import shares
from merchant.commands.slips import ONE_AT_A_TIME, Order, make
from merchant.errors import ReceiptOfCoin, TwinAnswered
from merchant.models import TillTwinAnswer
from merchant.queries.receipts import ReceiptRow, left_of_receipt, returns_of
from merchant.queries.twins import Twin, twin
from merchant.rules.bill import bill_from
from merchant.rules.slip import Paid

BY_ANSWER = UUID("0f0cf4a2-0c5b-4a39-8f5b-6f6f0a0f9d27")
"""Names the key of the paper that an answer makes, so that there is one."""


def answer_twin(
    session: Session, who: Principal, merchant_id: int, till_id: int, log: int, seq: int, stands: str, *, now: datetime
) -> None:
    """`stands`: online, offline or both. What does not stand comes back whole on a return slip; where the first had come back of itself
    and was a sale after all, it is written down anew. The cash of either lies in that till's drawer.

    The same answer twice is once. Raises TwinUnknown, TwinAnswered, ReceiptOfCoin.
    """
    assert stands in ("online", "offline", "both"), stands
    with atomic(session):
        authorise_owner(session, who, "merchant.answer_twin", merchant_id, subject=f"till:{till_id} log:{log}-{seq} {stands}")
        session.execute(ONE_AT_A_TIME, {"till": f"till_receipt {who.district_id} {till_id}"})
        found = twin(session, who.district_id, merchant_id, till_id, log, seq)
        if found.stands == stands:
            return
        if found.stands is not None:
            raise TwinAnswered
        _book(session, who.district_id, found, stands, now)
        row = {"till_id": till_id, "log": log, "seq": seq, "stands": stands, "answered_by": who.person_id, "answered_at": now}
        session.add(TillTwinAnswer(district_id=who.district_id, **row))


def _book(session: Session, district_id: int, found: Twin, stands: str, now: datetime) -> None:
    came_back = found.back is not None
    if stands == "both" and came_back:
        _sell_again(session, district_id, found.online, _key(found, "again"), now)
    elif stands == "offline" and not came_back:
        _take_back(session, district_id, found.online, _key(found, "online"), now)
    elif stands == "online":
        if came_back:
            _sell_again(session, district_id, found.online, _key(found, "again"), now)
        _take_back(session, district_id, found.offline, _key(found, "offline"), now)


def _key(found: Twin, what: str) -> UUID:
    return uuid5(BY_ANSWER, f"{found.till_id} {found.log} {found.seq} {what}")


def _take_back(session: Session, district_id: int, sale: ReceiptRow, key: UUID, now: datetime) -> None:
    """The rest of a sale for cash or by card that never was. Raises ReceiptOfCoin."""
    if sale.book:
        raise ReceiptOfCoin
    returns = returns_of(session, district_id, sale.till_id, sale.serial)
    back = [(index, pieces, yen) for index, (pieces, yen) in enumerate(left_of_receipt(sale, returns)) if pieces]
    if not back:
        return  # whoever stood at the till has taken it back before
    paid = shares(sale, returns, sum(yen for _index, _pieces, yen in back))
    order_hash = hash_command("merchant.answer_twin", str(key))
    make_return(session, district_id, sale, back, paid, sale.till_id, sale.staff_id, None, key, now=now, command_hash=order_hash)


def _sell_again(session: Session, district_id: int, sale: ReceiptRow, key: UUID, now: datetime) -> None:
    paid = tuple(Paid(**each) for each in sale.content["paid"])
    order_hash = hash_command("merchant.answer_twin", str(key))
    place = (sale.merchant_id, sale.till_id, sale.staff_id)
    make(session, district_id, Order(*place, bill_from(sale.content), paid, sale.content["received"], key, order_hash), now=now)
