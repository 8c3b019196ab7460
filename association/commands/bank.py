"""銀行照合: take in what the bank says, and say which entries of the book it is. Nothing here edits the book."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

import ledger.queries as read
from association.errors import (
    MatchEmpty,
    MatchItemUnknown,
    MatchTaken,
    MatchUneven,
    MatchUnknown,
)
from association.models import (
    BankAccount,
    BankBalance,
    BankMatch,
    BankMatchEntry,
    BankMatchLine,
    BankUnmatch,
)
from association.queries.bank import bank_account, kept_lines, live_matches
from association.queries.reconciliation import ROLE
from base.db import atomic
from base.yen import grouped
from identity.commands import authorise
from identity.queries import Principal

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
        alone_at_the_bank(session, who.district_id)
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
        alone_at_the_bank(session, who.district_id)
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
        alone_at_the_bank(session, who.district_id)
        key = (who.district_id, match_id)
        if session.get(BankMatch, key) is None or session.get(BankUnmatch, key) is not None:
            raise MatchUnknown
        session.add(BankUnmatch(district_id=who.district_id, match_id=match_id, undone_by=who.person_id, undone_at=now, reason=reason))


def alone_at_the_bank(session: Session, district_id: int) -> None:
    """One at a time in a district, so that no line is kept twice and none is in two matches."""
    session.execute(select(func.pg_advisory_xact_lock(BANK_LOCK, district_id)))


def bank_account_of(session: Session, who: Principal, new: NewBankFile, now: datetime) -> int:
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
