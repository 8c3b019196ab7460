"""Shops of a district, and the accounts on which the book owes them."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from base.ids import has_check_digit, pseudonym
from merchant.errors import ShopUnknown
from merchant.models import Merchant, MerchantTrade, ShopState


@dataclass(frozen=True, slots=True)
class Shop:
    """加盟店 as everybody may see it. `state`: applied, open, suspended or closed.

    `issues_receipts`: its tills write its receipts, and no old register does. `pin_free`: its owner works there alone and stands at
    the tills without a PIN. `size`: small or large.
    """

    district_id: int
    id: int
    public_number: str
    name: str
    name_kana: str
    name_en: str
    trade: str
    address: str
    state: str
    state_since: datetime
    registration_number: str | None
    pin_free: bool
    size: str
    issues_receipts: bool = False

    @property
    def is_open(self) -> bool:
        """Whether it may ask for and take money now."""
        return self.state == ShopState.open

    @property
    def topic(self) -> str:
        """Who listens for this shop's news listens here: its tills and their requests, its state."""
        return shop_topic(self.district_id, self.id)

    @property
    def sales_topic(self) -> str:
        """And here for what came into the book or went back, and nothing else."""
        return f"{self.topic}:sales"


def shop_topic(district_id: int, merchant_id: int) -> str:
    """The wake-up topic of a shop's tills."""
    return f"d{district_id}:m{merchant_id}"


def as_shop(row: Merchant) -> Shop:
    return Shop(
        district_id=row.district_id,
        id=row.id,
        public_number=row.public_number,
        name=row.name,
        name_kana=row.name_kana,
        name_en=row.name_en,
        trade=row.trade,
        address=row.address,
        state=row.state.value,
        state_since=row.state_since,
        registration_number=row.registration_number,
        pin_free=row.pin_free,
        size=row.size,
        issues_receipts=row.issues_receipts,
    )


def merchant(session: Session, district_id: int, merchant_id: int) -> Shop:
    """One shop. Raises ShopUnknown."""
    row = session.get(Merchant, (district_id, merchant_id), populate_existing=True)
    if row is None:
        raise ShopUnknown
    return as_shop(row)


def shop_by_number(session: Session, district_id: int, public_number: str) -> Shop:
    """The shop whose six digits a person typed. Raises ShopUnknown, also for a wrong check digit or a closed shop."""
    if not has_check_digit(public_number):
        raise ShopUnknown
    row = session.scalars(
        select(Merchant).where(Merchant.district_id == district_id, Merchant.public_number == public_number)
    ).one_or_none()
    if row is None or row.state in (ShopState.applied, ShopState.closed):
        raise ShopUnknown
    return as_shop(row)


def shops(session: Session, district_id: int, *, states: Sequence[str] | None = None, ids: Sequence[int] | None = None) -> list[Shop]:
    """Shops in the order of their reading (kana), of all or the given states and ids."""
    query = select(Merchant).where(Merchant.district_id == district_id).order_by(Merchant.name_kana, Merchant.id)
    if states is not None:
        query = query.where(Merchant.state.in_([ShopState(state) for state in states]))
    if ids is not None:
        query = query.where(Merchant.id.in_(ids))
    return [as_shop(row) for row in session.scalars(query)]


def names_of_shops(session: Session, district_id: int) -> dict[int, str]:
    """What every shop that there ever was is called now, by its number in the book."""
    rows = session.execute(select(Merchant.id, Merchant.name).where(Merchant.district_id == district_id))
    return dict(rows.all())


@dataclass(frozen=True, slots=True)
class Registered:
    """A shop as figures need it: no name. `size`: small or large; `registered_at`: when it came into the register; `trades`: what its
    trade was since when, oldest first."""

    id: int
    public_number: str
    trade: str
    size: str
    registered_at: datetime
    trades: tuple[tuple[datetime, str], ...]


def register(session: Session, district_id: int) -> list[Registered]:
    """Every shop that there ever was, by its number in the book."""
    trades: dict[int, list[tuple[datetime, str]]] = defaultdict(list)
    kept = select(MerchantTrade.merchant_id, MerchantTrade.since, MerchantTrade.trade).where(MerchantTrade.district_id == district_id)
    for merchant_id, since, trade in session.execute(kept.order_by(MerchantTrade.since, MerchantTrade.id)):
        trades[merchant_id].append((since, trade))
    query = select(Merchant.id, Merchant.public_number, Merchant.trade, Merchant.size, Merchant.created_at)
    rows = session.execute(query.where(Merchant.district_id == district_id).order_by(Merchant.id))
    return [Registered(*row, trades=tuple(trades[row.id])) for row in rows]


def answers_to(shop: Shop, part: str) -> bool:
    """Whether the shop's name, reading or English name has this part in it; width, capitals, blanks and kind of kana aside."""
    wanted = plain(part)
    return bool(wanted) and any(wanted in plain(name) for name in (shop.name, shop.name_kana, shop.name_en))


def plain(name: str) -> str:
    """A name without width, capitals, blanks and kind of kana: two that people would call the same are the same."""
    plain = "".join(unicodedata.normalize("NFKC", name).split()).casefold()
    return "".join(chr(ord(sign) - 0x60) if "ァ" <= sign <= "ヶ" else sign for sign in plain)


def pseudonym_of(session: Session, district_id: int, merchant_id: int, person_id: int) -> str:
    """What this shop calls this customer: the same at each visit, another one at the next shop."""
    return pseudonym(pseudonym_key(session, district_id, merchant_id), person_id)


def pseudonym_key(session: Session, district_id: int, merchant_id: int) -> bytes:
    """What makes this shop's pseudonyms its own. Raises ShopUnknown."""
    key = session.scalar(select(Merchant.pseudonym_key).where(Merchant.district_id == district_id, Merchant.id == merchant_id))
    if key is None:
        raise ShopUnknown
    return key
