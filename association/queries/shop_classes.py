"""Which shops a coupon or a campaign of points is for: named one by one, or by a class, and then whoever joins later as well."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

from sqlalchemy.orm import Session

import merchant.queries
from association.rules import is_for

ALL, SMALL, TRADES = "all", "small", "trades"
Members = Callable[[str, Collection[str]], frozenset[int]]


def members(session: Session, district_id: int) -> Members:
    """Class and trades → numbers of the shops that are in it now; the register is read once, and only if it is asked."""
    read: list[merchant.queries.Registered] = []

    def of(shop_class: str, trades: Collection[str]) -> frozenset[int]:
        if not read:
            read.extend(merchant.queries.register(session, district_id))
        return frozenset(shop.id for shop in read if is_for(shop_class, trades, size=shop.size, trade=shop.trade))

    return of


def class_is_well(session: Session, district_id: int, shop_class: str, trades: Sequence[str], shops: Sequence[int] | None) -> bool:
    """Whether a class makes sense: of trades that there are, and beside it no shop is named."""
    known = {shop.trade for shop in merchant.queries.shops(session, district_id, states=["open", "suspended"])}
    return ((shop_class == TRADES and bool(trades) and set(trades) <= known) or (shop_class in (ALL, SMALL) and not trades)) and (
        shop_class == ALL or shops is None
    )
