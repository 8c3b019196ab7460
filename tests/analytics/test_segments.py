"""お客様の種類: found each night from each person's own rhythm, reached by coupons and announcements, never a list and never of nine."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from uuid import uuid4

import numpy as np
import pytest

import association.commands
import association.queries
from analytics import snapshot
from analytics.commands.segments import kinds, sort_customers
from analytics.reports.source import BEGINNING, Source
from association.commands import announce, audience_of
from association.errors import AudienceTooSmall, CouponNotForYou, SegmentSmall
from association.queries import Audience, Words
from tests.analytics.test_reports import Diary
from tests.association.test_pages import Seat, desk
from tests.town import Town

__all__ = ["desk"]

TODAY = date(2026, 4, 10)
TOP_UP = snapshot.KINDS.index("top_up")
WEEKLY, FAITHFUL, ONCE, LATE, FRESH, UNSPENT, RETURNED = range(7)


def test_each_customer_is_one_kind_by_their_own_rhythm() -> None:
    """Three weeks of silence are long for who came every third day, and nothing for who comes every second month."""
    diary = Diary()
    for week in range(20):
        diary.pays(f"{TODAY - timedelta(days=7 * week + 2)} 12:00", WEEKLY, 0, 500)
    for visit in range(6):
        diary.pays(f"{TODAY - timedelta(days=60 * visit + 22)} 12:00", FAITHFUL, 0, 500)
        diary.pays(f"{TODAY - timedelta(days=3 * visit + 40)} 12:00", LATE, 0, 500)
        diary.pays(f"{TODAY - timedelta(days=3 * visit + 1)} 12:00", FRESH, 0, 500)
    diary.pays(f"{TODAY - timedelta(days=45)} 12:00", ONCE, 0, 500)
    diary.gives_back(f"{TODAY - timedelta(days=45)} 13:00", diary.pays(f"{TODAY - timedelta(days=45)} 12:30", RETURNED, 0, 500), 500)
    diary.moves(f"{TODAY - timedelta(days=50)} 10:00", ("drawer", 0), ("consumer", UNSPENT), 3_000)
    source = Source(diary, 1)  # type: ignore[arg-type]
    columns = source.columns(BEGINNING, TODAY)
    months = (replace(each, flows=each.flows._replace(kind=np.full(len(each.flows.at), TOP_UP, np.int8))) for each in columns.months)
    found = kinds(source, replace(columns, months=tuple(months)), TODAY)
    assert {name: set(codes.tolist()) for name, codes in found.items()} == {
        "often": {WEEKLY, FAITHFUL},
        "silent": {LATE},
        "once": {ONCE},
        "new": {FRESH},
        "unspent": {UNSPENT},
    }


def test_the_night_finds_the_people_of_the_book(district: Town, tmp_path: Path) -> None:
    """Somebody paid for the first time today, somebody only topped up: tomorrow each is what they are, by number; the night after, too."""
    hanako, saver = district.consumer(1_000), district.consumer(1_000, nickname="太郎")
    hanako.pays(district.shop(), 500)
    district.seals()
    district.session.info["columns_folder"] = tmp_path / "columns"
    snapshot.of(district.session).follow(district.session, district.district_id)
    source, tomorrow = Source(snapshot.of(district.session), district.district_id), district.today + timedelta(days=1)
    for _ in range(2):
        sort_customers(district.session, source, source.columns(BEGINNING, tomorrow), tomorrow, now=district.now)
        found = {name: association.queries.people_in(district.session, district.district_id, name) for name in ("new", "unspent", "often")}
        assert found == {"new": [hanako.person_id], "unspent": [saver.person_id], "often": []}


def test_a_coupon_and_an_announcement_reach_a_kind_of_ten_and_nobody_else(district: Town, desk: Seat) -> None:
    """Nine: refused, and the desk reads 10人未満. Twelve: they alone get it, and the desk reads full tens wherever it looks, never who."""
    people, clerk = [district.consumer(nickname=f"利用者{n}") for n in range(12)], district.clerk()
    numbers, audience = [one.person_id for one in people], Audience("segment", segment="silent")

    def sorts(many: int) -> None:
        association.commands.keep_segments(district.session, district.district_id, {"silent": numbers[:many]}, now=district.now)

    sorts(9)
    with pytest.raises(AudienceTooSmall):
        audience_of(district.session, clerk.who, audience, now=district.now)
    with pytest.raises(SegmentSmall):
        district.proposed_coupon(segment="silent")
    assert "来なくなった人（10人未満）" in desk(clerk).sees("/desk/announcements").text
    sorts(12)
    here, form = "/desk/announcements", {"kind": "segment", "segment": "silent", "title": "お久しぶりです", "body": "またどうぞ。"}
    preview = desk(clerk).presses(here, f"{here}/preview", **form)
    assert "10人以上" in preview.text and "12人" not in preview.text
    number = announce(district.session, clerk.who, audience, Words("お久しぶりです", "またどうぞ。"), key=uuid4(), now=district.now)
    told = association.queries.announcement(district.session, clerk.who, number)
    assert (told.recipients, told.audience.segment) == (10, "silent")
    page = desk(clerk).sees("/desk/announcements").text
    assert "来なくなった人・10人以上" in page and "12人" not in page and "利用者3" not in page
    [line] = [each for each in desk(clerk).sees("/desk/announcements.csv").text.splitlines() if "お久しぶりです" in each]
    assert ",10," in line
    coupon = district.coupon(segment="silent")
    people[0].claims(coupon)
    with pytest.raises(CouponNotForYou):
        district.consumer(nickname="ほか").claims(coupon)
    sorts(9)
    with pytest.raises(CouponNotForYou):
        people[9].claims(coupon)
