"""The people by name: the association's, the owner of the shop on the tablet, and the consumer on the phone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import Any, Literal

from association.commands import Share
from base.clock import TOKYO
from demo.shops import MINATOYA

SLUG = "hinosawa"
SERIES = "akari"
ASSOCIATION = "灯ノ沢温泉商店街協同組合"
CONTACT = "灯ノ沢温泉 駅前 案内所 電話 000-0000-0000（見本）9:00〜18:00"
MAIL_HOST = "hinosawa.example"


@dataclass(frozen=True, slots=True)
class Named:
    """Somebody of the association. `post`: what the demo's page calls them."""

    nickname: str
    mailbox: str
    roles: frozenset[str]

    @property
    def email(self) -> str:
        return f"{self.mailbox}@{MAIL_HOST}"


ISSUER = Named("柴田", "shibata", frozenset({"issuer"}))
APPROVER = Named("宮下", "miyashita", frozenset({"approver"}))
AUDITOR = Named("大谷", "otani", frozenset({"auditor"}))
ADMINISTRATOR = Named("藤代", "fujishiro", frozenset({"administrator"}))
GROUP_LEAD = Named("小谷", "kotani", frozenset({"group_lead"}))
CLERKS = (Named("早川（案内所）", "hayakawa", frozenset({"issuer"})), Named("三枝（番台）", "saegusa", frozenset({"issuer"})))
"""Who takes cash at the town's two desks, in the order of town.DESKS."""

ASSOCIATION_PEOPLE = (ISSUER, APPROVER, AUDITOR, ADMINISTRATOR, GROUP_LEAD, *CLERKS)

OWNER = Named("湊", "minato", frozenset())
STAFF = (("湊", "owner", "4173"), ("小春", "cashier", "5926"))
"""Who stands at みなと屋's till: name, role, PIN."""

CONSUMER = Named("ゆず", "yuzu", frozenset({"consumer"}))
"""On the phone of the demo page."""

CARD_HOLDER = Named("川上 ハル", "haru", frozenset({"consumer"}))
CARD_PIN = "2749"
"""Has no phone. Her card's number and PIN stand on the demo's page, so that anybody can pay with it."""

INN_STAFF = {
    "旅館 月見亭": (("有馬", "owner", "6308"), ("美代", "cashier", "2951")),
    "旅館 松籟荘": (("松永", "owner", "8137"),),
}
"""Who stands at the inns' front desks and sells coin there: name, role, PIN."""

TABLETS = {MINATOYA: STAFF, "旅館 月見亭": INN_STAFF["旅館 月見亭"]}
"""Shops whose tablet the demo's page can be, with who stands there: one that sells its own things, and one that sells coin as well."""

GUESTS = tuple(
    Named(name, f"guest{place}", frozenset({"consumer"})) for place, name in enumerate(("凪", "ひびき", "こと", "あさひ", "澪", "ゆう"))
)
"""Staying at the inns today."""


def resident(number: int, nickname: str) -> Named:
    """One of the two thousand of `demo.people`. The address is how the fill finds them again."""
    return Named(nickname, f"person{number:04d}", frozenset({"consumer"}))


@dataclass(frozen=True, slots=True)
class Memory:
    """Something that the consumer on the phone, or the holder of the card, did lately.

    `shop` is None for a top-up; `refunded`: taken back two minutes later.
    """

    days_ago: int
    clock: str
    kind: Literal["top_up", "payment"]
    shop: str | None
    amount: int
    refunded: bool = False

    def at(self, now: datetime) -> datetime:
        """The moment, counted back from `now` in Tokyo."""
        hour, minute = self.clock.split(":")
        day = now.astimezone(TOKYO).date() - timedelta(days=self.days_ago)
        return datetime.combine(day, time(int(hour), int(minute), 12), TOKYO)


MEMORIES = (
    Memory(41, "10:20", "top_up", None, 10_000),
    Memory(41, "10:34", "payment", "外湯 朝霧の湯", 500),
    Memory(41, "11:52", "payment", "喫茶 こもれび", 870),
    Memory(34, "15:05", "payment", MINATOYA, 540),
    Memory(27, "12:15", "payment", "食事処 いろり庵", 1_280),
    Memory(20, "16:40", "payment", "青物 まるた", 696),
    Memory(13, "9:48", "payment", "パン工房 麦の音", 620),
    Memory(11, "19:10", "payment", "居酒屋 提灯", 2_160),
    Memory(10, "13:30", "payment", MINATOYA, 1_080),
    Memory(6, "17:22", "payment", "さわやストア", 1_118),
    Memory(4, "14:55", "top_up", None, 6_000),
    Memory(4, "15:01", "payment", "土産 ふるさと堂", 1_296),
    Memory(3, "8:40", "payment", "外湯 河鹿の湯", 400),
    Memory(2, "15:10", "payment", "喫茶 こもれび", 650, refunded=True),
    Memory(1, "12:08", "payment", "蕎麦処 やまびこ", 1_480),
    Memory(1, "15:20", "payment", MINATOYA, 540),
    Memory(1, "16:52", "top_up", None, 5_000),
)
"""Ends with 8,420 coins, as the pictures of the style guide show."""

CARD_MEMORIES = (
    Memory(38, "9:40", "top_up", None, 5_000),
    Memory(38, "9:52", "payment", "外湯 朝霧の湯", 500),
    Memory(36, "8:20", "payment", "豆腐 とよ田", 400),
    Memory(33, "10:05", "payment", "灯ノ沢薬局", 1_280),
    Memory(29, "9:30", "payment", "青物 まるた", 694),
    Memory(27, "9:15", "payment", "外湯 朝霧の湯", 500),
    Memory(24, "10:40", "payment", "さわやストア", 1_180),
    Memory(21, "9:35", "top_up", None, 5_000),
    Memory(21, "9:50", "payment", "外湯 朝霧の湯", 500),
    Memory(17, "15:05", "payment", MINATOYA, 540),
    Memory(13, "10:10", "payment", "精肉 三河屋", 830),
    Memory(9, "9:25", "payment", "外湯 朝霧の湯", 500),
    Memory(8, "9:20", "top_up", None, 5_000),
    Memory(8, "10:30", "payment", "美容室 さくら", 4_400),
    Memory(5, "9:40", "payment", "青物 まるた", 646),
    Memory(3, "9:20", "payment", "外湯 朝霧の湯", 500),
    Memory(2, "10:00", "top_up", None, 5_000),
    Memory(1, "10:15", "payment", "さわやストア", 1_050),
)
"""The card on the demo's page ends with 6,480 coins."""


@dataclass(frozen=True, slots=True)
class OfferedCoupon:
    """A coupon that runs in the town. Amounts in yen; `shop`: None for all; `is_in_the_phone`: the demo's consumer has claimed one."""

    name: str
    name_en: str
    amount_off: int
    min_spend: int
    pieces: int
    shop: str | None
    shares: tuple[Share, ...]
    note: str
    is_in_the_phone: bool = False

    more: Mapping[str, Any] = field(default_factory=dict)
    """Conditions beyond these, by their names in association.commands.NewCoupon."""


COUPON_LASTS = timedelta(days=60)
COUPONS = (
    OfferedCoupon(
        "湯めぐり 町歩き",
        "Baths and a stroll",
        200,
        1_000,
        6_000,
        None,
        (Share("association", 50), Share("funder", 50, "灯ノ沢町")),
        "町と半分ずつ負担します。平日の町歩きを増やすためです。",
        is_in_the_phone=True,
    ),
    OfferedCoupon(
        "みなと屋 蒸したての日",
        "Fresh from Minatoya",
        50,
        400,
        300,
        MINATOYA,
        (Share("shop", 60), Share("association", 40)),
        "お店から6割負担の申し出がありました。",
    ),
    OfferedCoupon(
        "旅の締めくくり",
        "The end of a journey",
        500,
        3_000,
        500,
        None,
        (Share("funder", 100, "灯ノ沢温泉観光協会"),),
        "観光協会の全額負担です。",
    ),
    OfferedCoupon(
        "平日の昼 一割引き",
        "Weekday lunch, ten percent",
        300,
        1_000,
        800,
        None,
        (Share("association", 100),),
        "平日の11時から15時まで。人の少ない昼を埋めるためです。",
        more={"percent": 10, "weekdays": 0b0011111, "from_minute": 11 * 60, "until_minute": 15 * 60},
    ),
    OfferedCoupon(
        "はじめましての一杯",
        "A first cup",
        150,
        600,
        400,
        None,
        (Share("association", 50), Share("funder", 50, "灯ノ沢町")),
        "まだ入ったことのないお店で使えます。",
        more={"visit": "first"},
    ),
    OfferedCoupon(
        "また来てね お会計のおまけ",
        "Come back soon",
        100,
        700,
        1_000,
        None,
        (Share("association", 100),),
        "支払いの完了画面で配り、30日のうちにもう一度来てもらいます。",
        more={"visit": "again", "within_days": 30, "way": "receipt"},
    ),
)
