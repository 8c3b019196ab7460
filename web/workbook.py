"""A sheet of Excel that somebody sends, as the rows that a CSV file gives (`base.row_file`). Formulas count by what they last showed."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Sequence

from base.row_file import FileWrong, rows_of

MAGIC = b"PK\x03\x04"
UNPACKED_MAX = 60_000_000
"""Bytes that a workbook may unpack to: a few of them can hide a great deal."""
COLUMNS_MAX = 40
ROWS_MAX = 1_048_576
"""Rows of a sheet. A file of a few bytes can name a row far beyond, and every one before it would be counted."""


def sheet_rows(content: bytes, *, bytes_max: int, lines_max: int) -> list[tuple[int, list[str]]]:
    """The rows of a CSV file, of pasted cells or of a workbook's first sheet, by what the file is. Raises FileWrong as `rows_of` does."""
    if not content.startswith(MAGIC):
        return rows_of(content, bytes_max=bytes_max, lines_max=lines_max)
    if len(content) > bytes_max:
        raise FileWrong("large")
    import openpyxl  # slow to load, and only whoever brings a workbook needs it

    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            if sum(part.file_size for part in packed.infolist()) > UNPACKED_MAX:
                raise FileWrong("large")
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        sheet = book.worksheets[0]
        sheet.reset_dimensions()  # what the file says of its own size is not believed: rows beyond it would be left out
        rows = _rows(sheet.iter_rows(values_only=True, max_col=COLUMNS_MAX), lines_max)
    except FileWrong:
        raise
    except Exception as error:  # a broken workbook fails in whichever part is broken: archive, compression, XML, cells
        raise FileWrong("unreadable") from error
    if not rows:
        raise FileWrong("missing")
    return rows


def _rows(sheet: Iterable[Sequence[object]], lines_max: int) -> list[tuple[int, list[str]]]:
    rows: list[tuple[int, list[str]]] = []
    for line, row in enumerate(sheet, 1):
        if line > ROWS_MAX:
            raise FileWrong("large")
        if row.count(None) == len(row):
            continue
        cells = _cells(row)
        if any(cells):
            rows.append((line, cells))
        if len(rows) > lines_max + 1:
            raise FileWrong("large")
    return rows


def _cells(row: Sequence[object]) -> list[str]:
    """As the cell was meant: 540.0 is 540, and a code that somebody kept as a number has its digits."""
    return ["" if cell is None else str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell).strip() for cell in row]
