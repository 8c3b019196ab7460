"""Every table as a file: what a spreadsheet finds in it."""

from __future__ import annotations

import io
import shutil
import subprocess
import zipfile
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import openpyxl
import pytest

from web import tables
from web.tables import count, day, moment, text, yen

COLUMNS = [text("番号"), text("名前"), yen("金額（円）"), count("件"), day("日"), moment("日時")]
ROWS: list[list[object]] = [
    ["001", "=1+1", 12_800, 3, date(2026, 11, 26), datetime(2026, 11, 26, 2, 7, 51, tzinfo=UTC)],
    ["12345678901234567890", "https://example.jp", -340, 0, None, None],
    ["0000-0418", "+81-761-00", None, None, date(2026, 12, 31), None],
]


def written(write: Callable[..., None], rows: list[list[object]] = ROWS) -> bytes:
    file = io.BytesIO()
    write(file, COLUMNS, iter(rows))
    return file.getvalue()


def test_codes_stay_as_they_are_written() -> None:
    """001 stays 001, twenty digits stay twenty digits, a payment number is no date."""
    sheet = openpyxl.load_workbook(io.BytesIO(written(tables.write_xlsx))).worksheets[0]
    assert [cell.value for cell in sheet["A"]] == ["番号", "001", "12345678901234567890", "0000-0418"]
    assert {cell.data_type for cell in sheet["A"]} <= {"s", "inlineStr"} and sheet["A2"].number_format == "@"


def test_figures_add_up_and_days_are_days() -> None:
    """Yen are numbers, a date is a date, and a moment is what the clock in the shop showed."""
    sheet = openpyxl.load_workbook(io.BytesIO(written(tables.write_xlsx))).worksheets[0]
    assert [cell.value for cell in sheet["C"]][1:] == [12_800, -340, None]
    assert sheet["C2"].number_format == "#,##0"
    assert sheet["E2"].is_date and sheet["E2"].value.date() == date(2026, 11, 26)
    assert sheet["F2"].is_date and f"{sheet['F2'].value:%Y-%m-%d %H:%M:%S}" == "2026-11-26 11:07:51"


@pytest.mark.parametrize(
    "foreign", ["=1+1", '=HYPERLINK("x")', "+1", "-5", "@SUM(A1)", "\t=1", "＝1+1", "{=1}", "http://x.jp", "mailto:a@b.jp"]
)
def test_nobodys_name_becomes_a_formula(foreign: str) -> None:
    """Whatever a shop is called, its cell is text: in the workbook without a formula or a link, in the CSV behind an apostrophe."""
    rows: list[list[object]] = [[foreign, foreign, 1, 1, None, None]]
    book = written(tables.write_xlsx, rows)
    with zipfile.ZipFile(io.BytesIO(book)) as parts:
        sheet = parts.read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in sheet and "hyperlink" not in sheet
    cell = openpyxl.load_workbook(io.BytesIO(book)).worksheets[0]["B2"]
    assert cell.value == foreign and cell.data_type in ("s", "inlineStr")
    line = written(tables.write_csv, rows).decode("utf-8-sig").splitlines()[1].lstrip('"')
    assert line.startswith("'") or not line.startswith(("=", "+", "-", "@", "\t", "＝"))


def test_the_csv_opens_in_a_japanese_office() -> None:
    """Byte order mark, CRLF, days in ISO order, figures without separators."""
    lines = written(tables.write_csv).decode("utf-8").split("\r\n")
    assert lines[0] == "\ufeff番号,名前,金額（円）,件,日,日時"
    assert lines[1] == "001,'=1+1,12800,3,2026-11-26,2026-11-26 11:07:51"
    assert lines[2].split(",")[2] == "-340"


def test_no_rows_is_a_file_too() -> None:
    """An empty list has its head."""
    sheet = openpyxl.load_workbook(io.BytesIO(written(tables.write_xlsx, []))).worksheets[0]
    assert [cell.value for cell in sheet[1]] == [column.title for column in COLUMNS] and sheet.max_row == 1


def test_more_rows_than_a_sheet_holds_go_on_another(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is lost at the end of a sheet, and each one has its head."""
    monkeypatch.setattr(tables, "ROWS_A_SHEET", 2)
    book = openpyxl.load_workbook(io.BytesIO(written(tables.write_xlsx)))
    assert [[cell.value for cell in sheet["A"]] for sheet in book.worksheets] == [
        ["番号", "001", "12345678901234567890"],
        ["番号", "0000-0418"],
    ]


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_libreoffice_reads_the_same(tmp_path: Path) -> None:
    """Opened by LibreOffice and saved as CSV: codes, text and dates are what they were."""
    (tmp_path / "table.xlsx").write_bytes(written(tables.write_xlsx))
    subprocess.run(["soffice", "--headless", "--convert-to", "csv", "--outdir", tmp_path, tmp_path / "table.xlsx"], check=True)
    lines = (tmp_path / "table.csv").read_text(encoding="utf-8").splitlines()
    plain = lines[1].replace('"12,800"', "12800")  # whether thousands are parted is the office's own affair
    assert plain.startswith("001,=1+1,12800,3,2026-11-26,2026-11-26 11:07:51")
    assert lines[2].startswith("12345678901234567890,")
