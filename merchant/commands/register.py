"""商品レジ: a sale for cash or by card, a request for local money with its bill, papers of a receipt."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

import identity.commands
from base.clock import tokyo_day
from base.db import atomic
from base.yen import grouped
from identity.queries import Principal
from ledger.commands import hash_command
from ledger.errors import KeyReused
from merchant.commands.invoices import set_registration_days
from merchant.commands.owner import authorise_owner
from merchant.commands.requests import Ask, ask, cancel_ask
from merchant.commands.slips import Order, before, make
from merchant.errors import (
    BillDiffers,
    BillWrong,
    NoTill,
    PricesReadAnew,
    RegisterIsOld,
    RequestPaid,
    RequestUnknown,
    TendersWrong,
    TillUnknown,
)
from merchant.models import Article, Merchant, RegisterSettings, TillReceiptCopy
from merchant.queries.invoices import Registration
from merchant.queries.receipts import ReceiptCopy, ReceiptRow, receipt_at
from merchant.queries.register_choice import RegisterChoice, register_choice
from merchant.queries.requests import Asked, request
from merchant.queries.shops import merchant
from merchant.queries.tills import till
from merchant.rules.bill import Bill, work_out
from merchant.rules.invoice import Line, ReceiptRefused
from merchant.rules.slip import SERIES, Paid

CARD, CASH = ("カード・その他", "Card and others"), ("現金", "Cash")
"""Both names of what is paid beside the district's money, as a receipt keeps them."""


@dataclass(frozen=True, slots=True)
class Sell:
    """A bill and how it is paid, in yen. `total`: what the till showed; `received`: the cash that was handed over, 0 for none.

    `card`: by another card; `coin`: in local money, asked of a phone. `key`: made once for each intention to sell.
    """

    bill: Bill
    total: int
    received: int
    card: int
    key: UUID
    coin: int = 0

    @property
    def cash(self) -> int:
        """What of the cash stays in the till."""
        return self.total - self.card - self.coin


def sell(session: Session, who: Principal, order: Sell, *, now: datetime) -> ReceiptRow:
    """Sell for cash, by card, or both: the receipt. Nothing of it enters the district's book.

    The same key gives the same receipt. Raises KeyReused, NoTill, RegisterIsOld, BillWrong, BillDiffers, TendersWrong.
    """
    with atomic(session):
        identity.commands.authorise(session, who, "merchant.sell")
        merchant_id, till_id = place_of(session, who)
        content = hash_command("merchant.sell", merchant_id, till_id, repr(order.bill), order.total, order.received, order.card)
        known = before(session, who.district_id, order.key, content)
        if known is not None:
            return known
        must_issue(session, who.district_id, merchant_id)
        must_settle(order)
        if order.coin:
            raise TendersWrong(missing=order.coin)
        paid = [
            *([Paid("card", order.card, *CARD)] if order.card else []),
            *([Paid("cash", order.cash, *CASH)] if order.cash else []),
        ]
        made = Order(merchant_id, till_id, who.staff_id, order.bill, tuple(paid), order.received, order.key, content)
        return make(session, who.district_id, made, now=now)


def ask_for_bill(session: Session, who: Principal, order: Sell, *, now: datetime) -> Asked:
    """Ask a phone for the part in local money. Its receipt is made in the paying transaction, and never without a payment.

    Raises what `ask` raises, and RegisterIsOld, BillWrong, BillDiffers, TendersWrong.
    """
    with atomic(session):
        identity.commands.authorise(session, who, "merchant.sell")
        merchant_id, _till_id = place_of(session, who)
        must_issue(session, who.district_id, merchant_id)
        must_settle(order)
        sold: dict[str, Any] = order.bill.as_json() | {"cash": order.cash, "card": order.card, "received": order.received, "articles": True}
        return ask(session, who, Ask(order.coin, order.key, sold=sold), now=now)


def ask_again(session: Session, who: Principal, request_id: UUID, *, key: UUID, now: datetime) -> Asked:
    """QRを出し直す: the same bill under another code; the one before ends with it, and where it was paid meanwhile nothing is asked again.

    Raises what `ask` raises, RequestUnknown and RequestPaid.
    """
    with atomic(session):
        merchant_id, _till_id = place_of(session, who)
        asked = request(session, who.district_id, request_id, now=now)
        if asked.merchant_id != merchant_id:
            raise RequestUnknown
        again = ask(session, who, Ask(asked.bill, key, sold=asked.sold), now=now)
        if cancel_ask(session, who, request_id, now=now).state == "paid":
            raise RequestPaid
        return again


def keypad_bill(choice: RegisterChoice, amount: int, rate: int | None) -> Bill:
    """An amount that was typed without articles, as one line of the shop's own words; tax inside, as the keypad's amounts are."""
    line = Line(choice.keypad_name, 1, amount, choice.keypad_rate if rate is None else rate)
    return Bill((line,), (None,), (), False, "inclusive", choice.rounding)


def ask_from_keypad(session: Session, who: Principal, order: Ask, rate: int | None, *, now: datetime) -> Asked:
    """`ask` where the till issues the receipts: the amount is a bill of one line. `rate`: percent, None for the shop's own."""
    with atomic(session):
        merchant_id, _till_id = place_of(session, who)
        bill = keypad_bill(register_choice(session, who.district_id, merchant_id).on(tokyo_day(now)), order.amount, rate)
        sold = bill.as_json() | {"cash": 0, "card": 0, "received": 0}
        return ask(session, who, Ask(order.amount, order.key, order.life, sold), now=now)


def place_of(session: Session, who: Principal) -> tuple[int, int]:
    """The shop and the tablet of whoever asks. Raises NoTill, also for a tablet that was revoked."""
    if who.merchant_id is None or who.till_id is None or till(session, who.district_id, who.till_id).revoked_at is not None:
        raise NoTill
    return who.merchant_id, who.till_id


def must_issue(session: Session, district_id: int, merchant_id: int) -> None:
    """Raises RegisterIsOld where the shop's receipts are written by another register."""
    if not merchant(session, district_id, merchant_id).issues_receipts:
        raise RegisterIsOld


def must_settle(order: Sell) -> None:
    """The bill is what the till showed, and it is paid: raises BillWrong, BillDiffers, TendersWrong."""
    try:
        total = work_out(order.bill).totals.total
    except ReceiptRefused as refused:
        raise BillWrong(why=refused.code) from refused
    if total != order.total or total < 1:
        raise BillDiffers(total=total)
    if order.cash < 0 or order.received < order.cash or (order.received and not order.cash):
        raise TendersWrong(missing=max(order.cash - order.received, 0))


# papers


@dataclass(frozen=True, slots=True)
class Paper:
    """`kind`: paper, or ryoshusho with 宛名 and 但し書き."""

    kind: str
    addressee: str
    purpose: str
    key: UUID


def make_paper(session: Session, who: Principal, till_id: int, serial: int, order: Paper, *, now: datetime) -> ReceiptCopy:
    """A paper of a receipt: the first of its kind is the original, what follows says 再発行, and so does each of a receipt that the tablet
    made and handed over without the network. The same key makes it once.

    Raises ReceiptUnknown, KeyReused.
    """
    with atomic(session):
        identity.commands.authorise(session, who, "merchant.sell")
        merchant_id, _mine = place_of(session, who)
        row = receipt_at(session, who.district_id, merchant_id, till_id, serial)
        session.execute(select(Merchant.id).where(Merchant.district_id == who.district_id, Merchant.id == merchant_id).with_for_update())
        of_this = (
            TillReceiptCopy.district_id == who.district_id,
            TillReceiptCopy.till_id == row.till_id,
            TillReceiptCopy.serial == row.serial,
        )
        made = session.scalars(
            select(TillReceiptCopy).where(TillReceiptCopy.district_id == who.district_id, TillReceiptCopy.key == order.key)
        )
        copy = made.one_or_none()
        if copy is None:
            place = session.scalar(select(func.count()).select_from(TillReceiptCopy).where(*of_this, TillReceiptCopy.kind == order.kind))
            handed_over = int(order.kind == "paper" and row.serial > SERIES)  # made without the network, and given to the customer there
            copy = TillReceiptCopy(
                district_id=who.district_id,
                till_id=row.till_id,
                serial=row.serial,
                kind=order.kind,
                place=(place or 0) + 1 + handed_over,
                key=order.key,
                addressee=order.addressee,
                purpose=order.purpose,
                staff_id=who.staff_id,
                made_at=now,
            )
            session.add(copy)
            session.flush()
        else:
            same = (row.till_id, row.serial, order.kind, order.addressee, order.purpose)
            if (copy.till_id, copy.serial, copy.kind, copy.addressee, copy.purpose) != same:
                raise KeyReused
        return ReceiptCopy(copy.kind, copy.place, copy.addressee, copy.purpose, copy.made_at)


# what the owner chooses


def set_register(
    session: Session,
    who: Principal,
    merchant_id: int,
    choice: RegisterChoice,
    *,
    issues: bool,
    now: datetime,
    rereads: bool = False,
    registrations: Sequence[Registration] = (),
) -> None:
    """Who writes the shop's receipts, this till or its old register, how it counts, and on which days its numbers hold (`registrations`);
    from the next sale on.

    `rereads`: where prices are written with tax from now on, or without, the figures of the articles stay and are read so.
    Raises TillUnknown, PricesReadAnew.
    """
    with atomic(session):
        authorise_owner(session, who, "merchant.set_register", merchant_id, subject=f"issues:{issues}")
        if choice.code_till is not None and till(session, who.district_id, choice.code_till).merchant_id != merchant_id:
            raise TillUnknown
        shop = session.get_one(Merchant, (who.district_id, merchant_id), with_for_update=True, populate_existing=True)
        _read_prices(session, who.district_id, merchant_id, choice.tax_inside, rereads, now)
        shop.issues_receipts = issues
        set_registration_days(session, who.district_id, merchant_id, registrations)
        values = asdict(choice) | {"changed_at": now}
        statement = insert(RegisterSettings).values(district_id=who.district_id, merchant_id=merchant_id, **values)
        session.execute(statement.on_conflict_do_update(index_elements=["district_id", "merchant_id"], set_=values))


def _read_prices(session: Session, district_id: int, merchant_id: int, tax_inside: bool, rereads: bool, now: datetime) -> None:
    """A shop has one way of writing prices, so that a receipt never counts one over."""
    others = (
        Article.district_id == district_id,
        Article.merchant_id == merchant_id,
        Article.ended_at.is_(None),
        Article.tax_inside != tax_inside,
    )
    count = session.scalar(select(func.count()).select_from(Article).where(*others)) or 0
    if count and not rereads:
        raise PricesReadAnew(count=grouped(count))
    session.execute(
        update(Article).where(*others).values(tax_inside=tax_inside, changed_at=now).execution_options(synchronize_session=False)
    )
