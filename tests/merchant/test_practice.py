"""練習モード: everything looks real, and nothing is."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, event, text

import merchant.queries
from base.clock import tokyo_day
from merchant.rules import qr_token
from merchant.views import practice
from merchant.views.practice_cookie import COOKIE, Practice, PracticeSale, read_practice, signed_practice
from tests.conftest import TestClock
from tests.merchant.test_pages import Tablet
from tests.town import CASHIER_PIN, Till, Town

KEY = b"forms of a test, signed with this"


@pytest.fixture
def till(district: Town) -> Till:
    return district.till()


@pytest.fixture
def tablet(client: FlaskClient, district: Town, till: Till) -> Tablet:
    return Tablet(client, district, till=till)


@pytest.fixture
def practising(tablet: Tablet) -> Tablet:
    """A tablet on which somebody has said yes to 練習を始めますか."""
    assert tablet.sends("/till/practice/start", "/till/practice/start").location == "/till/practice/"
    return tablet


def row_counts(engine: Engine) -> dict[str, int]:
    """How many rows each table of the database has."""
    names = "SELECT schemaname || '.' || quote_ident(tablename) FROM pg_tables WHERE schemaname IN ('ledger', 'public')"
    with engine.connect() as connection:
        return {
            name: connection.execute(text(f"SELECT count(*) FROM {name}")).scalar_one()
            for name in connection.execute(text(names)).scalars()
        }


@contextmanager
def statements(app: Flask) -> Iterator[list[str]]:
    """Every statement that the application sends meanwhile."""
    said: list[str] = []
    engine = app.extensions["meguri.engine"]

    def hear(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        said.append(statement)

    event.listen(engine, "before_cursor_execute", hear)
    yield said
    event.remove(engine, "before_cursor_execute", hear)


def test_a_whole_practice_leaves_no_trace(practising: Tablet, app: Flask, owner_engine: Engine) -> None:
    """Amount, QR, paid, list, refund, the end: not a row more in any table, not one writing statement, no posting."""
    before = row_counts(owner_engine)
    with statements(app) as said:
        shown = practising.sends("/till/practice/qr", "/till/practice/", amount="1280").location or ""
        assert "このQRでは支払えません" in practising.looks(shown).text
        arrived = practising.sends("/till/practice/paid", shown, amount="1280").location or ""
        page = practising.looks(arrived).text
        assert "1,280" in page and "お金は動いていません" in page
        assert "P-001" in practising.looks("/till/practice/sales").text
        practising.sends("/till/practice/sales/1/refund", "/till/practice/sales/1", amount="280")
        assert "一部返金" in practising.looks("/till/practice/sales").text and "1,000" in practising.looks("/till/practice/sales/1").text
        assert practising.sends("/till/practice/end", "/till/practice/").location == "/till/"
    assert row_counts(owner_engine) == before
    writing = [each for each in said if re.match(r"\s*(INSERT|UPDATE|DELETE)|.*ledger\.(post|place_hold|open_account|propose)", each, re.S)]
    assert writing == [] and len(said) > 10


def test_several_phones_are_practised_one_after_the_other(practising: Tablet) -> None:
    """A bill of three: each phone has its QR, and after the last one it is as with one."""
    at = practising.sends("/till/practice/qr", "/till/practice/", amount="501", then="500,499").location or ""
    for amount, then, after in (("501", "500,499", "あと2人"), ("500", "499", "あと1人"), ("499", "", "")):
        page = practising.looks(at).text
        assert (f'name="amount" value="{amount}"' in page, f'name="then" value="{then}"' in page, after in page) == (True, True, True)
        at = practising.sends("/till/practice/paid", at, amount=amount, then=then).location or ""
    assert at == "/till/practice/arrived/3"
    for wrong in ({"amount": "501", "then": "500,x"}, {"amount": "0"}):
        assert practising.sends("/till/practice/qr", "/till/practice/", **wrong).location == "/till/practice/"


def test_no_press_of_the_practice_knows_a_door_that_writes() -> None:
    """The module imports neither commands of the shop, nor of the wallet, nor of the book: there is nothing to open."""
    tree = ast.parse(Path(practice.__file__).read_text(encoding="utf-8"))
    imported = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    taken = {(node.module or "", alias.name) for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) for alias in node.names}
    assert {name for name in imported if name.endswith("commands")} == {"identity.commands"}  # authorise, which reads
    assert not [name for name in taken if "commands" in name[0] or name[1] == "commands"]
    used = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute) and ast.unparse(node.value) == "identity.commands"}
    assert used == {"authorise"}


def test_every_page_says_so(practising: Tablet) -> None:
    """Strip and title on each page of the till; keypad, list and scan lead to the practice."""
    for path in ("/till/practice/", "/till/practice/qr?amount=500", "/till/practice/sales", "/till/staff"):
        page = practising.looks(path).text
        assert "data-practice" in page and "<title>【練習】" in page, path
    for path, there in (("/till/", "/till/practice/"), ("/till/scan", "/till/practice/"), ("/till/sales", "/till/practice/sales")):
        assert practising.looks(path).location == there


def test_it_is_asked_once_with_who(tablet: Tablet, till: Till) -> None:
    """Nothing begins by opening an address: the page names tablet and cashier and asks."""
    sato = till.shop.hires("佐藤")
    tablet.sends("/till/staff", "/till/staff", staff_id=sato, pin=CASHIER_PIN)
    asked = tablet.looks("/till/practice/start").text
    assert "練習を始めますか" in asked and "佐藤" in asked and "data-practice" not in asked
    assert tablet.looks("/till/").status_code == 200
    tablet.sends("/till/practice/start", "/till/practice/start")
    assert "佐藤" in tablet.looks("/till/practice/").text


def test_the_till_asks_for_no_real_money_meanwhile(practising: Tablet, till: Till, district: Town) -> None:
    """An old tab that still shows the real keypad is refused with a sentence: nothing is asked for, taken or given back."""
    hanako = district.consumer(coins=5_000)
    receipt = hanako.pays(till.shop, 1_000)
    code = hanako.shows_code()
    key = "0a1b2c3d-0000-4000-8000-00000000000"
    for path, form in (
        ("/till/request", {"amount": "500", "key": f"{key}2"}),
        ("/till/scan", {"amount": "500", "code": code.text, "key": f"{key}3"}),
        (f"/till/sales/{receipt.transaction_id}/refund", {"amount": "500", "key": f"{key}4", "staff_id": "1", "pin": "1"}),
    ):
        answer = practising.sends(path, "/till/staff", **form)
        assert answer.status_code == 409 and "練習モードです" in answer.text, path
    assert (hanako.coins(), till.shop.taken()) == (4_000, 1_000)
    assert merchant.queries.waiting_requests(district.session, district.district_id, till.shop.id, now=district.now) == []


def test_the_practice_code_pays_nothing() -> None:
    """It is no address and no code of ours, whatever reads it."""
    assert "://" not in practice.CODE and "/q/" not in practice.CODE
    with pytest.raises(qr_token.TokenError):
        qr_token.read(practice.CODE, [KEY])


def test_it_ends_with_the_day(practising: Tablet, clock: TestClock) -> None:
    """A practice that somebody forgot is over in the morning."""
    clock.advance(days=1)
    assert practising.looks("/till/").status_code == 200
    assert practising.looks("/till/practice/").location == "/till/"


def test_only_this_tablets_own_practice_counts(district: Town, till: Till) -> None:
    """A cookie of another tablet, of another day, or changed by somebody: the till is real."""
    day = tokyo_day(district.now).isoformat()
    found = Practice(till.id, "佐藤", day, (PracticeSale(1, 500, 0, 0),))
    signed = signed_practice(found, KEY)
    assert read_practice(signed, KEY, till.id, day) == found
    for other in (
        read_practice(signed, KEY, till.id + 1, day),
        read_practice(signed, KEY, till.id, "2020-01-01"),
        read_practice(signed[:-2] + "xx", KEY, till.id, day),
        read_practice(signed, b"another key", till.id, day),
        read_practice("", KEY, till.id, day),
        read_practice("x" * 5_000, KEY, till.id, day),
    ):
        assert other is None


def test_a_practice_stays_small() -> None:
    """After a hundred sales the cookie still fits; the numbers go on, and nothing is refunded beyond what there was."""
    found = Practice(1, "山" * 40, "2026-11-26", ())
    for _ in range(100):
        found = found.with_sale(10_000_000, 1_800_000_000)
    found = found.with_refund(100, 999_999_999)
    assert len(signed_practice(found, KEY)) < 3_500
    assert (found.sales[-1].number, found.sales[-1].returned) == (100, 10_000_000)


def test_a_practice_that_is_off_leads_back(tablet: Tablet) -> None:
    """Whoever comes back to a page of an ended practice is at the real keypad, and its presses do nothing."""
    for path in (
        "/till/practice/",
        "/till/practice/qr?amount=1",
        "/till/practice/sales",
        "/till/practice/sales/1",
        "/till/practice/arrived/1",
    ):
        assert tablet.looks(path).location == "/till/", path
    for path in ("/till/practice/paid", "/till/practice/sales/1/refund"):
        assert tablet.sends(path, "/till/", amount="500").location == "/till/", path
    assert COOKIE not in str(tablet.looks("/till/").headers)
