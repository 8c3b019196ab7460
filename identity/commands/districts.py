"""Opening a district."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from base.db import atomic
from identity import models


@dataclass(frozen=True, slots=True)
class NewDistrict:
    """地域 to be opened. `association`: the body that issues, by its full name. `host`: without port."""

    slug: str
    name: str
    name_en: str
    association: str
    contact: str
    host: str | None = None


def create_district(session: Session, new: NewDistrict) -> int:
    """Open a district; the operator's terminal only. Returns its number."""
    with atomic(session):
        row = models.District(
            slug=new.slug, name=new.name, name_en=new.name_en, association=new.association, contact=new.contact, host=new.host
        )
        session.add(row)
        session.flush()
        return row.id
