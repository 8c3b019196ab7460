"""The result report claims what is paid and proved, says what is missing, and binds every piece with its number and hash."""

from __future__ import annotations

import hashlib
import io
import re
import tracemalloc
import zipfile
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import openpyxl
import pdfplumber
import pytest
from flask import Flask
from PIL import Image
from pypdf import PdfWriter
from pypdf.generic import NameObject, StreamObject

import subsidy.commands
import subsidy.rules.calls
from subsidy.commands import NewLine, NewPaper, Shape
from subsidy.errors import PackIncomplete
from subsidy.queries import Costs, LineRow, Result, result_of
from subsidy.views.evidence_book import laid
from tests.association.test_pages import Desk
from tests.conftest import TestClock
from tests.subsidy.group import Group, founded, photograph
from tests.town import Clerk, Town, district

__all__ = ["district"]

Seat = Callable[[Clerk | None], Desk]


@pytest.fixture
def clock() -> TestClock:
    return TestClock(datetime(2023, 6, 1, 3, tzinfo=UTC))


@pytest.fixture
def desk(app: Flask, district: Town) -> Seat:
    return lambda clerk: Desk(app.test_client(), district, clerk)


def two_pages() -> bytes:
    """A scan of two sheets, the second one lying."""
    out = io.BytesIO()
    upright, lying = Image.new("RGB", (827, 1169), "white"), Image.new("RGB", (1169, 827), "white")
    upright.save(out, "PDF", save_all=True, append_images=[lying], resolution=100)
    return out.getvalue()


def wall() -> bytes:
    """Some kilobytes that claim to be 169 million points."""
    out = io.BytesIO()
    Image.new("1", (13_000, 13_000)).save(out, "PNG")
    return out.getvalue()


def drawing() -> bytes:
    """A page that draws thirty million bytes of nothing, some kilobytes packed."""
    writer = PdfWriter()
    page = writer.add_blank_page(595, 842)
    drawn = StreamObject()
    drawn.set_data(b"q Q\n" * 7_500_000)
    page[NameObject("/Contents")] = writer._add_object(drawn.flate_encode())
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


@pytest.mark.parametrize(("made", "media"), [(wall, "image/png"), (drawing, "application/pdf")])
def test_a_piece_that_unpacks_without_end_stays_a_file_in_the_package(made: Callable[[], bytes], media: str) -> None:
    """Whoever has a link may send one: the book says that it is not shown, and neither memory nor minutes are spent on it."""
    content = made()
    assert len(content) < 200_000
    tracemalloc.start()
    try:
        assert laid(content, media).pages == ()
        assert tracemalloc.get_traced_memory()[1] < 150_000_000
    finally:
        tracemalloc.stop()


@pytest.fixture
def group(district: Town, clock: TestClock) -> Group:
    """Eleven shops with a tool each, decided, bought and paid; the papers of one are complete, those of the others are not."""
    group = founded(district)
    shops = group.grows(11)
    clock.now = datetime(2024, 4, 2, 3, tzinfo=UTC)  # it is taken into the books once the call is over
    group.notes("submitted", date(2023, 6, 1))
    group.notes("decided", date(2023, 7, 3), (500_000, 0, 0))
    group.notes("period_end", date(2024, 1, 31))
    days = {"ordered": date(2023, 7, 4), "delivered": date(2023, 8, 1), "paid": date(2023, 8, 31)}
    group.buys(*(NewLine(shop, "A-SW-PAY", "purchase", "決済ソフト", 700_000, functions=("payment",), **days) for shop in shops[:2]))
    prove(group, 1)
    return group


def prove(group: Group, number: int) -> list[bytes]:
    """Every piece that the line needs: a scan of two sheets, photographs, and one PDF that opens but draws more than anybody prints."""
    return group.proves(number, {0: two_pages(), 1: drawing()})


def test_what_was_not_proved_brings_its_member_nothing_of_the_money(group: Group) -> None:
    """The fixed amount falls to whoever's line was claimed; a slip that was given back proves no transfer."""
    group.notes("result_filed", date(2024, 2, 1))
    group.notes("fixed", date(2024, 2, 20), (500_000, 0, 0))
    group.notes("paid", date(2024, 3, 1))
    (mine,) = group.stands().passing
    assert (mine.party_id, mine.due.total, mine.proof) == (group.stands().lines[0].party_id, 500_000, None)
    group.passes(mine.party_id, date(2024, 3, 2), 500_000)
    (passed,) = group.stands().passing
    assert passed.proof is not None and "pass_on" not in group.steps()
    group.finds(passed.proof.id, is_good=False, words="ほかの店への振込です")
    assert group.stands().passing[0].proof is None and "pass_on" in group.steps()


def test_what_was_filed_stays_whatever_the_evidence_does(desk: Seat, group: Group) -> None:
    """A proof found wrong, a line made dearer, a shop that leaves, one proved late, a new name: report, sums and shares are as filed."""
    shops = [row.party_id for row in group.stands().lines]
    seat, page = desk(group.lead), f"/group/{group.project_id}/result"
    group.notes("result_filed", date(2024, 2, 1))
    as_filed = told(seat, page)
    here = (group.town.session, group.who, group.project_id)
    subsidy.commands.keep_line(*here, 1, replace_line(group.stands().lines[0], amount=900_000), 1, now=group.town.now)
    group.finds(group.stands().lines[0].proofs[0].id, is_good=False, words="別の店の見積りでした")
    prove(group, 2)
    subsidy.commands.party_leaves(*here, shops[0], date(2024, 3, 1), "閉店", now=group.town.now)
    shape = Shape("別の名前", "cluster", (1, 4), "shotengai_association", True)
    subsidy.commands.keep_project(*here, shape, group.stands().revision, now=group.town.now)
    assert [row.number for row in Result(Costs(group.stands())).claimed] == [2]
    filed = result_of(group.stands())
    assert [(row.number, row.line.amount) for row in filed.claimed] == [(1, 700_000)] and filed.sum.parts.a == 500_000
    assert filed.fingerprint == group.stands().claim.filing.fingerprint  # type: ignore[union-attr]
    assert told(seat, page) == as_filed
    assert "提出のあとに、行か証憑が変わりました" in seat.sees(page).text
    group.notes("fixed", date(2024, 2, 20), (500_000, 0, 0))
    group.notes("paid", date(2024, 3, 1))
    assert [(each.party_id, each.due.total) for each in group.stands().passing] == [(shops[0], 500_000)]


def test_what_was_filed_is_the_same_paper_under_later_rules(
    desk: Seat, group: Group, clock: TestClock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Weeks later the project has gone on to another version of the rules, and the programme wants other evidence: no byte differs."""
    group.notes("result_filed", date(2024, 2, 1))
    page = f"/group/{group.project_id}/result"
    papers = ("report.pdf", "lines.xlsx", "evidence.pdf", "package.zip")
    as_filed = [desk(group.lead).sees(f"{page}/{name}").data for name in papers]
    clock.advance(days=20)
    monkeypatch.setattr("subsidy.rules.evidence.CHAIN", ("V_PAYMENT", "V_SAMPLE", "V_QUOTE"))
    table = (Path(subsidy.rules.calls.__file__).parent / "it-multi-2023.toml").read_text("utf-8")
    answer = '[[version]]\nnumber = 2\nsince = 2024-02-10\nbecause = "事務局の回答"\n[version.values]\n'
    answer += 'a_cap_one_function = { value = 100000, rule = "S-30", source = "事務局の回答", certainty = "official" }\n'
    (tmp_path / "it-multi-2023.toml").write_text(f"{table}\n{answer}", "utf-8")
    monkeypatch.setattr(subsidy.rules.calls, "FOLDER", tmp_path)
    subsidy.rules.calls.call_of.cache_clear()
    try:
        seat, settings = desk(group.lead.signs_in_again()), f"/group/{group.project_id}/settings"
        revision = str(group.stands().revision)
        assert seat.presses(settings, f"{settings}/version", version="2", revision=revision).status_code == 303
        assert group.stands().call.version == 2 and Result(Costs(group.stands())).sum.parts.a != 500_000
        assert [seat.sees(f"{page}/{name}").data for name in papers] == as_filed
    finally:
        subsidy.rules.calls.call_of.cache_clear()


def test_a_report_that_was_returned_is_mended_and_frozen_anew(desk: Seat, group: Group) -> None:
    """Until it is filed again the page shows what is being mended; the day alone, put right, freezes nothing."""
    group.notes("result_filed", date(2024, 2, 1))
    prove(group, 2)
    group.notes("result_filed", date(2024, 2, 2))
    assert [row.number for row in result_of(group.stands()).claimed] == [1]
    group.notes("result_returned", date(2024, 2, 10))
    assert [row.number for row in result_of(group.stands()).claimed] == [1, 2]
    group.notes("result_filed", date(2024, 2, 20))
    filed = result_of(group.stands())
    assert filed.filed is not None and [row.number for row in filed.claimed] == [1, 2]


@pytest.mark.parametrize("gone", [("result_returned", date(2024, 2, 10)), ("result_filed", None)])
def test_what_was_claimed_before_does_not_come_back_where_nothing_is_left_of_it(group: Group, gone: tuple[str, date | None]) -> None:
    """Returned, or noted by mistake; then the proof turns out wrong and the report that goes claims nothing."""
    group.notes("result_filed", date(2024, 2, 1))
    group.notes(*gone)
    group.finds(group.stands().lines[0].proofs[0].id, is_good=False, words="別の店の見積りでした")
    group.notes("result_filed", date(2024, 2, 20))
    filed = result_of(group.stands())
    assert filed.filed is not None and not filed.claimed and filed.sum.parts.total == 0


def told(seat: Desk, page: str) -> str:
    """The report, its evidence and its workbook as they read; the moment of printing is left out."""
    with zipfile.ZipFile(io.BytesIO(seat.sees(f"{page}/package.zip?without_missing=on").data)) as packed:
        report, sheet = (packed.read(name) for name in packed.namelist()[:2])
        evidence = [name for name in packed.namelist() if name.startswith("証憑/")]
    with pdfplumber.open(io.BytesIO(report)) as pages:
        read = "".join(page.extract_text() for page in pages.pages)
    return f"{read}{list(openpyxl.load_workbook(io.BytesIO(sheet)).active.iter_rows(values_only=True))}{evidence}"


def test_only_what_is_proved_is_claimed_and_the_rest_is_named(desk: Seat, group: Group) -> None:
    """Two lines are paid, one is proved: the amount to be fixed is that of one, and the page names what the other lacks."""
    found = Result(Costs(group.stands()))
    assert [row.number for row in found.claimed] == [1]
    assert (found.sum.parts.a, found.costs.spent.parts.a, found.final.total) == (500_000, 1_000_000, 500_000)
    seat, page = desk(group.lead), f"/group/{group.project_id}/result"
    shown = seat.sees(page).text
    assert "あと 1行" in shown and "見積書、発注書・契約書" in shown and "足りない行を外してまとめる" in shown
    refused = seat.sees(f"{page}/package.zip")
    assert refused.status_code == PackIncomplete.status and "E-7355" in refused.text


def test_what_does_not_agree_is_said_before_it_is_filed(desk: Seat, group: Group) -> None:
    """Complete is not the same as right: a dearer invoice on a line with tax is named on the page and on paper, and the yen add up."""
    row = group.stands().lines[1]
    taxed = replace_line(row, amount=770_000, is_taxed=True, tax_rate=10)
    subsidy.commands.keep_line(group.town.session, group.who, group.project_id, 2, taxed, 1, now=group.town.now)
    prove(group, 2)
    new = NewPaper("V_INVOICE", "x", photograph(999), line=2, amount=780_000, number="T7000012050002")
    group.finds(subsidy.commands.hand_in(group.town.session, group.who, group.project_id, row.party_id, new, now=group.town.now))
    found = Result(Costs(group.stands()))
    assert {doubt.code for row, doubt in found.doubtful if row.number == 2} == {"amount_differs", "line_differs", "reused"}
    assert not found.lacks
    seat, page = desk(group.lead), f"/group/{group.project_id}/result"
    shown = seat.sees(page).text
    assert "証憑がそろいました" not in shown and f"合わないところが {len(found.doubtful)}件" in shown and "780,000円" in shown
    with pdfplumber.open(io.BytesIO(seat.sees(f"{page}/report.pdf").data)) as pages:
        told = re.sub(r"\s", "", "".join(page.extract_text() for page in pages.pages))
    assert "780,000円" in told and "合計1,400,0001,400,000" in told and "770,000700,000" not in told


def replace_line(row: LineRow, **changes: object) -> NewLine:
    """The line as it is, but for what changes."""
    line = row.typed
    kept = {"ordered": line.ordered, "delivered": line.delivered, "paid": line.paid, "functions": line.functions or ()}
    plain: dict[str, object] = {"item": line.item, "cost_kind": line.cost_kind, "words": row.words, "amount": line.amount, **kept}
    return NewLine(row.party_id, **(plain | changes))  # type: ignore[arg-type]


def test_the_package_binds_every_piece_with_its_number_and_its_hash(desk: Seat, group: Group) -> None:
    """Two scanned sheets, a file that cannot be printed, photographs: each has its sheet, the originals lie beside, the totals agree."""
    sent = prove(group, 2)
    answer = desk(group.lead).sees(f"/group/{group.project_id}/result/package.zip")
    with zipfile.ZipFile(io.BytesIO(answer.data)) as packed:
        names = packed.namelist()
        originals = [packed.read(name) for name in names if name.startswith("証憑/")]
        report, sheet, book = (packed.read(name) for name in names[:3])
    assert names[0] == "01_実績報告書.pdf" and len(originals) == 12 and originals[6:] == sent
    with pdfplumber.open(io.BytesIO(book)) as pages:
        words = [re.sub(r"\s", "", page.extract_text()) for page in pages.pages]
        pictures = [len(page.images) for page in pages.pages]
    hashes = [hashlib.sha256(content).hexdigest() for content in originals]
    contents = len(words) - 14  # of twelve pieces two have two sheets
    sheets = [digest for place, digest in enumerate(hashes) for _sheet in range(1 if place % 6 else 2)]
    assert all(digest in page for digest, page in zip(sheets, words[contents:], strict=True))
    assert "証憑1見積書" in words[contents] and "紙に写せません" in words[contents + 2]
    assert pictures[contents] and pictures[contents + 1] and not pictures[contents + 2] and pictures[contents + 3]
    with pdfplumber.open(io.BytesIO(report)) as pages:
        told = re.sub(r"\s", "", "".join(page.extract_text() for page in pages.pages))
    assert "補助額は500,000円" in told and "2行" in told
    assert "合計1,400,0001,400,000" in told and "合わないところ" in told
    rows = list(openpyxl.load_workbook(io.BytesIO(sheet)).active.iter_rows(min_row=2, values_only=True))
    assert [(row[5], row[6], row[10]) for row in rows] == [(700_000, 700_000, "1–6"), (700_000, 700_000, "7–12")]


def test_an_invoice_of_an_untaxed_seller_is_answered_with_a_reason(desk: Seat, group: Group) -> None:
    """The doubt has a way out: why there is no number is written once, stands in the report, and nobody is asked again."""
    shop = group.stands().lines[0].party_id
    bill = NewPaper("V_INVOICE", "x", photograph(1300, 950), line=1, day=date(2023, 8, 2), amount=770_000)
    paper = subsidy.commands.hand_in(group.town.session, group.who, group.project_id, shop, bill, now=group.town.now)
    seat, page = desk(group.lead), f"/group/{group.project_id}/costs/1"
    assert "登録番号がないわけ" in seat.sees(page).text and "evidence_doubt" in group.steps()
    check = f"/group/{group.project_id}/papers/{paper}/check"
    assert seat.presses(page, check, verdict="explained", words="").status_code == 422
    answered = seat.presses(page, check, verdict="explained", words="免税事業者。7月3日に電話で確かめた")
    assert answered.location == f"{page}#proofs"  # where the next piece of the line waits
    assert "登録番号がないわけ" not in seat.sees(page).text and "evidence_doubt" not in group.steps()
    assert Result(Costs(group.stands())).explained[0][1] == "免税事業者。7月3日に電話で確かめた"
