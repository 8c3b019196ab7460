"""対象者の名簿: who may apply, from a CSV as a town office or an association saves it. What is doubtful is shown, not repaired."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from association.rules.spelling import Spelling, spelling
from base.ids import squeezed
from base.row_file import FileWrong, rows_of

FILE_MAX_BYTES = 5 * 1024 * 1024
LINES_MAX = 20_000
NAME_MAX, KANA_MAX, POSTAL_MAX, ADDRESS_MAX = 60, 80, 10, 200
HEADS = {
    "kana": ("ふりがな", "フリガナ", "カナ", "かな", "よみ", "kana"),
    "postal": ("郵便", "〒", "postal", "zip"),
    "address": ("住所", "所在地", "address"),
    "name": ("氏名", "名前", "name"),
}
"""What a column's head says, by what it holds; the first that fits, so that 氏名カナ is no name."""
LOST = ("\ufffd", "?", "〓", "■", "●", "*")
"""What programs leave where they had no letter: 髙橋 became ?橋."""


@dataclass(frozen=True, slots=True)
class Resident:
    """One line of the list. `wrong`: name, address, letters or double; `like_line`: the line that says the same."""

    line: int
    name: str
    kana: str
    postal: str
    address: str
    spelling: Spelling
    wrong: str | None = None
    like_line: int = 0


def read_residents(content: bytes) -> list[Resident]:
    """The lines, blank ones left out; one that is there already, letter for letter, is `double`. Raises FileWrong: missing, large,
    unreadable, table or column."""
    rows = rows_of(content, bytes_max=FILE_MAX_BYTES, lines_max=LINES_MAX)
    if len(rows) < 2:
        raise FileWrong("missing")
    at = _columns(rows[0][1])
    seen: dict[str, int] = {}
    found = []
    for line, row in rows[1:]:
        cells = {what: (" ".join(row[place].split()) if place < len(row) else "") for what, place in at.items()}
        one = _resident(line, cells, seen)
        if one.wrong is None:
            seen[one.spelling.same] = line
        found.append(one)
    return found


def _resident(line: int, cells: dict[str, str], seen: dict[str, int]) -> Resident:
    name, address = cells["name"], cells["address"]
    spelled = spelling(name, address)
    wrong = None
    if not name or len(name) > NAME_MAX:
        wrong = "name"
    elif not address or len(address) > ADDRESS_MAX:
        wrong = "address"
    elif any(sign in name or sign in address for sign in LOST):
        wrong = "letters"
    elif spelled.same in seen:
        wrong = "double"
    kana, postal = cells.get("kana", "")[:KANA_MAX], cells.get("postal", "")[:POSTAL_MAX]
    return Resident(line, name[:NAME_MAX], kana, postal, address[:ADDRESS_MAX], spelled, wrong, seen.get(spelled.same, 0))


def _columns(head: Sequence[str]) -> dict[str, int]:
    """Where each thing stands, by the head of its column. Raises FileWrong."""
    at: dict[str, int] = {}
    for place, cell in enumerate(head):
        word = squeezed(cell).lower()
        what = next((what for what, words in HEADS.items() if any(squeezed(each) in word for each in words)), None)
        if what is not None:
            at.setdefault(what, place)
    if "name" not in at or "address" not in at:
        raise FileWrong("column", 1)
    return at
