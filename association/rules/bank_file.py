"""What a bank's CSV says: encodings, dates and amounts as Japanese banks write them. Lines and columns are counted from 1."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections import Counter, defaultdict, deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from heapq import heappop, heappush
from itertools import groupby, pairwise
from typing import Generic, Protocol, TypeVar

from base.row_file import FileWrong, decoded, delimiter_of, parse_day
from base.yen import YEN_MAX

FILE_MAX_BYTES = 1024 * 1024
LINES_MAX = 10_000
ABOUT_MAX = 200
"""Characters of what a bank says of a line that are kept."""
COLUMNS_MAX = 40


@dataclass(frozen=True, slots=True)
class Columns:
    """Which column says what, from 1; 0: none does. `head`: lines above the first movement, and `names`: the last of them.

    Either `amount` (+ came in), or `came_in` and `went_out`.
    """

    head: int
    names: tuple[str, ...]
    day: int
    amount: int
    came_in: int
    went_out: int
    about: tuple[int, ...]
    balance: int

    def fit(self, table: Sequence[Sequence[str]]) -> bool:
        """Whether a file has the head that these columns were chosen on; without a head, a date where one must stand."""
        if len(table) <= self.head:
            return False
        if self.head:
            return tuple(table[self.head - 1]) == self.names
        return len(table[0]) >= self.day and parse_day(table[0][self.day - 1]) is not None

    def name(self, column: int) -> str:
        """How the file calls a column."""
        return self.names[column - 1] if 0 < column <= len(self.names) else ""


@dataclass(frozen=True, slots=True)
class FileLine:
    """One movement as the bank says it, + came in. `balance`: after it, None where the file has no such column."""

    day: date
    amount: int
    about: str
    balance: int | None


def table_of(content: bytes) -> list[list[str]]:
    """The file, or what was pasted from a spreadsheet, as rows of trimmed cells. Raises FileWrong."""
    text = decoded(content, FILE_MAX_BYTES)
    reader = csv.reader(io.StringIO(text, newline=""), strict=True, delimiter=delimiter_of(text))
    rows = []
    try:
        for row in reader:
            rows.append([cell.strip() for cell in row])
            if len(rows) > LINES_MAX:
                raise FileWrong("large")
            if len(row) > COLUMNS_MAX:
                raise FileWrong("table", reader.line_num)
    except csv.Error as error:
        raise FileWrong("table", reader.line_num) from error
    while rows and not any(rows[-1]):
        rows.pop()
    if max((len(row) for row in rows), default=0) < 3:
        raise FileWrong("table", 1)
    return rows


_AMOUNT = re.compile(r"([-+▲△(]?)[¥\\]?([-+]?)(\d{1,3}(?:,\d{3})+|\d+)円?(\)?)")
_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−ー", "-"))


def parse_amount(text: str) -> int | None:
    """Whole yen: 1,080 ¥1,080 １０８０円 -1,080 −1,080 ▲1,080 △1,080 (1,080); None for anything else, and for an empty cell."""
    plain = unicodedata.normalize("NFKC", text).translate(_DASHES).replace(" ", "")
    found = _AMOUNT.fullmatch(plain)
    if not found or (found[1] == "(") != (found[4] == ")") or (found[1] and found[2]):
        return None
    digits = found[3].replace(",", "")
    if len(digits) > 16 or int(digits) > YEN_MAX:
        return None
    return -int(digits) if found[1] in ("-", "▲", "△", "(") or found[2] == "-" else int(digits)


def lines_of(table: Sequence[Sequence[str]], columns: Columns, *, today: date) -> tuple[list[FileLine], int]:
    """The movements, oldest first, and how many lines say a balance and move nothing. Raises FileWrong at the first that is wrong."""
    found: list[FileLine] = []
    still = 0
    for number, row in enumerate(table[columns.head :], columns.head + 1):
        if not any(row):
            continue
        cells = _Cells(number, row)
        day = parse_day(cells.at(columns.day))
        if day is None or day > today:
            raise FileWrong("date", number, columns.day, cells.at(columns.day))
        balance = cells.yen(columns.balance) if columns.balance and cells.at(columns.balance) else None
        amount = _moved(cells, columns)
        if amount == 0 and balance is not None:
            still += 1
            continue
        if amount == 0:
            raise FileWrong("amount_missing", number, columns.amount or columns.came_in)
        found.append(FileLine(day, amount, _about(cells, columns), balance))
    if not found:
        raise FileWrong("missing")
    return (found if _is_ascending(found) else found[::-1]), still


@dataclass(frozen=True, slots=True)
class _Cells:
    """One line of the file."""

    number: int
    row: Sequence[str]

    def at(self, column: int) -> str:
        if column > len(self.row):
            raise FileWrong("column", self.number, column)
        return self.row[column - 1]

    def yen(self, column: int) -> int:
        """0 for an empty cell."""
        cell = self.at(column)
        if not cell:
            return 0
        amount = parse_amount(cell)
        if amount is None:
            raise FileWrong("amount", self.number, column, cell)
        return amount


def _moved(cells: _Cells, columns: Columns) -> int:
    if columns.amount:
        return cells.yen(columns.amount)
    came, went = cells.yen(columns.came_in), cells.yen(columns.went_out)
    if came and went:
        raise FileWrong("amount_missing", cells.number, columns.came_in)
    return came - went


def _about(cells: _Cells, columns: Columns) -> str:
    """In one line, without signs that nobody sees."""
    words = (" ".join(cells.at(column).split()) for column in columns.about)
    seen = "".join(sign for sign in " ".join(filter(None, words)) if unicodedata.category(sign) != "Cf")
    return seen[:ABOUT_MAX]


def _is_ascending(lines: Sequence[FileLine]) -> bool:
    """Whether the oldest stands first; within one day the balances say so."""
    if lines[0].day != lines[-1].day:
        return lines[0].day < lines[-1].day
    return _links(lines) >= _links(lines[::-1])


def _links(lines: Sequence[FileLine]) -> int:
    """How many lines go on from the balance before them."""
    return sum(before.balance is not None and before.balance + line.amount == line.balance for before, line in pairwise(lines))


class Moved(Protocol):
    """A line as it is kept."""

    @property
    def day(self) -> date: ...
    @property
    def amount(self) -> int: ...
    @property
    def balance(self) -> int | None: ...


M = TypeVar("M", bound=Moved)


def in_order(lines: Sequence[M]) -> list[M]:
    """Lines of one account, given by day, so that within a day each goes on from the balance before it wherever it can."""
    ordered: list[M] = []
    last: int | None = None
    for _, group in groupby(lines, key=lambda line: line.day):
        today = _Day(list(group))
        while (line := today.take(last)) is not None:
            ordered.append(line)
            last = line.balance if line.balance is not None or last is None else last + line.amount
    return ordered


class _Day(Generic[M]):
    """What is left of a day's lines, found by their balances: a day may have thousands, and each page puts them in order."""

    def __init__(self, lines: Sequence[M]) -> None:
        self.lines = lines
        self.left = dict.fromkeys(range(len(lines)))
        self.after: dict[int | None, deque[int]] = defaultdict(deque)
        for place, line in enumerate(lines):
            self.after[_came_from(line)].append(place)
        self.balances = Counter(line.balance for line in lines)
        self.begin = [place for place, line in enumerate(lines) if line.balance is not None and not self.balances[_came_from(line)]]
        """A heap of those that go on from none that is left; some may be taken already."""

    def take(self, last: int | None) -> M | None:
        """The line that goes on from `last`, else the first that goes on from none of the others; None: there is none left."""
        if not self.left:
            return None
        place = None if last is None else self._next(self.after[last])
        if place is None:
            place = self._begins()
        del self.left[place]
        line = self.lines[place]
        self.balances[line.balance] -= 1
        if line.balance is not None and not self.balances[line.balance]:
            for freed in self.after[line.balance]:
                heappush(self.begin, freed)
        return line

    def _next(self, places: deque[int]) -> int | None:
        """The first of them that is left."""
        while places and places[0] not in self.left:
            places.popleft()
        return places[0] if places else None

    def _begins(self) -> int:
        while self.begin and self.begin[0] not in self.left:
            heappop(self.begin)
        return self.begin[0] if self.begin else next(iter(self.left))


def _came_from(line: Moved) -> int | None:
    """The balance before a line."""
    return None if line.balance is None else line.balance - line.amount


Kept = tuple[date, int, str]
"""By what a line is known again: day, amount, what the bank says of it."""


def new_lines(known: Iterable[FileLine], sent: Sequence[FileLine]) -> list[FileLine]:
    """Those of `sent` that are not kept yet, in their order: a file that was sent before, or overlaps one, adds nothing twice.

    Two equal lines of one file are two. With balances they are told apart by them; without, a group of equal lines is as large as
    the largest file has it.
    """
    has: dict[Kept, Counter[int | None]] = defaultdict(Counter)
    for line in known:
        has[line.day, line.amount, line.about][line.balance] += 1
    fresh = []
    for line in sent:
        there = has[line.day, line.amount, line.about]
        may_be = (None, *there) if line.balance is None else (line.balance, None)
        same = [balance for balance in may_be if there[balance] > 0]
        if same:
            there[same[0]] -= 1
        else:
            fresh.append(line)
    return fresh


WORDS = {
    "day": ("取引日", "日付", "年月日", "取扱日", "date"),
    "came_in": ("入金", "預入", "預り", "預か", "お預", "credit", "deposit"),
    "went_out": ("出金", "引出", "支払", "払出", "debit", "withdraw"),
    "amount": ("取引金額", "金額", "amount"),
    "balance": ("残高", "balance"),
    "about": ("摘要", "内容", "取引先", "振込人", "依頼人", "メモ", "description"),
}


def guess(table: Sequence[Sequence[str]]) -> Columns:
    """What the columns probably are: by the words above the first line that begins with a date somewhere."""
    first = next((at for at, row in enumerate(table) if any(parse_day(cell) for cell in row)), 0)
    names = tuple(table[first - 1]) if first else ()
    found = {what: [at for at, name in enumerate(names, 1) if any(word in name.lower() for word in words)] for what, words in WORDS.items()}
    day = found["day"] or [at for at, cell in enumerate(table[first], 1) if parse_day(cell)] or [0]
    both = bool(found["came_in"] and found["went_out"])
    return Columns(
        head=first,
        names=names,
        day=day[0],
        amount=0 if both else (found["amount"] or [0])[0],
        came_in=found["came_in"][0] if both else 0,
        went_out=found["went_out"][0] if both else 0,
        about=tuple(at for at in found["about"] if at not in (found["came_in"] + found["went_out"] if both else []))[:3],
        balance=(found["balance"] or [0])[0],
    )
