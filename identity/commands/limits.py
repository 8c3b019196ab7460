"""Exact rate limits. Moments are the database's own, so that all processes count on one clock."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import text
from sqlalchemy.orm import Session

from base.errors import TooMany
from identity.apart import apart
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


def forgive_tries(session: Session, name: str, subject: str, *, district_id: int = 0) -> None:
    """Forget the tries of `name` by `subject`: whoever tried has shown that they may."""
    with apart(session) as own:
        own.execute(FORGIVE, {"district_id": district_id, "name": name, "subject": vault(session).keyed_hash("tries", name, subject)})
