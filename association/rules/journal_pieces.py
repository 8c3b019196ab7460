"""How a journal that is too long for one file is taken out: in runs of whole days, no file over the border of a month."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Piece:
    """Days in Tokyo, both included, and how many transactions they have together."""

    first: date
    last: date
    count: int


def pieces(days: Mapping[date, int], most: int) -> list[Piece]:
    """A month a piece, and a month with more than `most` as few runs of days as hold no more each; oldest first.

    A day is never divided: one with more than `most` is a piece of its own. Days without anything need not be in `days`.
    """
    months: dict[tuple[int, int], dict[date, int]] = {}
    for day in sorted(days):
        months.setdefault((day.year, day.month), {})[day] = days[day]
    found: list[Piece] = []
    for month in months.values():
        for place, (day, count) in enumerate(month.items()):
            if place and found[-1].count + count <= most:
                found[-1] = Piece(found[-1].first, day, found[-1].count + count)
            else:
                found.append(Piece(day, day, count))
    return found
