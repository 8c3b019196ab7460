"""帳簿: both sides of everything, at any moment; and the day as the association sees it first."""

from __future__ import annotations

from datetime import timedelta

import pytest

from association import queries
from association.queries import Search
from association.views import books, sheet
from base.clock import tokyo_day
from base.errors import Forbidden
from tests.association.test_pages import Seat, desk
from tests.papers.paper import words
from tests.town import Town

__all__ = ["desk"]


def a_saturday(district: Town) -> None:
    """花子 tops up 5,000円, pays 1,200円, gets 200円 back, and the drawer is counted."""
    hanako, bakery = district.consumer(coins=5_000), district.shop()
    paid = hanako.pays(bakery, 1_200)
    bakery.refunds(paid.transaction_id, 200)
    district.approver().counts(district.clerk(), 5_000)


def test_the_trial_balance_is_zero(district: Town) -> None:
    """Cash in the safe on one side; what people hold and what the shop is owed on the other."""
    a_saturday(district)
    trial = queries.trial(district.session, district.approver().who)
    assert (trial.difference, trial.debit, trial.credit) == (0, 5_000, 5_000)
    assert {row.role: row.debit - row.credit for row in trial.rows} == {"safe": 5_000, "consumer": -4_000, "payable": -1_000}


def test_the_trial_balance_of_the_past(district: Town) -> None:
    """Before anything was booked everything is zero."""
    a_saturday(district)
    trial = queries.trial(district.session, district.approver().who, at=district.now - timedelta(days=1))
    assert (trial.rows, trial.debit, trial.credit) == ([], 0, 0)


def test_the_journal_shows_both_sides_newest_first(district: Town) -> None:
    """Shops and clerks by name, consumers without."""
    a_saturday(district)
    page = queries.journal_page(district.session, district.approver().who, Search(), now=district.now)
    assert [row.transaction.kind for row in page.rows] == ["drawer_close", "refund", "payment", "top_up"]
    assert [(line.role, line.whose and line.whose.name, line.debit, line.credit) for line in page.rows[2].lines] == [
        ("consumer", None, 1_200, 0),
        ("payable", "みなと屋", 0, 1_200),
    ]
    assert page.rows[3].lines[0].whose.name == "柴田"
    assert page.total is not None and (page.total.count, page.total.amount) == (4, 5_000 + 200 + 1_200 + 5_000)


@pytest.mark.parametrize(
    ("search", "kinds"),
    [
        (Search(kind="payment"), ["payment"]),
        (Search(least=5_000, most=5_000), ["drawer_close", "top_up"]),
        (Search(kind="refund", least=200, most=200), ["refund"]),
        (Search(kind="unheard_of"), []),
        (Search(least=7, most=7), []),
        (Search(least=1_000, most=2_000), ["payment"]),
        (Search(least=1_201), ["drawer_close", "top_up"]),
        (Search(most=1_200, kind="payment"), ["payment"]),
    ],
)
def test_what_somebody_looks_for(district: Town, search: Search, kinds: list[str]) -> None:
    """By kind, by amount, by both."""
    a_saturday(district)
    page = queries.journal_page(district.session, district.approver().who, search, now=district.now)
    assert [row.transaction.kind for row in page.rows] == kinds
    assert [row.transaction.kind for row in queries.journal_rows(district.session, district.approver().who, search)] == kinds


def test_by_day(district: Town) -> None:
    """Days are Tokyo's, both included."""
    a_saturday(district)
    today, who = tokyo_day(district.now), district.approver().who
    assert len(queries.journal_page(district.session, who, Search(first=today, last=today), now=district.now).rows) == 4
    assert not queries.journal_page(district.session, who, Search(last=today - timedelta(days=1)), now=district.now).rows


def test_by_series(district: Town, desk: Seat) -> None:
    """Only what moved this coin; files and paper are of the same search, and the paper is chronological and says who printed it."""
    a_saturday(district)
    other = district.series("yu", "ゆコイン", "Yu coin")
    who = district.approver().who
    found = queries.journal_page(district.session, who, Search(series=district.series_id), now=district.now)
    assert [row.transaction.kind for row in found.rows] == ["refund", "payment", "top_up"]
    assert not queries.journal_page(district.session, who, Search(series=other), now=district.now).rows
    seat, asked = desk(district.approver()), f"series={district.series_id}&first={tokyo_day(district.now)}"
    lines = seat.sees(f"/desk/books/journal.csv?{asked}").data.decode("utf-8-sig").splitlines()
    [page] = words(seat.sees(f"/desk/books/journal.pdf?{asked}").data)
    assert len(lines) == 1 + 2 * 3 and "窓口締め" not in page
    assert page.index("チャージ") < page.index("返金") and "あかりコイン" in page and "宮下" in page and "6,400" in page


def test_a_paper_that_nobody_would_read_is_refused(district: Town, desk: Seat, monkeypatch: pytest.MonkeyPatch) -> None:
    """Journal and general ledger say how many rows a PDF holds, and what to do instead."""
    a_saturday(district)
    monkeypatch.setattr(sheet, "PAPER_ROWS", 2)
    monkeypatch.setattr(books, "PAPER_ROWS", 3)
    seat = desk(district.approver())
    for path, most in (("books/journal.pdf", 3), ("accounts/ledger.pdf?account=consumer&each=on", 2)):
        answer = seat.sees(f"/desk/{path}")
        assert answer.status_code == 422 and "E-6501" in answer.text and f"PDF にできるのは {most}行まで" in answer.text


def test_by_number(district: Town) -> None:
    """受付番号 finds exactly one; a number of the neighbours finds nothing."""
    a_saturday(district)
    who = district.approver().who
    number = queries.journal_page(district.session, who, Search(), now=district.now).rows[1].transaction.id
    found = queries.journal_page(district.session, who, Search(number=number), now=district.now)
    assert [row.transaction.id for row in found.rows] == [number]
    assert not queries.journal_page(district.session, who, Search(number=10**12), now=district.now).rows


def test_page_after_page_shows_each_once(district: Town) -> None:
    """Going back through the pages, nothing is missing and nothing comes twice."""
    hanako = district.consumer()
    for _ in range(queries.books.PAGE + 3):
        district.clerk().tops_up(hanako, 10)
    who, seen, before = district.approver().who, [], None
    while True:
        page = queries.journal_page(district.session, who, Search(), before=before, now=district.now)
        seen += [row.transaction.id for row in page.rows]
        before = page.before
        if before is None:
            break
    assert len(seen) == len(set(seen)) == queries.books.PAGE + 3
    assert seen == sorted(seen, reverse=True)


def test_the_day_view(district: Town) -> None:
    """Issued, spent, given back; and the books are well."""
    a_saturday(district)
    who = district.approver().who
    day = queries.day_figures(district.session, who, tokyo_day(district.now), now=district.now)
    assert (day.issued.amount, day.spent.amount, day.refunded.amount, day.undone.count) == (5_000, 1_200, 200, 0)
    assert (len(day.chart), day.chart[-1][1].amount, day.usual, day.compared) == (28, 1_200, None, None)


def test_the_neighbours_stay_out_of_the_books(district: Town, other_district: Town) -> None:
    """Nothing of another district is counted or listed."""
    a_saturday(other_district)
    who = district.approver().who
    assert queries.journal_page(district.session, who, Search(), now=district.now).rows == []
    assert queries.trial(district.session, who).rows == []
    assert queries.standings(district.session, who, now=district.now).outstanding == 0


def test_consumers_and_shops_see_no_books(district: Town) -> None:
    """Only the desk's roles read them."""
    hanako, bakery = district.consumer(), district.shop()
    for who in (hanako.who, bakery.owner, bakery.till().who):
        for door in (
            lambda who: queries.trial(district.session, who),
            lambda who: queries.journal_page(district.session, who, Search(), now=district.now),
            lambda who: queries.standings(district.session, who, now=district.now),
            lambda who: queries.day_figures(district.session, who, tokyo_day(district.now), now=district.now),
            lambda who: queries.listed_shops(district.session, who),
            lambda who: queries.listed_series(district.session, who, now=district.now),
            lambda who: queries.drawers(district.session, who),
        ):
            with pytest.raises(Forbidden):
                door(who)
