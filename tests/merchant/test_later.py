"""あとで払うQR: what a tablet asks for without the network is paid once, by a phone that has one, and is never counted before."""

from __future__ import annotations

import base64
import hmac
import json
import struct
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import uuid4, uuid5

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

import merchant.commands
import merchant.queries
import wallet.commands
from base.errors import MeguriError
from ledger.errors import PaymentTooLarge
from merchant.errors import CodeTampered, CodeUnknown, CodeUnreadable, OfferDeclined, RequestCancelled, RequestExpired
from merchant.queries import ArticleFacts, LaterRow, RegisterChoice
from merchant.queries.later import OF_LATER
from merchant.rules import later
from merchant.rules.bill import Off
from merchant.rules.invoice import RATES
from merchant.rules.later import BAG, LIFE, Later, Piece, Sold
from tests.merchant.test_pages import Tablet
from tests.merchant.test_till_logs import Device, device, receipts, shop, till
from tests.town import Consumer, Town
from tests.wallet.phones import Phone, phone
from wallet.errors import AlreadyPaid

__all__ = ["device", "phone", "shop", "till"]


def b64(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).decode().rstrip("=")


def unb64(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


A_TEXT = unb64("AgMkAQNq_YbCAQEBCwSBAbUXpAOAAQT_rOIEAQMFAAUAA2QEh61LAQ2weV_6ngVh9tcxt1U")
VECTORS = Path(__file__).parents[1] / "vectors" / "offline" / "later.json"


def asks(
    device: Device,
    number: int = 1,
    amounts: tuple[int, int, int] = (220, 540, 0),
    sold: Sold | None = None,
    *,
    secret: str | None = None,
) -> str:
    """What this tablet would show, without the network."""
    key = sha256((secret or device.secret).encode()).digest()
    return later.write(key, Later(device.till.id, device.log, number, int(device.town.now.timestamp()), amounts, sold))


def asked_before(device: Device) -> str:
    """What it would have shown before its text said what was sold: version 1."""
    made_s = int(device.town.now.timestamp())
    body = struct.pack(">BBHIBHBHIIII", 1, 3, 0, device.till.id, 0, device.log, 0, 1, made_s, 220, 540, 0)
    tag = hmac.new(sha256(device.secret.encode()).digest(), b"meguri-later-v1\0" + body, "sha256").digest()[:12]
    return base64.urlsafe_b64encode(body + tag).decode()


def sold_of(said: dict[str, Any] | None) -> Sold | None:
    """A vector's bill, which stands there as the tablet has it."""
    if said is None:
        return None
    number = {None: None, said["bag"]: BAG}
    pieces = tuple(
        Piece(line["article"] or number.get(line["name"]), line["qty"], line["price"], line["rate"]) for line in said["bill"]["lines"]
    )
    offs = tuple(Off(each["line"], each["amount"], each["percent"]) for each in said["bill"]["offs"])
    return Sold(pieces, offs, said["bill"]["eat_in"], said["mode"], said["rounding"])


def listed(device: Device) -> list[LaterRow]:
    town = device.town
    return merchant.queries.later_requests(town.session, town.district_id, device.till.shop.id, now=town.now)


def pays(who: Consumer, token: str) -> None:
    who.pays(wallet.commands.open_later(who.town.session, who.who, token, now=who.town.now))


def test_a_request_is_written_in_one_way() -> None:
    """The vectors that the tablet's script is held to as well; another letter anywhere is another text, and nobody's."""
    for vector in json.loads(VECTORS.read_text(encoding="utf-8")):
        key, token = sha256(vector["secret"].encode()).digest(), vector["token"]
        sold = sold_of(vector.get("sold"))
        asked = Later(vector["till"], vector["log"], vector["number"], vector["made"], tuple(vector["amounts"]), sold)
        assert later.read(token) == asked and later.is_one(token)
        assert vector["version"] == 1 or later.write(key, asked) == token
        assert later.is_signed(token, key)
        for place in range(len(token)):
            assert not later.is_signed(token[:place] + ("A" if token[place] != "A" else "B") + token[place + 1 :], key)
    assert later.read("") is later.read("A" * 56) is later.read("あ" * 56) is None


WHOLE = st.builds(
    Later,
    st.integers(0, 2**48 - 1),
    st.integers(0, 2**24 - 1),
    st.integers(0, 2**24 - 1),
    st.integers(0, 2**32 - 1),
    st.tuples(st.integers(1, 2**32 - 1), st.integers(0, 2**32 - 1), st.integers(0, 2**32 - 1)),
    st.none()
    | st.builds(
        Sold,
        st.lists(
            st.builds(
                Piece,
                st.none() | st.integers(0, 2**63 - 2),
                st.integers(1, 999),
                st.integers(0, 9_999_999),
                st.sampled_from(RATES),
            ),
            min_size=4,
            max_size=5,
        ).map(tuple),
        st.lists(
            st.builds(Off, st.none() | st.integers(0, 3), st.integers(1, 10**10), st.none())
            | st.builds(Off, st.none() | st.integers(0, 3), st.none(), st.integers(1, 100)),
            max_size=3,
        ).map(tuple),
        st.booleans(),
        st.sampled_from(["inclusive", "exclusive"]),
        st.sampled_from(["floor", "half_up", "ceil"]),
    ),
)


@given(WHOLE)
def test_what_is_written_is_read(asked: Later) -> None:
    assert later.read(later.write(b"k" * 32, asked)) == asked


@given(st.text(max_size=60) | st.binary(max_size=60).map(lambda rest: b64(b"\2\3" + rest)), st.binary(max_size=4), st.integers(0, 60))
def test_any_text_is_one_request_or_none(text: str, other: bytes, place: int) -> None:
    """Nothing breaks the reader, and what it reads has no second way to be written: also a good one of which some bytes are others."""
    for each in (text, b64(A_TEXT[:place] + other + A_TEXT[place + len(other) :])):
        said = later.read(each)
        assert said is None or b64(unb64(later.write(b"k" * 32, said))[: -later.TAG_BYTES] + unb64(each)[-later.TAG_BYTES :]) == each


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


def sells_here(device: Device, name: str, price: int, rate: int) -> int:
    town, shop = device.town, device.till.shop
    facts = ArticleFacts(name, "", "菓子", price, True, rate, False, None, None, 10)
    return merchant.commands.add_article(town.session, shop.owner, shop.id, facts, key=uuid4(), now=town.now)


def test_its_receipt_says_what_was_sold(device: Device, hanako: Consumer) -> None:
    """Articles, pieces, prices, the bag and both discounts as the tablet counted them, also where the owner has another price, another way
    to count, or no such article any more by the time that it is paid."""
    town, shop = device.town, device.till.shop
    cake, card = sells_here(device, "まんじゅう 4個箱", 540, 8), sells_here(device, "絵はがき", 205, 10)
    pieces = (Piece(cake, 2, 540, 8), Piece(card, 1, 205, 10), Piece(BAG, 1, 5, 10), Piece(None, 1, 300, 10))
    sold = Sold(pieces, (Off(0, percent=10), Off(None, amount=32)))  # 1080 - 108 = 972 and 510; 32 goes by 972 to 510: 21 and 11
    token = asks(device, 1, (499, 951, 0), sold)
    outside = RegisterChoice(tax_inside=False)
    merchant.commands.set_register(town.session, shop.owner, shop.id, outside, issues=True, rereads=True, now=town.now)
    merchant.commands.end_article(town.session, shop.owner, shop.id, card, now=town.now)
    pays(hanako, token)
    (receipt,) = receipts(town, shop)
    assert receipt.content["lines"] == [
        ["まんじゅう 4個箱", 2, 540, 8, cake],
        ["絵はがき", 1, 205, 10, card],
        ["レジ袋", 1, 5, 10, None],
        ["お品代", 1, 300, 10, None],
    ]
    assert [(each["line"], each["amount"], each["percent"]) for each in receipt.content["discounts"]] == [(0, 108, 10), (None, 32, None)]
    assert receipt.content["by_rate"] == [[10, 499, 45, 454], [8, 951, 70, 881]]
    assert (receipt.total, receipt.content["mode"], [row.is_named for row in listed(device)]) == (1_450, "inclusive", [True])


def test_what_cannot_be_named_is_one_line_for_each_rate(device: Device, hanako: Consumer, district: Town) -> None:
    """An article of another shop, a bill that does not come to what was asked, a text of before: the yen stand, and the owner is told."""
    town, stranger = device.town, replace(device, till=district.shop("よその店").till())
    foreign = sells_here(stranger, "よその品", 540, 8)
    mine = sells_here(device, "まんじゅう", 540, 8)
    tokens = [
        asked_before(device),
        asks(device, 2, (0, 540, 0), Sold((Piece(foreign, 1, 540, 8),))),
        asks(device, 3, (1, 540, 0), Sold((Piece(mine, 1, 540, 8),))),
        asks(device, 4, (0, 540, 0), Sold((Piece(mine, 1, 540, 8),), (Off(0, amount=541),))),
    ]
    for token in tokens:
        pays(hanako, token)
    lines = [each.content["lines"] for each in receipts(town, device.till.shop)]
    one = [["お品代", 1, 540, 8, None]]
    assert sorted(map(len, lines)) == [1, 1, 2, 2] and lines.count(one) == 2
    assert {name for each in lines for name, *_ in each} == {"お品代"}
    assert [(row.state, row.is_named) for row in listed(device)] == [("paid", False)] * 4


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
    assert "レシートは品目なしで、税率ごとに1行" in page
    (row,) = listed(device)
    desk.sends(f"/shop/tills/later/{row.id}/withdraw", "/shop/tills")
    assert [each.state for each in listed(device)] == ["cancelled"]
