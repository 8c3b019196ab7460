"""A lost phone: the balance is stopped at the counter or by oneself, stays as it is, and moves again when it is lifted."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy.orm import Session

import association.commands
import identity.commands
import identity.queries
import ledger.commands
import ledger.queries
import wallet.commands
import wallet.queries
from association.errors import LiftByAnother
from base.db import atomic
from base.errors import Forbidden, NotSignedIn, TooMany
from identity.commands import FreezeOrder
from identity.errors import AlreadyFrozen, LiftAtDesk, LiftWithProof, NotFrozen, PersonUnknown, RecoveryCodeWrong
from ledger.errors import AccountFrozen
from tests.conftest import TestClock
from tests.town import Consumer, Shop, Town

BY_PHONE = FreezeOrder("self", "電話で、スマホをなくしたと届け出")


def codes_of(consumer: Consumer) -> list[str]:
    """The ten that she has on paper."""
    return identity.commands.make_recovery_codes(consumer.town.session, consumer.who, now=consumer.town.now)


def reports(town: Town, name: str, code: str, *, address: str = "198.51.100.7") -> None:
    """Somebody without a session says that the phone of `name` is lost."""
    stranger = identity.queries.nobody(town.district_id, address=address)
    wallet.commands.report_lost(town.session, stranger, name, code, now=town.now)


def freezes(town: Town, consumer: Consumer) -> None:
    association.commands.freeze_person(town.session, town.clerk().who, consumer.person_id, BY_PHONE, now=town.now)


def opens_account(consumer: Consumer, series_id: int) -> int:
    """What the first coin of a series does."""
    with atomic(consumer.town.session) as session:
        return ledger.commands.open_account(session, consumer.town.district_id, "consumer", consumer.person_id, series_id)


def by_printed_code(hanako: Consumer, shop: Shop) -> None:
    hanako.pays(shop, 300)


def by_request(hanako: Consumer, shop: Shop) -> None:
    hanako.pays(shop.asks(300))


def by_showing_a_code(hanako: Consumer, shop: Shop) -> None:
    hanako.shows_code()


def by_a_code_shown_before(hanako: Consumer, shop: Shop) -> None:
    shop.till().scans(hanako.code_before, 300)  # type: ignore[attr-defined]


def by_the_page_of_the_printed_code(hanako: Consumer, shop: Shop) -> None:
    found = wallet.queries.target_of_number(hanako.town.session, hanako.who, shop.public_number)
    wallet.queries.plan_for(hanako.town.session, hanako.who, found, 300, now=hanako.town.now)


def by_topping_up(hanako: Consumer, shop: Shop) -> None:
    hanako.town.clerk().tops_up(hanako, 1_000)


WAYS = (by_printed_code, by_request, by_showing_a_code, by_a_code_shown_before, by_the_page_of_the_printed_code, by_topping_up)


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
def test_nothing_moves_while_it_is_frozen(district: Town, way: Callable[[Consumer, Shop], None]) -> None:
    """Whichever way is tried, the answer is the same sentence, and the balance stays as it was."""
    hanako, bakery = district.consumer(coins=2_000), district.shop()
    hanako.code_before = hanako.shows_code().text  # type: ignore[attr-defined]
    freezes(district, hanako)
    with pytest.raises(AccountFrozen):
        way(hanako, bakery)
    assert (hanako.coins(), bakery.taken(), district.difference()) == (2_000, 0, 0)


def test_the_card_of_a_stopped_wallet_pays_nothing(district: Town) -> None:
    """Wallet and card are one balance: stopped is stopped, also for the card in somebody's hand."""
    yamada, till = district.card_holder(coins=3_000), district.till()
    association.commands.freeze_person(district.session, district.clerk().who, yamada.person_id, BY_PHONE, now=district.now)
    with pytest.raises(AccountFrozen):
        till.scans_card(yamada, 300)
    assert (yamada.coins(), till.shop.taken()) == (3_000, 0)


def test_a_question_that_was_waiting_is_not_answered_any_more(district: Town) -> None:
    """The shop had read the code and asked; frozen meanwhile, a yes from the lost phone pays nothing."""
    hanako, bakery = district.consumer(coins=20_000), district.shop()
    bakery.till().scans(hanako.shows_code().text, 5_000)
    freezes(district, hanako)
    with pytest.raises(AccountFrozen):
        hanako.consents()
    assert (hanako.coins(), bakery.taken()) == (20_000, 0)


def test_the_lost_phone_is_signed_out_and_new_when_it_comes_back(district: Town) -> None:
    """No session lives on, and a device that signs in again has the lower limits."""
    hanako = district.consumer(coins=2_000)
    lost = district.cookie(hanako.person_id)
    freezes(district, hanako)
    assert not district.principal(lost).is_somebody
    back = hanako.signs_in_again().who
    assert identity.queries.device_is_new(back, district.now)


def test_the_desk_lets_it_go_again_and_says_why(district: Town) -> None:
    """Frozen at the counter, lifted at the counter; both reasons stay on record, and for a day large payments are refused."""
    hanako, bakery = district.consumer(coins=20_000), district.shop()
    freezes(district, hanako)
    again = hanako.signs_in_again()
    approver = district.approver().who
    association.commands.unfreeze_person(
        district.session, approver, hanako.person_id, reason="本人が来所し、運転免許証で確認", now=district.now
    )
    told = identity.queries.standing(district.session, district.district_id, hanako.person_id, district.now)
    assert told.frozen is None
    assert [(one.asked_by, one.reason, one.end_reason) for one in told.freezes] == [
        ("self", "電話で、スマホをなくしたと届け出", "本人が来所し、運転免許証で確認")
    ]
    again.who = replace(again.who, limited_until=district.now + timedelta(hours=24))
    assert again.pays(bakery, 300).amount == 300


def test_a_coin_that_begins_while_frozen_is_frozen_too(district: Town) -> None:
    """A new series opens an account for her only when it is needed: also that one does not move."""
    hanako, bakery = district.consumer(coins=500), district.shop()
    freezes(district, hanako)
    summer = district.series("summer", "夏コイン", "Summer coin")
    opens_account(hanako, summer)
    held = ledger.queries.balances(district.session, district.district_id, "consumer", hanako.person_id)
    assert {one.state for one in held} == {"frozen"}
    association.commands.unfreeze_person(district.session, district.clerk().who, hanako.person_id, reason="見つかった", now=district.now)
    held = ledger.queries.balances(district.session, district.district_id, "consumer", hanako.person_id)
    assert {one.state for one in held} == {"open"}
    hanako.signs_in_again().pays(bakery, 300)


def test_freezing_and_the_first_coin_of_a_new_series_at_once(district: Town) -> None:
    """Whichever comes first, the account that is opened meanwhile is frozen in the end."""
    hanako = district.consumer()
    summer = district.series("summer", "夏コイン", "Summer coin")

    district.at_once([lambda: opens_account(hanako, summer), lambda: freezes(district, hanako)])
    held = ledger.queries.balances(district.session, district.district_id, "consumer", hanako.person_id)
    assert {one.state for one in held} == {"frozen"}


@pytest.mark.parametrize("name", ["花子", "ハナコ ", "HANAKO@example.jp"])
def test_by_oneself_with_a_code_from_paper(district: Town, name: str) -> None:
    """Without signing in: nickname or address and one of the ten. Everything is signed out, nothing moves."""
    hanako, bakery = (
        district.consumer(coins=2_000, nickname="はなこ" if "ハ" in name else "花子", email="hanako@example.jp"),
        district.shop(),
    )
    code = codes_of(hanako)[0]
    lost = district.cookie(hanako.person_id)
    reports(district, name, code)
    assert not district.principal(lost).is_somebody
    with pytest.raises(AccountFrozen):
        hanako.signs_in_again(way="email").pays(bakery, 300)
    reports(district, name, code)  # pressed twice is one report
    assert hanako.coins() == 2_000


def test_a_code_of_somebody_else_stops_nobody(district: Town, other_district: Town) -> None:
    """The name must be the code's owner's; a used code and another district's are as wrong as an invented one."""
    hanako, taro = district.consumer(coins=100), district.consumer(coins=100, nickname="太郎")
    code, other = codes_of(hanako)[:2]
    for town, name, typed in ((district, "太郎", code), (district, "花子", "ABCDE-FGHJK"), (other_district, "花子", code)):
        with pytest.raises(RecoveryCodeWrong):
            reports(town, name, typed)
    identity.commands.recover(
        district.session, district.district_id, other, identity.commands.Browser(address="192.0.2.77"), now=district.now
    )
    with pytest.raises(RecoveryCodeWrong):
        reports(district, "花子", other)
    for one in (hanako, taro):
        assert identity.queries.freeze_of(district.session, district.district_id, one.person_id) is None


def test_guessing_is_paced(district: Town) -> None:
    """So many tries an hour from one place, shared with signing in by a code."""
    limits = {"each": 10, "place": 300, "per": timedelta(hours=1), "district_id": district.district_id}
    for _ in range(300):
        identity.commands.limit_caller(district.session, "identity.recover", "203.0.113.5", **limits)
    with pytest.raises(TooMany):
        reports(district, "花子", "ABCDE-FGHJK", address="203.0.113.5")


def test_signed_in_anew_she_lifts_her_own_report(district: Town, clock: TestClock) -> None:
    """By passkey or mailed code, and only signed in since; for a day the limits are those of a new device."""
    hanako, bakery = district.consumer(coins=20_000, email="hanako@example.jp"), district.shop()
    reports(district, "花子", codes_of(hanako)[0])
    for way in ("recovery", "demo"):
        with pytest.raises(LiftWithProof):
            wallet.commands.lift_freeze(district.session, hanako.signs_in_again(way=way).who, now=district.now)
    clock.advance(minutes=3)
    cookie = district.cookie(hanako.person_id, way="email")
    wallet.commands.lift_freeze(district.session, district.principal(cookie), now=district.now)
    again = Consumer(district, hanako.person_id, district.principal(cookie))
    assert identity.queries.device_is_new(again.who, district.now)
    assert again.pays(bakery, 300).amount == 300
    with pytest.raises(NotFrozen):
        wallet.commands.lift_freeze(district.session, again.who, now=district.now)


def test_what_the_desk_stopped_the_desk_lifts(district: Town) -> None:
    """A stranger with the unlocked phone signs in with it, and still pays nothing."""
    hanako = district.consumer(coins=2_000)
    freezes(district, hanako)
    with pytest.raises(LiftAtDesk):
        wallet.commands.lift_freeze(district.session, hanako.signs_in_again(way="passkey").who, now=district.now)
    with pytest.raises(AlreadyFrozen):
        freezes(district, hanako)


def test_the_desk_stops_what_she_could_let_go_again_herself(district: Town) -> None:
    """She has reported it by a code; the police ask as well. From then on it is the desk that lifts it, and the record has both."""
    hanako = district.consumer(coins=2_000, email="hanako@example.jp")
    reports(district, "花子", codes_of(hanako)[0])
    order = FreezeOrder("police", "照会があった")
    association.commands.freeze_person(district.session, district.clerk().who, hanako.person_id, order, now=district.now)
    reports(district, "花子", codes_of(hanako)[1])  # once more by a code: still the desk's
    with pytest.raises(LiftAtDesk):
        wallet.commands.lift_freeze(district.session, hanako.signs_in_again(way="email").who, now=district.now)
    with pytest.raises(AlreadyFrozen):
        association.commands.freeze_person(district.session, district.clerk().who, hanako.person_id, order, now=district.now)
    told = identity.queries.standing(district.session, district.district_id, hanako.person_id, district.now)
    assert [(one.asked_by, one.ended_by) for one in told.freezes] == [("police", None), ("code", district.clerk().person_id)]


def test_whoever_asks_second_is_on_record_and_each_stop_is_let_go_for_itself(district: Town) -> None:
    """Her report, and a colleague's word from the police that came in while it held: the balance stands until neither holds."""
    hanako, bakery, clerk, chair = district.consumer(coins=2_000), district.shop(), district.clerk().who, district.approver().who
    freezes(district, hanako)  # by the clerk
    for order, by in ((FreezeOrder("police", "照会があった"), chair), (FreezeOrder("association", "循環する支払い"), clerk)):
        association.commands.freeze_person(district.session, by, hanako.person_id, order, now=district.now)
    lift = partial(association.commands.unfreeze_person, district.session, person_id=hanako.person_id, reason="会った", now=district.now)
    lift(clerk)  # hers and the police's: the clerk's own holds on
    with pytest.raises(LiftByAnother):
        lift(clerk)
    with pytest.raises(AccountFrozen):
        hanako.signs_in_again().pays(bakery, 300)
    lift(chair)
    told = identity.queries.standing(district.session, district.district_id, hanako.person_id, district.now)
    assert [(one.asked_by, one.reason, one.ended_by) for one in told.freezes] == [
        ("association", "循環する支払い", chair.person_id),
        ("police", "照会があった", clerk.person_id),
        ("self", "電話で、スマホをなくしたと届け出", clerk.person_id),
    ]
    hanako.signs_in_again().pays(bakery, 300)


def test_who_may_freeze_and_whom(district: Town, other_district: Town) -> None:
    """The association's people, of this district alone; consumers and auditors do not, and nobody finds somebody elsewhere."""
    hanako = district.consumer(coins=2_000)
    auditor = district.another_clerk("auditor")
    for who, refusal in ((auditor.who, Forbidden), (hanako.who, Forbidden), (identity.queries.nobody(district.district_id), NotSignedIn)):
        with pytest.raises(refusal):
            association.commands.freeze_person(district.session, who, hanako.person_id, BY_PHONE, now=district.now)
    with pytest.raises(PersonUnknown):
        association.commands.freeze_person(other_district.session, other_district.clerk().who, hanako.person_id, BY_PHONE, now=district.now)
    assert hanako.pays(district.shop(), 300).amount == 300


def test_a_mail_tells_the_owner(district: Town, session: Session) -> None:
    """Whoever did not report it themselves learns of it."""
    hanako = district.consumer(email="hanako@example.jp")
    freezes(district, hanako)
    subjects = [post.letter.subject for post in identity.queries.mailbox(session, district.district_id)]
    assert subjects[0] == "残高を一時停止しました"
