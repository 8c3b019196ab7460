"""銀行照合: accounts at banks, files that wait for their columns, what is kept of them, and what is matched."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from association.errors import BankAccountUnknown, BankDraftUnknown
from association.models import (
    BankAccount,
    BankBalance,
    BankColumns,
    BankFile,
    BankLine,
    BankMatch,
    BankMatchEntry,
    BankMatchLine,
    BankUnmatch,
    BankUpload,
)
from association.rules.bank_file import Columns, guess, in_order, table_of
from identity.commands import authorise
from identity.queries import Principal, nicknames

MATCHES_SHOWN = 200


@dataclass(frozen=True, slots=True)
class BankAccountRow:
    """An account at a bank. `lines`: how many are kept; `last_day`: of the newest of them."""

    id: int
    name: str
    lines: int
    last_day: date | None
    read_at: datetime | None


@dataclass(frozen=True, slots=True)
class KeptLine:
    """A line of the bank as it is kept. Yen, + came in; `balance` after it, where the bank says so."""

    id: int
    account_id: int
    day: date
    amount: int
    about: str
    balance: int | None


@dataclass(frozen=True, slots=True)
class WaitingFile:
    """A file whose columns are to be chosen. `table`: its cells; `columns`: what they were before, or probably are."""

    id: int
    account: BankAccountRow
    name: str
    table: list[list[str]]
    columns: Columns


@dataclass(frozen=True, slots=True)
class ReadFile:
    """A file that was read: `lines` movements, of which `added` were new."""

    id: int
    account_name: str
    name: str
    lines: int
    added: int
    first_day: date
    last_day: date
    reader_name: str | None
    made_at: datetime


@dataclass(frozen=True, slots=True)
class Matched:
    """組み合わせ: lines of the bank that are entries of the book. `undone_at` None: it holds. `amount`: yen of the lines.

    `outside`: why its lines belong to no entry of this book; empty otherwise.
    """

    id: int
    made_at: datetime
    maker_name: str | None
    lines: tuple[KeptLine, ...]
    entries: tuple[int, ...]
    outside: str
    undone_at: datetime | None
    undoer_name: str | None
    reason: str

    @property
    def amount(self) -> int:
        return sum(line.amount for line in self.lines)


@dataclass(frozen=True, slots=True)
class Live:
    """What is matched now: line → match, transaction → match."""

    lines: dict[int, int]
    entries: dict[int, int]


def bank_accounts(session: Session, who: Principal) -> list[BankAccountRow]:
    """Every account at a bank, in the order in which they were named."""
    authorise(session, who, "association.read")
    return accounts_of(session, who.district_id)


def accounts_of(session: Session, district_id: int) -> list[BankAccountRow]:
    """For doors that have asked already."""
    kept = {
        row.account_id: row
        for row in session.execute(
            select(BankLine.account_id, func.count().label("lines"), func.max(BankLine.day).label("last_day"))
            .where(BankLine.district_id == district_id)
            .group_by(BankLine.account_id)
        )
    }
    read = select(BankUpload.account_id, func.max(BankUpload.made_at)).where(BankUpload.district_id == district_id)
    read_at: dict[int, datetime] = {row[0]: row[1] for row in session.execute(read.group_by(BankUpload.account_id))}
    rows = session.scalars(select(BankAccount).where(BankAccount.district_id == district_id).order_by(BankAccount.id))
    return [
        BankAccountRow(
            row.id, row.name, kept[row.id].lines if row.id in kept else 0, kept[row.id].last_day if row.id in kept else None,
            read_at.get(row.id),
        )
        for row in rows
    ]  # fmt: skip


def bank_account(session: Session, district_id: int, account_id: int) -> BankAccountRow:
    """For doors that have asked already. Raises BankAccountUnknown."""
    found = next((each for each in accounts_of(session, district_id) if each.id == account_id), None)
    if found is None:
        raise BankAccountUnknown
    return found


def columns_of(session: Session, district_id: int, account_id: int) -> Columns | None:
    """Which columns were chosen last for this account's files. For doors that have asked already."""
    mine = (BankColumns.district_id == district_id, BankColumns.account_id == account_id)
    found = session.scalar(select(BankColumns.columns).where(*mine).order_by(BankColumns.version.desc()).limit(1))
    return None if found is None else from_json(found)


def as_json(columns: Columns) -> dict[str, Any]:
    """As they are stored."""
    return asdict(columns)


def from_json(stored: dict[str, Any]) -> Columns:
    """The same back."""
    return Columns(**stored | {"names": tuple(stored["names"]), "about": tuple(stored["about"])})


def waiting_file(session: Session, who: Principal, file_id: int) -> WaitingFile:
    """A file with its first lines, to whoever sent it. Raises BankDraftUnknown."""
    authorise(session, who, "association.upload_bank", subject=f"bank_file:{file_id}")
    row = session.get(BankFile, (who.district_id, file_id))
    if row is None or row.made_by != who.person_id:
        raise BankDraftUnknown
    table = table_of(row.content)
    account = bank_account(session, who.district_id, row.account_id)
    return WaitingFile(row.id, account, row.name, table, columns_of(session, who.district_id, row.account_id) or guess(table))


def read_files(session: Session, who: Principal, *, limit: int = 20) -> list[ReadFile]:
    """What was read, the newest first."""
    authorise(session, who, "association.read")
    query = (
        select(BankUpload, BankAccount.name)
        .join(BankAccount, (BankAccount.district_id == BankUpload.district_id) & (BankAccount.id == BankUpload.account_id))
        .where(BankUpload.district_id == who.district_id)
        .order_by(BankUpload.id.desc())
        .limit(limit)
    )
    rows = session.execute(query).all()
    names = nicknames(session, who.district_id, {row.made_by for row, _ in rows}) if rows else {}
    return [
        ReadFile(row.id, name, row.name, row.lines, row.added, row.first_day, row.last_day, names.get(row.made_by), row.made_at)
        for row, name in rows
    ]


def kept_lines(session: Session, district_id: int, *, account_id: int | None = None, ids: Collection[int] | None = None) -> list[KeptLine]:
    """What is kept, oldest first; within a day as the balances follow each other. For doors that have asked already."""
    query = select(BankLine).where(BankLine.district_id == district_id).order_by(BankLine.account_id, BankLine.day, BankLine.id)
    if account_id is not None:
        query = query.where(BankLine.account_id == account_id)
    if ids is not None:
        query = query.where(BankLine.id.in_(ids))
    by_account: dict[int, list[KeptLine]] = defaultdict(list)
    for row in session.scalars(query):
        by_account[row.account_id].append(KeptLine(row.id, row.account_id, row.day, row.amount, row.about, row.balance))
    return [line for lines in by_account.values() for line in in_order(lines)]


def noted_balances(session: Session, district_id: int) -> dict[int, dict[date, int]]:
    """Account → day → what somebody read off the bank book, the last word of each day. For doors that have asked already."""
    noted: dict[int, dict[date, int]] = defaultdict(dict)
    for row in session.scalars(select(BankBalance).where(BankBalance.district_id == district_id).order_by(BankBalance.id)):
        noted[row.account_id][row.day] = row.balance
    return noted


def live_matches(session: Session, district_id: int) -> Live:
    """What is matched and was not undone. For doors that have asked already."""
    undone = select(BankUnmatch.match_id).where(BankUnmatch.district_id == district_id)
    lines = select(BankMatchLine.line_id, BankMatchLine.match_id).where(
        BankMatchLine.district_id == district_id, BankMatchLine.match_id.not_in(undone)
    )
    entries = select(BankMatchEntry.transaction_id, BankMatchEntry.match_id).where(
        BankMatchEntry.district_id == district_id, BankMatchEntry.match_id.not_in(undone)
    )
    return Live({row[0]: row[1] for row in session.execute(lines)}, {row[0]: row[1] for row in session.execute(entries)})


def matches(session: Session, who: Principal, *, limit: int | None = MATCHES_SHOWN) -> list[Matched]:
    """Every match, the newest first, those that were undone as well; `limit` None: all of them."""
    authorise(session, who, "association.read_books", subject="bank-matches")
    query = (
        select(BankMatch, BankUnmatch)
        .outerjoin(BankUnmatch, (BankUnmatch.district_id == BankMatch.district_id) & (BankUnmatch.match_id == BankMatch.id))
        .where(BankMatch.district_id == who.district_id)
        .order_by(BankMatch.id.desc())
        .limit(limit)
    )
    found = session.execute(query).all()
    ids = [row.id for row, _ in found]
    of_lines = select(BankMatchLine.match_id, BankMatchLine.line_id).where(
        BankMatchLine.district_id == who.district_id, BankMatchLine.match_id.in_(ids)
    )
    of_entries = select(BankMatchEntry.match_id, BankMatchEntry.transaction_id).where(
        BankMatchEntry.district_id == who.district_id, BankMatchEntry.match_id.in_(ids)
    )
    lines: dict[int, list[KeptLine]] = defaultdict(list)
    pairs = [(row[0], row[1]) for row in session.execute(of_lines)]
    kept = {line.id: line for line in kept_lines(session, who.district_id, ids={line_id for _, line_id in pairs})}
    for match_id, line_id in pairs:
        lines[match_id].append(kept[line_id])
    entries: dict[int, list[int]] = defaultdict(list)
    for match_id, transaction_id in session.execute(of_entries):
        entries[match_id].append(transaction_id)
    people = {row.made_by for row, _ in found} | {undone.undone_by for _, undone in found if undone}
    names = nicknames(session, who.district_id, people) if people else {}
    return [
        Matched(
            id=row.id,
            made_at=row.made_at,
            maker_name=names.get(row.made_by),
            lines=tuple(lines[row.id]),
            entries=tuple(sorted(entries[row.id])),
            outside=row.outside,
            undone_at=undone.undone_at if undone else None,
            undoer_name=names.get(undone.undone_by) if undone else None,
            reason=undone.reason if undone else "",
        )
        for row, undone in found
    ]
