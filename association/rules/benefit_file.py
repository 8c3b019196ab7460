"""給付の名簿: which number gets how much, from a CSV as a town office saves it, or pasted. Whatever else stands in it is not kept."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import chain
from typing import NamedTuple

from association.rules.bank_file import parse_amount
from base.ids import squeezed
from base.row_file import FileWrong, each_row
from base.yen import YEN_MAX

LINES_MAX = 100_000
FILE_MAX_BYTES = 12 * 1024 * 1024
"""So many lines with name and address beside each: about 120 bytes a line."""
CARD_DIGITS = 16
SHOWN_MAX = 20
"""Characters of a wrong cell that are shown; a number is never longer, and a name in the wrong column is not kept whole."""
NUMBER_WORDS = ("番号", "カード", "number", "card", "id")
AMOUNT_WORDS = ("金額", "給付額", "支給額", "円", "amount", "yen")
_DIGITS = re.compile(r"[0-9]{1,16}")


class ListLine(NamedTuple):
    """One line of the list. `number`: of a card (16 digits) or a person; `amount` in yen. `wrong`: number or amount, with the `cell`."""

    line: int
    number: str
    amount: int
    wrong: str | None = None
    cell: str = ""

    @property
    def is_card(self) -> bool:
        return len(self.number) == CARD_DIGITS


def read_list(content: bytes) -> list[ListLine]:
    """The lines, blank ones left out. Raises FileWrong: missing, large, unreadable, table or column."""
    rows = each_row(content, bytes_max=FILE_MAX_BYTES, lines_max=LINES_MAX)
    first = next(rows)
    number_at, amount_at, head = _columns(first[1])
    found = [_line(place, row, number_at, amount_at) for place, row in (rows if head else chain([first], rows))]
    if not found:
        raise FileWrong("missing")
    return found


def _columns(first: Sequence[str]) -> tuple[int, int, int]:
    """Where number and amount stand, and how many lines of head there are. A number with a word in it is no number: then it is a head."""
    words = [squeezed(cell).lower() for cell in first]
    amount = next((at for at, word in enumerate(words) if any(each in word for each in AMOUNT_WORDS) and not _DIGITS.search(word)), None)
    number = next((at for at, word in enumerate(words) if at != amount and any(each in word for each in NUMBER_WORDS)), None)
    if number is not None and amount is not None:
        return number, amount, 1
    if len(first) >= 2 and _DIGITS.fullmatch(words[0]):
        return 0, 1, 0
    raise FileWrong("column", 1)


def _line(place: int, row: Sequence[str], number_at: int, amount_at: int) -> ListLine:
    typed, yen = (row[at] if at < len(row) else "" for at in (number_at, amount_at))
    number, amount = typed if typed.isascii() and typed.isdigit() else squeezed(typed), parse_amount(yen)
    if not _DIGITS.fullmatch(number):
        return ListLine(place, "", 0, "number", typed[:SHOWN_MAX] if any(sign.isdigit() for sign in typed) else "")
    if amount is None or not 1 <= amount <= YEN_MAX:
        return ListLine(place, number, 0, "amount", yen[:SHOWN_MAX])
    return ListLine(place, number, amount)
