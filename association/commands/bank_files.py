"""The bank's files: taken, read, kept for a while, forgotten."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from hashlib import sha256

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from association.commands.bank import NewBankFile, Taken, alone_at_the_bank, bank_account_of
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
)
from association.models import (
    BankColumns,
    BankFile,
    BankLine,
    BankUpload,
)
from association.queries.bank import as_json, columns_of, kept_lines
from association.rules.bank_file import LINES_MAX, Columns, FileLine, lines_of, new_lines, table_of
from base.clock import tokyo_day
from base.db import atomic
from base.errors import MeguriError
from base.row_file import FileWrong
from base.yen import grouped
from identity.commands import authorise
from identity.queries import Principal
from identity.retention import BANK_FILES


def take_bank_file(session: Session, who: Principal, new: NewBankFile, *, now: datetime) -> Taken:
    """Read a file with the columns that its account's last one had, where they fit; else keep it until they are chosen.

    Lines that are kept already are not kept again. Of a file that is refused nothing is kept.
    Raises BankAccountUnknown, BankFileMissing, BankFileTooLarge, BankFileUnreadable, BankFileNoTable, and as `read_bank_file`.
    """
    assert who.person_id is not None, who
    with atomic(session):
        authorise(session, who, "association.upload_bank", subject="bank_file")
        table = _readable(new.content)
        alone_at_the_bank(session, who.district_id)
        account_id = bank_account_of(session, who, new, now)
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
        alone_at_the_bank(session, who.district_id)
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
