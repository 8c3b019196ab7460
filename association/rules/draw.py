"""The draw (抽選): who gets units when more are wanted than there are, such that anybody can do it again and must get the same.

Three things are fixed in this order, and each is published before the next is known: the list of applications (by number, no
names), the moment from which the sealed log's next checkpoint counts, and that checkpoint. Every byte stands in docs/reference/draw.md.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Any

LIST_HEAD, SEED_HEAD, TICKET_HEAD = b"meguri draw list 1\n", b"meguri draw seed 1\n", b"meguri draw ticket 1\n"


@dataclass(frozen=True, slots=True)
class Entry:
    """An application. `number`: its own in the campaign, from 1; `units`: how many are wanted, 1 or more."""

    number: int
    units: int


@dataclass(frozen=True, slots=True)
class Place:
    """What the draw gave to an application. `rank` from 1; `given` of `wanted` units, 0 for who waits."""

    rank: int
    number: int
    wanted: int
    given: int


def list_hash(entries: Iterable[Entry]) -> bytes:
    """SHA-256 of the list, whatever its order. Raises ValueError for a number that stands twice, or one below 1."""
    ordered = sorted(entries, key=lambda entry: entry.number)
    numbers = [entry.number for entry in ordered]
    if len(set(numbers)) != len(numbers) or any(entry.number < 1 or entry.units < 1 for entry in ordered):
        raise ValueError("each number once, numbers and units from 1")
    return hashlib.sha256(LIST_HEAD + b"".join(b"%d %d\n" % (entry.number, entry.units) for entry in ordered)).digest()


def seed(campaign: str, entries: Iterable[Entry], size: int, root: bytes) -> bytes:
    """What decides. `campaign`: its public name in the district's addresses; `size` and `root`: the checkpoint's."""
    return hashlib.sha256(SEED_HEAD + campaign.encode() + b"\n" + list_hash(entries) + b"%d\n" % size + root).digest()


def ticket(by_seed: bytes, number: int) -> bytes:
    """The application's lot: the lowest comes first. Two that are equal are as likely as a broken SHA-256."""
    return hashlib.sha256(TICKET_HEAD + by_seed + b"%d" % number).digest()


NOTHING: Mapping[int, int] = {}


def draw(
    entries: Iterable[Entry], units: int, by_seed: bytes, without: AbstractSet[int] = frozenset(), kept: Mapping[int, int] = NOTHING
) -> list[Place]:
    """All applications in their order, and what each gets of `units`.

    Whoever comes first gets what was wanted; the last for whom something is left gets the rest; then all wait. `without`: numbers
    that have given theirs up; `kept`: numbers that gave up a part, and what they keep. The units go down the same order: nobody else
    gets less by it.
    """
    ordered = sorted(entries, key=lambda entry: ticket(by_seed, entry.number))
    stay = {**dict.fromkeys(without, 0), **kept}
    left = units - sum(min(entry.units, stay.get(entry.number, 0)) for entry in ordered)
    places = []
    for rank, entry in enumerate(ordered, start=1):
        fresh = 0 if entry.number in stay else min(entry.units, left)
        left -= fresh
        places.append(Place(rank, entry.number, entry.units, fresh + min(entry.units, stay.get(entry.number, 0))))
    return places


def _draw_answer(question: dict[str, Any]) -> dict[str, object]:
    entries: Sequence[Entry] = [Entry(number, units) for number, units in question["entries"]]
    by_seed = seed(question["campaign"], entries, question["size"], bytes.fromhex(question["root"]))
    places = draw(entries, question["units"], by_seed, frozenset(question.get("without", ())), dict(question.get("kept", ())))
    return {
        "list": list_hash(entries).hex(),
        "seed": by_seed.hex(),
        "places": [[place.rank, place.number, place.wanted, place.given] for place in places],
    }


RULES: dict[str, Callable[[dict[str, Any]], object]] = {"vouchers.draw": _draw_answer}
