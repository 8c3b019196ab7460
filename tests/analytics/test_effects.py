"""What a coupon brought, and what somebody should look at: from the columns of a night to the desk's and the shop's pages."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from sqlalchemy import text

from analytics import snapshot
from analytics.commands import estimate, foresee
from analytics.commands.effects import BEFORE
from analytics.queries import effects
from analytics.rules.uplift import SAYS, SHORT
from analytics.snapshot import CLASSES, KINDS, Accounts, SeriesTable
from base.errors import Forbidden
from tests.analytics.test_foresight import Village
from tests.association.test_pages import Seat, desk
from tests.town import Town

__all__ = ["desk"]

PEOPLE, WEEKS = 240, 4
ACCOUNT = text("SELECT id FROM ledger.account WHERE district_id = :district AND owner_id = :owner AND role = 'consumer' LIMIT 1")


class Bazaar(Village):
    """A village in which the persons `takers` hold pieces of the coupon `coupon_id`, and some topped up."""

    coupon_id = 0
    takers = range(0)
    account_of: dict[int, int]

    def read(self, district_id: int, since: date, until: date) -> snapshot.Columns:
        found = super().read(district_id, since, until)
        owner = np.array([*self.takers, *self.account_of], np.int32)
        accounts = Accounts(
            account=np.array([10_000_000 + person for person in self.takers] + list(self.account_of.values()), np.int64),
            owner_class=np.full(owner.size, CLASSES.index("consumer"), np.int8),
            owner=owner,
            series=np.array([0] * len(self.takers) + [-1] * len(self.account_of), np.int16),
            is_piece=np.array([1] * len(self.takers) + [0] * len(self.account_of), np.int8),
        )
        series = SeriesTable(np.array([self.coupon_id], np.int64), np.array([3], np.int8))
        consumers = max(found.consumers, max(self.account_of, default=0) + 1)
        return replace(found, accounts=accounts, series=series, consumers=consumers)

    def _month(self, *month: Any) -> snapshot.Month:
        found = super()._month(*month)
        kind = np.full(found.flows.seq.size, KINDS.index("top_up"), np.int8)
        return replace(found, flows=found.flows._replace(kind=kind))


@pytest.fixture
def bazaar(district: Town, monkeypatch: pytest.MonkeyPatch) -> Bazaar:
    diary = Bazaar([district.shop("湯の華"), district.shop("みなと屋")])
    diary.account_of = {}
    monkeypatch.setattr("analytics.snapshot.of", lambda _session: diary)
    return diary


def lives_on(diary: Bazaar, first: date, weeks: int, effect: int) -> None:
    """Everybody pays about 1,000 yen a week at either shop; since `first` those who took the coupon pay more at the first one."""
    random = np.random.default_rng(5)
    for week in range(-BEFORE, weeks):
        for person in range(PEOPLE):
            more = effect if week >= 0 and person in diary.takers else 0
            day = first + timedelta(days=7 * week + int(random.integers(7)))
            diary.pays(f"{day} 12:{person % 60:02}", person, 0, 600 + 10 * (person % 40) + int(random.integers(200)) + more)


def nights(district: Town) -> int:
    many = 0
    while estimate(district.session, district.district_id, now=district.now):
        many += 1
    return many


def test_a_coupon_that_helped_says_by_how_much_at_the_desk_and_at_its_shop(desk: Seat, district: Town, bazaar: Bazaar) -> None:
    """300 yen more a week: the interval holds it, the weeks before lie beside it; the other shop and a consumer are told nothing."""
    first = district.today
    mine, other = bazaar.shops
    bazaar.coupon_id = district.coupon(last_day=first + timedelta(days=60), shops=(mine.id,))
    bazaar.takers = range(0, PEOPLE, 2)
    district.clock.advance(days=7 * WEEKS + 1)
    lives_on(bazaar, first, WEEKS, 300)
    assert (nights(district), nights(district)) == (1, 0)
    clerk = district.clerk().who
    told = effects.coupon_effect(district.session, clerk, bazaar.coupon_id, now=district.now)
    assert told.answer.can_tell and "増えました" in told.answer.sentence.said(str)
    assert len(told.answer.rows) == 4 + WEEKS and told.answer.chart is not None and told.answer.chart.cut == 4
    assert all(low <= 300 <= high for _, _, low, high in told.answer.rows[4:])
    page = desk(district.clerk()).sees(f"/desk/coupons/{bazaar.coupon_id}").text
    assert "増えました" in page and "始まる4週前" in page and 'class="flow c1"' in page
    table = desk(district.clerk()).sees(f"/desk/coupons/{bazaar.coupon_id}/effect.csv")
    assert table.status_code == 200 and "始まる4週前" in table.text
    own = effects.shop_effects(district.session, mine.owner, now=district.now).answer
    assert own.can_tell and len(own.rows) == 1 and own.rows[0][1] == 120
    assert own.chart is not None and own.chart.kind == "intervals" and own.chart.series[1].values[0] <= 300 <= own.chart.series[2].values[0]
    assert 'class="dot c1"' in desk(district.clerk()).sees("/desk/insight").text
    assert not effects.shop_effects(district.session, other.owner, now=district.now).answer.rows
    assert "増えました" in desk(SimpleNamespace(person_id=mine.owner.person_id)).sees("/shop/insight").text
    with pytest.raises(Forbidden):
        effects.coupon_effect(district.session, district.consumer().who, bazaar.coupon_id, now=district.now)


def test_a_point_campaign_is_told_by_whom_it_reaches(desk: Seat, district: Town, bazaar: Bazaar) -> None:
    """The first shop's customers pay 300 yen more a week since it gives three times the points: its page says so, by the coupons' door.
    Of a campaign at every shop on every day nothing can be told, for nobody is left to be compared with."""
    first, (mine, _other) = district.today, bazaar.shops
    district.points()
    everywhere = district.point_campaign()
    at_mine = district.point_campaign(shops=(mine.id,))
    auditor = district.signs_in(district.person("監査", "auditor"))
    never = effects.campaign_effect(district.session, auditor, at_mine, now=district.now).answer
    assert (never.can_tell, never.sentence.said(str)) == (False, effects.CAMPAIGN_NOT_MADE)
    district.clock.advance(days=7 * WEEKS + 1)
    random = np.random.default_rng(7)
    for week in range(-BEFORE, WEEKS):
        for person in range(PEOPLE):
            day, shop = first + timedelta(days=7 * week + int(random.integers(7))), person % 2
            more = 300 if week >= 0 and shop == 0 else 0
            bazaar.pays(f"{day} 12:{person % 60:02}", person, shop, 600 + 10 * (person % 40) + int(random.integers(200)) + more)
    assert (nights(district), nights(district)) == (1, 0)
    auditor = district.signs_in(district.person("監査二", "auditor"))
    told = effects.campaign_effect(district.session, auditor, at_mine, now=district.now).answer
    assert told.can_tell and "対象だった人の支払いは" in told.sentence.said(str) and "増えました" in told.sentence.said(str)
    assert all(low <= 300 <= high for _, _, low, high in told.rows[4:]) and len(told.rows) == 4 + WEEKS
    page = desk(district.clerk()).sees(f"/desk/points/campaigns/{at_mine}").text
    assert "増えました" in page and "始まる4週前" in page
    assert desk(district.clerk()).sees(f"/desk/points/campaigns/{at_mine}/effect.csv").status_code == 200
    every = effects.campaign_effect(district.session, auditor, everywhere, now=district.now).answer
    assert (every.can_tell, every.sentence.said(str)) == (False, effects.EVERYWHERE)
    assert "比べる相手がない" in desk(district.clerk()).sees(f"/desk/points/campaigns/{everywhere}").text
    with pytest.raises(Forbidden):
        effects.campaign_effect(district.session, district.consumer().who, at_mine, now=district.now)
    assert not effects.district_effects(district.session, auditor, now=district.now).answer.rows


def test_a_coupon_of_a_young_district_or_a_young_coupon_says_that_it_cannot_be_told_yet(district: Town, bazaar: Bazaar) -> None:
    """Three days after it began there is no whole week; before the first night there is not even that. One that nobody approved is looked
    at by no night."""
    bazaar.coupon_id = district.coupon(last_day=district.today + timedelta(days=60))
    district.proposed_coupon(last_day=district.today + timedelta(days=60))
    auditor = district.signs_in(district.person("監査", "auditor"))
    never = effects.coupon_effect(district.session, auditor, bazaar.coupon_id, now=district.now).answer
    assert (never.can_tell, never.sentence.said(str)) == (False, effects.NOT_MADE)
    first = district.today
    district.clock.advance(days=3)
    lives_on(bazaar, first, 0, 0)
    assert nights(district) == 1
    told = effects.coupon_effect(district.session, auditor, bazaar.coupon_id, now=district.now).answer
    assert (told.can_tell, told.sentence.said(str), told.chart) == (False, SAYS[SHORT], None)
    assert not effects.district_effects(district.session, auditor, now=district.now).answer.can_tell


def test_a_shop_that_refunds_and_a_stranger_who_fills_up_wait_in_the_queue_once(desk: Seat, district: Town, bazaar: Bazaar) -> None:
    """With the figure and what is usual; nobody is stopped by it, and the next night adds nothing."""
    stranger = district.consumer(coins=1_000)
    today = district.today
    for person in range(300):
        paid = bazaar.pays(f"{today - timedelta(days=3)} 12:{person % 60:02}", person, person % 2, 900)
        if person % 2 and person < 60:
            bazaar.gives_back(f"{today - timedelta(days=2)} 12:00", paid, 900)
    for person, yen in [*((person, 3_000) for person in range(40)), (299, 200_000)]:
        bazaar.moves(f"{today - timedelta(days=12)} 10:{person % 60:02}", ("drawer", 0), ("consumer", person), yen)
    of = {"district": district.district_id, "owner": stranger.who.person_id}
    bazaar.account_of = {299: district.session.scalar(ACCOUNT, of)}
    for _ in range(2):
        while foresee(district.session, district.district_id, now=district.now):
            pass
    seat = desk(district.another_clerk("approver"))
    page = seat.sees("/desk/risk").text
    assert page.count("返金の割合が、ほかのお店よりずっと大きい") == 1 and "始めてすぐの、大きなチャージです" in page
    assert f"{stranger.who.person_id}" in page and "200,000" in page


def test_a_day_far_from_the_usual_is_listed_for_those_who_see_the_queue_and_for_nobody_else(
    desk: Seat, district: Town, bazaar: Bazaar
) -> None:
    """Four times as many came yesterday: the auditor reads the shop, the figure and what is usual; the group's lead reads neither."""
    bazaar.opens(0, district.today, 90)
    for person in range(100):
        bazaar.pays(f"{district.today - timedelta(days=1)} 15:{person % 60:02}", 200 + person, 0, 2_000)
    while foresee(district.session, district.district_id, now=district.now):
        pass
    title = "ふだんと違う日のあったお店"
    seen = desk(district.another_clerk("auditor")).sees("/desk/insight").text
    assert title in seen and "ずっと多い売上です" in seen and "湯の華" in seen
    assert title not in desk(district.another_clerk("group_lead")).sees("/desk/insight").text
