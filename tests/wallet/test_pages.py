"""The wallet's pages on a phone without scripts: every one of them works as a form."""

from __future__ import annotations

import csv
import io
import re
from datetime import timedelta
from uuid import uuid4

import pytest

import identity.commands
import merchant.queries
from base.clock import tokyo_day
from wallet.commands import SetLimits, set_limits

PIN = "4826"
TOP = ["/wallet/", "/wallet/scan", "/wallet/number", "/wallet/code", "/wallet/history", "/wallet/settings", "/wallet/settings/limits"]


def text(answer):
    """What the page says, without its tags."""
    page = re.sub(r"<(template|script)\b.*?</\1>", " ", answer.get_data(as_text=True), flags=re.S)
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def key_of(answer):
    return re.search(r'name="key" value="([^"]+)"', answer.get_data(as_text=True))[1]


@pytest.mark.parametrize("path", TOP)
def test_strangers_are_sent_to_sign_in(phone, district, path):
    """Without signing in no page of the wallet opens; one is sent to sign in and comes back to the page."""
    answer = phone(None).client.get(path, base_url=f"https://{district.host}")
    assert answer.status_code == 303
    assert answer.location.startswith("/sign-in?next=")


@pytest.mark.parametrize("path", TOP)
@pytest.mark.parametrize("language", ["ja", "en"])
def test_every_page_opens(phone, district, path, language):
    """Each page opens for somebody who has just joined and for somebody who has a past, in both languages."""
    hanako, bakery = district.consumer(coins=3_000), district.shop()
    hanako.pays(bakery, 700)
    for person in (hanako, district.consumer()):
        answer = phone(person).opens(f"{path}?lang={language}")
        assert answer.status_code == 200
        assert f'<html lang="{language}"' in answer.get_data(as_text=True)


def test_a_request_is_paid_without_scripts(phone, district):
    """From the request to the done page: shop, amount, what is left; then the matching word that the till has too."""
    hanako, bakery = district.consumer(coins=8_420), district.shop("湯の花まんじゅう みなと屋")
    ask, hers = bakery.asks(1_280), phone(hanako)
    page = f"/wallet/pay/request/{ask.id}"
    seen = text(hers.opens(page))
    for words in ("湯の花まんじゅう みなと屋", "1,280 円", "残り 7,140円になります", "1,280円を支払う", "お店が入れた金額です"):
        assert words in seen
    done = hers.sends(page, {})
    assert done.request.path.startswith("/wallet/done/")
    sale = merchant.queries.last_arrivals(district.session, district.district_id, bakery.id, now=district.now)[0]
    for words in ("支払いました", "1,280 円", sale.word, sale.number, "残高 7,140円"):
        assert words in text(done)
    assert (hanako.coins(), bakery.taken()) == (7_140, 1_280)


def test_reload_and_back_are_harmless(phone, district):
    """The form sent again shows the same payment; the request opened again says that it is done, and when."""
    hanako, bakery = district.consumer(coins=8_420), district.shop()
    ask, hers = bakery.asks(1_280), phone(hanako)
    page = f"/wallet/pay/request/{ask.id}"
    fields = hers.hidden(page)
    answers = [hers.sends(page, fields, on="/wallet/number", follow=False) for _ in range(3)]
    assert {answer.status_code for answer in answers} == {303}
    assert len({answer.location for answer in answers}) == 1
    again = hers.opens(page)
    assert "この支払いは済んでいます" in text(again) and "二重払いにはなっていません" in text(again)
    assert hanako.coins() == 7_140


def test_at_a_printed_code_the_amount_is_typed(phone, district):
    """Full-width digits are an amount; then the page asks once more, with shop and amount, before anything is paid."""
    hanako, bakery = district.consumer(coins=1_000), district.shop()
    hers, page = phone(hanako), f"/wallet/pay/shop/{bakery.public_number}"
    assert "残高は 1,000円です" in text(hers.opens(page))
    seen = hers.opens(page, query_string={"amount": "７００円"})
    assert "700円を支払う" in text(seen) and "残り 300円になります" in text(seen)
    assert hanako.coins() == 1_000
    done = hers.sends(page, {}, on=f"{page}?amount=700")
    assert "支払いました" in text(done)
    assert hanako.coins() == 300
    assert "もう一度 200円を支払う" not in text(hers.opens(page, query_string={"amount": "200"}))
    hers.sends(page, {}, on=f"{page}?amount=100")
    assert "もう一度 100円を支払う" in text(hers.opens(page, query_string={"amount": "100"}))  # back, or a second bill alike


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("0", "金額は1円からです。"),
        ("-5", "金額は数字だけで、円の単位で入れてください。"),
        ("1.5", "金額は数字だけで、円の単位で入れてください。"),
        ("９９.９", "金額は数字だけで、円の単位で入れてください。"),
        ("1e3", "金額は数字だけで、円の単位で入れてください。"),
        ("", "金額を入れてください。"),
        ("七百", "金額は数字だけで、円の単位で入れてください。"),
        ("99999999999999999999", "金額は数字だけで、円の単位で入れてください。"),
    ],
)
def test_amounts_that_are_none(phone, district, typed, why):
    """0, negative, fractional, words: said beside the field, and what was typed stays in it."""
    hanako, bakery = district.consumer(coins=1_000), district.shop()
    page = f"/wallet/pay/shop/{bakery.public_number}"
    answer = phone(hanako).opens(page, query_string={"amount": typed})
    assert answer.status_code == 422
    assert why in text(answer)
    paid = phone(hanako).sends(page, {"key": str(uuid4()), "amount": typed})
    assert paid.status_code == 422
    assert hanako.coins() == 1_000


def test_a_huge_amount(phone, district):
    """Above the limit of one payment there is no button, and sending the form all the same is refused by name."""
    hanako, bakery = district.consumer(coins=1_000), district.shop()
    hanako.sets_pin(PIN)
    page, hers = f"/wallet/pay/shop/{bakery.public_number}", phone(hanako)
    district.clock.advance(days=1)  # a device that is known
    seen = hers.opens(page, query_string={"amount": "100001"})
    assert "1回の上限は 100,000円です" in text(seen) and "円を支払う" not in text(seen)
    answer = hers.sends(page, {"key": str(uuid4()), "amount": "100001", "pin": PIN})
    assert answer.status_code == 409 and "(E-2110)" in text(answer)


def test_not_enough_says_what_is_missing(phone, district):
    """Short of 320 yen: the page says so before the press, with the way to the counter, and no button."""
    hanako, bakery = district.consumer(coins=960), district.shop()
    seen = text(phone(hanako).opens(f"/wallet/pay/request/{bakery.asks(1_280).id}"))
    for words in ("残高が 320円足りません", "まだ支払いは行われていません", "チャージのしかた", "(E-2101)"):
        assert words in seen
    assert "円を支払う" not in seen


def test_the_plan_is_made_anew_and_shown(phone, district):
    """The plan changed after it was shown: the page shows the new one and says why, and the same press then pays it."""
    hanako, bakery = district.consumer(coins=1_000), district.shop()
    page, hers = f"/wallet/pay/request/{bakery.asks(700).id}", phone(hanako)
    first = hers.opens(page)
    winter = district.series("winter", "冬の商品券", "Winter voucher", last_day=tokyo_day(district.now) + timedelta(days=30))
    district.clerk().tops_up(hanako, 200, series_id=winter)
    stale = {"key": key_of(first), "shown": f"{district.series_id}:700"}
    anew = hers.sends(page, stale)
    assert anew.status_code == 409
    assert "内訳を作り直しました" in text(anew) and "冬の商品券" in text(anew)
    assert key_of(anew) == stale["key"]
    assert "支払いました" in text(hers.sends(page, {"key": stale["key"], "shown": f"{winter}:200,{district.series_id}:500"}))
    assert hanako.coins() == 500


def test_above_my_limit_the_pin_stands_on_the_page(phone, district):
    """Above my own limit the page asks for the PIN; a wrong one is told, the right one pays."""
    hanako, bakery = district.consumer(coins=9_000), district.shop()
    hanako.sets_pin(PIN)
    set_limits(district.session, hanako.who, SetLimits(0, 1_000), now=district.now)
    page, hers = f"/wallet/pay/request/{bakery.asks(2_000).id}", phone(hanako)
    assert "1,000円を超えるので、暗証番号を入れてください" in text(hers.opens(page))
    missing = hers.sends(page, {})
    assert missing.status_code == 409 and "暗証番号かパスキーでの確認が要ります" in text(missing)
    assert "暗証番号が違います" in text(hers.sends(page, {"pin": "1357"}))
    assert "支払いました" in text(hers.sends(page, {"pin": PIN}))
    assert hanako.coins() == 7_000


@pytest.mark.parametrize("spoil", ["cancelled", "expired", "suspended"])
def test_a_request_that_is_over_says_so(phone, district, spoil):
    """Opened too late: what happened, that nothing was paid, and what to do."""
    hanako, bakery = district.consumer(coins=1_000), district.shop()
    ask = bakery.asks(500)
    if spoil == "cancelled":
        bakery.till().cancels(ask)
    elif spoil == "expired":
        district.clock.advance(minutes=5)
    else:
        bakery.is_suspended()
    answer = phone(hanako).opens(f"/wallet/pay/request/{ask.id}")
    assert answer.status_code == 409
    assert "まだ支払いは行われていません" in text(answer)
    assert re.search(r"\(E-2\d\d\d\)", text(answer))


def test_a_shops_number_finds_its_waiting_bill(phone, district):
    """番号を入れる: six digits, also full width; the shop's page lists what its tills are asking for."""
    hanako, bakery = district.consumer(coins=1_000), district.shop()
    bakery.asks(500)
    wide = bakery.public_number.translate(str.maketrans("0123456789", "０１２３４５６７８９"))
    answer = phone(hanako).sends("/wallet/number", {"number": wide})
    assert answer.request.path == f"/wallet/pay/shop/{bakery.public_number}"
    assert "このお店のいまのお会計" in text(answer) and "500 円" in text(answer)


def test_numbers_are_not_to_be_walked_through(phone, district):
    """A wrong check digit is told at once; after ten tries in a minute one has to wait."""
    hanako, bakery = district.consumer(coins=1_000), district.shop()
    hers = phone(hanako)
    wrong = bakery.public_number[:5] + str((int(bakery.public_number[5]) + 1) % 10)
    answers = [hers.sends("/wallet/number", {"number": wrong}) for _ in range(11)]
    assert [answer.status_code for answer in answers] == [404] * 10 + [429]
    assert "その番号のお店は見つかりません" in text(answers[0])


def test_a_code_opened_by_the_phones_own_camera(phone, district, settings):
    """The printed or shown code survives signing in: a stranger sees shop and amount, the signed-in their payment page."""
    hanako, bakery = district.consumer(coins=1_000), district.shop()
    ask = bakery.asks(500)
    token = merchant.queries.request_token(ask.id, settings.code_key)
    seen = phone(None).opens(f"/q/{token}")
    assert seen.status_code == 200
    for words in ("みなと屋", "500 円", "ログインして支払う"):
        assert words in text(seen)
    assert f"/sign-in?next=/q/{token}" in seen.get_data(as_text=True)
    assert "name=" not in re.sub(r"<meta[^>]*>", "", seen.get_data(as_text=True).split("<main")[1])  # nothing to type there
    assert phone(hanako).opens(f"/q/{token}").request.path == f"/wallet/pay/request/{ask.id}"


@pytest.mark.parametrize("token", ["x", "AQEA", "A" * 35, "にせもの", "../wallet", "AQIBI0VniavN7wEjRWeJq83vNO22wzYtD8M"])
def test_a_code_that_is_none(phone, district, token):
    """Garbage, cut short, tampered: each says that nothing was paid, none is a fault."""
    answer = phone(district.consumer()).opens(f"/q/{token}")
    assert answer.status_code in (404, 409, 422)


def test_a_code_of_another_district_is_named(phone, district, other_district, settings):
    """A code of another district is refused with the name of where it can be used."""
    token = merchant.queries.request_token(other_district.shop().asks(500).id, settings.code_key)
    answer = phone(district.consumer(coins=1_000)).opens(f"/q/{token}")
    assert answer.status_code == 409
    assert "これは別の地域のコードです" in text(answer)


def test_my_code_without_scripts(phone, district):
    """A button makes the code: the QR, the bars and twelve digits that the till can type."""
    hanako, till = district.consumer(coins=1_000), district.till()
    answer = phone(hanako).sends("/wallet/code", {})
    digits = re.search(r"\b(\d{4} \d{4} \d{4})\b", text(answer))[1]
    assert till.scans(digits, 700).amount == 700
    assert "<svg" in answer.get_data(as_text=True)


def test_a_shops_question_is_answered_without_scripts(phone, district):
    """Above my limit the question has its own page: pay, or no; and home points to it."""
    hanako, till = district.consumer(coins=9_000), district.till()
    hers = phone(hanako)
    asked = till.scans(hanako.shows_code().text, 4_000)
    assert "確認を待っています" in text(hers.opens("/wallet/"))
    page = f"/wallet/consent/{asked.id}"
    assert hers.opens("/wallet/code").request.path == page
    assert "4,000円を支払う" in text(hers.opens(page))
    assert "支払いました" in text(hers.sends(page, {}))
    no = till.scans(hanako.shows_code().text, 4_000)
    refused = hers.sends(f"/wallet/consent/{no.id}/decline", {}, on=f"/wallet/consent/{no.id}")
    assert "支払いを取りやめました" in text(refused)
    assert hanako.coins() == 5_000


def test_unknown_is_settled_without_scripts(phone, district):
    """確認しています: the button finds the payment, or makes sure that there will never be one."""
    hanako, bakery = district.consumer(coins=1_000), district.shop()
    hers, key = phone(hanako), str(uuid4())
    page = f"/wallet/unknown/{key}"
    assert "もう一度支払わないでください" in text(hers.opens(page))
    answer = hers.sends(page, {"again": f"/wallet/pay/shop/{bakery.public_number}?amount=700"})
    assert "支払いは行われていません" in text(answer)
    assert f"/wallet/pay/shop/{bakery.public_number}?amount=700" in answer.get_data(as_text=True)
    late = hers.sends(f"/wallet/pay/shop/{bakery.public_number}", {"key": key, "amount": "700"})
    assert late.status_code == 409 and "(E-2104)" in text(late)
    paid = hanako.pays(bakery, 300)
    assert hanako.coins() == 700
    found = hers.sends(f"/wallet/unknown/{uuid4()}", {"again": "https://evil.example/"})
    assert "evil" not in found.get_data(as_text=True)
    assert paid.amount == 300


def test_an_old_done_page_is_a_statement(phone, district):
    """Ten minutes later the page with the tick is none any more: yesterday's payment shall fool no shop."""
    hanako, bakery = district.consumer(coins=1_000), district.shop()
    receipt = hanako.pays(bakery, 700)
    hers = phone(hanako)
    assert "支払いました" in text(hers.opens(f"/wallet/done/{receipt.transaction_id}"))
    district.clock.advance(minutes=11)
    old = hers.opens(f"/wallet/done/{receipt.transaction_id}")
    assert old.request.path == f"/wallet/history/{receipt.transaction_id}"


def test_a_refund_shows_on_the_payment(phone, district):
    """What came back stands on the done page, on the statement and in the history."""
    hanako, bakery = district.consumer(coins=1_000), district.shop()
    receipt = hanako.pays(bakery, 700)
    bakery.refunds(receipt.transaction_id, 200)
    hers = phone(hanako)
    assert "+200円" in text(hers.opens(f"/wallet/done/{receipt.transaction_id}"))
    assert "一部返金済み" in text(hers.opens(f"/wallet/history/{receipt.transaction_id}"))
    assert "一部返金 200円" in text(hers.opens("/wallet/history"))


def test_somebody_elses_statement(phone, district):
    """A statement is its owner's: others find nothing there, in no form."""
    hanako, taro, bakery = district.consumer(coins=1_000), district.consumer(), district.shop()
    number = hanako.pays(bakery, 700).transaction_id
    for path in (f"/wallet/history/{number}", f"/wallet/history/{number}.pdf", f"/wallet/done/{number}"):
        assert phone(taro).opens(path).status_code == 404


def test_a_month_as_csv(phone, district):
    """Every movement of the month, oldest first, for a spreadsheet, and nothing in it becomes a formula."""
    hanako, bakery = district.consumer(coins=1_000), district.shop("=HYPERLINK(1)")
    receipt = hanako.pays(bakery, 700)
    bakery.refunds(receipt.transaction_id, 200)
    answer = phone(hanako).opens(f"/wallet/statement/{tokyo_day(district.now):%Y-%m}.csv")
    assert answer.content_type == "text/csv; charset=utf-8"
    head, *rows = csv.reader(io.StringIO(answer.get_data().decode("utf-8-sig")))
    assert head == [
        "日時",
        "種類",
        "お店",
        "種別",
        "金額（円）",
        "残高（円）",
        "返金済み（円）",
        "受付番号",
        "クーポン（円）",
        "ほかに現金（円）",
    ]
    assert [(row[1], row[2], row[4], row[5], row[6]) for row in rows] == [
        ("チャージ", "", "1000", "1000", ""),
        ("支払い", "'=HYPERLINK(1)", "-700", "300", "200"),
        ("返金", "'=HYPERLINK(1)", "200", "500", ""),
    ]
    assert phone(hanako).opens("/wallet/statement/2026-13.csv").status_code == 404


@pytest.mark.parametrize("paper", ["/wallet/history/{number}.pdf", "/wallet/statement/{month}.pdf"])
def test_statements_as_pdf(phone, district, paper):
    """The 利用明細 of a payment and of a month open as PDF."""
    hanako, bakery = district.consumer(coins=1_000), district.shop()
    number = hanako.pays(bakery, 700).transaction_id
    answer = phone(hanako).opens(paper.format(number=number, month=f"{tokyo_day(district.now):%Y-%m}"))
    assert (answer.status_code, answer.content_type) == (200, "application/pdf")
    assert answer.get_data().startswith(b"%PDF")


def test_searching_on_the_page(phone, district):
    """By shop over all months; a wrong amount is said beside its field, and the page still opens."""
    hanako, bakery, soba = district.consumer(coins=3_000), district.shop("みなと屋"), district.shop("蕎麦処 やまびこ")
    hanako.pays(bakery, 700)
    hanako.pays(soba, 800)
    hers = phone(hanako)
    found = text(hers.opens("/wallet/history?shop=やまびこ"))
    assert "−800 円" in found and "−700 円" not in found
    wrong = hers.opens("/wallet/history?amount_min=abc")
    assert wrong.status_code == 422
    assert "金額は数字だけで" in text(wrong)


def test_i_set_my_limits_on_the_page(phone, district):
    """Lower at once; higher only with the PIN, which is asked for beside its field."""
    hanako = district.consumer(coins=1_000)
    hers, page = phone(hanako), "/wallet/settings/limits"
    assert hers.sends(page, {"ask_above": "０", "pin_above": "5,000"}).request.path == "/wallet/settings"
    higher = hers.sends(page, {"ask_above": "1000", "pin_above": "5000"})
    assert higher.status_code == 409 and "暗証番号" in text(higher)
    hanako.sets_pin(PIN)
    assert hers.sends(page, {"ask_above": "1000", "pin_above": "5000", "pin": PIN}).request.path == "/wallet/settings"


def test_the_law_is_told_to_everybody(phone, district):
    """資金決済法に基づく表示 opens without signing in and tells who issues, until when, where, and how money is kept safe."""
    listed = phone(None).opens("/wallet/disclosures")
    assert listed.request.path == "/series" and 'href="/series/akari"' in listed.text
    seen = text(phone(None).opens("/series/akari"))
    for words in ("灯ノ沢温泉商店街協同組合", "北陸財務局長第00042号", "あかりコイン", "期限はありません"):
        assert words in seen
    for words in ("発行保証金の供託", "第31条第1項", "補償します"):
        assert words in seen


def test_get_changes_nothing(phone, district):
    """Opening pages makes no code, no payment and no answer."""
    hanako, till = district.consumer(coins=9_000), district.till()
    code = hanako.shows_code()
    asked = till.scans(code.text, 4_000)
    hers = phone(hanako)
    for path in (*TOP, f"/wallet/consent/{asked.id}", f"/wallet/unknown/{uuid4()}"):
        hers.opens(path)
    assert hanako.coins() == 9_000
    assert till.shop.taken() == 0


def test_a_form_without_its_token_is_refused(phone, district):
    """A form from another site carries no token: nothing is paid."""
    hanako, bakery = district.consumer(coins=1_000), district.shop()
    hers = phone(hanako)
    page = f"/wallet/pay/shop/{bakery.public_number}"
    answer = hers.client.post(page, data={"amount": "700", "key": str(uuid4())}, base_url=f"https://{district.host}")
    assert answer.status_code == 422
    assert hanako.coins() == 1_000


def test_a_line_ends_with_its_session(phone, district):
    """Signed out everywhere: what happens on the account afterwards is told on no open page any more."""
    hanako = district.consumer(coins=1_000)
    with phone(hanako).client.get("/wallet/events", base_url=f"https://{district.host}") as answer:
        line = map(bytes.decode, answer.iter_encoded())
        told = [next(line) for _ in range(2)]  # how to come back; what is known and the first beat
        assert not any("event: end" in words for words in told)
        identity.commands.sign_out_everywhere(district.session, hanako.who, now=district.now)
        assert "event: end" in next(words for words in line if "beat" not in words)


def test_whoever_has_nothing_yet_is_told_before_an_amount_is_typed(phone, district):
    """From the poster to the page of the amount: first one tops up, and a press leads there. Who has coins reads nothing of it."""
    page, says = f"/wallet/pay/shop/{district.shop().public_number}", "まだ支払えません"
    newcomer = phone(district.consumer()).opens(page)
    assert says in text(newcomer) and 'href="/wallet/top-up"' in newcomer.text and "autofocus" not in newcomer.text
    assert says not in text(phone(district.consumer(coins=1)).opens(page))


def test_where_somebody_comes_from_is_asked_once_and_below_everything(phone, district):
    """Not of whoever has just joined; of somebody with a past until they answer, and 答えない is an answer."""
    asks, hanako = "どのあたりからお越しですか", district.consumer(coins=1_000)
    assert asks not in text(phone(district.consumer()).opens("/wallet/"))
    hers = phone(hanako)
    seen = text(hers.opens("/wallet/"))
    assert seen.index(asks) > seen.index("最近の利用")
    identity.commands.tell_area(district.session, hanako.who, "")
    assert asks not in text(hers.opens("/wallet/"))
