"""Where the money is now, by series and by campaign: for the desk's home, so without a look at any entry or at everybody's accounts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import text
from sqlalchemy.orm import Session

import ledger.queries as book
from association.queries.coupons import CouponTerms, terms_since
from association.queries.point_campaigns import CampaignTerms, begun_campaigns, given_of
from association.queries.point_events import EventTerms, begun_events
from association.queries.vouchers import VoucherTerms, usable_vouchers
from association.rules import premium_used
from base.clock import tokyo_day
from identity.commands import authorise
from identity.queries import Principal
from ledger.queries import Series

Held = Mapping[tuple[str, int], int]
"""What each role holds in each series, natural."""
KINDS = ("voucher", "coupon", "points", "event")
PEOPLES = ("consumer", "voucher_paper")
"""What people hold: in a wallet, or as vouchers on paper."""


@dataclass(frozen=True, slots=True)
class Outstanding:
    """What consumers hold of one series, in yen. `last_day`: the last on which it can be spent; None: it does not end."""

    series: Series
    amount: int
    last_day: date | None
    days_left: int | None  # 0 on the last day, below that it has ended and what is left was not expired yet

    @property
    def is_over(self) -> bool:
        return self.days_left is not None and self.days_left < 0


@dataclass(frozen=True, slots=True)
class Campaign:
    """What runs today. `kind`: voucher, coupon, points (multiplied) or event (points for taking part). `given` and `left` in units, pieces,
    points or people; `used`: yen of a voucher, pieces of a coupon, and `used_percent` of what was given; of points and events what was
    given, of what there is. `cost`: what association and funders have borne so far, in yen, without what shops bear themselves.

    `sold_until`: the last day of a voucher's sale while that lasts.
    """

    terms: CouponTerms | VoucherTerms | CampaignTerms | EventTerms
    kind: str
    given: int
    used: int
    used_percent: int
    left: int
    cost: int
    days_left: int
    sold_until: date | None = None
    shops_bear: bool = False

    @property
    def is_voucher(self) -> bool:
        return self.kind == "voucher"


@dataclass(frozen=True, slots=True)
class Standings:
    """Where the money is, in yen: what consumers hold (未使用残高), what shops have taken and not been paid (未払金), cash in drawers and
    safe, what agents have taken, top-up codes on paper that nobody has redeemed. `has_series`: whether anything was ever made to be issued.
    """

    outstanding: int
    owed: int
    cash: int
    agents: int
    codes: int
    by_series: tuple[Outstanding, ...]
    campaigns: tuple[Campaign, ...]
    has_series: bool


def standings(session: Session, who: Principal, *, now: datetime) -> Standings:
    """All of it from what the sealer keeps by role and day, and from what it has not come to. What ends first stands in front."""
    authorise(session, who, "association.read")
    held = book.stands(session, who.district_id)
    by_role: dict[str, int] = {}
    every = {one.id: one for one in book.series(session, who.district_id)}
    for (role, series_id), amount in held.items():
        if series_id == 0 or every[series_id].unit == "yen":
            by_role[role] = by_role.get(role, 0) + amount
    today = tokyo_day(now)
    return Standings(
        outstanding=sum(by_role.get(role, 0) for role in PEOPLES),
        owed=by_role.get("payable", 0),
        cash=by_role.get("drawer", 0) + by_role.get("safe", 0),
        agents=by_role.get("agent", 0),
        codes=by_role.get("top_up_code", 0),
        by_series=_by_series(held, [one for one in every.values() if one.unit == "yen"], today),
        campaigns=_campaigns(session, who.district_id, held, now),
        has_series=any(one.is_coin for one in every.values()),
    )


def _by_series(held: Held, series: list[Series], today: date) -> tuple[Outstanding, ...]:
    """Those of which somebody holds something, what ends first in front, what never ends last."""
    found = []
    for one in series:
        amount = sum(held.get((role, one.id), 0) for role in PEOPLES)
        if amount:
            last_day = None if one.valid_until is None else tokyo_day(one.valid_until - timedelta(microseconds=1))
            found.append(Outstanding(one, amount, last_day, None if last_day is None else (last_day - today).days))
    return tuple(sorted(found, key=lambda row: (row.last_day or date.max, row.series.id)))


def _campaigns(session: Session, district_id: int, held: Held, now: datetime) -> tuple[Campaign, ...]:
    """What runs today and a second person has approved: of each kind what ends first, then of each the next."""
    today = tokyo_day(now)
    coupons = [
        terms
        for terms in terms_since(session, district_id, today)
        if terms.begins <= now and terms.ended_at is None and held.get(("coupon_issued", terms.id), 0)
    ]
    vouchers = [
        terms
        for terms in usable_vouchers(session, district_id, today=today)
        if terms.sale_first_day <= today and held.get(("voucher_units", terms.units_series_id), 0)
    ]
    borne = _borne(session, district_id, coupons)
    found = [_coupon(terms, held, borne, today) for terms in coupons] + [_voucher(terms, held, today) for terms in vouchers]
    found += _points(session, district_id, today) + _events(session, district_id, today)
    found.sort(key=lambda one: (KINDS.index(one.kind), one.days_left, one.terms.id))
    before = {id(one): sum(other.kind == one.kind for other in found[:at]) for at, one in enumerate(found)}
    return tuple(sorted(found, key=lambda one: before[id(one)]))


def _points(session: Session, district_id: int, today: date) -> list[Campaign]:
    """Campaigns that multiply points. A point is a yen to whoever pays for it."""
    running = [one for one in begun_campaigns(session, district_id, since=today) if one.ended_at is None and one.first_day <= today]
    given = given_of(session, district_id, running)
    return [_of_points("points", one, given[one.id], one.budget, given[one.id], today) for one in running]


def _events(session: Session, district_id: int, today: date) -> list[Campaign]:
    running = [one for one in begun_events(session, district_id, since=today) if one.ended_at is None and one.first_day <= today]
    return [_of_points("event", one, one.taken, one.most, one.taken * one.points, today) for one in running]


def _of_points(kind: str, terms: CampaignTerms | EventTerms, given: int, most: int, cost: int, today: date) -> Campaign:
    return Campaign(
        terms=terms,
        kind=kind,
        given=given,
        used=given,
        used_percent=min(given * 100 // most, 100),
        left=max(most - given, 0),
        cost=cost,
        days_left=(terms.last_day - today).days,
    )


def _borne(session: Session, district_id: int, coupons: list[CouponTerms]) -> dict[int, int]:
    """What each account of these coupons' payers has borne: what stands there, and what a funder has paid of it already."""
    accounts = [part.account_id for terms in coupons for part in terms.parts if part.account_id is not None]
    if not accounts:
        return {}
    since = min(terms.made_at for terms in coupons)
    paid = book.sums_of_rare_kind(session, district_id, accounts, "funder_pays", since=since)
    return {account: amount - paid.get(account, 0) for account, amount in book.natural_balances(session, district_id, accounts).items()}


def _coupon(terms: CouponTerms, held: Held, borne: Mapping[int, int], today: date) -> Campaign:
    left, used = (held.get((role, terms.id), 0) for role in ("coupon_stock", "coupon_used"))
    given = held[("coupon_issued", terms.id)] - left
    return Campaign(
        terms=terms,
        kind="coupon",
        given=given,
        used=used,
        used_percent=used * 100 // given if given else 0,
        left=left,
        cost=sum(borne.get(part.account_id, 0) for part in terms.parts if part.account_id is not None),
        days_left=(terms.last_day - today).days,
        shops_bear=any(part.account_id is None for part in terms.parts),
    )


def _voucher(terms: VoucherTerms, held: Held, today: date) -> Campaign:
    """While it can be spent nothing of it has expired: what was sold and neither is held nor waits after a late refund was used."""
    left = held.get(("voucher_stock", terms.units_series_id), 0)
    given = held[("voucher_units", terms.units_series_id)] - left
    sold = given * terms.face
    used = sold - sum(held.get((role, part), 0) for role in (*PEOPLES, "suspense") for part in terms.faces)
    return Campaign(
        terms=terms,
        kind="voucher",
        given=given,
        used=used,
        used_percent=used * 100 // sold if sold else 0,
        left=left,
        cost=premium_used(used, terms.premium, terms.face),
        days_left=(terms.last_day - today).days,
        sold_until=terms.sale_last_day if today <= terms.sale_last_day else None,
    )


@dataclass(frozen=True, slots=True)
class NamedCampaign:
    """A voucher or a coupon by its name. `is_over`: today it can no longer be used."""

    id: int
    is_voucher: bool
    name: str
    first_day: date
    last_day: date
    is_over: bool


NAMED = text("""
    SELECT id, true, name, sale_first_day, last_day, last_day < :today FROM voucher
    WHERE district_id = :district_id AND (strpos(lower(name), :part) > 0 OR strpos(lower(name_en), :part) > 0)
    UNION ALL
    SELECT id, false, name, first_day, last_day, last_day < :today OR ended_at IS NOT NULL FROM coupon
    WHERE district_id = :district_id AND (strpos(lower(name), :part) > 0 OR strpos(lower(name_en), :part) > 0)
    ORDER BY 5 DESC, 1 DESC LIMIT 20
""")


def named_campaigns(session: Session, who: Principal, part: str, *, today: date) -> list[NamedCampaign]:
    """Vouchers and coupons with this in one of their names, what ends last in front."""
    authorise(session, who, "association.read")
    values = {"district_id": who.district_id, "part": part.lower(), "today": today}
    return [NamedCampaign(*row) for row in session.execute(NAMED, values)]
