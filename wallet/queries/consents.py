"""Questions that a shop's reading of my code has raised."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

import identity.commands
import ledger.queries
import merchant.queries
from identity.queries import Principal
from ledger.errors import KeyReused
from ledger.queries import Series
from merchant.queries import Shop
from wallet.errors import ConsentUnknown
from wallet.models import Consent, ConsentLine, ConsentState
from wallet.queries.purses import reader

EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class ConsentView:
    """`state`: waiting, paid, declined, withdrawn or expired. `amount`: the bill, `discount`: what a coupon takes off, `cash`: what
    the till takes beside it. Yen. `parts`: what each series gives, as it is held; of a question that waits.
    """

    id: UUID
    person_id: int
    shop: Shop
    amount: int
    state: str
    asked_at: datetime
    expires_at: datetime
    transaction_id: int | None
    key: UUID
    coupon_id: int | None
    discount: int
    cash: int
    parts: tuple[tuple[Series, int], ...] = ()

    @property
    def pays(self) -> int:
        """What the person pays, in yen."""
        return self.amount - self.discount


def waiting_consent(session: Session, who: Principal, *, now: datetime) -> ConsentView | None:
    """What this consumer is being asked now, the oldest question first."""
    person_id = reader(session, who)
    return waiting_of(session, who.district_id, person_id, now=now)


def waiting_of(session: Session, district_id: int, person_id: int, *, now: datetime) -> ConsentView | None:
    """`waiting_consent` for a stream that has asked already who is asking."""
    row = session.scalars(
        select(Consent)
        .where(
            Consent.district_id == district_id,
            Consent.person_id == person_id,
            Consent.state == ConsentState.waiting,
            Consent.expires_at > now,
        )
        .order_by(Consent.asked_at)
        .limit(1)
        .execution_options(populate_existing=True)
    ).one_or_none()
    return None if row is None else replace(as_view(session, row, now), parts=_parts(session, row))


def consent(session: Session, who: Principal, consent_id: UUID, *, now: datetime) -> ConsentView:
    """One question to this consumer, in whatever state. Raises ConsentUnknown, also for somebody else's."""
    person_id = reader(session, who)
    row = session.get(Consent, (who.district_id, consent_id), populate_existing=True)
    if row is None or row.person_id != person_id:
        raise ConsentUnknown
    return replace(as_view(session, row, now), parts=_parts(session, row))


def consent_at_till(session: Session, who: Principal, consent_id: UUID, *, now: datetime) -> ConsentView:
    """The question that this shop asked, so that its till can follow it. Raises ConsentUnknown."""
    identity.commands.authorise(session, who, "merchant.read")
    row = session.get(Consent, (who.district_id, consent_id), populate_existing=True)
    if row is None or row.merchant_id != who.merchant_id:
        raise ConsentUnknown
    return as_view(session, row, now)


def consent_by_key(session: Session, district_id: int, key: UUID, content: bytes, *, now: datetime) -> ConsentView | None:
    """The question that this key has raised. Raises KeyReused for other content."""
    row = session.scalars(
        select(Consent).where(Consent.district_id == district_id, Consent.key == key).execution_options(populate_existing=True)
    ).one_or_none()
    if row is None:
        return None
    if row.command_hash != content:
        raise KeyReused
    return as_view(session, row, now)


def consent_lines(session: Session, row: Consent) -> list[ConsentLine]:
    """What it has set aside, in the order of the plan: question, book and receipt all list it so. For doors that have asked already."""
    query = select(ConsentLine).where(ConsentLine.district_id == row.district_id, ConsentLine.consent_id == row.id)
    return list(session.scalars(query.order_by(ConsentLine.place, ConsentLine.account_id)))


def _parts(session: Session, row: Consent) -> tuple[tuple[Series, int], ...]:
    lines = consent_lines(session, row)
    found = ((ledger.queries.one_series(session, row.district_id, line.series_id), line.amount) for line in lines)
    return tuple(each for each in found if each[0].unit == "yen")


def as_view(session: Session, row: Consent, now: datetime) -> ConsentView:
    state = EXPIRED if row.state is ConsentState.waiting and row.expires_at <= now else row.state.value
    return ConsentView(
        id=row.id,
        person_id=row.person_id,
        shop=merchant.queries.merchant(session, row.district_id, row.merchant_id),
        amount=row.amount,
        state=state,
        asked_at=row.asked_at,
        expires_at=row.expires_at,
        transaction_id=row.transaction_id,
        key=row.key,
        coupon_id=row.coupon_id,
        discount=row.discount,
        cash=row.cash,
    )
