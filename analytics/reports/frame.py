"""What a report is: a question with fixed periods, a way to gather published tables, and a way to say what they say."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from analytics.reports.answers import Answer, Told
from analytics.reports.source import Asked, Source

TODAY = 0
"""In place of a number of months: the running day."""
QUARTER = 3
"""Months: January to March and so on, never any three. Whoever could ask for each three months could take two answers that share two months
from each other, and would have what changed in one month's answer without its having been guarded."""


@dataclass(frozen=True, slots=True)
class Report:
    """`gather` sees columns and gives back what the guard published; `tell` sees only that. `scopes`: district, shop or both.

    `months`: how many it is about, the last of which is asked for; TODAY for the running day. `pairs_shops`: says by name which shops
    share people, which is for the association alone.
    """

    name: str
    title: str
    question: str
    scopes: frozenset[str]
    months: int
    gather: Callable[[Source, Asked], Told]
    tell: Callable[[Asked, Told], Answer]
    pairs_shops: bool = False


DISTRICT, SHOP, BOTH = frozenset({"district"}), frozenset({"shop"}), frozenset({"district", "shop"})
