"""The printed code on the counter."""

from __future__ import annotations

import secrets
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from base.db import atomic
from identity.queries import Principal
from merchant.commands.owner import authorise_owner
from merchant.errors import ShopUnknown
from merchant.models import Merchant, StaticCode


def make_static_code(session: Session, who: Principal, merchant_id: int, *, now: datetime) -> UUID:
    """Make this shop's code, or renew it: the one before ends at once and says so when it is scanned.

    The id is 128 bits from the system's secure source (qr.md B.5); the serial is printed in the corner.
    """
    with atomic(session):
        authorise_owner(session, who, "merchant.print_code", merchant_id)
        return first_or_next_code(session, who.district_id, merchant_id, now=now)


def first_code(session: Session, district_id: int, merchant_id: int, *, now: datetime) -> None:
    """Make this shop's code where it has none; one that stands on its counter is left alone. For doors that have asked already."""
    live = select(StaticCode.id).where(
        StaticCode.district_id == district_id, StaticCode.merchant_id == merchant_id, StaticCode.ended_at.is_(None)
    )
    if session.scalar(live) is None:
        first_or_next_code(session, district_id, merchant_id, now=now)


def first_or_next_code(session: Session, district_id: int, merchant_id: int, *, now: datetime) -> UUID:
    """`make_static_code` for doors that have asked already who is asking."""
    shop = session.get(Merchant, (district_id, merchant_id), with_for_update=True, populate_existing=True)
    if shop is None:
        raise ShopUnknown
    mine = (StaticCode.district_id == district_id, StaticCode.merchant_id == merchant_id)
    live = session.scalars(select(StaticCode).where(*mine, StaticCode.ended_at.is_(None))).one_or_none()
    if live is not None:
        live.ended_at = now
        session.flush()
    serial = (session.scalar(select(func.max(StaticCode.serial)).where(*mine)) or 0) + 1
    code = StaticCode(district_id=district_id, id=UUID(bytes=secrets.token_bytes(16)), merchant_id=merchant_id, serial=serial, made_at=now)
    session.add(code)
    session.flush()
    return code.id
