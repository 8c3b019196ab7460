"""A district makes its coin: within the law, and only when users have been told what the law asks."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

import ledger.queries
from association import commands, queries
from association.commands import NewSeries
from association.errors import LimitsUnlawful, NoticeIncomplete, NoticeMissing, RegistrationMissing, ValidityWrong
from association.rules import ITEMS, ONLY_REGULATED, last_exempt_day
from base.clock import day_bounds, tokyo_day
from base.errors import Forbidden
from ledger.errors import SeriesExists, SeriesWrong
from tests.town import NOTICE, Town


def new(district: Town, **changes: object) -> NewSeries:
    plain = NewSeries(code="yuki", name="雪コイン", name_en="Snow coin", first_day=tokyo_day(district.now), last_day=None)
    return replace(plain, **changes)  # type: ignore[arg-type]


def make(district: Town, **changes: object) -> int:
    return commands.create_series(district.session, district.clerk().who, new(district, **changes), now=district.now)


def listed(district: Town, series_id: int) -> queries.ListedSeries:
    return next(
        each for each in queries.listed_series(district.session, district.clerk().who, now=district.now) if each.series.id == series_id
    )


def test_a_coin_without_an_end_is_regulated(district: Town) -> None:
    """No last day: 前払式支払手段（第三者型）, sold under the notice of that day."""
    made = listed(district, make(district))
    assert (made.regime, made.state, made.notice_version, made.outstanding) == ("third_party", "open", 1, 0)


def test_a_campaign_of_six_months_is_exempt(district: Town) -> None:
    """Its last day is the last day on which it is taken: at midnight in Tokyo it has ended."""
    last = last_exempt_day(tokyo_day(district.now))
    series_id = make(district, last_day=last)
    assert listed(district, series_id).regime == "exempt"
    series = ledger.queries.one_series(district.session, district.district_id, series_id)
    assert series.valid_until == day_bounds(last)[1]
    assert series.is_valid(day_bounds(last)[1] - timedelta(seconds=1)) and not series.is_valid(day_bounds(last)[1])


def test_a_town_hall_issues_outside_the_chapter(district: Town) -> None:
    """A municipality needs no registration."""
    notice = replace(NOTICE, public_body=True, registration_number=None, registered_on=None)
    assert commands.publish_notice(district.session, district.clerk().who, notice, now=district.now) == 2
    assert listed(district, make(district)).regime == "public_body"


def test_without_registration_only_exempt_campaigns(district: Town) -> None:
    """An association that is not registered may run a six-month campaign and nothing longer."""
    notice = replace(NOTICE, registration_number=None, registered_on=None)
    commands.publish_notice(district.session, district.clerk().who, notice, now=district.now)
    with pytest.raises(RegistrationMissing):
        make(district)
    assert make(district, last_day=last_exempt_day(tokyo_day(district.now)))


def test_every_open_shop_takes_the_new_coin(district: Town) -> None:
    """A shop that was in before the coin was made can be paid with it at once."""
    bakery = district.shop()
    series_id = make(district)
    hanako = district.consumer()
    district.clerk().tops_up(hanako, 500, series_id=series_id)
    hanako.pays(bakery, 300)
    assert (hanako.coins(series_id), bakery.taken()) == (200, 300)


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"balance_max": 300_001}, LimitsUnlawful),
        ({"transfer_max": 100_001}, LimitsUnlawful),
        ({"payment_max": 100_001}, LimitsUnlawful),
        ({"payment_max": 0}, LimitsUnlawful),
        ({"code": "Yuki"}, SeriesWrong),
        ({"code": "akari"}, SeriesExists),
        ({"name": ""}, SeriesWrong),
    ],
)
def test_what_cannot_be_made(district: Town, changes: dict[str, object], refusal: type[Exception]) -> None:
    """Nothing of a refused series is left behind."""
    with pytest.raises(refusal):
        make(district, **changes)
    assert len(queries.listed_series(district.session, district.clerk().who, now=district.now)) == 1


def test_a_series_does_not_end_before_it_begins(district: Town) -> None:
    """The last day is the first day or later."""
    with pytest.raises(ValidityWrong):
        make(district, last_day=tokyo_day(district.now) - timedelta(days=1))


@pytest.mark.parametrize("role", ["approver", "auditor", "consumer"])
def test_only_the_issuer_makes_a_series(district: Town, role: str) -> None:
    """The role decides, at the door."""
    with pytest.raises(Forbidden):
        commands.create_series(district.session, district.another_clerk(role).who, new(district), now=district.now)


def test_nothing_is_sold_before_users_are_told(bare_district: Town) -> None:
    """Without the law's statements there is no series and no top-up."""
    with pytest.raises(NoticeMissing):
        make(bare_district)


@pytest.mark.parametrize("item", ITEMS)
def test_each_statement_is_asked_for_by_name(bare_district: Town, item: str) -> None:
    """A regulated coin is not opened while one of them is empty; an exempt one does without deposit and compensation."""
    town = bare_district
    commands.publish_notice(town.session, town.clerk().who, replace(NOTICE, **{item: " "}), now=town.now)  # type: ignore[arg-type]
    with pytest.raises(NoticeIncomplete) as refused:
        make(town)
    assert refused.value.facts == {"items": (ITEMS[item],)}
    half_a_year = last_exempt_day(tokyo_day(town.now))
    if item in ONLY_REGULATED:
        assert listed(town, make(town, last_day=half_a_year)).regime == "exempt"
    else:
        with pytest.raises(NoticeIncomplete):
            make(town, last_day=half_a_year)


def test_what_a_running_coin_needs_is_not_taken_away(district: Town) -> None:
    """Publishing again without the deposit is refused while a regulated coin can be bought."""
    with pytest.raises(NoticeIncomplete) as refused:
        commands.publish_notice(district.session, district.clerk().who, replace(NOTICE, security="", terms=""), now=district.now)
    assert refused.value.facts == {"items": (ITEMS["terms"], ITEMS["security"])}
    found = queries.current_notice(district.session, district.district_id)
    assert found is not None and found.version == 1


def test_versions_of_the_notice_stay(district: Town) -> None:
    """Publishing again makes the next version; a top-up names the one it was sold under."""
    clerk = district.clerk()
    assert commands.publish_notice(district.session, clerk.who, replace(NOTICE, contact="新しい窓口"), now=district.now) == 2
    receipt = clerk.tops_up(district.consumer(), 500)
    booked = ledger.queries.transaction(district.session, district.district_id, receipt.transaction_id)
    assert booked.facts["notice"] == 2
    found = queries.current_notice(district.session, district.district_id)
    assert found is not None and (found.version, found.contact) == (2, "新しい窓口")
