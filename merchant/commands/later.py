"""あとで払うQR: what a tablet asked for without the network becomes a request, whoever brings it first: the phone or the tablet itself."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

import identity.commands
from base.db import atomic, wake
from base.errors import MeguriError
from identity.queries import Principal
from merchant.commands.register import place_of
from merchant.commands.requests import must_be_payable
from merchant.errors import CodeTampered
from merchant.models import PaymentRequest, RequestState
from merchant.queries.later import bill_of, id_of, signed_later
from merchant.queries.register_choice import register_choice
from merchant.queries.requests import Asked, request
from merchant.queries.shops import Shop, merchant
from merchant.rules.later import Later


def open_later(session: Session, district_id: int, token: str, *, now: datetime) -> Asked:
    """The request that a text stands for, in whatever state. For the doors that have asked who brings it.

    The same text is the same request, however often and by whomever it is brought; another text in its place is none. It asks for no more
    than the till could have asked for with the network when it was made: what a series allows to one payment never changes.
    Raises CodeUnreadable, CodeUnknown, CodeTampered; NothingToSpend, PaymentTooLarge.
    """
    with atomic(session):
        said, log = signed_later(session, district_id, token)
        shop = merchant(session, district_id, log.merchant_id)
        bill = _sold(session, said, shop) if shop.issues_receipts else None
        request_id, made_at = id_of(said, log), min(said.made_at, now)  # a tablet's clock may be ahead
        must_be_payable(session, district_id, said.amount, now=made_at)
        statement = insert(PaymentRequest).values(
            district_id=district_id,
            id=request_id,
            key=request_id,
            merchant_id=shop.id,
            till_id=said.till_id,
            amount=said.amount,
            state=RequestState.open,
            made_at=made_at,
            expires_at=made_at + (said.expires_at - said.made_at),
            bill=bill,
            later=token,
        )
        session.execute(statement.on_conflict_do_nothing(index_elements=["district_id", "key"]))
        if session.get_one(PaymentRequest, (district_id, request_id), populate_existing=True).later != token:
            raise CodeTampered
        wake(session, shop.topic)
        return request(session, district_id, request_id, now=now)


def _sold(session: Session, said: Later, shop: Shop) -> dict[str, Any]:
    """What its receipt is made of: what was sold as the tablet counted it, where that is known, else one line for each rate."""
    bill = bill_of(session, shop.district_id, shop.id, said)
    if bill is not None:
        return bill.as_json() | {"cash": 0, "card": 0, "received": 0, "articles": True}
    choice = register_choice(session, shop.district_id, shop.id)
    bill = said.bill_by_rate(choice.keypad_name, choice.rounding)
    return bill.as_json() | {"cash": 0, "card": 0, "received": 0}


def tell_later(session: Session, who: Principal, tokens: Sequence[str], *, now: datetime) -> int:
    """The tablet is back and says what it asked for meanwhile, so that the owner sees what is not paid. How many are known here now.

    Again is harmless. One that is not this tablet's, or that nobody can read, is passed over. Raises NoTill.
    """
    identity.commands.authorise(session, who, "merchant.ask")
    _merchant_id, till_id = place_of(session, who)
    known = 0
    for token in tokens:
        try:
            said, _log = signed_later(session, who.district_id, token)
            if said.till_id == till_id:
                open_later(session, who.district_id, token, now=now)
                known += 1
        except MeguriError:
            continue
    return known
