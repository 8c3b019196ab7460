"""An oversubscribed voucher, in real browsers: applied for on a phone, drawn, and bought by its winner at the counter."""

from __future__ import annotations

import json
import re
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

import association.commands
from association.commands import Apply, NewCall
from association.rules import RULES
from base.clock import Clock, day_bounds, system_clock, tokyo_day
from identity.queries import Particulars
from tests.e2e.conftest import DESK, PHONE, Opens
from tests.e2e.test_coupon import is_for_everybody
from tests.e2e.test_main_job import press
from tests.town import ANY_KEY, Town

pytestmark = pytest.mark.browser
BEHIND = timedelta(days=3)


class Behind:
    """Three days behind the database until the draw is due: its signatures are of now."""

    def __init__(self) -> None:
        self.by = BEHIND

    def __call__(self):
        return system_clock() - self.by


@pytest.fixture
def clock() -> Clock:
    return Behind()


def a_campaign_of_two(district: Town) -> int:
    """Two units, one a person; applications today, the draw tomorrow at noon."""
    today = tokyo_day(district.now)
    draw_at = day_bounds(today)[1] + timedelta(hours=12)
    call = NewCall("application", "none", "灯ノ沢町", today, today, draw_at, 5)
    return district.voucher(
        units=2, per_person=2, call=call, sale_first_day=today + timedelta(days=2), sale_last_day=today + timedelta(days=30)
    )


def applies(phone: Page, name: str, address: str) -> None:
    phone.goto("/wallet/")
    phone.get_by_role("link", name="の申し込みを受け付けています").click()
    phone.get_by_label("氏名").fill(name)
    phone.get_by_label("住所").fill(address)
    phone.get_by_label("口数").fill("２")


def types_a_paper(desk: Page, voucher: int) -> None:
    desk.goto(f"/desk/vouchers/{voucher}")
    desk.get_by_role("link", name="申し込みを見る").click()
    desk.get_by_role("link", name="紙の申し込みを入力する").click()
    desk.get_by_label("氏名").fill("山﨑 太郎")
    desk.get_by_label("住所").fill("灯ノ沢町9-9")
    is_for_everybody(desk)
    press(desk, "受け付けて次の紙へ")
    expect(desk.locator("main")).to_contain_text("申し込み番号 2 で入力しました。")


def test_whoever_wins_the_draw_buys_at_the_counter(opens: Opens, district: Town, clock: Behind) -> None:
    """Hanako on her phone, another on paper, a third beside them, two units: the draw, its public page done again, the winner's sale."""
    voucher, hanako, ichiro = a_campaign_of_two(district), district.consumer(), district.consumer(nickname="一郎")
    desk, phone = opens(DESK, district.clerk().person_id), opens(PHONE, hanako.person_id)
    applies(phone, "高橋 花子", "となり町1")
    press(phone, "申し込む", exact=True)
    expect(phone.locator("main")).to_contain_text("「灯ノ沢町」に住む人が対象です")
    phone.get_by_label("住所").fill("灯ノ沢町１－１")
    is_for_everybody(phone)
    press(phone, "申し込む", exact=True)
    expect(phone.locator("main")).to_contain_text("申し込み番号 1")
    is_for_everybody(phone)
    types_a_paper(desk, voucher)
    third = Apply(voucher, 2, Particulars("一郎", address="灯ノ沢町3"), "", ANY_KEY)
    association.commands.apply_for_voucher(district.session, ichiro.who, third, now=district.now)

    clock.by = timedelta(0)
    association.commands.run_draws(district.session, now=district.now)
    district.consumer(coins=1)
    district.seals()
    association.commands.run_draws(district.session, now=district.now)
    desk, phone, other = opens(DESK, district.clerk().person_id), opens(PHONE, hanako.person_id), opens(PHONE, ichiro.person_id)
    desk.goto(f"/desk/vouchers/{voucher}/applications")
    expect(desk.locator("main")).to_contain_text("抽選は終わりました。")
    is_for_everybody(desk)
    desk.get_by_role("link", name="公開のページを見る").click()
    expect(desk.get_by_role("row")).to_have_count(4)
    is_for_everybody(desk)
    asked = desk.evaluate("fetch(location.pathname + '/question.jsonl').then(answer => answer.text())").splitlines()
    places = RULES["vouchers.draw"](json.loads(asked[0]))["places"]
    shown = desk.locator("tbody tr").all_inner_texts()
    assert [[int(word.replace("—", "0")) for word in row.split()] for row in shown] == places

    phones = {1: phone, 3: other}
    winner, loser = phones.get(places[0][1], phone), next(phones[row[1]] for row in places if row[1] in phones and row[3] == 0)
    if places[0][1] == 2:  # the paper won: its holder comes with the phone of nobody who applied
        holder = district.consumer(nickname="紙の人")
        winner = opens(PHONE, holder.person_id)
    loser.goto("/wallet/inbox")
    expect(loser.locator("main")).to_contain_text("補欠になりました")
    winner.goto("/wallet/code")
    desk.goto("/desk/top-up")
    desk.get_by_label("読めないときは、コードの12桁かカードの16桁").fill(winner.get_by_label("読み上げる番号").inner_text())
    press(desk, "次へ")
    desk.get_by_role("link", name="この人に商品券を売る").click()
    if places[0][1] == 2:
        desk.get_by_label("手紙の申し込み番号").fill("2")
        press(desk, "番号で探す")
        expect(desk.locator("main")).to_contain_text("山﨑 太郎")
        press(desk, "確かめました")
    is_for_everybody(desk)
    desk.get_by_label("口数").fill(str(places[0][3]))
    with winner.expect_navigation():  # the phone draws itself anew when the sale is booked
        press(desk, "売る", exact=True)
    desk.wait_for_url(re.compile(r"/desk/vouchers/sales/\d+$"))
    winner.goto(f"/wallet/vouchers/{voucher}")
    expect(winner.locator("main")).to_contain_text(f"{places[0][3]}口を買いました")
    assert district.difference() == 0
