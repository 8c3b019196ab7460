"""Every table of the desk as a file: .xlsx that people open, .csv that programs read. One helper, two lines to use it.

In the view, beside the page that shows the table:

    @pages.get("/desk/shops.<any(xlsx, csv):file>")
    def shops_table(file: str) -> Response:
        return tables.download(file, "shops", [text(_("番号")), text(_("お店")), yen(_("未払い（円）"))], rows)

In the page, with the name of that view and whatever its address carries:

    {{ table_links(_("加盟店"), "association.shops_table", state=state) }}

`rows` may be a generator: neither file is ever held in memory. A cell is what its column says, None is an empty one:
`text` (names, and codes and numbers that nobody adds up: 001 stays 001), `figure` (a rate, already written), `yen` and `count` (int),
`day` (date), `moment` (aware datetime, shown in Tokyo). No cell of either file can become a formula, whoever wrote it.
"""

from __future__ import annotations

import csv
import io
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import IO, Any

from flask import Response, send_file

from base.clock import TOKYO
from web.csvfile import BOM, guarded

ROWS_A_SHEET = 1_048_575
"""What a sheet of Excel holds below its head; what is more goes on another one."""
A4 = 9
"""The number that Excel has for this paper."""
CELL_MAX = 32_767
"""Characters in a cell of Excel."""
NUMBER_FORMATS = {"text": "@", "figure": "@", "number": "#,##0", "day": "yyyy-mm-dd", "moment": "yyyy-mm-dd hh:mm:ss"}
"""How Excel shows what a column holds."""
TEXTS, TO_THE_RIGHT = ("text", "figure"), ("figure", "number")
TYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv",
}


@dataclass(frozen=True, slots=True)
class Column:
    """`holds`: text, figure, number, day or moment. `width` in characters."""

    title: str
    holds: str
    width: int


def text(title: str, width: int = 18) -> Column:
    """Names, words, and codes: kept as they are written, leading zeros and all."""
    return Column(title, "text", width)


def figure(title: str, width: int = 14) -> Column:
    """A number that is written already, with its point or its sign: a rate, yen an hour. Text, and it stands to the right."""
    return Column(title, "figure", width)


def yen(title: str) -> Column:
    """Whole yen, to be added up."""
    return Column(title, "number", 14)


def count(title: str) -> Column:
    """How many."""
    return Column(title, "number", 10)


def day(title: str) -> Column:
    """A date of the calendar."""
    return Column(title, "day", 12)


def moment(title: str) -> Column:
    """Day and time in Tokyo, to the second."""
    return Column(title, "moment", 20)


def download(form: str, name: str, columns: Sequence[Column], rows: Iterable[Sequence[object]]) -> Response:
    """The table as a file that the browser saves under `name`. `form`: xlsx or csv, as the address has it."""
    file = tempfile.TemporaryFile()  # noqa: SIM115  the answer closes it
    try:
        {"xlsx": write_xlsx, "csv": write_csv}[form](file, columns, rows)
    except BaseException:  # whatever the rows refused: no answer closes it then
        file.close()
        raise
    file.seek(0)
    answer = send_file(file, mimetype=TYPES[form], as_attachment=True, download_name=f"{name}.{form}")
    answer.headers["Cache-Control"] = "no-store"
    return answer


def write_csv(file: IO[bytes], columns: Sequence[Column], rows: Iterable[Sequence[object]]) -> None:
    """UTF-8 with byte order mark, CRLF at each end of line; days and moments in ISO order."""
    out = io.TextIOWrapper(file, encoding="utf-8", newline="", write_through=True)
    out.write(BOM)
    writer = csv.writer(out)
    writer.writerow([guarded(column.title) for column in columns])
    for row in rows:
        writer.writerow([guarded(_written(column, cell)) for column, cell in zip(columns, row, strict=True)])
    out.detach()


def date_book(book: Any, made_at: datetime) -> None:
    """A workbook of the library is of this moment (aware): the same rows are the same bytes whenever they are written."""
    book.set_properties({"created": made_at.astimezone(UTC).replace(tzinfo=None)})


def write_xlsx(file: IO[bytes], columns: Sequence[Column], rows: Iterable[Sequence[object]], *, made_at: datetime | None = None) -> None:
    """A workbook whose cells have the type of their column: real dates, real numbers, and text that stays text.

    `made_at` (aware) dates it; without it the library's clock does, and the same rows are never the same bytes.
    """
    import xlsxwriter  # slow to load, and only whoever takes a workbook needs it

    book = xlsxwriter.Workbook(file, {"constant_memory": True})
    if made_at is not None:
        date_book(book, made_at)
    formats = {kind: book.add_format({"num_format": form}) for kind, form in NUMBER_FORMATS.items()}
    formats["figure"].set_align("right")
    head = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
    sheet: Any = None
    place = ROWS_A_SHEET
    for row in rows:
        if place == ROWS_A_SHEET:
            sheet, place = _sheet(book, columns, formats, head), 0
        place += 1
        for at, (column, cell) in enumerate(zip(columns, row, strict=True)):
            write_cell(sheet, place, at, column, cell, formats[column.holds])
    if sheet is None:
        _sheet(book, columns, formats, head)
    book.close()


def _sheet(book: Any, columns: Sequence[Column], formats: dict[str, Any], head: Any) -> Any:
    """A sheet with its head, which stays in sight."""
    sheet = book.add_worksheet()
    for at, column in enumerate(columns):
        sheet.set_column(at, at, column.width, formats[column.holds])
    for at, column in enumerate(columns):
        sheet.write_string(0, at, column.title, head)
    sheet.freeze_panes(1, 0)
    across(sheet)
    return sheet


def across(sheet: Any) -> None:
    """On paper: A4 lying, all columns side by side, the head on every page."""
    sheet.set_landscape()
    sheet.set_paper(A4)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)


def write_cell(sheet: Any, row: int, at: int, column: Column, cell: object, look: Any) -> None:
    """One cell by the type that its column names: never by what the text looks like."""
    if cell is None:
        return
    if column.holds in TEXTS:
        sheet.write_string(row, at, str(cell)[:CELL_MAX], look)
    elif column.holds == "number":
        assert isinstance(cell, int), (column, cell)
        sheet.write_number(row, at, cell, look)
    else:
        assert isinstance(cell, date), (column, cell)
        sheet.write_datetime(row, at, _in_tokyo(cell), look)


def _in_tokyo(cell: date) -> date:
    """A moment as the clock on the wall showed it: spreadsheets know no zones, and would round half a second up to the next."""
    return cell.astimezone(TOKYO).replace(microsecond=0, tzinfo=None) if isinstance(cell, datetime) else cell


def _written(column: Column, cell: object) -> object:
    if isinstance(cell, datetime):
        return f"{_in_tokyo(cell):%Y-%m-%d %H:%M:%S}"
    return str(cell) if column.holds in TEXTS and cell is not None else cell
