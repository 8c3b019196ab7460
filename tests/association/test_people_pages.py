"""People at the desk: one box to find them, a page to stop and to let go, and the log that each look leaves."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable
from io import StringIO

import pytest
from flask import Flask
from sqlalchemy import Engine, text

import identity.commands
import identity.queries
import wallet.commands
from association import subjects
from identity.queries import LogSearch
from tests.association.test_pages import Desk
from tests.town import Clerk, Consumer, Town

Seat = Callable[[Clerk | None], Desk]


@pytest.fixture
def desk(app: Flask, district: Town) -> Seat:
    """Somebody's own browser: `desk(district.clerk())`."""
    return lambda clerk: Desk(app.test_client(), district, clerk)


def looks_at(town: Town, consumer: Consumer) -> int:
    """How many looks at this person the log has."""
    auditor = town.another_clerk("auditor").who
    search = LogSearch(command="association.look_at_person", about=f"person:{consumer.person_id}")
    return len(identity.queries.access_log(town.session, auditor, search))


def answers(seat: Desk, question: str) -> list[str]:
    """The headings of what the box finds."""
    html = seat.client.get("/desk/find", query_string={"q": question}, base_url=seat.base).text
    return [re.sub(r"<[^>]+>", "", heading) for heading in re.findall(r'<h2 id="r\d+">(.*?)</h2>', html)]


def test_a_payment_number_as_it_is_read_out(desk: Seat, district: Town) -> None:
    """With hyphens, blanks or full-width digits, the one payment: who, when, where, how it stands, what to do next."""
    hanako, bakery = district.consumer(coins=2_000), district.shop()
    paid = hanako.pays(bakery, 1_480)
    seat = desk(district.clerk())
    wide = paid.number.translate(str.maketrans("0123456789-", "０１２３４５６７８９ー"))
    for typed in (paid.number, paid.number.replace("-", ""), paid.number.replace("-", " "), wide, f" {paid.number} "):
        assert answers(seat, typed)[0] == f"支払い 受付番号 {paid.number}", typed  # so few of them may be a person's number as well
    page = seat.sees(f"/desk/find?q={paid.number}").text
    for said in ("花子", "1,480円", "みなと屋", bakery.public_number, paid.word, "支払い済み", "読み合わせてください"):
        assert said in page
    bakery.refunds(paid.transaction_id, 480)
    assert "480円を返金済み" in seat.sees(f"/desk/find?q={paid.number}").text
    assert looks_at(district, hanako) == 7


def test_what_somebody_stopped_by_a_code_the_desk_may_stop_as_well(desk: Seat, district: Town) -> None:
    """The page says that its holder could lift it, and leads to the form that makes it the desk's."""
    hanako = district.consumer(coins=500)
    code = identity.commands.make_recovery_codes(district.session, hanako.who, now=district.now)[0]
    wallet.commands.report_lost(district.session, identity.queries.nobody(district.district_id), "花子", code, now=district.now)
    seat, page = desk(district.clerk()), f"/desk/people/{hanako.person_id}"
    assert f"{page}?stop=yes" in seat.sees(page).text
    pressed = seat.presses(f"{page}?stop=yes", f"{page}/freeze", asked_by="police", reason="照会")
    assert pressed.status_code == 303
    assert "?stop=yes" not in seat.sees(page).text
    assert "組合の判断か警察の照会で止めたものは、別の人が解除します。" in seat.sees(page).text


def test_a_top_ups_page_names_its_customer_to_whom_may_know(desk: Seat, district: Town) -> None:
    """The clerk who took the cash sees the name; a colleague does, and it is written down; who audits reads the figures alone."""
    hanako = district.consumer()
    page = f"/desk/top-up/{district.clerk().tops_up(hanako, 1_000).transaction_id}"
    assert "花子" in desk(district.clerk()).sees(page).text
    assert looks_at(district, hanako) == 0
    assert "花子" in desk(district.another_clerk("issuer")).sees(page).text
    assert looks_at(district, hanako) == 1
    audited = desk(district.another_clerk("auditor")).sees(page)
    assert audited.status_code == 200 and "花子" not in audited.text
    assert looks_at(district, hanako) == 1


def test_an_amount_names_nobody(desk: Seat, district: Town) -> None:
    """Several payments may be as large: when and where is shown, whose only after one is opened."""
    hanako, bakery = district.consumer(coins=5_000), district.shop()
    first, second = hanako.pays(bakery, 1_480), hanako.pays(bakery, 1_480)
    seat = desk(district.clerk())
    for typed in ("1480", "1,480円", "￥１，４８０", "１４８０ 円"):
        assert answers(seat, typed) == [f"支払い 受付番号 {number}" for number in (second.number, first.number)], typed
    for typed in ("1,400〜1,500円", "1400円から", "1480円以上", "～ 2000", "2,000円以下"):
        found = answers(seat, typed)
        assert {f"支払い 受付番号 {number}" for number in (second.number, first.number)} <= set(found), typed
    assert answers(seat, "1481〜4999") == [] == answers(seat, "〜")
    assert "花子" not in seat.sees("/desk/find?q=1480").text
    assert looks_at(district, hanako) == 0


def test_a_card_by_its_sixteen_digits(desk: Seat, district: Town) -> None:
    """As they are printed, in groups; its state and what to do next. An auditor finds none."""
    yamada = district.card_holder()
    seat = desk(district.clerk())
    for typed in (yamada.card.number, " ".join(yamada.card.number[place : place + 4] for place in range(0, 16, 4))):
        assert answers(seat, typed) == ["カード"]
    assert "ここからカードを止めます" in seat.sees(f"/desk/find?q={yamada.card.number}").text
    assert answers(desk(district.another_clerk("auditor")), yamada.card.number) == []


@pytest.mark.parametrize("typed", ["みなと", "ミナト", "minatoya", "ＭＩＮＡＴＯＹＡ", "みなと屋"])
def test_a_shop_by_any_of_its_names(desk: Seat, district: Town, typed: str) -> None:
    """Name, reading and English name; kind of kana, width and capitals make no difference."""
    district.shop()
    assert answers(desk(district.another_clerk("auditor")), typed) == ["みなと屋"]


def test_a_shop_by_its_number(desk: Seat, district: Town) -> None:
    """Six digits; what the state means for who telephones."""
    bakery = district.shop()
    bakery.is_suspended()
    seat = desk(district.clerk())
    assert answers(seat, bakery.public_number) == ["みなと屋"]
    assert "受け取りを止めています" in seat.sees(f"/desk/find?q={bakery.public_number}").text


def test_people_by_their_whole_nickname(desk: Seat, district: Town, other_district: Town) -> None:
    """However it is written, all who are called so, and each is a look; auditors and the next district find nobody."""
    hanako, other = district.consumer(nickname="はな子", email="hanako@example.jp"), district.consumer(nickname="ハナ子")
    other_district.consumer(nickname="はな子")
    seat = desk(district.clerk())
    assert answers(seat, "ﾊﾅ子") == ["ハナ子さん", "はな子さん"]
    assert answers(seat, "はな") == []
    assert answers(seat, "hanako@example.jp") == ["はな子さん"]
    assert "h…@example.jp" in seat.sees("/desk/find?q=はな子").text
    assert answers(desk(district.another_clerk("auditor")), "はな子") == []
    assert (looks_at(district, hanako), looks_at(district, other)) == (3, 2)


def test_nothing_found_says_what_to_try(desk: Seat, district: Town) -> None:
    """No dead end on the telephone; a question of another district's payment finds nothing."""
    seat = desk(district.clerk())
    for typed in ("9999-9999", "いない人", "1234567890123456", "<script>"):
        assert answers(seat, typed) == []
        assert "見つかりませんでした" in seat.client.get("/desk/find", query_string={"q": typed}, base_url=seat.base).text


def test_the_box_stands_on_every_page_of_the_desk(desk: Seat, district: Town) -> None:
    """Also on a page that says no; not on the shop owner's pages."""
    seat = desk(district.approver())
    for path in ("/desk/", "/desk/shops", "/desk/top-up"):
        assert 'action="/desk/find"' in seat.sees(path).text, path
    assert seat.sees("/desk/top-up").status_code == 403
    owner = desk(None)
    owner.client.set_cookie("meguri_session", district.cookie(district.shop().owner.person_id or 0), domain=district.host, secure=True)
    assert 'action="/desk/find"' not in owner.sees("/shop/").text


def test_lost_at_the_counter(desk: Seat, district: Town) -> None:
    """Found by name, stopped with who asked and why; the page says stopped, not closed, and lets it go with a reason."""
    hanako = district.consumer(coins=2_000)
    seat, page = desk(district.clerk()), f"/desk/people/{hanako.person_id}"
    refused = seat.presses(page, f"{page}/freeze", asked_by="self", reason="")
    assert refused.status_code == 422
    assert seat.presses(page, f"{page}/freeze", asked_by="family", reason="駅でなくしたと電話").status_code == 303
    shown = seat.sees(page).text
    assert "一時停止中" in shown and "駅でなくしたと電話" in shown and "家族" in shown and "退会済み" not in shown
    assert "2,000" in shown
    again = seat.presses(page, f"{page}/freeze", asked_by="self", reason="もう一度の電話")
    assert (again.status_code, again.headers["Location"]) == (303, page), "a second report leads to the first"
    auditor = desk(district.another_clerk("auditor"))
    assert auditor.presses("/desk/settlement/transfers", f"{page}/freeze", asked_by="self", reason="監査").status_code == 403
    approver = desk(district.approver())
    assert approver.presses(page, f"{page}/unfreeze", reason="運転免許証を見た").status_code == 303
    assert "運転免許証を見た" in approver.sees(page).text
    assert desk(district.another_clerk("auditor")).sees(page).status_code == 403


def test_seen_off_by_an_administrator(desk: Seat, district: Town) -> None:
    """Only an administrator, only asked for, and what is left must be given up; afterwards the page says gone, not stopped."""
    hanako = district.consumer(coins=2_000)
    page = f"/desk/people/{hanako.person_id}"
    assert desk(district.clerk()).sees(f"{page}/close").status_code == 403
    seat = desk(district.another_clerk("administrator"))
    assert seat.presses(f"{page}/close", f"{page}/close").status_code == 422
    assert "残高が 2,000円あります" in seat.presses(f"{page}/close", f"{page}/close", asked="on").text
    assert seat.presses(f"{page}/close", f"{page}/close", asked="on", gives_up="on").status_code == 303
    shown = seat.sees(page).text
    assert "退会済み" in shown and "一時停止中" not in shown and "花子" not in shown


def test_the_log_is_read_by_those_who_may(desk: Seat, district: Town) -> None:
    """Auditor and administrator, with a filter and as CSV; reading it stands in it as well."""
    hanako = district.consumer(coins=1_000)
    desk(district.clerk()).sees(f"/desk/people/{hanako.person_id}")
    assert desk(district.clerk()).sees("/desk/log").status_code == 403
    seat = desk(district.another_clerk("auditor"))
    log = seat.sees(f"/desk/log?about=person:{hanako.person_id}").text
    assert "利用者を見た" in log and f"利用者番号 {hanako.person_id}" in log
    assert "拒否" in seat.sees("/desk/log?refused=on").text
    lines = list(csv.reader(StringIO(seat.sees("/desk/log.csv?command=association.look_at_person").text.lstrip("\ufeff"))))
    said = ["利用者を見た", "association.look_at_person", "許可", f"利用者番号 {hanako.person_id}", f"person:{hanako.person_id}"]
    assert [line[1:6] for line in lines[1:]] == [said], "each code beside its words"
    assert "記録を見た" in seat.sees("/desk/log").text
    assert subjects.in_words("way:email device:1") == "ログイン方法 メール スマホ・パソコン 1" and subjects.in_words("5 x 100") == "5 x 100"


def test_people_who_joined_before_names_were_found(desk: Seat, district: Town, owner_engine: Engine) -> None:
    """The worker makes them findable by and by; again is harmless."""
    district.consumer(nickname="ゆず")
    with owner_engine.begin() as connection:
        connection.execute(text("UPDATE person SET nickname_lookup = NULL WHERE district_id = :d"), {"d": district.district_id})
    seat = desk(district.clerk())
    assert answers(seat, "ゆず") == []
    while identity.commands.index_nicknames(district.session):
        pass
    assert answers(seat, "ゆず") == ["ゆずさん"]
