"""What a phone finds behind a shop's code."""

from __future__ import annotations

from uuid import UUID

import pytest

from base.errors import MeguriError
from merchant import commands, queries
from merchant.errors import (
    CodeOfAnotherDistrict,
    CodeReplaced,
    CodeTampered,
    CodeUnknown,
    CodeUnreadable,
    RequestCancelled,
    RequestExpired,
    RequestPaid,
    ShopSuspended,
)
from merchant.queries import CodeSheet, CodeTarget
from merchant.rules import qr_token
from tests.conftest import TestClock
from tests.town import Shop, Town

KEY, OLD_KEY = b"a key for codes, and of 32 bytes", b"the key of last year, 32 bytes.."


def reads(district: Town, token: str) -> CodeTarget:
    """What a phone in this district finds."""
    return queries.read_code(district.session, district.district_id, token, keys=[KEY, OLD_KEY], now=district.now)


def sheet(district: Town, shop: Shop, *, key: bytes = KEY) -> CodeSheet:
    """The shop's printed code, made now."""
    commands.make_static_code(district.session, shop.owner, shop.id, now=district.now)
    found = queries.code_sheet(district.session, district.district_id, shop.id, public_url="https://meguri.test", key=key)
    assert found is not None
    return found


def test_a_printed_code_leads_to_its_shop(district: Town) -> None:
    """The sticker on the counter: shop yes, amount no. A sheet signed before the key changed still works."""
    shop = district.shop()
    for key in (KEY, OLD_KEY):
        target = reads(district, sheet(district, shop, key=key).token)
        assert (target.shop.id, target.asked) == (shop.id, None)


def test_a_sheet_carries_what_staff_compare(district: Town) -> None:
    """Address, serial and the six signs of the check word."""
    shop = district.shop()
    first, second = sheet(district, shop), sheet(district, shop)
    assert (first.serial, second.serial) == (1, 2)
    assert second.url == f"https://meguri.test/q/{second.token}" and len(second.check_word) == 6
    assert first.check_word != second.check_word


def test_there_is_no_sheet_before_the_first_code(district: Town) -> None:
    """Nothing is printed that nobody made."""
    shop = district.shop()
    assert queries.code_sheet(district.session, district.district_id, shop.id, public_url="https://x", key=KEY) is None


def test_a_renewed_code_ends_the_one_before(district: Town) -> None:
    """After a swap of stickers the old ones say that they are old."""
    shop = district.shop()
    old = sheet(district, shop).token
    sheet(district, shop)
    with pytest.raises(CodeReplaced):
        reads(district, old)


def test_a_request_leads_to_shop_and_amount(district: Town) -> None:
    """The QR on the tablet: which shop, and how much."""
    asked = district.shop().asks(1_280)
    target = reads(district, queries.request_token(asked.id, KEY))
    assert target.asked is not None
    assert (target.shop.id, target.asked.id, target.asked.amount) == (asked.merchant_id, asked.id, 1_280)


def test_a_request_that_is_over_says_why(district: Town, clock: TestClock) -> None:
    """Paid, withdrawn and too old are three different sentences."""
    shop, hanako = district.shop(), district.consumer(coins=1_000)
    paid, cancelled, expired = shop.asks(100), shop.another_till("レジ2").asks(100), shop.another_till("レジ3").asks(100)
    hanako.pays(paid)
    shop.till().cancels(cancelled)
    clock.advance(minutes=6)
    for asked, refusal in ((paid, RequestPaid), (cancelled, RequestCancelled), (expired, RequestExpired)):
        with pytest.raises(refusal):
            reads(district, queries.request_token(asked.id, KEY))


@pytest.mark.parametrize(
    ("token", "refusal"),
    [
        ("", CodeUnreadable),
        ("https://evil.example/q/abc", CodeUnreadable),
        ("A" * 34, CodeUnreadable),
        ("Ａ" * 35, CodeUnreadable),
        ("'; DROP TABLE merchant; --........", CodeUnreadable),
        (qr_token.make(b"somebody else's key of 32 bytes.", "static", bytes(16)), CodeTampered),
        (qr_token.make(KEY, "static", bytes(16)), CodeUnknown),
        (qr_token.make(KEY, "dynamic", bytes(16)), CodeUnknown),
    ],
)
def test_garbage_and_forgeries_are_told_apart(district: Town, token: str, refusal: type[MeguriError]) -> None:
    """No code of ours, a forged one, and one that leads nowhere: none finds a shop."""
    with pytest.raises(refusal):
        reads(district, token)


def test_another_districts_code_says_where_it_belongs(district: Town, other_district: Town) -> None:
    """A visitor from the next valley is told where the code can be used."""
    shop = other_district.shop()
    tokens = [sheet(other_district, shop).token, queries.request_token(shop.asks(100).id, KEY)]
    for token in tokens:
        with pytest.raises(CodeOfAnotherDistrict) as refused:
            reads(district, token)
        assert refused.value.facts == {"district": "灯ノ沢温泉"}


def test_a_suspended_shops_code_takes_nothing(district: Town) -> None:
    """The phone says so before anybody types an amount."""
    shop = district.shop()
    tokens = [sheet(district, shop).token, queries.request_token(shop.asks(100).id, KEY)]
    shop.is_suspended()
    for token in tokens:
        with pytest.raises(ShopSuspended):
            reads(district, token)


def test_ids_are_random(district: Town, clock: TestClock) -> None:
    """Two codes have nothing in common that a third could be guessed from."""
    till = district.till()
    ids: list[UUID] = []
    for _ in range(20):
        clock.advance(seconds=1)
        ids.append(till.asks(100).id)
    assert len({identifier.bytes[:4] for identifier in ids}) == 20
