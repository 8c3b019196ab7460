"""連絡先: what was kept, opened for those who may read it, and found again by how it is written."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from json import loads
from uuid import UUID

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from identity.models import Contact, ContactKey
from identity.vault import unseal, vault


@dataclass(frozen=True, slots=True)
class Particulars:
    """What somebody gave of themselves."""

    name: str
    kana: str = ""
    postal: str = ""
    address: str = ""
    phone: str = ""


@dataclass(frozen=True, slots=True)
class Compared:
    """How it is compared, as the caller's rules say: surely the same, and alike by name or by address. Kept as keyed hashes."""

    same: str
    like_name: str
    like_address: str


@dataclass(frozen=True, slots=True)
class Alike:
    """What was found beside somebody: `same` to the letter, and those of the same purpose that may be the same person."""

    same: tuple[UUID, ...]
    by_name: tuple[UUID, ...]
    by_address: tuple[UUID, ...]

    @property
    def likely(self) -> tuple[UUID, ...]:
        """Alike in both."""
        return tuple(number for number in self.by_name if number in self.by_address)


def hashes(session: Session, district_id: int, purpose: str, compared: Compared) -> dict[str, bytes]:
    """As they are stored: of no use without the master key, and not comparable from one purpose to another."""
    keep = vault(session).keyed_hash
    return {name: keep("contact", district_id, purpose, name, getattr(compared, name)) for name in ("same", "like_name", "like_address")}


def alike(session: Session, district_id: int, purpose: str, compared: Compared) -> Alike:
    """Who was kept for this purpose and is, or may be, the same. For doors that have asked already."""
    wanted = hashes(session, district_id, purpose, compared)
    match = (Contact.like_name == wanted["like_name"], Contact.like_address == wanted["like_address"])
    query = select(Contact).where(Contact.district_id == district_id, Contact.purpose == purpose, or_(*match)).order_by(Contact.id)
    rows = session.scalars(query).all()
    return Alike(
        same=tuple(row.id for row in rows if row.same == wanted["same"]),
        by_name=tuple(row.id for row in rows if row.like_name == wanted["like_name"]),
        by_address=tuple(row.id for row in rows if row.like_address == wanted["like_address"]),
    )


def are_kept(session: Session, district_id: int, purpose: str, found: Sequence[Compared]) -> list[bool]:
    """Which of these are there already, to the letter; one statement for all. For doors that have asked already."""
    wanted = [hashes(session, district_id, purpose, one)["same"] for one in found]
    mine = (Contact.district_id == district_id, Contact.purpose == purpose)
    there = set(session.scalars(select(Contact.same).where(*mine))) if wanted else set()
    return [same in there for same in wanted]


def likely_doubles(session: Session, district_id: int, purpose: str) -> list[tuple[UUID, ...]]:
    """Groups of those who are alike by name and address. For doors that have asked already."""
    grouped = (
        select(func.array_agg(Contact.id))
        .where(Contact.district_id == district_id, Contact.purpose == purpose)
        .group_by(Contact.like_name, Contact.like_address)
        .having(func.count() > 1)
    )
    return [tuple(ids) for ids in session.scalars(grouped)]


def particulars(session: Session, district_id: int, ids: Collection[UUID]) -> dict[UUID, Particulars]:
    """What they say, by number; those that were forgotten are left out. Reading it is on record by the caller's door."""
    query = select(Contact, ContactKey.wrapped).join(
        ContactKey, (ContactKey.district_id == Contact.district_id) & (ContactKey.contact_id == Contact.id)
    )
    found = {}
    for row, wrapped in session.execute(query.where(Contact.district_id == district_id, Contact.id.in_(ids))):
        key = vault(session).open_key(wrapped, district_id, f"contact {row.id}")
        found[row.id] = Particulars(**loads(unseal(key, row.sealed, district_id, str(row.id), "contact")))
    return found
