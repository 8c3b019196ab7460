"""The pages of 外部への通知: the owner's for one shop, the desk's for the district."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from uuid import uuid4

import pytest
from flask.testing import FlaskClient

import merchant.queries
from base.settings import Settings
from tests.conftest import TestClock
from tests.town import Town
from tests.webhooks.conftest import Books, Post
from wsgi import create_app


class Browser:
    """Somebody of the district at a desk; sends the form token of the page that it looked at."""

    def __init__(self, client: FlaskClient, town: Town, person_id: int) -> None:
        self.client, self.address = client, f"https://{town.host}"
        client.set_cookie("meguri_session", town.cookie(person_id), domain=town.host, secure=True)

    def looks(self, path: str) -> str:
        answer = self.client.get(path, base_url=self.address)
        assert answer.status_code == 200, answer.status
        return answer.text

    def sends(self, path: str, page: str, **form: object) -> tuple[int, str]:
        token = re.search(r'name="csrf_token" value="([^"]+)"', self.looks(page))
        assert token is not None
        headers = {"Referer": self.address + page}
        answer = self.client.post(path, base_url=self.address, data={"csrf_token": token[1], **form}, headers=headers)
        return answer.status_code, answer.text


@pytest.fixture
def client(allowed: Settings, clock: TestClock) -> Iterator[FlaskClient]:
    app = create_app(replace(allowed, pool_size=4), clock)
    yield app.test_client()
    app.extensions["meguri.hub"].close(5)
    app.extensions["meguri.engine"].dispose()


@pytest.mark.parametrize("side", ["shop", "desk"])
def test_from_registering_to_sending_again(district: Town, books: Books, post: Post, client: FlaskClient, side: str) -> None:
    """The secret is shown once; a failure is shown with its answer; one press sends it again, another the whole day, a last one ends it."""
    shop, hanako = district.shop(), district.consumer(coins=500)
    person = shop.owner.person_id if side == "shop" else district.another_clerk("administrator").person_id
    assert person is not None
    browser, home = Browser(client, district, person), f"/{side}/webhooks"
    _, made = browser.sends(home, home, address=books.address)
    secret = re.search(r"whsec_[A-Za-z0-9+/=]{44}", made)
    assert secret and secret[0] not in browser.looks(home)
    paid = hanako.pays(shop, 100)
    books.says(500, body="<b>こわれた</b>".encode())
    post.goes()
    assert books.told[0].is_signed_with(secret[0])
    detail = re.search(rf'href="({home}/[0-9]+)"', browser.looks(home))
    assert detail is not None
    page = browser.looks(detail[1])
    assert "HTTP 500" in page and "&lt;b&gt;こわれた" in page and "あとでもう一度" in page
    assert browser.sends(f"{detail[1]}/again", detail[1], transaction_id=paid.transaction_id)[0] == 303
    post.goes()
    assert "届いています" in browser.looks(home)
    day = f"{district.today}"
    assert browser.sends(f"{detail[1]}/replay", detail[1], since=day, key=uuid4())[0] == 303
    post.goes()
    assert len(set(books.ids())) == 1
    _, renewed = browser.sends(f"{detail[1]}/renew", detail[1])
    new = re.search(r"whsec_[A-Za-z0-9+/=]{44}", renewed)
    assert new and new[0] != secret[0] and new[0] not in browser.looks(detail[1])
    assert "前の鍵でも" in browser.looks(detail[1])
    assert browser.sends(f"{detail[1]}/remove", detail[1])[0] == 303
    assert "まだ宛先はありません" in browser.looks(home)


def test_what_cannot_be_registered_is_said_beside_the_field(district: Town, books: Books, client: FlaskClient) -> None:
    """What was typed stays in the field."""
    shop = district.shop()
    assert shop.owner.person_id is not None
    browser = Browser(client, district, shop.owner.person_id)
    status, page = browser.sends("/shop/webhooks", "/shop/webhooks", address="https://elsewhere.example/x")
    assert status == 409 and "運用者に" in page and 'value="https://elsewhere.example/x"' in page
    assert merchant.queries.webhooks(district.session, shop.owner, shop.id) == []


def test_where_the_operator_allows_nothing_nobody_is_asked(district: Town, client: FlaskClient) -> None:
    """No form that could only refuse."""
    shop = district.shop()
    assert shop.owner.person_id is not None
    client.application.config["WEBHOOK_HOSTS"] = frozenset()
    page = Browser(client, district, shop.owner.person_id).looks("/shop/webhooks")
    assert "いまは登録できません" in page and 'name="address"' not in page
