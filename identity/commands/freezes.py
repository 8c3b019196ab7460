"""一時停止: a person's way in ends, and it is written down who asked for it and why. The money is stopped by the doors above."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from base.clock import TOKYO
from base.db import atomic
from base.errors import N_
from identity.commands.limits import limit_caller
from identity.commands.mail import queue_mail
from identity.commands.persons import open_person
from identity.commands.recovery import code_hash
from identity.commands.sessions import NEW_DEVICE, end_sessions
from identity.errors import AlreadyFrozen, NotFrozen, RecoveryCodeWrong
from identity.models import Device, PersonFreeze, RecoveryCode
from identity.queries import Principal
from identity.queries.mail import Letter
from identity.queries.people import answers_to, profile
from identity.rules import clean_code
from identity.vault import seal, unseal

HOUR = timedelta(hours=1)
FROZEN_LETTER = Letter(
    subject=N_("残高を一時停止しました"),
    text=N_(
        "%(moment)s に、残高を一時停止し、すべての端末をログアウトしました。残高はそのままです。\n\n"
        "ご自身で届けたのでしたら、何もする必要はありません。\n"
        "心当たりがなければ、すぐに案内所へお知らせください。"
    ),
)
LIFTED_LETTER = Letter(
    subject=N_("一時停止を解除しました"),
    text=N_(
        "%(moment)s に、残高の一時停止を解除しました。24時間は、支払いの上限が低くなります。\n\n"
        "心当たりがなければ、すぐに案内所へお知らせください。"
    ),
)


@dataclass(frozen=True, slots=True)
class FreezeOrder:
    """Why somebody is stopped at the desk. `asked_by`: self, family, police or association."""

    asked_by: str
    reason: str


def freeze_person(session: Session, by: Principal, person_id: int, order: FreezeOrder, *, now: datetime) -> None:
    """Write it down, and end all sessions and devices of the person. No role check: for the association's door.

    What the person has stopped by a recovery code, and could let go again alone, is the desk's from now on. Whoever else asks for
    the same while it holds, or for another reason, stands beside it: each is let go for itself.
    Raises PersonUnknown, and AlreadyFrozen where this very order holds already.
    """
    with atomic(session):
        person, key = open_person(session, by.district_id, person_id)
        living = living_freezes(session, by.district_id, person_id)
        for one in living:
            if one.code_hash is not None:
                one.ended_at, one.ended_by = now, by.person_id
            elif (one.frozen_by, one.asked_by) == (by.person_id, order.asked_by) and _reason(one, key) == order.reason:
                raise AlreadyFrozen
        session.add(
            PersonFreeze(
                district_id=by.district_id,
                person_id=person_id,
                asked_by=order.asked_by,
                reason=seal(key, order.reason, by.district_id, person.id, "freeze"),
                frozen_by=by.person_id,
                frozen_at=now,
            )
        )
        _end_devices(session, by.district_id, person_id, now)
        if all(one.code_hash is not None for one in living):
            _tell(session, by.district_id, person_id, FROZEN_LETTER, now)


def freeze_by_code(
    session: Session, district_id: int, name: str, typed: str, *, address: str, device: str | None = None, now: datetime
) -> int:
    """Stop oneself without signing in, by nickname or address and an unused recovery code, which is used up. Gives the person.

    The same code again is the same report. Tries are counted with those of signing in by a code, ten an hour from one device, and
    last 300 from one place: whoever counted them by name could be kept from reporting by the thief.
    Raises RecoveryCodeWrong, whichever of the two was wrong, and TooMany.
    """
    limit_caller(session, "identity.recover", address, device=device, each=10, place=300, per=HOUR, district_id=district_id)
    with atomic(session):
        hashed = code_hash(session, district_id, clean_code(typed))
        code = session.get(RecoveryCode, (district_id, hashed), with_for_update=True)
        if code is None or not answers_to(session, district_id, code.person_id, name):
            raise RecoveryCodeWrong
        person_id = code.person_id
        open_person(session, district_id, person_id)  # locked: two reports at once are one
        frozen = living_freezes(session, district_id, person_id)
        if any(one.code_hash == hashed for one in frozen):
            return person_id
        if code.used_at is not None:
            raise RecoveryCodeWrong
        code.used_at = now
        if not frozen:
            session.add(PersonFreeze(district_id=district_id, person_id=person_id, asked_by="code", code_hash=hashed, frozen_at=now))
        _end_devices(session, district_id, person_id, now)
        _tell(session, district_id, person_id, FROZEN_LETTER, now)
        return person_id


def unfreeze_person(
    session: Session, by: Principal, person_id: int, *, reason: str = "", keep: Collection[int] = (), now: datetime
) -> bool:
    """End every freeze but those in `keep`, by number. Whether the person is let in again; if so, the devices on which they are signed in
    have lower limits for a day.

    No role check: for the doors above, which know whether it is the desk or the person, and what this one may end.
    Raises PersonUnknown, NotFrozen.
    """
    with atomic(session):
        person, key = open_person(session, by.district_id, person_id)
        living = living_freezes(session, by.district_id, person_id)
        if not living:
            raise NotFrozen
        for one in living:
            if one.id not in keep:
                one.ended_at = now
                one.ended_by = None if by.person_id == person_id else by.person_id
                one.end_reason = seal(key, reason, by.district_id, person.id, "freeze") if reason else None
        if any(one.ended_at is None for one in living):
            return False
        theirs = (Device.district_id == by.district_id, Device.person_id == person_id, Device.ended_at.is_(None))
        session.execute(update(Device).where(*theirs).values(limited_until=now + NEW_DEVICE))
        _tell(session, by.district_id, person_id, LIFTED_LETTER, now)
        return True


def living_freezes(session: Session, district_id: int, person_id: int) -> Sequence[PersonFreeze]:
    """The freezes that hold now, the first one first. For identity's own rooms."""
    held = select(PersonFreeze).where(PersonFreeze.district_id == district_id, PersonFreeze.person_id == person_id)
    return session.scalars(held.where(PersonFreeze.ended_at.is_(None)).order_by(PersonFreeze.id)).all()


def _reason(one: PersonFreeze, key: bytes) -> str:
    return "" if one.reason is None else unseal(key, one.reason, one.district_id, one.person_id, "freeze")


def _end_devices(session: Session, district_id: int, person_id: int, now: datetime) -> None:
    """Whoever holds the lost phone is out, and new when they come back."""
    theirs = (Device.district_id == district_id, Device.person_id == person_id, Device.ended_at.is_(None))
    session.execute(update(Device).where(*theirs).values(ended_at=now))
    end_sessions(session, district_id, person_id, now=now)


def _tell(session: Session, district_id: int, person_id: int, letter: Letter, now: datetime) -> None:
    own = profile(session, district_id, person_id)
    if own.email is not None:
        moment = f"{now.astimezone(TOKYO):%Y-%m-%d %H:%M}"
        queue_mail(session, district_id, own.email, letter, {"moment": moment}, language=own.language, now=now)
