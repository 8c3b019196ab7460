"""What the owner chose of a shop's tills: how they count, and what they write."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from base.clock import day_bounds
from merchant.models import RegisterSettings
from merchant.queries.shops import merchant
from merchant.rules.bill import Bill
from merchant.rules.invoice import Mode, Rounding


@dataclass(frozen=True, slots=True)
class RegisterChoice:
    """How the till counts and what it writes. `keypad_…`: what a sum without articles is called.

    `code_till`: the till that numbers receipts of payments by the shop's printed code; None: these have none. `next_…`: what holds from the
    midnight (Tokyo) on which `next_day` begins, None for what stays as it is."""

    tax_inside: bool = True
    rounding: Rounding = "floor"
    phone: str = ""
    keypad_name: str = "お品代"
    keypad_rate: int = 10
    bag_name: str = "レジ袋"
    bag_price: int = 5
    code_till: int | None = None
    next_day: date | None = None
    next_keypad_rate: int | None = None
    next_bag_price: int | None = None

    @property
    def mode(self) -> Mode:
        return "inclusive" if self.tax_inside else "exclusive"

    def on(self, day: date) -> RegisterChoice:
        """As it holds on a day in Tokyo."""
        if self.next_day is None or day < self.next_day:
            return self
        rate = self.keypad_rate if self.next_keypad_rate is None else self.next_keypad_rate
        bag = self.bag_price if self.next_bag_price is None else self.next_bag_price
        return replace(self, keypad_rate=rate, bag_price=bag, next_day=None, next_keypad_rate=None, next_bag_price=None)

    @property
    def ahead(self) -> dict[str, int | None] | None:
        """For the till's script: from when on, in ms since 1970, and what holds then."""
        if self.next_day is None:
            return None
        return {"from": int(day_bounds(self.next_day)[0].timestamp() * 1000), "rate": self.next_keypad_rate, "bag": self.next_bag_price}

    def counts(self, bill: Bill) -> Bill:
        """A bill as the till sends it, counted as the shop counts now; one whose prices are with tax (a part of a 割り勘) stays so."""
        return replace(bill, mode="inclusive" if bill.mode == "inclusive" else self.mode, rounding=self.rounding)


def register_choice(session: Session, district_id: int, merchant_id: int) -> RegisterChoice:
    """How this shop's tills count, as the owner last wrote it; what nobody has chosen is as most shops have it. Raises ShopUnknown."""
    row = session.get(RegisterSettings, (district_id, merchant_id), populate_existing=True)
    if row is None:
        merchant(session, district_id, merchant_id)
        return RegisterChoice()
    return RegisterChoice(**{name: getattr(row, name) for name in RegisterChoice.__slots__})


def receipt_telephones(session: Session, district_id: int) -> dict[int, str]:
    """The telephone number on the receipts of each shop that has one there, as its owner wrote it, by shop."""
    written = select(RegisterSettings.merchant_id, RegisterSettings.phone)
    rows = session.execute(written.where(RegisterSettings.district_id == district_id, RegisterSettings.phone != ""))
    return dict(rows.all())
