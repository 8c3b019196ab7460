"""全銀の振込データ: its terms, bank days as the district knows them, and the file of a run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import jpholiday
from sqlalchemy import func, select
from sqlalchemy.orm import Session

import ledger.queries as book
from association.models import BankDay, TransferDownload, TransferFile, TransferLine, TransferTerms
from association.rules.bank_days import IsHoliday, next_bank_day, previous_bank_day
from association.rules.zengin import Band, Profile, Sender, bank_fee
from identity.commands import authorise
from identity.queries import Principal, nicknames

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Transfers:
    """振込データの設定 that hold: from where, and who bears what. Amounts in yen with tax."""

    version: int
    sender: Sender
    fee_bearer: str
    bands: tuple[Band, ...]
    minimum: int
    lead_days: int
    recall_bearer: str
    recall_fee: int
    profile: Profile
    set_at: datetime

    def fee(self, bank_code: str, branch_code: str, amount: int) -> int:
        """What a shop bears of a transfer."""
        if self.fee_bearer != "merchant":
            return 0
        return bank_fee(self.bands, (self.sender.bank_code, self.sender.branch_code), (bank_code, branch_code), amount)


@dataclass(frozen=True, slots=True)
class Correction:
    """A day that is, or is not, a holiday of the banks, whatever the calendar says."""

    day: date
    is_holiday: bool
    note: str


@dataclass(frozen=True, slots=True)
class Download:
    """Somebody took the file."""

    taken_at: datetime
    name: str | None


@dataclass(frozen=True, slots=True)
class FileRow:
    """The file of a run. `downloads`: the first one first."""

    run_id: int
    name: str
    sha256: str
    transfer_date: date
    count: int
    total: int
    made_at: datetime
    downloads: tuple[Download, ...]


@dataclass(frozen=True, slots=True)
class ProposedTransfers:
    """A version that was laid before a second person. `before`: what held when it was, None where nothing did."""

    proposal_id: int
    terms: Transfers
    set_by: int
    before: Transfers | None


def transfer_terms(session: Session, district_id: int, version: int | None = None) -> Transfers | None:
    """The version that holds now, or a given one; None before the first: shops are then paid by hand."""
    if version is not None:
        row = session.get(TransferTerms, (district_id, version))
        return None if row is None else _transfers(row)
    return _in_force(session, district_id, _versions(session, district_id))


def waiting_transfer_terms(session: Session, district_id: int) -> ProposedTransfers | None:
    """The version that waits for its second person. For doors that have asked already."""
    rows = _versions(session, district_id)
    decided = _outcomes(session, district_id, rows)
    row = next((each for each in rows if each.proposal_id is not None and each.proposal_id not in decided), None)
    return None if row is None else _proposed(session, row)


def proposed_transfer_terms(session: Session, who: Principal, proposal_id: int) -> ProposedTransfers | None:
    """What a proposal would change, beside what holds; None where it is about something else."""
    authorise(session, who, "association.read")
    mine = (TransferTerms.district_id == who.district_id, TransferTerms.proposal_id == proposal_id)
    row = session.scalars(select(TransferTerms).where(*mine)).one_or_none()
    return None if row is None else _proposed(session, row)


def _in_force(session: Session, district_id: int, rows: Sequence[TransferTerms]) -> Transfers | None:
    """Of these versions, the newest first, the first that nobody had to approve or somebody has."""
    approved = _outcomes(session, district_id, rows)
    return next((_transfers(row) for row in rows if row.proposal_id is None or approved.get(row.proposal_id)), None)


def _versions(session: Session, district_id: int) -> Sequence[TransferTerms]:
    return session.scalars(
        select(TransferTerms).where(TransferTerms.district_id == district_id).order_by(TransferTerms.version.desc())
    ).all()


def _outcomes(session: Session, district_id: int, rows: Sequence[TransferTerms]) -> Mapping[int, bool]:
    asked = [row.proposal_id for row in rows if row.proposal_id is not None]
    return book.outcomes(session, district_id, asked) if asked else {}


def _proposed(session: Session, row: TransferTerms) -> ProposedTransfers:
    assert row.proposal_id is not None, row
    earlier = [each for each in _versions(session, row.district_id) if each.version < row.version]
    return ProposedTransfers(row.proposal_id, _transfers(row), row.set_by, _in_force(session, row.district_id, earlier))


def _transfers(row: TransferTerms) -> Transfers:
    return Transfers(
        version=row.version,
        sender=Sender(row.bank_code, row.bank_name, row.branch_code, row.branch_name, row.kind, row.number, row.name, row.code),
        fee_bearer=row.fee_bearer,
        bands=tuple(Band(*band) for band in row.bands),
        minimum=row.minimum,
        lead_days=row.lead_days,
        recall_bearer=row.recall_bearer,
        recall_fee=row.recall_fee,
        profile=Profile(b"\r\n" if row.eol == "crlf" else b"", row.eof),
        set_at=row.set_at,
    )


def corrections(session: Session, district_id: int) -> list[Correction]:
    """What was corrected, the last word of each day, by day."""
    rows = session.scalars(select(BankDay).where(BankDay.district_id == district_id).order_by(BankDay.id))
    newest = {row.day: Correction(row.day, row.is_holiday, row.note) for row in rows}
    return [newest[day] for day in sorted(newest)]


def holidays(session: Session, district_id: int) -> IsHoliday:
    """National holidays from the calendar, as the district has corrected them (23)."""
    known: Mapping[date, bool] = {each.day: each.is_holiday for each in corrections(session, district_id)}

    def is_holiday(day: date) -> bool:
        return known[day] if day in known else bool(jpholiday.is_holiday(day))

    return is_holiday


def send_by(pays_on: date, lead_days: int, is_holiday: IsHoliday) -> date:
    """By when the bank must have the file (25)."""
    day = pays_on
    for _ in range(lead_days):
        day = previous_bank_day(day - DAY, is_holiday)
    return day


def soonest_transfer(pays_on: date, today: date, lead_days: int, is_holiday: IsHoliday) -> date:
    """The first bank day from the run's pay day on for which the bank can still have the file in time (25): of a run that is late, not
    simply the next one."""
    day = next_bank_day(max(pays_on, today), is_holiday)
    while send_by(day, lead_days, is_holiday) < today:
        day = next_bank_day(day + DAY, is_holiday)
    return day


def transfer_file(session: Session, who: Principal, run_id: int) -> FileRow | None:
    """The file of a run, once it is written. Without its bytes: those are taken by `commands.take_transfer_file`."""
    authorise(session, who, "association.read")
    row = session.get(TransferFile, (who.district_id, run_id))
    if row is None:
        return None
    mine = (TransferDownload.district_id == who.district_id, TransferDownload.run_id == run_id)
    taken = session.scalars(select(TransferDownload).where(*mine).order_by(TransferDownload.id)).all()
    names = nicknames(session, who.district_id, {each.taken_by for each in taken}) if taken else {}
    downloads = tuple(Download(each.taken_at, names.get(each.taken_by)) for each in taken)
    return FileRow(run_id, row.name, row.sha256, row.transfer_date, row.count, row.total, row.made_at, downloads)


def paid_accounts(session: Session, district_id: int) -> frozenset[int]:
    """Accounts of shops to which a file has transferred before."""
    query = select(func.unnest(TransferLine.accounts)).where(TransferLine.district_id == district_id).distinct()
    return frozenset(session.scalars(query))
