"""チャージ: a consumer gets coin for cash at the counter."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

import ledger.commands as book
import ledger.queries as read
from association.errors import CashTooLittle, NotACoin, OwnWallet
from association.models import Drawer
from association.queries.notice import current_version
from base.db import atomic, wake
from identity.commands import authorise
from identity.queries import Principal, person_topic, profile


@dataclass(frozen=True, slots=True)
class TopUp:
    """What a clerk wants booked. `amount` and `received` (the cash handed over) in yen.

    `shown`: the customer's code, where a program sends it with each repeat; by then it is used up, so a repeat is
    recognised by the code, not by the person behind it.
    """

    person_id: int
    series_id: int
    amount: int
    received: int
    key: UUID
    shown: str = ""

    def to(self, person_id: int) -> TopUp:
        """The same for the person whose code it was."""
        return replace(self, person_id=person_id)


@dataclass(frozen=True, slots=True)
class TopUpReceipt:
    """What was booked. Amounts in yen; `change` is what the clerk hands back."""

    transaction_id: int
    posted_at: datetime
    key: UUID
    person_id: int
    series_id: int
    amount: int
    received: int
    replayed: bool

    @property
    def change(self) -> int:
        return self.received - self.amount

    @property
    def word(self) -> str:
        """合言葉, equal on the phone and at the counter."""
        return read.matching_word(self.transaction_id, self.key)

    @property
    def number(self) -> str:
        """受付番号."""
        return read.payment_number(self.transaction_id)


def top_up(session: Session, who: Principal, order: TopUp, *, now: datetime) -> TopUpReceipt:
    """Book cash into the clerk's drawer and coin onto the person's account; the phone is told at once.

    Raises NotACoin, CashTooLittle, OwnWallet, PersonUnknown, NoticeMissing, and the book's own CeilingPassed (balance cap), DrawerFull,
    SeriesEnded, SeriesNotYet, AccountFrozen, KeyReused: nothing is written then.
    """
    with atomic(session):
        authorise(session, who, "association.top_up", subject=f"person:{order.person_id}")
        content = _content(who, order)
        known = read.find_key(session, who.district_id, order.key, content)
        if known is not None:
            return _receipt(order, known)
        must_be_coin(session, who.district_id, order.series_id)
        if order.received < order.amount:
            raise CashTooLittle(missing=order.amount - order.received)
        if order.person_id == who.person_id:
            raise OwnWallet
        profile(session, who.district_id, order.person_id)  # coin for a number that is nobody's would be lost
        draft = book.Draft(
            kind="top_up",
            key=order.key,
            command_hash=content,
            lines=book.transfer(
                drawer_account(session, who, now),
                book.open_account(session, who.district_id, "consumer", order.person_id, order.series_id),
                order.amount,
            ),
            facts={
                "way": "counter",
                "staff": who.person_id,
                "received": order.received,
                "notice": current_version(session, who.district_id),
            },
        )
        posted = book.post(session, who.district_id, draft)
        wake(session, person_topic(who.district_id, order.person_id))
        return _receipt(order, posted)


def must_be_coin(session: Session, district_id: int, series_id: int) -> None:
    """Every way in but the sale of vouchers is for coin. Raises NotACoin, SeriesUnknown."""
    if not read.one_series(session, district_id, series_id).is_coin:
        raise NotACoin


def drawer_account(session: Session, who: Principal, now: datetime) -> int:
    """The account of this clerk's drawer, opened with the first cash that goes into it."""
    assert who.person_id is not None, who
    return drawer_of(session, who.district_id, who.person_id, now)


def drawer_of(session: Session, district_id: int, clerk_id: int, now: datetime) -> int:
    """The account of a clerk's drawer, opened with the first cash that goes into it."""
    drawer = session.get(Drawer, (district_id, clerk_id))
    if drawer is not None:
        return drawer.account_id
    account_id = book.open_account(session, district_id, "drawer", clerk_id, 0)
    values = {"district_id": district_id, "clerk_id": clerk_id, "account_id": account_id, "opened_at": now}
    session.execute(insert(Drawer).values(values).on_conflict_do_nothing())
    return account_id


def earlier_top_up(session: Session, who: Principal, order: TopUp) -> TopUpReceipt | None:
    """What this key booked before, for a caller that must know it before it looks at the code. Raises KeyReused."""
    authorise(session, who, "association.top_up", subject="repeat")
    known = read.find_key(session, who.district_id, order.key, _content(who, order))
    return None if known is None else _receipt(order, known)


def _content(who: Principal, order: TopUp) -> bytes:
    whom = ("code", order.shown) if order.shown else ("person", order.person_id)
    return book.hash_command("association.top_up", who.person_id, *whom, order.series_id, order.amount, order.received)


def _receipt(order: TopUp, posted: book.Posted) -> TopUpReceipt:
    return TopUpReceipt(
        transaction_id=posted.transaction_id,
        posted_at=posted.posted_at,
        key=order.key,
        person_id=order.person_id,
        series_id=order.series_id,
        amount=order.amount,
        received=order.received,
        replayed=posted.replayed,
    )
