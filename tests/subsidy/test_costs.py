"""Cost lines from the quote to the payment, three sums that are always there, and tables that come in and go out."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from uuid import uuid4

import openpyxl
import pytest
from flask import Flask

import subsidy.commands
from ledger.errors import KeyReused
from subsidy import titles
from subsidy.commands import NewLine, NewPaper
from subsidy.errors import LineChanged, LineDayWrong, LineUnknown, OrderTooEarly, PaperNotAsked
from subsidy.queries import Change, Costs, beside
from subsidy.rules.application import Line
from subsidy.views.workbook import workbook
from tests.association.test_pages import Desk
from tests.conftest import TestClock
from tests.subsidy.group import PDF, Group, founded
from tests.town import Clerk, Town, district

__all__ = ["district"]

Seat = Callable[[Clerk | None], Desk]


@pytest.fixture
def clock() -> TestClock:
    return TestClock(datetime(2023, 6, 1, 3, tzinfo=UTC))


@pytest.fixture
def group(district: Town) -> Group:
    """Twelve members, as in the example that is reckoned by hand: eleven shops with a tool and a tablet, a local currency, beacons, C."""
    group = founded(district, representative_kind="shotengai_association")
    shops = group.grows(11)
    lead = group.stands().parties[0].id
    lines = [
        line
        for shop in shops
        for line in (
            NewLine(shop, "A-SW-PAY", "purchase", "決済・会計ソフト", 700_000, functions=("payment", "accounting")),
            NewLine(shop, "A-HW-TAB", "hardware", "タブレット", 150_001),
        )
    ]
    lines.append(NewLine(lead, "B-SW-LOCALCUR", "cloud", "電子地域通貨", 4_800_000, months=24))
    lines.append(NewLine(lead, "B-HW-BEACON", "hardware", "ビーコン", 1_000_001))
    lines.append(NewLine(lead, "C-FEE", "expert", "=HYPERLINK(1)", 1_650_000, is_taxed=True, tax_rate=10))
    group.buys(*lines)
    return group


@pytest.fixture
def desk(app: Flask, district: Town) -> Seat:
    return lambda clerk: Desk(app.test_client(), district, clerk)


def keep(group: Group, number: int, revision: int, **changes: object) -> None:
    row = next(row for row in group.stands().lines if row.number == number)
    line = row.typed
    plain: dict[str, object] = {"item": line.item, "cost_kind": line.cost_kind, "words": row.words, "amount": line.amount}
    plain |= {"functions": line.functions or (), "months": line.months}
    new = NewLine(row.party_id, **(plain | changes))  # type: ignore[arg-type]
    subsidy.commands.keep_line(group.town.session, group.who, group.project_id, number, new, revision, now=group.town.now)


def test_the_example_by_hand_stands_on_the_desk_to_the_yen(desk: Seat, group: Group) -> None:
    """A 6,569,442, B 2,266,667, C 589,073; every figure with its chain, and what one more yen brings."""
    costs = Costs(group.stands())
    assert (costs.planned.parts.a, costs.planned.parts.b, costs.planned.parts.c, costs.planned.subsidy) == (
        6_569_442,
        2_266_667,
        589_073,
        9_425_182,
    )
    assert sum(share.total for share in costs.shares.values()) == 9_425_182
    assert costs.next_of(25).binding == ("c_share",) and costs.next_of(25).rate == 0
    assert costs.loss_of(1).because == ("c_share",)  # the tablet stands by the district's own software
    page = desk(group.lead).sees(f"/group/{group.project_id}/costs").text
    for said in ("9,425,182", "6,569,442", "2,266,667", "589,073", "S-35", "24か月のうち12か月", "計算の道すじ"):
        assert said in page, said
    assert "floor(2,266,667 × 3,400,001 / 3,400,001)" in page  # B is the lead's alone


def test_doubtful_readings_stand_beside_the_figure_with_their_yen(desk: Seat, group: Group) -> None:
    """A second function that a free tool brings, and one product for both: what is lost otherwise; in plain words, and C with it."""
    shop, idle = group.stands().group[1].id, group.adds("足湯", is_small=True)
    group.buys(NewLine(shop, "A-SW-EC", "purchase", "EC", 0))
    keep(group, 1, 1, functions=(), amount=1_000_000)
    costs = Costs(group.stands())
    assert costs.asked_about == {"W_IDLE_PARTICIPANT": [idle], "W_FREE_FUNCTION": [shop]}
    one = costs.readings["functions_across_tools"]
    assert (one.a, one.b, one.c, one.total) == (-222_222, 0, -14_815, -222_222 - 14_815)
    page = desk(group.lead).sees(f"/group/{group.project_id}/costs").text
    for said in ("2つの機能が、1つの製品に", "補助額の合計 −237,037円", "2つめの機能が0円の行だけ", "A の経費がない参画事業者", "足湯"):
        assert said in page, said
    for at in ("costs", "costs/1", "what-if", "calls", "rules"):
        assert not re.search("two functions in|as A of the|ten participants", desk(group.lead).sees(f"/group/{group.project_id}/{at}").text)


def test_money_about_to_be_lost_is_said_while_it_can_be_saved(desk: Seat, group: Group, clock: TestClock) -> None:
    """What is not ordered, not paid, not proved names its yen of what was decided; near the end of the period all of it together."""
    group.files(date(2023, 6, 1))
    clock.advance(days=60)
    group.notes("decided", date(2023, 7, 3), (6_569_442, 2_266_667, 589_073))
    group.notes("period_end", date(2023, 8, 25))
    day = date(2023, 7, 10)
    for number in range(2, 25):
        keep(group, number, 1, ordered=day, delivered=day, paid=day)
    keep(group, 25, 1, ordered=day)
    lost = {step.code: step.facts.get("lost") for step in group.stands().steps if "lost" in step.facts}
    assert lost["order_lines"] == 557_036 and lost["pay_lines"] == 589_073
    project = group.stands()
    assert (project.unpaid, project.lost_with(project.unpaid)) == ((1, 25), 522_222 + 589_073)
    seat = desk(group.lead)
    assert "発注する（1番）。終わらなければ、補助が 557,036円 減ります" in seat.sees(f"/group/{group.project_id}/").text
    page = seat.sees(f"/group/{group.project_id}/costs").text
    assert "期間の終わりまで あと25日です" in page and "補助が合わせて 1,111,295円 減ります" in page


def test_nothing_is_ordered_before_the_decision(group: Group, clock: TestClock) -> None:
    """Neither typed into a line nor by the day on an order; nor is anything known of tomorrow."""
    with pytest.raises(OrderTooEarly):
        keep(group, 1, 1, ordered=date(2023, 5, 31))
    group.files(date(2023, 6, 1))
    clock.advance(days=60)
    group.notes("decided", date(2023, 7, 3), (6_000_000, 2_000_000, 500_000))
    with pytest.raises(OrderTooEarly):
        keep(group, 1, 1, ordered=date(2023, 7, 2))
    row = group.stands().lines[0]
    order = NewPaper("V_ORDER", "x.pdf", PDF, line=1, day=date(2023, 7, 2))
    with pytest.raises(OrderTooEarly):
        subsidy.commands.hand_in(group.town.session, group.who, group.project_id, row.party_id, order, now=clock())
    with pytest.raises(LineDayWrong):
        keep(group, 1, 1, ordered=date(2023, 8, 1))
    keep(group, 1, 1, ordered=date(2023, 7, 4))
    assert [row.state for row in group.stands().lines[:2]] == ["ordered", "planned"]


def test_two_people_edit_one_line_and_the_second_is_told(desk: Seat, group: Group) -> None:
    """The second one's words stay in the form, the first one's stand above it, and both savings are kept."""
    keep(group, 1, 1, amount=710_000)
    with pytest.raises(LineChanged):
        keep(group, 1, 1, amount=720_000)
    seat, page = desk(group.lead), f"/group/{group.project_id}/costs/1"
    shop = group.stands().lines[0].party_id
    form = {"party_id": shop, "item": "A-SW-PAY", "cost_kind": "purchase", "words": "後の人", "amount": "720,000"}
    told = seat.presses(page, page, revision="1", **form)
    assert told.status_code == LineChanged.status
    assert all(said in told.text for said in ("後の人", "720,000", "710,000", "小谷"))
    again = re.search(r'name="revision" value="(\d+)"', told.text)
    assert again and again[1] == "2" and seat.presses(page, page, revision="2", **form).status_code == 303
    kept = subsidy.queries.revisions(group.town.session, group.town.district_id, group.project_id, 1)
    assert [row.amount for row in kept] == [720_000, 710_000, 700_000]


def test_three_sums_and_what_is_proved(group: Group, clock: TestClock) -> None:
    """Planned, decided, spent: a line counts as spent once its days are in, and is proved once its papers agree."""
    group.files(date(2023, 6, 1))
    clock.advance(days=120)
    group.notes("decided", date(2023, 7, 3), (6_000_000, 2_000_000, 500_000))
    group.notes("period_end", date(2024, 1, 31))
    assert {"order_lines", "note_result_due"} <= set(group.steps())
    keep(group, 1, 1, ordered=date(2023, 7, 4), delivered=date(2023, 8, 1))
    party = group.stands().lines[0].party_id
    for kind, amount, day in (
        ("V_QUOTE", 770_000, None),
        ("V_INVOICE", 771_000, date(2023, 8, 2)),
        ("V_PAYMENT", 770_000, date(2023, 8, 31)),
    ):
        paper = NewPaper(kind, "x.pdf", PDF + kind.encode(), line=1, amount=amount, day=day, number="T7000012050002")
        subsidy.commands.hand_in(group.town.session, group.who, group.project_id, party, paper, now=clock())
    costs = Costs(group.stands())
    assert (costs.rows[0].state, costs.spent_yen, costs.decided.total) == ("paid", 700_000, 8_500_000)
    assert costs.spent.parts.a == 522_222 and costs.final.a == 522_222
    stands = {kind: how for kind, how, _ in costs.rows[0].evidence(costs.project.call)}
    assert stands == {
        "V_QUOTE": "waiting",
        "V_ORDER": "missing",
        "V_DELIVERY": "missing",
        "V_INVOICE": "waiting",
        "V_PAYMENT": "waiting",
        "V_SCREEN": "missing",
    }
    assert {doubt.code for doubt in costs.project.doubts_of(costs.rows[0])} == {"amount_differs", "line_differs"}
    assert {"evidence_missing", "evidence_waiting", "evidence_doubt"} <= set(group.steps())


def test_a_member_sends_the_proof_of_its_own_line_by_link(app: Flask, group: Group, clock: TestClock) -> None:
    """With day and amount as written on it; of another's line, or of a day before the decision, nothing is taken."""
    group.files(date(2023, 6, 1))
    clock.advance(days=60)
    group.notes("decided", date(2023, 7, 3), (6_000_000, 2_000_000, 500_000))
    mine, others = group.stands().lines[0], group.stands().lines[2]
    token = group.asks(mine.party_id, "V_PAYMENT:1", f"V_PAYMENT:{others.number}")
    phone, page = Desk(app.test_client(), group.town, None), f"/asked/{token}"
    assert "振込明細（決済・会計ソフト 700,000円）" in phone.sees(page).text

    def sends(asked: str, day: str) -> int:
        file = (io.BytesIO(PDF), "furikomi.pdf")
        return phone.presses(page, page, asked=asked, day=day, amount="770,000", file=file).status_code

    assert sends("V_PAYMENT:1", "2023-07-02") == OrderTooEarly.status
    assert sends(f"V_PAYMENT:{others.number}", "2023-07-20") == LineUnknown.status
    assert sends("V_INVOICE:1", "2023-07-20") == PaperNotAsked.status
    assert sends("V_PAYMENT:1", "2023-07-20") == 303
    paid = group.stands().lines[0]
    assert (paid.line.paid, paid.proofs[0].amount, paid.proofs[0].via) == (date(2023, 7, 20), 770_000, "link")


def test_what_if_a_shop_leaves_or_a_tablet_comes(desk: Seat, group: Group) -> None:
    """Three leave: nine are left, and the page says that all stops; one more tablet costs the group what is not subsidised."""
    costs = Costs(group.stands())
    shops = [str(row.id) for row in costs.project.group if row.role == "participant"]
    tried = costs.what_if(Change(leaves=tuple(shops[:3]))).planned
    assert [fault.code for fault in tried.faults] == ["E_GROUP_TOO_SMALL"] and tried.subsidy < costs.planned.subsidy
    after = costs.what_if(Change(joins=1))
    assert after.planned.grant.b_cap == costs.planned.grant.b_cap + 500_000 and len(after.project.group) == 13
    one_more = costs.what_if(Change(adds=Line("0", shops[0], "A-HW-TAB", "hardware", 30_000)))
    assert one_more.planned.subsidy - costs.planned.subsidy == 15_000 + 1_000
    page = desk(group.lead).sees(f"/group/{group.project_id}/what-if?leaves={shops[0]}&leaves={shops[1]}&leaves={shops[2]}&joins=x").text
    assert "10者に足りません" not in page and "試していません" in page and "参画事業者が増える: " in page  # nothing is tried, and why
    page = desk(group.lead).sees(f"/group/{group.project_id}/what-if?leaves={shops[0]}&leaves={shops[1]}&leaves={shops[2]}").text
    assert "グループが10者に足りません" in page and "この額には条件があります" in page
    assert Costs(group.stands()).planned.subsidy == 9_425_182


def test_everybody_sees_the_burden_before_a_shop_leaves(desk: Seat, group: Group) -> None:
    """The one that leaves bears nothing more; the lead bears what C loses; the page says so before anybody has left."""
    costs = Costs(group.stands())
    lead, first, *_others = (row.id for row in costs.project.group)
    after = costs.what_if(Change(leaves=(str(first),)))
    burdens = beside(costs.burdens, after.burdens)
    assert burdens[first] == (850_001 - 597_222, 0) and burdens[lead][1] - burdens[lead][0] == 39_814  # a fifteenth of 597,222
    seat = desk(group.lead)
    page = seat.sees(f"/group/{group.project_id}/what-if?leaves={first}").text
    assert "みんなの自己負担" in page and f"{burdens[lead][0]:,}" in page and f"{burdens[lead][1]:,}" in page
    assert f"what-if?leaves={first}" in seat.sees(f"/group/{group.project_id}/members/{first}").text


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("amount=abc&member=%s", "金額は0円から1兆円まで"),
        ("amount=30000", "だれの経費かを選んでください"),
        ("amount=30000&member=%s&cost_kind=cloud", "この品目には使えない費目です"),
        ("amount=30000&member=%s&item=A-SW-EC&cost_kind=cloud", "クラウド利用費には月数を入れてください"),
    ],
)
def test_what_cannot_be_tried_says_why(desk: Seat, group: Group, asked: str, said: str) -> None:
    """It does not read 「いまと変わりません」, on the page or by the script."""
    shop = group.stands().group[1].id
    question = asked % shop if "%s" in asked else asked
    live = desk(group.lead).sees(f"/group/{group.project_id}/what-if.json?{question}").json
    assert said in live["wrong"] and live["gap"] == "試していません" and live["total"] == "9,425,182円"


LIST = """構成員,品目,費目,内容,金額,税,月数
1番の店,会計ソフト,購入費,会計,"110,000",税込10%,
2番の店,A-SW-EC,クラウド利用費・保守,ECの月額,240000,税抜,24
"""


def test_a_list_comes_in_whole_or_not_at_all(desk: Seat, group: Group) -> None:
    """From CSV in Shift_JIS or from Excel; each wrong line is told with its number, and none of the others is kept."""
    seat, page = desk(group.lead), f"/group/{group.project_id}/costs"
    before = len(group.stands().lines)
    bad = (
        LIST
        + "よその店,会計ソフト,購入費,会計,1,,\n1番の店,会計ソフト,事務費,会計,1.5,,\n2番の店,会計ソフト,クラウド利用費・保守,会計,1,,\n"
    )
    told = seat.presses(page, f"{page}/list", file=(io.BytesIO(bad.encode("cp932")), "経費.csv"))
    assert told.status_code == 422 and all(f"{line}行目: " in told.text for line in (4, 5, 6)) and "2行目: " not in told.text
    assert len(group.stands().lines) == before
    endless = seat.presses(page, f"{page}/list", file=(io.BytesIO(b"a,b\n" * 600_000), "経費.csv"))
    assert endless.status_code == 422 and "表として開けないか、大きすぎます" in endless.text and "0行目" not in endless.text
    book = openpyxl.Workbook()
    for row in (line.split(",") for line in LIST.replace('"110,000"', "110000").splitlines()):
        book.active.append([int(cell) if cell.isdigit() else cell for cell in row])
    out = io.BytesIO()
    book.save(out)
    assert seat.presses(page, f"{page}/list", file=(io.BytesIO(out.getvalue()), "経費.xlsx")).status_code == 303
    accounts, shop = (row.line for row in group.stands().lines[before:])
    assert (accounts.amount, accounts.tax_rate, shop.item, shop.months) == (110_000, 10, "A-SW-EC", 24)
    assert seat.presses(page, f"{page}/list", file=(io.BytesIO(b"a,b\n1,2\n"), "x.csv")).status_code == 422


def test_a_day_before_the_decision_is_told_with_its_line(desk: Seat, group: Group, clock: TestClock) -> None:
    """Of a list of many, every line whose days cannot be is named, whichever of its days it is; none is kept."""
    group.files(date(2023, 6, 1))
    clock.advance(days=60)
    group.notes("decided", date(2023, 7, 3), (6_000_000, 2_000_000, 500_000))
    seat, page = desk(group.lead), f"/group/{group.project_id}/costs"
    before = len(group.stands().lines)
    head = "構成員,品目,費目,内容,金額,見積日,発注日,納品日,支払日\n"
    row = "1番の店,会計ソフト,購入費,会計,110000,{},{},{},\n"
    days = [("2023/5/1", "2023/7/4", ""), ("", "2023/7/2", ""), ("", "", "2023/9/1"), ("2023/9/1", "", "")]
    told = seat.presses(page, f"{page}/list", file=(io.BytesIO((head + "".join(row.format(*each) for each in days)).encode()), "経費.csv"))
    assert told.status_code == 422 and "2行目: " not in told.text
    assert "3行目: 交付決定" in told.text and all(f"{line}行目: " in told.text for line in (4, 5))
    assert len(group.stands().lines) == before
    assert seat.presses(page, f"{page}/list", file=(io.BytesIO((head + row.format(*days[0])).encode()), "経費.csv")).status_code == 303


def test_the_plan_says_when_each_line_is_bought_and_the_calendar_knows(desk: Seat, group: Group, clock: TestClock) -> None:
    """Typed or from a list; lines of one day stand together; what has happened leaves the calendar; a falling order is refused."""
    seat, page = desk(group.lead), f"/group/{group.project_id}/costs"
    table = "構成員,品目,費目,内容,金額,発注の予定,納品の予定,支払の予定\n"
    table += "".join(f"{shop}番の店,会計ソフト,購入費,会計,110000,2023/7/10,2023/8/10,2023/8/31\n" for shop in (1, 2))
    assert seat.presses(page, f"{page}/list", file=(io.BytesIO(table.encode()), "経費.csv")).status_code == 303
    falling = table.replace("2023/8/10", "2023/7/9")
    told = seat.presses(page, f"{page}/list", file=(io.BytesIO(falling.encode()), "経費.csv"))
    assert told.status_code == 422 and "2行目: 発注の予定: 予定の日は" in told.text
    planned = [(each.day, each.code, each.about) for each in group.stands().calendar if each.code.startswith("plan_")]
    assert planned == [
        (date(2023, 7, 10), "plan_ordered", "26, 27"),
        (date(2023, 8, 10), "plan_delivered", "26, 27"),
        (date(2023, 8, 31), "plan_paid", "26, 27"),
    ]
    file = seat.sees(f"/group/{group.project_id}/calendar.ics").text
    assert "DTSTART;VALUE=DATE:20230831" in file and "支払の予定" in file.replace("\r\n ", "")
    group.files(date(2023, 6, 1))
    clock.advance(days=60)
    group.notes("decided", date(2023, 7, 3), (6_000_000, 2_000_000, 500_000))
    plan = {"plan_ordered": date(2023, 7, 10), "plan_delivered": date(2023, 8, 10)}
    keep(group, 26, 1, ordered=date(2023, 7, 10), **plan)
    assert [each.about for each in group.stands().calendar if each.code == "plan_ordered"] == ["27"]
    assert "過ぎています" in desk(group.lead).sees(f"{page}/27").text


def test_the_same_intention_adds_its_lines_once(group: Group) -> None:
    lead = group.stands().parties[0].id
    order = (group.town.session, group.who, group.project_id, [NewLine(lead, "C-PR", "office", "チラシ", 50_000)])
    key = uuid4()
    assert subsidy.commands.add_lines(*order, key=key, now=group.town.now) == subsidy.commands.add_lines(
        *order, key=key, now=group.town.now
    )
    with pytest.raises(KeyReused):  # back to the form, and another amount: a line must not be lost in silence
        subsidy.commands.add_lines(*order[:-1], [replace(each, amount=each.amount + 1) for each in order[-1]], key=key, now=group.town.now)


def recalculated(content: bytes, folder: Path) -> openpyxl.Workbook:
    """As LibreOffice reckons it from the formulas alone: what our file had cached is thrown away first."""
    plain = openpyxl.load_workbook(io.BytesIO(content))
    plain.save(folder / "costs.xlsx")
    program = shutil.which("soffice")
    assert program, "LibreOffice recalculates the workbook"
    command = [program, f"-env:UserInstallation=file://{folder}/profile", "--headless", "--convert-to", "xlsx:Calc MS Excel 2007 XML"]
    subprocess.run([*command, "--outdir", str(folder / "out"), str(folder / "costs.xlsx")], check=True, capture_output=True, timeout=120)
    return openpyxl.load_workbook(folder / "out" / "costs.xlsx", data_only=True)


def test_the_workbook_reckons_the_same_yen_by_its_own_formulas(app: Flask, group: Group, tmp_path: Path) -> None:
    """With two subscriptions of one tool, hardware alone, 8 % tax and a tool of one function; and no text of ours is a formula."""
    shops = [row.id for row in group.stands().parties if row.role == "participant"]
    late = group.adds("足湯", is_small=True)
    group.buys(
        NewLine(shops[0], "A-SW-ACC", "cloud", "会計 1年目", 333_333, months=20, tool="会計A", is_taxed=True, tax_rate=8),
        NewLine(shops[0], "A-SW-ACC", "cloud", "会計 2年目", 200_003, months=12, tool="会計A"),
        NewLine(shops[1], "A-HW-POS", "hardware", "レジ", 460_001),
        NewLine(late, "A-SW-EC", "purchase", "EC", 740_000),
    )
    done = Costs(group.stands()).planned
    with app.test_request_context("/"):
        content = workbook(Costs(group.stands()))
    sheet = recalculated(content, tmp_path)["合計"]
    found = {row[0].value: row[1].value for row in sheet.iter_rows(max_col=2) if row[0].value}
    told = done.parts
    assert [found[name] for name in ("A の補助", "B の補助", "C の補助", "補助額の合計")] == [told.a, told.b, told.c, done.subsidy]
    assert (found["対象経費の合計"], found["自己負担"]) == (done.grant.eligible.yen, done.grant.own_burden.yen)
    book = openpyxl.load_workbook(io.BytesIO(content))
    lines = book["経費"]
    keys = {*titles.SHEET_VALUES, *titles.SORTS, *titles.COST_KINDS, "a", "b", "c"}
    assert [cell.value for page in book for row in page.iter_rows() for cell in row if cell.value in keys] == []  # words, no keys
    assert [cell.data_type for row in lines.iter_rows() for cell in row if cell.value == "=HYPERLINK(1)"] == ["s"]
