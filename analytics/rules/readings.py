"""One reading: what was counted or measured in one interval; and a table of them, line by line. What is doubtful is told, never mended."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal, InvalidOperation

from analytics.rules.kinds import Item, Kind
from analytics.rules.persons import CELLS, head_is_personal, personal_cell
from base.clock import TOKYO
from base.errors import N_
from base.row_file import FileWrong

SLACK = timedelta(minutes=5)
"""A sensor's clock may be so far ahead."""
FREE_MAX = 60
MESH = re.compile(r"[0-9]{8,11}")
REASONS = {
    "time": N_("日時を読めません。2026-11-01 9:00 のように書いてください。"),
    "finer": N_("決めた間隔の区切りではありません。"),
    "twice": N_("同じ日時が、前の行にもあります。"),
    "item": N_("何を数えたのかが分かりません。"),
    "number": N_("数字ではありません。"),
    "range": N_("ありえない値です。"),
    "future": N_("まだ終わっていない時間です。機器の時計を確かめてください。"),
    "old": N_("古すぎる日時です。機器の時計を確かめてください。"),
    "person": N_("人を特定できるものが入っています。"),
}
"""Why a line is left out, in the words of the page."""


@dataclass(frozen=True, slots=True)
class Reading:
    """`start`: in UTC. `item`: of the kind, or where the kind has a free one, its text. `value`: in steps of the item."""

    start: datetime
    item: str
    value: int


@dataclass(frozen=True, slots=True)
class WrongLine:
    """A line that is left out, counted from 1; `reason`: of REASONS. The cell is not kept: nobody knows what stands in it."""

    line: int
    reason: str


@dataclass(slots=True)
class Found:
    """What a table says. `blank`: values that were not measured: gaps, no zeros. `unused`: heads of columns that were left out."""

    readings: list[Reading] = field(default_factory=list)
    wrong: list[WrongLine] = field(default_factory=list)
    blank: int = 0
    unused: tuple[str, ...] = ()


class LooksPersonal(ValueError):
    """The table holds a column about persons. `head`: its title, or "" where a cell gave it away; `line`: where."""

    def __init__(self, head: str, line: int) -> None:
        super().__init__(head, line)
        self.head, self.line = head, line


@dataclass(frozen=True, slots=True)
class Frame:
    """What every reading of a source must keep to. `oldest`: nothing before it is taken."""

    kind: Kind
    interval_s: int
    now: datetime
    oldest: datetime

    def judge(self, start: datetime, item: Item, value: int) -> str | None:
        """The first reason against this reading, or None."""
        local = start.astimezone(TOKYO)
        into_day = (local.hour * 60 + local.minute) * 60 + local.second
        if into_day % self.interval_s or local.microsecond:
            return "finer"
        if start < self.oldest:
            return "old"
        latest = self.now + SLACK + timedelta(days=self.kind.ahead_days)
        begins_late = start > latest
        ends_late = start + timedelta(seconds=self.interval_s) > latest
        if begins_late if self.kind.ahead_days else ends_late:
            return "future"
        return None if item.least <= value <= item.most else "range"


def steps(text: str, item: Item) -> int | None:
    """A number as people write it, in steps of the item, or None. 12.0 people are 12; half a person is no number."""
    plain = unicodedata.normalize("NFKC", text).replace(",", "").strip()
    if not re.fullmatch(r"[+-]?[0-9]{1,12}(\.[0-9]{1,6})?(e[+]?[0-9]{1,2})?", plain, re.IGNORECASE):
        return None
    try:
        scaled = Decimal(plain).scaleb(item.digits)
    except InvalidOperation:
        return None
    return int(scaled) if scaled == scaled.to_integral_value() else None


MOMENT = re.compile(
    r"(\d{4})[-/年](\d{1,2})[-/月](\d{1,2})日?(?:[T ]*(\d{1,2})(?::|時)(?:(\d{1,2})分?)?(?::(\d{1,2}))?)?\s*(Z|[+-]\d{2}:?\d{2})?"
)


def moment(text: str) -> datetime | None:
    """A day, perhaps with a time of day, in Tokyo unless it says otherwise; 24:00 is the next day's beginning. In UTC."""
    found = MOMENT.fullmatch(unicodedata.normalize("NFKC", text).strip())
    if found is None:
        return None
    year, month, day, hour, minute, second = (int(part or 0) for part in found.groups()[:6])
    try:
        local = datetime(year, month, day, 0 if hour == 24 else hour, minute, second, tzinfo=TOKYO)
        if found[7]:
            zone = datetime.fromisoformat(f"2000-01-01T00:00:00{found[7]}").tzinfo
            local = local.replace(tzinfo=zone)
        return (local + timedelta(days=hour == 24)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def free_item(kind: Kind, text: str) -> str | None:
    """The text that names what is counted, or None: a mesh is digits, an answer or an event a few words and nobody's address."""
    plain = " ".join(unicodedata.normalize("NFKC", text).split())
    if not 0 < len(plain) <= FREE_MAX or any(unicodedata.category(sign) in ("Cc", "Cf", "Cs") for sign in plain):
        return None
    return plain if kind.name != "mesh" or MESH.fullmatch(plain) else None


Rows = Sequence[tuple[int, list[str]]]
ZONED = re.compile(r"(Z|[+-]\d{2}:?\d{2})\s*$")
WHEN, DAY, HOUR = ("日時", "開始", "時間帯", "start", "time"), ("日付", "年月日", "日", "date", "day"), ("時刻", "時", "hour")


def read_table(rows: Rows, frame: Frame) -> Found:
    """Each line of a table with one head, against the declared columns. Raises FileWrong (column, missing), LooksPersonal."""
    kind = frame.kind
    head = [_plain(cell) for cell in rows[0][1]]
    used = _columns(head, kind)
    personal = next((cell for cell in rows[0][1] if head_is_personal(cell)), None)
    if personal is not None:
        raise LooksPersonal(personal, rows[0][0])
    if len(rows) < 2:
        raise FileWrong("missing")
    found = Found(unused=tuple(cell for at, cell in enumerate(rows[0][1]) if cell and at not in used.values()))
    seen: set[tuple[datetime, str]] = set()
    for line, cells in rows[1:]:
        if personal_cell(cells) is not None:
            raise LooksPersonal("", line)
        for reason in _line(cells, used, frame, found, seen):
            found.wrong.append(WrongLine(line, reason))
    return found


def _line(cells: list[str], used: dict[str, int], frame: Frame, found: Found, seen: set[tuple[datetime, str]]) -> Iterator[str]:
    """The readings of a line go to `found`; what is wrong with it comes back."""

    def cell(name: str) -> str:
        place = used.get(name)
        return cells[place] if place is not None and place < len(cells) else ""

    start = moment(cell("when") if "when" in used else f"{cell('day')} {cell('hour')}{':00' if cell('hour').isdigit() else ''}")
    if start is None:
        yield "time"
        return
    free = free_item(frame.kind, cell("free")) if frame.kind.free else ""
    if free is None:
        yield "item"
        return
    if CELLS.search(free):
        yield "person"
        return
    for item in frame.kind.items:
        if item.name not in used:
            continue
        text = cell(item.name)
        if text in ("", "-", "--", "///", "欠測"):
            found.blank += 1
            continue
        reason = add(found, seen, frame, start, free or item.name, item, steps(text, item))
        if reason:
            yield reason


def add(
    found: Found, seen: set[tuple[datetime, str]], frame: Frame, start: datetime, name: str, item: Item, value: int | None
) -> str | None:
    """Take one reading, or say why not."""
    if value is None:
        return "number"
    if (start, name) in seen:
        return "twice"
    reason = frame.judge(start, item, value)
    if reason is None:
        seen.add((start, name))
        found.readings.append(Reading(start, name, value))
    return reason


def _columns(head: list[str], kind: Kind) -> dict[str, int]:
    """Where each thing stands. Raises FileWrong."""
    wanted = {"when": WHEN, "day": DAY, "hour": HOUR} | ({"free": kind.free} if kind.free else {})
    wanted |= {item.name: item.heads for item in kind.items}
    used = {}
    for name, words in wanted.items():
        place = next((head.index(_plain(word)) for word in words if _plain(word) in head), None)
        if place is not None:
            used[name] = place
    has_time, has_item = "when" in used or "day" in used, any(item.name in used for item in kind.items)
    if not has_time or not has_item or (kind.free and "free" not in used):
        raise FileWrong("column", 1)
    return used


def _plain(word: str) -> str:
    """A head without its unit in brackets, blanks and capitals."""
    return re.sub(r"\s|\(.*?\)", "", unicodedata.normalize("NFKC", word)).lower()


def read_sent(sent: Sequence[tuple[str, str, str]], frame: Frame) -> Found:
    """What a program sends: moment with its zone, item ("" for the first of the kind), value; counted from 1 like lines."""
    found = Found()
    seen: set[tuple[datetime, str]] = set()
    for line, (when, name, value) in enumerate(sent, 1):
        reason = _sent(when, name, value, frame, found, seen) if not CELLS.search(name) else "person"
        if reason:
            found.wrong.append(WrongLine(line, reason))
    return found


def _sent(when: str, name: str, value: str, frame: Frame, found: Found, seen: set[tuple[datetime, str]]) -> str | None:
    kind, start = frame.kind, moment(when)
    if start is None or not ZONED.search(when):
        return "time"
    if kind.free:
        free, item = free_item(kind, name), kind.items[0]
        if free is None:
            return "item"
        return add(found, seen, frame, start, free, item, steps(value, item))
    known = {each.name: each for each in kind.items}
    item_of = known.get(name or kind.items[0].name)
    if item_of is None:
        return "item"
    return add(found, seen, frame, start, item_of.name, item_of, steps(value, item_of))
