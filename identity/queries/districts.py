"""The districts that this installation serves."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from identity import models
from identity.errors import DistrictUnknown


@dataclass(frozen=True, slots=True)
class District:
    """地域. `association`: the body that issues. `contact`: where people telephone or go. `host`: without port."""

    id: int
    slug: str
    name: str
    name_en: str
    association: str
    host: str | None
    contact: str


def _read(row: models.District) -> District:
    return District(row.id, row.slug, row.name, row.name_en, row.association, row.host, row.contact)


def districts(session: Session) -> list[District]:
    """All of them, oldest first."""
    return [_read(row) for row in session.scalars(select(models.District).order_by(models.District.id))]


def _one(found: models.District | None) -> District:
    if found is None:
        raise DistrictUnknown
    return _read(found)


def district(session: Session, district_id: int) -> District:
    """Raises DistrictUnknown."""
    return _one(session.get(models.District, district_id))


def district_by_slug(session: Session, slug: str) -> District:
    """Raises DistrictUnknown."""
    return _one(session.scalar(select(models.District).where(models.District.slug == slug)))


def district_by_host(session: Session, host: str) -> District:
    """The district that answers at `host` (a port is ignored), or the only one there is.

    Raises DistrictUnknown: where there are several, each needs its host.
    """
    name = host.rsplit(":", 1)[0].lower() if host.rpartition(":")[2].isdigit() else host.lower()
    found = session.scalar(select(models.District).where(models.District.host == name))
    return _read(found) if found else default_district(session)


def default_district(session: Session) -> District:
    """The only district of the installation. Raises DistrictUnknown if there is none or more than one without a host."""
    found = list(session.scalars(select(models.District).where(models.District.host.is_(None)).limit(2)))
    return _one(found[0] if len(found) == 1 else None)
