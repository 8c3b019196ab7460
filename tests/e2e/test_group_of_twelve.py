"""Twelve members from the founding to the second effect report, in simulated time: every paper says what the calculator says."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path

import openpyxl
import pdfplumber
import pypdfium2
import pytest
from playwright.sync_api import Page, expect

import subsidy.commands
import subsidy.rules.passing
from base.db import atomic
from subsidy.commands import Known, NewFact, NewLine, NewPaper, NewParty
from subsidy.queries import Costs, LineRow, Report, Result
from subsidy.rules.costs import net_of
from subsidy.rules.grant import Grant
from subsidy.rules.progress import DUTIES
from subsidy.rules.shares import ByCategory
from tests.conftest import TestClock
from tests.e2e.conftest import DESK, PHONE, Opens
from tests.e2e.test_main_job import press
from tests.subsidy.group import Group, photograph
from tests.town import Clerk, Town

pytestmark = pytest.mark.browser

DECIDED = (6_569_442, 2_266_667, 589_073)
"""The example that is reckoned by hand (subsidy.md 5): 9,425,182 in all."""
EXPERT, FEE = 25, 1_600_000
"""The line that is entered by hand, and what it costs once the office has said yes; its share of A and B stays what C may be."""
FITS = "(each) => each.scrollWidth <= each.clientWidth"
"""Nothing is moved sideways on a phone: not the page, and no table in it."""
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
    """Eleven shops, a provider, the papers, and all costs but the last line: through the doors, as the pages would."""
    lead = group.stands().parties[0]
    told = NewParty(lead.name, False, "7000012050002", known=Known(operates_business=False, has_gbiz_id=True, earlier=()))
    subsidy.commands.keep_party(group.town.session, group.who, group.project_id, lead.id, told, lead.revision, now=group.town.now)
    shops = group.grows(11)
    vendor = NewParty("会津システム", False, "1180301018771")
    subsidy.commands.add_party(group.town.session, group.who, group.project_id, "provider", vendor, now=group.town.now)
    for kind in ("D_REGISTRY", "D_CORP_TAX", "D_ROSTER"):
        group.finds(group.hands_in(lead.id, kind, issued_on=date(2023, 4, 1)))
    group.buys(*lines(lead.id, shops)[:-1])


def enters_the_expert(desk: Page, group: Group) -> None:
    """The last line, in the browser."""
    desk.goto(f"/group/{group.project_id}/costs")
    desk.get_by_label("だれの経費か").select_option(label="灯ノ沢温泉商店街振興組合")
    desk.get_by_label("品目").select_option("C-FEE")
    desk.get_by_label("費目").select_option("expert")
    desk.get_by_label("内容", exact=True).fill("専門家の謝金")
    desk.get_by_label("金額").fill("1,500,000")
    press(desk, "行を足す")
    expect(desk.get_by_role("heading", level=1)).to_contain_text(f"{EXPERT}. 専門家の謝金")


def answers(group: Group) -> None:
    """Quotes, the review, the base: all that stands between the plan and its filing."""
    group.checks()
    group.answers(*range(1, 12))
    for number, row in enumerate(group.stands().reporting):
        group.reports(row.id, 0, 20_000_000 + number * 1_000_000, 12_000_000)
    group.notes("filing_planned", date(2023, 6, 1))


def lines(lead: int, shops: list[int], fee: int = 1_500_000, **days: date) -> list[NewLine]:
    """A tool of two functions and a tablet for each shop; local money, beacons and an expert for the lead."""
    tool = {"functions": ("payment", "accounting"), "is_registered": True}
    found = [NewLine(shop, "A-SW-PAY", "purchase", "決済・会計ソフト", 700_000, **tool, **days) for shop in shops]  # type: ignore[arg-type]
    found += [NewLine(shop, "A-HW-TAB", "hardware", "タブレット", 150_001, **days) for shop in shops]
    found.append(NewLine(lead, "B-SW-LOCALCUR", "cloud", "電子地域通貨", 4_800_000, months=24, is_registered=True, **days))
    found.append(NewLine(lead, "B-HW-BEACON", "hardware", "ビーコン", 1_000_001, **days))
    found.append(NewLine(lead, "C-FEE", "expert", "専門家の謝金", fee, **days))
    return found


def changes_the_fee(desk: Page, group: Group) -> None:
    """The expert comes oftener: the line is made dearer, the office is asked and says yes, all in the browser."""
    desk.goto(f"/group/{group.project_id}/costs/{EXPERT}")
    desk.get_by_label("金額", exact=True).fill(f"{FEE:,}")
    press(desk, "保存する")
    desk.goto(f"/group/{group.project_id}/changes")
    expect(desk.get_by_role("heading", name="変わったこと 1件")).to_be_visible()
    desk.get_by_label("わけ").fill("専門家に来てもらう回数を増やす")
    press(desk, "申請したことを書く")
    desk.get_by_label("答え", exact=True).select_option("approved")
    press(desk, "答えを書く")
    expect(desk.get_by_text("認められた", exact=True)).to_be_visible()


def shows_the_transfer(desk: Page, group: Group) -> None:
    """The last piece of evidence: sent by the lead in the browser, looked at, and found good."""
    desk.goto(f"/group/{group.project_id}/costs/{EXPERT}")
    desk.get_by_label("どの証憑か").select_option("V_PAYMENT")
    desk.get_by_label("ファイル").set_input_files({"name": "furikomi.jpg", "mimeType": "image/jpeg", "buffer": photograph()})
    desk.get_by_label("書いてある日付").fill(PAID["paid"].isoformat())
    desk.get_by_label("書いてある金額（税込み）").fill(str(FEE * 110 // 100))
    press(desk, "証憑を入れる")
    press(desk, "読めた・正しい")
    expect(desk).to_have_url(re.compile(f"/costs/{EXPERT}#proofs$"))


def buys(group: Group) -> None:
    """Everything is ordered, delivered, paid, and proved with what each line needs but the expert's transfer; no file stands for two."""
    lead, *shops = (row.id for row in group.stands().group)
    for row, line in zip(group.stands().lines, lines(lead, shops, FEE, **PAID), strict=True):
        subsidy.commands.keep_line(group.town.session, group.who, group.project_id, row.number, line, row.revision, now=group.town.now)
    days = {"V_ORDER": PAID["ordered"], "V_DELIVERY": PAID["delivered"], "V_INVOICE": PAID["invoiced"], "V_PAYMENT": PAID["paid"]}
    stands, place = group.stands(), 0
    with atomic(group.town.session):  # a hundred and fifty files at once
        for row in stands.lines:
            for kind, _how, _paper in row.evidence(stands.call):
                if (row.number, kind) == (EXPERT, "V_PAYMENT"):
                    continue
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
    stands = group.stands()
    for row in stands.reporting:
        base = stands.figure(row.id, 0)
        if row.id != but and base:
            group.reports(row.id, year, base.figures.sales + base.figures.gross_profit * percent // 100, base.figures.cost)


def saves(page: Page, folder: Path) -> zipfile.ZipFile:
    """A package, through the browser's own download."""
    with page.expect_download() as waiting:
        page.get_by_role("main").get_by_role("link", name="提出用にまとめる").click()
    path = folder / waiting.value.suggested_filename
    waiting.value.save_as(path)
    return zipfile.ZipFile(path)


def words(content: bytes) -> str:
    """What a paper says, without spaces: a hundred and fifty sheets of evidence in a second, where pdfplumber takes ten."""
    with closing(pypdfium2.PdfDocument(content)) as paper:
        return re.sub(r"\s", "", "".join(page.get_textpage().get_text_range() for page in paper))


def totals(*yens: int) -> str:
    """The last row of a table as `words` reads it."""
    return "合計" + "".join(f"{yen:,}" for yen in yens)


def sums(lines: Iterable[LineRow], grant: Grant, letter: str = "abc") -> tuple[int, int]:
    """Of these lines in a category, what they cost without tax and what of it is eligible, yen: the calculator's own."""
    eligible = {cost.line.id: cost.eligible.yen for cost in grant.costs if cost.item.category in letter}
    return sum(net_of(row.line).yen for row in lines if str(row.number) in eligible), sum(eligible.values())


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
    enters_the_expert(desk, group)
    answers(group)
    desk.goto(home)
    expect(desk.get_by_text("公式の申請マイページで申請し、その日を書く")).to_be_visible()
    assert Costs(group.stands()).planned.subsidy == sum(DECIDED)
    desk.goto(f"{home}filing")
    with saves(desk, tmp_path) as packed:
        written = words(packed.read("01_申請書.pdf"))
        stands = group.stands()
        by_category = [sums(stands.plan_lines, stands.planned.grant, letter) for letter in "abc"]
        assert [row for row in (totals(*DECIDED), *(totals(*each) for each in by_category)) if row not in written] == []
        assert {*DECIDED, *(yen for each in by_category for yen in each)} <= numbers(packed.read("02_申請書.xlsx"))
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
    changes_the_fee(desk, group)

    clock.now = datetime(2024, 1, 10, 3, tzinfo=UTC)
    buys(group)
    desk = opens(DESK, lead.person_id)
    shows_the_transfer(desk, group)
    desk.goto(f"{home}result")
    expect(desk.get_by_role("heading", level=1)).to_contain_text("証憑がそろいました")
    found = Result(Costs(group.stands()))
    assert (found.final.a, found.final.b, found.final.c) == DECIDED
    stands = group.stands()
    assert not any(row.doubts(stands.holders) for row in stands.lines)
    with saves(desk, tmp_path) as packed:
        report, sheet, book, *originals = packed.namelist()
        written = words(packed.read(report))
        claimed = sums(found.claimed, found.sum.grant)
        assert totals(*[sum(DECIDED)] * 5) in written and totals(*claimed) in written  # planned, decided, paid, proved, to be fixed
        with pdfplumber.open(io.BytesIO(packed.read(report))) as paper:
            assert "決済・会計ソフ" in paper.pages[1].extract_text()  # what was bought stands in a line, not letter below letter
        assert "補助額は9,425,182円" in written and len(originals) == len(found.exhibits) + 1
        rows = list(openpyxl.load_workbook(io.BytesIO(packed.read(sheet))).active.iter_rows(min_row=2, values_only=True))
        assert (sum(row[5] for row in rows), sum(row[6] for row in rows)) == claimed
        bound = words(packed.read(book))
        assert "証憑の綴り" in bound and [each.number for each in found.exhibits if each.paper.sha256.hex()[:16] not in bound] == []
    assert group.steps()[-2:] == ["file_result", "await_report"]
    group.notes("result_filed", date(2024, 1, 10))
    group.notes("fixed", date(2024, 1, 10), DECIDED)
    group.notes("paid", date(2024, 1, 10))
    assert [step.code for step in group.stands().steps if not step.is_waiting] == [*(f"note_{duty}" for duty in DUTIES), "pass_on"]
    own = subsidy.rules.passing.fixed_shares(ByCategory(*DECIDED), found.sum.grant)[found.application.representative].total
    desk.goto(f"{home}shares")
    expect(desk.locator("tfoot")).to_contain_text(f"{sum(DECIDED) - own:,}")  # the lead's own part stays with it
    for each in group.stands().passing:
        group.passes(each.party_id, date(2024, 1, 10), each.due.total)

    for number, percent, growth in ((1, 6, "6.00%"), (2, 12, "5.83%")):
        clock.now = datetime(2024 + number, 4, 2, 3, tzinfo=UTC)
        for duty in DUTIES:
            group.notes(duty, date(2024 + number, 2, 10), words=f"{number}年目の勉強会で売上の動きを見て、夕方の催しを始めた")
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
        assert desk.evaluate("[document.documentElement, ...document.querySelectorAll('.table-wrap')].every(fits)".replace("fits", FITS))
        assert group.steps() == ["file_report"]
        with saves(desk, tmp_path) as packed:
            whole = Report(group.stands(), number).whole.effect
            told = words(packed.read(packed.namelist()[0]))
            assert growth in told and [year for year in whole.years if f"{year.gross_profit:,}{year.hours:,}" not in told] == []
            assert f"{number}年目の勉強会" in told and f"{3 - number}年目の勉強会" not in told
            rows = list(openpyxl.load_workbook(io.BytesIO(packed.read(packed.namelist()[1]))).active.iter_rows(min_row=2, values_only=True))
            assert sum(row[2] - row[3] for row in rows) == sum(year.gross_profit for year in whole.years)
            assert sum(row[4] * row[5] for row in rows) == sum(year.hours for year in whole.years)
        subsidy.commands.note_fact(
            district.session, lead.who, group.project_id, NewFact(f"report{number}_filed", date(2024 + number, 4, 2)), now=clock()
        )
    assert whole.goal is not None and whole.goal.is_met
    assert group.steps() == ["keep"]
