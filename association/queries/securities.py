"""供託・保全契約・信託契約: what secures the holders' money, on any day; and from when special base dates hold."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from association.errors import SecurityUnknown
from association.models import DepositSecurity, DepositSecurityEnd, EvidenceFile, SpecialBaseDates
from association.rules.deposit import SpecialOn
from identity.commands import authorise
from identity.queries import Principal, nicknames


@dataclass(frozen=True, slots=True)
class Security:
    """One of them. `last_day` None: until further notice; before `first_day`: a mistake. `evidence`: the name of its file."""

    id: int
    kind: str
    amount: int
    counterparty: str
    certificate: str
    first_day: date
    last_day: date | None
    evidence: str | None
    sha256: bytes | None
    made_by_name: str | None
    made_at: datetime
    end_reason: str | None

    def in_force(self, day: date) -> bool:
        return self.first_day <= day and (self.last_day is None or day <= self.last_day)


@dataclass(frozen=True, slots=True)
class Evidence:
    """A file as it was handed in."""

    name: str
    media_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class SpecialSetting:
    """From `holds_from` on there are four base dates (`is_special`), or two again."""

    holds_from: date
    is_special: bool
    filed_on: date


def securities(session: Session, district_id: int) -> list[Security]:
    """All there ever were, the oldest first."""
    query = (
        select(DepositSecurity, DepositSecurityEnd, EvidenceFile.name, EvidenceFile.sha256)
        .outerjoin(
            DepositSecurityEnd,
            (DepositSecurityEnd.district_id == DepositSecurity.district_id) & (DepositSecurityEnd.security_id == DepositSecurity.id),
        )
        .outerjoin(
            EvidenceFile, (EvidenceFile.district_id == DepositSecurity.district_id) & (EvidenceFile.id == DepositSecurity.evidence_id)
        )
        .where(DepositSecurity.district_id == district_id)
        .order_by(DepositSecurity.first_day, DepositSecurity.id)
    )
    rows = session.execute(query).all()
    names = nicknames(session, district_id, {row[0].made_by for row in rows}) if rows else {}
    return [
        Security(
            id=one.id,
            kind=one.kind,
            amount=one.amount,
            counterparty=one.counterparty,
            certificate=one.certificate,
            first_day=one.first_day,
            last_day=one.last_day if end is None else end.last_day,
            evidence=name,
            sha256=sha256,
            made_by_name=names.get(one.made_by),
            made_at=one.made_at,
            end_reason=None if end is None else end.reason,
        )
        for one, end, name, sha256 in rows
    ]


def secured_on(session: Session, district_id: int, day: date) -> int:
    """The sum in yen of what is in force on a day (payment-law 13)."""
    return sum(each.amount for each in securities(session, district_id) if each.in_force(day))


def security_file(session: Session, who: Principal, security_id: int) -> Evidence:
    """The certificate as it was handed in. Raises SecurityUnknown."""
    authorise(session, who, "association.read_books", subject=f"security:{security_id}")
    one = session.get(DepositSecurity, (who.district_id, security_id))
    if one is None or one.evidence_id is None:
        raise SecurityUnknown
    file = session.get_one(EvidenceFile, (who.district_id, one.evidence_id))
    return Evidence(file.name, file.media_type, file.content)


def special_settings(session: Session, district_id: int) -> list[SpecialSetting]:
    """特例基準日: every setting, the oldest first; each begins after the one before."""
    query = select(SpecialBaseDates).where(SpecialBaseDates.district_id == district_id).order_by(SpecialBaseDates.version)
    return [SpecialSetting(row.holds_from, row.is_special, row.filed_on) for row in session.scalars(query)]


def special_on(session: Session, district_id: int) -> SpecialOn:
    """Whether special base dates held on a day."""
    settings = special_settings(session, district_id)

    def held(day: date) -> bool:
        return next((each.is_special for each in reversed(settings) if each.holds_from <= day), False)

    return held
