"""One press, two sales: a sale that a till booked with the network and then entered once more without it, under the same key."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Row, Select, select, tuple_
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
OF_ANSWER = (
    (TillTwinAnswer.district_id == TillLogEntry.district_id)
    & (TillTwinAnswer.till_id == TillLogEntry.till_id)
    & (TillTwinAnswer.log == TillLogEntry.log)
    & (TillTwinAnswer.seq == TillLogEntry.seq)
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
    unanswered = TillTwinAnswer.stands.is_(None)
    newest = (TillLogEntry.arrived_at.desc(), TillLogEntry.id.desc())
    query = _pairs(district_id, merchant_id).order_by(unanswered.desc(), *newest).limit(LISTED_MAX)
    return _as_twins(session, district_id, session.execute(query).all())


def twins_waiting(session: Session, district_id: int, merchant_id: int) -> int:
    """How many of a shop nobody has looked at, however many the list shows."""
    query = _pairs(district_id, merchant_id).where(TillTwinAnswer.stands.is_(None))
    return len(_as_twins(session, district_id, session.execute(query).all()))


def twin(session: Session, district_id: int, merchant_id: int, till_id: int, log: int, seq: int) -> Twin:
    """One of this shop. Raises TwinUnknown, also for another shop's."""
    place = (TillLogEntry.till_id == till_id, TillLogEntry.log == log, TillLogEntry.seq == seq)
    found = _as_twins(session, district_id, session.execute(_pairs(district_id, merchant_id).where(*place)).all())
    if not found:
        raise TwinUnknown
    return found[0]


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


def _pairs(district_id: int, merchant_id: int) -> Select[TillLogEntry, TillReceipt, str]:
    """Entries of a shop whose press had made a sale before, with the receipt of each and what the owner said."""
    return (
        select(TillLogEntry, TillReceipt, TillTwinAnswer.stands)
        .join(TillLog, OF_LOG)
        .join(TillReceipt, OF_RECEIPT)
        .outerjoin(TillTwinAnswer, OF_ANSWER)
        .where(TillLog.district_id == district_id, TillLog.merchant_id == merchant_id, IS_TWIN)
    )


def _as_twins(session: Session, district_id: int, rows: Sequence[Row[TillLogEntry, TillReceipt, str]]) -> list[Twin]:
    """Without those whose key is that of another shop's receipt: no honest tablet says so, and nothing of it is this owner's."""
    places = [_place_of(entry.noted["twin"]) for entry, _offline, _stands in rows]
    numbered = tuple_(TillReceipt.till_id, TillReceipt.serial).in_(places)
    first = session.scalars(select(TillReceipt).where(TillReceipt.district_id == district_id, numbered)).all() if places else []
    by_place = {(each.till_id, each.serial): each for each in first}
    found = []
    for (entry, offline, stands), place in zip(rows, places, strict=True):
        online = by_place.get(place)
        if online is not None and online.merchant_id == offline.merchant_id:
            pair = (as_receipt(online), as_receipt(offline))
            found.append(Twin(entry.till_id, entry.log, entry.seq, *pair, entry.noted.get("back"), entry.arrived_at, stands))
    return found


def _place_of(number: str) -> tuple[int, int]:
    """Till and serial that the whole number of a receipt names."""
    _shop, till_id, *_rest = number.split("-")
    serial = serial_of(number)
    assert serial is not None, number
    return int(till_id), serial
