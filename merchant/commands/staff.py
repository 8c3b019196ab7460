"""Who works at a shop, their PIN, and who stands at which tablet."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

import identity.commands
from base.db import atomic
from identity.errors import PinMissing
from identity.queries import Principal
from merchant.commands.owner import authorise_owner
from merchant.errors import LastOwner, NotAlone, NoTill, ShopUnknown
from merchant.models import Merchant, Staff, StaffRole
from merchant.queries.shops import merchant
from merchant.queries.tills import StaffMember, owner_alone, staff_member


@dataclass(frozen=True, slots=True)
class NewStaff:
    """`role`: owner or cashier. `pin`: four to eight digits, known to them alone."""

    name: str
    role: str
    pin: str


def add_staff(session: Session, who: Principal, merchant_id: int, new: NewStaff, *, now: datetime) -> StaffMember:
    """Let somebody stand at this shop's tills. Raises PinWeak."""
    with atomic(session):
        authorise_owner(session, who, "merchant.manage_staff", merchant_id)
        return enrol(session, who.district_id, merchant_id, new, now=now)


def enrol(session: Session, district_id: int, merchant_id: int, new: NewStaff, *, now: datetime) -> StaffMember:
    """`add_staff` for doors that have asked already who is asking."""
    with atomic(session):
        if session.get(Merchant, (district_id, merchant_id)) is None:
            raise ShopUnknown
        shop = session.get_one(Merchant, (district_id, merchant_id), with_for_update=True, populate_existing=True)
        shop.pin_free = False  # from the second pair of hands on everybody says who they are
        row = Staff(district_id=district_id, merchant_id=merchant_id, name=new.name, role=StaffRole(new.role), created_at=now)
        session.add(row)
        session.flush()
        identity.commands.set_staff_pin(session, district_id, row.id, new.pin, now=now)
        return staff_member(session, district_id, merchant_id, row.id)


def set_staff_pin(session: Session, who: Principal, merchant_id: int, staff_id: int, pin: str, *, now: datetime) -> None:
    """A new PIN for a member of staff; the count of failures starts anew. Raises StaffUnknown, PinWeak."""
    with atomic(session):
        authorise_owner(session, who, "merchant.manage_staff", merchant_id, subject=f"staff:{staff_id}")
        staff_member(session, who.district_id, merchant_id, staff_id)
        identity.commands.set_staff_pin(session, who.district_id, staff_id, pin, now=now)


def remove_staff(session: Session, who: Principal, merchant_id: int, staff_id: int, *, now: datetime) -> None:
    """They no longer stand at any till of this shop. Raises StaffUnknown, LastOwner."""
    with atomic(session):
        authorise_owner(session, who, "merchant.manage_staff", merchant_id, subject=f"staff:{staff_id}")
        session.get(Merchant, (who.district_id, merchant_id), with_for_update=True)
        member = staff_member(session, who.district_id, merchant_id, staff_id)
        owners = session.scalar(
            select(func.count()).where(
                Staff.district_id == who.district_id,
                Staff.merchant_id == merchant_id,
                Staff.role == StaffRole.owner,
                Staff.left_at.is_(None),
            )
        )
        if member.is_owner and owners == 1:
            raise LastOwner
        session.get_one(Staff, (who.district_id, staff_id)).left_at = now
        identity.commands.staff_leaves(session, who.district_id, staff_id, now=now)


def set_pin_free(session: Session, who: Principal, merchant_id: int, pin_free: bool, *, now: datetime) -> None:
    """暗証番号なしで使う: for an owner who works alone, until somebody is added. Every refund asks for the PIN as before.

    Raises NotAlone.
    """
    with atomic(session):
        authorise_owner(session, who, "merchant.manage_staff", merchant_id, subject=f"pin_free:{pin_free}")
        shop = session.get_one(Merchant, (who.district_id, merchant_id), with_for_update=True, populate_existing=True)
        if pin_free and owner_alone(session, who.district_id, merchant_id) is None:
            raise NotAlone
        shop.pin_free = pin_free


def switch_staff(session: Session, who: Principal, staff_id: int, pin: str, *, now: datetime) -> StaffMember:
    """担当を替える: whoever proves their PIN stands at this tablet from now on.

    In a shop without PINs its owner stands there by a press, and no more than a cashier may: whoever picks the tablet up
    could press. Raises NoTill, StaffUnknown, PinWrong, PinLocked, PinMissing; a wrong PIN is counted on the member of staff.
    """
    identity.commands.authorise(session, who, "merchant.switch_staff", subject=f"staff:{staff_id}")
    if who.till_id is None or who.merchant_id is None or who.session_id is None:
        raise NoTill
    member = staff_member(session, who.district_id, who.merchant_id, staff_id)
    role = member.role
    if pin == "" and merchant(session, who.district_id, who.merchant_id).pin_free and member.is_owner:
        role = StaffRole.cashier.value
    elif not pin:
        raise PinMissing
    else:
        identity.commands.check_staff_pin(session, who.district_id, staff_id, pin, now=now)
    identity.commands.stand_at_till(session, who.district_id, who.session_id, staff_id=member.id, role=role, now=now)
    return member


def confirmed_by(session: Session, who: Principal, staff_id: int | None, pin: str | None, *, now: datetime) -> Principal:
    """Who answers for what is done at a till: `who` in the role of the member of staff whose PIN this is.

    A signed-in owner and a program with a token answer for themselves. Raises PinMissing, StaffUnknown, PinWrong, PinLocked.
    """
    if who.till_id is None or who.api_token_id is not None:
        return who
    if who.merchant_id is None:
        raise NoTill
    if staff_id is None or not pin:
        raise PinMissing
    member = staff_member(session, who.district_id, who.merchant_id, staff_id)
    identity.commands.check_staff_pin(session, who.district_id, staff_id, pin, now=now)
    return replace(who, roles=frozenset({"till", member.role}), staff_id=member.id)
