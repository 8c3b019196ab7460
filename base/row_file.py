"""Rows that somebody sends: a CSV file, or cells copied from a spreadsheet, which arrive with tabs. One reader for both.

Codes stay text: 001 is 001. Lines are counted from 1, as the sender's program counts them.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from codecs import BOM_UTF8
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

STRANGE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\uf8f0-\uf8f3]")
"""Control signs but tab and line ends, and what Python makes of bytes that are no letters of CP932 (0xA0, 0xFD to 0xFF)."""


class FileWrong(ValueError):
    """`reason`: missing, large, unreadable, table, column, date, amount or amount_missing. `cell`: what stands there."""

    def __init__(self, reason: str, line: int = 0, column: int = 0, cell: str = "") -> None:
        super().__init__(reason, line, column, cell)
        self.reason, self.line, self.column, self.cell = reason, line, column, cell


def decoded(content: bytes, most: int) -> str:
    """UTF-8 with or without byte order mark, else Shift_JIS (CP932). Raises FileWrong."""
    if not content.strip():
        raise FileWrong("missing")
    if len(content) > most:
        raise FileWrong("large")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as broken:
        if content.startswith(BOM_UTF8):
            raise FileWrong("unreadable", 1 + content[: broken.start].count(b"\n")) from broken
        try:
            text = content.decode("cp932")
        except UnicodeDecodeError as error:
            starts = max(broken.start, error.start)  # the encoding that it nearly was says best where it breaks
            raise FileWrong("unreadable", 1 + content[:starts].count(b"\n")) from error
    strange = STRANGE.search(text)
    if strange is not None:
        raise FileWrong("unreadable", 1 + text[: strange.start()].count("\n"))
    return text


def delimiter_of(text: str) -> str:
    """A tab where the first line has one, as cells copied from a spreadsheet have: their amounts may hold commas. Else a comma."""
    is_pasted = "\t" in text.lstrip("\r\n").partition("\n")[0]
    return "\t" if is_pasted or ("\t" in text and "," not in text) else ","


def each_row(content: bytes, *, bytes_max: int, lines_max: int) -> Iterator[tuple[int, list[str]]]:
    """Each row that says something, with its line; no blanks around a cell. One at a time: of a hundred thousand, most is not kept.

    Raises FileWrong: missing, large, unreadable before the first row; large, table where it comes to it.
    """
    text = decoded(content, bytes_max)
    reader = csv.reader(io.StringIO(text, newline=""), strict=True, delimiter=delimiter_of(text))
    found = 0
    try:
        for row in reader:
            cells = [cell.strip() for cell in row]
            if any(cells):
                found += 1
                if found > lines_max + 1:
                    raise FileWrong("large")
                yield reader.line_num, cells
    except csv.Error as error:
        raise FileWrong("table", reader.line_num) from error
    if not found:
        raise FileWrong("missing")


def rows_of(content: bytes, *, bytes_max: int, lines_max: int) -> list[tuple[int, list[str]]]:
    """All of `each_row`. Raises FileWrong: missing, large, unreadable, table."""
    return list(each_row(content, bytes_max=bytes_max, lines_max=lines_max))


@dataclass(frozen=True, slots=True)
class NamedRow:
    """One row below the head. `cells`: by the name of the column, only of columns that were sent."""

    line: int
    cells: Mapping[str, str]


def named_rows(rows: Sequence[tuple[int, list[str]]], heads: Mapping[str, Sequence[str]], *, wanted: str) -> Iterator[NamedRow]:
    """The rows by the words of their first line. `heads`: a column's name, and all titles that it goes by; other columns are left out.

    Raises FileWrong: column, where the column `wanted` is not there; missing, where nothing stands below the head.
    """
    titles = {_plain(title): name for name, words in heads.items() for title in words}
    places: dict[str, int] = {}
    for at, word in enumerate(rows[0][1]):
        name = titles.get(_plain(word))
        if name is not None:
            places.setdefault(name, at)
    if wanted not in places:
        raise FileWrong("column", rows[0][0])
    if len(rows) == 1:
        raise FileWrong("missing")
    for line, cells in rows[1:]:
        yield NamedRow(line, {name: cells[at] if at < len(cells) else "" for name, at in places.items()})


def _plain(word: str) -> str:
    """A title without what nobody sees or types the same way twice."""
    return "".join(unicodedata.normalize("NFKC", word).split()).lower()


ERAS = {"令和": ("R", date(2019, 5, 1), None), "平成": ("H", date(1989, 1, 8), date(2019, 4, 30))}
_PARTS = r"(\d{1,2}|元)[年./-](\d{1,2})[月./-](\d{1,2})日?"
_ERA = {name: re.compile(rf"(?:{name}|{letter}){_PARTS}", re.IGNORECASE) for name, (letter, _, _) in ERAS.items()}
_WESTERN = re.compile(r"(\d{4})[年./-](\d{1,2})[月./-](\d{1,2})日?")
_PLAIN = re.compile(r"(\d{4})(\d{2})(\d{2})")
_DAY_MAX = 40
"""Characters of a cell that can be a day; looking for one in a page of blanks would take minutes."""
_TIME = re.compile(r"\s+\d{1,2}:\d{2}(:\d{2})?$|\([月火水木金土日]\)$")


def parse_day(text: str) -> date | None:
    """2026/11/26, 2026-11-26, 20261126, 2026年11月26日, 令和8年11月26日, R8.11.26 and the same in full width; None for anything else.

    A year of two digits without its era is no date: 26/11/26 has two meanings. A day must lie in its era.
    """
    if len(text) > _DAY_MAX:
        return None
    plain = _TIME.sub("", unicodedata.normalize("NFKC", text).strip()).replace(" ", "")
    found = _WESTERN.fullmatch(plain) or _PLAIN.fullmatch(plain)
    if found:
        return _day(int(found[1]), int(found[2]), int(found[3]))
    for name, (_, begins, ends) in ERAS.items():
        era = _ERA[name].fullmatch(plain)
        if era:
            year = begins.year - 1 + (1 if era[1] == "元" else int(era[1]))
            day = _day(year, int(era[2]), int(era[3]))
            return day if day is not None and begins <= day and (ends is None or day <= ends) else None
    return None


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day) if 1989 <= year <= 2999 else None
    except ValueError:
        return None
