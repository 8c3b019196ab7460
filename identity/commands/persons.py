"""Opening one person's row and key: what the other commands build on."""

from __future__ import annotations

from sqlalchemy.orm import Session

from base.errors import NotSignedIn
from identity import models
from identity.errors import PersonUnknown
from identity.queries import Principal
from identity.vault import seal, vault


def open_person(session: Session, district_id: int, person_id: int) -> tuple[models.Person, bytes]:
    """The living person, locked, and their opened key. Raises PersonUnknown."""
    person = session.get(models.Person, (district_id, person_id), with_for_update=True)
    wrapped = session.get(models.PersonKey, (district_id, person_id))
    if person is None or wrapped is None:
        raise PersonUnknown
    return person, vault(session).open_key(wrapped.wrapped, district_id, person_id)


def own_number(who: Principal) -> int:
    """The person that asks. Raises NotSignedIn if it is a tablet, a program or nobody."""
    if who.person_id is None or who.session_id is None:
        raise NotSignedIn
    return who.person_id


def seal_words(session: Session, district_id: int, person_id: int, words: str, field: str) -> bytes:
    """Words of a person for another room to keep, sealed with that person's key: they end with it. Raises PersonUnknown."""
    person, key = open_person(session, district_id, person_id)
    return seal(key, words, district_id, person.id, field)
