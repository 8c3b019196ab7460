"""残高が足りないとき: a customer offers what they have in coin, and the shop takes the rest in cash, or says no.

Both sides decide: nobody but the customer offers, nobody but the shop takes, and then the customer still pays by
their own press. Nothing here moves money: until then the request asks, and nothing is half paid. Each step is one
conditional UPDATE of the request's row, so that of two at once one is first and the other one is told.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_, update
from sqlalchemy.orm import Session

import identity.commands
from base.db import atomic, wake
from identity.queries import Principal, person_topic
from merchant.errors import NoTill, OfferDeclined, OfferGone, OfferOfAnother, RequestUnknown
from merchant.models import OfferState, PaymentRequest, RequestState
from merchant.queries.requests import Asked, request
from merchant.queries.shops import shop_topic

TIME_TO_PAY = timedelta(minutes=3)
"""What the customer has at least, from the shop's yes on."""
LONGEST = timedelta(minutes=15)
"""No request lives longer (the table's own rule)."""


@dataclass(frozen=True, slots=True)
class Split:
    """Take `coin` yen in coin and the rest of the bill in cash: the answer to the customer's offer of just that."""

    request_id: UUID
    coin: int


def offer_split(session: Session, asked: Asked, person_id: int, coin: int, *, now: datetime) -> Asked:
    """Note what a customer can give in coin and ask the shop. For the wallet's door, which knows what they have.

    The first offer stands until the shop has answered it, and one that was declined is not asked again.
    Raises OfferOfAnother, OfferDeclined, RequestPaid, RequestCancelled, RequestExpired.
    """
    assert 1 <= coin < asked.bill, (coin, asked)
    if asked.is_later:
        raise OfferDeclined  # nobody stands at a counter any more who could take the rest in cash
    mine_or_none = or_(
        PaymentRequest.offer_state.is_(None),
        (PaymentRequest.offered_by == person_id) & (PaymentRequest.offer_state != OfferState.declined),
        (PaymentRequest.offered_by != person_id) & (PaymentRequest.offer_state == OfferState.declined) & (PaymentRequest.cash == 0),
    )
    with atomic(session):
        done = _change(session, asked, now, mine_or_none, offer=coin, offered_by=person_id, offer_state=OfferState.waiting)
        if not done:
            found = request(session, asked.district_id, asked.id, now=now)
            found.must_be_open()
            raise OfferDeclined if found.offered_by == person_id else OfferOfAnother
        return request(session, asked.district_id, asked.id, now=now)


def withdraw_offer(session: Session, asked: Asked, person_id: int, *, now: datetime) -> Asked:
    """The customer takes the offer back. One that the shop has answered stays answered; the answer says which."""
    with atomic(session):
        mine = (PaymentRequest.offered_by == person_id) & (PaymentRequest.offer_state == OfferState.waiting)
        if asked.cash:  # taken before, offered anew: the shop's yes to the first one stands
            _change(session, asked, now, mine, offer=asked.amount, offer_state=OfferState.taken)
        else:
            _change(session, asked, now, mine, offer=None, offered_by=None, offer_state=None)
        return request(session, asked.district_id, asked.id, now=now)


def split_request(session: Session, who: Principal, order: Split, *, now: datetime) -> Asked:
    """Say yes to the offer: the request asks for `coin` of that customer, and for the rest in cash. Again is harmless.

    One that was paid in full meanwhile, or is over, stays as it is; the answer says which. Raises RequestUnknown,
    OfferGone, NoTill.
    """
    with atomic(session):
        identity.commands.authorise(session, who, "merchant.split_request")
        asked = _own(session, who, order.request_id, now)
        done = _change(
            session,
            asked,
            now,
            (PaymentRequest.offer_state == OfferState.waiting) & (PaymentRequest.offer == order.coin),
            amount=order.coin,
            cash=PaymentRequest.amount + PaymentRequest.cash - order.coin,
            offer_state=OfferState.taken,
            expires_at=func.greatest(PaymentRequest.expires_at, func.least(now + TIME_TO_PAY, PaymentRequest.made_at + LONGEST)),
        )
        found = request(session, who.district_id, order.request_id, now=now)
        if not done and found.state == RequestState.open and (found.offer_state, found.amount) != (OfferState.taken, order.coin):
            raise OfferGone
        return found


def decline_split(session: Session, who: Principal, request_id: UUID, *, now: datetime) -> Asked:
    """Say no to the offer that waits: the request asks for what it asked before. Without one nothing changes.

    Raises RequestUnknown, NoTill.
    """
    with atomic(session):
        identity.commands.authorise(session, who, "merchant.split_request")
        asked = _own(session, who, request_id, now)
        _change(session, asked, now, PaymentRequest.offer_state == OfferState.waiting, offer_state=OfferState.declined)
        return request(session, who.district_id, request_id, now=now)


def _own(session: Session, who: Principal, request_id: UUID, now: datetime) -> Asked:
    if who.merchant_id is None:
        raise NoTill
    asked = request(session, who.district_id, request_id, now=now)
    if asked.merchant_id != who.merchant_id:
        raise RequestUnknown
    return asked


def _change(session: Session, asked: Asked, now: datetime, only: ColumnElement[bool], **values: object) -> bool:
    """Change the open request if `only` holds at that very moment, and wake both sides; whether it was changed."""
    changed = session.scalar(
        update(PaymentRequest)
        .where(
            PaymentRequest.district_id == asked.district_id,
            PaymentRequest.id == asked.id,
            PaymentRequest.state == RequestState.open,
            PaymentRequest.expires_at > now,
            only,
        )
        .values(**values)
        .returning(PaymentRequest.id)
        .execution_options(synchronize_session=False)
    )
    if changed is not None:
        wake(session, shop_topic(asked.district_id, asked.merchant_id))
        if asked.offered_by is not None:
            wake(session, person_topic(asked.district_id, asked.offered_by))
    return changed is not None
