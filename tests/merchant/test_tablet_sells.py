"""コインを売る on a real tablet, 1180×820: amount, the guest's code, cash and PIN, the word on both screens, and the way back."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.conftest import Site
from tests.merchant.conftest import OPENED
from tests.merchant.test_tablet import scans
from tests.town import CASHIER_PIN, Consumer, Shop, Town
from tests.web.axe import serious, sideways

pytestmark = pytest.mark.browser


@pytest.fixture
def inn(district: Town) -> Shop:
    """民宿 あおば, an agent with one member of staff."""
    inn = district.shop("民宿 あおば").is_agent()
    inn.hires("仲居")
    return inn


@pytest.fixture
def front_desk(page: Page, context: BrowserContext, site: Site, inn: Shop) -> Page:
    """The inn's tablet, opened for the day."""
    context.add_cookies([{"name": "meguri_till", "value": inn.till().token, "url": f"{site.address}/till"}])
    page.add_init_script(OPENED)
    page.goto(f"{site.address}/till/")
    return page


def fits(page: Page) -> bool:
    """Nothing to scroll on a tablet."""
    return sideways(page) == 0


def test_an_agent_sells_coin(front_desk: Page, inn: Shop, hanako: Consumer) -> None:
    """花子 hands over 5,000円: two touches, her code, the PIN; coin, debt and the matching word are there at once."""
    page = front_desk
    page.get_by_role("link", name="コインを売る").click()
    expect(page.get_by_role("heading", name="コインを売る")).to_be_visible()
    assert serious(page) == [] and fits(page)
    page.get_by_role("button", name="5,000", exact=True).click()
    page.locator("h1").click()
    scans(page, hanako.shows_code().text)
    expect(page.get_by_role("heading", name="現金 5,000円を受け取りましたか")).to_be_visible()
    expect(page.get_by_text("0円 → 5,000円")).to_be_visible()
    page.get_by_label("お預かり", exact=True).fill("3000")
    expect(page.get_by_text("お預かりが 2,000円足りません")).to_be_visible()
    page.get_by_role("button", name="10,000", exact=True).click()
    expect(page.locator("[data-change-back]")).to_contain_text("5,000")
    assert serious(page) == [] and fits(page)
    page.get_by_text("仲居").click()
    for key in CASHIER_PIN:
        page.locator(f'[data-pin-key="{key}"]').click()
    page.get_by_role("button", name="5,000円のコインを渡す").dblclick()
    expect(page.get_by_role("heading", name="コインを売りました")).to_be_visible()
    expect(page.locator(".sold__change")).to_contain_text("5,000")
    (sale,) = inn.sales().sales
    expect(page.locator(".match")).to_contain_text(sale.matching_word)
    assert (hanako.coins(), inn.debt()) == (14_000, 5_000)
    assert serious(page) == [] and fits(page)
    page.go_back()
    page.reload()
    assert (hanako.coins(), inn.debt()) == (14_000, 5_000)


def test_too_little_cash_sells_nothing(front_desk: Page, inn: Shop, hanako: Consumer) -> None:
    """Pressed all the same, the sentence stands at the field, and what was typed stays."""
    page = front_desk
    page.get_by_role("link", name="コインを売る").click()
    page.get_by_role("button", name="5,000", exact=True).click()
    scans(page, hanako.shows_code().text)
    page.get_by_label("お預かり", exact=True).fill("4,000")
    page.get_by_text("仲居").click()
    page.get_by_label("暗証番号").fill(CASHIER_PIN)
    page.get_by_role("button", name="5,000円のコインを渡す").click()
    expect(page.locator(".change .field__error").first).to_have_text("お預かりが売る額より少なくなっています。")
    expect(page.get_by_label("お預かり", exact=True)).to_have_value("4,000")
    assert (hanako.coins(), inn.debt()) == (9_000, 0)


def test_a_mistake_is_undone_on_the_tablet(front_desk: Page, inn: Shop, hanako: Consumer) -> None:
    """From today's list; a wrong PIN undoes nothing."""
    staff = inn.hires("番頭")
    inn.till().sells(hanako, 3_000, staff_id=staff)
    page = front_desk
    page.get_by_role("link", name="コインを売る").click()
    page.locator(".selling__sales a").first.click()
    page.get_by_text("間違えたときは、この販売を取り消す").click()
    page.get_by_text("番頭").last.click()
    for pin, heading in (("0000", "入力を確かめてください"), (CASHIER_PIN, "コインを売りました")):
        page.get_by_label("暗証番号").fill(pin)
        page.get_by_role("button", name="3,000円の販売を取り消す").click()
        expect(page.get_by_role("heading", name=re.compile(heading)).first).to_be_visible()
    expect(page.get_by_text("お客様に現金 3,000円を返してください")).to_be_visible()
    assert (hanako.coins(), inn.debt()) == (9_000, 0)


def test_only_agents_see_it(tablet: Page, site: Site) -> None:
    """A shop that is no agent has no such page."""
    expect(tablet.get_by_role("link", name="コインを売る")).to_have_count(0)
    tablet.goto(f"{site.address}/till/sell")
    expect(tablet.get_by_text("E-6110")).to_be_visible()
