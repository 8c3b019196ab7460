"""One press, two sales: a sale that a till booked with the network and then entered once more without it, under the same key."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from merchant.errors import TwinUnknown
from merchant.models import TillLog, TillLogEntry, TillReceipt, TillTwinAnswer
from merchant.queries.receipts import ReceiptRow, as_receipt
from merchant.rules.slip import serial_of

LISTED_MAX = 100
IS_TWIN = TillLogEntry.noted.has_key("twin")
OF_LOG = (TillLog.district_id == TillLogEntry.district_id) & (TillLog.till_id == TillLogEntry.till_id) & (TillLog.log == TillLogEntry.log)
OF_RECEIPT = (
    (TillReceipt.district_id == TillLogEntry.district_id)
    & (TillReceipt.till_id == TillLogEntry.till_id)
    & (TillReceipt.serial == TillLogEntry.serial)
)


@dataclass(frozen=True, slots=True)
class Twin:
    """`online`, `offline`: the two receipts; `back`: number of the slip by which the first came back of itself, None where both stand.

    `stands`: what the owner said: online, offline or both; None while nobody has looked.
    """

    till_id: int
    log: int
    seq: int
    online: ReceiptRow
    offline: ReceiptRow
    back: str | None
    arrived_at: datetime
    stands: str | None


@dataclass(frozen=True, slots=True)
class TwinsOfStaff:
    """How often it happened to one member of staff; `staff_id` None where nobody was named. Yen of what was entered once more."""

    merchant_id: int
    staff_id: int | None
    count: int
    total: int


def twins_of_shop(session: Session, district_id: int, merchant_id: int) -> list[Twin]:
    """Those of a shop, what nobody has looked at first, then the newest."""
    here = (TillLog.district_id == district_id, TillLog.merchant_id == merchant_id)
    query = select(TillLogEntry).join(TillLog, OF_LOG).where(*here, IS_TWIN).order_by(TillLogEntry.arrived_at.desc())
    found = [_as_twin(session, row) for row in session.scalars(query.limit(LISTED_MAX)).all()]
    return sorted((each for each in found if each is not None), key=lambda each: each.stands is not None)


def twin(session: Session, district_id: int, merchant_id: int, till_id: int, log: int, seq: int) -> Twin:
    """One of this shop. Raises TwinUnknown, also for another shop's."""
    here = (TillLog.district_id == district_id, TillLog.merchant_id == merchant_id)
    place = (TillLogEntry.till_id == till_id, TillLogEntry.log == log, TillLogEntry.seq == seq)
    row = session.scalars(select(TillLogEntry).join(TillLog, OF_LOG).where(*here, *place, IS_TWIN)).one_or_none()
    found = None if row is None else _as_twin(session, row)
    if found is None:
        raise TwinUnknown
    return found


def twins_since(session: Session, district_id: int, since: datetime) -> Sequence[TwinsOfStaff]:
    """How often it happened, by shop and member of staff, to what arrived after `since`."""
    query = (
        select(TillReceipt.merchant_id, TillReceipt.staff_id, TillReceipt.total)
        .join(TillLogEntry, OF_RECEIPT)
        .where(TillReceipt.district_id == district_id, TillLogEntry.arrived_at > since, IS_TWIN)
    )
    found: dict[tuple[int, int | None], list[int]] = {}
    for shop, staff, total in session.execute(query):
        found.setdefault((shop, staff), []).append(total)
    return [TwinsOfStaff(shop, staff, len(totals), sum(totals)) for (shop, staff), totals in found.items()]


def _as_twin(session: Session, row: TillLogEntry) -> Twin | None:
    """None where the key is that of another shop's receipt: no honest tablet says so, and nothing of it is this owner's."""
    offline = session.get_one(TillReceipt, (row.district_id, row.till_id, row.serial))
    _shop, till_id, *_place = row.noted["twin"].split("-")
    online = session.get(TillReceipt, (row.district_id, int(till_id), serial_of(row.noted["twin"])))
    if online is None or online.merchant_id != offline.merchant_id:
        return None
    answer = session.get(TillTwinAnswer, (row.district_id, row.till_id, row.log, row.seq))
    stands = None if answer is None else answer.stands
    return Twin(row.till_id, row.log, row.seq, as_receipt(online), as_receipt(offline), row.noted.get("back"), row.arrived_at, stands)
