"""二重かもしれない会計: the owner looks at both receipts of one press and says which of them was a sale."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID, uuid5

from sqlalchemy.orm import Session

from base.db import atomic
from identity.queries import Principal
from ledger.commands import hash_command
from merchant.commands.owner import authorise_owner
from merchant.commands.return_slips import make_return, one_return_at_a_time
from merchant.commands.returns import shares
from merchant.commands.slips import Order, make
from merchant.errors import ReceiptOfCoin, TwinAnswered
from merchant.models import TillTwinAnswer
from merchant.queries.receipts import ReceiptRow, day_of, left_of_receipt, returns_of
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
    Neither prints nor opens that drawer: the owner sits at a desk, and somebody else may stand at the till.

    The same answer twice is once. Raises TwinUnknown, TwinAnswered, ReceiptOfCoin.
    """
    assert stands in ("online", "offline", "both"), stands
    with atomic(session):
        authorise_owner(session, who, "merchant.answer_twin", merchant_id, subject=f"till:{till_id} log:{log}-{seq} {stands}")
        pair = twin(session, who.district_id, merchant_id, till_id, log, seq)
        one_return_at_a_time(session, who.district_id, *((each.till_id, each.serial) for each in (pair.online, pair.offline)))
        found = twin(session, who.district_id, merchant_id, till_id, log, seq)  # somebody else may have answered meanwhile
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
    place = (sale.till_id, sale.staff_id)
    make_return(session, district_id, sale, back, paid, *place, None, key, now=now, command_hash=order_hash, prints=False)


def _sell_again(session: Session, district_id: int, sale: ReceiptRow, key: UUID, now: datetime) -> None:
    """Written down anew as of its own day: the customer has long gone, and the cash is in the drawer."""
    paid = tuple(Paid(**each) for each in sale.content["paid"])
    order_hash = hash_command("merchant.answer_twin", str(key))
    place = (sale.merchant_id, sale.till_id, sale.staff_id)
    said = (bill_from(sale.content), paid, sale.content["received"])
    make(session, district_id, Order(*place, *said, key, order_hash, sold_on=day_of(sale), prints=False), now=now)
