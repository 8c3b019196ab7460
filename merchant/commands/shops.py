"""Shops come, are approved, are suspended and close. The association decides; its doors call these in their transaction."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

import ledger.commands
import ledger.queries
from base.clock import tokyo_day
from base.db import atomic, wake
from base.ids import with_check_digit
from merchant.commands.invoices import note_registration
from merchant.errors import ShopStateForbidden, ShopSuspended, ShopUnknown
from merchant.models import Merchant, MerchantTrade, ShopState
from merchant.queries.shops import Shop, as_shop, shop_topic

ROAD = {
    ShopState.applied: {ShopState.open, ShopState.closed},
    ShopState.open: {ShopState.suspended, ShopState.closed},
    ShopState.suspended: {ShopState.open, ShopState.closed},
    ShopState.closed: set(),
}
"""From which state to which: closed is for good."""

ACCOUNT_STATE = {ShopState.open: "open", ShopState.suspended: "frozen", ShopState.closed: "frozen"}
"""What the book does with the shop's accounts: a payment under way when the shop is suspended is stopped by the book
itself. Those of a closed shop stay frozen and not closed, since what it is owed must still be paid out."""


ONE_NUMBER_AT_A_TIME = text("SELECT pg_advisory_xact_lock(hashtextextended('merchant.public_number', :district))")


@dataclass(frozen=True, slots=True)
class NewShop:
    """What the association writes down about a shop. `registration_number`: T and 13 digits, if it has one. `size`: small or large."""

    name: str
    name_kana: str
    name_en: str
    trade: str
    address: str
    registration_number: str | None = None
    size: str = "small"


def register(session: Session, district_id: int, new: NewShop, *, now: datetime) -> Shop:
    """Write down a shop that applies. It cannot take money before `set_state(…, "open")`."""
    with atomic(session):
        session.execute(ONE_NUMBER_AT_A_TIME, {"district": district_id})
        last = session.scalar(select(func.max(Merchant.public_number)).where(Merchant.district_id == district_id))
        row = Merchant(
            district_id=district_id,
            public_number=with_check_digit(1 if last is None else int(last[:5]) + 1, 5),
            name=new.name,
            name_kana=new.name_kana,
            name_en=new.name_en,
            trade=new.trade,
            address=new.address,
            registration_number=new.registration_number,
            size=new.size,
            state=ShopState.applied,
            pseudonym_key=secrets.token_bytes(32),
            created_at=now,
            state_since=now,
        )
        session.add(row)
        session.flush()
        _note_trade(session, row, now)
        note_registration(session, district_id, row.id, row.registration_number, first_day=None)
        return as_shop(row)


def _note_trade(session: Session, row: Merchant, now: datetime) -> None:
    session.add(MerchantTrade(district_id=row.district_id, merchant_id=row.id, since=now, trade=row.trade))


def set_state(session: Session, district_id: int, merchant_id: int, state: str, *, now: datetime) -> Shop:
    """Approve ("open"), suspend ("suspended"), let in again ("open") or close for good ("closed").

    A shop that opens gets its payable accounts; the book freezes them while it may take nothing. Tills are woken,
    so that a suspended one says so at once.
    Setting the state that it has already changes nothing. Raises ShopUnknown, ShopStateForbidden.
    """
    after = ShopState(state)
    with atomic(session):
        row = session.get(Merchant, (district_id, merchant_id), with_for_update=True, populate_existing=True)
        if row is None:
            raise ShopUnknown
        if row.state is after:
            return as_shop(row)
        if after not in ROAD[row.state]:
            raise ShopStateForbidden(before=row.state.value, after=after.value)
        row.state, row.state_since = after, now
        session.flush()
        if after is ShopState.open:
            for series in (one for one in ledger.queries.series(session, district_id) if one.unit == "yen"):
                payable_account(session, district_id, merchant_id, series.id)
        for account_id in ledger.queries.account_ids(session, district_id, "payable", merchant_id):
            ledger.commands.set_account_state(session, district_id, account_id, ACCOUNT_STATE[after])
        wake(session, shop_topic(district_id, merchant_id))
        return as_shop(row)


def set_size(session: Session, district_id: int, merchant_id: int, size: str) -> Shop:
    """ "small" or "large", from now on: what was paid before stays as it was counted. Raises ShopUnknown."""
    with atomic(session):
        row = session.get(Merchant, (district_id, merchant_id), with_for_update=True, populate_existing=True)
        if row is None:
            raise ShopUnknown
        row.size = size
        session.flush()
        return as_shop(row)


def describe(session: Session, district_id: int, merchant_id: int, facts: NewShop, *, now: datetime) -> Shop:
    """Write down anew what the association says about a shop; number, state and money stay. Another trade holds from `now` on, another
    登録番号 from this day on, until the owner says from which.

    Raises ShopUnknown.
    """
    with atomic(session):
        row = session.get(Merchant, (district_id, merchant_id), with_for_update=True, populate_existing=True)
        if row is None:
            raise ShopUnknown
        trade_before, number_before = row.trade, row.registration_number
        for name in NewShop.__slots__:
            setattr(row, name, getattr(facts, name))
        if row.trade != trade_before:
            _note_trade(session, row, now)
        if row.registration_number != number_before:
            note_registration(session, district_id, row.id, row.registration_number, first_day=tokyo_day(now))
        session.flush()
        wake(session, shop_topic(district_id, merchant_id))
        return as_shop(row)


def facts_of(shop: Shop) -> NewShop:
    """What the association wrote down about a shop, as it would be written down again."""
    return NewShop(**{name: getattr(shop, name) for name in NewShop.__slots__})


def hold_open(session: Session, district_id: int, merchant_id: int) -> Shop:
    """The shop, open, and kept so until the caller's transaction ends: who suspends it waits. Raises ShopUnknown, ShopSuspended."""
    row = session.get(Merchant, (district_id, merchant_id), with_for_update={"read": True}, populate_existing=True)
    if row is None:
        raise ShopUnknown
    if row.state is not ShopState.open:
        raise ShopSuspended
    return as_shop(row)


@contextmanager
def let_through(session: Session, district_id: int, merchant_id: int, accounts: Collection[int]) -> Iterator[None]:
    """What two people have decided reaches these payables of a shop although it is suspended or gone: open to this database transaction
    alone, and frozen again before it commits. Who suspends the shop or lets it in again waits meanwhile."""
    row = session.get(Merchant, (district_id, merchant_id), with_for_update={"read": True}, populate_existing=True)
    frozen = sorted(accounts) if row is not None and row.state is not ShopState.open else []
    for account_id in frozen:
        ledger.commands.set_account_state(session, district_id, account_id, "open")
    yield
    for account_id in frozen:
        ledger.commands.set_account_state(session, district_id, account_id, "frozen")


def payable_account(session: Session, district_id: int, merchant_id: int, series_id: int) -> int:
    """The account on which the book owes this shop in this series; opened when it is first needed."""
    found = ledger.queries.account_id(session, district_id, "payable", merchant_id, series_id)
    return ledger.commands.open_account(session, district_id, "payable", merchant_id, series_id) if found is None else found


def open_payables(session: Session, district_id: int, series_id: int) -> None:
    """Give every open shop an account in a new series."""
    query = select(Merchant.id).where(Merchant.district_id == district_id, Merchant.state == ShopState.open).order_by(Merchant.id)
    with atomic(session):
        for merchant_id in session.scalars(query).all():
            payable_account(session, district_id, merchant_id, series_id)
