"""Who is in the group or beside it, and what is known of them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

import merchant.queries
from base.db import atomic
from base.errors import Forbidden
from identity.commands import authorise
from identity.queries import Principal, nicknames
from identity.vault import vault
from subsidy.errors import MembersFixed, PartyChanged, PartyUnknown, ProjectUnknown, ShopTwice
from subsidy.models import Fact, Party, Project, Saving
from subsidy.queries import Contact, lead_of
from subsidy.rules.frames import Earlier
from subsidy.rules.progress import Facts, members_may_change, newest

SAID = (
    "name", "is_sole", "corporate_number", "merchant_id", "is_small", "is_association_member", "operates_business", "has_gbiz_id",
    "earlier", "left_because",
)  # fmt: skip
"""What a saving of a party says, beside the day on which it left."""


@dataclass(frozen=True, slots=True)
class Known:
    """What the rules ask of a party; None is not yet known. `earlier`: () for none, None where nobody has asked."""

    is_small: bool | None = None
    is_association_member: bool | None = None
    operates_business: bool | None = None
    has_gbiz_id: bool | None = None
    earlier: tuple[Earlier, ...] | None = None


@dataclass(frozen=True, slots=True)
class NewParty:
    """What is written down about a party. `merchant_id`: where it is a shop of the district."""

    name: str
    is_sole: bool
    corporate_number: str | None = None
    merchant_id: int | None = None
    known: Known = field(default_factory=Known)
    contact: Contact = field(default_factory=Contact)


def add_party(session: Session, who: Principal, project_id: int, role: str, new: NewParty, *, now: datetime) -> int:
    """A participant joins, or a provider or an expert is named. Gives its number. Raises ProjectUnknown, MembersFixed, ShopTwice."""
    with atomic(session):
        authorise(session, who, "subsidy.keep_group", subject=f"subsidy_project:{project_id}")
        lead_of(session, who, project_id)
        _hold(session, who, project_id)
        if role == "participant" and not members_may_change(facts_of(session, who, project_id)):
            raise MembersFixed
        if role == "representative":
            raise Forbidden
        return store_party(session, who, project_id, role, new, now=now).id


def keep_party(session: Session, who: Principal, project_id: int, party_id: int, new: NewParty, revision: int, *, now: datetime) -> None:
    """What is known, said anew, on top of `revision`. Whoever saves second is told, and nothing of theirs is kept but what they typed.

    Raises ProjectUnknown, PartyUnknown, PartyChanged, ShopTwice.
    """
    with atomic(session):
        authorise(session, who, "subsidy.keep_group", subject=f"subsidy_party:{party_id}")
        lead_of(session, who, project_id)
        row = held_party(session, who, project_id, party_id)
        if row.revision != revision:
            by = {row.changed_by} if row.changed_by else set()
            name = next(iter(nicknames(session, who.district_id, by).values()), row.name) if by else row.name
            raise PartyChanged(name=name, when=row.changed_at)
        called = _contact(session, row) != new.contact
        _put(session, who, row, new)
        row.revision, row.changed_by, row.changed_at = revision + 1, _person(who), now
        keep_party_saving(session, who, row, contact_changed=called)


def party_leaves(session: Session, who: Principal, project_id: int, party_id: int, day: date, reason: str, *, now: datetime) -> None:
    """It is out of the group from that day; all that it handed in stays. Raises ProjectUnknown, PartyUnknown, MembersFixed, Forbidden."""
    with atomic(session):
        authorise(session, who, "subsidy.keep_group", subject=f"subsidy_party:{party_id} leaves")
        lead_of(session, who, project_id)
        _hold(session, who, project_id)
        row = held_party(session, who, project_id, party_id)
        if row.role == "representative":
            raise Forbidden
        if row.role == "participant" and not members_may_change(facts_of(session, who, project_id)):
            raise MembersFixed
        row.left_on, row.left_because = day, reason
        row.revision, row.changed_by, row.changed_at = row.revision + 1, _person(who), now
        keep_party_saving(session, who, row)


def store_party(session: Session, who: Principal, project_id: int, role: str, new: NewParty, *, now: datetime) -> Party:
    """For doors that have asked already. Raises ShopTwice."""
    person = _person(who)
    row = Party(
        district_id=who.district_id,
        project_id=project_id,
        role=role,
        revision=1,
        made_by=person,
        made_at=now,
        changed_by=person,
        changed_at=now,
        left_because="",
    )
    _put(session, who, row, new)
    session.add(row)
    session.flush()
    keep_party_saving(session, who, row)
    return row


def keep_party_saving(session: Session, who: Principal, row: Party, *, contact_changed: bool = False) -> None:
    """What a party is, as it was saved just now. For doors that have asked already."""
    said = {name: getattr(row, name) for name in SAID} | {"left_on": row.left_on.isoformat() if row.left_on else None}
    said |= {"contact_changed": True} if contact_changed else {}
    keep_saving(session, who, row.project_id, row.id, row.revision, said, row.changed_at, made_by=row.changed_by)


def keep_saving(
    session: Session,
    who: Principal,
    project_id: int,
    party_id: int,
    revision: int,
    said: dict[str, Any],
    now: datetime,
    *,
    made_by: int | None = None,
) -> None:
    """One saving of a party, or of the project (party 0). For doors that have asked already."""
    by = made_by if party_id else who.person_id
    place = {"district_id": who.district_id, "project_id": project_id, "party_id": party_id, "revision": revision}
    session.add(Saving(**place, said=said, made_by=by, made_at=now))


def held_party(session: Session, who: Principal, project_id: int, party_id: int) -> Party:
    """Under its lock. Raises PartyUnknown."""
    row = session.get(Party, (who.district_id, party_id), with_for_update=True, populate_existing=True)
    if row is None or row.project_id != project_id:
        raise PartyUnknown
    return row


def facts_of(session: Session, who: Principal, project_id: int) -> Facts:
    """What counts of a project's facts, for doors that have asked already."""
    rows = session.scalars(select(Fact).filter_by(district_id=who.district_id, project_id=project_id).order_by(Fact.id))
    return newest((row.kind, row.day, None, row.words) for row in rows)


def earlier_as_stored(earlier: tuple[Earlier, ...] | None) -> list[dict[str, Any]] | None:
    """As it lies in the database."""
    if earlier is None:
        return None
    return [{**asdict(each), "decided": each.decided.isoformat() if each.decided else None} for each in earlier]


def _hold(session: Session, who: Principal, project_id: int) -> None:
    if session.get(Project, (who.district_id, project_id), with_for_update=True, populate_existing=True) is None:
        raise ProjectUnknown


def _put(session: Session, who: Principal, row: Party, new: NewParty) -> None:
    if new.merchant_id is not None and new.merchant_id != row.merchant_id:
        _check_shop(session, who, row.project_id, new.merchant_id)
    row.name, row.is_sole, row.corporate_number, row.merchant_id = new.name, new.is_sole, new.corporate_number, new.merchant_id
    row.is_small, row.is_association_member = new.known.is_small, new.known.is_association_member
    row.operates_business, row.has_gbiz_id = new.known.operates_business, new.known.has_gbiz_id
    row.earlier = earlier_as_stored(new.known.earlier)
    contact: Mapping[str, str] = asdict(new.contact)
    is_said = any(contact.values())
    row.contact = vault(session).seal(json.dumps(contact), "subsidy contact", who.district_id) if is_said else None


def _contact(session: Session, row: Party) -> Contact:
    if row.contact is None:
        return Contact()
    found: dict[str, Any] = json.loads(vault(session).unseal(row.contact, "subsidy contact", row.district_id))
    return Contact(**found)


def _check_shop(session: Session, who: Principal, project_id: int, merchant_id: int) -> None:
    """A shop of this district, and not in the project already."""
    merchant.queries.merchant(session, who.district_id, merchant_id)
    same = (Party.district_id == who.district_id, Party.project_id == project_id, Party.merchant_id == merchant_id, Party.left_on.is_(None))
    if session.scalar(select(Party.id).where(*same)) is not None:
        raise ShopTwice


def _person(who: Principal) -> int:
    if who.person_id is None:
        raise Forbidden
    return who.person_id
