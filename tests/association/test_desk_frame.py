"""The side bar and what it counts; the journal that is too long for one file; what a proposal is about."""

from __future__ import annotations

import re
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine

from association import queries
from association.queries import Search, books
from association.rules.journal_pieces import pieces
from base.clock import tokyo_day
from tests.association.test_accounts import booked, demo
from tests.association.test_pages import Seat, desk
from tests.town import Town

__all__ = ["demo", "desk"]

COUNTS = st.lists(st.integers(0, 900), min_size=1, max_size=70)


@given(COUNTS, st.integers(1, 1_000))
def test_pieces_hold_every_day_once_and_no_month_is_cut_without_need(counts: list[int], most: int) -> None:
    days = {date(2026, 1, 20) + timedelta(days=place): count for place, count in enumerate(counts) if count}
    found = pieces(days, most)
    covered = [day for one in found for day in sorted(days) if one.first <= day <= one.last]
    assert covered == sorted(days) and sum(one.count for one in found) == sum(days.values())
    for one in found:
        assert one.first.replace(day=1) == one.last.replace(day=1)
        assert one.count <= most or one.first == one.last
    for one, following in pairwise(found):
        if one.first.replace(day=1) == following.first.replace(day=1):
            assert one.count + days[following.first] > most


def test_a_journal_too_long_for_one_file_is_offered_in_pieces(
    district: Town, desk: Seat, demo: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The page says so before anybody presses, a piece comes whole, and whoever writes the address by hand is refused."""
    today, hanako = tokyo_day(district.now), district.consumer()
    booked(district, demo, today - timedelta(days=1))
    for _ in range(3):
        district.clerk().tops_up(hanako, 10)
    monkeypatch.setattr(books, "FILE_MAX", 2)
    seat = desk(district.approver())
    page = seat.sees("/desk/books").text
    assert "期間に分けて持ち出す" in page and '"/desk/books/journal.xlsx"' not in page
    assert seat.sees("/desk/books/journal.xlsx").status_code == 422 and "E-6960" in seat.sees("/desk/books/journal.csv").text
    piece = re.search(r'href="(/desk/books/journal\.csv\?[^"]*first=[^"]+)"', page)
    assert piece and f"first={today}" in piece[1]
    assert seat.sees(piece[1].replace("&amp;", "&")).status_code == 200  # one day is never divided
    assert "journal.xlsx?kind=refund" in seat.sees("/desk/books?kind=refund").text
    by_shop = queries.journal_rows(district.session, district.approver().who, Search(shop=district.shop().id))
    assert list(by_shop) == []


def badge(page: str) -> int:
    """What stands beside the desk's first page in the side bar."""
    found = re.search(r'href="/desk/" title="[^"]*".*?</a>', page, re.DOTALL)
    said = found and re.search(r"<b>(\d+)<", found[0])
    return int(said[1]) if said else 0


def headline(page: str) -> int:
    found = re.search(r"承認・確認が (\d+)件あります", page)
    return int(found[1]) if found else 0


def test_badge_and_headline_count_the_same(district: Town, desk: Seat) -> None:
    """For everybody who sits there; what one put forward oneself is counted apart, as it waits for another."""
    hanako = district.consumer()
    district.clerk().tops_up(hanako, 500)
    district.proposed_coupon()
    district.applicant("民宿 あおば")
    for clerk, waits, theirs in ((district.clerk(), 0, 3), (district.approver(), 3, 0), (district.another_clerk("auditor"), 3, 0)):
        page = desk(clerk).sees("/desk/").text
        others = re.search(r"ほかの人の承認待ち (\d+)件", page)
        assert (headline(page), int(others[1]) if others else 0) == (waits, theirs)
        assert badge(page) == badge(desk(clerk).sees("/desk/safe").text) == waits


def test_the_open_group_is_the_one_of_the_page(district: Town, desk: Seat) -> None:
    """The others are one press away, and say in sum what waits in them."""
    district.applicant()
    page = desk(district.another_clerk("administrator")).sees("/desk/safe").text
    side = page[page.index("<nav") : page.index("</nav>")]
    groups = re.findall(r'<details class="side__group"( open)?><summary><span>(.*?)</span>(?:<b>(\d+)<)?', side)
    assert [name for is_open, name, _ in groups if is_open] == ["お金"] and len(groups) == 7
    assert {name: waits for _, name, waits in groups}["参加者"] == "1"
    assert side.index("非常停止") < side.index("<details")


def test_a_proposal_says_what_it_is_about(district: Town, desk: Seat) -> None:
    """The campaign by its name, on the first page, in the list and in the file."""
    district.proposed_coupon()
    district.proposed_voucher()
    seat = desk(district.approver())
    for path in ("/desk/", "/desk/approvals"):
        page = seat.sees(path).text
        assert "クーポンの発行の申請「冬の湯めぐり」" in page and "商品券の発行の申請「湯けむり商品券」" in page
    assert "冬の湯めぐり" in seat.sees("/desk/approvals.csv").data.decode()
    long_ago = tokyo_day(district.now) - timedelta(days=400)
    assert queries.journal_pieces(district.session, district.approver().who, Search(last=long_ago)) == []
