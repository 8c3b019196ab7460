"""Receipts of a shop's tills, and how they are made there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from base.clock import day_bounds, tokyo_day
from merchant.errors import ReceiptUnknown
from merchant.models import Article, HeldBill, ReceiptPayment, TillReceipt, TillReceiptCopy
from merchant.queries.shops import Shop, shop_by_number
from merchant.rules.slip import PRINTED_DIGITS, SERIES, by_line, digest_of, left_of, serial_of


@dataclass(frozen=True, slots=True)
class ReceiptRow:
    """One receipt or return slip. Yen; `book`: in local money with its coupons and points. `content`: all that it says (rules/slip.py).

    `categories`: of each line its 分類, pieces and yen; None where that was not kept yet."""

    till_id: int
    serial: int
    merchant_id: int
    kind: str
    made_at: datetime
    staff_id: int | None
    total: int
    tax: int
    cash: int
    card: int
    book: int
    transaction_id: int | None
    content: dict[str, Any]
    before: bytes | None
    digest: bytes
    categories: list[list[Any]] | None = None

    @property
    def number(self) -> str:
        return str(self.content["number"])

    @property
    def is_whole(self) -> bool:
        """Whether it says what it said when it was made."""
        return digest_of(self.before, self.content) == self.digest


@dataclass(frozen=True, slots=True)
class ReceiptCopy:
    """A paper that was made of a receipt. `place`: 1 for the first of its kind; what follows is marked 再発行."""

    kind: str
    place: int
    addressee: str
    purpose: str
    made_at: datetime


@dataclass(frozen=True, slots=True)
class HeldRow:
    """A bill that waits: a table's tab."""

    id: UUID
    name: str
    total: int
    held_at: datetime


@dataclass(frozen=True, slots=True)
class DayOfReceipts:
    """A Tokyo day of a shop in yen: sales less returns, by means. `by_rate`: rate, gross, tax; sums of what was printed."""

    sales: int
    returns: int
    cash: int
    card: int
    book: int
    by_rate: tuple[tuple[int, int, int], ...]

    @property
    def net(self) -> int:
        return self.cash + self.card + self.book


def categories_of(session: Session, district_id: int, merchant_id: int, sale: Mapping[str, Any]) -> list[list[Any]]:
    """Of each line of a sale the 分類 that its article has now, pieces and yen; "" for what was typed."""
    numbers = {line[4] for line in sale["lines"]} - {None}
    mine = (Article.district_id == district_id, Article.merchant_id == merchant_id, Article.id.in_(numbers))
    names = {row.id: row.category for row in session.execute(select(Article.id, Article.category).where(*mine))} if numbers else {}
    return [[names.get(line[4], ""), *sums] for line, sums in zip(sale["lines"], by_line(sale), strict=True)]


def receipt_at(session: Session, district_id: int, merchant_id: int, till_id: int, serial: int) -> ReceiptRow:
    """One receipt of this shop. Raises ReceiptUnknown, also for another shop's."""
    row = session.get(TillReceipt, (district_id, till_id, serial))
    if row is None or row.merchant_id != merchant_id:
        raise ReceiptUnknown
    return as_receipt(row)


def receipt_numbered(session: Session, district_id: int, number: str) -> tuple[Shop, ReceiptRow]:
    """A shop and its receipt, by the whole number that is printed on it. Raises ShopUnknown, ReceiptUnknown."""
    public_number, till_id, *_rest = number.split("-")
    shop, serial = shop_by_number(session, district_id, public_number), serial_of(number)
    if serial is None:
        raise ReceiptUnknown
    return shop, receipt_at(session, district_id, shop.id, int(till_id), serial)


def receipts_beginning(
    session: Session, district_id: int, merchant_id: int, till_id: int, beginning: str, *, limit: int
) -> tuple[int, list[ReceiptRow]]:
    """How many receipts of a shop's till have a printed serial that begins so, and the newest of them. Those of a log are left out: they
    are named O1-…."""
    least = int(beginning or 0) * 10 ** (PRINTED_DIGITS - len(beginning))
    here = (TillReceipt.district_id == district_id, TillReceipt.till_id == till_id, TillReceipt.merchant_id == merchant_id)
    so = TillReceipt.serial.between(least, least + 10 ** (PRINTED_DIGITS - len(beginning)) - 1)
    count = session.scalar(select(func.count()).select_from(TillReceipt).where(*here, so)) or 0
    rows = session.scalars(select(TillReceipt).where(*here, so).order_by(TillReceipt.serial.desc()).limit(limit))
    return count, [as_receipt(row) for row in rows]


def receipt_of_payment(session: Session, district_id: int, transaction_id: int) -> ReceiptRow | None:
    """The receipt of a payment as it stands now, corrected or not, or the return slip of a refund, in local money; None where the till
    made none.

    For whoever has made sure that the payment is theirs to see.
    """
    query = select(TillReceipt).where(TillReceipt.district_id == district_id, TillReceipt.transaction_id == transaction_id)
    row = session.scalars(query).one_or_none()
    if row is None:  # one of several that it tells of
        other = session.get(ReceiptPayment, (district_id, transaction_id))
        row = None if other is None else session.get_one(TillReceipt, (district_id, other.till_id, other.serial))
    return None if row is None else as_it_stands(session, district_id, as_receipt(row))


def as_it_stands(session: Session, district_id: int, receipt: ReceiptRow) -> ReceiptRow:
    """A sale, or the last of those that were written down anew for it: each follows the return slip of the one before, on its till."""
    while receipt.kind == "sale":
        slips = returns_of(session, district_id, receipt.till_id, receipt.serial)
        slip = next((each for each in slips if "corrected" in each.content["of"]), None)
        if slip is None:
            break
        receipt = receipt_at(session, district_id, receipt.merchant_id, slip.till_id, slip.serial + 1)
    return receipt


def first_of(session: Session, district_id: int, sale: ReceiptRow) -> ReceiptRow:
    """The receipt with which this sale began: itself, or the wrong one that it stands for."""
    while wrong := sale.content.get("corrects"):
        sale = receipt_at(session, district_id, sale.merchant_id, wrong["till"], wrong["serial"])
    return sale


def payments_of(session: Session, district_id: int, receipt: ReceiptRow) -> list[int]:
    """The payments in the book that a receipt tells of, in the order in which they were paid; of a return slip its refunds. A corrected
    receipt tells of those of the first."""
    receipt = first_of(session, district_id, receipt)
    mine = (ReceiptPayment.district_id == district_id, ReceiptPayment.till_id == receipt.till_id, ReceiptPayment.serial == receipt.serial)
    others = session.scalars(select(ReceiptPayment.transaction_id).where(*mine).order_by(ReceiptPayment.transaction_id))
    return [*others, *([] if receipt.transaction_id is None else [receipt.transaction_id])]


def returns_of(session: Session, district_id: int, till_id: int, serial: int) -> list[ReceiptRow]:
    """What was given back of a sale, the oldest first."""
    query = (
        select(TillReceipt)
        .where(TillReceipt.district_id == district_id, TillReceipt.of_till == till_id, TillReceipt.of_serial == serial)
        .where(TillReceipt.kind == "return")
        .order_by(TillReceipt.made_at, TillReceipt.till_id, TillReceipt.serial)
    )
    return [as_receipt(row) for row in session.scalars(query)]


@dataclass(frozen=True, slots=True)
class CashOfReturns:
    """Yen that went back over the counter with goods, beside what refunds have noted. `still`: cash of the bill that has not."""

    given: int = 0
    still: int | None = None

    def left(self, noted: int) -> int:
        """What of the cash that a payment notes, less what refunds noted, can still be given back."""
        return noted if self.still is None else max(min(noted, self.still), 0)


def cash_of_returns(session: Session, district_id: int, transaction_id: int, noted: Mapping[int, int]) -> CashOfReturns:
    """Of a payment in local money whose bill was partly paid beside it. `noted`: each refund's cash, by its number in the book."""
    sale = receipt_of_payment(session, district_id, transaction_id)
    if sale is None:
        return CashOfReturns()
    slips = returns_of(session, district_id, sale.till_id, sale.serial)
    cash = sum(slip.cash - noted.get(slip.transaction_id or 0, 0) for slip in slips)
    return CashOfReturns(cash + sum(slip.card for slip in slips), sale.cash - cash - sum(noted.values()))


def given_by_correcting(session: Session, district_id: int, sale: ReceiptRow) -> int:
    """Yen that went back to the customer while this sale was written down anew, from its first receipt on; 0 where it costs more now."""
    return max(first_of(session, district_id, sale).total - sale.total, 0)


def left_of_receipt(sale: ReceiptRow, returns: Sequence[ReceiptRow]) -> list[tuple[int, int]]:
    """Of each line of a sale how many pieces and how many yen have not come back."""
    return left_of(sale.content, [each.content for each in returns])


def day_of(sale: ReceiptRow) -> date:
    """The Tokyo day of a sale: that of the receipt which this one stands for, where it does."""
    return tokyo_day(datetime.fromisoformat((sale.content.get("corrects") or sale.content)["at"]))


def receipts_of_day(session: Session, district_id: int, merchant_id: int, day: date) -> list[ReceiptRow]:
    """Receipts and return slips of a Tokyo day, the newest first."""
    since, until = day_bounds(day)
    query = (
        select(TillReceipt)
        .where(TillReceipt.district_id == district_id, TillReceipt.merchant_id == merchant_id)
        .where(TillReceipt.made_at >= since, TillReceipt.made_at < until)
        .order_by(TillReceipt.made_at.desc(), TillReceipt.serial.desc())
    )
    return [as_receipt(row) for row in session.scalars(query)]


def day_of_receipts(rows: Sequence[ReceiptRow]) -> DayOfReceipts:
    """The sums of these receipts; tax is added up as it was printed, never computed anew (invoice 37)."""
    signed = [(row, 1 if row.kind == "sale" else -1) for row in rows]
    by_rate: dict[int, list[int]] = {}
    for row, sign in signed:
        for rate, gross, tax, _net in row.content["by_rate"]:
            sums = by_rate.setdefault(rate, [0, 0])
            sums[0] += sign * gross
            sums[1] += sign * tax
    return DayOfReceipts(
        sales=sum(row.total for row, sign in signed if sign > 0),
        returns=sum(row.total for row, sign in signed if sign < 0),
        cash=sum(sign * row.cash for row, sign in signed),
        card=sum(sign * row.card for row, sign in signed),
        book=sum(sign * row.book for row, sign in signed),
        by_rate=tuple((rate, *by_rate[rate]) for rate in sorted(by_rate, reverse=True)),  # type: ignore[misc]
    )


def copies_of(session: Session, district_id: int, till_id: int, serial: int) -> list[ReceiptCopy]:
    """Which papers were made of a receipt, the oldest first."""
    query = (
        select(TillReceiptCopy)
        .where(TillReceiptCopy.district_id == district_id, TillReceiptCopy.till_id == till_id, TillReceiptCopy.serial == serial)
        .order_by(TillReceiptCopy.made_at, TillReceiptCopy.place)
    )
    return [ReceiptCopy(row.kind, row.place, row.addressee, row.purpose, row.made_at) for row in session.scalars(query)]


def beside(row: ReceiptRow, copies: Sequence[ReceiptCopy], copy: ReceiptCopy) -> str:
    """What the customer already had of this sale when this paper was made, so that nobody takes the two for two sales: `ryoshusho` before
    a レシート; `paper` or `data` (in the wallet) before a 領収書; else nothing."""
    others = [each for each in copies if each.kind != copy.kind and each.made_at < copy.made_at]
    if copy.kind == "paper":
        return "ryoshusho" if others else ""
    handed_over = others or row.serial > SERIES  # made without the network, and given to the customer there
    return "paper" if handed_over else "data" if row.book else ""


def held_bills(session: Session, district_id: int, merchant_id: int) -> list[HeldRow]:
    """What waits at this shop, the oldest first."""
    query = (
        select(HeldBill)
        .where(HeldBill.district_id == district_id, HeldBill.merchant_id == merchant_id, HeldBill.taken_at.is_(None))
        .order_by(HeldBill.held_at)
    )
    return [HeldRow(row.id, row.name, row.total, row.held_at) for row in session.scalars(query)]


def last_serial(session: Session, district_id: int, till_id: int) -> int:
    """The number of the last receipt that a till made with the network; 0 before the first."""
    mine = (TillReceipt.district_id == district_id, TillReceipt.till_id == till_id, TillReceipt.serial < SERIES)
    query = select(func.max(TillReceipt.serial)).where(*mine)
    return session.scalar(query) or 0


def as_receipt(row: TillReceipt) -> ReceiptRow:
    return ReceiptRow(**{name: getattr(row, name) for name in ReceiptRow.__slots__})
