"""今日の仕事: where the money is by series and campaign, from lists that stay short however long the book is."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

from sqlalchemy import Engine, text

import ledger.commands
import ledger.queries
from association import queries
from association.queries import Campaign, Standings
from base.clock import tokyo_day
from base.db import atomic
from ledger.commands import Draft
from tests.association.test_pages import Seat, desk
from tests.town import Town

__all__ = ["desk"]


def a_week_of_campaigns(town: Town) -> tuple[int, int]:
    """A coupon that was claimed twice and used once, a voucher of which two units were sold and 5,000 yen spent; their numbers."""
    coupon, voucher = town.coupon(amount_off=200), town.voucher()
    hanako, taro, bakery = town.consumer(coins=3_000), town.consumer(), town.shop()
    hanako.claims(coupon)
    taro.claims(coupon)
    hanako.pays(bakery.asks(1_500), coupon=coupon)
    town.clerk().signs_in_again().sells(taro, voucher, 2)
    taro.pays(bakery.asks(5_000))
    return coupon, voucher


def sees(town: Town) -> Standings:
    return queries.standings(town.session, town.approver().signs_in_again().who, now=town.now)


def figures(one: Campaign) -> tuple[int, ...]:
    return one.given, one.used, one.left, one.cost, one.days_left


def test_the_home_says_where_the_money_is_before_and_after_the_sealer(district: Town) -> None:
    """By series with the last day, and each campaign with what was given, used, left, what it cost and how long it goes on."""
    coupon, voucher = a_week_of_campaigns(district)
    end = tokyo_day(district.now) + timedelta(days=90)
    before = sees(district)
    assert [(row.series.id, row.amount, row.last_day, row.days_left) for row in before.by_series] == [
        (voucher, 21_000, end, 90),
        (district.series_id, 3_000 - 1_300, None, None),
    ]
    assert (before.outstanding, before.owed, before.cash) == (22_700, 6_500, 23_000)
    by_id = {one.terms.id: one for one in before.campaigns}
    terms = district.coupon_row(coupon).terms
    assert figures(by_id[coupon]) == (2, 1, terms.pieces - 2, 200, (terms.last_day - tokyo_day(district.now)).days)
    assert figures(by_id[voucher]) == (2, 5_000, 98, 5_000 * 3_000 // 13_000, 90)
    assert by_id[voucher].sold_until == tokyo_day(district.now) + timedelta(days=20)
    assert by_id[coupon].cost == district.coupon_row(coupon).cost
    district.seals()
    assert sees(district) == before


def test_a_campaign_that_is_over_or_ended_is_no_card(district: Town) -> None:
    """Nor one that nobody has approved yet."""
    coupon, _ = a_week_of_campaigns(district)
    district.proposed_coupon()
    district.proposed_voucher()
    district.ends_coupon(coupon)
    assert [one.is_voucher for one in sees(district).campaigns] == [True]
    later = district.now + timedelta(days=91)
    over = queries.standings(district.session, district.approver().who, now=later)
    assert over.campaigns == () and over.by_series[0].is_over


def test_points_that_are_multiplied_or_given_for_taking_part_are_cards(desk: Seat, district: Town) -> None:
    """What was given of the budget and of the places, and what it cost; gone with their end, and before two people have agreed."""
    district.points()
    campaign, event = district.point_campaign(budget=100), district.point_event()
    hanako = district.consumer(coins=3_000)
    hanako.pays(district.shop(), 1_000)
    hanako.takes_part(event.code)
    district.gives_points()
    district.coupon()
    district.coupon()
    assert [one.kind for one in sees(district).campaigns] == ["coupon", "points", "event", "coupon"], "none hides behind another's many"
    cards = {(one.kind, one.terms.id): one for one in sees(district).campaigns}
    assert figures(cards["points", campaign]) == (20, 20, 80, 20, 60) and cards["points", campaign].used_percent == 20
    assert figures(cards["event", event.id]) == (1, 1, 2, 50, 30)
    borne = queries.listed_campaign(district.session, district.approver().who, campaign, now=district.now).borne
    assert sum(borne.values()) == 20, "what its payers bear is what was given on top"
    page = desk(district.approver()).sees("/desk/").text
    assert f'href="/desk/points/campaigns/{campaign}"' in page and f'href="/desk/points/events/{event.id}"' in page
    assert "予算の 20%を付けました" in page and "定員の 33%が受け取りました" in page
    later = queries.standings(district.session, district.approver().signs_in_again().who, now=district.now + timedelta(days=31))
    assert [one.kind for one in later.campaigns if one.kind != "coupon"] == ["points"]


def test_a_voucher_of_two_parts_is_one_card(district: Town) -> None:
    """What nobody has spent of either part is not used."""
    voucher = district.voucher(local_face=8_000)
    district.clerk().signs_in_again().sells(district.consumer(), voucher)
    [card] = sees(district).campaigns
    assert (card.given, card.used, card.cost) == (1, 0, 0)


def test_the_home_reads_no_entry_of_the_book(district: Town, superuser: Engine) -> None:
    """What it costs does not grow with what was booked: of a thousand transactions hardly one is looked at."""
    a_week_of_campaigns(district)
    session, hanako, clerk = district.session, district.consumer(coins=1), district.clerk()
    drawer = ledger.queries.account_id(session, district.district_id, "drawer", clerk.person_id, 0)
    purse = ledger.queries.account_id(session, district.district_id, "consumer", hanako.person_id, district.series_id)
    assert drawer is not None and purse is not None
    line = ledger.commands.transfer(drawer, purse, 1)
    with atomic(session):
        drafts = [Draft("top_up", uuid4(), ledger.commands.hash_command("one yen"), line) for _ in range(1_000)]
        ledger.commands.post_many(session, district.district_id, drafts)
        ledger.commands.fold(session, limit=10_000)
    district.seals()
    with superuser.begin() as connection:
        connection.execute(text("ANALYZE ledger.transaction, ledger.leaf, ledger.entry, ledger.account, ledger.role_day, ledger.contents"))
    who = district.approver().signs_in_again().who
    read = text(
        "SELECT sum(seq_tup_read + idx_tup_fetch) FROM pg_stat_xact_user_tables"
        " WHERE schemaname = 'ledger' AND relname IN ('entry', 'transaction', 'leaf')"
    )
    before = session.execute(read).scalar_one()  # what the last second has read is among it
    queries.standings(session, who, now=district.now)
    queries.day_figures(session, who, tokyo_day(district.now), now=district.now)
    assert session.execute(read).scalar_one() - before < 100
    session.rollback()


def test_the_desk_sees_its_campaigns_first_thing(desk: Seat, district: Town) -> None:
    """The cards stand on the home, with the way to each campaign."""
    coupon, voucher = a_week_of_campaigns(district)
    page = desk(district.approver()).sees("/desk/").text
    assert f'href="/desk/coupons/{coupon}"' in page and f'href="/desk/vouchers/{voucher}"' in page
    assert "あと90日" in page and "未使用残高の内訳" in page
