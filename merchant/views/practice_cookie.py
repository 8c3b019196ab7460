"""What a tablet remembers of its practice: a signed cookie, read at each page of the till."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from itsdangerous import BadSignature, URLSafeSerializer

COOKIE = "meguri_practice"
SALT = "meguri.practice.1"
SALES_MAX = 20
"""Sales that are remembered: a cookie is small."""


@dataclass(frozen=True, slots=True)
class PracticeSale:
    """A sale that never was. Yen; `at` in seconds since 1970."""

    number: int
    amount: int
    at: int
    returned: int


@dataclass(frozen=True, slots=True)
class Practice:
    """Which tablet practises, who began it (a name, or nothing), and on which day in Tokyo. `sales`: the oldest first."""

    till_id: int
    who: str
    day: str
    sales: tuple[PracticeSale, ...]

    def with_sale(self, amount: int, at: int) -> Practice:
        """One more; the oldest is forgotten where there are too many."""
        number = self.sales[-1].number + 1 if self.sales else 1
        return replace(self, sales=(*self.sales, PracticeSale(number, amount, at, 0))[-SALES_MAX:])

    def with_refund(self, number: int, amount: int) -> Practice:
        """Up to what is left of that sale."""
        back = [replace(one, returned=min(one.amount, one.returned + amount)) if one.number == number else one for one in self.sales]
        return replace(self, sales=tuple(back))


def signed_practice(found: Practice, key: str | bytes) -> str:
    """The cookie's text."""
    sales = [[sale.number, sale.amount, sale.at, sale.returned] for sale in found.sales]
    text: Any = URLSafeSerializer(key, salt=SALT).dumps([found.till_id, found.who, found.day, sales])
    return str(text)


def read_practice(text: str | None, key: str | bytes, till_id: int, day: str) -> Practice | None:
    """The practice in a cookie, if it is this tablet's, of this day, and as it was signed; else None: the till is real."""
    if not text:
        return None
    try:
        found_till, who, found_day, sales = URLSafeSerializer(key, salt=SALT).loads(text)
    except BadSignature:
        return None
    if (found_till, found_day) != (till_id, day):
        return None
    return Practice(found_till, who, found_day, tuple(PracticeSale(*sale) for sale in sales))
