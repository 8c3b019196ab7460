"""What the reviewers ask (概要: 審査内容): six base points that must be answered, five extra points that may be declined (S-70 to S-72)."""

from __future__ import annotations

from collections.abc import Iterable

BASE_POINTS = (1, 2, 3, 4, 5, 6)
EXTRA_POINTS = (7, 8, 9, 10, 11)
CRITERIA = (*BASE_POINTS, *EXTRA_POINTS)


def rule_of(item: int) -> str:
    """The rule that a criterion stands under."""
    return "S-70" if item in BASE_POINTS else "S-71"


def unanswered(answered: Iterable[int]) -> tuple[int, ...]:
    """Base points without an answer (E_PLAN_UNANSWERED): with them nothing is filed."""
    given = set(answered)
    return tuple(item for item in BASE_POINTS if item not in given)


def undecided(answered: Iterable[int]) -> tuple[int, ...]:
    """Extra points that are neither answered nor declined."""
    given = set(answered)
    return tuple(item for item in EXTRA_POINTS if item not in given)
