"""貼り付け: rows of a spreadsheet that are looked at before anything is done. One way for every page that has `rows_field` (macros.html).

The page reads the rows, plans what they would do and shows it with whatever is wrong, line by line. The press below that sends the
same rows once more (`Pasted.again`): so nothing that was pasted is kept before somebody has looked.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from marshmallow import ValidationError

from base.errors import MeguriError
from base.row_file import FileWrong, NamedRow, named_rows
from base.yen import grouped
from web import forms
from web.csvfile import unguarded
from web.errors import RowsHeadMissing, RowsMissing, RowsTooMany, RowsUnreadable, WorkbookUnreadable
from web.i18n import in_language, translate
from web.workbook import sheet_rows

SOURCES = ("ja", "en")
"""A table goes out in the reader's language, and may come back to a reader of the other one."""
WHAT_MAX = 60
"""Letters of a wrong line that are shown."""


@dataclass(frozen=True, slots=True)
class Pasted:
    """The rows below the head, and all of them as text for the press that follows."""

    rows: list[NamedRow]
    again: str


@dataclass(frozen=True, slots=True)
class WrongLine:
    """A line that cannot be taken. `what`: how it is known; `column`: which of its cells, `_schema` for the whole; `words`: why."""

    line: int
    what: str
    column: str
    words: str


def pasted(heads: Mapping[str, Sequence[str]], *, wanted: str, lines_max: int, bytes_max: int) -> Pasted:
    """What was sent. `heads`: column → its titles, in the source language; without the column `wanted` nothing can be read.

    Raises RowsMissing, RowsTooMany, RowsHeadMissing, RowsUnreadable, WorkbookUnreadable.
    """
    _name, content = forms.sent_rows(bytes_max)
    try:
        rows = sheet_rows(content, bytes_max=bytes_max, lines_max=lines_max)
        named = [
            NamedRow(row.line, {name: unguarded(cell) for name, cell in row.cells.items()})
            for row in named_rows(rows, _in_both(heads), wanted=wanted)
        ]
    except FileWrong as wrong:
        raise _refusal(wrong, head=heads[wanted][0], lines_max=lines_max) from wrong
    text = io.StringIO()
    csv.writer(text, delimiter="\t").writerows([*cells, ""] for _line, cells in rows)
    return Pasted(named, text.getvalue())


def meanings(words: Mapping[str, str]) -> dict[str, str]:
    """What people write for a choice, in either language → what is kept. `words`: what is kept → its word in the source language."""
    found: dict[str, str] = {}
    for tag in SOURCES:
        with in_language(tag):
            found |= {translate(word): kept for kept, word in words.items()}
    return found


def wrong_lines(line: int, what: str, error: ValidationError) -> list[WrongLine]:
    """Each sentence of a form's refusal, beside its column."""
    found = error.messages if isinstance(error.messages, dict) else {error.field_name: error.messages}
    return [WrongLine(line, what[:WHAT_MAX], str(name), " ".join(forms.flat(inner))) for name, inner in found.items()]


def _in_both(heads: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {name: [] for name in heads}
    for tag in SOURCES:
        with in_language(tag):
            for name, words in heads.items():
                found[name] += map(translate, words)
    return found


def _refusal(wrong: FileWrong, *, head: str, lines_max: int) -> MeguriError:
    match wrong.reason:
        case "missing":
            return RowsMissing()
        case "large":
            return RowsTooMany(lines=grouped(lines_max))
        case "column":
            return RowsHeadMissing(head=translate(head))
    return RowsUnreadable(line=wrong.line) if wrong.line else WorkbookUnreadable()
