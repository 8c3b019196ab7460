"""送る・贈る: one person passes coin on to another, and nobody else, nothing more and nothing twice."""

from __future__ import annotations

import re
from collections.abc import Callable
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

import association.commands
import wallet.commands
import wallet.queries
from association.commands import AllowTransfers
from association.errors import NotACoin, TransferLimitsWrong
from base.clock import tokyo_day
from base.errors import Forbidden
from identity.commands import FreezeOrder
from identity.queries import person_topic
from ledger.errors import AccountFrozen, CeilingPassed, FloorPassed, KeyReused, TransferMonthFull, TransfersOff, TransferTooLarge
from tests.town import ANY_KEY, CARD_PIN, Consumer, Town
from tests.wallet.phones import Phone
from tests.wallet.test_pages import text
from tests.web.axe import serious, sideways
from wallet.commands import Give, Send
from wallet.errors import (
    ConfirmationNeeded,
    GiftHeld,
    GiftIsYours,
    GiftOver,
    GiftTaken,
    GiftUnknown,
    ReceiverCannot,
    ReceiverFull,
    ReceiverIsYou,
    ReceiverUnknown,
)
from wallet.queries import Search

Hand = Callable[[Consumer | None], Phone]


def opens(town: Town, once: int = 20_000, monthly: int = 50_000, series_id: int | None = None) -> None:
    """Two people let the coin be passed on."""
    order = AllowTransfers(series_id or town.series_id, once, monthly, "ご近所どうしの立て替えに")
    town.approver().approves(association.commands.propose_transfers(town.session, town.clerk().who, order))


def address(of: Consumer) -> str:
    return wallet.queries.own_address(of.town.session, of.who, now=of.town.now)


def sends(giver: Consumer, receiver: Consumer, amount: int, **changes: object):
    order = Send(**({"address": address(receiver), "series_id": giver.town.series_id, "amount": amount, "key": uuid4()} | changes))  # type: ignore[arg-type]
    return wallet.commands.send(giver.town.session, giver.who, order, now=giver.town.now)


def gives(giver: Consumer, amount: int, words: str = "", **changes: object) -> int:
    order = Give(**({"series_id": giver.town.series_id, "amount": amount, "words": words, "key": uuid4()} | changes))  # type: ignore[arg-type]
    return wallet.commands.give(giver.town.session, giver.who, order, now=giver.town.now)


def link(giver: Consumer, gift_id: int) -> str:
    return wallet.queries.my_gift(giver.town.session, giver.who, gift_id, now=giver.town.now).code


def takes(receiver: Consumer, code: str, **changes: object):
    return wallet.commands.take_gift(receiver.town.session, receiver.who, code, changes.get("key", uuid4()), now=receiver.town.now)  # type: ignore[arg-type]


def test_nothing_is_sent_before_two_people_allow_it(district: Town) -> None:
    """Off at first, and off again as soon as one person stops it; no coupon, no voucher, nothing beyond the law is ever allowed."""
    hanako, taro = district.consumer(coins=5_000), district.consumer(nickname="太郎")
    with pytest.raises(TransfersOff):
        address(taro)
    clerk = district.clerk()
    with pytest.raises(TransferLimitsWrong):
        association.commands.propose_transfers(district.session, clerk.who, AllowTransfers(district.series_id, 100_001, 300_000, "多く"))
    coupon = district.coupon()
    with pytest.raises(NotACoin):
        association.commands.propose_transfers(district.session, clerk.who, AllowTransfers(coupon, 100, 100, "クーポン"))
    with pytest.raises(Forbidden):
        association.commands.propose_transfers(
            district.session, district.approver().who, AllowTransfers(district.series_id, 100, 100, "承認者は申請しない")
        )
    opens(district)
    sends(hanako, taro, 1_000)
    there = address(taro)
    association.commands.stop_transfers(district.session, district.approver().who, district.series_id)
    with pytest.raises(TransfersOff):
        sends(hanako, taro, 1_000, address=there)
    assert (hanako.coins(), taro.coins()) == (4_000, 1_000)


def test_what_is_sent_arrives_at_once_and_once(district: Town) -> None:
    """Pressed twice it is sent once; limits, PIN, a full or stopped receiver, an old or foreign QR each say so, and nothing moves."""
    opens(district, once=20_000, monthly=30_000)
    hanako, taro = district.consumer(coins=60_000), district.consumer(coins=90_000, nickname="太郎")
    jiro = district.consumer(nickname="次郎")
    there = address(taro)
    first, again = (sends(hanako, taro, 3_000, key=ANY_KEY, address=there) for _ in range(2))
    assert (again.replayed, again.transaction_id) == (True, first.transaction_id)
    assert {person_topic(district.district_id, one.person_id) for one in (hanako, taro)} <= set(district.woken)
    hanako.sets_pin(CARD_PIN)
    with pytest.raises(ConfirmationNeeded):
        sends(hanako, jiro, 12_000)
    for receiver, amount, reason in ((jiro, 20_001, TransferTooLarge), (taro, 8_000, ReceiverFull), (jiro, 60_001, FloorPassed)):
        with pytest.raises(reason):
            sends(hanako, receiver, amount, pin=CARD_PIN)
    with pytest.raises(KeyReused):
        sends(hanako, jiro, 3_000, key=ANY_KEY)
    with pytest.raises(ReceiverIsYou):
        sends(hanako, hanako, 100)
    for wrong in (there[:-1] + ("0" if there[-1] != "0" else "1"), "なんでしょう", re.sub("^[0-9a-f]+", f"{jiro.person_id:x}", there)):
        with pytest.raises(ReceiverUnknown):
            sends(hanako, taro, 100, address=wrong)
    sends(hanako, jiro, 20_000, pin=CARD_PIN)
    with pytest.raises(TransferMonthFull):
        sends(hanako, jiro, 7_001)
    order = FreezeOrder("association", "照会があった")
    association.commands.freeze_person(district.session, district.clerk().who, jiro.person_id, order, now=district.now)
    with pytest.raises(ReceiverCannot):
        sends(hanako, jiro, 100)
    district.clock.advance(hours=25)  # type: ignore[attr-defined]
    with pytest.raises(ReceiverUnknown):
        sends(hanako, taro, 100, address=there)
    assert (hanako.coins(), taro.coins(), jiro.coins(), district.difference()) == (37_000, 93_000, 20_000, 0)


def test_a_gift_is_taken_once_or_goes_back(district: Town) -> None:
    """Of many who press at once one gets it; the giver takes it back; after its time it is the giver's again, without anybody's doing."""
    opens(district)
    hanako = district.consumer(coins=9_000)
    friends = [district.consumer(nickname=f"友{place}") for place in range(4)]
    gift = gives(hanako, 2_000, "お誕生日おめでとう", key=ANY_KEY)
    assert gives(hanako, 2_000, "お誕生日おめでとう", key=ANY_KEY) == gift
    with pytest.raises(KeyReused):
        gives(hanako, 2_001, key=ANY_KEY)
    code = link(hanako, gift)
    assert len(code) == 26 and hanako.coins() == 9_000
    answers = district.at_once([lambda each=each: takes(each, code) for each in friends])
    assert sorted(type(one).__name__ for one in answers) == ["GiftTaken"] * 3 + ["Posted"]
    assert (hanako.coins(), sum(each.coins() for each in friends)) == (7_000, 2_000)
    taker = next(each for each in friends if each.coins())
    assert takes(taker, code).replayed
    seen = wallet.queries.offered_gift(district.session, taker.who, code, now=district.now)
    assert (seen.words, seen.giver, seen.mine) == ("お誕生日おめでとう", "花子", True)
    with pytest.raises(GiftTaken):
        wallet.commands.take_back(district.session, hanako.who, gift, now=district.now)

    back, late, held = gives(hanako, 1_000), gives(hanako, 1_000), gives(hanako, 1_000)
    for _ in range(2):
        wallet.commands.take_back(district.session, hanako.who, back, now=district.now)
    for wrong, reason in ((link(hanako, back), GiftOver), ("A" * 26, GiftUnknown), ("なんでしょう", GiftUnknown)):
        with pytest.raises(reason):
            takes(taker, wrong)
    with pytest.raises(GiftIsYours):
        takes(hanako, link(hanako, late))
    with pytest.raises(GiftUnknown):
        wallet.commands.take_back(district.session, taker.who, late, now=district.now)
    code = link(hanako, held)
    order = FreezeOrder("self", "なくした")
    association.commands.freeze_person(district.session, district.clerk().who, hanako.person_id, order, now=district.now)
    with pytest.raises(GiftHeld):
        takes(taker, code)
    with pytest.raises(AccountFrozen):
        gives(hanako, 100)
    district.clock.advance(days=14)  # type: ignore[attr-defined]
    with pytest.raises(GiftOver):
        takes(taker, code)
    assert (hanako.coins(), district.difference()) == (7_000, 0)


def test_a_gift_that_does_not_fit_waits(district: Town) -> None:
    """Whoever has no room for it is told how much there is, and the gift is still there."""
    opens(district)
    hanako, taro = district.consumer(coins=2_000), district.consumer(coins=99_500, nickname="太郎")
    code = link(hanako, gives(hanako, 1_000))
    with pytest.raises(CeilingPassed):
        takes(taro, code)
    takes(district.consumer(nickname="次郎"), code)
    assert hanako.coins() == 1_000


def test_a_link_tells_nothing_to_whoever_is_not_signed_in_and_takes_nothing_by_being_opened(district: Town, phone: Hand) -> None:
    """A messenger's preview sees neither names, words nor the amount; a GET moves nothing; the press does, once, and both sides read it."""
    opens(district)
    hanako, taro = district.consumer(coins=9_000), district.consumer(nickname="太郎")
    gift = gives(hanako, 1_234, "ありがとう")
    path = f"/gift/{link(hanako, gift)}"
    preview = phone(None).opens(path)
    assert preview.status_code == 200 and "1,234" not in preview.text and "花子" not in preview.text and "ありがとう" not in preview.text
    hand = phone(taro)
    page = hand.opens(path)
    assert "1,234" in page.text and "花子さんから" in page.text and "ありがとう" in page.text and taro.coins() == 0
    assert hand.client.post(path, base_url=f"https://{hand.host}").status_code == 422 and taro.coins() == 0
    key = hand.hidden(path)["key"]
    for _ in range(2):
        done = hand.sends(path, {"key": key}, on="/wallet/settings")
        assert "受け取りました" in done.text and "1,234" in done.text
    assert (hanako.coins(), taro.coins()) == (7_766, 1_234)
    assert "花子さんから" in hand.opens("/wallet/history").text
    theirs = phone(hanako)
    assert (
        "太郎さんへ" in theirs.opens("/wallet/history?kind=passed").text and "太郎さんが受け取りました" in theirs.opens("/wallet/send").text
    )
    month = f"{district.now.astimezone():%Y-%m}"
    assert "太郎" in theirs.opens(f"/wallet/statement/{month}.csv").get_data(as_text=True)


def test_a_card_sends_nothing(district: Town) -> None:
    """Whoever pays with a card has no phone to send from: no door of a till or of a program opens it."""
    opens(district)
    till = district.till()
    order = Send("0-0-" + "0" * 24, district.series_id, 100, uuid4())
    with pytest.raises((Forbidden, ReceiverUnknown)):
        wallet.commands.send(district.session, till.who, order, now=district.now)


@pytest.mark.browser
def test_sending_by_the_receivers_qr(district: Town, hand: Callable[..., Page]) -> None:
    """太郎 shows his QR, 花子's camera opens it: amount, confirmation, done; his page turns to what came, with the same word."""
    opens(district)
    hanako, taro = district.consumer(coins=9_000), district.consumer(nickname="太郎")
    district.clerk().tops_up(taro, 100)
    his, hers = hand(taro), hand(hanako)
    his.goto("/wallet/receive")
    expect(his.get_by_role("heading", name="太郎さんの受け取りQR")).to_be_visible()
    hers.goto("/wallet/scan")
    place = hers.locator("[data-open-codes]")
    read = str(place.get_attribute("data-open-codes")).replace("/q/", f"/wallet/to/{address(taro)}")
    place.evaluate("(place, text) => place.dispatchEvent(new CustomEvent('meguri:scan', { detail: { text }, bubbles: true }))", read)
    hers.get_by_label("送る金額").fill("１，５００")
    hers.get_by_role("button", name="確認へ進む").click()
    expect(hers.get_by_text("太郎さんへ")).to_be_visible()
    assert serious(hers) == [] and sideways(hers) == 0
    hers.get_by_role("button", name="1,500円を送る").dblclick()
    expect(hers.get_by_role("heading", name="送りました")).to_be_visible()
    expect(his.get_by_role("heading", name="受け取りました")).to_be_visible()
    assert hers.locator(".match b").inner_text() == his.locator(".match b").inner_text()
    assert serious(his) == []
    assert (hanako.coins(), taro.coins()) == (7_500, 1_600)


def test_a_month_says_what_was_passed_on(district, phone):
    """Neither used nor bought: sent and received stand by themselves, where there was any; what came, less what went."""
    opens(district)
    hanako, taro = district.consumer(coins=9_000), district.consumer(nickname="太郎")
    month = tokyo_day(district.now).replace(day=1)
    assert "送る・贈る 円" not in text(phone(hanako).opens("/wallet/history"))
    sends(hanako, taro, 3_000)
    sends(taro, hanako, 500)
    for one, sums in ((hanako, (0, 9_000, -2_500)), (taro, (0, 0, 2_500))):
        page = wallet.queries.history(district.session, one.who, Search(month=month))
        assert (page.spent, page.received, page.passed) == sums
        assert page.spent + one.coins() == page.received + page.passed
    assert "送る・贈る −2,500 円" in text(phone(hanako).opens("/wallet/history"))
