"""残高が足りないとき: the consumer tells the shop how much they can pay in coin. The shop decides about the rest."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

import identity.commands
import merchant.commands
import merchant.queries
from base.db import atomic
from identity.queries import Principal
from merchant.errors import ShopSuspended
from merchant.queries import Asked
from wallet.commands.lock import lock_wallet
from wallet.errors import NothingToOffer, PlanChanged
from wallet.queries.plans import must_be_payable
from wallet.queries.purses import yen_balances
from wallet.queries.vouchers import at_shop
from wallet.rules import plan_tender


def offer_split(session: Session, who: Principal, request_id: UUID, coin: int, *, now: datetime) -> Asked:
    """Offer `coin` yen, all that can be paid now, of a bill that is larger. No money moves; offering again is harmless.

    Raises RequestUnknown, AlreadyPaid, RequestPaid, RequestCancelled, RequestExpired, OfferOfAnother, OfferDeclined,
    ShopSuspended; NothingToOffer; PlanChanged when what can be paid is not what the page showed.
    """
    identity.commands.authorise(session, who, "wallet.offer_split")
    assert who.person_id is not None
    with atomic(session):
        lock_wallet(session, who.district_id, who.person_id)
        asked = merchant.queries.request(session, who.district_id, request_id, now=now)
        must_be_payable(session, who, asked)
        shop = merchant.queries.merchant(session, who.district_id, asked.merchant_id)
        if not shop.is_open:
            raise ShopSuspended
        held = at_shop(session, who.district_id, yen_balances(session, who.district_id, who.person_id), shop, now=now)
        tender = plan_tender(asked.amount, held.accounts, now=now)
        if not tender.parts or not tender.shortage:
            raise NothingToOffer
        if tender.amount != coin:
            raise PlanChanged
        return merchant.commands.offer_split(session, asked, who.person_id, coin, now=now)


def withdraw_offer(session: Session, who: Principal, request_id: UUID, *, now: datetime) -> Asked:
    """やめる: the shop is asked no more. If it was faster, the answer says so. Raises RequestUnknown."""
    identity.commands.authorise(session, who, "wallet.offer_split")
    assert who.person_id is not None
    asked = merchant.queries.request(session, who.district_id, request_id, now=now)
    return merchant.commands.withdraw_offer(session, asked, who.person_id, now=now)
