"""Twelve members from the founding to the second effect report, in simulated time: every paper says what the calculator says."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import UTC, date, datetime
from pathlib import Path

import openpyxl
import pdfplumber
import pytest
from playwright.sync_api import Page, expect

import subsidy.commands
from subsidy.commands import Known, NewFact, NewLine, NewPaper, NewParty
from subsidy.queries import Costs, Report, Result
from subsidy.rules.progress import DUTIES
from tests.conftest import TestClock
from tests.e2e.conftest import DESK, PHONE, Opens
from tests.e2e.test_main_job import press
from tests.subsidy.group import Group, photograph
from tests.town import Clerk, Town

pytestmark = pytest.mark.browser

DECIDED = (6_569_442, 2_266_667, 589_073)
"""The example that is reckoned by hand (subsidy.md 5): 9,425,182 in all."""
PAID = {"ordered": date(2023, 7, 4), "delivered": date(2023, 8, 1), "invoiced": date(2023, 8, 2), "paid": date(2023, 8, 31)}


@pytest.fixture
def clock() -> TestClock:
    return TestClock(datetime(2023, 4, 10, 3, tzinfo=UTC))


def founds(desk: Page) -> int:
    """In the browser, as the lead does it; gives the project's number."""
    desk.goto("/group/new")
    desk.get_by_label("事業の名前").fill("灯ノ沢デジタル化")
    desk.get_by_label("代表事業者の種類").select_option("shotengai_association")
    desk.get_by_text("4. 面的キャッシュレス化").click()
    desk.get_by_label("代表事業者の名前").fill("灯ノ沢温泉商店街振興組合")
    desk.get_by_label("法人番号").fill("7000012050002")
    desk.get_by_label("自分でも事業を営むか").select_option("no")
    press(desk, "はじめる")
    expect(desk.get_by_role("heading", level=1)).to_contain_text("次にすること")
    return int(re.findall(r"/group/(\d+)/", desk.url)[0])


def gathers(group: Group) -> None:
    """Eleven shops, a provider, the papers, the costs, the answers and the base: through the doors, as the pages would."""
    lead = group.stands().parties[0]
    told = NewParty(lead.name, False, "7000012050002", known=Known(operates_business=False, has_gbiz_id=True, earlier=()))
    subsidy.commands.keep_party(group.town.session, group.who, group.project_id, lead.id, told, lead.revision, now=group.town.now)
    shops = group.grows(11)
    vendor = NewParty("会津システム", False, "1180301018771")
    subsidy.commands.add_party(group.town.session, group.who, group.project_id, "provider", vendor, now=group.town.now)
    for kind in ("D_REGISTRY", "D_CORP_TAX", "D_ROSTER"):
        group.finds(group.hands_in(lead.id, kind, issued_on=date(2023, 4, 1)))
    group.buys(*lines(lead.id, shops))
    group.checks()
    group.answers(*range(1, 12))
    for number, shop in enumerate(shops):
        group.reports(shop, 0, 20_000_000 + number * 1_000_000, 12_000_000)
    group.notes("filing_planned", date(2023, 6, 1))


def lines(lead: int, shops: list[int], **days: date) -> list[NewLine]:
    """A tool of two functions and a tablet for each shop; local money, beacons and an expert for the lead."""
    tool = {"functions": ("payment", "accounting"), "is_registered": True}
    found = [NewLine(shop, "A-SW-PAY", "purchase", "決済・会計ソフト", 700_000, **tool, **days) for shop in shops]  # type: ignore[arg-type]
    found += [NewLine(shop, "A-HW-TAB", "hardware", "タブレット", 150_001, **days) for shop in shops]
    found.append(NewLine(lead, "B-SW-LOCALCUR", "cloud", "電子地域通貨", 4_800_000, months=24, is_registered=True, **days))
    found.append(NewLine(lead, "B-HW-BEACON", "hardware", "ビーコン", 1_000_001, **days))
    found.append(NewLine(lead, "C-FEE", "expert", "専門家の謝金", 1_500_000, **days))
    return found


def buys(group: Group) -> None:
    """Everything is ordered, delivered, paid and proved with what each line needs; no file stands for two."""
    lead, *shops = (row.id for row in group.stands().group)
    for number, line in enumerate(lines(lead, shops, **PAID), 1):
        subsidy.commands.keep_line(group.town.session, group.who, group.project_id, number, line, 1, now=group.town.now)
    days = {"V_ORDER": PAID["ordered"], "V_DELIVERY": PAID["delivered"], "V_INVOICE": PAID["invoiced"], "V_PAYMENT": PAID["paid"]}
    stands, place = group.stands(), 0
    for row in stands.lines:
        for kind, _how, _paper in row.evidence(stands.call):
            place += 1
            proof = NewPaper(
                kind,
                "x.jpg",
                photograph(480 + place, 480),
                line=row.number,
                day=days.get(kind),
                amount=row.line.amount * 110 // 100,  # papers are printed with tax
                number="T7000012050002",
            )
            paper = subsidy.commands.hand_in(group.town.session, group.who, group.project_id, row.party_id, proof, now=group.town.now)
            group.finds(paper)


def grow(group: Group, year: int, percent: int, but: int) -> None:
    """Every shop but one sells so much more than in the base."""
    for row in group.stands().reporting:
        base = group.stands().figure(row.id, 0)
        if row.id != but and base:
            group.reports(row.id, year, base.figures.sales + base.figures.gross_profit * percent // 100, base.figures.cost)


def saves(page: Page, folder: Path) -> zipfile.ZipFile:
    """A package, through the browser's own download."""
    with page.expect_download() as waiting:
        page.get_by_role("main").get_by_role("link", name="提出用にまとめる").click()
    path = folder / waiting.value.suggested_filename
    waiting.value.save_as(path)
    return zipfile.ZipFile(path)


def words(content: bytes, pages: int | None = 4) -> str:
    with pdfplumber.open(io.BytesIO(content)) as paper:
        return re.sub(r"\s", "", "".join(page.extract_text() for page in paper.pages[:pages]))


def numbers(content: bytes) -> set[object]:
    """Every number in every sheet of a workbook."""
    book = openpyxl.load_workbook(io.BytesIO(content), data_only=True)
    return {cell for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row if isinstance(cell, int | float)}


def test_twelve_members_from_founding_to_the_second_report(opens: Opens, district: Town, clock: TestClock, tmp_path: Path) -> None:
    """Founded, filed, decided, bought, proved, fixed, and reported twice: the next step is right each time, and the totals agree."""
    lead: Clerk = district.another_clerk("group_lead", nickname="小谷")
    desk = opens(DESK, lead.person_id)
    group = Group(district, lead, founds(desk))
    home, effect = f"/group/{group.project_id}/", f"/group/{group.project_id}/effect"
    gathers(group)
    desk.goto(home)
    expect(desk.get_by_text("公式の申請マイページで申請し、その日を書く")).to_be_visible()
    assert Costs(group.stands()).planned.subsidy == sum(DECIDED)
    desk.goto(f"{home}filing")
    with saves(desk, tmp_path) as packed:
        written = words(packed.read("01_申請書.pdf"))
        assert [f"{yen:,}" for yen in (*DECIDED, sum(DECIDED)) if f"{yen:,}" not in written] == []
        assert set(DECIDED) <= numbers(packed.read("02_申請書.xlsx"))
        assert {*DECIDED, sum(DECIDED)} <= numbers(packed.read("03_経費の計算.xlsx"))
        roster = words(packed.read("04_名簿.pdf"))
        assert [row.name for row in group.stands().group if row.name not in roster] == []
    group.notes("submitted", date(2023, 4, 10))

    clock.now = datetime(2023, 7, 3, 3, tzinfo=UTC)
    desk = opens(DESK, lead.person_id)
    desk.goto(f"{home}facts?kind=decided")
    desk.get_by_label("日付").fill("2023-07-03")
    for letter, yen in zip(("A 基盤", "B 消費", "C 事務"), DECIDED, strict=True):
        desk.get_by_label(letter).fill(str(yen))
    press(desk, "書く", exact=True)
    expect(desk.get_by_text("事業実施期間の終わりを書く")).to_be_visible()
    group.notes("period_end", date(2024, 1, 31))
    group.notes("result_due", date(2024, 2, 10))

    clock.now = datetime(2024, 1, 10, 3, tzinfo=UTC)
    buys(group)
    desk = opens(DESK, lead.person_id)
    desk.goto(f"{home}result")
    expect(desk.get_by_role("heading", level=1)).to_contain_text("証憑がそろいました")
    found = Result(Costs(group.stands()))
    assert (found.final.a, found.final.b, found.final.c) == DECIDED
    assert not any(row.doubts(group.stands().lines) for row in group.stands().lines)
    with saves(desk, tmp_path) as packed:
        report, sheet, book, *originals = packed.namelist()
        written = words(packed.read(report))
        assert [f"{yen:,}" for yen in (*DECIDED, sum(DECIDED)) if f"{yen:,}" not in written] == []
        with pdfplumber.open(io.BytesIO(packed.read(report))) as paper:
            assert "決済・会計ソフ" in paper.pages[1].extract_text()  # what was bought stands in a line, not letter below letter
        assert "補助額は9,425,182円" in written and len(originals) == len(found.exhibits) + 1
        rows = list(openpyxl.load_workbook(io.BytesIO(packed.read(sheet))).active.iter_rows(min_row=2, values_only=True))
        assert sum(row[6] for row in rows) == found.sum.grant.eligible.yen
        bound = words(packed.read(book), None)
        assert "証憑の綴り" in bound and [each.number for each in found.exhibits if each.paper.sha256.hex()[:16] not in bound] == []
    assert group.steps()[-2:] == ["file_result", "await_report"]
    group.notes("result_filed", date(2024, 1, 10))
    group.notes("fixed", date(2024, 1, 10), DECIDED)
    group.notes("paid", date(2024, 1, 10))
    assert [step.code for step in group.stands().steps if not step.is_waiting] == [*(f"note_{duty}" for duty in DUTIES), "pass_on"]
    for each in group.stands().passing:
        group.passes(each.party_id, date(2024, 1, 10), each.due.total)
    for duty in DUTIES:
        group.notes(duty, date(2024, 1, 10), words="勉強会で売上の動きを見て、夕方の催しを始めた")

    for number, percent, growth in ((1, 6, "6.00%"), (2, 12, "5.83%")):
        clock.now = datetime(2024 + number, 4, 2, 3, tzinfo=UTC)
        last = group.stands().reporting[-1]
        grow(group, number, percent, but=last.id)
        phone = opens(PHONE)
        phone.goto(f"/asked/{group.asks(last.id)}")
        base = group.stands().figure(last.id, 0).figures
        phone.get_by_label("売上", exact=True).fill(str(base.sales + base.gross_profit * percent // 100))
        phone.get_by_label("原価").fill(str(base.cost))
        phone.get_by_label("従業員数").fill("1")
        phone.get_by_label("1人あたりの年間労働時間").fill("2000")
        press(phone, "数字を送る")
        expect(phone.get_by_text("受け取りました", exact=True)).to_be_visible()
        desk = opens(DESK, lead.person_id)
        desk.goto(effect)
        expect(desk.get_by_text(growth).first).to_be_visible()
        desk.set_viewport_size({"width": 390, "height": 844})
        assert desk.evaluate("document.documentElement.scrollWidth <= innerWidth")  # the table scrolls, never the page
        assert group.steps() == ["file_report"]
        with saves(desk, tmp_path) as packed:
            whole = Report(group.stands(), number).whole.effect
            told = words(packed.read(packed.namelist()[0]))
            assert growth in told and f"{whole.years[number].gross_profit:,}" in told
            rows = openpyxl.load_workbook(io.BytesIO(packed.read(packed.namelist()[1]))).active.iter_rows(min_row=2, values_only=True)
            assert sum(row[2] - row[3] for row in rows) == sum(year.gross_profit for year in whole.years)
        subsidy.commands.note_fact(
            district.session, lead.who, group.project_id, NewFact(f"report{number}_filed", date(2024 + number, 4, 2)), now=clock()
        )
    assert whole.goal is not None and whole.goal.is_met
    assert group.steps() == ["keep"]
