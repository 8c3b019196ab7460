"""Opens the invented town through the real doors: district, association, coin, shops, tills, and the people.

Everything is looked up before it is made, so that an opening that was cut off goes on where it stopped.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import uuid4

from sqlalchemy.orm import Session

import association.commands
import association.queries
import identity.commands
import identity.queries
import ledger.commands
import ledger.queries
import merchant.commands
import merchant.queries
import wallet.commands
from association.queries import current_notice
from base.clock import day_bounds, tokyo_day
from base.db import atomic
from demo.almanac import days
from demo.cast import (
    ANYBODY,
    APPROVER,
    ASSOCIATION,
    ASSOCIATION_PEOPLE,
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
)
from demo.people import YEAR, people
from demo.shops import APPLICANT, MINATOYA, SHOPS, TRADE_WORDS, Shop
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
    series_id: int
    first_day: date
    people: dict[str, int]  # association, owner and consumer of the demo, by mailbox


def find_town(session: Session) -> Town | None:
    """The town if it was opened whole, else None. Reads only."""
    try:
        district = identity.queries.district_by_slug(session, SLUG)
    except DistrictUnknown:
        return None
    coins = [series for series in ledger.queries.series(session, district.id) if series.code == SERIES]
    found = {named.mailbox: _number(session, district.id, named.email) for named in (*ASSOCIATION_PEOPLE, OWNER, CONSUMER)}
    known = {mailbox: person_id for mailbox, person_id in found.items() if person_id is not None}
    if not coins or len(known) < len(found):
        return None
    return Town(district.id, coins[0].id, tokyo_day(coins[0].valid_from), known)


def open_town(session: Session, report: Report, *, now: datetime) -> Town:
    """Everything that the first visitor meets: association, coin, shops, and the people of the demo's page.

    The coin's first day is the town's: a year before `now`. Takes a few seconds, and next to nothing the next time.
    """
    district_id = _district(session)
    first_day = tokyo_day(now) - timedelta(days=YEAR)
    opened_at = day_bounds(first_day)[0]
    named = {one.mailbox: _person(session, district_id, one, now=opened_at) for one in (*ASSOCIATION_PEOPLE, OWNER, CONSUMER)}
    issuer, approver = _principal(district_id, named, ISSUER), _principal(district_id, named, APPROVER)
    series_id = _coin(session, issuer, first_day, now=opened_at)
    here = {shop.name: shop for shop in merchant.queries.shops(session, district_id)}
    for shop in SHOPS:
        if shop.name not in here:
            _shop(session, issuer, approver, shop, named[OWNER.mailbox], now=opened_at)
            report(f"shop opened: {shop.name}")
    if APPLICANT.name not in here:
        association.commands.register_shop(session, issuer, _as_new(APPLICANT), now=now - timedelta(hours=20))
    _coupons(session, issuer, approver, series_id, named[CONSUMER.mailbox], now=now)
    town = find_town(session)
    assert town is not None
    assert town.series_id == series_id
    return town


def consumers(session: Session, town: Town, report: Report) -> list[int]:
    """The account of each invented consumer, in the order of `demo.people`; makes those who are missing."""
    folk = people(list(days(town.first_day, town.first_day + timedelta(days=YEAR - 1), SEED)), SEED)
    accounts: list[int] = []
    for start in range(0, len(folk), PEOPLE_A_PIECE):
        with atomic(session):
            for person in folk[start : start + PEOPLE_A_PIECE]:
                one = Named(person.nickname, ANYBODY.format(number=person.number).split("@")[0], frozenset({"consumer"}))
                came = day_bounds(town.first_day + timedelta(days=person.since))[0]
                person_id = _person(session, town.district_id, one, now=came)
                accounts.append(ledger.commands.open_account(session, town.district_id, "consumer", person_id, town.series_id))
        if start % 500 == 400:
            report(f"people: {len(accounts)} of {len(folk)}")
    return accounts


def _district(session: Session) -> int:
    try:
        return identity.queries.district_by_slug(session, SLUG).id
    except DistrictUnknown:
        new = identity.commands.NewDistrict(
            slug=SLUG, name="灯ノ沢温泉", name_en="Hinosawa Onsen", association=ASSOCIATION, contact=CONTACT
        )
        return identity.commands.create_district(session, new)


def _number(session: Session, district_id: int, email: str) -> int | None:
    return identity.queries.person_by_email(session, district_id, email)


def _person(session: Session, district_id: int, one: Named, *, now: datetime) -> int:
    known = _number(session, district_id, one.email)
    if known is not None:
        return known
    new = identity.commands.NewPerson(nickname=one.nickname, email=one.email, roles=one.roles)
    return identity.commands.sign_up(session, district_id, new, now=now)


def _principal(district_id: int, named: dict[str, int], one: Named) -> Principal:
    return Principal(district_id, named[one.mailbox], None, one.roles, address="demo")


def _coin(session: Session, issuer: Principal, first_day: date, *, now: datetime) -> int:
    with atomic(session):
        if current_notice(session, issuer.district_id) is None:
            association.commands.publish_notice(session, issuer, NOTICE, now=now)
        coins = [series.id for series in ledger.queries.series(session, issuer.district_id) if series.code == SERIES]
        if coins:
            return coins[0]
        new = association.commands.NewSeries(code=SERIES, name="あかりコイン", name_en="Akari Coin", first_day=first_day, last_day=None)
        return association.commands.create_series(session, issuer, new, now=now)


def _coupons(session: Session, issuer: Principal, approver: Principal, series_id: int, consumer_id: int, *, now: datetime) -> None:
    """Three coupons that run now, one of them in the demo's phone; each is made anew once the one before is over."""
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
            owner_id = _person(session, issuer.district_id, owner, now=now)
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
    places="灯ノ沢温泉の加盟店 40店。お店の一覧は組合の窓口と各店にあります。",
    cautions="お釣りは出ません。現金への払い戻しは、法律で認められる場合を除きできません。スマホをなくしたときは、すぐに案内所へお知らせください。",
    terms="あかりコイン利用規約は案内所で見られます。",
    security="未使用残高の半額以上を、発行保証金として供託しています。利用者は、この保証金から優先して弁済を受けられます（資金決済法第31条）。",
    loss_policy="他人に不正に使われた場合、届け出から30日前までの分を、故意や重い過失がない限り組合が補償します。案内所へお申し出ください。",
)
