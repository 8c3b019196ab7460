"""The page with the three screens, without a browser: who may see it, and whom a press signs in."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

import merchant.commands
import merchant.queries
import wallet.commands
import wsgi
from base.settings import Settings
from demo.cards import shown_card
from demo.cast import CARD_PIN
from demo.shops import MINATOYA
from identity.queries import Principal
from tests.demo.conftest import DAYS, Place
from wallet.commands import Visit

pytestmark = pytest.mark.slow


class Browser:
    """Sends cookies as browsers do: those of a narrower path first (RFC 6265, 5.4), which the test client does not."""

    def __init__(self, client: FlaskClient) -> None:
        self._client = client
        self._cookies: dict[tuple[str, str], str] = {}

    def ask(self, path: str, method: str = "GET", **fields: str) -> TestResponse:
        fitting = [(name, value, where) for (name, where), value in self._cookies.items() if path.startswith(where)]
        header = "; ".join(f"{name}={value}" for name, value, where in sorted(fitting, key=lambda one: -len(one[2])))
        answer = self._client.open(path, method=method, data=fields or None, headers={"Cookie": header})
        for line in answer.headers.getlist("Set-Cookie"):
            for name, value, where in re.findall(r"^([^=]+)=([^;]*).*?Path=([^;]*)", line):
                self._cookies[name, where] = value
        return answer

    def sees(self, path: str) -> str:
        return self.ask(path).get_data(as_text=True)

    def presses(self, screen: str, **fields: str) -> str:
        """A device's sign-in button; the address that it leads to, or the status."""
        token = re.search(r'name="csrf_token" value="([^"]+)"', self.sees("/demo"))
        assert token
        answer = self.ask(f"/demo/enter/{screen}", "POST", csrf_token=token[1], **fields)
        return str(answer.location or answer.status_code)


@pytest.fixture(scope="module")
def visitor(place: Place) -> Iterator[Browser]:
    """Somebody who tries it out, the morning after the three booked days."""
    app = wsgi.create_app(place.settings, clock=lambda: place.morning_after(DAYS))
    yield Browser(app.test_client(use_cookies=False))
    app.extensions["meguri.engine"].dispose()


def test_the_stage_shows_three_devices(visitor: Browser) -> None:
    """Phone, tablet and desk stand side by side, each with its button, and the guide says what to do."""
    page = visitor.sees("/demo")
    for title in ("電話", "タブレット", "組合の机"):
        assert f'title="{title}"' in page
    assert "QRを見せて受け取る" in page
    assert "この町の1年分の記帳が済んでいます（3日）。" in page


def test_one_press_signs_each_person_in(visitor: Browser) -> None:
    """The phone is ゆず's, the tablet みなと屋's, the desk 柴田's, all in one browser, and the stage remembers it."""
    assert [visitor.presses(screen) for screen in ("phone", "tablet", "desk", "shop")] == ["/wallet/", "/till/", "/desk/", "/shop/"]
    assert "ゆず" in visitor.sees("/wallet/settings")
    assert "みなと屋" in visitor.sees("/till/")
    assert "柴田" in visitor.sees("/desk/")
    assert visitor.ask("/shop/").status_code == 200
    assert 'src="/till/"' in visitor.sees("/demo")


def test_another_person_takes_the_desk(visitor: Browser) -> None:
    """What 柴田 put forward only 宮下 may approve: the desk changes hands, the phone does not."""
    visitor.presses("phone")
    assert visitor.presses("desk", person="miyashita") == "/desk/"
    assert "宮下" in visitor.sees("/desk/")
    assert "ゆず" in visitor.sees("/wallet/settings")
    assert visitor.presses("desk", person="minato") == visitor.presses("roof") == "404"


def paired(place: Place, name: str = MINATOYA) -> list[int]:
    with place.session() as session:
        shop = next(shop for shop in merchant.queries.shops(session, place.town.district_id) if shop.name == name)
        return [till.id for till in merchant.queries.tills(session, place.town.district_id, shop.id)]


def test_the_tablet_comes_back_to_its_own_till(visitor: Browser, place: Place) -> None:
    """Pressed again, or back from another shop's tablet, this browser has the till that it had; only a lost one is paired anew."""
    visitor.presses("tablet")
    before = paired(place)
    inn = re.search(r'<option value="(\d{6})">旅館 月見亭', visitor.sees("/demo"))
    assert inn
    assert visitor.presses("tablet", shop=inn[1]) == "/till/"
    assert "月見亭" in visitor.sees("/till/")
    assert f'<option value="{inn[1]}" selected>' in visitor.sees("/demo")
    visitor.presses("tablet")
    assert "みなと屋" in visitor.sees("/till/")
    assert paired(place) == before
    assert visitor.presses("tablet", shop="000000") == "404"

    with place.session() as session:
        till = merchant.queries.till(session, place.town.district_id, before[-1])
        person_id = place.town.people["minato"]
        owner = Principal(place.town.district_id, person_id, None, frozenset({"owner"}), merchant_id=till.merchant_id)
        merchant.commands.revoke_till(session, owner, till.merchant_id, till.id, now=place.morning_after(DAYS))
    visitor.presses("tablet")
    assert "みなと屋" in visitor.sees("/till/")
    assert len(paired(place)) == len(before)
    assert paired(place) != before


def test_the_page_shows_a_card_that_anybody_may_use(visitor: Browser, place: Place) -> None:
    """Number and PIN beside the PINs of the tills. Once somebody has blocked it at the desk, the page offers it no more."""
    with place.session() as session:
        card = shown_card(session, place.town.district_id)
        assert card is not None
        page = visitor.sees("/demo")
        assert card.grouped in page
        assert CARD_PIN in page
        clerk = Principal(place.town.district_id, place.town.people["shibata"], None, frozenset({"issuer"}))
        wallet.commands.block_card(session, clerk, card.id, Visit(), now=place.morning_after(DAYS))
    assert card.grouped not in visitor.sees("/demo")


def test_signing_in_is_a_press(visitor: Browser) -> None:
    """A picture or a link on another site signs nobody in: a form token is asked for, and GET changes nothing."""
    assert visitor.ask("/demo/enter/phone").status_code == 405
    assert visitor.ask("/demo/enter/phone", "POST").status_code in (400, 403, 409, 422)


def test_the_bar_knows_how_far_the_town_is(visitor: Browser) -> None:
    """The stage asks and is told in the reader's language."""
    assert visitor.ask("/demo/progress").json == {
        "booked": DAYS,
        "days": DAYS,
        "percent": 100,
        "whole": True,
        "words": "この町の1年分の記帳が済んでいます（3日）。",
    }


def test_there_is_no_stage_outside_the_demo(place: Place, settings: Settings) -> None:
    """A real installation has neither the page nor its doors."""
    app = wsgi.create_app(replace(settings, database_url=place.settings.database_url))
    with app.test_client() as stranger:
        assert stranger.get("/demo").status_code == 404
        assert stranger.get("/demo/progress").status_code == 404
    app.extensions["meguri.engine"].dispose()
