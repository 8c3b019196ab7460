"""番号を入れる: the way to a shop where the camera is refused."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy.orm import Session

import identity.commands
import merchant.queries
from base.ids import squeezed
from identity.queries import Principal
from merchant.queries import Shop

TRIES_A_MINUTE = 10


def find_shop(session: Session, who: Principal, typed: str) -> Shop:
    """The shop whose public number was typed; digits may be full width and grouped. Raises TooMany, ShopUnknown."""
    identity.commands.authorise(session, who, "wallet.read")
    identity.commands.limit_tries(
        session, "wallet.number", str(who.person_id), per=timedelta(minutes=1), count=TRIES_A_MINUTE, district_id=who.district_id
    )
    return merchant.queries.shop_by_number(session, who.district_id, squeezed(typed))
