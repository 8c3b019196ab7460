"""Two hundred guests behind one address: one of them who guesses is stopped, and nobody else is."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest
from flask import Flask

import identity.queries
import merchant.commands
import wallet.commands
from base.errors import TooMany
from identity import commands
from identity.commands import Browser
from identity.errors import CodeEnded, CodeWrong, RecoveryCodeWrong
from identity.queries import Principal
from merchant.errors import PairCodeWrong
from tests.town import Consumer, Town
from wallet.errors import CardNotShown

WIFI, GUESTS = "198.51.100.7", 200


def sends(town: Town, email: str, device: str) -> UUID:
    where = {"address": WIFI, "device": device}
    return commands.send_code(town.session, town.district_id, "灯ノ沢温泉", email, **where, language="ja", now=town.now)


def signs_in(town: Town, guest: Consumer, email: str, device: str) -> None:
    """A mail is asked for, and its code is typed."""
    code_id = sends(town, email, device)
    code = str(identity.queries.mailbox(town.session, town.district_id)[0].facts["code"])
    where = {"address": WIFI, "device": device}
    proved = commands.prove_email(town.session, town.district_id, code_id, email, code, **where, now=town.now)
    entered = commands.enter_by_email(town.session, town.district_id, proved, Browser(device, address=WIFI), now=town.now)
    assert entered is not None and entered.person_id == guest.person_id


def guesses(town: Town, victim: str, device: str) -> None:
    """Tries codes, and asks for a new one whenever one has had its five tries."""
    code_id = sends(town, victim, device)
    while True:
        try:
            where = {"address": WIFI, "device": device}
            commands.prove_email(town.session, town.district_id, code_id, victim, "000000", **where, now=town.now)
        except CodeWrong:
            pass
        except CodeEnded:
            code_id = sends(town, victim, device)


def test_a_hotel_pays_and_signs_in_while_one_of_its_guests_is_stopped(district: Town) -> None:
    """A guest guesses until they are stopped. Two hundred others ask for their mail, and the last of them signs in and pays."""
    shop, victim = district.shop(), "hanako@example.jp"
    district.consumer(email=victim)
    with pytest.raises(TooMany):
        guesses(district, victim, "the guesser")
    for number in range(GUESTS):
        sends(district, f"guest{number}@example.jp", f"phone {number}")
    taro = district.consumer(coins=1_000, nickname="太郎", email="taro@example.jp")
    signs_in(district, taro, "taro@example.jp", "phone of taro")
    taro.pays(shop, 300)
    assert taro.coins() == 700


def test_who_is_stopped_by_their_device_uses_nothing_of_the_address(district: Town) -> None:
    """An unknown device is counted by itself, then by its address; a known one by itself alone; a line of IPv6 is one address."""
    known = "phone of hanako"
    commands.open_session(
        district.session, district.district_id, district.consumer().person_id, Browser(known), way="email", now=district.now
    )

    def tries(device: str | None, address: str = WIFI) -> None:
        limits = {"each": 3, "place": 4, "per": timedelta(hours=1), "district_id": district.district_id}
        commands.limit_caller(district.session, "test.hotel", address, device=device, **limits)

    for _ in range(3):
        tries("guesser")
    for _ in range(5):
        with pytest.raises(TooMany):
            tries("guesser")
    tries(None)
    with pytest.raises(TooMany):
        tries("a newcomer")
    tries(known)
    for house in range(4):
        tries(None, f"2001:db8:1:2:{house}::1")
    with pytest.raises(TooMany):
        tries(None, "2001:db8:1:2:ffff::9")
    tries(None, "2001:db8:1:3::1")


def test_a_guest_who_guesses_keeps_nobody_from_reporting_a_lost_phone(district: Town) -> None:
    """Recovery codes, card numbers, a shop's application, a tablet's code: each browser behind the Wi-Fi has its own tries."""
    hanako = district.consumer(coins=1_000)
    [code, *_] = commands.make_recovery_codes(district.session, hanako.who, now=district.now)

    def behind_the_wifi(device: str) -> Principal:
        return identity.queries.nobody(district.district_id, address=WIFI, device_token=device)

    def guesses_all(tries: Callable[[Principal], object], wrong: type[Exception]) -> None:
        for _ in range(100):
            try:
                tries(behind_the_wifi("the guesser"))
            except wrong:
                continue
            except TooMany:
                return
        pytest.fail("a guesser is never stopped")

    numbers = (f"{number:016}" for number in itertools.count())
    guesses_all(lambda who: wallet.commands.report_lost(district.session, who, "花子", "ABCDE-FGHJK", now=district.now), RecoveryCodeWrong)
    guesses_all(lambda who: wallet.commands.read_card_balance(district.session, who, next(numbers), "0000"), CardNotShown)
    guesses_all(lambda who: merchant.commands.pair_till(district.session, who, "ABCDEFGH", now=district.now), PairCodeWrong)
    with pytest.raises(CardNotShown):
        wallet.commands.read_card_balance(district.session, behind_the_wifi("another"), next(numbers), "0000")
    with pytest.raises(PairCodeWrong):
        merchant.commands.pair_till(district.session, behind_the_wifi("another"), "ABCDEFGH", now=district.now)
    wallet.commands.report_lost(district.session, behind_the_wifi("a friend's phone"), "花子", code, now=district.now)
    assert identity.queries.freeze_of(district.session, district.district_id, hanako.person_id) is not None


@pytest.mark.parametrize("page", ["/lost", "/card", "/apply", "/till/pair"])
def test_a_page_on_which_a_stranger_may_try_gives_the_browser_its_mark(app: Flask, district: Town, page: str) -> None:
    """Once: whoever has one keeps it."""
    client, base = app.test_client(), f"https://{district.host}"
    first = client.get(page, base_url=base)
    assert any(each.startswith("meguri_device=") for each in first.headers.getlist("Set-Cookie"))
    assert not any(each.startswith("meguri_device=") for each in client.get(page, base_url=base).headers.getlist("Set-Cookie"))
