"""連絡先: names and addresses that are kept for one purpose and until one day. Everything else knows them by a random number."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from json import dumps
from uuid import UUID, uuid4

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from identity.models import Contact, ContactKey
from identity.queries.contacts import Compared, Particulars, hashes
from identity.vault import seal, vault


@dataclass(frozen=True, slots=True)
class NewContact:
    """What is kept, how it is compared, and of whom; None: of somebody who has no account here."""

    says: Particulars
    compared: Compared
    person_id: int | None = None


def keep_contacts(session: Session, district_id: int, purpose: str, new: Sequence[NewContact], *, forget_on: date) -> list[UUID]:
    """Keep them until the morning of `forget_on` (Tokyo), each sealed with a key of its own. Gives their numbers, in order.

    For doors that have asked already.
    """
    rows, keys, numbers = [], [], []
    for one in new:
        number = uuid4()
        numbers.append(number)
        key, wrapped = vault(session).new_key(district_id, f"contact {number}")
        sealed = seal(key, dumps(asdict(one.says)), district_id, str(number), "contact")
        rows.append(
            {
                "district_id": district_id,
                "id": number,
                "purpose": purpose,
                "person_id": one.person_id,
                "sealed": sealed,
                "forget_on": forget_on,
                **hashes(session, district_id, purpose, one.compared),
            }
        )
        keys.append({"district_id": district_id, "contact_id": number, "wrapped": wrapped})
    if rows:
        session.execute(insert(Contact), rows)
        session.execute(insert(ContactKey), keys)
    return numbers


def forget_contacts(session: Session, district_id: int, ids: Collection[UUID]) -> None:
    """Before their day: what was withdrawn or taken in by mistake. For doors that have asked already."""
    for table, number in ((ContactKey, ContactKey.contact_id), (Contact, Contact.id)):
        session.execute(delete(table).where(table.district_id == district_id, number.in_(ids)))


def forget_contacts_of(session: Session, district_id: int, person_id: int) -> None:
    """All of somebody who goes for good."""
    theirs = select(Contact.id).where(Contact.district_id == district_id, Contact.person_id == person_id)
    forget_contacts(session, district_id, list(session.scalars(theirs)))


def forget_due_contacts(session: Session, today: date) -> None:
    """Those whose day has come. For the sweep."""
    due = select(Contact.id).where(Contact.forget_on <= today)
    session.execute(delete(ContactKey).where(ContactKey.contact_id.in_(due)))
    session.execute(delete(Contact).where(Contact.forget_on <= today))
