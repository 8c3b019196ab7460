"""The desk's pages without scripts: forms, redirects, refusals beside the field, and who may come in."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import IntegerConverter
from werkzeug.test import TestResponse

from association.queries import waiting_proposals
from association.rules import last_exempt_day
from tests.papers.paper import words
from tests.town import Clerk, Town

PAGES = (
    "/desk/",
    "/desk/drawers",
    "/desk/safe",
    "/desk/codes",
    "/desk/agents",
    "/desk/approvals",
    "/desk/series",
    "/desk/shops",
    "/desk/shops/new",
    "/desk/books",
    "/desk/notice",
    "/desk/books/journal.csv",
    "/desk/books/trial-balance.csv",
    "/desk/books/journal.xlsx",
    "/desk/find",
    "/desk/controls/history.xlsx",
)
ISSUERS = ("/desk/top-up", "/desk/series/new", "/desk/codes/new")
ADMINISTRATORS = ("/desk/roles", "/desk/tokens", "/desk/roles.xlsx", "/desk/tokens.csv")


class Desk:
    """A browser without scripts at which somebody of the association sits."""

    def __init__(self, client: FlaskClient, town: Town, clerk: Clerk | None) -> None:
        self.client, self.base = client, f"https://{town.host}"
        if clerk is not None:
            client.set_cookie("meguri_session", town.cookie(clerk.person_id), domain=town.host, secure=True)

    def sees(self, path: str) -> TestResponse:
        return self.client.get(path, base_url=self.base, buffered=True)

    def presses(self, page: str, action: str, **form: object) -> TestResponse:
        """Fill in the form of `page` and send it: its token and its key are taken from the page, as a browser would."""
        seen = self.sees(page).text
        token = re.search(r'name="csrf_token" value="([^"]+)"', seen)
        key = re.search(r'name="key" value="([^"]+)"', seen)
        hidden = {"csrf_token": token.group(1) if token else "", **({"key": key.group(1)} if key else {})}
        headers = {"Referer": f"{self.base}{page}"}
        return self.client.post(action, data=hidden | form, base_url=self.base, headers=headers)


@pytest.fixture
def desk(app: Flask, district: Town) -> Callable[[Clerk | None], Desk]:
    """Somebody's own browser: `desk(district.clerk())`."""
    return lambda clerk: Desk(app.test_client(), district, clerk)


Seat = Callable[[Clerk | None], Desk]


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("role", ["issuer", "approver", "auditor", "administrator"])
def test_everybody_of_the_desk_reads(desk: Seat, district: Town, path: str, role: str) -> None:
    """An empty district as well as a full one."""
    answer = desk(district.another_clerk(role)).sees(path)
    assert answer.status_code == 200


@pytest.mark.parametrize("path", [*PAGES, *ISSUERS, *ADMINISTRATORS])
def test_nobody_else_does(desk: Seat, district: Town, path: str) -> None:
    """Strangers are asked to sign in; a consumer is told that this is not theirs."""
    assert desk(None).sees(path).headers["Location"].startswith("/sign-in?next=")
    assert desk(district.another_clerk("consumer")).sees(path).status_code == 403


@pytest.mark.parametrize("path", ISSUERS)
def test_pages_of_the_issuer(desk: Seat, district: Town, path: str) -> None:
    """The counter and new series: 発行担当 and administrators."""
    assert desk(district.clerk()).sees(path).status_code == 200
    assert desk(district.approver()).sees(path).status_code == 403


@pytest.mark.parametrize("path", ADMINISTRATORS)
def test_pages_of_the_administrator(desk: Seat, district: Town, path: str) -> None:
    """Roles and tokens."""
    assert desk(district.another_clerk("administrator")).sees(path).status_code == 200
    assert desk(district.clerk()).sees(path).status_code == 403


def test_a_number_that_no_database_counts_is_no_page(desk: Seat, district: Town, app: Flask) -> None:
    """Somebody leans on a key in the address: the page is not there, and nobody is called out of bed for a fault."""
    seat = desk(district.another_clerk("administrator"))
    for page in ("approvals", "people", "agents", "codes", "coupons", "safe/deposit"):
        assert seat.sees(f"/desk/{page}/{10**25}").status_code == 404, page
    numbers = [each for rule in app.url_map.iter_rules() for each in rule._converters.values() if isinstance(each, IntegerConverter)]
    assert len(numbers) > 50 and all(each.max is not None and each.max < 2**63 for each in numbers)


def test_a_form_without_its_token_does_nothing(desk: Seat, district: Town) -> None:
    """Another site cannot press our buttons."""
    seat = desk(district.clerk())
    answer = seat.client.post("/desk/shops/new", data={"name": "甲"}, base_url=seat.base)
    assert answer.status_code == 422
    assert "甲" not in seat.sees("/desk/shops").text


def test_the_counter_from_code_to_word(desk: Seat, district: Town) -> None:
    """Read the code, type both figures, press: the page shows change, entry and the matching word; back and reload are harmless."""
    hanako, seat = district.consumer(), desk(district.clerk())
    chosen = seat.presses("/desk/top-up", "/desk/top-up", code=hanako.shows_code().digits)
    assert chosen.status_code == 303
    counter = chosen.headers["Location"]
    preview = seat.sees(f"{counter}&amount=3000&received=５０００").text
    assert "3,000円をチャージする" in preview and "2,000" in preview
    to = re.search(r'name="to" value="([^"]+)"', preview)
    assert to is not None
    form = {"to": to.group(1), "series_id": district.series_id, "amount": "３，０００", "received": "5,000", "key": str(uuid4())}
    pressed = [seat.presses(counter, "/desk/top-up/amount", **form) for _ in range(2)]
    assert [answer.status_code for answer in pressed] == [303, 303]
    assert pressed[0].headers["Location"] == pressed[1].headers["Location"]
    done = seat.sees(pressed[0].headers["Location"])
    receipt = district.clerk().tops_up(hanako, 500)
    assert "チャージしました" in done.text and "2,000" in done.text and "新しい残高 3,000円" in done.text
    assert (hanako.coins(), len(receipt.word)) == (3_500, 2)


def test_a_used_code_is_not_read_again(desk: Seat, district: Town) -> None:
    """A code is good for one reading."""
    hanako, seat = district.consumer(), desk(district.clerk())
    digits = hanako.shows_code().digits
    assert seat.presses("/desk/top-up", "/desk/top-up", code=digits).status_code == 303
    assert seat.presses("/desk/top-up", "/desk/top-up", code=digits).status_code == 409


@pytest.mark.parametrize("amount", ["0", "-5", "500.9", "五百", "", "9" * 30])
def test_amounts_that_are_none(desk: Seat, district: Town, amount: str) -> None:
    """The form comes back with what was typed and a sentence beside the field; nothing is booked."""
    hanako, seat = district.consumer(), desk(district.clerk())
    counter = seat.presses("/desk/top-up", "/desk/top-up", code=hanako.shows_code().text).headers["Location"]
    to = re.search(r"to=([^&]+)", counter)
    assert to is not None
    answer = seat.presses(counter, "/desk/top-up/amount", to=to.group(1), series_id=district.series_id, amount=amount, received="")
    assert answer.status_code == 422
    assert 'id="e-amount"' in answer.text and hanako.coins() == 0


def test_the_choice_of_a_customer_cannot_be_forged(desk: Seat, district: Town, clock: object) -> None:
    """Tampered, another clerk's, or ten minutes old: read the code again."""
    hanako, seat = district.consumer(), desk(district.clerk())
    counter = seat.presses("/desk/top-up", "/desk/top-up", code=hanako.shows_code().text).headers["Location"]
    to = counter.partition("to=")[2]
    other = desk(district.another_clerk("issuer"))
    for who, text in ((seat, to[:-2] + "xx"), (seat, ""), (other, to)):
        assert "E-6022" in who.sees(f"/desk/top-up/amount?to={text}").text
    clock.advance(minutes=11)  # type: ignore[attr-defined]
    assert "E-6022" in seat.sees(counter).text


def test_a_shop_from_form_to_approval(desk: Seat, district: Town) -> None:
    """発行担当 registers; the page tells them that somebody else decides; 承認者 approves with what was looked at."""
    clerk, approver = desk(district.clerk()), desk(district.approver())
    form = {"name": "民宿 あおば", "name_kana": "みんしゅく　あおば", "name_en": "Aoba", "trade": "宿泊", "address": "山手台3-8"}
    page = clerk.presses("/desk/shops/new", "/desk/shops/new", **form).headers["Location"]
    assert "自分の申請は自分では承認できません" in clerk.sees(page).text
    assert clerk.presses(page, f"{page}/approve", reason="x").status_code == 403
    assert "民宿 あおば" in approver.sees("/desk/").text
    assert approver.presses(page, f"{page}/approve", reason="").status_code == 422
    assert approver.presses(page, f"{page}/approve", reason="営業許可証").status_code == 303
    assert "営業許可証" in approver.sees(page).text
    assert approver.presses(page, f"{page}/suspend", reason="苦情").status_code == 303
    assert "停止中" in approver.sees(page).text
    assert approver.presses(page, f"{page}/resume", reason="解決").status_code == 409
    assert desk(district.another_clerk("approver")).presses(page, f"{page}/resume", reason="解決").status_code == 303


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("name_kana", "青葉"),
        ("name_en", "あおば"),
        ("registration_number", "123"),
        ("address", "x" * 201),
        ("name", "a\x00b"),
    ],
)
def test_a_shop_that_is_described_badly(desk: Seat, district: Town, field: str, value: str) -> None:
    """Each field says what it wants."""
    form = {"name": "あおば", "name_kana": "あおば", "name_en": "Aoba", "trade": "宿泊", "address": "山手台", field: value}
    answer = desk(district.clerk()).presses("/desk/shops/new", "/desk/shops/new", **form)
    assert answer.status_code == 422 and f'id="e-{field}"' in answer.text


def test_a_top_up_is_undone_on_its_page(desk: Seat, district: Town) -> None:
    """The clerk who took the cash finds the way on the page of the top-up; without a reason nothing is undone."""
    clerk, hanako = district.clerk(), district.consumer()
    made = clerk.tops_up(hanako, 3_000).transaction_id
    page, seat = f"/desk/top-up/{made}", desk(clerk)
    assert seat.presses(page, f"{page}/undo", reason="").status_code == 422
    assert hanako.coins() == 3_000
    assert seat.presses(page, f"{page}/undo", reason="金額の打ち間違い").status_code == 303
    assert hanako.coins() == 0
    assert "このチャージは取り消しました。" in seat.sees(page).text and "間違えたときは、このチャージを取り消す" not in seat.sees(page).text
    assert (
        "間違えたときは、このチャージを取り消す"
        not in desk(district.another_clerk("issuer")).sees(f"/desk/top-up/{clerk.tops_up(hanako, 5).transaction_id}").text
    )


SERIES = {
    "code": "yuki",
    "name": "雪コイン",
    "name_en": "Snow coin",
    "balance_max": "100,000",
    "payment_max": "100,000",
    "transfer_max": "0",
    "ask_above": "3,000",
    "pin_above": "10,000",
    "new_device_max": "10,000",
    "refund_cashier_max": "10,000",
}


def test_a_series_with_its_consequences_in_words(desk: Seat, district: Town) -> None:
    """First what would follow and how each event will be booked, nothing made; then it is made. The last day that the form proposes keeps
    the six months of the law, and it says so."""
    seat, first = desk(district.clerk()), district.today.isoformat()
    form = seat.sees("/desk/series/new").text
    [proposed] = re.findall(r'<input[^>]*name="last_day"[^>]*>', form)
    assert f'value="{last_exempt_day(district.today)}"' in proposed and "6か月以内の適用除外" in form
    ends = seat.presses("/desk/series/new", "/desk/series/confirm", **SERIES, first_day=first, last_day=first).text
    booked = re.findall(r"<caption>(.*?)</caption>.*?<tbody>(.*?)</tbody>", ends, re.S)
    told = [
        (caption, re.findall(r"(現金 窓口|預り金|未払金 加盟店|雑収入（失効益）)", rows), rows.count("1,000")) for caption, rows in booked
    ]
    assert told == [
        ("窓口でチャージしたとき", ["現金 窓口", "預り金"], 2),
        ("お店で支払ったとき", ["預り金", "未払金 加盟店"], 2),
        ("お店が返金したとき", ["未払金 加盟店", "預り金"], 2),
        ("最終日を過ぎて失効したとき", ["預り金", "雑収入（失効益）"], 2),
    ]
    asked = seat.presses("/desk/series/new", "/desk/series/confirm", **SERIES, first_day=first)
    assert asked.status_code == 200 and "第三者型" in asked.text and "払戻しの手続き" in asked.text
    assert "雪コイン" not in seat.sees("/desk/series").text
    assert seat.presses("/desk/series/new", "/desk/series/new", **SERIES, first_day=first).status_code == 303
    assert "雪コイン" in seat.sees("/desk/series").text
    assert seat.presses("/desk/series/new", "/desk/series/new", **SERIES, first_day=first).status_code == 409


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("balance_max", "300,001"),
        ("payment_max", "100001"),
        ("pin_above", "100001"),
        ("ask_above", "10001"),
        ("last_day", "2020-01-01"),
        ("first_day", "昨日"),
        ("code", "Yuki"),
        ("name_en", "雪"),
    ],
)
def test_a_series_that_breaks_a_rule(desk: Seat, district: Town, field: str, value: str) -> None:
    """The form comes back with the sentence beside the field."""
    form = {**SERIES, "first_day": district.today.isoformat(), field: value}
    answer = desk(district.clerk()).presses("/desk/series/new", "/desk/series/confirm", **form)
    assert answer.status_code == 422 and f'id="e-{field}"' in answer.text


def test_a_drawer_is_counted(desk: Seat, district: Town) -> None:
    """The approver counts by notes and coins; the clerk's own page offers no count; a difference asks for its reason."""
    clerk, approver = district.clerk(), desk(district.approver())
    clerk.tops_up(district.consumer(), 3_000)
    page = f"/desk/drawers/{clerk.person_id}"
    assert "自分の現金は自分では締められません" in desk(clerk).sees(page).text
    assert "引き出しにあるはずの額" in approver.sees(page).text
    preview = approver.sees(f"{page}?n1000=２&n500=1&n100=4&csrf_token=x").text
    assert re.search(r'data-count-of="difference">−100<', preview) and 'value="２"' in preview
    found = {"n1000": "２", "n500": "1", "n100": "4", "stays": "500", "expected": "3000", "after": "0"}
    asked = approver.presses(page, page, **found)
    assert asked.status_code == 422 and 'id="e-reason"' in asked.text and 'value="２"' in asked.text

    done = approver.presses(page, page, **found, reason="釣り銭の渡し間違い")
    assert done.status_code == 303
    shown = approver.sees(done.headers["Location"]).text
    assert "不足 100円" in shown and "釣り銭の渡し間違い" in shown and "引き出しに残した釣銭準備金 500円" in shown
    again = approver.presses(page, page, expected="3000", after="0", n1000="3")
    assert again.status_code == 409 and "E-6100" in again.text
    assert approver.presses(page, page, n1000="x").status_code == 422
    assert "釣銭準備金だけ" in approver.sees("/desk/drawers").text


def test_a_float_is_handed_out(desk: Seat, district: Town) -> None:
    """From the safe into a drawer; not by its clerk, not more than lies there."""
    clerk, approver = district.clerk(), desk(district.approver())
    clerk.tops_up(district.consumer(), 30_000)
    district.approver().counts(clerk, 30_000)
    page = f"/desk/drawers/{clerk.person_id}/float"
    assert approver.presses(page, page, amount="40,000").status_code == 409
    assert approver.presses(page, page, amount="20,000").status_code == 303
    assert "釣銭準備金 20,000円" in approver.sees("/desk/drawers").text
    assert "釣銭準備金は、ほかの承認者から受け取ってください" in desk(clerk).sees(page).text


def test_cash_goes_to_the_bank_with_its_slip(desk: Seat, district: Town) -> None:
    """Counted by notes, on the safe's list, and on a paper."""
    clerk, approver = district.clerk(), desk(district.approver())
    clerk.tops_up(district.consumer(), 50_000)
    district.approver().counts(clerk, 50_000)
    done = approver.presses("/desk/safe/deposit", "/desk/safe/deposit", n10000="3", note="北陸銀行")
    assert done.status_code == 303
    page = done.headers["Location"]
    assert "10,000円札" in approver.sees(page).text and approver.sees(f"{page}.pdf").data.startswith(b"%PDF-")
    listed = approver.sees("/desk/safe").text
    assert "30,000" in listed and "北陸銀行" in listed and "20,000" in listed
    assert approver.presses("/desk/safe/deposit", "/desk/safe/deposit", n10000="3").status_code == 409
    assert desk(clerk).sees("/desk/safe/deposit").status_code == 403


def test_the_notice_is_published_as_a_version(desk: Seat, district: Town) -> None:
    """A new version with what was changed; a registration needs its number and its day."""
    seat = desk(district.clerk())
    texts = dict.fromkeys(("issuer_name", "address", "contact", "places", "cautions", "terms", "security", "loss_policy"), "文")
    assert seat.presses("/desk/notice", "/desk/notice", **texts, registration_number="第1号").status_code == 422
    assert seat.presses("/desk/notice", "/desk/notice", **{**texts, "contact": ""}).status_code == 422
    answer = seat.presses("/desk/notice", "/desk/notice", **texts, registration_number="第1号", registered_on="2024-04-01")
    assert answer.status_code == 303 and "第2版" in seat.sees("/desk/notice").text


def test_csv_cannot_become_a_formula(desk: Seat, district: Town) -> None:
    """A shop called =1+1 stays text in a spreadsheet."""
    hanako, shop = district.consumer(coins=1_000), district.shop("=1+1")
    hanako.pays(shop, 300)
    csv = desk(district.approver()).sees("/desk/books/journal.csv").data.decode("utf-8-sig")
    assert "'=1+1" in csv and ",=1+1" not in csv
    assert [line.split(",")[2] for line in csv.splitlines()[1:]] == ["支払い", "支払い", "チャージ", "チャージ"]


@pytest.mark.parametrize(
    "query", ["first=x", "amount=abc", "number=zz", "before=-1", "kind=" + "k" * 50, "at=9999-99-99", "first=0001-01-01"]
)
def test_a_search_that_makes_no_sense_finds_everything(desk: Seat, district: Town, query: str) -> None:
    """GET changes nothing, so a wrong question is asked as if it were empty."""
    district.consumer(coins=1_000)
    assert "1,000" in desk(district.approver()).sees(f"/desk/books?{query}").text


def test_a_token_is_shown_once(desk: Seat, district: Town) -> None:
    """On the answer to the press, and never again."""
    shop, seat = district.shop(), desk(district.another_clerk("administrator"))
    made = seat.presses("/desk/tokens", "/desk/tokens", label="POS", holder=f"shop:{shop.public_number}", scopes="payments:read")
    token = re.search(r"meguri_[A-Za-z0-9_-]{43}", made.text)
    assert token is not None and token.group(0) not in seat.sees("/desk/tokens").text
    assert seat.presses("/desk/tokens", "/desk/tokens", label="POS", holder="shop:999999", scopes="payments:read").status_code == 404
    assert seat.presses("/desk/tokens", "/desk/tokens", label="POS", holder=f"shop:{shop.public_number}").status_code == 422


def test_the_only_one_who_decides_is_told_where_the_second_comes_from(desk: Seat, district: Town) -> None:
    """The page says it before, and the press is refused: nothing is given, nothing waits."""
    person = district.person("岡", "consumer", email="oka@example.jp")
    seat = desk(district.another_clerk("administrator"))
    assert "承認できる人は、あなただけです" in seat.sees("/desk/roles").text
    refused = seat.presses("/desk/roles", "/desk/roles", email="oka@example.jp", role="approver", shop="")
    assert refused.status_code == 409 and "meguri identity appoint" in refused.text
    assert not district.signs_in(person).has("approver")


def test_a_form_that_is_wrong_on_a_page_that_is_refused_is_a_refusal(desk: Seat, district: Town) -> None:
    """Whoever may not see the form, or names what is not there, sends it empty: they are told that, and it is no fault of ours."""
    auditor, clerk = desk(district.another_clerk("auditor")), desk(district.clerk())
    assert auditor.presses("/desk/settlement/transfers", "/desk/roles").status_code == 403
    assert clerk.presses("/desk/top-up", "/desk/suspense/987654").status_code == 404
    assert clerk.presses("/desk/top-up", "/desk/top-up/amount", to="long-gone", amount="x").status_code in (403, 404, 409, 422)


def test_a_role_for_somebody_else(desk: Seat, district: Town) -> None:
    """By the address they signed up with: what only looks at once, what issues by somebody else's yes; nobody changes their own."""
    admin, approver = district.another_clerk("administrator", nickname="藤代"), district.approver()
    person = district.person("岡", "consumer", email="oka@example.jp")
    seat = desk(admin)
    looks = seat.presses("/desk/roles", "/desk/roles", email="ＯＫＡ@example.jp", role="auditor", shop="")
    assert looks.headers["Location"].endswith("/desk/roles")
    asked = seat.presses("/desk/roles", "/desk/roles", email="oka@example.jp", role="issuer", shop="")
    page = asked.headers["Location"].removeprefix(seat.base)
    assert "岡" in seat.sees(page).text and "自分の申請は自分では承認できません" in seat.sees(page).text
    assert seat.presses("/desk/roles", f"{page}/approve").status_code == 409
    assert not district.signs_in(person).has("issuer")
    assert "別の人ですか" in desk(approver).sees(page).text
    assert desk(approver).presses(page, f"{page}/approve").status_code == 303
    assert district.signs_in(person).has("issuer")
    assert seat.presses("/desk/roles", "/desk/roles", email="nobody@example.jp", role="issuer", shop="").status_code == 404
    assert seat.presses("/desk/roles", "/desk/roles", email="oka@example.jp", role="owner", shop="").status_code == 422


@pytest.mark.parametrize("path", ["/desk/shops/999999", "/desk/top-up/999999", "/desk/drawers/closed/999999"])
def test_what_is_not_there(desk: Seat, district: Town, path: str) -> None:
    """A number of nobody is a page that says so."""
    assert desk(district.clerk()).sees(path).status_code == 404


def test_the_neighbours_pages_stay_shut(desk: Seat, district: Town, other_district: Town) -> None:
    """Numbers of another district's shop, top-up and drawer show nothing here."""
    receipt = other_district.clerk().tops_up(other_district.consumer(), 1_000)
    closed = other_district.approver().counts(other_district.clerk(), 1_000)
    shop = other_district.shop()
    seat = desk(district.approver())
    for path in (f"/desk/shops/{shop.id}", f"/desk/top-up/{receipt.transaction_id}", f"/desk/drawers/closed/{closed.id}"):
        assert seat.sees(path).status_code == 404
    assert "移す現金はありません" in seat.sees(f"/desk/drawers/{other_district.clerk().person_id}").text


def test_beyond_the_drawer_a_second_person_is_asked(desk: Seat, district: Town) -> None:
    """The counter offers it where the drawer would pass its ceiling; the approver's page books it; both see what became of it."""
    clerk, hanako = district.clerk(), district.consumer()
    for _ in range(5):
        clerk.tops_up(district.consumer(), 99_000)
    seat, approver, auditor = desk(clerk), desk(district.approver()), desk(district.another_clerk("auditor"))
    counter = seat.presses("/desk/top-up", "/desk/top-up", code=hanako.shows_code().text).headers["Location"]
    form = {"to": counter.partition("to=")[2], "series_id": district.series_id, "amount": "30,000", "received": "", "key": str(uuid4())}
    full = seat.presses(counter, "/desk/top-up/amount", **form)
    assert full.status_code == 409 and "E-2112" not in full.text and "ほかの人に承認を頼む" in full.text
    assert re.search(r"data-cash-large>", full.text), "the offer is hidden"
    asked = [seat.presses(counter, "/desk/top-up/large", **form, note="団体の旅行") for _ in range(2)]
    assert [answer.status_code for answer in asked] == [303, 303]
    page = asked[0].headers["Location"]
    assert page == asked[1].headers["Location"] and "あなたの申請です" in seat.sees(page).text
    assert "承認して記帳する" not in seat.sees(page).text and "承認して記帳する" not in auditor.sees(page).text
    assert "団体の旅行" in approver.sees(page).text and "高額チャージの申請" in approver.sees("/desk/").text
    assert [approver.presses("/desk/safe/deposit", f"{page}/approve").status_code for _ in range(2)] == [303, 303]
    assert hanako.coins() == 30_000 and "承認済み" in seat.sees(page).text and "合言葉" in seat.sees(page).text
    late = desk(district.another_clerk("approver")).presses("/desk/safe/deposit", f"{page}/approve")
    assert late.status_code == 409 and "E-2134" in late.text


def test_a_proposal_is_declined_with_a_reason(desk: Seat, district: Town) -> None:
    """Without a reason it stays undecided; with one its maker reads why."""
    hanako, clerk = district.consumer(), district.clerk()
    page = f"/desk/approvals/{clerk.asks_for_large(hanako, 50_000)}"
    approver = desk(district.approver())
    assert approver.presses(page, f"{page}/decline", reason="").status_code == 422
    assert approver.presses(page, f"{page}/decline", reason="本人確認ができない").status_code == 303
    assert "本人確認ができない" in desk(clerk).sees(page).text and hanako.coins() == 0
    assert desk(clerk).sees("/desk/approvals/999999").status_code == 404


def test_a_shop_becomes_an_agent_and_brings_its_cash(desk: Seat, district: Town) -> None:
    """From the shop's page by two people; its debt at the counter; switched off at once."""
    shop, clerk = district.shop("民宿 あおば"), district.clerk()
    seat, approver, page = desk(clerk), desk(district.approver()), f"/desk/shops/{shop.id}"
    assert seat.presses(page, f"{page}/agent", daily_max="0", note="x").status_code == 422
    asked = seat.presses(page, f"{page}/agent", daily_max="50,000", note="フロントで売りたい").headers["Location"]
    assert "民宿 あおば" in approver.sees(asked).text and "50,000円" in approver.sees(asked).text
    assert approver.presses(asked, f"{asked}/approve").status_code == 303
    assert "代理店ではありません" not in approver.sees(page).text
    shop.till().sells(district.consumer(), 8_000, staff_id=shop.hires())
    assert "8,000" in seat.sees("/desk/agents").text
    debt = f"/desk/agents/{shop.id}"
    assert seat.presses(debt, debt, amount="8,001").status_code == 409
    assert approver.presses(page, debt, amount="1").status_code == 422  # without its key
    assert approver.presses(page, debt, amount="1", key=str(uuid4())).status_code == 403
    assert seat.presses(debt, debt, amount="8,000").status_code == 303
    assert (clerk.cash(), shop.debt()) == (8_000, 0)
    assert approver.presses(page, f"{page}/agent/end", reason="担当者が替わった").status_code == 303
    assert "代理店ではありません" in approver.sees(page).text


BATCH = {"face_value": "1,000", "pieces": "１２", "paid_from": "promotion", "note": "夏祭りの抽選会"}


def test_codes_from_proposal_to_paper(desk: Seat, district: Town) -> None:
    """No paper before the approval; then every unused code is on it, for those who issue, and the asking is on record."""
    seat, approver = desk(district.clerk()), desk(district.approver())
    form = {**BATCH, "series_id": district.series_id, "last_day": (district.today + timedelta(days=60)).isoformat()}
    page = seat.presses("/desk/codes/new", "/desk/codes/new", **form).headers["Location"]
    assert seat.sees(f"{page}.pdf").status_code == 409
    batch = district.batch(int(page.rpartition("/")[2]))
    asked = f"/desk/approvals/{batch.proposal_id}"
    assert approver.presses(asked, f"{asked}/approve").status_code == 303
    again = "この券は、すでに印刷されています。"
    assert again not in seat.sees(page).text
    paper = seat.sees(f"{page}.pdf")
    assert again in seat.sees(page).text, "a second sheet is a second copy of the same money: the page says who has one"
    district.consumer().redeems(district.codes(batch.id)[0])
    paper = seat.sees(f"{page}.pdf")
    printed = "".join(words(paper.data))
    assert paper.headers["Cache-Control"] == "no-store" and all(code in printed for code in district.codes(batch.id))
    assert approver.sees(f"{page}.pdf").status_code == 403
    assert "11" in seat.sees("/desk/codes").text and "利用済み" in approver.sees(page).text
    cancelled = seat.presses(page, f"{page}/cancel", place="3", reason="紛失した").headers["Location"]
    assert approver.presses(cancelled, f"{cancelled}/approve").status_code == 303
    assert "取消済み" in seat.sees(page).text and "No." in seat.sees("/desk/books").text


@pytest.mark.parametrize(
    ("field", "value"),
    [("pieces", "1001"), ("pieces", "0"), ("face_value", "0"), ("last_day", "昨日"), ("last_day", "2020-01-01"), ("note", "")],
)
def test_a_batch_that_cannot_be(desk: Seat, district: Town, field: str, value: str) -> None:
    """Each field says what it wants, and nothing is proposed."""
    last = (district.today + timedelta(days=60)).isoformat()
    form = {**BATCH, "series_id": district.series_id, "last_day": last, field: value}
    answer = desk(district.clerk()).presses("/desk/codes/new", "/desk/codes/new", **form)
    assert answer.status_code == 422 and f'id="e-{field}"' in answer.text
    assert "まだチャージ券はありません" in desk(district.clerk()).sees("/desk/codes").text


def test_an_administrator_does_not_approve_their_own_through_the_page(desk: Seat, district: Town) -> None:
    """They may approve, and this one is theirs: the page shows no button, the address answers 409, nothing is booked, and it waits on."""
    hanako, admin = district.consumer(), district.another_clerk("administrator")
    number = admin.asks_for_large(hanako, 50_000)
    page, seat = f"/desk/approvals/{number}", desk(admin)
    assert "自分の申請は自分では承認できません" in seat.sees(page).text and f"{page}/approve" not in seat.sees(page).text
    for _again in range(2):
        assert seat.presses("/desk/series/new", f"{page}/approve").status_code == 409
    assert (hanako.coins(), district.holds("safe"), district.difference()) == (0, 0, 0)
    assert desk(district.approver()).presses(page, f"{page}/approve").status_code == 303
    assert hanako.coins() == 50_000


REVERSED = {
    "points": {
        "rate_yen": "100",
        "rate_points": "1",
        "rounding": "down",
        "pending_days": "7",
        "months": "6",
        "expired_to": "payer",
        "monthly": "9",
    },
    "points/campaigns": {"times": "2", "budget": "100", "days": ["0"]},
    "points/events": {"points": "10", "most": "10"},
}


@pytest.mark.parametrize("where", REVERSED)
def test_days_the_wrong_way_round_come_back_with_a_sentence(desk: Seat, district: Town, where: str) -> None:
    """A programme, a campaign or an event that would end before it begins: beside the field, and on neither page is it made."""
    seat = desk(district.clerk())
    form = REVERSED[where] | {"name": "逆さま", "name_en": "Upside down", "association_percent": "100"}
    days = {"first_day": district.today + timedelta(days=5), "last_day": district.today + timedelta(days=2)}
    for page in ("confirm", "new"):
        refused = seat.presses(f"/desk/{where}/new", f"/desk/{where}/{page}", **form, **days)
        assert (refused.status_code, "始める日か、それより後の日にしてください。" in refused.text) == (422, True), refused.text[-3000:]
    right = seat.presses(f"/desk/{where}/new", f"/desk/{where}/confirm", **form, **dict(zip(days, reversed(days.values()), strict=True)))
    assert right.status_code == 200 and "逆さま" in right.text
    assert "逆さま" not in seat.sees("/desk/points").text


@pytest.mark.parametrize("name", ["bank_name", "branch_name"])
def test_a_bank_whose_name_the_format_cannot_write_is_refused(desk: Seat, district: Town, name: str) -> None:
    """Of a shop's account and of the association's own: the signs are named beside the field, and no proposal waits."""
    bank = {"bank_code": "0990", "branch_code": "001", "kind": "1", "number": "1234567", name: "千葉ｷﾞﾝｺｳ"}
    shop, admin = district.shop(), desk(district.another_clerk("administrator"))
    terms = {"code": "1234567890", "name": "ﾒｸﾞﾘ", "fee_bearer": "association", "lead_days": "2", "recall_bearer": "association"}
    for page, form in ((f"/desk/shops/{shop.id}/account", {"holder": "ﾏﾙﾔ"}), ("/desk/settlement/transfers", terms)):
        refused = admin.presses(page, page, **bank, **form)
        assert (refused.status_code, "銀行で使えない文字があります: 千 葉" in refused.text) == (422, True), refused.text[-3000:]
        kept = admin.presses(page, page, **bank | {name: "ﾁﾊﾞｷﾞﾝｺｳ"}, **form)
        assert kept.status_code == 303, kept.text[-3000:]
    assert waiting_proposals(district.session, district.approver().who) == 2
