"""The forty shops of 灯ノ沢温泉: invented names, streets and prices. Yen, tax included."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

Trade = Literal[
    "sweets",
    "meal",
    "cafe",
    "inn",
    "liquor",
    "craft",
    "souvenir",
    "bath",
    "grocery",
    "health",
    "care",
    "night",
    "ride",
    "play",
]

TRADE_WORDS: dict[Trade, str] = {
    "sweets": "菓子・パン",
    "meal": "飲食",
    "cafe": "喫茶",
    "inn": "宿泊",
    "liquor": "酒類",
    "craft": "工芸",
    "souvenir": "土産",
    "bath": "入浴",
    "grocery": "食料品",
    "health": "薬局",
    "care": "理美容・サービス",
    "night": "居酒屋・バー",
    "ride": "交通",
    "play": "遊び・文化",
}

Item = tuple[str, int, int]
"""What one can buy: its name, its price in yen, how often it is taken against the others."""


@dataclass(frozen=True, slots=True)
class Shop:
    """One shop as the invented town knows it."""

    name: str
    kana: str
    name_en: str
    trade: Trade
    address: str
    owner: str
    opens: int  # first hour in which it sells
    closes: int  # hour from which it no longer sells; above 24 is after midnight
    closed_on: frozenset[int]  # weekdays, 0 is Monday
    locals_weight: int  # how readily residents go there, against the other shops
    guests_weight: int  # the same for visitors
    basket_max: int  # most items in one sale
    items: tuple[Item, ...]


MINATOYA = "湯の花まんじゅう みなと屋"
"""The shop on the tablet of the demo page."""

AGENTS = {"旅館 月見亭": 200_000, "旅館 松籟荘": 150_000}
"""Inns that sell coin at the front desk, and for how much a day at most, in yen."""

REGISTERED = {MINATOYA: "T0000000000001", "蕎麦処 やまびこ": "T0000000000002"}
"""登録番号 of those whose tablet writes receipts: samples, which nobody has."""


def _shop(names: str, place: str, goods: str) -> Shop:
    """A shop from its three lines in shops.txt."""
    name, kana, name_en = names.split(" | ")
    trade, address, owner, hours, closed_on, draw = place.split(" | ")
    opens, closes = map(int, hours.split("-"))
    locals_weight, guests_weight, basket_max = map(int, draw.split())
    items: list[Item] = []
    for item in goods.split("、"):
        figures, label = item.split(" ", 1)
        price, weight = figures.split("×")
        items.append((label, int(price), int(weight)))
    weekdays = frozenset("月火水木金土日".index(day) for day in closed_on if closed_on != "なし")
    assert trade in TRADE_WORDS, trade
    return Shop(
        name=name,
        kana=kana,
        name_en=name_en,
        trade=trade,
        address=address,
        owner=owner,
        opens=opens,
        closes=closes,
        closed_on=weekdays,
        locals_weight=locals_weight,
        guests_weight=guests_weight,
        basket_max=basket_max,
        items=tuple(items),
    )


def _read() -> tuple[Shop, ...]:
    text = Path(__file__).with_name("shops.txt").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    return tuple(_shop(*lines[start : start + 3]) for start in range(0, len(lines), 3))


*_ALL, APPLICANT = _read()
SHOPS: tuple[Shop, ...] = tuple(_ALL)
"""The forty that take the coin. APPLICANT has applied and waits for the approver: something to decide on the desk."""
