"""Which lines of the bank are which entries of the book: proposals that a person confirms, and what is left, explained. Yen, + came in."""

from __future__ import annotations

import unicodedata
from collections import Counter, defaultdict
from collections.abc import Collection, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from itertools import combinations
from typing import TypeVar

NEAR_DAYS = 5
"""How far apart the bank's day and the book's may lie: a weekend with a holiday."""
TOGETHER_MAX = 3
"""How many of one side are tried together against one of the other, besides whole groups."""
TRIED_MAX = 10
"""Of how many they are taken, the nearest first."""
AT_ONCE, PIECES = 400, 5
"""Lines among which matches are looked for together, and how often: the newest two thousand that are open. A page must not wait
for all of a decade."""
NAME_MIN = 3
"""Letters of a name that say something: タ alone is in many."""


@dataclass(frozen=True, slots=True)
class BankLine:
    """A line of the bank."""

    id: int
    day: date
    amount: int
    about: str


@dataclass(frozen=True, slots=True)
class BookEntry:
    """An entry of the book's bank account; `id`: its transaction. `day`: on which the bank should have it. `names`: whose it is.

    `group`: what the bank may do in one sum, such as the transfers of one day; empty: nothing else.
    """

    id: int
    day: date
    amount: int
    names: tuple[str, ...] = ()
    group: str = ""


T = TypeVar("T", BankLine, BookEntry)


@dataclass(frozen=True, slots=True)
class Match:
    """Lines and entries, in the order of their numbers, whose sums are equal. `is_sure`: nothing else would fit either side."""

    lines: tuple[int, ...]
    entries: tuple[int, ...]
    is_sure: bool


@lru_cache(maxsize=10_000)
def plain_name(text: str) -> str:
    """A name as banks write it, whoever wrote it: half or full width, hiragana or katakana, without blanks and voiced marks."""
    wide = unicodedata.normalize("NFD", unicodedata.normalize("NFKC", text)).upper()
    katakana = "".join(chr(ord(sign) + 0x60) if "ぁ" <= sign <= "ゖ" else sign for sign in wide)
    small = str.maketrans("ァィゥェォッャュョヮヲ", "アイウエオツヤユヨワオ")
    return "".join(sign for sign in katakana.translate(small) if sign.isalnum() and unicodedata.category(sign) != "Mn")


def is_named(line: BankLine, entry: BookEntry) -> bool:
    """Whether the bank's words hold a name of the entry."""
    said = plain_name(line.about)
    names = (plain_name(name) for name in entry.names)
    return any(len(name) >= NAME_MIN and name in said for name in names)


def propose(lines: Iterable[BankLine], entries: Iterable[BookEntry]) -> list[Match]:
    """Matches by amount, day and name, each thing in at most one, the same whatever order they come in.

    First one to one where the name says so, then whole groups (a run of transfers that the bank shows as one sum), then one to one
    by amount and day, then up to three of one side against one of the other.
    """
    left = _Left(sorted(lines, key=_order), sorted(entries, key=_order))
    pairs = sorted(_pairs(left), key=lambda pair: (_apart(*pair), _order(pair[0]), _order(pair[1])))
    rivals = Counter(line for line, _ in pairs) + Counter(entry for _, entry in pairs)
    for line, entry in pairs:
        if is_named(line, entry):
            left.take((line,), (entry,), is_sure=True)
    for line, group in _groups(left):
        left.take((line,), group, is_sure=rivals[line] == 0)
    for line, entry in pairs:
        left.take((line,), (entry,), is_sure=rivals[line] == rivals[entry] == 1)
    entries_of, lines_of = _by_day(left.entries), _by_day(left.lines)
    for line in list(left.lines):
        left.take((line,), _together(line, left.entries, entries_of), is_sure=False)
    for entry in list(left.entries):
        left.take(_together(entry, left.lines, lines_of), (entry,), is_sure=False)
    return sorted(left.found, key=lambda match: (match.lines, match.entries))


def proposals_for_a_page(lines: Iterable[BankLine], entries: Iterable[BookEntry], most: int) -> list[Match]:
    """Up to `most` proposals for the newest lines, some hundred of them at a time, in bounded time."""
    waiting, free = sorted(lines, key=_order), list(entries)
    found: list[Match] = []
    for piece in [waiting[max(end - AT_ONCE, 0) : end] for end in range(len(waiting), 0, -AT_ONCE)][:PIECES]:
        first, last = piece[0].day - timedelta(days=NEAR_DAYS), piece[-1].day + timedelta(days=NEAR_DAYS)
        groups = {entry.group for entry in free if entry.group and first <= entry.day <= last}  # whole, or they are none
        found += propose(piece, [entry for entry in free if first <= entry.day <= last or entry.group in groups])
        if len(found) >= most:
            break
        used = {number for match in found for number in match.entries}
        free = [entry for entry in free if entry.id not in used]
    return found[:most]


class _Left:
    """What is in no match yet, the oldest first, and the matches so far."""

    def __init__(self, lines: Sequence[BankLine], entries: Sequence[BookEntry]) -> None:
        self.lines, self.entries = dict.fromkeys(lines), dict.fromkeys(entries)
        self.found: list[Match] = []

    def take(self, lines: Collection[BankLine], entries: Collection[BookEntry], *, is_sure: bool) -> None:
        """Make it a match, if there is something on both sides and all of it is still there."""
        if not lines or not entries or not (self.lines.keys() >= set(lines) and self.entries.keys() >= set(entries)):
            return
        for line in lines:
            del self.lines[line]
        for entry in entries:
            del self.entries[entry]
        self.found.append(Match(tuple(sorted(line.id for line in lines)), tuple(sorted(entry.id for entry in entries)), is_sure))


def _order(thing: BankLine | BookEntry) -> tuple[date, int]:
    return thing.day, thing.id


def _apart(one: BankLine | BookEntry, other: BankLine | BookEntry) -> int:
    return abs((one.day - other.day).days)


def _pairs(left: _Left) -> Iterator[tuple[BankLine, BookEntry]]:
    by_amount: dict[int, list[BookEntry]] = defaultdict(list)
    for entry in left.entries:
        by_amount[entry.amount].append(entry)
    return ((line, entry) for line in left.lines for entry in by_amount[line.amount] if _apart(line, entry) <= NEAR_DAYS)


def _groups(left: _Left) -> list[tuple[BankLine, tuple[BookEntry, ...]]]:
    """Lines with the whole groups that make them."""
    groups: dict[str, list[BookEntry]] = defaultdict(list)
    for entry in left.entries:
        if entry.group:
            groups[entry.group].append(entry)
    by_sum: dict[int, list[tuple[BookEntry, ...]]] = defaultdict(list)
    for _, group in sorted(groups.items()):
        by_sum[sum(entry.amount for entry in group)].append(tuple(group))
    return [
        (line, group)
        for line in left.lines
        for group in by_sum[line.amount]
        if len(group) > 1 and all(_apart(line, entry) <= NEAR_DAYS for entry in group)
    ]


def _by_day(things: Iterable[T]) -> dict[date, list[T]]:
    found: dict[date, list[T]] = defaultdict(list)
    for thing in things:
        found[thing.day].append(thing)
    return found


def _together(one: BankLine | BookEntry, left: Container[T], by_day: Mapping[date, Sequence[T]]) -> tuple[T, ...]:
    """Two or three of what is left of the other side that make `one`, the nearest in days first; none of them if none do."""
    near = _near(one, left, by_day)
    for many in range(2, TOGETHER_MAX + 1):
        for places in combinations(range(len(near)), many):
            if sum([near[place].amount for place in places]) == one.amount:
                return tuple(near[place] for place in places)
    return ()


def _near(one: BankLine | BookEntry, left: Container[T], by_day: Mapping[date, Sequence[T]]) -> list[T]:
    """What may be a part of `one`: of the same sign and smaller, day by day away from it, no more than are tried."""
    near: list[T] = []
    for apart in range(NEAR_DAYS + 1):
        for day in sorted({one.day - timedelta(days=apart), one.day + timedelta(days=apart)}):
            parts = (other for other in by_day.get(day, ()) if 0 < other.amount < one.amount or one.amount < other.amount < 0)
            near += (other for other in parts if other in left)
        if len(near) >= TRIED_MAX:
            break
    return near[:TRIED_MAX]


@dataclass(frozen=True, slots=True)
class Explained:
    """Why the bank's balance is not the book's, at the end of a day: book + not_in_book − not_at_bank + outside + before + gap + rest
    = bank. `outside`: lines that somebody has said do not belong to this book.

    `before`: what the bank had before the first line that is kept, less what the book had that is in no match; `gap`: what lines
    between the kept ones moved, by the balances that the bank gives; `rest`: what nothing explains, 0 where the bank gives balances.
    """

    book: int
    not_in_book: int
    not_at_bank: int
    outside: int
    before_bank: int
    before_book: int
    gap: int
    bank: int

    @property
    def before(self) -> int:
        return self.before_bank - self.before_book

    @property
    def rest(self) -> int:
        return self.bank - (self.book + self.not_in_book - self.not_at_bank + self.outside + self.before + self.gap)


def before_and_gap(lines: Sequence[tuple[int, int | None]]) -> tuple[int, int]:
    """From (amount, balance after) of one account's lines, oldest first: what was there before, and what is missing between them."""
    before: int | None = None
    gap = moved = 0
    last: int | None = None
    for amount, balance in lines:
        moved += amount
        if balance is None:
            continue
        if before is None:
            before = balance - moved
        elif last is not None:
            gap += balance - last - moved
        last, moved = balance, 0
    return before or 0, gap


def age_days(day: date, today: date) -> int:
    """How long something has been open."""
    return max((today - day) // timedelta(days=1), 0)
