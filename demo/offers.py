"""A coupon and a campaign of points that began weeks ago, so that what they brought can be seen on the first evening.

Whoever took the coupon came more often than the year alone would bring them: each use is a bill of its own, paid with cash that was turned
into coin just before, so that nobody lacks anything later. The campaign changes nothing in anybody: its effect is what the figures say.
Made once, in a town that is opened now; one that was opened earlier has the past that it has.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random
from uuid import UUID, uuid5

from sqlalchemy.orm import Session

import association.commands
import association.queries
import ledger.commands
import merchant.commands
import merchant.queries
from association.commands import NewCampaign, NewCoupon, Share
from association.queries import CouponTerms
from base.clock import TOKYO, tokyo_day
from base.db import atomic
from demo.almanac import days
from demo.cast import APPROVER, ISSUER, Named, resident
from demo.joining import join
from demo.opening import Town
from demo.people import YEAR, people
from demo.shops import MINATOYA, SHOPS
from demo.town import SEED
from identity.queries import Principal
from ledger.commands import Draft, Line, hash_command, transfer

NAMESPACE = UUID("5be1f5a1-6c8b-4f50-8f0b-1b7f0a0c2f43")
COUPON, CAMPAIGN = "湯上がりのひと休み", "火・水は もう一つ"
AT = (MINATOYA, "外湯 朝霧の湯", "喫茶 こもれび")
CLOSED = tuple(next(shop.closed_on for shop in SHOPS if shop.name == name) for name in AT)
OFF, MIN_SPEND = 150, 700
FIRST, LAST = timedelta(days=56), timedelta(days=8)
"""Before today; the coupon is over, the campaign goes on."""
TAKERS = range(61, 361, 2)
"""Residents by number who took it, as far as they lived there before and stayed; those between them did not."""
USES = 6
PIECES = 4_000
A_PIECE = 60
"""Uses that the book takes at once."""
TUESDAY_AND_WEDNESDAY = 0b0000110
TOWN_PAYS = (Share("association", 50), Share("funder", 50, "灯ノ沢町"))


@dataclass(frozen=True, slots=True)
class _Use:
    """One piece, taken and used on that day."""

    number: int
    person: int
    shop: int
    bill: int
    at: datetime


def hold(session: Session, town: Town, *, now: datetime) -> None:
    """Both, if they are not there yet. Cut off, it begins anew."""
    today, issuer = tokyo_day(now), _as(town, ISSUER)
    first = today - FIRST
    is_new = first > town.first_day and town.series_on(first) == town.series_on(today)
    if not is_new or COUPON in {one.terms.name for one in association.queries.listed_coupons(session, issuer, now=now)}:
        return
    with atomic(session):
        _campaign(session, town, first, now=_at(first - timedelta(days=3), 10))
        _use(session, town, _coupon(session, town, first, today, now=_at(first - timedelta(days=3), 10)), first, today)


def _as(town: Town, one: Named) -> Principal:
    return Principal(town.district_id, town.people[one.mailbox], None, one.roles, address="demo")


def _at(day: date, hour: int, minute: int = 0) -> datetime:
    return datetime.combine(day, time(hour, minute), TOKYO)


def _key(town: Town, name: str) -> UUID:
    return uuid5(NAMESPACE, f"{town.district_id} {name}")


def _coupon(session: Session, town: Town, first: date, today: date, *, now: datetime) -> CouponTerms:
    here = {shop.name: shop.id for shop in merchant.queries.shops(session, town.district_id)}
    new = NewCoupon(
        name=COUPON,
        name_en="A rest after the bath",
        amount_off=OFF,
        min_spend=MIN_SPEND,
        first_day=first,
        last_day=today - LAST,
        pieces=PIECES,
        per_person=USES,
        shops=tuple(here[name] for name in AT),
        shares=TOWN_PAYS,
        lands_in=town.series_on(today),
    )
    note = "湯上がりに、もう一軒寄ってもらうためです。"
    with atomic(session):  # what was proposed long ago would expire before it is approved
        number = association.commands.propose_coupon(session, _as(town, ISSUER), new, key=_key(town, COUPON), note=note, now=now)
        [terms] = association.queries.coupon_terms(session, town.district_id, [number])
        association.commands.approve(session, _as(town, APPROVER), terms.proposal_id, now=now, posted_at=now + timedelta(hours=5))
    return terms


def _campaign(session: Session, town: Town, first: date, *, now: datetime) -> None:
    """Twice the points on the two quiet days."""
    new = NewCampaign(
        CAMPAIGN, "One more on Tuesdays and Wednesdays", 100, first, first + 2 * FIRST, TUESDAY_AND_WEDNESDAY, None, 20_000, TOWN_PAYS
    )
    number = association.commands.propose_campaign(session, _as(town, ISSUER), new, key=_key(town, CAMPAIGN), now=now)
    terms = association.queries.one_campaign(session, town.district_id, number)
    association.commands.approve(session, _as(town, APPROVER), terms.proposal_id, now=now, posted_at=now + timedelta(hours=5))


def _use(session: Session, town: Town, coupon: CouponTerms, first: date, today: date) -> None:
    """Cash to coin, a piece, a bill: of each taker about once a week, all of it in the past."""
    folk = people(list(days(town.first_day, town.first_day + timedelta(days=YEAR - 1), SEED)), SEED)
    begun, over = (first - town.first_day).days - 90, (today - town.first_day).days
    takers = [folk[number] for number in TAKERS if folk[number].since < begun and (folk[number].until or over) >= over]
    came = _at(town.first_day, 9)
    numbers = [join(session, town.district_id, resident(one.number, one.nickname), now=came) for one in takers]
    coin, pieces = (
        ledger.commands.open_accounts(session, town.district_id, "consumer", numbers, series)
        for series in (town.series_on(today), coupon.id)
    )
    books = _Books(session, town, coupon)
    uses = sorted(_uses(len(takers), first, today - LAST), key=lambda one: one.at)
    for start in range(0, len(uses), A_PIECE):
        part = uses[start : start + A_PIECE]
        drafts = [draft for one in part for draft in books.of(one, coin[one.person], pieces[one.person])]
        ledger.commands.post_many(session, town.district_id, [*drafts, books.to_the_safe(part)])
    books.to_the_bank(uses)


def _uses(takers: int, first: date, last: date) -> Iterator[_Use]:
    rng = Random(COUPON)
    weeks = ((last - first).days + 1) // 7
    for person in range(takers):
        for turn, week in enumerate(rng.sample(range(weeks), USES)):
            day = first + timedelta(days=7 * week + rng.randrange(7))
            yield _Use(
                person * USES + turn,
                person,
                rng.choice([place for place, closed in enumerate(CLOSED) if day.weekday() not in closed]),
                MIN_SPEND + 10 * rng.randrange(5, 120),
                _at(day, rng.randint(10, 16), rng.randrange(60)),
            )


class _Books:
    """What the uses write into the book, at moments that are over."""

    def __init__(self, session: Session, town: Town, coupon: CouponTerms) -> None:
        self._session, self._town, self._coupon = session, town, coupon
        self._clerk = town.people[ISSUER.mailbox]
        self._drawer, self._safe, self._bank = (
            ledger.commands.open_account(session, town.district_id, role, owner, 0)
            for role, owner in (("drawer", self._clerk), ("safe", 0), ("bank", 0))
        )
        here = {shop.name: shop.id for shop in merchant.queries.shops(session, town.district_id)}
        self._shops = [
            (
                here[name],
                merchant.queries.tills(session, town.district_id, here[name])[0].id,
                merchant.commands.payable_account(session, town.district_id, here[name], coupon.lands_in),
            )
            for name in AT
        ]
        self._carried = {"staff": self._clerk, "counted_by": town.people[APPROVER.mailbox], "short": 0}

    def of(self, use: _Use, coin: int, piece: int) -> tuple[Draft, ...]:
        """Coin for cash, a piece from the stock, and the bill less what the piece takes off."""
        coupon, (shop, till, payable), pays = self._coupon, self._shops[use.shop], use.bill - OFF
        shard = ledger.commands.take_piece(self._session, self._town.district_id, coupon.id)
        assert shard is not None, coupon.id
        funded = coupon.funded(OFF)
        lines = (
            Line(coin, pays),
            Line(piece, 1),
            Line(coupon.used_account_id, -1),
            *(Line(account, amount) for account, amount in funded),
            Line(payable, -pays - sum(amount for _account, amount in funded)),
        )
        facts: dict[str, str | int | None] = {
            "way": "dynamic",
            "merchant": shop,
            "till": till,
            "request": None,
            "staff": None,
            "note": None,
        }
        facts |= {"coupon": coupon.id, "bill": use.bill, "discount": OFF, "shop_part": coupon.shop_part(OFF)}
        received: dict[str, str | int | None] = {"way": "counter", "staff": self._clerk, "received": pays}
        return (
            self._draft("top_up", use.number, transfer(self._drawer, coin, pays), received, use.at - timedelta(minutes=50)),
            self._draft("coupon_claim", use.number, transfer(shard, piece, 1), {"coupon": coupon.id}, use.at - timedelta(minutes=4)),
            self._draft("coupon_payment", use.number, lines, facts, use.at),
        )

    def to_the_safe(self, uses: list[_Use]) -> Draft:
        """What was taken for these, in the evening of the last one."""
        evening = uses[-1].at.replace(hour=19, minute=5)
        cash = sum(one.bill - OFF for one in uses)
        return self._draft("drawer_close", uses[0].number, transfer(self._safe, self._drawer, cash), dict(self._carried), evening)

    def to_the_bank(self, uses: list[_Use]) -> None:
        cash, evening = sum(one.bill - OFF for one in uses), uses[-1].at.replace(hour=20, minute=10)
        facts: dict[str, str | int | None] = {"staff": self._carried["counted_by"]}
        draft = self._draft("bank_deposit", 0, transfer(self._bank, self._safe, cash), facts, evening)
        ledger.commands.post(self._session, self._town.district_id, draft)

    def _draft(self, kind: str, number: int, lines: tuple[Line, ...], facts: dict[str, str | int | None], at: datetime) -> Draft:
        key = _key(self._town, f"{kind} {number}")
        return Draft(kind, key, hash_command("demo.offers", str(key)), lines, facts, posted_at=at)
