"""加盟の申し込み: a shop writes everything once; whoever takes it up types nothing, and another person admits it as ever."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from association.commands.application_letters import tell_declined
from association.commands.bank_details import propose_account
from association.commands.shops import register_shop
from association.errors import ApplicationHandled, ApplicationUnknown
from association.models import ShopApplication
from association.queries.applications import Application, application_of, sealed_application
from base.db import atomic
from identity.commands import authorise, limit_caller
from identity.queries import Principal

OF_DEVICE, OF_PLACE = 10, 300
"""Applications in an hour: a shopping street, or the association's own counter on the day of the briefing, may share one address."""


def apply_shop(session: Session, who: Principal, application: Application, *, now: datetime) -> int:
    """Keep what a shop wrote, sealed, and give its number. Nothing else happens before somebody looks at it. Raises TooMany."""
    an_hour, here = timedelta(hours=1), who.district_id
    limit_caller(session, "apply_shop", who.address, device=who.device_token, each=OF_DEVICE, place=OF_PLACE, per=an_hour, district_id=here)
    with atomic(session):
        authorise(session, who, "association.apply_shop")
        row = ShopApplication(district_id=who.district_id, sealed=sealed_application(session, who.district_id, application), made_at=now)
        session.add(row)
        session.flush()
        return row.id


def take_application(session: Session, who: Principal, application_id: int, *, now: datetime) -> int:
    """登録する: the shop is put forward and its account proposed, both as they were written; gives the shop. Again gives the same.

    Another person admits the shop, and approves its account. Raises ApplicationUnknown, ApplicationHandled.
    """
    with atomic(session):
        authorise(session, who, "association.register_shop", subject=f"application:{application_id}")
        row = _held(session, who, application_id)
        if row.merchant_id is not None:
            return row.merchant_id
        wanted = application_of(session, row)
        if wanted is None:
            raise ApplicationHandled
        shop = register_shop(session, who, wanted.shop, now=now)
        propose_account(session, who, shop.id, wanted.account, now=now)
        row.merchant_id, row.handled_by, row.handled_at = shop.id, who.person_id, now
        return shop.id


def decline_application(session: Session, who: Principal, application_id: int, *, reason: str, now: datetime) -> None:
    """断る: what it says is forgotten, that it was there and why it was declined stays. The reason goes to the address that was written.

    Raises ApplicationUnknown, ApplicationHandled."""
    with atomic(session):
        authorise(session, who, "association.register_shop", subject=f"application:{application_id} declined")
        row = _held(session, who, application_id)
        if row.handled_at is not None:
            raise ApplicationHandled
        wanted = application_of(session, row)
        if wanted is not None:
            tell_declined(session, who.district_id, wanted, reason, now=now)
        row.sealed, row.decline_reason, row.handled_by, row.handled_at = None, reason, who.person_id, now


def _held(session: Session, who: Principal, application_id: int) -> ShopApplication:
    """Under its lock, so that two clerks register one shop."""
    row = session.get(ShopApplication, (who.district_id, application_id), with_for_update=True, populate_existing=True)
    if row is None:
        raise ApplicationUnknown
    return row
