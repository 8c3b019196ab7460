"""What is unusual about tries and devices, by number only. For the association's worker; no role check."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from identity.models import Device, WrongTry

PEOPLE_MOST = 100


@dataclass(frozen=True, slots=True)
class WrongTries:
    """How often a secret was typed wrong. `subject`: `person:12`, `staff:3`, `till:5`."""

    name: str
    subject: str
    count: int
    last_at: datetime


@dataclass(frozen=True, slots=True)
class CrowdedDevice:
    """A browser with which several people are signed up. `mark`: eight signs that tell it from others and open nothing."""

    mark: str
    people: tuple[int, ...]
    last_at: datetime


def wrong_tries(session: Session, district_id: int, since: datetime, *, least: int) -> list[WrongTries]:
    """What was tried `least` times or more since then."""
    query = (
        select(WrongTry.name, WrongTry.subject, func.count(), func.max(WrongTry.at))
        .where(WrongTry.district_id == district_id, WrongTry.at >= since)
        .group_by(WrongTry.name, WrongTry.subject)
        .having(func.count() >= least)
    )
    return [WrongTries(*row) for row in session.execute(query)]


def crowded_devices(session: Session, district_id: int, *, least: int) -> list[CrowdedDevice]:
    """Devices with `least` people or more who have not been forgotten on them."""
    query = (
        select(Device.token_hash, func.array_agg(Device.person_id.distinct()), func.max(Device.since))
        .where(Device.district_id == district_id, Device.ended_at.is_(None))
        .group_by(Device.token_hash)
        .having(func.count(Device.person_id.distinct()) >= least)
    )
    return [CrowdedDevice(hashed[:4].hex(), tuple(people[:PEOPLE_MOST]), last_at) for hashed, people, last_at in session.execute(query)]
