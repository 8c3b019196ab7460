"""What identity may say about people."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from base.db import as_array
from base.errors import NotSignedIn
from identity.errors import PersonUnknown
from identity.models import Person, PersonFreeze, PersonKey, PersonSession, RoleGrant
from identity.queries.principals import Principal
from identity.rules import clean_email, hidden_email, sought_name
from identity.vault import unseal, vault


@dataclass(frozen=True, slots=True)
class Profile:
    """What a person has told about themselves. `email` is one that they have shown to be theirs."""

    person_id: int
    nickname: str
    email: str | None
    language: str
    created_at: datetime

    @property
    def hidden_email(self) -> str | None:
        """What the desk sees of the address."""
        return None if self.email is None else hidden_email(self.email)


@dataclass(frozen=True, slots=True)
class Grant:
    """A living role of a person; `merchant_id` for a shop's role, `until` for a deputy's, which ends by itself."""

    person_id: int
    role: str
    merchant_id: int | None
    granted_by: int | None
    granted_at: datetime
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Freeze:
    """一時停止 of a person. `asked_by`: code (by oneself), self, family, police or association; `ended_at` None: it holds."""

    asked_by: str
    reason: str
    frozen_by: int | None
    frozen_at: datetime
    ended_by: int | None
    ended_at: datetime | None
    end_reason: str
    id: int = 0

    @property
    def by_oneself(self) -> bool:
        """Whether the person stopped it, without the desk: then signing in anew may lift it."""
        return self.asked_by == "code"


@dataclass(frozen=True, slots=True)
class Standing:
    """What the desk may know of a person beside their name. `erased_at`: left for good, nothing else is known then."""

    person_id: int
    created_at: datetime
    erased_at: datetime | None
    freezes: tuple[Freeze, ...]  # newest first
    seen_at: datetime | None
    sessions: int

    @property
    def frozen(self) -> Freeze | None:
        """The first of the freezes that hold now."""
        return next((one for one in reversed(self.freezes) if one.ended_at is None), None)


def open_field(session: Session, person: Person, key: PersonKey, field: str) -> str | None:
    """One sealed field of a person as text, None if it is empty. For identity's own rooms."""
    sealed: bytes | None = getattr(person, field)
    if sealed is None:
        return None
    opened = vault(session).open_key(key.wrapped, person.district_id, person.id)
    return unseal(opened, sealed, person.district_id, person.id, field)


def _people(session: Session, district_id: int, person_ids: Iterable[int]) -> list[tuple[Person, PersonKey]]:
    both = select(Person, PersonKey).join(PersonKey, (PersonKey.district_id == Person.district_id) & (PersonKey.person_id == Person.id))
    return [(person, key) for person, key in session.execute(both.where(Person.district_id == district_id, Person.id.in_(person_ids)))]


def profile(session: Session, district_id: int, person_id: int) -> Profile:
    """Raises PersonUnknown, also for somebody who was erased."""
    for person, key in _people(session, district_id, [person_id]):
        return Profile(
            person_id=person.id,
            nickname=open_field(session, person, key, "nickname") or "",
            email=open_field(session, person, key, "email"),
            language=open_field(session, person, key, "language") or "ja",
            created_at=person.created_at,
        )
    raise PersonUnknown


def person_profile(session: Session, who: Principal) -> Profile:
    """The profile of whoever asks. Raises NotSignedIn if it is no person."""
    if who.person_id is None:
        raise NotSignedIn
    return profile(session, who.district_id, who.person_id)


def nicknames(session: Session, district_id: int, person_ids: Iterable[int]) -> dict[int, str]:
    """Nicknames by person, in one statement. Whoever was erased is missing from the answer."""
    return {person.id: open_field(session, person, key, "nickname") or "" for person, key in _people(session, district_id, set(person_ids))}


def nickname(session: Session, district_id: int, person_id: int) -> str | None:
    """The nickname of a person, None once they were erased (or never lived here)."""
    return nicknames(session, district_id, [person_id]).get(person_id)


def open_words(session: Session, district_id: int, person_id: int, sealed: bytes, field: str) -> str | None:
    """What `identity.commands.seal_words` sealed; None once the person was erased."""
    for person, key in _people(session, district_id, [person_id]):
        return unseal(vault(session).open_key(key.wrapped, district_id, person.id), sealed, district_id, person.id, field)
    return None


def person_by_email(session: Session, district_id: int, email: str) -> int | None:
    """Who has shown that this address is theirs, as it may be typed; None if nobody has."""
    lookup = email_lookup(session, district_id, clean_email(email) or "")
    return session.scalar(select(Person.id).where(Person.district_id == district_id, Person.email_lookup == lookup))


def people_called(session: Session, district_id: int, name: str, *, limit: int) -> list[int]:
    """Who has this nickname, however it is written; newest first."""
    lookup = nickname_lookup(session, district_id, name)
    called = select(Person.id).where(Person.district_id == district_id, Person.nickname_lookup == lookup)
    return list(session.scalars(called.order_by(Person.id.desc()).limit(limit)))


def answers_to(session: Session, district_id: int, person_id: int, name: str) -> bool:
    """Whether the person has this nickname or this address."""
    try:
        own = profile(session, district_id, person_id)
    except PersonUnknown:
        return False
    return sought_name(name) == sought_name(own.nickname) or (own.email is not None and clean_email(name) == own.email)


def nickname_lookup(session: Session, district_id: int, name: str) -> bytes:
    """The keyed hash under which a nickname is found. For identity's own rooms."""
    return vault(session).keyed_hash("nickname", district_id, sought_name(name))


def email_lookup(session: Session, district_id: int, email: str) -> bytes:
    """The keyed hash under which an address is found."""
    return vault(session).keyed_hash("email", district_id, email)


def grants(session: Session, district_id: int, *, person_id: int | None = None, merchant_id: int | None = None) -> list[Grant]:
    """Living roles in the district, of one person or at one shop if asked so; consumers only for one person."""
    whose = RoleGrant.role != "consumer" if person_id is None else RoleGrant.person_id == person_id
    living = select(RoleGrant).where(RoleGrant.district_id == district_id, RoleGrant.ended_at.is_(None), whose)
    if merchant_id is not None:
        living = living.where(RoleGrant.merchant_id == merchant_id)
    rows = session.scalars(living.order_by(RoleGrant.id))
    return [Grant(row.person_id, row.role, row.merchant_id, row.granted_by, row.granted_at, row.until) for row in rows]


def shops_held_together(session: Session, district_id: int) -> dict[int, int]:
    """By shop the lowest number among those that the same person owns now, whoever owns them with them; a shop by itself is left out."""
    owned = select(RoleGrant.person_id, RoleGrant.merchant_id).where(
        RoleGrant.district_id == district_id, RoleGrant.ended_at.is_(None), RoleGrant.role == "owner"
    )
    several = owned.with_only_columns(RoleGrant.person_id).group_by(RoleGrant.person_id).having(func.count() > 1)
    of_person: defaultdict[int, set[int]] = defaultdict(set)
    for person_id, merchant_id in session.execute(owned.where(RoleGrant.person_id.in_(several))):
        if merchant_id is not None:
            of_person[person_id].add(merchant_id)
    groups: list[set[int]] = []
    for shops in of_person.values():
        if len(shops) > 1:
            joined = shops.union(*(group for group in groups if group & shops))
            groups = [*(group for group in groups if not group & shops), joined]
    return {shop: min(group) for group in groups for shop in group}


def first_holder(session: Session, district_id: int, role: str) -> int | None:
    """Who has held this role longest: the demo signs in as them."""
    held = select(RoleGrant.person_id).where(RoleGrant.district_id == district_id, RoleGrant.role == role, RoleGrant.ended_at.is_(None))
    return session.scalar(held.order_by(RoleGrant.id).limit(1))


def freezes_of(session: Session, district_id: int, person_id: int) -> list[Freeze]:
    """The freezes that hold now, the first one first; none for somebody who may pay. Their reasons are left out."""
    held = select(PersonFreeze).where(PersonFreeze.district_id == district_id, PersonFreeze.person_id == person_id)
    rows = session.scalars(held.where(PersonFreeze.ended_at.is_(None)).order_by(PersonFreeze.id))
    return [Freeze(row.asked_by, "", row.frozen_by, row.frozen_at, None, None, "", row.id) for row in rows]


def freeze_of(session: Session, district_id: int, person_id: int) -> Freeze | None:
    """The first of the freezes that hold now. One's own, by a code, never stands beside the desk's."""
    return next(iter(freezes_of(session, district_id, person_id)), None)


STANDINGS = text(
    "SELECT p.id, CASE WHEN p.erased_at IS NOT NULL THEN 'left' WHEN EXISTS (SELECT FROM person_freeze f"
    " WHERE f.district_id = p.district_id AND f.person_id = p.id AND f.ended_at IS NULL) THEN 'frozen' ELSE 'open' END AS state"
    " FROM unnest(CAST(:ids AS bigint[])) AS wanted (id) JOIN person p ON p.district_id = :district_id AND p.id = wanted.id"
    " WHERE p.erased_at IS NOT NULL OR EXISTS (SELECT FROM role_grant g WHERE g.district_id = p.district_id AND g.person_id = p.id"
    " AND g.role = 'consumer' AND g.ended_at IS NULL)"
)


def standings(session: Session, district_id: int, ids: Collection[int]) -> dict[int, str]:
    """Person → open, frozen or left, of those among `ids` who have or had a wallet; others are not in it."""
    return {row.id: row.state for row in session.execute(STANDINGS, {"district_id": district_id, "ids": as_array(ids)})}


def standing(session: Session, district_id: int, person_id: int, now: datetime) -> Standing:
    """Whether the person is free, stopped or gone, with the story of it. Raises PersonUnknown."""
    person = session.get(Person, (district_id, person_id), populate_existing=True)
    if person is None:
        raise PersonUnknown
    key = session.get(PersonKey, (district_id, person_id))
    opened = None if key is None else vault(session).open_key(key.wrapped, district_id, person_id)

    def read(sealed: bytes | None) -> str:
        return "" if sealed is None or opened is None else unseal(opened, sealed, district_id, person_id, "freeze")

    rows = session.scalars(
        select(PersonFreeze)
        .where(PersonFreeze.district_id == district_id, PersonFreeze.person_id == person_id)
        .order_by(PersonFreeze.id.desc())
    )
    sessions = select(
        func.max(PersonSession.seen_at), func.count().filter(PersonSession.ended_at.is_(None), PersonSession.expires_at > now)
    )
    seen_at, living = session.execute(sessions.where(PersonSession.district_id == district_id, PersonSession.person_id == person_id)).one()
    freezes = tuple(
        Freeze(row.asked_by, read(row.reason), row.frozen_by, row.frozen_at, row.ended_by, row.ended_at, read(row.end_reason), row.id)
        for row in rows
    )
    return Standing(person_id, person.created_at, person.erased_at, freezes, seen_at, living)


UNUSED = text("""
    SELECT p.id FROM person p
    WHERE p.district_id = :district_id AND p.erased_at IS NULL AND p.created_at < :since
      AND (CAST(:person_id AS bigint) IS NULL OR p.id = :person_id)
      AND NOT EXISTS (SELECT FROM person_session s WHERE s.district_id = p.district_id AND s.person_id = p.id AND s.seen_at >= :since)
      AND NOT EXISTS (SELECT FROM role_grant g
        WHERE g.district_id = p.district_id AND g.person_id = p.id AND g.ended_at IS NULL AND g.role <> 'consumer')
      AND NOT EXISTS (SELECT FROM person_freeze f WHERE f.district_id = p.district_id AND f.person_id = p.id AND f.ended_at IS NULL)
    ORDER BY p.id
""")


def unused_since(session: Session, district_id: int, since: datetime, *, person_id: int | None = None) -> list[int]:
    """Consumers and nothing else who came before `since` and have not been signed in after it; what is stopped is not unused.
    `person_id`: whether this one still is.

    Whether they hold anything, the book says. For doors that have asked already.
    """
    return list(session.scalars(UNUSED, {"district_id": district_id, "since": since, "person_id": person_id}))
