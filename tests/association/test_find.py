"""探す: every number that somebody reads out over the telephone leads somewhere, and none of them names a person by chance."""

from __future__ import annotations

import re
from dataclasses import replace

import association.commands
import merchant.commands
import merchant.queries
from association import queries
from association.queries import Application
from identity.queries import nobody
from tests.association.test_bank_details import MARUYA
from tests.association.test_disputes import opened
from tests.association.test_pages import Seat, desk
from tests.association.test_people_pages import answers, looks_at
from tests.association.test_tickets import Paper
from tests.association.test_voucher_calls import Campaign
from tests.merchant.test_later import asks as shows_later
from tests.merchant.test_register import asks, receipt_of, sells
from tests.merchant.test_till_logs import Device, device, shop, till
from tests.town import Town

__all__ = ["desk", "device", "shop", "till"]


def test_the_word_of_a_payment_is_enough(desk: Seat, district: Town) -> None:
    """Of today or yesterday; with the number, and without whose it was."""
    hanako, bakery = district.consumer(coins=2_000), district.shop()
    paid = hanako.pays(bakery, 1_480)
    seat = desk(district.clerk())
    assert f"支払い 受付番号 {paid.number}" in answers(seat, paid.word)
    assert "花子" not in seat.sees(f"/desk/find?q={paid.word}").text
    assert looks_at(district, hanako) == 0


def test_the_number_under_a_phones_code(desk: Seat, district: Town) -> None:
    """Whether it still counts, and whose it is for a desk that may know; the look is written down."""
    hanako = district.consumer(coins=2_000)
    shown = hanako.shows_code()
    seat = desk(district.clerk())
    assert (
        answers(seat, " ".join(shown.digits[place : place + 4] for place in (0, 4, 8)))
        == answers(seat, shown.digits)
        == ["スマホに出た番号"]
    )
    page = seat.sees(f"/desk/find?q={shown.digits}").text
    assert "花子" in page and "使えます" in page
    hanako.shows_code()
    assert "新しい番号に替わっています" in seat.sees(f"/desk/find?q={shown.digits}").text
    assert "花子" not in desk(district.another_clerk("auditor")).sees(f"/desk/find?q={shown.digits}").text
    assert looks_at(district, hanako) == 4


def test_a_ticket_by_its_corner_and_by_its_code(desk: Seat, district: Town) -> None:
    """チャージ券: batch and piece as printed, or the sixteen signs; used or not, and never the signs themselves."""
    batch, codes = district.issued(pieces=2, face_value=500)
    district.consumer().redeems(codes[1])
    seat = desk(district.clerk())
    for typed in (f"{batch}-0002", f"No.{batch}-2", codes[1], codes[1].replace("-", "").lower()):
        assert "チャージ券" in answers(seat, typed), typed
        page = seat.sees(f"/desk/find?q={typed}").text
        assert "使われました" in page and "500円" in page
    assert "未使用" in seat.sees(f"/desk/find?q={batch}-0001").text and codes[0] not in seat.sees(f"/desk/find?q={batch}-0001").text
    assert "チャージ券" not in answers(seat, f"{batch}-0003")


def test_the_last_four_digits_of_a_card_name_nobody(desk: Seat, district: Town) -> None:
    """They are an amount as often: the card is there to be opened, its holder is not told."""
    yamada = district.card_holder()
    seat, ending = desk(district.clerk()), yamada.card.number[-4:]
    assert f"終わりが {ending} のカード" in answers(seat, ending)
    assert not [each for each in answers(desk(district.another_clerk("auditor")), ending) if "カード" in each]
    assert looks_at(district, yamada) == 0


def test_a_shop_by_its_registration_number(desk: Seat, district: Town) -> None:
    """T and thirteen digits, in any width, also without the T."""
    new = replace(district.new_shop(), registration_number="T7000012050002")
    association.commands.register_shop(district.session, district.clerk().who, new, now=district.now)
    number = "T7000012050002"
    seat = desk(district.another_clerk("auditor"))
    for typed in (number, number.lower(), number[1:], "Ｔ" + number[1:]):
        assert answers(seat, typed) == ["みなと屋"], typed


def test_a_persons_number_is_opened_before_it_names_anybody(desk: Seat, district: Town) -> None:
    """For a desk that may know; another district's person is not there."""
    hanako = district.consumer()
    seat, number = desk(district.clerk()), str(hanako.person_id)
    assert f"利用者番号 {number}" in answers(seat, number)
    assert "花子" not in seat.sees(f"/desk/find?q={number}").text and looks_at(district, hanako) == 0
    assert answers(desk(district.another_clerk("auditor")), number) == []
    assert f"利用者番号 {number}" not in answers(seat, f"{number}円")


def test_an_application_and_a_campaign(desk: Seat, district: Town) -> None:
    """The number that whoever applied was given, and a part of a campaign's name."""
    wanted = Application(district.new_shop(), MARUYA, "丸山", "0123-45-6789")
    number = association.commands.apply_shop(district.session, nobody(district.district_id), wanted, now=district.now)
    coupon = district.coupon(name="冬の湯めぐり")
    seat = desk(district.clerk())
    assert f"加盟の申し込み 番号 {number}" in answers(seat, str(number))
    assert answers(seat, "湯めぐり") == ["冬の湯めぐり"]
    assert f'href="/desk/coupons/{coupon}"' in seat.sees("/desk/find?q=湯めぐり").text


def test_the_number_of_a_claim_on_the_town(desk: Seat, district: Town) -> None:
    """As it stands on the paper that a funder holds, also typed full width; of a campaign that is not, or a day that is none, nothing."""
    voucher, seat = district.voucher(), desk(district.clerk())
    for typed in (f"{voucher}-1-20261127", f"{voucher}－１－２０２６１１２７"):
        assert answers(seat, typed) == [f"請求番号 {voucher}-1-20261127"], typed
    page = seat.sees(f"/desk/find?q={voucher}-1-20261127").text
    assert f'href="/desk/vouchers/{voucher}/report?day=2026-11-27"' in page
    assert answers(seat, f"{voucher + 99}-1-20261127") == answers(seat, f"{voucher}-1-20261340") == []


def test_a_shop_by_its_telephone_number(desk: Seat, district: Town) -> None:
    """The one on its receipts, however it is typed, or its last digits; the one in an application for a desk that may open it."""
    bakery = district.shop()
    choice = merchant.queries.RegisterChoice(phone="078-912-3456")
    merchant.commands.set_register(district.session, bakery.owner, bakery.id, choice, issues=True, now=district.now)
    wanted = Application(district.new_shop(), MARUYA, "丸山", "090-1234-8456")
    number = association.commands.apply_shop(district.session, nobody(district.district_id), wanted, now=district.now)
    seat, auditor = desk(district.clerk()), desk(district.another_clerk("auditor"))
    for typed in ("078-912-3456", "0789123456", "０７８（９１２）３４５６", "+81 78-912-3456", "+81(0)789123456", "912-3456"):
        assert answers(seat, typed) == answers(auditor, typed) == ["みなと屋"], typed
    applied = f"加盟の申し込み 番号 {number}"
    assert answers(seat, "+81-90-1234-8456") == [applied] and answers(auditor, "090-1234-8456") == []
    assert answers(seat, "84-56") == [applied] and "丸山" not in seat.sees("/desk/find?q=8456").text
    assert answers(seat, "178-912-3456") == answers(seat, "078-912-345") == []


def test_half_a_number_of_a_receipt_a_booklet_and_a_claim(desk: Seat, district: Town) -> None:
    """Its beginning is enough while the answers are few; where they are many, they are counted and more digits asked for."""
    bakery = district.shop()
    merchant.commands.set_register(
        district.session, bakery.owner, bakery.id, merchant.queries.RegisterChoice(), issues=True, now=district.now
    )
    till = bakery.till()
    receipts = [sells(till).number for _time in range(11)]
    seat, beginning = desk(district.clerk()), receipts[0][:-6]
    assert answers(seat, f"{beginning}00001") == [f"レシート {receipts[each]}" for each in (10, 9)]
    for typed in (beginning, beginning[:-1]):
        assert answers(seat, typed) == [f"{typed} で始まるレシート"] and "11件" in seat.sees(f"/desk/find?q={typed}").text
    paper = Paper(district)
    campaign = queries.ticket_lot(district.session, district.clerk().who, paper.lot).voucher_id
    assert f"紙の商品券 {paper.lot}-0001" in answers(seat, f"{paper.lot}-000")
    for typed in (f"{campaign}-1-2026", f"{campaign}-20261"):
        assert answers(seat, typed) == [f"{typed} で始まる請求番号"]
    assert answers(seat, f"{campaign + 99}-1-2026") == []


def test_what_the_desk_numbers_by_itself(desk: Seat, district: Town) -> None:
    """Alone it may be several things, with its word it is one: 申請, 申し立て, 商品券の申し込み. No applicant is named."""
    call = Campaign(district)
    application = call.applies(district.consumer(), name="温泉太郎")
    call.comes_to_the_sale()
    hanako, bakery = district.consumer(coins=2_000), district.shop()
    case = opened(district, hanako.pays(bakery, 500).transaction_id)
    proposal = district.clerk().asks_for_large(hanako, 80_000)
    seat, auditor = desk(district.clerk().signs_in_again()), desk(district.another_clerk("auditor"))
    for typed in (f"申請 {proposal}", f"申請の{proposal}番", f"proposal {proposal}"):
        assert answers(seat, typed) == answers(auditor, typed) == [f"申請 {proposal} 高額チャージの申請"], typed
    assert answers(seat, f"申し立て{case}") == [f"申し立て {case}"]
    assert f"申請 {proposal} 高額チャージの申請" in answers(seat, str(proposal))
    applied = f"商品券の申し込み 番号 {application}"
    for typed in (f"申し込み番号 {application}", f"{call.id}-{application}-0000"):
        assert answers(seat, typed) == [applied], typed
        assert "温泉太郎" not in seat.sees(f"/desk/find?q={typed}").text and answers(auditor, typed) == [], typed
    assert answers(seat, f"申請 {proposal + 1}") == answers(seat, f"{call.id}-{application + 1}-0000") == []


def test_paper_vouchers_batches_and_payouts_by_what_is_printed_on_them(desk: Seat, district: Town) -> None:
    """A booklet and its ticket, full-width too; beside a top-up code of the same corner; a payout and a batch by their words."""
    district.settles_by()
    batch, _codes = district.issued(pieces=2, face_value=500)
    paper, shop, seat = Paper(district), district.shop(), desk(district.clerk())
    cover, ticket = f"{paper.lot}-0001", f"{paper.lot}-0001-01"
    assert f"紙の商品券 {cover}" in answers(seat, cover) and "未販売" in seat.sees(f"/desk/find?q={cover}").text
    paper.sells(1)
    for typed in (ticket, "".join(chr(ord(sign) + 0xFEE0) for sign in ticket)):
        assert answers(seat, typed) == [f"紙の商品券 {ticket}"] and "販売済み" in seat.sees(f"/desk/find?q={typed}").text
    assert answers(seat, f"{paper.lot}-0001-99") == answers(seat, f"{paper.lot}-9999-01") == []
    district.consumer(coins=2_000).pays(shop, 1_500)
    run = district.clerk().signs_in_again().submits(district.month_passes()).id
    seat = desk(district.clerk().signs_in_again())
    assert answers(seat, f"換金 {run}") == answers(seat, f"payout {run}") == [f"換金 {run}"]
    assert answers(seat, f"チャージ券 No.{batch}") == [f"チャージ券 No.{batch}"]


def test_a_code_to_pay_later_by_the_number_under_it(desk: Seat, district: Town, device: Device) -> None:
    """What a tablet showed without the network: which shop, how much, and that nobody has paid it."""
    merchant.commands.tell_later(district.session, device.till.who, [shows_later(device)], now=district.now)
    [row] = merchant.queries.later_requests(district.session, district.district_id, device.till.shop.id, now=district.now)
    seat = desk(district.clerk())
    for typed in (row.name, row.name.lower()):
        assert answers(seat, typed) == [f"あとで払うQR {row.name}"]
    page = seat.sees(f"/desk/find?q={row.name}").text
    assert "払われていません" in page and "760円" in page and device.till.shop.public_number in page
    assert answers(seat, f"{row.name[:-3]}999") == []


def test_a_receipt_and_a_payment_advice_by_the_number_on_the_paper(desk: Seat, district: Town) -> None:
    """A receipt leads to the shop, and to its payment if it was one in coin; an advice to the shop and the settlement."""
    district.settles_by(fee_bp=100)
    bakery = district.shop()
    choice = merchant.queries.RegisterChoice()
    merchant.commands.set_register(district.session, bakery.owner, bakery.id, choice, issues=True, now=district.now)
    till = bakery.till()
    paid = district.consumer(coins=5_000).pays(asks(till))
    in_coin, in_cash = receipt_of(district, paid.transaction_id), sells(till)
    run = district.clerk().submits(district.month_passes())
    district.approver().approves(run.id)
    seat = desk(district.clerk().signs_in_again())
    page = seat.sees(f"/desk/find?q={in_coin.number}").text
    assert answers(seat, in_coin.number) == [f"レシート {in_coin.number}"] and f"/desk/find?q={paid.number}" in page
    assert answers(seat, in_cash.number) == [f"レシート {in_cash.number}"]
    assert "コインの支払いのないレシート" in seat.sees(f"/desk/find?q={in_cash.number}").text and "1,280円" not in page
    [payout] = merchant.queries.payouts(district.session, district.district_id, bakery.id)
    assert answers(seat, payout.advice) == [f"支払通知書 {payout.advice}"]
    assert f'href="/desk/settlement/{run.id}"' in seat.sees(f"/desk/find?q={payout.advice}").text


def test_two_units_are_not_two_yen(desk: Seat, district: Town) -> None:
    """A sale of vouchers is found by what was paid, not by how many units it was."""
    district.clerk().sells(district.consumer(), district.voucher(), 2)
    seat = desk(district.clerk().signs_in_again())
    assert [each for each in answers(seat, "20000円") if "商品券の販売" in each]
    assert not [each for each in answers(seat, "2円") if "商品券の販売" in each]
    shown = {
        amount: len(re.findall(r'<th scope="rowgroup"[^>]*>商品券の販売', seat.sees(f"/desk/books?amount={amount}").text))
        for amount in (20_000, 2)
    }
    assert shown[20_000] > shown[2] == 0, shown
