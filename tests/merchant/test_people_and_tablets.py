"""Tablets come and go, cashiers change, shops are approved and suspended."""

from __future__ import annotations

from dataclasses import replace

import pytest

import identity.queries
import ledger.queries
from base.errors import Forbidden, NotSignedIn, TooMany
from base.ids import has_check_digit
from identity.errors import PinMissing, PinWeak, PinWrong
from merchant import commands, queries
from merchant.commands import NewStaff
from merchant.errors import (
    LastOwner,
    NotAlone,
    NoTill,
    PairCodeWrong,
    ShopStateForbidden,
    ShopSuspended,
    ShopUnknown,
    StaffUnknown,
    TillNameTaken,
    TillUnknown,
)
from tests.conftest import TestClock
from tests.town import CASHIER_PIN, OWNER_PIN, Town


def newcomer(district: Town, address: str = "198.51.100.7") -> identity.queries.Principal:
    """A tablet that belongs to nobody yet."""
    return identity.queries.nobody(district.district_id, address=address)


def test_a_code_pairs_one_tablet_once(district: Town) -> None:
    """The owner's code makes one tablet a till; typed a second time it is worth nothing."""
    shop = district.shop()
    made = commands.make_pair_code(district.session, shop.owner, shop.id, "店頭の端末 1", now=district.now)
    typed = f" {made.code[:4].lower()}-{made.code[4:]} "
    paired = commands.pair_till(district.session, newcomer(district), typed, now=district.now)
    assert [(row.id, row.name) for row in queries.tills(district.session, district.district_id, shop.id)] == [
        (paired.till.id, "店頭の端末 1")
    ]
    with pytest.raises(PairCodeWrong):
        commands.pair_till(district.session, newcomer(district), made.code, now=district.now)


def test_two_tablets_of_a_shop_have_two_names(district: Town) -> None:
    """A second 店頭の端末 1 would be taken for the first on receipts and in the day's books; once the first is gone, its name is free."""
    shop = district.shop()
    till = shop.till()
    (first,) = queries.tills(district.session, district.district_id, shop.id)
    with pytest.raises(TillNameTaken):
        commands.make_pair_code(district.session, shop.owner, shop.id, first.name, now=district.now)
    commands.revoke_till(district.session, shop.owner, shop.id, till.id, now=district.now)
    commands.make_pair_code(district.session, shop.owner, shop.id, first.name, now=district.now)


def test_two_tablets_with_one_code_at_once(district: Town) -> None:
    """Two people who type the same code at the same moment: one gets a till."""
    shop = district.shop()
    made = commands.make_pair_code(district.session, shop.owner, shop.id, "端末", now=district.now)
    answers = district.at_once([lambda: commands.pair_till(district.session, newcomer(district), made.code, now=district.now)] * 2)
    assert sorted(type(answer).__name__ for answer in answers) == ["PairCodeWrong", "Paired"]


def test_a_pair_code_lives_ten_minutes(district: Town, clock: TestClock) -> None:
    """A code on a note from this morning opens nothing."""
    shop = district.shop()
    made = commands.make_pair_code(district.session, shop.owner, shop.id, "端末", now=district.now)
    clock.advance(minutes=10)
    with pytest.raises(PairCodeWrong):
        commands.pair_till(district.session, newcomer(district), made.code, now=district.now)


def test_a_pair_code_is_of_its_district(district: Town, other_district: Town) -> None:
    """A code from one town pairs nothing in another."""
    shop = district.shop()
    made = commands.make_pair_code(district.session, shop.owner, shop.id, "端末", now=district.now)
    with pytest.raises(PairCodeWrong):
        commands.pair_till(other_district.session, newcomer(other_district), made.code, now=other_district.now)


def test_guessing_codes_is_slowed_down(district: Town) -> None:
    """Whoever tries codes from one address is stopped after three hundred in a minute, and from one tablet after ten."""
    guesser = newcomer(district, "203.0.113.66")
    tablet = replace(guesser, device_token="a tablet")
    for _ in range(10):
        with pytest.raises(PairCodeWrong):
            commands.pair_till(district.session, tablet, "ABCDEFGH", now=district.now)
    with pytest.raises(TooMany):
        commands.pair_till(district.session, tablet, "ABCDEFGH", now=district.now)
    for _ in range(290):
        with pytest.raises(PairCodeWrong):
            commands.pair_till(district.session, guesser, "ABCDEFGH", now=district.now)
    with pytest.raises(TooMany):
        commands.pair_till(district.session, guesser, "ABCDEFGH", now=district.now)


def test_only_the_owner_pairs_and_revokes(district: Town) -> None:
    """A cashier at the till, a customer and a stranger make no codes."""
    shop = district.shop()
    for who, refusal in ((shop.till().who, Forbidden), (district.consumer().who, Forbidden), (newcomer(district), NotSignedIn)):
        with pytest.raises(refusal):
            commands.make_pair_code(district.session, who, shop.id, "端末", now=district.now)
        with pytest.raises(refusal):
            commands.revoke_till(district.session, who, shop.id, shop.till().id, now=district.now)


def test_an_owner_rules_only_the_own_shop(district: Town) -> None:
    """The owner of one shop neither pairs, nor revokes, nor hires, nor renews a code at another."""
    shop, other = district.shop(), district.shop("ゆのや")
    session, owner, now = district.session, shop.owner, district.now
    with pytest.raises(Forbidden):
        commands.make_pair_code(session, owner, other.id, "端末", now=now)
    with pytest.raises(Forbidden):
        commands.revoke_till(session, owner, other.id, other.till().id, now=now)
    with pytest.raises(Forbidden):
        commands.add_staff(session, owner, other.id, NewStaff("誰か", "cashier", CASHIER_PIN), now=now)
    with pytest.raises(Forbidden):
        commands.make_static_code(session, owner, other.id, now=now)
    with pytest.raises(TillUnknown):
        commands.revoke_till(session, owner, shop.id, other.till().id, now=now)


def test_a_revoked_tablet_is_nobody_at_once(district: Town) -> None:
    """A stolen tablet: one press and it is a picture frame. Pressing again changes nothing."""
    shop = district.shop()
    till = shop.till()
    for _ in range(2):
        commands.revoke_till(district.session, shop.owner, shop.id, till.id, now=district.now)
    assert not till.who.is_somebody
    assert queries.tills(district.session, district.district_id, shop.id) == []


def test_cashiers_change_by_pin(district: Town) -> None:
    """佐藤 takes over from 鈴木 with a PIN; the tablet knows from then on who asks for money."""
    shop = district.shop()
    till, sato = shop.till(), shop.hires("佐藤")
    assert not till.who.has("cashier")
    commands.switch_staff(district.session, till.who, sato, CASHIER_PIN, now=district.now)
    assert (till.who.staff_id, till.who.has("cashier"), till.asks(500).staff_id) == (sato, True, sato)


def test_a_wrong_pin_changes_nothing(district: Town) -> None:
    """Nobody stands at a till under another's name."""
    shop = district.shop()
    till, sato = shop.till(), shop.hires("佐藤")
    with pytest.raises(PinWrong):
        commands.switch_staff(district.session, till.who, sato, OWNER_PIN, now=district.now)
    assert till.who.staff_id is None


def test_whoever_leaves_stands_at_no_till(district: Town) -> None:
    """The owner lets somebody go: they are off every tablet at once, and their PIN is worth nothing."""
    shop = district.shop()
    till, sato = shop.till(), shop.hires("佐藤")
    commands.switch_staff(district.session, till.who, sato, CASHIER_PIN, now=district.now)
    commands.remove_staff(district.session, shop.owner, shop.id, sato, now=district.now)
    assert till.who.staff_id is None
    with pytest.raises(StaffUnknown):
        commands.switch_staff(district.session, till.who, sato, CASHIER_PIN, now=district.now)


def test_the_last_owner_stays(district: Town) -> None:
    """A shop keeps somebody who can answer for a large refund."""
    shop = district.shop()
    owner = shop.hires("港", role="owner", pin=OWNER_PIN)
    with pytest.raises(LastOwner):
        commands.remove_staff(district.session, shop.owner, shop.id, owner, now=district.now)
    second = shop.hires("港二世", role="owner", pin=CASHIER_PIN)
    commands.remove_staff(district.session, shop.owner, shop.id, owner, now=district.now)
    assert [member.id for member in queries.staff(district.session, district.district_id, shop.id)] == [second]


def test_a_new_pin_is_the_only_one(district: Town) -> None:
    """After the owner sets a new PIN the old one no longer works; a PIN that everybody tries first is refused."""
    shop = district.shop()
    till, sato = shop.till(), shop.hires("佐藤")
    with pytest.raises(PinWeak):
        commands.set_staff_pin(district.session, shop.owner, shop.id, sato, "1234", now=district.now)
    commands.set_staff_pin(district.session, shop.owner, shop.id, sato, "８０５２", now=district.now)
    with pytest.raises(PinWrong):
        commands.switch_staff(district.session, till.who, sato, CASHIER_PIN, now=district.now)
    commands.switch_staff(district.session, till.who, sato, "8052", now=district.now)


def test_only_a_tablet_switches(district: Town) -> None:
    """The owner's own page is no till."""
    shop = district.shop()
    sato = shop.hires("佐藤")
    with pytest.raises(NoTill):
        commands.switch_staff(district.session, shop.owner, sato, CASHIER_PIN, now=district.now)


def test_a_shop_that_is_not_open_pairs_nothing(district: Town) -> None:
    """Before approval and under suspension no tablet comes."""
    shop = district.shop()
    shop.is_suspended()
    with pytest.raises(ShopSuspended):
        commands.make_pair_code(district.session, shop.owner, shop.id, "端末", now=district.now)


def test_public_numbers_differ_and_find_their_shop(district: Town) -> None:
    """Each shop has six digits of its own; a wrong digit finds nothing, and a shop that only applied is not found."""
    shops = [district.shop("一"), district.shop("二")]
    assert len({shop.public_number for shop in shops}) == 2
    for shop in shops:
        assert has_check_digit(shop.public_number)
        assert queries.shop_by_number(district.session, district.district_id, shop.public_number).id == shop.id
    number = shops[0].public_number
    wrong = number[:-1] + str((int(number[-1]) + 1) % 10)
    for typed in (wrong, "", "abcdef", "９９９９９９", district.applicant().public_number):
        with pytest.raises(ShopUnknown):
            queries.shop_by_number(district.session, district.district_id, typed)


def test_shops_registered_at_once_get_different_numbers(district: Town) -> None:
    """Two clerks who put shops forward at the same moment do not collide."""
    clerk = district.clerk()
    assert clerk is not None
    answers = district.at_once([lambda: district.applicant("同時").public_number] * 4)
    assert len(set(map(str, answers))) == 4


def test_a_closed_shop_stays_closed(district: Town) -> None:
    """Closing is for good; opening what is open changes nothing."""
    shop = district.shop()
    session, now = district.session, district.now
    assert commands.set_state(session, district.district_id, shop.id, "open", now=now).state == "open"
    commands.set_state(session, district.district_id, shop.id, "closed", now=now)
    with pytest.raises(ShopStateForbidden):
        commands.set_state(session, district.district_id, shop.id, "open", now=now)


def test_a_shop_takes_a_series_that_opens_later(district: Town) -> None:
    """A new coin needs no visit to the shops: the account is opened when it is first needed."""
    shop = district.shop()
    second = district.series("hotaru", "ほたるコイン", "Hotaru coin")
    hanako = district.consumer()
    district.clerk().tops_up(hanako, 500, series_id=second)
    hanako.pays(shop, 500)
    assert shop.taken() == 500
    commands.open_payables(district.session, district.district_id, second)
    held = ledger.queries.balances(district.session, district.district_id, "payable", shop.id)
    assert {each.series.id for each in held} == {district.series_id, second}


def test_an_owner_alone_may_do_without_the_pin(district: Town) -> None:
    """Switched off on the owner's page, the owner stands at the till by a press, as one who may do what a cashier may."""
    shop = district.shop()
    till, owner = shop.till(), shop.hires("山田", role="owner", pin=OWNER_PIN)
    with pytest.raises(PinMissing):
        commands.switch_staff(district.session, till.who, owner, "", now=district.now)
    commands.set_pin_free(district.session, shop.owner, shop.id, True, now=district.now)
    commands.switch_staff(district.session, till.who, owner, "", now=district.now)
    assert (till.who.staff_id, till.who.roles) == (owner, frozenset({"till", "cashier"}))
    commands.switch_staff(district.session, till.who, owner, OWNER_PIN, now=district.now)
    assert "owner" in till.who.roles
    commands.set_pin_free(district.session, shop.owner, shop.id, False, now=district.now)
    with pytest.raises(PinMissing):
        commands.switch_staff(district.session, till.who, owner, "", now=district.now)


def test_a_refund_wants_the_pin_all_the_same(district: Town) -> None:
    """Without a PIN at the till, money still goes back only with it."""
    shop, hanako = district.shop(), district.consumer(coins=1_000)
    till, owner = shop.till(), shop.hires("山田", role="owner", pin=OWNER_PIN)
    commands.set_pin_free(district.session, shop.owner, shop.id, True, now=district.now)
    receipt = hanako.pays(shop, 500)
    with pytest.raises(PinMissing):
        till.refunds(receipt.transaction_id, 500, staff_id=owner, pin="")
    with pytest.raises(PinWrong):
        till.refunds(receipt.transaction_id, 500, staff_id=owner, pin="9999")
    assert till.refunds(receipt.transaction_id, 500, staff_id=owner, pin=OWNER_PIN).amount == 500


def test_a_second_pair_of_hands_brings_the_pin_back(district: Town) -> None:
    """Somebody is added: everybody says who they are again. With two, or with a cashier alone, it cannot be switched off."""
    shop = district.shop()
    till, owner = shop.till(), shop.hires("山田", role="owner", pin=OWNER_PIN)
    commands.set_pin_free(district.session, shop.owner, shop.id, True, now=district.now)
    sato = shop.hires("佐藤")
    assert not queries.merchant(district.session, district.district_id, shop.id).pin_free
    for staff_id in (owner, sato):
        with pytest.raises(PinMissing):
            commands.switch_staff(district.session, till.who, staff_id, "", now=district.now)
    with pytest.raises(NotAlone):
        commands.set_pin_free(district.session, shop.owner, shop.id, True, now=district.now)
    commands.remove_staff(district.session, shop.owner, shop.id, sato, now=district.now)
    assert not queries.merchant(district.session, district.district_id, shop.id).pin_free
    commands.set_pin_free(district.session, shop.owner, shop.id, True, now=district.now)
    for stranger in (district.shop("ゆのや").owner, till.who, district.consumer().who):
        with pytest.raises((Forbidden, NotSignedIn)):
            commands.set_pin_free(district.session, stranger, shop.id, False, now=district.now)
