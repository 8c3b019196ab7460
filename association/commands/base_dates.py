"""基準日: a report is made once and kept as it was; what secures it is registered, and ended, with the certificate."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from hashlib import sha256

from sqlalchemy import func, select
from sqlalchemy.orm import Session

import ledger.queries as read
from association.errors import (
    BaseDateWrong,
    EvidenceTooLarge,
    EvidenceWrong,
    LogBehind,
    SecurityEnded,
    SecurityUnknown,
    SpecialDatesWrong,
    UnspentDiffers,
)
from association.models import BaseDateReport, DepositSecurity, DepositSecurityEnd, EvidenceFile, SpecialBaseDates
from association.queries.base_dates import figures_on
from association.queries.securities import special_settings
from association.rules.evidence import FILE_MAX_BYTES, media_type
from base.clock import day_bounds
from base.db import atomic
from base.yen import grouped
from identity.commands import authorise
from identity.queries import Principal

DEPOSIT_LOCK = 6_700
"""First key of the advisory lock under which a district's reports, securities and base dates are written."""


@dataclass(frozen=True, slots=True)
class NewEvidence:
    """A file that somebody chose."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class NewSecurity:
    """供託 (`deposit`), 保全契約 (`guarantee`) or 信託契約 (`trust`). Yen; days in Tokyo, both included; no last day: no end."""

    kind: str
    amount: int
    counterparty: str
    certificate: str
    first_day: date
    last_day: date | None
    evidence: NewEvidence | None


def freeze_report(session: Session, who: Principal, day: date, *, now: datetime) -> None:
    """確定する: keep the figures of a base date with the checkpoint and the last journal number that they were computed from.

    Once; a repeat changes nothing. Raises BaseDateWrong, UnspentDiffers, LogBehind.
    """
    assert who.person_id is not None, who
    with atomic(session):
        authorise(session, who, "association.freeze_report", subject=f"base-date:{day}")
        _alone(session, who.district_id)
        if session.get(BaseDateReport, (who.district_id, day)) is not None:
            return
        figures = figures_on(session, who.district_id, day, now=now)
        if figures.difference:
            raise UnspentDiffers(difference=grouped(figures.difference))
        size, root, last = _sealed(session, who.district_id, day)
        session.add(
            BaseDateReport(
                district_id=who.district_id,
                base_date=day,
                figures=figures.as_json(),
                log_size=size,
                log_root=root,
                last_transaction=last,
                made_by=who.person_id,
                made_at=now,
            )
        )


def _sealed(session: Session, district_id: int, day: date) -> tuple[int, bytes, int]:
    """(size, root, last journal number): a signed checkpoint over everything up to the end of the base date."""
    end = day_bounds(day)[1]
    last, signed = read.last_before(session, district_id, end), read.newest_checkpoint(session, district_id)
    if last is None:
        raise BaseDateWrong
    if signed is None or last[1] is None or last[1] >= signed.size:
        raise LogBehind
    if read.unsealed(session, district_id, since=end - timedelta(days=1), until=end):
        raise LogBehind
    return signed.size, signed.root, last[0]


def register_security(session: Session, who: Principal, new: NewSecurity, *, now: datetime) -> int:
    """Write down what secures holders' money, and give its number; the same once more gives the same number.

    Raises EvidenceWrong, EvidenceTooLarge.
    """
    assert who.person_id is not None, who
    with atomic(session):
        authorise(session, who, "association.register_security", subject="security:new")
        _alone(session, who.district_id)
        known = session.scalars(
            select(DepositSecurity.id)
            .outerjoin(
                DepositSecurityEnd,
                (DepositSecurityEnd.district_id == DepositSecurity.district_id) & (DepositSecurityEnd.security_id == DepositSecurity.id),
            )
            .where(
                DepositSecurity.district_id == who.district_id,
                DepositSecurityEnd.security_id.is_(None),
                DepositSecurity.kind == new.kind,
                DepositSecurity.certificate == new.certificate,
                DepositSecurity.amount == new.amount,
                DepositSecurity.first_day == new.first_day,
            )
        ).first()
        if known is not None:
            return known
        row = DepositSecurity(
            district_id=who.district_id,
            kind=new.kind,
            amount=new.amount,
            counterparty=new.counterparty,
            certificate=new.certificate,
            first_day=new.first_day,
            last_day=new.last_day,
            evidence_id=None if new.evidence is None else keep_evidence(session, who, new.evidence, now),
            made_by=who.person_id,
            made_at=now,
        )
        session.add(row)
        session.flush()
        return row.id


def keep_evidence(session: Session, who: Principal, new: NewEvidence, now: datetime) -> int:
    """Keep a file as it is, with its hash, and give its number. Raises EvidenceWrong, EvidenceTooLarge."""
    kind = media_type(new.content)
    if kind is None:
        raise EvidenceWrong
    if len(new.content) > FILE_MAX_BYTES:
        raise EvidenceTooLarge
    file = EvidenceFile(
        district_id=who.district_id,
        name=new.name,
        media_type=kind,
        content=new.content,
        sha256=sha256(new.content).digest(),
        made_by=who.person_id,
        made_at=now,
    )
    session.add(file)
    session.flush()
    return file.id


def end_security(session: Session, who: Principal, security_id: int, last_day: date, *, reason: str, now: datetime) -> None:
    """It held until `last_day`; before its first day: it never did. Raises SecurityUnknown, SecurityEnded."""
    assert who.person_id is not None, who
    with atomic(session):
        authorise(session, who, "association.register_security", subject=f"security:{security_id}")
        _alone(session, who.district_id)
        key = (who.district_id, security_id)
        if session.get(DepositSecurity, key) is None:
            raise SecurityUnknown
        if session.get(DepositSecurityEnd, key) is not None:
            raise SecurityEnded
        session.add(
            DepositSecurityEnd(
                district_id=who.district_id,
                security_id=security_id,
                last_day=last_day,
                reason=reason,
                made_by=who.person_id,
                made_at=now,
            )
        )


def set_special_dates(session: Session, who: Principal, *, is_special: bool, filed_on: date, holds_from: date, now: datetime) -> None:
    """特例基準日: from a day on there are four base dates, or two again; each setting begins after the one before.

    Raises SpecialDatesWrong.
    """
    assert who.person_id is not None, who
    with atomic(session):
        authorise(session, who, "association.set_base_dates", subject=f"special:{is_special}:{holds_from}")
        _alone(session, who.district_id)
        settings = special_settings(session, who.district_id)
        last = settings[-1] if settings else None
        if filed_on > holds_from or is_special == (last.is_special if last else False) or (last and last.holds_from >= holds_from):
            raise SpecialDatesWrong
        session.add(
            SpecialBaseDates(
                district_id=who.district_id,
                version=len(settings) + 1,
                holds_from=holds_from,
                is_special=is_special,
                filed_on=filed_on,
                set_by=who.person_id,
                set_at=now,
            )
        )


def _alone(session: Session, district_id: int) -> None:
    session.execute(select(func.pg_advisory_xact_lock(DEPOSIT_LOCK, district_id)))
