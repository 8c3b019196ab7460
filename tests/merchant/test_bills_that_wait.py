"""A bill that somebody is paying on another page, while the tablet's dark hour puts the next customer before it."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

from tests.merchant.test_till_offline import scripts

__all__ = ["scripts"]
pytestmark = pytest.mark.browser

BEGIN = """async () => {
  document.body.dataset.till = "1";
  const { Basket } = await import("/register/basket.js");
  await import("/openbill.js");
  const of = (name) => ({ article: null, name, out: { price: 500, rate: 10 }, here: { price: 500, rate: 10 } });
  const basket = new Basket();
  basket.add(of("甘酒"));
  Object.assign(window, { Basket, basket, of });
}"""
ASKED = "() => { basket.asks(7); }"
ANOTHER_COMES_FIRST = "() => { basket.putAside(); basket.addTyped({ name: '手打ち', price: 300, rate: 10 }); }"
PHONE_PAYS = "() => Basket.paid({ request: 7 })"
OPEN = "() => new Basket().lines.map(({ name }) => name)"


def test_what_a_phone_paid_while_it_waited_does_not_come_back(scripts: Page) -> None:
    """It is paid behind the other customer's bill, which goes on; when that is paid too nothing is open."""
    scripts.evaluate(BEGIN)
    scripts.evaluate(ASKED)
    scripts.evaluate(ANOTHER_COMES_FIRST)
    assert scripts.evaluate(PHONE_PAYS)
    assert scripts.evaluate(OPEN) == ["手打ち"]
    scripts.evaluate("() => basket.done()")
    assert scripts.evaluate(OPEN) == []


def test_what_waited_is_the_same_bill_when_it_is_open_again(scripts: Page) -> None:
    """The other customer has gone before the phone pays."""
    scripts.evaluate(BEGIN)
    scripts.evaluate(ASKED)
    scripts.evaluate(ANOTHER_COMES_FIRST)
    scripts.evaluate("() => basket.done()")
    assert scripts.evaluate(OPEN) == ["甘酒"]
    assert scripts.evaluate(PHONE_PAYS)
    assert scripts.evaluate(OPEN) == []


def test_what_waited_is_open_as_soon_as_a_phone_or_tickets_have_paid_what_came_first(scripts: Page) -> None:
    """And not only behind a later customer's bill."""
    scripts.evaluate(BEGIN)
    scripts.evaluate(ANOTHER_COMES_FIRST)
    scripts.evaluate(ASKED)
    assert scripts.evaluate(PHONE_PAYS)
    assert scripts.evaluate(OPEN) == ["甘酒"]
    scripts.evaluate("() => { window.basket = new Basket(); }")
    scripts.evaluate(ANOTHER_COMES_FIRST)
    scripts.evaluate(
        """async () => {
          const { keepBill } = await import("/openbill.js");
          keepBill(basket.bill, "till.1.bill", sessionStorage.getItem("till.1.bill"), null);
          const rows = basket.bill.lines.map(({ name, qty, price, rate, article }) => [name, qty, price, rate, article]);
          document.body.dataset.paidBill = JSON.stringify(rows);
          document.dispatchEvent(new CustomEvent("till:page"));
        }"""
    )
    assert scripts.evaluate(OPEN) == ["甘酒"]
