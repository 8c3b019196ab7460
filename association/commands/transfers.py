"""全銀の振込データ: the terms of the sending account, and the one file of a run, whose bytes never change."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

import ledger.commands as book
from association.commands.settlement import alone
from association.errors import (
    TransferDateWrong,
    TransferFileUnknown,
    TransfersNotReady,
    TransfersUneven,
    TransfersWrong,
    TransferTermsMissing,
    TransferTermsWait,
)
from association.models import BankDay, TransferDownload, TransferFile, TransferLine, TransferTerms
from association.queries.bank_details import opened
from association.queries.settlement import Run, RunLine, Transfers, holidays, run_of, transfer_terms, waiting_transfer_terms
from association.queries.settlement.transfers import paid_accounts
from association.rules import add_months
from association.rules.bank_days import is_bank_day
from association.rules.zengin import Account, Band, Sender, Transfer, ZenginWrong, faults, masked, parse, written
from association.rules.zengin.files import ENCODING
from base.clock import tokyo_day
from base.db import atomic
from base.errors import N_
from base.yen import grouped
from identity.commands import authorise
from identity.queries import Principal
from identity.vault import vault

PURPOSE = "transfer_terms"
AHEAD_MONTHS = 11
"""The file says month and day only (26)."""
FAULTS = {
    "bad_bank_code": N_("銀行コード"),
    "bad_branch_code": N_("支店コード"),
    "bad_account_type": N_("口座の種類"),
    "bad_account_number": N_("口座番号"),
    "bad_amount": N_("金額"),
    "bad_customer_code": N_("お店の番号"),
    "unsupported_character": N_("名義の文字"),
    "empty_name": N_("名義がない"),
    "name_differs": N_("同じ口座の店と名義が違う"),
}


@dataclass(frozen=True, slots=True)
class NewTransferTerms:
    """From where shops are paid, and who bears what the bank takes; amounts in yen with tax. Bearers: association or merchant."""

    sender: Sender
    fee_bearer: str
    bands: tuple[Band, ...]
    minimum: int
    lead_days: int
    recall_bearer: str
    recall_fee: int
    has_line_ends: bool
    has_end_mark: bool


@dataclass(frozen=True, slots=True)
class TakenFile:
    """The bytes, the same each time. `nth`: how many times they have been taken, this one included."""

    name: str
    content: bytes
    nth: int


@dataclass(frozen=True, slots=True)
class _Record:
    """One data record: the lines of the run that it pays."""

    lines: tuple[RunLine, ...]
    transfer: Transfer


def propose_transfer_terms(session: Session, who: Principal, new: NewTransferTerms, *, now: datetime) -> int:
    """Lay the next version before a second person, and give the proposal's number. Approved, it holds for runs that are put forward from
    then on: whoever changes from where money goes is never alone.

    The same content once more, while it waits, is the same proposal. Raises TransferTermsWait for another.
    """
    assert who.person_id is not None, who
    with atomic(session):
        authorise(session, who, "association.propose_transfer_terms", subject=f"transfer_terms:{masked(new.sender.account_number)}")
        alone(session, who.district_id)
        waiting = waiting_transfer_terms(session, who.district_id)
        if waiting is not None:
            if waiting.set_by != who.person_id or _as_proposed(waiting.terms) != new:
                raise TransferTermsWait
            return waiting.proposal_id
        last = session.scalar(select(func.max(TransferTerms.version)).where(TransferTerms.district_id == who.district_id))
        version, sender = (last or 0) + 1, new.sender
        facts: dict[str, book.Fact] = {
            "transfer_terms": version,
            "bank": f"{sender.bank_name or sender.bank_code} {sender.branch_name or sender.branch_code}",
            "ending": masked(sender.account_number)[-3:],
        }
        proposal_id = book.propose(session, who.district_id, who.person_id, PURPOSE, [], facts=facts)
        session.add(
            TransferTerms(
                district_id=who.district_id,
                version=version,
                code=sender.code,
                name=sender.name,
                bank_code=sender.bank_code,
                bank_name=sender.bank_name,
                branch_code=sender.branch_code,
                branch_name=sender.branch_name,
                kind=sender.account_type,
                number=sender.account_number,
                fee_bearer=new.fee_bearer,
                bands=[[band.from_yen, band.same_branch, band.same_bank, band.other] for band in new.bands],
                minimum=new.minimum,
                lead_days=new.lead_days,
                recall_bearer=new.recall_bearer,
                recall_fee=new.recall_fee,
                eol="crlf" if new.has_line_ends else "none",
                eof=new.has_end_mark,
                proposal_id=proposal_id,
                set_by=who.person_id,
                set_at=now,
            )
        )
        return proposal_id


def _as_proposed(terms: Transfers) -> NewTransferTerms:
    same = ("sender", "fee_bearer", "bands", "minimum", "lead_days", "recall_bearer", "recall_fee")
    fields = {name: getattr(terms, name) for name in same}
    return NewTransferTerms(**fields, has_line_ends=bool(terms.profile.eol), has_end_mark=terms.profile.eof)


def correct_bank_day(session: Session, who: Principal, day: date, *, is_holiday: bool, note: str, now: datetime) -> None:
    """Say that a day is, or is not, a holiday of the banks. Pay days of runs that were put forward stay."""
    assert who.person_id is not None, who
    with atomic(session):
        authorise(session, who, "association.set_settlement_terms", subject=f"bank_day:{day}")
        session.add(BankDay(district_id=who.district_id, day=day, is_holiday=is_holiday, note=note, set_by=who.person_id, set_at=now))


def write_transfer_file(session: Session, who: Principal, run_id: int, transfer_date: date, *, now: datetime) -> str:
    """Write the file of a run that is booked whole, and give its name. Written once, it is given again whatever the date.

    Count and sum are read back from the bytes and compared with what the run's transactions put on the way in the book; only then is
    it kept. All shops that cannot stand in it are named at once.
    Raises RunUnknown, TransferTermsMissing, TransfersNotReady, TransferDateWrong, TransfersWrong, TransfersUneven: nothing is kept.
    """
    assert who.person_id is not None, who
    with atomic(session):
        authorise(session, who, "association.write_transfers", subject=f"run:{run_id}")
        alone(session, who.district_id)
        kept = session.get(TransferFile, (who.district_id, run_id))
        if kept is not None:
            return kept.name
        run = run_of(session, who.district_id, run_id)
        terms = None if run.transfer_version is None else transfer_terms(session, who.district_id, run.transfer_version)
        if terms is None:
            raise TransferTermsMissing
        if run.state != "settled" or not run.to_pay:
            raise TransfersNotReady
        today = tokyo_day(now)
        if not today <= transfer_date <= add_months(today, AHEAD_MONTHS) or not is_bank_day(
            transfer_date, holidays(session, who.district_id)
        ):
            raise TransferDateWrong
        records = _records(session, who.district_id, run)
        content = _content(run, terms, transfer_date, records)
        row = TransferFile(
            district_id=who.district_id,
            run_id=run_id,
            name=f"SOUFURI_{transfer_date:%Y%m%d}_{run_id}.txt",
            sealed=vault(session).seal(content.decode(ENCODING), "transfer file", who.district_id, run_id),
            sha256=hashlib.sha256(content).hexdigest(),
            transfer_date=transfer_date,
            count=len(records),
            total=sum(record.transfer.amount for record in records),
            made_by=who.person_id,
            made_at=now,
        )
        session.add(row)
        session.flush()
        session.add_all(_row(who.district_id, run_id, place, record) for place, record in enumerate(records, 1))
        return row.name


def take_transfer_file(session: Session, who: Principal, run_id: int, *, now: datetime) -> TakenFile:
    """The bytes as they were written; who takes them is written down, each time. Raises TransferFileUnknown."""
    assert who.person_id is not None, who
    with atomic(session):
        authorise(session, who, "association.write_transfers", subject=f"file:{run_id}")
        alone(session, who.district_id)
        row = session.get(TransferFile, (who.district_id, run_id))
        if row is None:
            raise TransferFileUnknown
        content = vault(session).unseal(row.sealed, "transfer file", who.district_id, run_id).encode(ENCODING)
        assert hashlib.sha256(content).hexdigest() == row.sha256, run_id
        session.add(TransferDownload(district_id=who.district_id, run_id=run_id, taken_by=who.person_id, taken_at=now))
        session.flush()
        mine = (TransferDownload.district_id == who.district_id, TransferDownload.run_id == run_id)
        return TakenFile(row.name, content, session.scalar(select(func.count()).select_from(TransferDownload).where(*mine)) or 0)


def _records(session: Session, district_id: int, run: Run) -> list[_Record]:
    """One for each bank account, in the order of the run. Raises TransfersWrong."""
    accounts = opened(session, district_id, {line.account_id for line in run.to_pay if line.account_id is not None})
    paid = paid_accounts(session, district_id)
    earlier_shops = _paid_shops(session, district_id)
    groups: dict[tuple[str, str, str, str], list[tuple[RunLine, Account]]] = {}
    for line in run.to_pay:
        assert line.account_id is not None, line
        account = accounts[line.account_id]
        groups.setdefault(account.place, []).append((line, account))
    records, wrong = [], []
    for group in groups.values():
        (first, account), *others = group
        if any(other.holder != account.holder for _line, other in others):
            wrong += [(line, "name_differs") for line, _account in group]
        is_new = first.account_id not in paid
        transfer = Transfer(
            bank_code=account.bank_code,
            bank_name=account.bank_name,
            branch_code=account.branch_code,
            branch_name=account.branch_name,
            account_type=account.kind,
            account_number=account.number,
            name=account.holder,
            amount=sum(line.yen("net") for line, _account in group),
            customer_code1="" if first.shop is None else first.shop.public_number,
            customer_code2=str(run.id)[-10:],
            new_code="0" if not is_new else "2" if first.merchant_id in earlier_shops else "1",
        )
        records.append(_Record(tuple(line for line, _account in group), transfer))
    wrong += [(records[fault.transfer or 0].lines[0], fault.code) for fault in faults([record.transfer for record in records])]
    if wrong:
        raise TransfersWrong(shops="、".join(f"{line.facts['payee']}（{FAULTS[code]}）" for line, code in wrong))
    return records


def _paid_shops(session: Session, district_id: int) -> frozenset[int]:
    query = select(func.unnest(TransferLine.shops)).where(TransferLine.district_id == district_id).distinct()
    return frozenset(session.scalars(query))


def _content(run: Run, terms: Transfers, transfer_date: date, records: Sequence[_Record]) -> bytes:
    """The bytes, read back. Raises TransfersWrong, TransfersUneven."""
    try:
        content = written(terms.sender, transfer_date, [record.transfer for record in records], terms.profile).content
        read = parse(content)
    except ZenginWrong as error:
        raise TransfersWrong(shops=f"{terms.sender.name}（{FAULTS.get(error.code, error.code)}）") from error
    on_the_way = sum(line.transit for line in run.to_pay)
    if (read.total, len(read.transfers)) != (on_the_way, len(records)):
        raise TransfersUneven(file=grouped(read.total), book=grouped(on_the_way))
    return content


def _row(district_id: int, run_id: int, place: int, record: _Record) -> TransferLine:
    return TransferLine(
        district_id=district_id,
        run_id=run_id,
        place=place,
        shops=[line.merchant_id for line in record.lines],
        accounts=[line.account_id for line in record.lines],
        amount=record.transfer.amount,
        fee=sum(line.yen("transfer_fee") for line in record.lines),
    )
