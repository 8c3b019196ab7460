"""利用者番号 that were pasted, a line each: what they are, and which lines are none."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from base.ids import squeezed

LINES_MAX = 5_000
CARD_DIGITS = 16
PERSON_DIGITS = 12
SHOWN_MAX = 20
"""Characters of a wrong line that are shown: a number is never longer, and a name that was pasted is not kept whole."""
_DIGITS = re.compile(r"[0-9]+")


@dataclass(frozen=True, slots=True)
class PastedNumber:
    """One line. `number`: of a person or a card (16 digits), "" where it is none. `shown`: what stands there, if it has a digit."""

    line: int
    number: str
    shown: str = ""

    @property
    def is_card(self) -> bool:
        return len(self.number) == CARD_DIGITS


@dataclass(frozen=True, slots=True)
class Resolved:
    """Whom the lines name, each once, in their order; and the lines that name nobody: (line, what is shown, number, unknown or twice)."""

    people: tuple[int, ...]
    wrong: tuple[tuple[int, str, str], ...]


def read_numbers(text: str) -> list[PastedNumber]:
    """The first cell of each line, blank lines and a head without a digit left out; of any width, with hyphens or without."""
    found = []
    for place, line in enumerate(text.splitlines(), 1):
        cell = re.split(r"[\t,、]", line, maxsplit=1)[0].strip()
        number = squeezed(cell)
        if not number or (place == 1 and not any(sign.isdigit() for sign in number)):
            continue
        is_number = _DIGITS.fullmatch(number) and (len(number) <= PERSON_DIGITS or len(number) == CARD_DIGITS)
        shown = cell[:SHOWN_MAX] if any(sign.isdigit() for sign in cell) else ""
        found.append(PastedNumber(place, number if is_number else "", shown))
    return found


def resolve(lines: Sequence[PastedNumber], known: Mapping[str, int]) -> Resolved:
    """`known`: number → person, of those that are here."""
    people: dict[int, None] = {}
    wrong = []
    for each in lines:
        person = known.get(each.number)
        if person is None or person in people:
            wrong.append((each.line, each.shown, "number" if not each.number else "unknown" if person is None else "twice"))
        else:
            people[person] = None
    return Resolved(tuple(people), tuple(wrong))
