"""暗証番号: confirms on a device that is known, never signs anybody in.

Five failures in a row lock it for a quarter of an hour, whichever device they come from. They are counted in a
transaction of their own: a payment that is refused for a wrong PIN rolls back, its failure stays.
"""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from functools import cache
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError
from sqlalchemy import delete, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from base.db import atomic
from base.errors import MeguriError
from base.ids import squeezed
from identity.apart import apart
from identity.commands.access import authorise
from identity.commands.persons import own_number
from identity.errors import PinLocked, PinMissing, PinWeak, PinWrong, SignInAgain
from identity.models import Pin, TillSession, WrongTry
from identity.queries import Principal
from identity.rules import pin_is_strong
from identity.vault import vault

FAILURES = 5
LOCK = timedelta(minutes=15)
FRESH = timedelta(minutes=10)
"""So long after signing in a forgotten PIN can be replaced without the old one."""

HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
"""OWASP's least for Argon2id (19 MiB, two passes, one lane): short on two cores. The keyed hash below it is what
keeps four digits safe from whoever reads the database without the master key."""
_AT_ONCE = BoundedSemaphore(2)  # each takes 19 MiB and a core


def set_pin(session: Session, who: Principal, pin: str, *, now: datetime, current: str | None = None) -> None:
    """Choose or change one's own PIN. Changing asks for the present one, or for a sign-in of the last ten minutes.

    Raises PinWeak, PinWrong, PinLocked, SignInAgain.
    """
    person_id = own_number(who)
    authorise(session, who, "identity.manage_self", subject="pin")
    if session.get(Pin, (who.district_id, "person", person_id)) is not None:
        if current is not None:
            _check(session, who.district_id, "person", person_id, current, now)
        elif who.opened_at is None or now - who.opened_at > FRESH or (who.limited_until is not None and now < who.limited_until):
            raise SignInAgain
    _set(session, who.district_id, "person", person_id, pin, now)


def check_pin(session: Session, who: Principal, pin: str, *, now: datetime) -> None:
    """Go on only if this is the PIN of the person that asks, who is signed in on this device.

    Raises NotSignedIn, PinMissing, PinLocked(minutes), PinWrong(left).
    """
    authorise(session, who, "identity.check_pin")
    _check(session, who.district_id, "person", own_number(who), pin, now)


def set_staff_pin(session: Session, district_id: int, staff_id: int, pin: str, *, now: datetime) -> None:
    """Give a member of a shop's staff a PIN. No role check: for the merchant's door. Raises PinWeak."""
    _set(session, district_id, "staff", staff_id, pin, now)


def check_staff_pin(session: Session, district_id: int, staff_id: int, pin: str, *, now: datetime) -> None:
    """Go on only if this is the PIN of that member of staff. Raises PinMissing, PinLocked(minutes), PinWrong(left)."""
    _check(session, district_id, "staff", staff_id, pin, now)


def set_card_pin(session: Session, district_id: int, person_id: int, pin: str, *, now: datetime) -> None:
    """Give a person's card a PIN; it stays when the card is replaced. No role check: for the wallet's door. Raises PinWeak."""
    _set(session, district_id, "card", person_id, pin, now)


def check_card_pin(session: Session, district_id: int, person_id: int, pin: str, *, now: datetime) -> None:
    """Go on only if this is the PIN of that person's card. Raises PinMissing, PinLocked(minutes), PinWrong(left).

    Counted on the holder: five failures lock it, whatever tablets they come from. No role check: for the wallet's door.
    """
    _check(session, district_id, "card", person_id, pin, now)


def card_pin_fits(session: Session, district_id: int, person_id: int | None, pin: str) -> bool:
    """Whether this is the PIN of that person's card, without counting: the caller limits the tries, and locks no tablet.

    Takes as long for nobody (None) and for a card without a PIN, so that time does not tell who has one.
    """
    row = session.get(Pin, (district_id, "card", person_id or 0), populate_existing=True)
    keyed = _keyed(session, district_id, "card", person_id or 0, squeezed(pin))
    return _matches(_nobodys() if row is None else row.hash, keyed)


@cache
def _nobodys() -> str:
    """A hash that nothing matches."""
    return HASHER.hash(secrets.token_bytes(32))


def staff_leaves(session: Session, district_id: int, staff_id: int, *, now: datetime) -> None:
    """Their PIN is gone, and they stand at no tablet any more. No role check: for the merchant's door."""
    with atomic(session):
        session.execute(delete(Pin).where(Pin.district_id == district_id, Pin.holder_kind == "staff", Pin.holder_id == staff_id))
        there = (TillSession.district_id == district_id, TillSession.staff_id == staff_id, TillSession.ended_at.is_(None))
        session.execute(update(TillSession).where(*there).values(staff_id=None, staff_role=None, seen_at=now))


def _keyed(session: Session, district_id: int, kind: str, holder_id: int, pin: str) -> bytes:
    return vault(session).keyed_hash("pin", district_id, kind, holder_id, pin)


def _set(session: Session, district_id: int, kind: str, holder_id: int, typed: str, now: datetime) -> None:
    pin = squeezed(typed)
    if not pin_is_strong(pin):
        raise PinWeak
    with _AT_ONCE:
        hashed = HASHER.hash(_keyed(session, district_id, kind, holder_id, pin))
    fresh = {"hash": hashed, "failures": 0, "locked_until": None, "changed_at": now}
    with atomic(session):
        row = insert(Pin).values(district_id=district_id, holder_kind=kind, holder_id=holder_id, **fresh)
        session.execute(row.on_conflict_do_update(index_elements=["district_id", "holder_kind", "holder_id"], set_=fresh))


def _check(session: Session, district_id: int, kind: str, holder_id: int, typed: str, now: datetime) -> None:
    keyed = _keyed(session, district_id, kind, holder_id, squeezed(typed))
    with apart(session) as own:  # to raise in here would undo the count
        refusal = _try(own.get(Pin, (district_id, kind, holder_id), with_for_update=True), keyed, now)
        if isinstance(refusal, PinWrong | PinLocked):
            subject = f"{'staff' if kind == 'staff' else 'person'}:{holder_id}"
            own.add(WrongTry(district_id=district_id, name="pin" if kind == "person" else kind, subject=subject, at=now))
    if refusal is not None:
        raise refusal


def _try(pin: Pin | None, keyed: bytes, now: datetime) -> MeguriError | None:
    """Count this try on the locked row; what is to be refused, None if it is the PIN."""
    if pin is None:
        return PinMissing()
    if pin.locked_until is not None:
        if now < pin.locked_until:
            return _locked(pin.locked_until - now)
        pin.failures, pin.locked_until = 0, None
    if _matches(pin.hash, keyed):
        pin.failures = 0
        return None
    pin.failures += 1
    if pin.failures < FAILURES:
        return PinWrong(left=FAILURES - pin.failures)
    pin.locked_until = now + LOCK
    return _locked(LOCK)


def _locked(left: timedelta) -> PinLocked:
    return PinLocked(minutes=-(-left // timedelta(minutes=1)), seconds=-(-left // timedelta(seconds=1)))


def _matches(hashed: str, keyed: bytes) -> bool:
    with _AT_ONCE:
        try:
            return HASHER.verify(hashed, keyed)
        except VerifyMismatchError:
            return False
