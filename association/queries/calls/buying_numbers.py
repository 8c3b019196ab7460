"""購入番号: what a winner tells at the counter, on the telephone line of a family or without a phone, to buy into their own wallet.

It names campaign and application and carries four digits that only the master key spells, so that a slip of the tongue names nobody.
It pays nothing by itself: the clerk asks for the name that stands beside it, takes cash, and sells what was won.
"""

from __future__ import annotations

import hmac

from sqlalchemy.orm import Session

from association.errors import BuyingNumberUnknown, VoucherApplicationUnknown
from association.queries.calls.applications import MyCall, application_numbered
from base.ids import squeezed
from identity.commands import authorise
from identity.queries import Principal
from identity.vault import vault

PURPOSE = "association.buying_number"
CHECK = 10_000


def buying_number(session: Session, district_id: int, voucher_id: int, number: int) -> str:
    """Of one application, in groups, as the wallet shows it. For doors that have asked already."""
    secret = vault(session).keyed_hash(PURPOSE, district_id, voucher_id, number)
    return f"{voucher_id}-{number}-{int.from_bytes(secret, 'big') % CHECK:04d}"


def number_to_tell(session: Session, district_id: int, mine: MyCall) -> str | None:
    """Of whoever has won and may still buy, for their own wallet; None for everybody else. For doors that have asked already."""
    if mine.application is None or mine.state != "won":
        return None
    return buying_number(session, district_id, mine.terms.id, mine.application.number)


def buyer_of(session: Session, who: Principal, typed: str) -> tuple[int, int]:
    """(campaign, person) of a number that was told. Whether they may buy is asked when it is sold. Raises BuyingNumberUnknown."""
    authorise(session, who, "association.sell_voucher", subject="buying number")
    parts = [squeezed(part) for part in typed.replace("－", "-").replace("ー", "-").split("-")]
    if len(parts) != 3 or not all(part.isascii() and part.isdigit() and len(part) <= 9 for part in parts):
        raise BuyingNumberUnknown
    voucher_id, number = int(parts[0]), int(parts[1])
    told = f"{voucher_id}-{number}-{parts[2]}"
    if not hmac.compare_digest(told, buying_number(session, who.district_id, voucher_id, number)):
        raise BuyingNumberUnknown
    try:
        applied = application_numbered(session, who.district_id, voucher_id, number)
    except VoucherApplicationUnknown as error:
        raise BuyingNumberUnknown from error
    if applied.person_id is None:
        raise BuyingNumberUnknown
    return voucher_id, applied.person_id
