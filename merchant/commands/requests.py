"""A till asks, a phone pays: the life of a request for payment."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

import identity.commands
from base.db import atomic, wake
from identity.queries import Principal
from ledger.errors import KeyReused, PaymentTooLarge
from merchant.commands.payment_slips import Payers, receipt_of_request
from merchant.commands.shared_parts import take_part
from merchant.errors import AmountTooSmall, NothingToSpend, NoTill, RequestPaid, RequestUnknown, ShopSuspended
from merchant.models import PaymentRequest, RequestState, Till
from merchant.queries.requests import Asked, payment_limit, request
from merchant.queries.shops import merchant, shop_topic

LIFE = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Ask:
    """Ask for `amount` yen. `key`: made once for each intention, so that a second tap asks once.

    `sold`: the bill of which the till makes a receipt once this is paid (register.py).
    """

    amount: int
    key: UUID
    life: timedelta = LIFE
    sold: dict[str, Any] | None = None


def ask(session: Session, who: Principal, order: Ask, *, now: datetime) -> Asked:
    """Open a request for payment; the one that this till has open ends with it.

    The same key with the same amount gives the first request again, in whatever state it is by now.
    Raises ShopSuspended, AmountTooSmall, PaymentTooLarge, NothingToSpend, KeyReused, NoTill.
    """
    with atomic(session):
        identity.commands.authorise(session, who, "merchant.ask")
        shop = merchant(session, who.district_id, _merchant_of(who))
        _lock_till(session, who)
        before = _same_intention(session, who, shop.id, order, now)
        if before is not None:
            return before
        if not shop.is_open:
            raise ShopSuspended
        must_be_payable(session, who.district_id, order.amount, now=now)
        _end_open_request(session, who, now)
        session.execute(
            insert(PaymentRequest)
            .values(
                district_id=who.district_id,
                id=UUID(bytes=secrets.token_bytes(16)),
                key=order.key,
                merchant_id=shop.id,
                till_id=who.till_id,
                staff_id=who.staff_id,
                amount=order.amount,
                state=RequestState.open,
                made_at=now,
                expires_at=now + order.life,
                bill=order.sold,
            )
            .on_conflict_do_nothing(index_elements=["district_id", "key"])  # the same intention, sent twice at once
        )
        wake(session, shop.topic)
        opened = _same_intention(session, who, shop.id, order, now)
        assert opened is not None  # ours, or the other one's that was there first
        return opened


def cancel_ask(session: Session, who: Principal, request_id: UUID, *, now: datetime) -> Asked:
    """Withdraw a request of this shop. One that is paid, ended or withdrawn stays as it is: the answer says which."""
    with atomic(session):
        identity.commands.authorise(session, who, "merchant.cancel_ask")
        asked = request(session, who.district_id, request_id, now=now)
        if asked.merchant_id != _merchant_of(who):
            raise RequestUnknown
        session.execute(
            update(PaymentRequest)
            .where(
                PaymentRequest.district_id == who.district_id,
                PaymentRequest.id == request_id,
                PaymentRequest.state == RequestState.open,
                PaymentRequest.expires_at > now,
            )
            .values(state=RequestState.cancelled, closed_at=now)
            .execution_options(synchronize_session=False)
        )
        wake(session, shop_topic(who.district_id, asked.merchant_id))
        return request(session, who.district_id, request_id, now=now)


def claim_request(session: Session, asked: Asked, transaction_id: int, payers: Payers, now: datetime) -> bool:
    """Mark a request as paid by `transaction_id`, inside the paying transaction, which wakes the shop: exactly one payment can.

    Where it carried its bill, its receipt is made with it, and names who pays for its coupons (`payers`).
    A second payer waits for the first one's commit and is then refused, and nothing of theirs is posted. False if the
    request does not ask any more for what `asked` says: the shop has split it meanwhile.
    Raises RequestPaid, RequestCancelled, RequestExpired.
    """
    district_id, request_id = asked.district_id, asked.id
    with atomic(session):
        claimed = session.scalar(
            update(PaymentRequest)
            .where(
                PaymentRequest.district_id == district_id,
                PaymentRequest.id == request_id,
                PaymentRequest.state == RequestState.open,
                PaymentRequest.expires_at > now,
                PaymentRequest.amount == asked.amount,
                PaymentRequest.cash == asked.cash,
            )
            .values(state=RequestState.paid, closed_at=now, transaction_id=transaction_id)
            .returning(PaymentRequest.id)
            .execution_options(synchronize_session=False)
        )
        if claimed is None:
            request(session, district_id, request_id, now=now).must_be_open()
        else:
            _write_down(session, asked, transaction_id, payers, now)
        return claimed is not None


def _write_down(session: Session, asked: Asked, transaction_id: int, payers: Payers, now: datetime) -> None:
    """The receipt of what it asked for, where the till makes one; of a part of a shared bill, that it is paid."""
    if asked.sold is None:
        return
    write = take_part if "shared" in asked.sold else receipt_of_request
    write(session, asked, transaction_id, payers, now=now)


def request_for_code(session: Session, who: Principal, request_id: UUID, amount: int, *, now: datetime) -> Asked:
    """The request of this shop that a customer's code is to pay. Raises RequestUnknown, RequestPaid, RequestCancelled, RequestExpired,
    KeyReused where it asks for another sum."""
    asked = request(session, who.district_id, request_id, now=now)
    if asked.merchant_id != _merchant_of(who):
        raise RequestUnknown
    asked.must_be_open()
    if asked.bill != amount:
        raise KeyReused
    return asked


def paid_by_code(
    session: Session, district_id: int, request_id: UUID, transaction_id: int, cash: int, payers: Payers, *, now: datetime
) -> None:
    """A request was paid by the customer's code instead of by its QR, `cash` yen of it over the counter: it is closed, and its receipt
    made, in the paying transaction. Raises RequestPaid, RequestCancelled, RequestExpired: then nothing of the payment stands."""
    asked = request(session, district_id, request_id, now=now)
    if not claim_request(session, replace(asked, sold=None), transaction_id, {}, now):
        raise RequestPaid  # split with somebody else at this very moment
    _write_down(session, replace(asked, amount=asked.amount - cash, cash=asked.cash + cash), transaction_id, payers, now)


def must_be_payable(session: Session, district_id: int, amount: int, *, now: datetime) -> None:
    """Raises AmountTooSmall, PaymentTooLarge or NothingToSpend: no running series could pay this at once."""
    if amount < 1:
        raise AmountTooSmall
    limit = payment_limit(session, district_id, now=now)
    if limit is None:
        raise NothingToSpend
    if amount > limit:
        raise PaymentTooLarge(limit=limit)


def _merchant_of(who: Principal) -> int:
    if who.merchant_id is None:
        raise NoTill
    return who.merchant_id


def _lock_till(session: Session, who: Principal) -> None:
    """Two taps on one tablet come one after the other. A tablet that was revoked meanwhile asks no more."""
    if who.till_id is None:
        return
    only = {"key_share": True}  # a receipt of this till that a phone pays for just now waits for nobody, and nobody for it
    row = session.get(Till, (who.district_id, who.till_id), with_for_update=only, populate_existing=True)
    if row is None or row.revoked_at is not None or row.merchant_id != who.merchant_id:
        raise NoTill


def _same_intention(session: Session, who: Principal, merchant_id: int, order: Ask, now: datetime) -> Asked | None:
    """What this key asked for before. Raises KeyReused when that was something else."""
    before = session.scalars(
        select(PaymentRequest).where(PaymentRequest.district_id == who.district_id, PaymentRequest.key == order.key)
    ).one_or_none()
    if before is None:
        return None
    same = (before.merchant_id, before.till_id, before.amount + before.cash, before.bill)
    if same != (merchant_id, who.till_id, order.amount, order.sold):
        raise KeyReused
    return request(session, who.district_id, before.id, now=now)


def _end_open_request(session: Session, who: Principal, now: datetime) -> None:
    if who.till_id is None:
        return
    mine = (
        PaymentRequest.district_id == who.district_id,
        PaymentRequest.till_id == who.till_id,
        PaymentRequest.state == RequestState.open,
        PaymentRequest.later.is_(None),  # what was handed out without the network waits on
    )
    session.execute(
        update(PaymentRequest)
        .where(*mine, PaymentRequest.expires_at <= now)
        .values(state=RequestState.expired, closed_at=now)
        .execution_options(synchronize_session=False)
    )
    session.execute(
        update(PaymentRequest).where(*mine).values(state=RequestState.cancelled, closed_at=now).execution_options(synchronize_session=False)
    )
