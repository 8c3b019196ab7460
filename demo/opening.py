"""Opens the invented town through the real doors: district, association, coin, shops, tills, and the people.

Everything is looked up before it is made, so that an opening that was cut off goes on where it stopped.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import uuid4

from sqlalchemy.orm import Session

import association.commands
import association.queries
import identity.commands
import identity.queries
import ledger.queries
import merchant.commands
import merchant.queries
import wallet.commands
from association.queries import current_notice
from base.clock import day_bounds, tokyo_day
from base.db import atomic
from demo.agents import appoint_agents, leave_to_decide
from demo.almanac import days
from demo.cards import give_cards
from demo.cast import (
    APPROVER,
    ASSOCIATION,
    ASSOCIATION_PEOPLE,
    CLERKS,
    CONSUMER,
    CONTACT,
    COUPON_LASTS,
    COUPONS,
    ISSUER,
    OWNER,
    SERIES,
    SLUG,
    STAFF,
    Named,
    resident,
)
from demo.coins import Coin, coins
from demo.joining import join, known, principal
from demo.people import YEAR, Person, home_area, people
from demo.shops import APPLICANT, MINATOYA, REGISTERED, SHOPS, TRADE_WORDS, Shop
from demo.town import SEED
from identity.errors import DistrictUnknown
from identity.queries import Principal

Report = Callable[[str], None]

TILL_NAME = "店頭の端末 1"
PEOPLE_A_PIECE = 100


@dataclass(frozen=True, slots=True)
class Town:
    """The opened town as numbers: what the fill and the demo's page need to find their way."""

    district_id: int
    coins: tuple[tuple[date, int], ...]  # first day and series of each coin, oldest first
    people: dict[str, int]  # association, owner and consumer of the demo, by mailbox

    @property
    def first_day(self) -> date:
        return self.coins[0][0]

    def series_on(self, day: date) -> int:
        """The series of the coin with which the town paid on that day."""
        return [series_id for first, series_id in self.coins if first <= day][-1]


def find_town(session: Session) -> Town | None:
    """The town if it was opened whole, else None. Reads only."""
    try:
        district = identity.queries.district_by_slug(session, SLUG)
    except DistrictUnknown:
        return None
    here = [one for one in ledger.queries.series(session, district.id) if one.code.split("_")[0] == SERIES]
    found = {named.mailbox: known(session, district.id, named) for named in (*ASSOCIATION_PEOPLE, OWNER, CONSUMER)}
    people_here = {mailbox: person_id for mailbox, person_id in found.items() if person_id is not None}
    if SERIES not in {one.code for one in here} or len(people_here) < len(found):
        return None
    return Town(district.id, tuple(sorted((tokyo_day(one.valid_from), one.id) for one in here)), people_here)


def open_town(session: Session, report: Report, *, now: datetime) -> Town:
    """Everything that the first visitor meets: association, coins, shops, and the people of the demo's page.

    The first coin's first day is the town's: a year before `now`, the first time. Takes a few seconds, and next to nothing
    the next time; a coin that has begun meanwhile is made then.
    """
    before = find_town(session)
    district_id = _district(session)
    first_day = before.first_day if before else tokyo_day(now) - timedelta(days=YEAR)
    opened_at = day_bounds(first_day)[0]
    named = {one.mailbox: join(session, district_id, one, now=opened_at) for one in (*ASSOCIATION_PEOPLE, OWNER, CONSUMER)}
    issuer, approver, clerk = (principal(district_id, named[one.mailbox], one) for one in (ISSUER, APPROVER, CLERKS[0]))
    _coins(session, issuer, coins(first_day, tokyo_day(now)), now=opened_at)
    give_cards(session, clerk, first_day)
    here = {shop.name: shop for shop in merchant.queries.shops(session, district_id)}
    for shop in SHOPS:
        if shop.name not in here:
            _shop(session, issuer, approver, shop, named[OWNER.mailbox], now=opened_at)
            report(f"shop opened: {shop.name}")
    if APPLICANT.name not in here:
        association.commands.register_shop(session, issuer, _as_new(APPLICANT), now=now - timedelta(hours=20))
    town = find_town(session)
    assert town is not None
    appoint_agents(session, issuer, approver, now=opened_at + timedelta(hours=10))
    leave_to_decide(session, clerk, town.series_on(tokyo_day(now)), now=now)
    _coupons(session, issuer, approver, town.series_on(tokyo_day(now)), named[CONSUMER.mailbox], now=now)
    return town


def consumers(session: Session, town: Town, report: Report) -> list[int]:
    """The number of each invented consumer, in the order of `demo.people`; makes those who are missing."""
    folk = people(list(days(town.first_day, town.first_day + timedelta(days=YEAR - 1), SEED)), SEED)
    numbers: list[int] = []
    for start in range(0, len(folk), PEOPLE_A_PIECE):
        with atomic(session):
            for person in folk[start : start + PEOPLE_A_PIECE]:
                came = day_bounds(town.first_day + timedelta(days=person.since))[0]
                numbers.append(join(session, town.district_id, resident(person.number, person.nickname), now=came))
        if start % 500 == 400:
            report(f"people: {len(numbers)} of {len(folk)}")
    _tell_areas(session, town.district_id, dict(zip(numbers, folk, strict=True)))
    return numbers


def _tell_areas(session: Session, district_id: int, folk: Mapping[int, Person]) -> None:
    """Where those live who would tell it, by their number."""
    answered = identity.queries.areas_of(session, district_id, folk)
    with atomic(session):
        for number, person in folk.items():
            area = home_area(person)
            if area is not None and number not in answered:
                themselves = Principal(district_id, number, 0, frozenset({"consumer"}), address="demo")
                identity.commands.tell_area(session, themselves, area)


def _district(session: Session) -> int:
    try:
        return identity.queries.district_by_slug(session, SLUG).id
    except DistrictUnknown:
        new = identity.commands.NewDistrict(
            slug=SLUG, name="灯ノ沢温泉", name_en="Hinosawa Onsen", association=ASSOCIATION, contact=CONTACT
        )
        return identity.commands.create_district(session, new)


def _coins(session: Session, issuer: Principal, wanted: list[Coin], *, now: datetime) -> None:
    with atomic(session):
        if current_notice(session, issuer.district_id) is None:
            association.commands.publish_notice(session, issuer, NOTICE, now=now)
        here = {series.code for series in ledger.queries.series(session, issuer.district_id)}
        for coin in wanted:
            if coin.code not in here:
                new = association.commands.NewSeries(coin.code, coin.name, coin.name_en, first_day=coin.first, last_day=coin.last)
                association.commands.create_series(session, issuer, new, now=now)


def _coupons(session: Session, issuer: Principal, approver: Principal, series_id: int, consumer_id: int, *, now: datetime) -> None:
    """Three coupons that run now, one of them in the demo's phone; each is made anew once the one before is over."""
    if series_id not in {one.id for one in ledger.queries.running_series(session, issuer.district_id, now=now)}:
        return  # the coin of an earlier try-out may have ended: it takes no coupons, and the town is shown as it is
    running = {one.terms.name for one in association.queries.listed_coupons(session, issuer, now=now) if one.state == "running"}
    shops = {shop.name: shop.id for shop in merchant.queries.shops(session, issuer.district_id)}
    consumer = Principal(issuer.district_id, consumer_id, None, frozenset({"consumer"}), address="demo")
    for offer in COUPONS:
        if offer.name in running:
            continue
        with atomic(session):
            new = association.commands.NewCoupon(
                name=offer.name,
                name_en=offer.name_en,
                amount_off=offer.amount_off,
                min_spend=offer.min_spend,
                first_day=tokyo_day(now),
                last_day=tokyo_day(now) + COUPON_LASTS,
                pieces=offer.pieces,
                per_person=3,
                shops=None if offer.shop is None else (shops[offer.shop],),
                shares=offer.shares,
                lands_in=series_id,
                **offer.more,
            )
            coupon_id = association.commands.propose_coupon(session, issuer, new, key=uuid4(), note=offer.note, now=now)
            [terms] = association.queries.coupon_terms(session, issuer.district_id, [coupon_id])
            association.commands.approve(session, approver, terms.proposal_id, now=now)
            if offer.is_in_the_phone:
                wallet.commands.claim_coupon(session, consumer, wallet.commands.Claim(coupon_id, uuid4()), now=now)


def _as_new(shop: Shop) -> merchant.commands.NewShop:
    return merchant.commands.NewShop(
        name=shop.name,
        name_kana=shop.kana,
        name_en=shop.name_en,
        trade=TRADE_WORDS[shop.trade],
        address=f"灯ノ沢温泉 {shop.address}",
        registration_number=REGISTERED.get(shop.name),
    )


def _shop(session: Session, issuer: Principal, approver: Principal, shop: Shop, minato: int, *, now: datetime) -> None:
    """One shop with its owner, its till and its printed code; みなと屋 with staff that have PINs."""
    with atomic(session):
        made = association.commands.register_shop(session, issuer, _as_new(shop), now=now)
        association.commands.approve_shop(session, approver, made.id, admission_check="営業許可証と店舗を確認", now=now)
        if shop.name == MINATOYA:
            owner_id = minato
            for name, role, pin in STAFF:
                merchant.commands.enrol(session, issuer.district_id, made.id, merchant.commands.NewStaff(name, role, pin), now=now)
        else:
            owner = Named(shop.owner, f"shop-{made.public_number}", frozenset())
            owner_id = join(session, issuer.district_id, owner, now=now)
        identity.commands.appoint(session, issuer.district_id, owner_id, "owner", merchant_id=made.id, now=now)
        merchant.commands.first_or_next_code(session, issuer.district_id, made.id, now=now)
        invitation = merchant.commands.invite_till(session, issuer.district_id, made.id, TILL_NAME, now=now)
        tablet = identity.queries.nobody(issuer.district_id, address=f"demo {made.public_number}")
        merchant.commands.pair_till(session, tablet, invitation.code, now=now)


NOTICE = association.commands.Notice(
    issuer_name=ASSOCIATION,
    public_body=False,
    registration_number="関東財務局長 第00000号（見本）",
    registered_on=date(2024, 4, 1),
    address="灯ノ沢温泉 駅前通り 1-1（架空）",
    contact=CONTACT,
    places="灯ノ沢温泉のお店 40店。お店の一覧は組合の窓口と各店にあります。",
    cautions="お釣りは出ません。現金への払い戻しは、法律で認められる場合を除きできません。人に送れるのは1回 5,000円、1か月 20,000円まで"
    "です。スマホをなくしたときは、すぐに案内所へお知らせください。",
    terms="あかりコイン利用規約は案内所で見られます。",
    security="発行から6か月を超えて使えるコインを発行するときは、未使用残高の半額以上を、発行保証金として法務局に供託します。",
    loss_policy="他人に不正に使われた場合、届け出から30日前までの分を、故意や重い過失がない限り組合が補償します。案内所へお申し出ください。",
    english={
        "issuer_name": "Hinosawa Onsen Shopping District Cooperative",
        "address": "1-1 Ekimae-dori, Hinosawa Onsen (invented)",
        "contact": "Hinosawa Onsen information office at the station, telephone 000-0000-0000 (sample), 9:00 to 18:00",
        "places": "40 shops of Hinosawa Onsen. The list of shops is at the office and in each shop.",
        "cautions": "No change is given. Coin is not paid out in cash except where the law allows it. Up to 5,000 yen at once and 20,000"
        " yen a month can be passed on. If you lose your phone, tell the information office at once.",
        "terms": "The terms of use of Akari Coin can be read at the information office.",
        "security": "For coin that can be used for longer than six months after its issue, at least half of the unspent balance is"
        " deposited with the Legal Affairs Bureau.",
        "loss_policy": "If somebody else used your coin, the association makes good what was used within 30 days before your report,"
        " unless you acted on purpose or with gross negligence. Please report it at the information office.",
    },
)
