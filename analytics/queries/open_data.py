"""What is open to everybody: whether, since when, which files, and their bytes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from analytics.models import OpenDataFile, OpenDataSwitch
from analytics.open_data.files import File
from identity.commands import authorise
from identity.queries import Principal


@dataclass(frozen=True, slots=True)
class Switched:
    """The newest time that somebody switched it. `by`: a person's number."""

    is_on: bool
    by: int
    at: datetime


def switched(session: Session, who: Principal) -> Switched | None:
    """None: never yet. Raises Forbidden."""
    authorise(session, who, "analytics.see_open_data")
    row = _newest(session, who.district_id)
    return None if row is None else Switched(row.is_on, row.by_person, row.made_at)


def is_on(session: Session, district_id: int) -> bool:
    """Whether months are published."""
    row = _newest(session, district_id)
    return row is not None and row.is_on


def open_files(session: Session, district_id: int) -> list[File]:
    """Everything that was ever published, the newest month first. Anybody may ask."""
    columns = (OpenDataFile.month, OpenDataFile.name, OpenDataFile.digest, func.length(OpenDataFile.content), OpenDataFile.withheld)
    found = select(*columns, OpenDataFile.made_at).where(OpenDataFile.district_id == district_id)
    return [File(*row) for row in session.execute(found.order_by(OpenDataFile.month.desc(), OpenDataFile.name))]


def open_file(session: Session, district_id: int, month: date, name: str) -> bytes | None:
    """The bytes of one, None if there is none. Anybody may ask."""
    row = session.get(OpenDataFile, (district_id, month, name))
    return None if row is None else row.content


def _newest(session: Session, district_id: int) -> OpenDataSwitch | None:
    found = select(OpenDataSwitch).where(OpenDataSwitch.district_id == district_id)
    return session.scalars(found.order_by(OpenDataSwitch.id.desc()).limit(1)).first()
