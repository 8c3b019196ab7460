"""銀行照合: take in what the bank says, and say which entries of the book it is. Nothing here edits the book."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from hashlib import sha256

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

import ledger.queries as read
from association.errors import (
    BankAmountMissing,
    BankAmountUnreadable,
    BankColumnMissing,
    BankDateUnreadable,
    BankDraftUnknown,
    BankFileMissing,
    BankFileNoTable,
    BankFileTooLarge,
    BankFileUnreadable,
    MatchEmpty,
    MatchItemUnknown,
    MatchTaken,
    MatchUneven,
    MatchUnknown,
)
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
from association.queries.bank import as_json, bank_account, columns_of, kept_lines, live_matches
from association.queries.reconciliation import ROLE
from association.rules.bank_file import LINES_MAX, Columns, FileLine, lines_of, new_lines, table_of
from base.clock import tokyo_day
from base.db import atomic
from base.errors import MeguriError
from base.row_file import FileWrong
from base.yen import grouped
from identity.commands import authorise
from identity.queries import Principal
from identity.retention import BANK_FILES

BANK_LOCK = 6_500
"""First key of the advisory lock under which a district's bank lines and matches are added."""


@dataclass(frozen=True, slots=True)
class NewBankFile:
    """A file of an account that is known (`account_id`), or of one that is named for the first time."""

    account_id: int | None
    account_name: str
    file_name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a file: it was read (`upload_id`), or waits for its columns (`file_id`)."""

    upload_id: int | None
    file_id: int | None


@dataclass(frozen=True, slots=True)
class Group:
    """Lines of the bank and transactions of the book that belong together."""

    lines: tuple[int, ...]
    entries: tuple[int, ...]


def take_bank_file(session: Session, who: Principal, new: NewBankFile, *, now: datetime) -> Taken:
    """Read a file with the columns that its account's last one had, where they fit; else keep it until they are chosen.

    Lines that are kept already are not kept again. Of a file that is refused nothing is kept.
    Raises BankAccountUnknown, BankFileMissing, BankFileTooLarge, BankFileUnreadable, BankFileNoTable, and as `read_bank_file`.
    """
    assert who.person_id is not None, who
    with atomic(session):
        authorise(session, who, "association.upload_bank", subject="bank_file")
        table = _readable(new.content)
        _alone(session, who.district_id)
        account_id = _account(session, who, new, now)
        _forget_files(session, who)
        columns = columns_of(session, who.district_id, account_id)
        if columns is not None and columns.fit(table):
            return Taken(_keep(session, who, account_id, new.file_name, new.content, table, columns, now), None)
        waiting = BankFile(
            district_id=who.district_id,
            account_id=account_id,
            name=new.file_name,
            content=new.content,
            made_by=who.person_id,
            made_at=now,
        )
        session.add(waiting)
        session.flush()
        return Taken(None, waiting.id)


def read_bank_file(session: Session, who: Principal, file_id: int, columns: Columns, *, now: datetime) -> int:
    """Read a waiting file by these columns, remember them for its account, and give the upload's number.

    Raises BankDraftUnknown, BankColumnMissing, BankDateUnreadable, BankAmountUnreadable, BankAmountMissing, BankFileMissing.
    """
    assert who.person_id is not None, who
    with atomic(session):
        authorise(session, who, "association.upload_bank", subject=f"bank_file:{file_id}")
        _alone(session, who.district_id)
        waiting = session.get(BankFile, (who.district_id, file_id))
        if waiting is None or waiting.made_by != who.person_id:
            raise BankDraftUnknown
        table = _readable(waiting.content)
        names = tuple(table[columns.head - 1]) if 0 < columns.head <= len(table) else ()
        chosen = replace(columns, names=names)
        upload_id = _keep(session, who, waiting.account_id, waiting.name, waiting.content, table, chosen, now)
        if columns_of(session, who.district_id, waiting.account_id) != chosen:
            _remember(session, who, waiting.account_id, chosen, now)
        session.delete(waiting)
        return upload_id


def sweep_bank_files(session: Session, *, now: datetime) -> None:
    """Throw away files whose columns nobody has chosen in a day. To be run each hour."""
    with atomic(session):
        session.execute(delete(BankFile).where(BankFile.made_at < now - BANK_FILES))


def note_balance(session: Session, who: Principal, account_id: int, day: date, balance: int, *, now: datetime) -> None:
    """Write down what the bank book says for the end of a day, where the files have no balances. Raises BankAccountUnknown."""
    assert who.person_id is not None, who
    with atomic(session):
        authorise(session, who, "association.upload_bank", subject=f"bank_balance:{account_id}:{day}")
        bank_account(session, who.district_id, account_id)
        session.add(
            BankBalance(district_id=who.district_id, account_id=account_id, day=day, balance=balance, made_by=who.person_id, made_at=now)
        )


def match_bank(session: Session, who: Principal, groups: Sequence[Group], *, now: datetime) -> list[int]:
    """Say that each group belongs together: all of them or none. Gives the numbers of the matches; a repeat gives the same.

    Raises MatchEmpty, MatchItemUnknown, MatchTaken, MatchUneven.
    """
    assert who.person_id is not None, who
    with atomic(session):
        authorise(session, who, "association.match_bank", subject=f"groups:{len(groups)}")
        _alone(session, who.district_id)
        live = live_matches(session, who.district_id)
        amounts = {
            line.id: line.amount for line in kept_lines(session, who.district_id, ids={each for group in groups for each in group.lines})
        }
        booked = {each.transaction_id: each.amount for each in read.role_entries(session, who.district_id, ROLE)}
        made = []
        for group in groups:
            lines, entries = set(group.lines), set(group.entries)
            if len(lines) + len(entries) < 2:
                raise MatchEmpty
            if not (lines <= amounts.keys() and entries <= booked.keys()):
                raise MatchItemUnknown
            before = {live.lines.get(line) for line in lines} | {live.entries.get(entry) for entry in entries}
            if before != {None}:
                made.append(_same(before, lines, entries, live.lines, live.entries))
                continue
            bank, there = sum(amounts[line] for line in lines), sum(booked[entry] for entry in entries)
            if bank != there:
                raise MatchUneven(bank=grouped(bank), book=grouped(there))
            number = match(session, who, lines, entries, now)
            live.lines.update(dict.fromkeys(lines, number))
            live.entries.update(dict.fromkeys(entries, number))
            made.append(number)
        return made


def set_aside(session: Session, who: Principal, lines: Sequence[int], *, reason: str, now: datetime) -> list[int]:
    """この帳簿の外: say that lines of the bank belong to something else that the association does. Gives a match for each.

    Raises MatchEmpty, MatchItemUnknown, MatchTaken.
    """
    assert who.person_id is not None, who
    with atomic(session):
        authorise(session, who, "association.match_bank", subject=f"outside:{len(lines)}")
        _alone(session, who.district_id)
        live, chosen = live_matches(session, who.district_id), set(lines)
        if not chosen:
            raise MatchEmpty
        if {line.id for line in kept_lines(session, who.district_id, ids=chosen)} != chosen:
            raise MatchItemUnknown
        if chosen & live.lines.keys():
            raise MatchTaken
        return [match(session, who, {line}, set(), now, outside=reason) for line in sorted(chosen)]


def undo_match(session: Session, who: Principal, match_id: int, *, reason: str, now: datetime) -> None:
    """外す: what the match held is open again; that it was there, who undid it and why stays. Raises MatchUnknown."""
    assert who.person_id is not None, who
    with atomic(session):
        authorise(session, who, "association.match_bank", subject=f"undo:{match_id}")
        _alone(session, who.district_id)
        key = (who.district_id, match_id)
        if session.get(BankMatch, key) is None or session.get(BankUnmatch, key) is not None:
            raise MatchUnknown
        session.add(BankUnmatch(district_id=who.district_id, match_id=match_id, undone_by=who.person_id, undone_at=now, reason=reason))


def _alone(session: Session, district_id: int) -> None:
    """One at a time in a district, so that no line is kept twice and none is in two matches."""
    session.execute(select(func.pg_advisory_xact_lock(BANK_LOCK, district_id)))


def _readable(content: bytes) -> list[list[str]]:
    try:
        return table_of(content)
    except FileWrong as wrong:
        raise _refusal(wrong, None) from wrong


def _refusal(wrong: FileWrong, columns: Columns | None) -> MeguriError:
    """In the words of the desk, naming line, column and what stands there."""
    name = columns.name(wrong.column) if columns else ""
    place = {"line": wrong.line, "column": wrong.column, "name": name or "—"}
    match wrong.reason:
        case "missing":
            return BankFileMissing()
        case "large":
            return BankFileTooLarge(lines=grouped(LINES_MAX))
        case "unreadable":
            return BankFileUnreadable(line=wrong.line)
        case "table":
            return BankFileNoTable(line=wrong.line)
        case "column":
            return BankColumnMissing(**place)
        case "date":
            return BankDateUnreadable(**place, cell=wrong.cell)
        case "amount":
            return BankAmountUnreadable(**place, cell=wrong.cell)
    return BankAmountMissing(**place)


def _account(session: Session, who: Principal, new: NewBankFile, now: datetime) -> int:
    """The account that is meant; one of this name that is not there yet is added. Raises BankAccountUnknown."""
    if new.account_id is not None:
        return bank_account(session, who.district_id, new.account_id).id
    mine = (BankAccount.district_id == who.district_id, BankAccount.name == new.account_name)
    known = session.scalar(select(BankAccount).where(*mine))
    if known is None:
        assert who.person_id is not None
        known = BankAccount(district_id=who.district_id, name=new.account_name, made_by=who.person_id, made_at=now)
        session.add(known)
        session.flush()
    return known.id


def _forget_files(session: Session, who: Principal) -> None:
    """Files of this person that still wait: another one is sent."""
    session.execute(delete(BankFile).where(BankFile.district_id == who.district_id, BankFile.made_by == who.person_id))


def _keep(
    session: Session,
    who: Principal,
    account_id: int,
    name: str,
    content: bytes,
    table: Sequence[Sequence[str]],
    columns: Columns,
    now: datetime,
) -> int:
    """Keep the movements that are new, under a row that says what the file was."""
    assert who.person_id is not None
    try:
        sent, _still = lines_of(table, columns, today=tokyo_day(now))
    except FileWrong as wrong:
        raise _refusal(wrong, columns) from wrong
    kept = kept_lines(session, who.district_id, account_id=account_id)
    known = [FileLine(line.day, line.amount, line.about, line.balance) for line in kept]
    fresh = new_lines(known, sent)
    upload = BankUpload(
        district_id=who.district_id,
        account_id=account_id,
        name=name,
        content_hash=sha256(content).digest(),
        lines=len(sent),
        added=len(fresh),
        first_day=min(line.day for line in sent),
        last_day=max(line.day for line in sent),
        made_by=who.person_id,
        made_at=now,
    )
    session.add(upload)
    session.flush()
    many = Counter((line.day, line.amount, line.about) for line in known)
    for line in fresh:
        same = (line.day, line.amount, line.about)
        many[same] += 1
        session.add(
            BankLine(
                district_id=who.district_id,
                account_id=account_id,
                upload_id=upload.id,
                day=line.day,
                amount=line.amount,
                about=line.about,
                balance=line.balance,
                nth=many[same],
            )
        )
    session.flush()
    return upload.id


def _remember(session: Session, who: Principal, account_id: int, columns: Columns, now: datetime) -> None:
    assert who.person_id is not None
    mine = (BankColumns.district_id == who.district_id, BankColumns.account_id == account_id)
    version = (session.scalar(select(func.max(BankColumns.version)).where(*mine)) or 0) + 1
    session.add(
        BankColumns(
            district_id=who.district_id,
            account_id=account_id,
            version=version,
            columns=as_json(columns),
            set_by=who.person_id,
            set_at=now,
        )
    )


def _same(before: set[int | None], lines: set[int], entries: set[int], of_lines: dict[int, int], of_entries: dict[int, int]) -> int:
    """The match that holds exactly these already. Raises MatchTaken where it is another."""
    (number, *others) = before
    held = {line for line, match in of_lines.items() if match == number}, {entry for entry, match in of_entries.items() if match == number}
    if number is None or others or held != (lines, entries):
        raise MatchTaken
    return number


def match(session: Session, who: Principal, lines: set[int], entries: set[int], now: datetime, *, outside: str = "") -> int:
    """For doors that hold the lock and have looked that nothing of it is in a match. Gives its number."""
    assert who.person_id is not None
    match = BankMatch(district_id=who.district_id, outside=outside, made_by=who.person_id, made_at=now)
    session.add(match)
    session.flush()
    session.add_all(BankMatchLine(district_id=who.district_id, match_id=match.id, line_id=line) for line in sorted(lines))
    session.add_all(BankMatchEntry(district_id=who.district_id, match_id=match.id, transaction_id=entry) for entry in sorted(entries))
    session.flush()
    return match.id
