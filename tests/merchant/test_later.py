"""あとで払うQR: what a tablet asks for without the network is paid once, by a phone that has one, and is never counted before."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from uuid import uuid5

import pytest
from flask.testing import FlaskClient

import merchant.commands
import merchant.queries
import wallet.commands
from base.errors import MeguriError
from ledger.errors import PaymentTooLarge
from merchant.errors import CodeTampered, CodeUnknown, CodeUnreadable, OfferDeclined, RequestCancelled, RequestExpired
from merchant.queries import LaterRow
from merchant.queries.later import OF_LATER
from merchant.rules import later
from merchant.rules.later import LIFE, Later
from tests.merchant.test_pages import Tablet
from tests.merchant.test_till_logs import Device, device, receipts, shop, till
from tests.town import Consumer, Town
from tests.wallet.phones import Phone, phone
from wallet.errors import AlreadyPaid

__all__ = ["device", "phone", "shop", "till"]

VECTORS = Path(__file__).parents[1] / "vectors" / "offline" / "later.json"


def asks(device: Device, number: int = 1, amounts: tuple[int, int, int] = (220, 540, 0), *, secret: str | None = None) -> str:
    """What this tablet would show, without the network."""
    key = sha256((secret or device.secret).encode()).digest()
    return later.write(key, Later(device.till.id, device.log, number, int(device.town.now.timestamp()), amounts))


def listed(device: Device) -> list[LaterRow]:
    town = device.town
    return merchant.queries.later_requests(town.session, town.district_id, device.till.shop.id, now=town.now)


def pays(who: Consumer, token: str) -> None:
    who.pays(wallet.commands.open_later(who.town.session, who.who, token, now=who.town.now))


def test_a_request_is_written_in_one_way() -> None:
    """The vectors that the tablet's script is held to as well; another letter anywhere is another text, and nobody's."""
    for vector in json.loads(VECTORS.read_text(encoding="utf-8")):
        key, token = sha256(vector["secret"].encode()).digest(), vector["token"]
        asked = Later(vector["till"], vector["log"], vector["number"], vector["made"], tuple(vector["amounts"]))
        assert later.write(key, asked) == token
        assert later.read(token) == asked
        assert later.is_signed(token, key)
        for place in range(len(token)):
            assert not later.is_signed(token[:place] + ("A" if token[place] != "A" else "B") + token[place + 1 :], key)
    assert later.read("") is later.read("A" * 56) is later.read("あ" * 56) is None


def test_the_phone_pays_while_the_tablet_is_away(device: Device, hanako: Consumer) -> None:
    """The sale and its receipt are there at once, at the rates that were asked; the tablet comes back and changes nothing of it."""
    town, token = device.town, asks(device)
    before = hanako.coins()
    pays(hanako, token)
    assert hanako.coins() == before - 760
    (receipt,) = receipts(town, device.till.shop)
    assert [row[:2] for row in receipt.content["by_rate"]] == [[10, 220], [8, 540]]
    with pytest.raises(AlreadyPaid):
        pays(hanako, token)
    for _ in range(3):
        assert merchant.commands.tell_later(town.session, device.till.who, [token, token], now=town.now) == 2
    (row,) = listed(device)
    assert (row.state, row.amount, row.name) == ("paid", 760, f"{device.till.id}-Q1-001")
    assert (hanako.coins(), len(receipts(town, device.till.shop))) == (before - 760, 1)


def test_what_nobody_pays_is_listed_and_counted_nowhere(device: Device, hanako: Consumer) -> None:
    """It waits beside what the till asks for now, which other phones see; it can be taken back, and ends after thirty days."""
    town, till, one, two = device.town, device.till, asks(device, 1), asks(device, 2, (300, 0, 0))
    merchant.commands.tell_later(town.session, till.who, [one, two], now=town.now)
    now = till.asks(500)
    assert [(row.state, row.amount) for row in listed(device)].count(("open", 760)) == 1
    assert [each.id for each in merchant.queries.waiting_requests(town.session, town.district_id, till.shop.id, now=town.now)] == [now.id]
    assert merchant.queries.standing(town.session, town.district_id, till.id, now=town.now).request_id == now.id
    assert receipts(town, till.shop) == []
    (row,) = [each for each in listed(device) if each.amount == 300]
    merchant.commands.cancel_ask(town.session, till.shop.owner, row.id, now=town.now)
    with pytest.raises(RequestCancelled):
        pays(hanako, two)
    town.session.commit()
    asked = wallet.commands.open_later(town.session, hanako.who, one, now=town.now)
    with pytest.raises(OfferDeclined):
        merchant.commands.offer_split(town.session, asked, hanako.person_id, 100, now=town.now)
    after = town.now + LIFE
    with pytest.raises(RequestExpired):
        wallet.commands.open_later(town.session, hanako.who, one, now=after).must_be_open()
    states = {each.amount: each.state for each in merchant.queries.later_requests(town.session, town.district_id, till.shop.id, now=after)}
    assert states == {760: "expired", 300: "cancelled"}


def test_nobody_asks_in_the_name_of_another_tablet(device: Device, hanako: Consumer, district: Town) -> None:
    """Another secret, another shop's till, another text under a number that is taken, and what no tablet wrote."""
    town, token = device.town, asks(device)
    refused: list[tuple[str, type[MeguriError]]] = [
        (asks(device, secret="00" * 32), CodeTampered),
        (asks(replace(device, till=district.shop().till())), CodeUnknown),
        ("A" * 56, CodeUnreadable),
    ]
    for text, why in refused:
        with pytest.raises(why):
            wallet.commands.open_later(town.session, hanako.who, text, now=town.now)
        assert merchant.commands.tell_later(town.session, device.till.who, [text], now=town.now) == 0
    pays(hanako, token)
    with pytest.raises(CodeTampered):
        pays(hanako, asks(device, 1, (1, 0, 0)))
    assert [row.amount for row in listed(device)] == [760]


def test_no_tablet_asks_for_more_than_a_till_may(device: Device, hanako: Consumer) -> None:
    """The most that one payment may be is asked for; a yen more, also over several rates, and all that the text has room for are not."""
    town = device.town
    limit = merchant.queries.payment_limit(town.session, town.district_id, now=town.now)
    assert limit is not None
    for amounts in ((limit + 1, 0, 0), (limit, 0, 1), (2**32 - 1,) * 3):
        text = asks(device, 1, amounts)
        with pytest.raises(PaymentTooLarge) as refused:
            wallet.commands.open_later(town.session, hanako.who, text, now=town.now)
        assert refused.value.facts == {"limit": limit}
        assert merchant.commands.tell_later(town.session, device.till.who, [text], now=town.now) == 0
    assert listed(device) == []
    merchant.commands.tell_later(town.session, device.till.who, [asks(device, 1, (limit - 1, 1, 0))], now=town.now)
    assert [row.amount for row in listed(device)] == [limit]


def test_another_shop_takes_no_place_that_this_one_will_need(device: Device, hanako: Consumer, district: Town) -> None:
    """It knows district, till, log and number, and asks under every key that these make: the phone still pays this shop."""
    known = f"{district.district_id} {device.till.id} {device.log} 1"
    district.shop("よその店").till().asks(5, key=uuid5(OF_LATER, known))
    pays(hanako, asks(device, 1))
    assert [(row.state, row.amount) for row in listed(device)] == [("paid", 760)]
    text = next(text for number in range(2, 99) if "-" in (text := asks(device, number)))
    with pytest.raises(CodeUnreadable):
        pays(hanako, text.replace("-", "+"))


def test_a_stolen_tablet_asks_for_nothing_more(device: Device, hanako: Consumer) -> None:
    """What it had asked for before is still paid to the shop, known here or not; what it makes afterwards is nobody's."""
    town, till, known, unknown = device.town, device.till, asks(device, 1), asks(device, 2)
    merchant.commands.tell_later(town.session, till.who, [known], now=town.now)
    merchant.commands.revoke_till(town.session, till.shop.owner, till.shop.id, till.id, now=town.now + timedelta(seconds=1))
    pays(hanako, known)
    pays(hanako, unknown)
    key = sha256(device.secret.encode()).digest()
    late = later.write(key, Later(till.id, device.log, 3, int(town.now.timestamp()) + 2, (100, 0, 0)))
    with pytest.raises(CodeUnknown):
        pays(hanako, late)
    assert [row.state for row in listed(device)] == ["paid", "paid"]


def test_the_phones_camera_opens_it(device: Device, hanako: Consumer, phone: Callable[[Consumer | None], Phone]) -> None:
    """Looking pays nothing and asks nothing; the press leads to the page on which it is confirmed."""
    token = asks(device)
    stranger = phone(None).opens(f"/q/{token}").text
    assert "760" in stranger and "ログインして支払う" in stranger
    mine = phone(hanako)
    page = mine.opens(f"/q/{token}").text
    assert "支払いへ進む" in page and device.till.shop.place().name in page
    assert listed(device) == []
    confirm = mine.sends(f"/q/{token}", {})
    assert "/wallet/pay/request/" in confirm.request.path
    assert "760" in confirm.text and "まで払えます" in confirm.text


def test_the_owner_sees_what_is_not_paid_and_takes_it_back(device: Device, client: FlaskClient, district: Town) -> None:
    """端末: the list says plainly that it is no sale; 取り下げる ends it."""
    merchant.commands.tell_later(district.session, device.till.who, [asks(device)], now=district.now)
    desk = Tablet(client, district, owner=device.till.shop)
    page = desk.looks("/shop/tills").text
    assert "まだ払われていません" in page and "お客様が払うまでは売上に入りません" in page
    (row,) = listed(device)
    desk.sends(f"/shop/tills/later/{row.id}/withdraw", "/shop/tills")
    assert [each.state for each in listed(device)] == ["cancelled"]
