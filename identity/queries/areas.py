"""Where people live, as far as they told: three digits of a postcode. For themselves, and to be counted; never for a desk or a shop."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from identity.models import Person, PersonKey
from identity.queries.people import open_field
from identity.queries.principals import Principal


def own_area(session: Session, who: Principal) -> str | None:
    """What the person that asks has told; "" if they would rather not, None if they have not answered yet."""
    return areas_of(session, who.district_id, [who.person_id]).get(who.person_id) if who.person_id is not None else None


def is_area_answered(session: Session, who: Principal) -> bool:
    """Whether the person that asks has said anything, so that nobody asks a second time. Opens nothing."""
    answered = select(Person.home_area.is_not(None)).where(Person.district_id == who.district_id, Person.id == who.person_id)
    return bool(session.scalar(answered))


def areas_of(session: Session, district_id: int, person_ids: Iterable[int]) -> dict[int, str]:
    """Person → what they answered, of those who did. Whoever is gone is not in it.

    For counting behind the guard, which keeps none of it; no door shows one person's to anybody else.
    """
    both = select(Person, PersonKey).join(PersonKey, (PersonKey.district_id == Person.district_id) & (PersonKey.person_id == Person.id))
    answered = both.where(Person.district_id == district_id, Person.id.in_(list(person_ids)), Person.home_area.is_not(None))
    return {person.id: open_field(session, person, key, "home_area") or "" for person, key in session.execute(answered)}
