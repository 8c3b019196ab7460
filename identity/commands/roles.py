"""Who holds which role. A change of role ends the person's sessions: with new power comes a new session id.

Roles that propose or decide about value are given by two people (`association.commands.roles`); anybody's is taken away by one.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from sqlalchemy import ColumnElement, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from base.clock import day_bounds
from base.db import atomic
from identity.commands.access import authorise
from identity.commands.persons import open_person
from identity.commands.sessions import end_sessions
from identity.errors import DeputyOver, OwnRole, RoleTakesTwo, RoleUnknown
from identity.models import RoleGrant
from identity.permissions import PERSON_ROLES, SHOP_ROLES, TWO_PEOPLE_ROLES
from identity.queries import Principal


def appoint(
    session: Session,
    district_id: int,
    person_id: int,
    role: str,
    *,
    now: datetime,
    merchant_id: int | None = None,
    by: int | None = None,
    until: datetime | None = None,
    proposal_id: int | None = None,
) -> None:
    """Give a role, once; again is harmless. No role check: for doors that made their own, and for the terminal.

    `until`: when it ends by itself; where the role is held with another end, that grant is over and this one begins.
    `proposal_id`: by which two people gave it; the database asks for it where somebody gives a role that issues or decides.
    Raises RoleUnknown, OwnRole.
    """
    _check(role, merchant_id)
    if by == person_id:
        raise OwnRole
    with atomic(session):
        end_deputies(session, now=now)
        held = _living(district_id, person_id, role, merchant_id)
        session.execute(update(RoleGrant).where(*held, RoleGrant.until.is_distinct_from(until)).values(ended_at=now))
        session.execute(
            insert(RoleGrant)
            .values(
                district_id=district_id,
                person_id=person_id,
                role=role,
                merchant_id=merchant_id,
                granted_by=by,
                granted_at=now,
                until=until,
                proposal_id=proposal_id,
            )
            .on_conflict_do_nothing()
        )


def _living(district_id: int, person_id: int, role: str, merchant_id: int | None) -> tuple[ColumnElement[bool], ...]:
    """Which grant of this role is not over."""
    mine = (RoleGrant.district_id == district_id, RoleGrant.person_id == person_id, RoleGrant.role == role)
    return (*mine, RoleGrant.merchant_id.is_not_distinct_from(merchant_id), RoleGrant.ended_at.is_(None))


def begin_roles(session: Session, district_id: int, person_id: int, roles: Iterable[str], *, now: datetime) -> None:
    """`appoint` for somebody made a moment ago, who holds none that could be over or be given twice. Raises RoleUnknown."""
    given = sorted(roles)
    for role in given:
        _check(role, None)
    if given:
        rows = [{"district_id": district_id, "person_id": person_id, "role": role, "granted_at": now} for role in given]
        session.execute(insert(RoleGrant), rows)


def _check(role: str, merchant_id: int | None) -> None:
    if role not in PERSON_ROLES or (merchant_id is not None) != (role in SHOP_ROLES):
        raise RoleUnknown


def deputy_until(last_day: date | None, *, now: datetime) -> datetime | None:
    """The moment at which a role ends whose last day in Tokyo this is. Raises DeputyOver."""
    until = None if last_day is None else day_bounds(last_day)[1]
    if until is not None and until <= now:
        raise DeputyOver
    return until


def end_deputies(session: Session, *, now: datetime) -> None:
    """Write down the end of roles whose time is over; they gave no right any more from that moment on."""
    with atomic(session):
        over = (RoleGrant.ended_at.is_(None), RoleGrant.until <= now)
        session.execute(update(RoleGrant).where(*over).values(ended_at=RoleGrant.until))


def grant_role(
    session: Session,
    who: Principal,
    person_id: int,
    role: str,
    *,
    now: datetime,
    merchant_id: int | None = None,
    last_day: date | None = None,
) -> None:
    """An administrator gives somebody else a role that one person may give; that person signs in anew.

    `last_day`: a deputy's, in Tokyo; the role ends with it. Raises OwnRole, RoleTakesTwo, RoleUnknown, PersonUnknown, DeputyOver.
    """
    with atomic(session):
        authorise(session, who, "identity.grant_role", subject=f"person:{person_id} role:{role}{f' until:{last_day}' if last_day else ''}")
        if person_id == who.person_id:
            raise OwnRole
        if role in TWO_PEOPLE_ROLES:
            raise RoleTakesTwo
        until = deputy_until(last_day, now=now)
        open_person(session, who.district_id, person_id)
        appoint(session, who.district_id, person_id, role, now=now, merchant_id=merchant_id, by=who.person_id, until=until)
        end_sessions(session, who.district_id, person_id, now=now)


def end_role(session: Session, who: Principal, person_id: int, role: str, *, now: datetime, merchant_id: int | None = None) -> None:
    """An administrator takes a role away. It ends at once, with that person's sessions."""
    with atomic(session):
        authorise(session, who, "identity.end_role", subject=f"person:{person_id} role:{role}")
        session.execute(update(RoleGrant).where(*_living(who.district_id, person_id, role, merchant_id)).values(ended_at=now))
        end_sessions(session, who.district_id, person_id, now=now)
