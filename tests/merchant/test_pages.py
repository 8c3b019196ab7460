"""The tablet's and the owner's pages, as a browser without scripts meets them."""

from __future__ import annotations

import io
import re
from uuid import UUID, uuid4

import openpyxl
import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

import association.commands
import identity.commands
from association.commands import Share
from identity.commands import FreezeOrder
from merchant import commands, queries
from tests.town import CASHIER_PIN, Shop, Till, Town


class Tablet:
    """A browser at a till, or at the owner's desk. It sends the form tokens of the page that it looked at."""

    def __init__(self, client: FlaskClient, town: Town, *, till: Till | None = None, owner: Shop | None = None) -> None:
        self.client, self.address = client, f"https://{town.host}"
        if till is not None:
            client.set_cookie("meguri_till", till.token, domain=town.host, path="/till")
        if owner is not None and owner.owner.person_id is not None:
            client.set_cookie("meguri_session", town.cookie(owner.owner.person_id), domain=town.host)

    def looks(self, path: str) -> TestResponse:
        return self.client.get(path, base_url=self.address, buffered=True)

    def sends(self, path: str, page: str = "/till/", **form: object) -> TestResponse:
        token = re.search(r'name="csrf_token" value="([^"]+)"', self.looks(page).text)
        assert token is not None, page
        return self.client.post(
            path, base_url=self.address, data={"csrf_token": token[1], **form}, headers={"Referer": self.address + page}
        )


@pytest.fixture
def till(district: Town) -> Till:
    return district.till()


@pytest.fixture
def tablet(client: FlaskClient, district: Town, till: Till) -> Tablet:
    return Tablet(client, district, till=till)


def test_an_unpaired_tablet_is_sent_to_pair(client: FlaskClient, district: Town) -> None:
    """Whoever opens the till without a pairing sees where to type the code, and nothing of any shop."""
    stranger = Tablet(client, district)
    for path in ("/till/", "/till/sales", "/till/staff", f"/till/request/{uuid4()}", "/till/scan"):
        answer = stranger.looks(path)
        assert (answer.status_code, answer.location) == (303, "/till/pair"), path
    assert stranger.looks("/till/pair").status_code == 200


def test_pairing_gives_the_tablet_its_cookie(client: FlaskClient, district: Town) -> None:
    """The code from the owner's page makes this browser a till; the cookie never leaves /till and no script reads it."""
    shop = district.shop()
    made = commands.make_pair_code(district.session, shop.owner, shop.id, "店頭の端末 1", now=district.now)
    stranger = Tablet(client, district)
    assert "つなげません" in stranger.sends("/till/pair", "/till/pair", code="WRONGCOD").text
    answer = stranger.sends("/till/pair", "/till/pair", code=made.code)
    assert answer.status_code == 303
    cookie = answer.headers["Set-Cookie"]
    assert all(part in cookie for part in ("meguri_till=", "HttpOnly", "Secure", "SameSite=Lax", "Path=/till"))
    page = stranger.looks("/till/").text
    assert "みなと屋" in page and "店頭の端末 1" in page


@pytest.mark.parametrize(("typed", "amount"), [("1280", 1_280), ("７００", 700), ("1,280", 1_280), ("1280円", 1_280)])
def test_what_people_type_becomes_a_request(tablet: Tablet, till: Till, district: Town, typed: str, amount: int) -> None:
    """Digits of either width, with separators or 円, all ask for the same."""
    answer = tablet.sends("/till/request", amount=typed, key=uuid4())
    (asked,) = queries.waiting_requests(district.session, district.district_id, till.shop.id, now=district.now)
    assert (answer.status_code, answer.location, asked.amount) == (303, f"/till/request/{asked.id}", amount)
    page = tablet.looks(answer.location or "").text
    assert f"{amount:,}" in page and '<svg class="qr"' in page


@pytest.mark.parametrize("typed", ["0", "-5", "500.9", "abc", "", "１．５", "99999999999999999999", "1e3", "100001"])
def test_no_other_amount_does(tablet: Tablet, till: Till, district: Town, typed: str) -> None:
    """Nothing, less than nothing, fractions, letters and more than anybody may pay are refused with a sentence."""
    answer = tablet.sends("/till/request", amount=typed, key=uuid4())
    assert answer.status_code in (409, 422), answer.status_code
    assert queries.waiting_requests(district.session, district.district_id, till.shop.id, now=district.now) == []


def test_a_form_without_its_token_does_nothing(tablet: Tablet, till: Till, district: Town) -> None:
    """Another site cannot press our buttons."""
    answer = tablet.client.post("/till/request", base_url=tablet.address, data={"amount": "500", "key": str(uuid4())})
    assert answer.status_code in (400, 422)
    assert queries.waiting_requests(district.session, district.district_id, till.shop.id, now=district.now) == []


def test_reloading_and_going_back_are_harmless(tablet: Tablet, till: Till, district: Town) -> None:
    """The same form sent again shows the same QR; the QR page can be loaded as often as one likes."""
    key = uuid4()
    first, again = (tablet.sends("/till/request", amount="500", key=key).location for _ in range(2))
    assert first == again
    assert {tablet.looks(first or "").status_code for _ in range(3)} == {200}


def test_a_paid_request_shows_the_arrival(tablet: Tablet, till: Till, district: Town) -> None:
    """Back on the QR page after the payment: 受け取りました, with the word that the phone shows."""
    asked = till.asks(1_280)
    receipt = district.consumer(coins=2_000).pays(asked)
    answer = tablet.looks(f"/till/request/{asked.id}")
    assert answer.location == f"/till/arrived/{receipt.transaction_id}"
    page = tablet.looks(answer.location).text
    assert receipt.word in page and receipt.number in page and "受け取りました" in page


def test_cancelling_too_late_shows_the_arrival(tablet: Tablet, till: Till, district: Town) -> None:
    """The customer was faster than やめる."""
    asked = till.asks(500)
    receipt = district.consumer(coins=2_000).pays(asked)
    answer = tablet.sends(f"/till/request/{asked.id}/cancel")
    assert answer.location == f"/till/arrived/{receipt.transaction_id}"


def test_a_request_that_is_over_offers_a_new_one(tablet: Tablet, till: Till) -> None:
    """After やめる the page says that no money came, and asks again with one press."""
    asked = till.asks(500)
    assert tablet.sends(f"/till/request/{asked.id}/cancel").location == "/till/"
    page = tablet.looks(f"/till/request/{asked.id}").text
    assert "まだ受け取っていません" in page and "500円の新しいQRを出す" in page


def test_a_shop_sees_what_came_in_points_and_what_points_cost_it(tablet: Tablet, till: Till, district: Town) -> None:
    """12 of 112 yen in points: on the payment's page, in the list and in the day's sum, beside the shop's own half of what was earned."""
    district.points(shares=(Share("association", 50), Share("shop", 50)), pending_days=1)
    hanako = district.consumer(coins=5_000)
    first = hanako.pays(till.shop, 1_250)
    district.gives_points()
    today = district.clock.now
    district.is_days_after(first.posted_at, 1)
    district.clock.now = today  # the book's own clock says when it is
    paid = hanako.pays(till.shop, 112)
    page = tablet.looks(f"/till/sales/{paid.transaction_id}").text
    assert "うちポイントで" in page and "12円" in page
    listed = tablet.looks("/till/sales").text
    assert "ポイント 12円" in listed and "12円は、ポイントでの受け取りです" in listed and "お店が負担したポイントは 6円" in listed
    assert "うちポイントで" not in tablet.looks(f"/till/sales/{first.transaction_id}").text


def test_another_shops_things_are_not_found(tablet: Tablet, district: Town) -> None:
    """Neither request, nor payment, nor question of another shop is shown district."""
    other = district.shop("ゆのや")
    receipt = district.consumer(coins=2_000).pays(other, 700)
    for path in (
        f"/till/request/{other.asks(500).id}",
        f"/till/arrived/{receipt.transaction_id}",
        f"/till/sales/{receipt.transaction_id}",
        f"/till/sales/{receipt.transaction_id}/refund?amount=100",
        f"/till/consent/{uuid4()}",
        "/till/sales/999999999999",
    ):
        answer = tablet.looks(path)
        assert answer.status_code in (404, 409) and "ゆのや" not in answer.text, path


def test_the_day_and_its_list(tablet: Tablet, till: Till, district: Town) -> None:
    """Takings, each payment with its word, and the search."""
    hanako = district.consumer(coins=5_000)
    receipts = [hanako.pays(till.shop, amount) for amount in (540, 1_280)]
    page = tablet.looks("/till/sales").text
    assert "1,820" in page and all(receipt.word in page for receipt in receipts)
    found = tablet.looks("/till/sales?find=1280").text
    assert receipts[1].number in found and receipts[0].number not in found
    assert receipts[0].number in tablet.looks(f"/till/sales?find={receipts[0].number}").text
    for odd in ("day=2026-13-40", "day=9999-12-31", "day=0001-01-01", "before=x", "before=" + "9" * 30, "find=" + "9" * 40):
        assert tablet.looks(f"/till/sales?{odd}").status_code == 422


def test_a_refund_is_asked_twice_and_proved_by_pin(tablet: Tablet, till: Till, district: Town) -> None:
    """How much and why; then the consequence in figures, and the PIN. A wrong PIN shows the same page again."""
    receipt = district.consumer(coins=5_000).pays(till.shop, 1_280)
    sato = till.shop.hires("佐藤")
    path = f"/till/sales/{receipt.transaction_id}/refund?amount=280&reason=金額の間違い"
    question = tablet.looks(path).text
    assert "280円を返しますか" in question and "1,000円になります" in question
    form = {"amount": "280", "reason": "金額の間違い", "key": str(uuid4()), "staff_id": sato}
    wrong = tablet.sends(path, path, **form, pin="8642")
    assert wrong.status_code == 422 and "あと 4回試せます" in wrong.text and "280円を返しますか" in wrong.text
    done = tablet.sends(path, path, **form, pin=CASHIER_PIN)
    assert done.status_code == 303
    page = tablet.looks(done.location or "").text
    assert "280円を返しました" in page and "金額の間違い" in page
    assert tablet.sends(path, path, **form, pin=CASHIER_PIN).location == done.location
    assert till.shop.taken() == 1_000
    assert "一部返金" in tablet.looks("/till/").text  # 最近の受け取り takes it for no whole payment any more
    till.shop.refunds(receipt.transaction_id, 1_000)
    assert re.search(r"data-again[^>]* disabled>.*?全額返金", tablet.looks("/till/").text, re.S)


@pytest.mark.parametrize(
    ("end", "before", "after"),
    [
        ("stopped", "止めが解けると使えます", "使えるのは止めが解けてからです"),
        ("left", "残高には戻らず、組合がお預かりして", "280円は残高に戻せないため、組合がお預かりしています"),
    ],
)
def test_a_refund_says_where_the_money_is(tablet: Tablet, till: Till, district: Town, end: str, before: str, after: str) -> None:
    """To a wallet that is stopped or closed: nobody is refused, and the page says it before the press and after."""
    hanako = district.consumer(coins=5_000)
    receipt, sato = hanako.pays(till.shop, 1_280), till.shop.hires("佐藤")
    admin, session = district.another_clerk("administrator").who, district.session
    if end == "stopped":
        association.commands.freeze_person(session, admin, hanako.person_id, FreezeOrder("self", "なくした"), now=district.now)
    else:
        association.commands.close_person(session, admin, hanako.person_id, gives_up=True, now=district.now)
    path = f"/till/sales/{receipt.transaction_id}/refund?amount=280&reason=返品"
    assert before in tablet.looks(path).text
    form = {"amount": "280", "reason": "返品", "key": str(uuid4()), "staff_id": sato, "pin": CASHIER_PIN}
    page = tablet.looks(tablet.sends(path, path, **form).location or "").text
    assert "280円を返しました" in page and after in page


def test_a_code_read_by_the_till_pays(tablet: Tablet, till: Till, district: Town) -> None:
    """Without any script: the twelve digits are typed, the form is sent, the arrival is shown."""
    hanako = district.consumer(coins=5_000)
    code = hanako.shows_code()
    answer = tablet.sends("/till/scan", "/till/scan?amount=500", amount="500", code=code.digits, key=uuid4())
    assert answer.status_code == 303 and (answer.location or "").startswith("/till/arrived/")
    used = tablet.sends("/till/scan", "/till/scan?amount=500", amount="500", code=code.digits, key=uuid4())
    assert used.status_code == 409 and "使用済み" in used.text
    assert (hanako.coins(), till.shop.taken()) == (4_500, 500)


def test_above_the_limit_the_customer_is_asked(tablet: Tablet, till: Till, district: Town) -> None:
    """The till waits for the customer's phone, may withdraw, and says what came of it."""
    hanako = district.consumer(coins=9_000)
    answer = tablet.sends("/till/scan", "/till/scan?amount=8000", amount="8000", code=hanako.shows_code().text, key=uuid4())
    waiting = answer.location or ""
    assert "お客様の確認を待っています" in tablet.looks(waiting).text
    consent_id = UUID(waiting.rsplit("/", 1)[1])
    state = tablet.client.get(waiting, base_url=tablet.address, headers={"Accept": "application/json"}).get_json()
    assert state["state"] == "waiting"
    assert tablet.sends(f"{waiting}/withdraw", waiting).location == "/till/"
    assert "まだ受け取っていません" in tablet.looks(waiting).text
    assert hanako.coins() == 9_000 and consent_id


def test_settling_answers_in_json(tablet: Tablet, till: Till, district: Town) -> None:
    """The script asks what became of a lost answer: nothing, and never will."""
    answer = tablet.sends("/till/scan/settle", key=uuid4())
    assert answer.get_json() == {"state": "none"}


def test_a_revoked_tablet_sees_the_pairing_page(tablet: Tablet, till: Till, district: Town) -> None:
    """From one press on the owner's page, the tablet shows nothing more."""
    assert tablet.looks("/till/").status_code == 200
    commands.revoke_till(district.session, till.shop.owner, till.shop.id, till.id, now=district.now)
    assert tablet.looks("/till/").location == "/till/pair"


def test_a_suspended_shop_reads_so_on_its_till(tablet: Tablet, till: Till, district: Town) -> None:
    """The keypad says why no coins can be taken; asking is refused in the shop's words."""
    till.shop.is_suspended()
    assert "いまコインを受け取れません" in tablet.looks("/till/").text
    refused = tablet.sends("/till/request", amount="500", key=uuid4())
    assert refused.status_code == 409 and "組合へご連絡ください" in refused.text


def test_the_owners_desk(client: FlaskClient, district: Town) -> None:
    """The owner sees the day, makes a pair code, hires, and lets a tablet go."""
    shop = district.shop()
    district.consumer(coins=5_000).pays(shop, 1_280)
    desk = Tablet(client, district, owner=shop)
    assert "1,280" in desk.looks("/shop/").text
    made = desk.sends("/shop/tills", "/shop/tills", name="店頭の端末 1").text
    code = re.search(r"data-pair-code>([A-Z0-9]{4}) ([A-Z0-9]{4})<", made)
    assert code is not None
    assert code[1] not in desk.looks("/shop/tills").text
    assert desk.sends("/shop/staff", "/shop/staff", name="佐藤", role="cashier", pin="1234").status_code == 422
    assert desk.sends("/shop/staff", "/shop/staff", name="佐藤", role="cashier", pin=CASHIER_PIN).status_code == 303
    (sato,) = queries.staff(district.session, district.district_id, shop.id)
    assert desk.sends(f"/shop/staff/{sato.id}", f"/shop/staff/{sato.id}", pin="8052").status_code == 303
    assert desk.sends(f"/shop/staff/{sato.id}/remove", f"/shop/staff/{sato.id}").status_code == 303
    assert desk.sends(f"/shop/tills/{shop.till().id}/revoke", "/shop/tills").status_code == 303
    assert queries.tills(district.session, district.district_id, shop.id) == []


def test_the_printed_code(client: FlaskClient, district: Town) -> None:
    """The owner makes the code, prints it in two sizes, and renews it."""
    shop = district.shop()
    desk = Tablet(client, district, owner=shop)
    assert desk.looks("/shop/code.pdf").status_code == 404
    assert desk.sends("/shop/code", "/shop/code").status_code == 303
    assert shop.public_number[3:] in desk.looks("/shop/code").text
    for size in ("a6", "a4"):
        paper = desk.looks(f"/shop/code.pdf?size={size}")
        assert paper.mimetype == "application/pdf" and paper.data.startswith(b"%PDF")
    assert desk.looks("/shop/code.pdf?size=a0").status_code == 422


def test_strangers_see_no_desk(client: FlaskClient, district: Town, till: Till) -> None:
    """The owner's pages ask for the owner: a tablet's cookie opens none of them, nor does a customer's session."""
    tablet = Tablet(client, district, till=till)
    for path in ("/shop/", "/shop/tills", "/shop/staff", "/shop/code", "/shop/code.pdf"):
        assert (tablet.looks(path).location or "").startswith("/sign-in"), path
    client.set_cookie("meguri_session", district.cookie(district.consumer().person_id), domain=district.host)
    for path in ("/shop/", "/shop/tills", "/shop/staff", "/shop/code", "/shop/code.pdf"):
        assert tablet.looks(path).status_code == 403, path


def test_absurd_numbers_find_nothing(tablet: Tablet, till: Till) -> None:
    """However large the number in the address, the answer is a page."""
    till.shop.hires("佐藤")
    for path in ("/till/sales/99999999999999999999999", "/till/arrived/9223372036854775807", "/till/sales?find=99999999999999999"):
        assert tablet.looks(path).status_code in (200, 404, 409), path
    for form in ({"staff_id": "9" * 30, "pin": "1"}, {"staff_id": "x", "pin": ""}, {"staff_id": "", "pin": "1" * 99}):
        assert tablet.sends("/till/staff", "/till/staff", **form).status_code == 422


def test_the_list_by_cashier(tablet: Tablet, client: FlaskClient, till: Till, district: Town) -> None:
    """Tablet and owner's desk show who took how much, and one person's lines alone; the owner takes the list away as a file."""
    shop, hanako = till.shop, district.consumer(coins=5_000)
    sato = shop.hires("佐藤")
    tablet.sends("/till/staff", "/till/staff", staff_id=sato, pin=CASHIER_PIN)
    mine, nobodys = hanako.pays(till.asks(700)), hanako.pays(shop, 300)
    assert "佐藤 <b" in tablet.looks("/till/sales").text
    for page in (tablet.looks(f"/till/sales?staff={sato}").text, tablet.looks("/till/sales?staff=0").text):
        assert (mine.number in page) != (nobodys.number in page)
    desk = Tablet(client, district, owner=shop)
    assert mine.number in desk.looks("/shop/sales").text and "佐藤" in desk.looks("/shop/sales").text
    file = desk.looks(f"/shop/sales.csv?staff={sato}").data.decode("utf-8-sig")
    assert mine.number in file and nobodys.number not in file and ",佐藤," in file
    book = openpyxl.load_workbook(io.BytesIO(desk.looks("/shop/sales.xlsx").data)).worksheets[0]
    assert [(row[1].value, row[3].value) for row in list(book.rows)[1:]] == [(mine.number, 700), (nobodys.number, 300)]


def test_the_owner_alone_stands_there_by_a_press(tablet: Tablet, client: FlaskClient, till: Till, district: Town) -> None:
    """One press on the owner's page; then the tablet asks for no PIN, and says that a refund does."""
    owner = till.shop.hires("山田", role="owner", pin="2580")
    desk = Tablet(client, district, owner=till.shop)
    assert desk.sends("/shop/staff/pin-free", "/shop/staff", on="true").status_code == 303
    page = tablet.looks("/till/staff").text
    assert 'name="pin"' not in page and "返金のときは要ります" in page
    assert tablet.sends("/till/staff", "/till/staff", staff_id=owner).location == "/till/"
    assert "山田" in tablet.looks("/till/").text
    assert desk.sends("/shop/staff", "/shop/staff", name="佐藤", role="cashier", pin=CASHIER_PIN).status_code == 303
    assert 'name="pin"' in tablet.looks("/till/staff").text and "暗証番号なしで使う" not in desk.looks("/shop/staff").text
    assert desk.sends("/shop/staff/pin-free", "/shop/staff", on="true").status_code == 409


def test_a_short_balance_without_scripts(tablet: Tablet, till: Till, district: Town) -> None:
    """The twelve digits are typed, the balance is short: a page asks, and its press takes the coin part with the cash noted."""
    hanako = district.consumer(coins=340)
    code = hanako.shows_code().digits
    asked = tablet.sends("/till/scan", "/till/scan?amount=1000", amount="1000", code=code, key=uuid4())
    assert asked.status_code == 409 and "お客様の残高は 340円。残り 660円を現金で受け取りますか" in asked.text
    form = dict(re.findall(r'type="hidden" name="(amount|cash|code|key)" value="([^"]*)"', asked.text))
    assert tablet.sends("/till/scan", "/till/", **form).status_code == 303
    (sale,) = queries.sales(district.session, district.district_id, till.shop.id)
    assert (sale.amount, sale.cash, hanako.coins()) == (340, 660, 0)


def test_a_refund_of_coin_and_cash(tablet: Tablet, till: Till, district: Town) -> None:
    """The page names both parts, up to what there is of each, and keeps them apart to the end."""
    hanako, sato = district.consumer(coins=340), till.shop.hires("佐藤")
    form = {"amount": "340", "cash": "660", "code": hanako.shows_code().digits, "key": str(uuid4())}
    arrived = tablet.sends("/till/scan", "/till/", **form).location or ""
    number = arrived.rsplit("/", 1)[1]
    page = tablet.looks(f"/till/sales/{number}").text
    assert "コインで返す金額" in page and "現金で返す金額" in page
    path = f"/till/sales/{number}/refund?amount=340&cash=660&reason=返品"
    question = tablet.looks(path).text
    assert "現金で返す" in question and "現金 660円は、いまレジからお客様に渡してください。" in question
    assert tablet.looks(f"/till/sales/{number}/refund?amount=340&cash=661").status_code == 409
    back = {"amount": "340", "cash": "660", "reason": "返品", "key": str(uuid4()), "staff_id": sato, "pin": CASHIER_PIN}
    assert "現金 660円は、レジから渡してください。" in tablet.looks(tablet.sends(path, path, **back).location or "").text
    assert (hanako.coins(), till.shop.taken()) == (340, 0)


def test_a_till_beside_an_old_register_says_what_it_can_do_alone(tablet: Tablet, district: Town, till: Till) -> None:
    """Without the network it takes nothing at all, and its keypad says so; the one that writes receipts offers cash."""
    words = "この端末では、つながるまで、コイン、紙の券、現金の会計、「あとで払うQR」のどれも使えません。"
    keypad = tablet.looks("/till/").text
    assert (words in keypad, "data-sells-alone" in keypad) == (True, False)
    commands.set_register(district.session, till.shop.owner, till.shop.id, queries.RegisterChoice(), issues=True, now=district.now)
    keypad = tablet.looks("/till/").text
    assert (words in keypad, "data-sells-alone" in keypad) == (False, True)


def test_an_owner_of_two_shops_goes_from_one_to_the_other(client: FlaskClient, district: Town) -> None:
    """The first page names the other shop, one press leads there, and what is taken there is seen; a neighbour's shop opens for nobody."""
    first, second, foreign = district.shop(), district.shop(), district.shop()
    identity.commands.appoint(
        district.session, district.district_id, first.owner.person_id, "owner", merchant_id=second.id, now=district.now
    )
    district.consumer(coins=500).pays(second, 321)
    owner = Tablet(client, district, owner=first)
    assert "321" not in owner.looks("/shop/").text
    page = owner.looks("/shop/").text
    assert f'name="shop" value="{second.id}"' in page and f'value="{foreign.id}"' not in page
    assert owner.sends("/shop/other", "/shop/", shop=second.id).location == "/shop/"
    page = owner.looks("/shop/").text
    assert "321" in page and f'name="shop" value="{first.id}"' in page
    assert owner.sends("/shop/other", "/shop/", shop=foreign.id).status_code == 404
    assert 'name="shop"' not in Tablet(client, district, owner=foreign).looks("/shop/").text
