"""あとで払うQR: what a tablet asked for without the network, as a phone reads it and as the owner sees it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy import ColumnElement, select, true, tuple_
from sqlalchemy.orm import Session

from merchant.errors import CodeTampered, CodeUnknown, CodeUnreadable, RequestUnknown, ShopSuspended
from merchant.models import PaymentRequest, RequestState, Till, TillLog
from merchant.queries.articles import article_names
from merchant.queries.register_choice import register_choice
from merchant.queries.requests import Asked, request
from merchant.queries.shops import Shop, merchant
from merchant.rules import later
from merchant.rules.bill import Bill, bill_from, goods, work_out
from merchant.rules.later import BAG, Later

OF_LATER = UUID("0b8f4f5e-52a0-4d59-9c0f-6a4b1d7c2e33")
"""Names the request that a text stands for: the same, whoever brings it first, the phone or the tablet."""
LISTED_MAX = 200


@dataclass(frozen=True, slots=True)
class LaterTarget:
    """Whom a text pays, and what. `asked`: the request that it stands for, once somebody has brought it here."""

    shop: Shop
    said: Later
    asked: Asked | None


@dataclass(frozen=True, slots=True)
class LaterRow:
    """One that has arrived here, for the owner. `state` is open, paid, cancelled or expired at the moment of asking; `amount` in yen.

    `is_named`: its receipt names what was sold, and does not say one line for each rate."""

    id: UUID
    name: str
    till_name: str
    amount: int
    state: str
    made_at: datetime
    expires_at: datetime
    transaction_id: int | None
    is_named: bool


def is_later(token: str) -> bool:
    """Whether the last part of a code's address is one that a tablet wrote without the network."""
    return later.is_one(token)


def signed_later(session: Session, district_id: int, token: str) -> tuple[Later, TillLog]:
    """What a text asks for, and the log whose tablet signed it. What was made after the tablet was revoked is nobody's.

    Raises CodeUnreadable, CodeUnknown, CodeTampered.
    """
    said = later.read(token)
    if said is None:
        raise CodeUnreadable
    log = session.get(TillLog, (district_id, said.till_id, said.log), populate_existing=True)
    if log is None:
        raise CodeUnknown
    if not later.is_signed(token, log.fingerprint):
        raise CodeTampered
    revoked_at = session.get_one(Till, (district_id, said.till_id), populate_existing=True).revoked_at
    if revoked_at is not None and said.made_at >= revoked_at:
        raise CodeUnknown
    return said, log


def id_of(said: Later, log: TillLog) -> UUID:
    """The request that it stands for, and its key: named by the log's own secret, so that nobody else's tablet can take it first."""
    return uuid5(OF_LATER, f"{log.fingerprint.hex()} {said.number}")


def bill_of(session: Session, district_id: int, merchant_id: int, said: Later) -> Bill | None:
    """What was sold, by the names that the shop has for it now; None: one line for each rate is all that can be said."""
    if said.sold is None:
        return None
    choice = register_choice(session, district_id, merchant_id)
    names: dict[int | None, str] = {None: choice.keypad_name, BAG: choice.bag_name}
    for number, name in article_names(session, district_id, merchant_id, said.sold.articles).items():
        names[number] = name
    return said.bill(names)


def later_goods(asked: Asked) -> dict[str, Any] | None:
    """What such a request is for, as its receipt will say it (rules/bill.py); None: of another one, or where nobody knows."""
    if asked.sold is None or not asked.is_later or "articles" not in asked.sold:
        return None
    bill = bill_from(asked.sold)
    return goods(bill, work_out(bill))


def read_later(session: Session, district_id: int, token: str, *, now: datetime) -> LaterTarget:
    """Whom a phone would pay by this text, and what. Changes nothing.

    Raises CodeUnreadable, CodeUnknown, CodeTampered, ShopSuspended.
    """
    said, log = signed_later(session, district_id, token)
    shop = merchant(session, district_id, log.merchant_id)
    if not shop.is_open:
        raise ShopSuspended
    try:
        asked = request(session, district_id, id_of(said, log), now=now)
    except RequestUnknown:
        asked = None
    return LaterTarget(shop, said, asked)


def later_requests(session: Session, district_id: int, merchant_id: int, *, now: datetime) -> list[LaterRow]:
    """What this shop's tablets asked for without the network, as far as it has arrived here, the newest first."""
    query = (
        select(PaymentRequest, Till.name)
        .join(Till, (Till.district_id == PaymentRequest.district_id) & (Till.id == PaymentRequest.till_id))
        .where(PaymentRequest.district_id == district_id, PaymentRequest.merchant_id == merchant_id, PaymentRequest.later.is_not(None))
        .order_by(PaymentRequest.made_at.desc(), PaymentRequest.id)
        .limit(LISTED_MAX)
        .execution_options(populate_existing=True)
    )
    return [_as_row(row, name, now) for row, name in session.execute(query)]


def later_named(session: Session, district_id: int, name: str) -> tuple[int, LaterRow] | None:
    """The request that a tablet's code was, by the number under it (36-Q1-001), with its shop's id; None: it has not arrived here.

    Its state is as it is kept: one whose time is over may still read as open.
    """
    till_id = int(name.split("-")[0])
    query = (
        select(PaymentRequest, Till.name)
        .join(Till, (Till.district_id == PaymentRequest.district_id) & (Till.id == PaymentRequest.till_id))
        .where(PaymentRequest.district_id == district_id, PaymentRequest.till_id == till_id, PaymentRequest.later.is_not(None))
        .order_by(PaymentRequest.made_at.desc())
    )
    for row, till_name in session.execute(query):
        said = later.read(row.later or "")
        if said is not None and said.name == name:
            return row.merchant_id, _as_row(row, till_name, row.made_at)
    return None


def unheard_later(session: Session, district_id: int, merchant_id: int, *, now: datetime) -> list[str]:
    """Names of requests that a tablet must have made, since a later one of its log is here, and that neither it nor a phone has brought.

    As long as they may still be paid: not of a log that the owner gave up, nor once all that is known of the log has ended.
    """
    since = _opened_since(session, district_id, merchant_id, now)
    if not since:
        return []
    known: dict[tuple[int, int], dict[int, Later]] = {log: {} for log in since}
    oldest = min(since.values())
    for said in _said(session, district_id, merchant_id, PaymentRequest.till_id.in_({till_id for till_id, _log in since}), oldest):
        if (said.till_id, said.log) in known:
            known[said.till_id, said.log][said.number] = said
    missing = (
        replace(last, number=number).name
        for said_of in known.values()
        for last in [said_of[max(said_of)]]
        for number in range(1, last.number)
        if number not in said_of
    )
    return list(islice(missing, LISTED_MAX))


def _opened_since(session: Session, district_id: int, merchant_id: int, now: datetime) -> dict[tuple[int, int], datetime]:
    """Logs (till, log) of which something can still be paid and that were not given up, with the moment at which each was opened."""
    logs = {(said.till_id, said.log) for said in _said(session, district_id, merchant_id, true(), now)}
    query = select(TillLog.till_id, TillLog.log, TillLog.opened_at).where(
        TillLog.district_id == district_id,
        tuple_(TillLog.till_id, TillLog.log).in_(logs),
        TillLog.closed_how.is_distinct_from("lost"),
    )
    return {(till_id, log): opened_at for till_id, log, opened_at in session.execute(query)} if logs else {}


def _said(session: Session, district_id: int, merchant_id: int, which: ColumnElement[bool], ends_after: datetime) -> Iterator[Later]:
    """What has arrived here, of what ends after this moment: a month after it was made, so that no tablet's clock hides anything."""
    query = select(PaymentRequest.later).where(
        PaymentRequest.district_id == district_id,
        PaymentRequest.merchant_id == merchant_id,
        PaymentRequest.later.is_not(None),
        PaymentRequest.expires_at > ends_after,
        which,
    )
    for token in session.scalars(query):
        said = later.read(token or "")
        assert said is not None, token
        yield said


def _as_row(row: PaymentRequest, till_name: str, now: datetime) -> LaterRow:
    said = later.read(row.later or "")
    assert said is not None, row.id
    state = "expired" if row.state is RequestState.open and row.expires_at <= now else row.state.value
    is_named = row.bill is None or bool(row.bill.get("articles"))  # None: the shop's old register writes the receipt
    return LaterRow(row.id, said.name, till_name, row.amount, state, row.made_at, row.expires_at, row.transaction_id, is_named)
