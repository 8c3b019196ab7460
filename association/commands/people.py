"""利用者: stopping a balance at the desk and letting it go again, and seeing somebody off for good."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

import identity.commands
import identity.queries
import ledger.commands as book
import ledger.queries as read
from association.errors import CoinLeft, LiftByAnother
from base.db import atomic, wake
from identity.commands import FreezeOrder, authorise
from identity.errors import RolesRemain
from identity.queries import Principal, freezes_of, grants, person_topic


def freeze_person(session: Session, who: Principal, person_id: int, order: FreezeOrder, *, now: datetime) -> None:
    """一時停止: no balance of the person moves, in any series, until it is lifted; what is on it stays. Their sessions end.

    Whoever is stopped already is stopped for this reason as well. Raises PersonUnknown, AlreadyFrozen.
    """
    with atomic(session):
        authorise(session, who, "association.freeze_person", subject=f"person:{person_id} {order.asked_by}")
        identity.commands.freeze_person(session, who, person_id, order, now=now)
        stop_balances(session, who.district_id, person_id)


def unfreeze_person(session: Session, who: Principal, person_id: int, *, reason: str, now: datetime) -> None:
    """解除: the balances move again; for a day with the lower limits of a new device.

    What the association stopped by itself, or for the police, another person lets go again than the one who stopped it: so what this
    one has stopped holds on, and whatever else held beside it ends. Raises PersonUnknown, NotFrozen, LiftByAnother.
    """
    with atomic(session):
        authorise(session, who, "association.unfreeze_person", subject=f"person:{person_id}")
        living = freezes_of(session, who.district_id, person_id)
        own = {one.id for one in living if one.asked_by in ("association", "police") and one.frozen_by == who.person_id}
        if own and len(own) == len(living):
            raise LiftByAnother
        if identity.commands.unfreeze_person(session, who, person_id, reason=reason, keep=own, now=now):
            release_balances(session, who.district_id, person_id)


def close_person(session: Session, who: Principal, person_id: int, *, gives_up: bool, now: datetime) -> None:
    """退会: an administrator does for a person what they asked for. Raises as `end_account`, and PersonUnknown."""
    with atomic(session):
        authorise(session, who, "identity.erase_person", subject=f"close person:{person_id}")
        end_account(session, who, person_id, gives_up=gives_up, now=now)


def stop_balances(session: Session, district_id: int, person_id: int) -> None:
    """Freeze every account of a consumer, also those to come. No role check: for doors that made their own."""
    book.set_owner_state(session, district_id, "consumer", person_id, "frozen")
    wake(session, person_topic(district_id, person_id))


def release_balances(session: Session, district_id: int, person_id: int) -> None:
    """Open them again. No role check: for doors that made their own."""
    book.set_owner_state(session, district_id, "consumer", person_id, "open")
    wake(session, person_topic(district_id, person_id))


def end_account(session: Session, who: Principal, person_id: int, *, gives_up: bool, now: datetime) -> None:
    """Close a consumer's accounts for good and erase who they were. Nothing is booked.

    What is left on the accounts stays there as unspent balance of a number that is nobody's, secured like all others,
    until its series ends and it expires with them; it is never paid out and never income at this moment. So whoever has
    spendable coin must say that they give it up. No role check: for doors that made their own.
    Raises RolesRemain, CoinLeft, PersonUnknown.
    """
    with atomic(session):
        if any(grant.role != "consumer" for grant in grants(session, who.district_id, person_id=person_id)):
            raise RolesRemain
        book.set_owner_state(session, who.district_id, "consumer", person_id, "closed")  # first: nothing comes in meanwhile
        left = coin_left(session, who.district_id, person_id, now=now)
        if left and not gives_up:
            raise CoinLeft(amount=left)
        identity.commands.erase_person(session, who, person_id, now=now)


def coin_left(session: Session, district_id: int, person_id: int, *, now: datetime) -> int:
    """Yen in series that have not ended: what somebody who leaves now would give up."""
    held = read.balances(session, district_id, "consumer", person_id)
    living = (one for one in held if one.series.unit == "yen" and (one.series.valid_until is None or now < one.series.valid_until))
    return sum(one.balance for one in living)
