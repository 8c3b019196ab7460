"""Requests for payment: what a till waits for, and what a phone is about to pay."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

import ledger.queries
from merchant.errors import OfferOfAnother, RequestCancelled, RequestExpired, RequestPaid, RequestUnknown
from merchant.models import OfferState, PaymentRequest, RequestState, Till

REFUSALS = {RequestState.paid: RequestPaid, RequestState.cancelled: RequestCancelled, RequestState.expired: RequestExpired}


@dataclass(frozen=True, slots=True)
class Asked:
    """お会計. `state` is open, paid, cancelled or expired at the moment of asking.

    Yen: `amount` is asked in coin, `cash` beside it. `offer`: what a customer (`offered_by`) can give in coin;
    `offer_state` is waiting, taken or declined. `sold`: what the till makes a receipt of once it is paid.
    `is_later`: asked by a tablet without the network, to be paid whenever the phone has one.
    """

    district_id: int
    id: UUID
    merchant_id: int
    till_id: int | None
    till_name: str | None
    staff_id: int | None
    amount: int
    state: str
    made_at: datetime
    expires_at: datetime
    transaction_id: int | None
    cash: int
    offer: int | None
    offered_by: int | None
    offer_state: str | None
    sold: dict[str, Any] | None = None
    is_later: bool = False

    @property
    def bill(self) -> int:
        """What is to be paid in all, in yen."""
        return self.amount + self.cash

    @property
    def offered(self) -> int | None:
        """Coin that a customer offers now and that waits for the shop's answer, in yen."""
        return self.offer if self.state == RequestState.open and self.offer_state == OfferState.waiting else None

    def must_be_for(self, person_id: int | None) -> None:
        """Raises OfferOfAnother once the shop has agreed with somebody else: nobody learns what is left in their purse."""
        if self.cash and self.offered_by != person_id:
            raise OfferOfAnother

    def must_be_open(self) -> None:
        """Raises RequestPaid, RequestCancelled or RequestExpired."""
        if self.state != RequestState.open:
            raise REFUSALS[RequestState(self.state)]


def request(session: Session, district_id: int, request_id: UUID, *, now: datetime) -> Asked:
    """One request, in whatever state. Raises RequestUnknown."""
    found = session.execute(_requests(district_id).where(PaymentRequest.id == request_id)).one_or_none()
    if found is None:
        raise RequestUnknown
    row, till_name = found
    return _as_asked(row, till_name, now)


def asked_by_key(session: Session, district_id: int, key: UUID) -> int | None:
    """What a key asked for before, in yen; None: nothing yet. Whose it is, whoever asks with it again finds out."""
    query = select(PaymentRequest.amount + PaymentRequest.cash)
    return session.scalar(query.where(PaymentRequest.district_id == district_id, PaymentRequest.key == key))


def waiting_requests(session: Session, district_id: int, merchant_id: int, *, now: datetime) -> list[Asked]:
    """What this shop's tills are asking for at `now`, the newest first."""
    at_counter = (PaymentRequest.state == RequestState.open, PaymentRequest.later.is_(None), PaymentRequest.expires_at > now)
    query = _requests(district_id).where(PaymentRequest.merchant_id == merchant_id, *at_counter).order_by(PaymentRequest.made_at.desc())
    return [_as_asked(row, till_name, now) for row, till_name in session.execute(query)]


def payment_limit(session: Session, district_id: int, *, now: datetime) -> int | None:
    """The most that one payment may be at `now`, in yen: the highest limit of the series that run. None if none runs."""
    return max((series.payment_max for series in ledger.queries.running_series(session, district_id, now=now)), default=None)


def coin_names(session: Session, district_id: int, *, now: datetime) -> tuple[str, str] | tuple[None, None]:
    """What people here call the coin, in Japanese and in English; None before there is one."""
    return next(((one.name, one.name_en) for one in ledger.queries.running_coins(session, district_id, now=now)), (None, None))


def _requests(district_id: int) -> Select[PaymentRequest, str]:
    return (
        select(PaymentRequest, Till.name)
        .outerjoin(Till, (Till.district_id == PaymentRequest.district_id) & (Till.id == PaymentRequest.till_id))
        .where(PaymentRequest.district_id == district_id)
        .execution_options(populate_existing=True)
    )


def _as_asked(row: PaymentRequest, till_name: str | None, now: datetime) -> Asked:
    state = RequestState.expired if row.state is RequestState.open and row.expires_at <= now else row.state
    return Asked(
        district_id=row.district_id,
        id=row.id,
        merchant_id=row.merchant_id,
        till_id=row.till_id,
        till_name=till_name,
        staff_id=row.staff_id,
        amount=row.amount,
        state=state.value,
        made_at=row.made_at,
        expires_at=row.expires_at,
        transaction_id=row.transaction_id,
        cash=row.cash,
        offer=row.offer,
        offered_by=row.offered_by,
        offer_state=None if row.offer_state is None else row.offer_state.value,
        sold=row.bill,
        is_later=row.later is not None,
    )
