"""The receipt of a payment in local money, made in the paying transaction: what its means were is read from the book."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from uuid import uuid5

from sqlalchemy.orm import Session

import ledger.queries
from base.clock import tokyo_day
from ledger.commands import hash_command
from ledger.queries import Transaction
from merchant.commands.slips import BY_RECEIPT, Order, make
from merchant.queries.register_choice import register_choice
from merchant.queries.requests import Asked
from merchant.queries.shops import merchant
from merchant.queries.tills import till
from merchant.rules.bill import Bill, Off, bill_from
from merchant.rules.invoice import Line
from merchant.rules.slip import Paid

FUNDERS = ("promotion", "funder")
"""Roles in the book of whoever pays a shop for a coupon: the association, and others."""
Payers = Mapping[int, tuple[str | None, str, str]]
"""Of their accounts: the funder's name (None: the association), and both names of the coupon."""


def receipt_of_request(session: Session, asked: Asked, transaction_id: int, payers: Payers, *, now: datetime) -> None:
    """A request that carried its bill was paid: its receipt, in the same database transaction. `payers`: of its coupons."""
    assert asked.sold is not None and asked.till_id is not None
    booked = ledger.queries.transaction(session, asked.district_id, transaction_id)
    bill = bill_from(asked.sold)
    in_book, own = paid_in_book(session, asked.district_id, booked, payers)
    if own:
        bill = replace(bill, offs=(*bill.offs, Off(None, amount=own, with_tax=True)))  # the shop bears it: a lower price (invoice 20)
    cash = asked.sold["cash"] + asked.cash
    paid = [*in_book, *([Paid("card", asked.sold["card"])] if asked.sold["card"] else []), *([Paid("cash", cash)] if cash else [])]
    make(
        session,
        asked.district_id,
        Order(
            merchant_id=asked.merchant_id,
            till_id=asked.till_id,
            staff_id=asked.staff_id,
            bill=bill,
            paid=tuple(paid),
            received=max(asked.sold["received"], cash) if asked.sold["cash"] else cash,
            key=uuid5(BY_RECEIPT, f"request {asked.id}"),
            command_hash=hash_command("merchant.receipt", "request", asked.id),
            transaction_id=transaction_id,
            own_coupon=coupon_names(session, asked.district_id, booked) if own else None,
        ),
        now=now,
    )


def receipt_of_printed_code(
    session: Session, district_id: int, merchant_id: int, transaction_id: int, payers: Payers, *, now: datetime
) -> None:
    """A payment by the shop's printed code: its receipt as one line of the shop's own words and rate, numbered by the till that the owner
    chose for it; none where the owner chose none, or where the till is no more. In the paying transaction."""
    choice = register_choice(session, district_id, merchant_id).on(tokyo_day(now))
    if choice.code_till is None or not merchant(session, district_id, merchant_id).issues_receipts:
        return
    if till(session, district_id, choice.code_till).revoked_at is not None:
        return
    booked = ledger.queries.transaction(session, district_id, transaction_id)
    in_book, own = paid_in_book(session, district_id, booked, payers)
    names = coupon_names(session, district_id, booked) if own else None
    total = sum(each.amount for each in in_book) + own
    line = Line(choice.keypad_name, 1, total, choice.keypad_rate)
    offs = (Off(None, amount=own),) if own else ()
    bill = Bill((line,), (None,), offs, False, "inclusive", choice.rounding)
    if total == own:
        return  # the shop gave it away: nothing was sold for money
    key, content = uuid5(BY_RECEIPT, f"code {transaction_id}"), hash_command("merchant.receipt", "code", transaction_id)
    order = Order(merchant_id, choice.code_till, None, bill, in_book, 0, key, content, transaction_id, own_coupon=names)
    make(session, district_id, order, now=now)


def paid_in_book(session: Session, district_id: int, booked: Transaction, payers: Payers) -> tuple[tuple[Paid, ...], int]:
    """What a payment is made of, as a receipt names it, each funder's part of a coupon by itself, and what of its coupons the shop bears,
    in yen."""
    found: dict[tuple[str, str, str], int] = {}
    for line in booked.in_turn:
        if line.role == "consumer" and line.unit == 0 and line.amount:
            series = ledger.queries.one_series(session, district_id, line.series_id)
            kind = "voucher" if series.is_voucher else "point" if series.is_points else "coin"
            name = (kind, series.name, series.name_en)
            found[name] = found.get(name, 0) + abs(line.amount)
    discount, own = (int(booked.facts.get(name) or 0) for name in ("discount", "shop_part"))
    paid = [Paid(kind, amount, name, name_en, booked.payment_number) for (kind, name, name_en), amount in found.items()]
    borne = [line for line in booked.lines if line.role in FUNDERS and line.amount]
    assert discount - own == sum(line.amount for line in borne), booked.id
    for line in borne:
        funder, *names = payers[line.account_id]
        bearer = "association" if funder is None else "funder"
        paid.append(Paid("funded_coupon", line.amount, names[0], names[1], booked.payment_number, bearer, funder or ""))
    return tuple(paid), own


def coupon_names(session: Session, district_id: int, booked: Transaction) -> tuple[str, str]:
    """Both names of the coupons that a payment used."""
    used = [ledger.queries.one_series(session, district_id, line.series_id) for line in booked.lines if line.role == "coupon_used"]
    return "・".join(each.name for each in used), ", ".join(each.name_en for each in used)
