"""紙の券: what its QR says, its short number, and how many tickets a booklet has.

A ticket's text names lot, booklet and ticket, and carries 84 bits that only the installation's master key and the secret of its lot
spell: whoever has seen one cannot write the next. Ticket 0 is the cover, by which a booklet is sold.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from base.ids import ALPHABET, squeezed

SIGNS = 17
TEXT = re.compile(rf"M3([0-9]{{6}})([0-9]{{4}})([0-9]{{2}})([{ALPHABET}]{{{SIGNS}}})")
TICKETS_MAX = 99


@dataclass(frozen=True, slots=True, order=True)
class TicketName:
    """Which ticket of which booklet of which lot. `ticket` 0: the cover. `edition`: of which print its signs are; it is the same ticket."""

    lot: int
    booklet: int
    ticket: int
    edition: int = field(default=0, compare=False)

    @property
    def serial(self) -> str:
        """The short number that people read to each other; it is no secret, and pays nothing."""
        return f"{self.lot}-{self.booklet:04d}-{self.ticket:02d}"


@dataclass(frozen=True, slots=True)
class ReadTicket:
    """What was read: the ticket that it says to be, and the signs that must prove it."""

    name: TicketName
    signs: str


def spelled(secret: bytes) -> str:
    """17 signs that nobody confuses, 84 bits of 32 secret bytes."""
    number, signs = int.from_bytes(secret, "big"), []
    for _ in range(SIGNS):
        number, place = divmod(number, len(ALPHABET))
        signs.append(ALPHABET[place])
    return "".join(signs)


def ticket_text(name: TicketName, signs: str) -> str:
    """What the QR says: 31 signs, alphanumeric."""
    return f"M3{name.lot:06d}{name.booklet:04d}{name.ticket:02d}{signs}"


def read_ticket(text: str) -> ReadTicket | None:
    """What was scanned or typed, of any case and width, in groups or not. None: no ticket."""
    found = TEXT.fullmatch(squeezed(text).upper())
    return None if found is None else ReadTicket(TicketName(int(found[1]), int(found[2]), int(found[3])), found[4])


def grouped_text(text: str) -> str:
    """As it is printed to be typed: the numbers, then the signs in groups."""
    head, signs = text[:14], text[14:]
    return "-".join([head[:2], head[2:8], head[8:12], head[12:], *(signs[place : place + 6] for place in range(0, len(signs), 6))])


def tickets_of(local_face: int, common_face: int, face: int) -> tuple[int, int] | None:
    """How many tickets of `face` yen make the parts of a unit; None where they do not."""
    if face < 1 or local_face % face or common_face % face:
        return None
    local, common = local_face // face, common_face // face
    return (local, common) if 1 <= local + common <= TICKETS_MAX else None
