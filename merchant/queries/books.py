"""For the shop's accountant: receipts as a journal, consumption tax by rate, and the search that electronic books must have."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select, text, tuple_
from sqlalchemy.orm import Session

from base.clock import day_bounds, tokyo_day
from base.journal_file import Voucher
from merchant.models import TillReceipt, TillReceiptCopy
from merchant.rules.books import Sold, vouchers
from merchant.rules.slip import serial_of, till_of

PIECE = 1_000
"""Receipts that are fetched at once."""
WORDS = {"sale": "売上", "return": "返品"}
"""As 摘要 says it."""

TAX_BY_RATE = text(
    "SELECT (part->>0)::int AS rate, sum((part->>1)::bigint) FILTER (WHERE kind = 'sale') AS sold,"
    " sum((part->>2)::bigint) FILTER (WHERE kind = 'sale') AS sold_tax, sum((part->>1)::bigint) FILTER (WHERE kind = 'return') AS back,"
    " sum((part->>2)::bigint) FILTER (WHERE kind = 'return') AS back_tax"
    " FROM till_receipt, jsonb_array_elements(content->'by_rate') AS part"
    " WHERE district_id = :district_id AND merchant_id = :merchant_id AND made_at >= :since AND made_at < :until GROUP BY 1 ORDER BY 1 DESC"
)

# Added up where they lie, in one statement, so that a receipt that comes meanwhile is in both sums or in neither: two years are 200,000
# receipts, and at most 1,460 vouchers. The first sum reads an index alone (`sums_of_receipts`).
BY_DAY = text("""
    WITH means AS (
        SELECT CAST(made_at AT TIME ZONE 'Asia/Tokyo' AS date) AS day, kind, count(*) AS receipts,
               sum(cash)::bigint AS cash, sum(card)::bigint AS card, sum(book)::bigint AS book
          FROM till_receipt
         WHERE district_id = :district_id AND merchant_id = :merchant_id AND made_at >= :since AND made_at < :until
         GROUP BY 1, 2
    ), rates AS (
        SELECT CAST(made_at AT TIME ZONE 'Asia/Tokyo' AS date) AS day, kind, part->0 AS rate,
               sum((part->>1)::bigint)::bigint AS gross, sum((part->>2)::bigint)::bigint AS tax
          FROM till_receipt, jsonb_array_elements(content->'by_rate') AS part
         WHERE district_id = :district_id AND merchant_id = :merchant_id AND made_at >= :since AND made_at < :until
         GROUP BY 1, 2, 3
    )
    SELECT day, kind, receipts, cash, card, book, jsonb_agg(jsonb_build_array(rate, gross, tax)) AS by_rate
      FROM means JOIN rates USING (day, kind)
     GROUP BY day, kind, receipts, cash, card, book
     ORDER BY day, kind DESC  -- sales, then returns
""")


@dataclass(frozen=True, slots=True)
class RateRow:
    """What was sold and given back at a rate (percent), in yen with tax, and the tax of each as it was printed."""

    rate: int
    sold: int
    sold_tax: int
    back: int
    back_tax: int

    @property
    def gross(self) -> int:
        return self.sold - self.back

    @property
    def tax(self) -> int:
        return self.sold_tax - self.back_tax


@dataclass(frozen=True, slots=True)
class ReceiptSearch:
    """What is looked for: days of Tokyo (both included), yen from … to …, `means` (cash, card or coin), and `words`: a part of a
    領収書's addressee, or the serial of a receipt or its number. None and empty: anything."""

    first: date | None = None
    last: date | None = None
    least: int | None = None
    most: int | None = None
    means: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True)
class FoundReceipt:
    """One that was found. `addressees`: of its 領収書. Yen; of a return slip what was given back."""

    till_id: int
    serial: int
    kind: str
    made_at: datetime
    number: str
    total: int
    tax: int
    cash: int
    card: int
    book: int
    paid: tuple[str, ...]
    addressees: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FoundSums:
    """Of everything that a search finds: how many, and yen of sales and of what was given back."""

    count: int
    sold: int
    back: int


def tax_by_rate(session: Session, district_id: int, merchant_id: int, first: date, last: date) -> list[RateRow]:
    """Consumption tax of these days, the highest rate first; printed tax is added up, never computed anew (invoice 37)."""
    place = _days_of_shop(district_id, merchant_id, first, last)
    return [RateRow(rate, *(int(each or 0) for each in sums)) for rate, *sums in session.execute(TAX_BY_RATE, place)]


def sales_journal(session: Session, district_id: int, merchant_id: int, first: date, last: date, *, daily: bool) -> Iterator[Voucher]:
    """The receipts of these days as vouchers, the oldest first: one each, or one a day for what was sold and one for what came back."""
    return vouchers((_days if daily else _receipts)(session, district_id, merchant_id, first, last))


def _receipts(session: Session, district_id: int, merchant_id: int, first: date, last: date) -> Iterator[Sold]:
    """Piece by piece."""
    query = (
        select(
            TillReceipt.made_at,
            TillReceipt.kind,
            TillReceipt.cash,
            TillReceipt.card,
            TillReceipt.book,
            TillReceipt.content["number"].astext.label("number"),
            TillReceipt.content["by_rate"].label("by_rate"),
        )
        .where(TillReceipt.district_id == district_id, TillReceipt.merchant_id == merchant_id)
        .where(TillReceipt.made_at >= day_bounds(first)[0], TillReceipt.made_at < day_bounds(last)[1])
        .order_by(TillReceipt.made_at, TillReceipt.till_id, TillReceipt.serial)
    )
    for row in session.execute(query.execution_options(yield_per=PIECE)):
        by_rate = tuple((rate, gross, tax) for rate, gross, tax, _net in row.by_rate)
        about = f"{WORDS[row.kind]} {row.number}"
        yield Sold(tokyo_day(row.made_at), about, row.kind == "return", row.cash, row.card, row.book, by_rate)


def _days(session: Session, district_id: int, merchant_id: int, first: date, last: date) -> Iterator[Sold]:
    for row in session.execute(BY_DAY, _days_of_shop(district_id, merchant_id, first, last)):
        about = f"{row.day.month}月{row.day.day}日の{WORDS[row.kind]} {row.receipts}件"
        by_rate = tuple((rate, gross, tax) for rate, gross, tax in row.by_rate)
        yield Sold(row.day, about, row.kind == "return", row.cash, row.card, row.book, by_rate)


def _days_of_shop(district_id: int, merchant_id: int, first: date, last: date) -> dict[str, Any]:
    return {"district_id": district_id, "merchant_id": merchant_id, "since": day_bounds(first)[0], "until": day_bounds(last)[1]}


def found_receipts(
    session: Session, district_id: int, merchant_id: int, search: ReceiptSearch, *, limit: int | None = None
) -> Iterator[FoundReceipt]:
    """What a search finds, the newest first."""
    query = select(TillReceipt).where(*_conditions(district_id, merchant_id, search))
    query = query.order_by(TillReceipt.made_at.desc(), TillReceipt.till_id, TillReceipt.serial.desc()).limit(limit)
    for piece in session.scalars(query.execution_options(yield_per=PIECE)).partitions():
        names = _addressees(session, district_id, piece)
        for row in piece:
            yield FoundReceipt(
                row.till_id,
                row.serial,
                row.kind,
                row.made_at,
                str(row.content["number"]),
                row.total,
                row.tax,
                row.cash,
                row.card,
                row.book,
                tuple(dict.fromkeys(_word(each) for each in row.content["paid"])),
                tuple(names.get((row.till_id, row.serial), ())),
            )


def found_sums(session: Session, district_id: int, merchant_id: int, search: ReceiptSearch) -> FoundSums:
    """Of all that a search finds, whatever the page shows."""
    sold = func.coalesce(func.sum(TillReceipt.total).filter(TillReceipt.kind == "sale"), 0)
    back = func.coalesce(func.sum(TillReceipt.total).filter(TillReceipt.kind == "return"), 0)
    query = select(func.count(), sold, back).where(*_conditions(district_id, merchant_id, search))
    return FoundSums(*(int(each) for each in session.execute(query).one()))


def _conditions(district_id: int, merchant_id: int, search: ReceiptSearch) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = [TillReceipt.district_id == district_id, TillReceipt.merchant_id == merchant_id]
    if search.first is not None:
        found.append(TillReceipt.made_at >= day_bounds(search.first)[0])
    if search.last is not None:
        found.append(TillReceipt.made_at < day_bounds(search.last)[1])
    if search.least is not None:
        found.append(TillReceipt.total >= search.least)
    if search.most is not None:
        found.append(TillReceipt.total <= search.most)
    if search.means:
        found.append({"cash": TillReceipt.cash, "card": TillReceipt.card, "coin": TillReceipt.book}[search.means] > 0)
    if search.words:
        found.append(_has(district_id, search.words))
    return found


def _has(district_id: int, words: str) -> ColumnElement[bool]:
    """By whom a 領収書 names, or by the serial at the end of a receipt's number, of every till unless the number is whole: these stand in
    an index, what a receipt says does not."""
    part = "%" + words.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
    named = select(TillReceiptCopy.till_id, TillReceiptCopy.serial).where(
        TillReceiptCopy.district_id == district_id, TillReceiptCopy.addressee != "", TillReceiptCopy.addressee.ilike(part)
    )
    found = tuple_(TillReceipt.till_id, TillReceipt.serial).in_(named)
    serial, till_id = serial_of(words), till_of(words)
    if serial is None:
        return found
    numbered = TillReceipt.serial == serial
    return or_(found, numbered if till_id is None else and_(numbered, TillReceipt.till_id == till_id))


def _word(paid: dict[str, Any]) -> str:
    return {"cash": "現金", "card": "カード・その他"}.get(paid["kind"], "") or str(paid["name"])


def _addressees(session: Session, district_id: int, piece: Sequence[TillReceipt]) -> dict[tuple[int, int], list[str]]:
    """宛名 of the 領収書 that were made of these receipts."""
    tills, serials = {row.till_id for row in piece}, {row.serial for row in piece}
    query = select(TillReceiptCopy.till_id, TillReceiptCopy.serial, TillReceiptCopy.addressee).where(
        TillReceiptCopy.district_id == district_id,
        TillReceiptCopy.till_id.in_(tills),
        TillReceiptCopy.serial.in_(serials),
        TillReceiptCopy.addressee != "",
    )
    found: dict[tuple[int, int], list[str]] = {}
    for till_id, serial, name in session.execute(query.order_by(TillReceiptCopy.place)):
        names = found.setdefault((till_id, serial), [])
        if name not in names:
            names.append(name)
    return found
