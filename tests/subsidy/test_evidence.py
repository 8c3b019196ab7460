"""Evidence of a cost line: files that open, invoices whose text is proposed and never believed, and who is named on which paper."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
import zlib
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from flask import Flask
from pypdf import PdfWriter

import subsidy.commands
from identity.queries import Principal
from subsidy.commands import NewLine, NewPaper, NewParty
from subsidy.errors import FileBroken, FileLocked, FileNotOpenedYet, LinkOver, PaperNotAsked
from subsidy.pdf_text import opened_pdf
from subsidy.rules.application import Line
from subsidy.rules.evidence import INVOICE, PAYMENT, Proof, Seller, doubts, is_registration
from subsidy.rules.files import FILE_MAX_BYTES
from subsidy.rules.invoice_text import Read, read_invoice
from tests.association.test_pages import Desk
from tests.conftest import TestClock
from tests.subsidy.group import PDF, Group, founded
from tests.town import Town, district
from web import papers, pdf

__all__ = ["district"]

VENDOR, OTHER = "T1180301018771", "T7000012050002"
SAID = Read(770_000, 700_000, date(2023, 8, 2), VENDOR, "株式会社会津システム")
INVOICE_TEXT = """請求書　No. 2023-0081
請求日：2023年8月2日　お支払期限：2023年9月30日
みなと屋 御中
株式会社会津システム
登録番号　T1180301018771
ご請求金額　￥770,000（税込）
決済ソフト 1 700,000 700,000
小計　700,000円
消費税（10%） 70,000円
合計　770,000円
振込先 会津銀行 若松支店 普通 1234567 株式会社会津システム"""

OFFICE_ROWS = [
    ["請求書"],
    ["請求日", "2023年8月2日"],
    ["お支払期限", "2023年9月30日"],
    ["みなと屋 御中"],
    ["株式会社会津システム"],
    ["登録番号", VENDOR],
    ["ご請求金額（税込）", 770_000],
    ["決済ソフト", 1, 700_000, 700_000],
    ["小計", 700_000],
    ["消費税（10%）", 70_000],
    ["合計", 770_000],
    ["振込先", "会津銀行 若松支店 普通 1234567"],
]


@pytest.fixture
def clock() -> TestClock:
    return TestClock(datetime(2023, 6, 1, 3, tzinfo=UTC))


@pytest.fixture
def group(district: Town, clock: TestClock) -> Group:
    """Ten shops, one of them with a tool that was decided, and the vendor."""
    group = founded(district)
    shop = group.grows(10)[0]
    vendor = NewParty("会津システム", False, VENDOR[1:])
    subsidy.commands.add_party(district.session, group.who, group.project_id, "provider", vendor, now=clock())
    group.buys(NewLine(shop, "A-SW-PAY", "purchase", "決済ソフト", 700_000, functions=("payment",)))
    group.files(date(2023, 6, 1))
    clock.advance(days=120)
    group.notes("decided", date(2023, 7, 3), (500_000, 0, 0))
    return group


def by_our_own_papers() -> bytes:
    """Made as the product makes its papers, in its fonts."""
    data = papers.dossier(
        name="請求書",
        about="みなと屋 御中",
        sentence="",
        facts=[("請求日", "2023年8月2日"), ("登録番号", VENDOR), ("ご請求金額", "770,000円"), ("小計", "700,000円")],
        sections=[],
        district="",
        association="株式会社会津システム",
        contact="",
        made_at=datetime(2023, 8, 2, 3, tzinfo=UTC),
        made_by="",
    )
    return pdf.render("dossier", data)


def by_an_office(folder: Path) -> bytes:
    """Written in a spreadsheet and saved as PDF, as a small vendor does."""
    program, book = shutil.which("soffice"), openpyxl.Workbook()
    assert program, "LibreOffice makes an invoice"
    for row in OFFICE_ROWS:
        book.active.append(row)
    for cell in (cell for row in book.active.iter_rows() for cell in row if isinstance(cell.value, int)):
        cell.number_format = '"¥"#,##0'
    book.active.column_dimensions["A"].width = 30
    book.save(folder / "invoice.xlsx")
    command = [program, f"-env:UserInstallation=file://{folder}/profile", "--headless", "--convert-to", "pdf"]
    subprocess.run([*command, "--outdir", str(folder), str(folder / "invoice.xlsx")], check=True, capture_output=True, timeout=120)
    return (folder / "invoice.pdf").read_bytes()


def test_an_invoice_made_by_our_papers_or_in_an_office_is_read(app: Flask, tmp_path: Path) -> None:
    """The whole amount, the net one, the day of billing and not of payment, the registration number and who bills."""
    with app.test_request_context("/"):
        own = read_invoice(opened_pdf(by_our_own_papers()).text)
    assert replace(own, issuer="") == replace(SAID, issuer="")
    assert read_invoice(opened_pdf(by_an_office(tmp_path)).text) == SAID


@pytest.mark.parametrize(
    ("text", "read"),
    [
        (INVOICE_TEXT, SAID),
        ("合 計 (税込) ¥1,080", Read(1_080)),
        ("合計(税抜) 1,000円\n合計(税込) 1,100円", Read(1_100)),
        ("合計 1,000円\n合計 2,000円", Read()),  # two totals: of which page?
        ("発行日 令和5年8月2日", Read(day=date(2023, 8, 2))),
        ("お支払期限 2023/9/30", Read()),
        ("請求日 2023/2/31", Read()),
        ("T1180301018771\nT7000012050002", Read()),  # the buyer's number stands there as well
        ("登録番号 T0000000000000", Read()),
        ("TEL 0242-11-2222 会員番号 1180301018771", Read()),
        ("小計 9,000,000円\n合計 770,000円", Read(770_000)),  # a part that is more than the whole is no part
        ("合計 1" + ",000" * 5_000 + "円", Read()),  # no invoice is of so many yen
        ("", Read()),
    ],
)
def test_only_what_is_sure_is_proposed(text: str, read: Read) -> None:
    assert read_invoice(text) == read


def test_what_was_read_stands_beside_what_was_confirmed(app: Flask, group: Group) -> None:
    """The form gets the proposal; the person changes the amount; both are kept, and the line says so. What is empty stays empty."""
    seat, page = Desk(app.test_client(), group.town, group.lead), f"/group/{group.project_id}/costs/1"
    with app.test_request_context("/"):
        content = by_our_own_papers()
    proposal = seat.presses(page, f"{page}/evidence/read", file=(io.BytesIO(content), "x.pdf")).json
    assert {name: said["value"] for name, said in proposal.items()}.items() >= {
        "amount": "770000",
        "day": "2023-08-02",
        "number": VENDOR,
    }.items()
    assert "税抜 700,000円" in proposal["amount"]["words"] and not group.stands().papers
    form: dict[str, Any] = {"kind": INVOICE, "amount": "760,000", "number": VENDOR, "issuer": "（株）会津システム"}
    assert seat.presses(page, f"{page}/evidence", file=(io.BytesIO(content), "x.pdf"), **form).status_code == 303
    (paper,) = group.stands().papers
    assert (paper.amount, paper.day, paper.issuer, paper.proposed.amount) == (760_000, None, "（株）会津システム", 770_000)
    assert "読み取りは 770,000円" in seat.sees(page).text


def test_an_invoice_by_link_brings_its_number_and_leaves_no_doubt(app: Flask, group: Group) -> None:
    """Number and name are asked for on the phone too; of a payment, to whom it went."""
    shop = group.stands().lines[0].party_id
    token = group.asks(shop, "V_INVOICE:1", "V_PAYMENT:1")
    phone, page = Desk(app.test_client(), group.town, None), f"/asked/{token}"
    assert "請求書の登録番号" in phone.sees(page).text and "振込先" in phone.sees(page).text
    with app.test_request_context("/"):
        content = by_our_own_papers()
    assert phone.presses(page, f"{page}/read", file=(io.BytesIO(content), "x.pdf")).json["number"]["value"] == VENDOR

    def sends(asked: str, **form: str) -> None:
        sent = {"asked": asked, "day": "2023-08-02", "amount": "770000", **form}
        assert phone.presses(page, page, file=(io.BytesIO(content + asked.encode()), "x.pdf"), **sent).status_code == 303

    sends("V_INVOICE:1", number="Ｔ1180301018771", issuer="株式会社会津システム")
    sends("V_PAYMENT:1", issuer="ｶ)ｱｲﾂﾞｼｽﾃﾑ")
    stands = group.stands()
    assert stands.doubts_of(stands.lines[0]) == []


TOOL = Line("1", "2", "A-SW-PAY", "purchase", 770_000, tax_included=True, tax_rate=10)
BILL = Proof(INVOICE, None, 770_000, VENDOR, b"1", None, "株式会社会津システム")
PAID = Proof(PAYMENT, None, 770_000, "", b"2", None, "会津システム")
LISTED = [Seller("会津システム", VENDOR[1:])]


@pytest.mark.parametrize(
    ("bill", "paid", "sellers", "found"),
    [
        (BILL, PAID, LISTED, []),
        (replace(BILL, number="T1180301018772"), PAID, LISTED, ["number_of_no_company"]),
        (replace(BILL, number="T0000000000000"), PAID, LISTED, ["number_wrong"]),
        (replace(BILL, number="T1180301018772", issuer="会津 太郎"), None, [Seller("会津太郎", None)], []),  # a person's has no check digit
        (BILL, replace(PAID, issuer="別の店"), LISTED, ["payee_differs"]),
        (BILL, PAID, [Seller("ほかの会社", OTHER[1:])], ["issuer_unlisted"]),
        (BILL, PAID, [], ["issuer_unlisted"]),
        (BILL, PAID, [Seller("アイヅ", VENDOR[1:])], []),  # by another name, but by its number
        (replace(BILL, issuer=""), replace(PAID, issuer="別の店"), [], []),  # what nobody has written down is not compared
    ],
)
def test_who_bills_is_who_was_paid_and_is_listed(bill: Proof, paid: Proof | None, sellers: list[Seller], found: list[str]) -> None:
    proofs = [bill] if paid is None else [bill, paid]
    assert [doubt.code for doubt in doubts(TOOL, proofs, {}, sellers)] == found
    assert not is_registration("T0000000000000")


def locked() -> bytes:
    writer, out = PdfWriter(), io.BytesIO()
    writer.add_blank_page(595, 842)
    writer.encrypt("secret")
    writer.write(out)
    return out.getvalue()


def drawing(signs: bytes) -> bytes:
    """A sheet on which this is drawn, packed."""
    packed = zlib.compress(signs)
    stream = b"4 0 obj<</Length %d /Filter /FlateDecode>>stream\n%b\nendstream endobj\ntrailer" % (len(packed), packed)
    return PDF.replace(b"/MediaBox", b"/Contents 4 0 R /MediaBox").replace(b"trailer", stream)


def test_a_sheet_on_which_too_much_is_written_is_kept_and_not_read(group: Group) -> None:
    """Reading it would take half a minute: nothing is proposed, and the paper counts as any other."""
    row = group.stands().lines[0]
    content = drawing(b"BT " + b"(770,000) Tj 1 0 0 1 0 0 Tm " * 150_000 + b"ET")
    new = NewPaper(INVOICE, "x.pdf", content, line=1, number=VENDOR)
    subsidy.commands.hand_in(group.town.session, group.who, group.project_id, row.party_id, new, now=group.town.now)
    assert group.stands().papers[0].proposed is None


def boundless() -> bytes:
    """A sheet that is two hundred megabytes once it is unpacked."""
    return drawing(bytes(200_000_000))


def endless() -> bytes:
    """Sheets that lie in each other: whoever looks for the first one never comes to an end."""
    return PDF.replace(b"/Kids [3 0 R]", b"/Kids [2 0 R]")


@pytest.mark.parametrize(
    ("content", "refusal"),
    [
        (locked, FileLocked),
        (PDF.replace(b"/Kids [3 0 R] /Count 1", b"/Kids [] /Count 0"), FileBroken),
        (PDF.replace(b"/MediaBox [0 0 595 842]", b"/MediaBox [0 0 0 0]"), FileBroken),
        (endless, FileBroken),
        (boundless, FileBroken),
        (b"%PDF-1.7\n1 0 obj<</Type /Page>>endobj\ntrailer<</Root 1 0 R>>\nstartxref\n9\n%%EOF\n", FileBroken),
    ],
)
def test_a_pdf_whose_first_sheet_does_not_open_is_not_taken(
    group: Group, content: bytes | Callable[[], bytes], refusal: type[Exception]
) -> None:
    """It has all the marks of a PDF; what counts is that somebody can read it. Nothing is kept."""
    with pytest.raises(refusal):
        group.hands_in(group.stands().parties[0].id, "D_ROSTER", content() if callable(content) else content)
    assert not group.stands().papers


def test_a_sound_pdf_that_a_busy_computer_cannot_open_in_time_is_not_called_broken(
    app: Flask, group: Group, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever sends it is told to send the same file again, and of it nothing is kept."""
    monkeypatch.setattr("subsidy.pdf_text.TIME_S", 0.01)
    base = f"/group/{group.project_id}/papers"
    seat = Desk(app.test_client(), group.town, group.lead)
    told = sender(seat, base, base, {"party_id": str(group.stands().parties[0].id), "kind": "D_ROSTER"})(PDF)
    assert told.status_code == FileNotOpenedYet.status and "いま混み合っていて" in told.text
    assert not group.stands().papers


class Film(io.RawIOBase):
    """Two hundred megabytes on their way, and how many of them were asked for."""

    taken = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        self.taken += len(buffer)
        return len(buffer)


def test_ten_megabytes_are_read_and_two_hundred_are_not(app: Flask, group: Group, subtests: pytest.Subtests) -> None:
    """At every door: a scan of 6 MB passes; 12 MB are refused with the limit in the sentence; of a film not a byte is read."""
    shop = group.stands().lines[0].party_id
    keeper = group.town.another_clerk("group_member")
    subsidy.commands.take_seat(group.town.session, keeper.who, group.asks(shop), now=group.town.now)
    base, link = f"/group/{group.project_id}", f"/asked/{group.asks(shop, 'V_INVOICE:1')}"
    doors: list[tuple[Any, str, str, dict[str, str]]] = [
        (group.lead, f"{base}/papers", f"{base}/papers", {"party_id": str(shop), "kind": "D_ROSTER"}),
        (group.lead, f"{base}/costs/1", f"{base}/costs/1/evidence", {"kind": INVOICE}),
        (keeper, f"{base}/mine", f"{base}/mine", {"kind": "D_IDENTITY"}),
        (None, link, link, {"asked": "V_INVOICE:1"}),
    ]
    for clerk, page, action, fields in doors:
        with subtests.test(action):
            seat = Desk(app.test_client(), group.town, clerk)
            sends = sender(seat, page, action, fields)
            scanned = PDF.replace(b"\n", b"\n%" + b"x" * 6_000_000 + b"\n", 1)
            assert sends(scanned).status_code == 303
            large = sends(bytes(FILE_MAX_BYTES + 2 * 1024**2))
            assert large.status_code == 413 and "11 MBまで" in large.text
            film = Film()
            coming = {"wsgi.input": film, "CONTENT_LENGTH": str(200 * 1024**2)}
            assert sends(b"", environ_overrides=coming).status_code == 413 and film.taken == 0


def sender(seat: Desk, page: str, action: str, fields: dict[str, str]) -> Callable[..., Any]:
    """As a browser sends a form with a file, whose length stands in the head."""
    token = re.search(r'name="csrf_token" value="([^"]+)"', seat.sees(page).text)
    assert token
    told = {"csrf_token": token[1], **fields}
    head = "".join(f'--x\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n' for name, value in told.items())
    head += '--x\r\nContent-Disposition: form-data; name="file"; filename="x.pdf"\r\n\r\n'
    kind, headers = "multipart/form-data; boundary=x", {"Referer": f"{seat.base}{page}"}

    def sends(content: bytes, **more: Any) -> Any:
        body = head.encode() + content + b"\r\n--x--\r\n"
        return seat.client.post(action, data=body, content_type=kind, base_url=seat.base, headers=headers, **more)

    return sends


def test_whoever_has_no_link_has_no_file_opened(group: Group, monkeypatch: pytest.MonkeyPatch) -> None:
    """Opening takes seconds of a processor: only a link that lives, for what it asks, costs them."""
    opened: list[bytes] = []
    monkeypatch.setattr("subsidy.commands.papers.opened_pdf", opened.append)
    shop = group.stands().group[1].id
    nobody, new = Principal(group.town.district_id, None, None, frozenset()), NewPaper("V_QUOTE", "q.pdf", by_our_own_papers(), line=1)
    for token, refusal in (("no-such-token", LinkOver), (group.asks(shop, "V_PAYMENT:1"), PaperNotAsked)):
        with pytest.raises(refusal):
            subsidy.commands.hand_in_by_link(group.town.session, nobody, token, new, now=group.town.now)
    assert opened == []
