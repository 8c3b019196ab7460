"""Exact rate limits. Moments are the database's own, so that all processes count on one clock."""

from __future__ import annotations

from datetime import timedelta
from ipaddress import IPv6Address, ip_address

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from base.errors import TooMany
from base.ids import fingerprint
from identity.apart import apart
from identity.models import Device
from identity.vault import vault

FIRST = text("INSERT INTO try_count VALUES (:district_id, :name, :subject, '{}') ON CONFLICT DO NOTHING")
RECENT = text("""
    SELECT ARRAY(SELECT moment FROM unnest(moments) AS moment WHERE moment > clock_timestamp() - :per ORDER BY moment) AS recent,
        clock_timestamp() AS now
    FROM try_count WHERE (district_id, name, subject) = (:district_id, :name, :subject) FOR UPDATE
""")
FORGIVE = text("UPDATE try_count SET moments = '{}' WHERE (district_id, name, subject) = (:district_id, :name, :subject)")
COUNT = text("UPDATE try_count SET moments = :moments WHERE (district_id, name, subject) = (:district_id, :name, :subject)")


def limit_tries(session: Session, name: str, subject: str, *, per: timedelta, count: int, district_id: int = 0) -> None:
    """Count one try of `name` by `subject`; at most `count` in any span of `per`. Raises TooMany(seconds).

    The count stays although the caller's transaction is rolled back; a refused try is not counted. The subject
    (an address, a number) is kept as a keyed hash. `district_id` 0 counts across the installation.
    """
    row = {"district_id": district_id, "name": name, "subject": vault(session).keyed_hash("tries", name, subject)}
    with apart(session) as own:
        own.execute(FIRST, row)
        recent, now = own.execute(RECENT, {**row, "per": per}).one()
        if len(recent) < count:
            own.execute(COUNT, {**row, "moments": [*recent, now]})
            return
    raise TooMany(seconds=(recent[-count] + per - now) // timedelta(seconds=1) + 1)


def limit_caller(
    session: Session, name: str, address: str, *, device: str | None = None, each: int, place: int, per: timedelta, district_id: int
) -> None:
    """Count one try of `name` by the device that asks (its cookie), and last by its address; at most `each` and `place`. Raises TooMany.

    Behind one address may sit an inn with two hundred guests. So whoever is stopped by their own device uses nothing of what the others
    may, and a device on which somebody of this district has signed in is not counted by address at all: nobody beside them can lock
    them out.
    """
    if device:
        limit_tries(session, f"{name}:device", device, per=per, count=each, district_id=district_id)
        if _is_known(session, district_id, device):
            return
    limit_tries(session, f"{name}:from", _place_of(address), per=per, count=place, district_id=district_id)


def _is_known(session: Session, district_id: int, device: str) -> bool:
    known = select(Device.id).where(Device.district_id == district_id, Device.token_hash == fingerprint(device), Device.ended_at.is_(None))
    return session.scalar(known.limit(1)) is not None


def _place_of(address: str) -> str:
    """What one line of a house is given: an IPv4 address, or the first half of an IPv6 address, whose other half each device chooses."""
    try:
        found = ip_address(address)
    except ValueError:
        return address
    return str(IPv6Address(int(found) >> 64 << 64)) if isinstance(found, IPv6Address) else address


def forgive_tries(session: Session, name: str, subject: str, *, district_id: int = 0) -> None:
    """Forget the tries of `name` by `subject`: whoever tried has shown that they may."""
    with apart(session) as own:
        own.execute(FORGIVE, {"district_id": district_id, "name": name, "subject": vault(session).keyed_hash("tries", name, subject)})
