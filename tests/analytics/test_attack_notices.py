"""Each rule of the guard taken out by itself: the attacker of two days has something then, or reads what cannot be.

With all rules in place these very towns tell nothing (test_joint_attacker.py). So a rule that is lost is noticed by what it protected,
whatever else a change leaves in place.
"""

from __future__ import annotations

from typing import Any

import pytest

from analytics import guard
from analytics.guard import Published, covers, effects, published, rule, shared, shares, shops, summaries, tables
from analytics.guard.published import SEAL, Figure
from tests.analytics.test_joint_attacker import breaches
from tests.analytics.two_days import Town

Patch = tuple[Any, str, Any]
DOMINATED, TWO = "one who pays nine tenths", "two who know of each other"


def is_not_estimated(found: rule.Tally) -> Any:
    return (found.yen - found.largest - found.second) * 100 >= found.largest * rule.ESTIMATE_PERCENT


def is_not_dominated(found: rule.Tally) -> Any:
    return found.largest * 100 < found.yen * rule.DOMINANCE_PERCENT


def every_hour(raw: guard.Raw, *, owner: Any = None) -> Published:
    """A running day that moves whenever somebody came."""
    read = tables.open_raw(raw)
    sums = [read.tallies(0 * read.row, 1, among=read.row <= step) for step in range(len(read.rows))]
    found = [Figure(rule.in_tens(int(each.persons[0])), None) if rule.may_be_told(each)[0] else None for each in sums]
    return Published(SEAL, read.rows, found, found[-1] if found else None)


def whole(figure: Any, person: Any, yen: Any, owner: Any, figures: int) -> Any:
    """As if nobody took the own sales off."""
    return rule.may_be_told(rule.tally(figure, person, yen, figures))


def same(many: int) -> int:
    return many


IN_TENS: list[Patch] = [*((room, "in_tens", same) for room in (rule, published, summaries, effects, shares)), (shared, "STEP", 1)]
RULES: dict[str, tuple[list[Patch], int, str | None, int | None]] = {
    "ten people": ([(rule, "LEAST", 4)], 0, None, None),
    "full tens": (IN_TENS, 0, None, None),
    "nobody makes nine tenths": ([(room, "is_spread", is_not_estimated) for room in (rule, shops)], 3, DOMINATED, None),
    "nobody is estimated": ([(room, "is_spread", is_not_dominated) for room in (rule, shops)], 0, TWO, None),
    "what covers is withheld too": ([(tables, "_protect", lambda *_: None)], 0, None, None),
    "by a fifth": ([(covers, "PROTECTION_PERCENT", 1)], 0, DOMINATED, None),
    "a running day moves by ten, for staff": ([(guard, "publish_steps", every_hour)], 6, None, None),
    "a running day moves by ten, for owners": ([(guard, "publish_steps", every_hour)], 6, None, 0),
    "three owners": ([(shops, "LEAST_OTHERS", 1)], 1, None, 0),
    "ten people besides an owner's": ([(shops, "leave_enough", whole)], 0, None, 0),
}
"""What is taken out, in which town it shows, and to whom: `None` is of the association, a number the shop that the reader owns."""


@pytest.mark.parametrize("lost", RULES)
def test_a_rule_that_is_lost_is_noticed(lost: str, monkeypatch: pytest.MonkeyPatch) -> None:
    patches, seed, dear, owns = RULES[lost]
    for room, name, instead in patches:
        assert hasattr(room, name)
        monkeypatch.setattr(room, name, instead)
    found = breaches(Town(seed, dear=dear), owns=owns)
    if every_hour in [instead for _, _, instead in patches]:
        with pytest.raises(AssertionError, match=r"^\(10, .* 130\)"):  # what it reads says that ten came, and fewer did
            list(found)
    else:
        assert any(found), f"without {lost!r} the attack finds nothing"
