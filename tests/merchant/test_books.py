"""帳簿: what a shop hands to its accountant agrees with its day reports to the yen, and every receipt is found."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from flask.testing import FlaskClient
from playwright.sync_api import BrowserContext, Page, Route, expect

import merchant.commands
import merchant.queries
from base.journal_file import PACKAGES, Voucher, rows
from merchant.commands import CloseDay, Paper
from merchant.queries import ReceiptSearch, RegisterChoice
from tests.conftest import Site
from tests.merchant.test_pages import Tablet
from tests.merchant.test_register import asks, gives_back, sells
from tests.town import OWNER_PIN, Shop, Till, Town


@pytest.fixture
def shop(district: Town) -> Shop:
    shop = district.shop()
    merchant.commands.set_register(district.session, shop.owner, shop.id, RegisterChoice(), issues=True, now=district.now)
    return shop


@pytest.fixture
def till(shop: Shop) -> Till:
    return shop.till()


@pytest.fixture
def lived(district: Town, shop: Shop, till: Till) -> dict[str, object]:
    """A day: cash, coin with cash, card; a box back; closed. Gives what its report says."""
    owner = shop.hires("店主", role="owner", pin=OWNER_PIN)
    sells(till)
    sells(till, received=0, card=1_280)
    paid = district.consumer(coins=3_000).pays(asks(till, coin=780, received=500))
    sale = merchant.queries.receipt_of_payment(district.session, district.district_id, paid.transaction_id)
    assert sale is not None
    gives_back(till, sale, 1, 0, staff_id=owner)
    order = CloseDay({1_000: 1}, 4, "", uuid4())
    return merchant.commands.close_day(district.session, till.who, order, now=district.now).content


def journal(shop: Shop, *, daily: bool) -> list[Voucher]:
    town = shop.town
    found = merchant.queries.sales_journal(town.session, town.district_id, shop.id, town.today, town.today, daily=daily)
    return list(found)


def test_journal_and_tax_come_to_what_the_day_report_says(district: Town, shop: Shop, lived: dict[str, object]) -> None:
    """By receipt or by day: each voucher balances; sales less returns by rate, their tax, and every means agree with the closed day."""
    expected = {rate: (gross, tax) for rate, gross, tax in lived["by_rate"]}  # type: ignore[attr-defined]
    for daily, count in ((False, 4), (True, 2)):
        vouchers = journal(shop, daily=daily)
        assert len(vouchers) == count
        sums: dict[int, list[int]] = {}
        means: dict[str, int] = {}
        for each in vouchers:
            assert sum(side.amount for side in each.debits) == sum(side.amount for side in each.credits)
            for sign, sides in ((-1, each.debits), (1, each.credits)):
                for side in sides:
                    if side.rate is None:
                        means[side.account] = means.get(side.account, 0) - sign * side.amount
                    else:
                        both = sums.setdefault(side.rate, [0, 0])
                        both[0] += sign * side.amount
                        both[1] += sign * side.tax
        assert {rate: tuple(both) for rate, both in sums.items()} == expected
        told: dict[str, int] = {}
        for kind, _name, amount in lived["by_means"]:  # type: ignore[attr-defined]
            name = {"cash": "現金", "card": "売掛金"}.get(kind, "未収入金")
            told[name] = told.get(name, 0) + amount
        assert means == told
    rates = merchant.queries.tax_by_rate(district.session, district.district_id, shop.id, district.today, district.today)
    assert {each.rate: (each.gross, each.tax) for each in rates} == expected
    assert (
        merchant.queries.tax_by_rate(
            district.session, district.district_id, shop.id, district.today + timedelta(1), district.today + timedelta(1)
        )
        == []
    )


@pytest.mark.browser
def test_a_file_that_takes_long_says_that_it_is_being_made(
    page: Page, context: BrowserContext, site: Site, district: Town, shop: Shop, lived: dict[str, object]
) -> None:
    """Two years of receipts take seconds: the page says so until the file is saved, and a second press makes no second one."""
    context.add_cookies([{"name": "meguri_session", "value": district.cookie(shop.owner.person_id or 0), "url": site.address}])
    held: list[Route] = []
    page.route("**/shop/books/yayoi.csv*", lambda route: held.append(route))
    page.goto(f"{site.address}/shop/books?first={district.today}&last={district.today}")
    form = page.get_by_role("form", name="弥生会計")
    words = form.get_by_text("作っています。")
    with page.expect_download() as saving:
        with page.expect_request("**/shop/books/yayoi.csv*"):
            form.get_by_role("button").click()
        form.get_by_role("button").press("Enter")
        expect(words).to_be_visible()
        held[0].continue_()
    expect(words).to_be_hidden()
    assert len(held) == 1
    assert saving.value.suggested_filename == f"sales-yayoi-days-{district.today}-{district.today}.csv"
    assert "課税売上内10%" in Path(saving.value.path()).read_text(encoding="cp932")


@pytest.mark.parametrize(("package", "code"), [("yayoi", "課税売上内軽減8%"), ("freee", "課税売上8%（軽）"), ("mf", "課税売上 (軽)8%")])
def test_each_package_has_its_own_word_for_the_reduced_rate(
    client: FlaskClient, district: Town, shop: Shop, lived: dict[str, object], package: str, code: str
) -> None:
    """The owner's file, as the package opens it: Shift_JIS, its own columns, the reduced rate by its own name with the printed tax."""
    desk, day = Tablet(client, district, owner=shop), district.today.isoformat()
    answer = desk.looks(f"/shop/books/{package}.csv?first={day}&last={day}")
    lines = list(csv.reader(io.StringIO(answer.data.decode("cp932"))))
    assert {len(line) for line in lines} == {{"yayoi": 25, "freee": 33, "mf": 27}[package]}
    at = [(line.index(code), line) for line in lines if code in line]
    place = {"yayoi": 2, "freee": 1, "mf": 3}[package]
    assert len(at) == 4  # three sales, and the box that came back
    assert {line[index + place] for index, line in at} == {"80", "40"}
    assert len(list(rows(PACKAGES[package], journal(shop, daily=True)))) < len(lines)
    assert desk.looks(f"/shop/books/{package}.csv?first={day}&last=2020-01-01").status_code == 422


def test_a_receipt_is_found_by_day_amount_and_whom(client: FlaskClient, district: Town, shop: Shop, till: Till, lived: object) -> None:
    """Ranges, the means, the addressee of a 領収書, the end of a number; a sign of a pattern is a sign; the sums are of all of it."""
    paper = Paper("ryoshusho", "山田商店 100%", "お品代として", uuid4())
    merchant.commands.make_paper(district.session, till.who, till.who.till_id or 0, 2, paper, now=district.now)

    def finds(**search: object) -> list[int]:
        found = merchant.queries.found_receipts(district.session, district.district_id, shop.id, ReceiptSearch(**search))  # type: ignore[arg-type]
        return sorted(each.serial for each in found)

    assert finds() == [1, 2, 3, 4]
    assert finds(least=541) == [1, 2, 3]
    assert finds(least=540, most=540) == [4]
    assert finds(means="card") == finds(words="山田") == finds(words="100%") == [2]
    assert finds(means="coin") == [3, 4]
    number = f"{shop.public_number}-{till.who.till_id}-000003"
    assert (finds(words="000003"), finds(words=number), finds(words="%%"), finds(words="_")) == ([3], [3], [], [])
    assert finds(words=f"{shop.public_number}-{(till.who.till_id or 0) + 1}-000003") == []  # a whole number is of its own till
    assert finds(first=district.today + timedelta(1)) == finds(last=district.today - timedelta(1)) == []
    desk = Tablet(client, district, owner=shop)
    page = desk.looks("/shop/books/receipts?words=山田&least=１,280").text
    assert "1件、売上 1,280円" in page and "山田商店" in page
    assert "山田商店" in desk.looks("/shop/books/receipts.csv?words=山田").text
    assert "9,999" not in desk.looks(f"/shop/books?first={district.today}&last={district.today}").text
    serial = f"/shop/books/receipts/{till.who.till_id}/2.pdf"
    assert desk.looks(serial).data.startswith(b"%PDF")
    for days in ("first=0001-01-01&last=0001-01-02", "first=9999-12-30&last=9999-12-31", "last=9999-12-31"):
        for file in ("", "/tax.csv", "/yayoi.csv", "/receipts", "/receipts.csv"):
            assert desk.looks(f"/shop/books{file}?{days}").status_code == 422, (file, days)
    other = Tablet(client, district, owner=district.shop("となり"))
    assert other.looks(serial).status_code == 404
