"""Sessions of people and of tablets, and the devices they stand on. Tokens are random; only their SHA-256 is stored."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import Session

from base.clock import TOKYO
from base.db import atomic, wake
from base.errors import N_, NotFound
from base.ids import fingerprint
from identity.commands.access import authorise, log
from identity.commands.mail import queue_mail
from identity.commands.persons import own_number
from identity.models import Device, PersonSession, RoleGrant, TillSession
from identity.permissions import DESK_ROLES, SHOP_ROLES
from identity.queries import Principal, person_topic
from identity.queries.mail import Letter
from identity.queries.people import person_profile

IDLE, LIFETIME = timedelta(days=60), timedelta(days=365)
DESK_IDLE, DESK_LIFETIME = timedelta(hours=2), timedelta(hours=12)
NEW_DEVICE = timedelta(hours=24)
"""So long a device that came later, without a trusted passkey, has lower limits."""
KEEP_ALIVE = timedelta(minutes=5)
NEW_DEVICE_LETTER = Letter(
    subject=N_("新しい端末でログインしました"),
    text=N_(
        "新しい端末（%(device)s）でログインしました（%(moment)s）。\n\n"
        "ご自身でしたら、何もする必要はありません。この端末では 24時間、支払いの上限が低くなります。\n"
        "心当たりがなければ、すぐに「設定」の「端末とログイン」からその端末をログアウトし、案内所へお知らせください。"
    ),
)


@dataclass(frozen=True, slots=True)
class Browser:
    """What a browser shows of itself: its device cookie, a coarse label, where it calls from, the session it has now."""

    device_token: str | None = None
    label: str = ""
    address: str = ""
    session_id: int | None = None


@dataclass(frozen=True, slots=True)
class Opened:
    """A session just opened: what goes into the two cookies, and whether this person had never been on this device."""

    person_id: int
    session_id: int
    token: str
    device_token: str
    device_is_new: bool


def new_device_token() -> str:
    """What a browser is known by from now on, before anybody has signed in with it."""
    return _new_token()


def _new_token() -> str:
    return secrets.token_urlsafe(32)


def open_session(
    session: Session, district_id: int, person_id: int, browser: Browser, *, way: str, now: datetime, trusted_from: datetime | None = None
) -> Opened:
    """Sign in somebody whom the caller has recognised. Always a new token, so nobody can prepare one; the old session ends.

    `way`: passkey, email, recovery, demo. On a device that comes later than the person's first one, lower limits
    hold until `trusted_from`, for 24 hours if None.
    """
    with atomic(session):
        if browser.session_id is not None:
            _end(session, now, PersonSession.district_id == district_id, PersonSession.id == browser.session_id)
        device_token = browser.device_token or _new_token()
        limit = now + NEW_DEVICE if trusted_from is None else trusted_from
        device, is_new = _know_device(session, district_id, person_id, device_token, browser.label, limit, now)
        idle, lifetime = _lifetimes(session, district_id, person_id)
        token = _new_token()
        row = PersonSession(
            district_id=district_id,
            token_hash=fingerprint(token),
            person_id=person_id,
            device_id=device.id,
            way=way,
            opened_at=now,
            seen_at=now,
            idle_seconds=idle // timedelta(seconds=1),
            expires_at=now + lifetime,
        )
        session.add(row)
        session.flush()
        asking = Principal(district_id, person_id, row.id, frozenset(), address=browser.address)
        log(session, asking, "identity.sign_in", subject=f"way:{way} device:{device.id}")
        if is_new:
            _tell(session, asking, browser.label, now)
        return Opened(person_id, row.id, token, device_token, is_new)


def _tell(session: Session, who: Principal, label: str, now: datetime) -> None:
    """A mail about the new device, if there is an address: whoever did not sign in themselves learns of it at once."""
    person = person_profile(session, who)
    if person.email is not None:
        moment = now.astimezone(TOKYO)
        facts = {"device": label or "—", "moment": f"{moment:%Y-%m-%d %H:%M}"}
        queue_mail(session, who.district_id, person.email, NEW_DEVICE_LETTER, facts, language=person.language, now=now)


def _know_device(
    session: Session, district_id: int, person_id: int, token: str, label: str, limit: datetime, now: datetime
) -> tuple[Device, bool]:
    """The device's row, and whether it is new for a person who has others."""
    theirs = select(Device).where(Device.district_id == district_id, Device.person_id == person_id)
    known = session.scalar(theirs.where(Device.token_hash == fingerprint(token)).with_for_update())
    if known is not None and known.ended_at is None:
        if known.limited_until is not None and limit <= now:
            known.limited_until = None  # a trusted passkey vouches for it
        return known, False
    limited_until = limit if limit > now and session.scalar(theirs.limit(1)) is not None else None
    if known is None:
        known = Device(district_id=district_id, person_id=person_id, token_hash=fingerprint(token))
        session.add(known)
    known.label, known.since, known.limited_until, known.ended_at = (label, now, limited_until, None)
    session.flush()
    return known, limited_until is not None


def _lifetimes(session: Session, district_id: int, person_id: int) -> tuple[timedelta, timedelta]:
    held = select(RoleGrant.id).where(
        RoleGrant.district_id == district_id, RoleGrant.person_id == person_id, RoleGrant.role.in_(DESK_ROLES), RoleGrant.ended_at.is_(None)
    )
    return (DESK_IDLE, DESK_LIFETIME) if session.scalar(held.limit(1)) is not None else (IDLE, LIFETIME)


def keep_alive(session: Session, who: Principal, *, now: datetime) -> None:
    """Note that the session is in use; writes once in five minutes."""
    if who.session_id is None or who.seen_at is None or now - who.seen_at < KEEP_ALIVE:
        return
    table = TillSession if who.till_id is not None else PersonSession
    with atomic(session):
        session.execute(update(table).where(table.district_id == who.district_id, table.id == who.session_id).values(seen_at=now))


def _end(session: Session, now: datetime, *which: ColumnElement[bool]) -> None:
    session.execute(update(PersonSession).where(PersonSession.ended_at.is_(None), *which).values(ended_at=now))


def end_session(session: Session, who: Principal, *, now: datetime) -> None:
    """Sign out, here. Harmless for nobody."""
    if who.session_id is None or who.person_id is None:
        return
    with atomic(session):
        _end(session, now, PersonSession.district_id == who.district_id, PersonSession.id == who.session_id)
        wake(session, person_topic(who.district_id, who.person_id))


def end_sessions(session: Session, district_id: int, person_id: int, *, now: datetime, but: int | None = None) -> None:
    """End every session of a person, `but` one if asked. No role check: for doors that made their own."""
    with atomic(session):
        others = () if but is None else (PersonSession.id != but,)
        _end(session, now, PersonSession.district_id == district_id, PersonSession.person_id == person_id, *others)
        wake(session, person_topic(district_id, person_id))  # open lines see that they are over


def sign_out_everywhere(session: Session, who: Principal, *, now: datetime) -> None:
    """End all of one's own sessions, this one too."""
    with atomic(session):
        authorise(session, who, "identity.manage_self", subject="sign_out_everywhere")
        end_sessions(session, who.district_id, own_number(who), now=now)


def forget_device(session: Session, who: Principal, device_id: int, *, now: datetime) -> None:
    """Sign out of one device; if somebody comes back with it, it is new. Raises NotFound."""
    with atomic(session):
        authorise(session, who, "identity.manage_self", subject=f"forget_device:{device_id}")
        device = session.get(Device, (who.district_id, device_id), with_for_update=True)
        if device is None or device.person_id != own_number(who) or device.ended_at is not None:
            raise NotFound
        device.ended_at = now
        _end(session, now, PersonSession.district_id == who.district_id, PersonSession.device_id == device_id)
        wake(session, person_topic(who.district_id, who.person_id))


def choose_merchant(session: Session, who: Principal, merchant_id: int) -> None:
    """Look at another of one's own shops from now on, in this session. Raises NotFound."""
    with atomic(session):
        authorise(session, who, "identity.manage_self", subject=f"choose_merchant:{merchant_id}")
        if merchant_id not in who.shops:
            raise NotFound
        mine = (PersonSession.district_id == who.district_id, PersonSession.id == who.session_id)
        session.execute(update(PersonSession).where(*mine).values(merchant_id=merchant_id))


def open_till_session(session: Session, district_id: int, merchant_id: int, till_id: int, *, now: datetime) -> str:
    """Pair a tablet: the token for its cookie. A till has one tablet, so another one's session ends.

    No role check: the merchant's door has redeemed a pairing code.
    """
    with atomic(session):
        end_till_session(session, district_id, till_id, now=now)
        token = _new_token()
        paired = TillSession(
            district_id=district_id, token_hash=fingerprint(token), merchant_id=merchant_id, till_id=till_id, opened_at=now, seen_at=now
        )
        session.add(paired)
        session.flush()
        return token


def end_till_session(session: Session, district_id: int, till_id: int, *, now: datetime) -> None:
    """Revoke a till's tablet at once; its next request is nobody's. No role check: for the merchant's door."""
    with atomic(session):
        living = (TillSession.district_id == district_id, TillSession.till_id == till_id, TillSession.ended_at.is_(None))
        session.execute(update(TillSession).where(*living).values(ended_at=now))


def stand_at_till(
    session: Session, district_id: int, till_session_id: int, *, staff_id: int | None, role: str | None, now: datetime
) -> None:
    """Say who stands at a paired tablet (`role`: owner or cashier), or nobody (None, None).

    No role check: the merchant's door has checked the PIN.
    """
    assert (staff_id is None) == (role is None) and (role is None or role in SHOP_ROLES), (staff_id, role)
    with atomic(session):
        here = (TillSession.district_id == district_id, TillSession.id == till_session_id, TillSession.ended_at.is_(None))
        session.execute(update(TillSession).where(*here).values(staff_id=staff_id, staff_role=role, seen_at=now))
