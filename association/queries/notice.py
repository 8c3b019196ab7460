"""The statements to users that hold now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from association.errors import NoticeMissing, NoticeVersionUnknown
from association.models import IssuerNotice


@dataclass(frozen=True, slots=True)
class PublishedNotice:
    """資金決済法に基づく表示, one version of it."""

    version: int
    published_at: datetime
    issuer_name: str
    public_body: bool
    registration_number: str | None
    registered_on: date | None
    address: str
    contact: str
    places: str
    cautions: str
    terms: str
    security: str
    loss_policy: str
    english: dict[str, str]

    def loss_policy_in(self, language: str) -> str:
        """What is made good after a loss, for readers of "en" in English where it was written so."""
        return (self.english.get("loss_policy") if language == "en" else None) or self.loss_policy


@dataclass(frozen=True, slots=True)
class NoticeVersion:
    """That a version was published, and when."""

    version: int
    published_at: datetime


def current_notice(session: Session, district_id: int) -> PublishedNotice | None:
    """The newest version, or None before the first."""
    query = select(IssuerNotice).where(IssuerNotice.district_id == district_id).order_by(IssuerNotice.version.desc()).limit(1)
    row = session.scalars(query).one_or_none()
    return None if row is None else _published(row)


def notice_version(session: Session, district_id: int, version: int) -> PublishedNotice:
    """One version, as a top-up may have been sold under it. Raises NoticeVersionUnknown."""
    row = session.get(IssuerNotice, (district_id, version))
    if row is None:
        raise NoticeVersionUnknown
    return _published(row)


def notice_versions(session: Session, district_id: int) -> list[NoticeVersion]:
    """All of them, the newest first."""
    rows = session.execute(
        select(IssuerNotice.version, IssuerNotice.published_at)
        .where(IssuerNotice.district_id == district_id)
        .order_by(IssuerNotice.version.desc())
    )
    return [NoticeVersion(*row) for row in rows]


def _published(row: IssuerNotice) -> PublishedNotice:
    return PublishedNotice(**{name: getattr(row, name) for name in PublishedNotice.__dataclass_fields__})


def current_version(session: Session, district_id: int) -> int:
    """The number of the newest version. Raises NoticeMissing."""
    query = select(IssuerNotice.version).where(IssuerNotice.district_id == district_id).order_by(IssuerNotice.version.desc()).limit(1)
    version = session.scalar(query)
    if version is None:
        raise NoticeMissing
    return version
