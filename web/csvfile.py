"""CSV that a Japanese office can open with a double click, and that cannot become a formula there."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
BOM = "\ufeff"


def guarded(cell: object) -> object:
    """Numbers as they are; text that a spreadsheet would run as a formula gets an apostrophe in front.

    Full-width signs count too: some spreadsheets take them for the half-width ones. Source: OWASP, CSV injection.
    """
    if cell is None:
        return ""
    if isinstance(cell, int):
        return cell
    text = str(cell)
    return f"'{text}" if text.lstrip(" ").startswith(FORMULA_SIGNS) else text


def unguarded(text: str) -> str:
    """What `guarded` was given: the apostrophe is ours where a formula's sign follows it."""
    return text[1:] if text.startswith("'") and text[1:].lstrip(" ").startswith(FORMULA_SIGNS) else text


def rows_to_csv(rows: Iterable[Sequence[object]]) -> bytes:
    """UTF-8 with byte order mark, CRLF at each end of line (RFC 4180). The first row is the head."""
    out = io.StringIO()
    writer = csv.writer(out)
    for row in rows:
        writer.writerow([guarded(cell) for cell in row])
    return (BOM + out.getvalue()).encode()
