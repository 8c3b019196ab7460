"""帳簿: the journal with both sides, and the trial balance at any moment."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy.orm import Session

import ledger.queries as book
import merchant.queries
from association.errors import JournalTooLong
from association.queries.codes import batch_names
from association.queries.listed_coupons import payers_by_account
from association.queries.points import point_payers
from association.queries.vouchers import premium_payers
from association.rules.journal_pieces import Piece, pieces
from base.clock import day_bounds, tokyo_day
from base.yen import grouped
from identity.commands import authorise
from identity.queries import Principal, nicknames
from ledger.errors import TransactionUnknown
from ledger.queries import KindTotal, Transaction, TransactionLine, TrialRow, Wanted

PAGE = 20
CSV_PIECE = 500
FILE_MAX = 30_000
"""Transactions in one file of the journal: some seconds of work. Who needs more takes it in pieces."""
HELD = "coupon_held"
"""What the books call the pieces that consumers hold: they are no deposits."""
SHOPS = ("payable", "agent", "in_transit")
"""Roles whose owner is a shop."""


@dataclass(frozen=True, slots=True)
class Search:
    """What somebody looks for in the journal. Days in Tokyo, both included; from `least` to `most` yen, both included, stand on one
    of the lines or move in all; one of the accounts is in `series`, one is the shop's."""

    first: date | None = None
    last: date | None = None
    kind: str | None = None
    least: int | None = None
    most: int | None = None
    number: int | None = None
    series: int | None = None
    shop: int | None = None


@dataclass(frozen=True, slots=True)
class Called:
    """A name as its two readers read it; `name_en` is empty where there is no other."""

    name: str
    name_en: str = ""


@dataclass(frozen=True, slots=True)
class JournalLine:
    """One side of a transaction. `whose`: shop, clerk, funder or batch of codes by name; consumers stay unnamed.

    One of the two sides is 0. Yen; `counts_pieces`: pieces of the coupon, or units of the voucher campaign, that `series` names.
    """

    role: str
    whose: Called | None
    series: Called | None
    debit: int
    credit: int
    counts_pieces: bool


@dataclass(frozen=True, slots=True)
class JournalRow:
    """仕訳 as the books page and its CSV show it."""

    transaction: Transaction
    lines: tuple[JournalLine, ...]


@dataclass(frozen=True, slots=True)
class JournalPage:
    """`before`: the id to go on from, None at the end. `total`: of the whole search, of today where nothing is searched for;
    None where an amount or a shop is."""

    rows: list[JournalRow]
    before: int | None
    total: KindTotal | None


@dataclass(frozen=True, slots=True)
class Trial:
    """残高試算表 at `at` (None: now), in yen. `difference` is 0 as long as the book is whole."""

    at: datetime | None
    rows: list[TrialRow]
    debit: int
    credit: int

    @property
    def difference(self) -> int:
        return self.debit - self.credit


def journal_page(session: Session, who: Principal, search: Search, *, before: int | None = None, now: datetime) -> JournalPage:
    """What was found, newest first, a page at a time."""
    authorise(session, who, "association.read")
    if search.number is not None:
        return JournalPage(_named(session, who.district_id, _numbered(session, who.district_id, search.number)), None, None)
    found = _found(session, who.district_id, search, before=before, limit=PAGE + 1)
    page = found[:PAGE]
    more = page[-1].id if len(found) > PAGE else None
    return JournalPage(_named(session, who.district_id, page), more, _total(session, who.district_id, search, now))


def journal_pieces(session: Session, who: Principal, search: Search) -> list[Piece]:
    """Days by which a search is taken out in files, newest first; none where one file holds it all, or where it is one day.

    A search by shop or amount finds few, and how few is known only when they are read.
    """
    authorise(session, who, "association.read")
    if (search.least, search.most, search.shop, search.number) != (None, None, None, None):
        return []
    days = book.day_counts(
        session, who.district_id, search.first or date.min, search.last or date.max, kind=search.kind, series_id=search.series or 0
    )
    found = pieces(days, FILE_MAX) if sum(days.values()) > FILE_MAX else []
    return found[::-1] if len(found) > 1 else []


def journal_rows(session: Session, who: Principal, search: Search) -> Iterator[JournalRow]:
    """Everything that was found, newest first, read in pieces: for the CSV. Raises JournalTooLong before or while it is read."""
    if journal_pieces(session, who, search):
        raise JournalTooLong(most=grouped(FILE_MAX))
    if search.number is not None:
        yield from _named(session, who.district_id, _numbered(session, who.district_id, search.number))
        return
    before: int | None = None
    is_counted, read = (search.least, search.most, search.shop) == (None, None, None), 0
    while True:
        if read > FILE_MAX and not is_counted:
            raise JournalTooLong(most=grouped(FILE_MAX))
        piece = _found(session, who.district_id, search, before=before, limit=CSV_PIECE)
        yield from _named(session, who.district_id, piece)
        if len(piece) < CSV_PIECE:
            return
        read += len(piece)
        before = piece[-1].id


def trial(session: Session, who: Principal, *, at: datetime | None = None) -> Trial:
    """Every account role with what stands on it, the zero ones left out."""
    authorise(session, who, "association.read")
    rows = [row for row in book.trial_balance(session, who.district_id, at=at) if row.unit == 0 and (row.debit or row.credit)]
    return Trial(at, rows, sum(row.debit for row in rows), sum(row.credit for row in rows))


def _found(session: Session, district_id: int, search: Search, *, before: int | None, limit: int) -> list[Transaction]:
    wanted = Wanted(
        since=None if search.first is None else day_bounds(search.first)[0],
        until=None if search.last is None else day_bounds(search.last)[1],
        kinds=None if search.kind is None else [search.kind],
        least=search.least,
        most=search.most,
        series_id=search.series,
        account_ids=None if search.shop is None else _accounts_of_shop(session, district_id, search.shop),
        below=before,
    )
    return book.journal(session, district_id, wanted, limit=limit)


def _accounts_of_shop(session: Session, district_id: int, shop_id: int) -> list[int]:
    return [account for role in SHOPS for account in book.account_ids(session, district_id, role, shop_id)]


def _numbered(session: Session, district_id: int, number: int) -> list[Transaction]:
    try:
        return [book.transaction(session, district_id, number)]
    except TransactionUnknown:
        return []


def _total(session: Session, district_id: int, search: Search, now: datetime) -> KindTotal | None:
    if (search.least, search.most, search.shop) != (None, None, None):
        return None
    if search == Search():
        search = Search(first=tokyo_day(now))
    days = book.day_totals(session, district_id, search.first or date.min, search.last or date.max, series_id=search.series or 0)
    wanted = [total for day in days.values() for kind, total in day.items() if search.kind in (None, kind)]
    return KindTotal(sum(total.count for total in wanted), sum(total.amount for total in wanted))


def _named(session: Session, district_id: int, transactions: list[Transaction]) -> list[JournalRow]:
    return list(map(JournalRow, transactions, named_lines(session, district_id, [each.lines for each in transactions])))


def named_lines(session: Session, district_id: int, groups: Sequence[Sequence[TransactionLine]]) -> list[tuple[JournalLine, ...]]:
    """Each group's lines as people read them: debit above credit, shops and clerks by name. For doors that have asked already."""
    lines = [line for group in groups for line in group]
    shop_ids = {line.owner_id for line in lines if line.role in SHOPS}
    clerk_ids = {line.owner_id for line in lines if line.role == "drawer"}
    batch_ids = {line.owner_id for line in lines if line.role == "top_up_code"}
    names: dict[tuple[str, int], Called] = {}
    if shop_ids:
        shops = merchant.queries.shops(session, district_id, ids=list(shop_ids))
        names |= {(role, shop.id): Called(shop.name, shop.name_en) for shop in shops for role in SHOPS}
    if clerk_ids:
        names |= {("drawer", person_id): Called(name) for person_id, name in nicknames(session, district_id, clerk_ids).items()}
    bearers = [line.account_id for line in lines if line.role in ("promotion", "funder")]
    payers = _payers(session, district_id, bearers) if bearers else {}
    if batch_ids:
        names |= {("top_up_code", number): Called(name) for number, name in batch_names(session, district_id, sorted(batch_ids)).items()}
    series = {one.id: Called(one.name, one.name_en) for one in book.series(session, district_id)} if lines else {}
    return [
        tuple(
            JournalLine(
                role=HELD if line.unit and line.role == "consumer" else line.role,
                whose=names.get((line.role, line.owner_id)) or payers.get(line.account_id, (None, None))[0],
                series=series.get(line.series_id) or payers.get(line.account_id, (None, None))[1],
                debit=max(line.amount, 0),
                credit=max(-line.amount, 0),
                counts_pieces=line.unit != 0,
            )
            for line in sorted(_stock_as_one(group), key=lambda line: (line.amount < 0, line.account_id))
        )
        for group in groups
    ]


def _payers(session: Session, district_id: int, account_ids: Sequence[int]) -> dict[int, tuple[Called | None, Called]]:
    """The funder (None: the association) and the coupon of accounts of promotion and funder."""
    found: dict[int, tuple[str | None, str, str]] = {}
    for names in (payers_by_account, premium_payers, point_payers):
        found |= names(session, district_id, account_ids)
    return {
        account_id: (Called(funder) if funder else None, Called(name, name_en)) for account_id, (funder, name, name_en) in found.items()
    }


def _stock_as_one(lines: Sequence[TransactionLine]) -> list[TransactionLine]:
    """The shards of a coupon's stock are one stock to whoever reads the books."""
    stock = [line for line in lines if line.role == "coupon_stock"]
    others = [line for line in lines if line.role != "coupon_stock"]
    return [*others, replace(stock[0], amount=sum(line.amount for line in stock))] if stock else others
