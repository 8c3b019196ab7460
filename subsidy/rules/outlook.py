"""Whether the 5 % goal will be met, and which members pull the group down: exact, and simple enough to be done again by hand.

Forecast: the second year grows over the first as the first grew over the base. Pull: the group's growth with a member less its growth
without it; below zero, the group would have grown more without it. Both are ours; the call only names the goal (S-85, S-87).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from math import ceil, floor

from subsidy.rules.application import Refused
from subsidy.rules.calls import Call
from subsidy.rules.effect import Goal, Member, Year, effect, goal_of
from subsidy.rules.progress import Facts

BASE = 0


@dataclass(frozen=True, slots=True)
class Pull:
    """What one member does to the group's growth since the base, in basis points, cut downwards."""

    member: str
    bp: int

    @property
    def is_down(self) -> bool:
        """Whether the group would have grown more without it."""
        return self.bp < 0


@dataclass(frozen=True, slots=True)
class Forecast:
    """After the first year: the goal if growth goes on as it did; and what the second year needs.

    `gross_needed`: yen of gross profit that meet the goal with the hours of year 1; `gross_missing`: how much more that is than year 1
    had, 0 where it is enough already.
    """

    goal: Goal
    gross_needed: int
    gross_missing: int


def forecast(years: Sequence[Year], call: Call) -> Forecast:
    """From base and first year. The base is above 0, as `effect` sees to. A year of loss is taken to come again, and nothing grows."""
    base, first = years[0], years[1]
    grows = first.gross_profit > 0
    again = Year(first.gross_profit**2 * base.hours, first.hours**2 * base.gross_profit) if grows else first
    needed = ceil(_wanted_ratio(call) * base.productivity * first.hours)
    return Forecast(goal_of((base, first, again), call), needed, max(0, needed - first.gross_profit))


def pulls(members: Sequence[Member], call: Call) -> list[Pull]:
    """Every staying member's pull on the newest year, the worst first. Without a member that bears all of the base there is none."""
    staying = [member for member in members if not member.is_withdrawn]
    whole = _growth(staying, call)
    found = []
    for member in staying if whole is not None else []:
        rest = _growth([each for each in staying if each is not member], call)
        if rest is not None and whole is not None:
            found.append(Pull(member.id, floor((whole - rest) * 10_000)))
    return sorted(found, key=lambda pull: pull.bp)


def years_asked(facts: Facts, today: date, call: Call) -> tuple[int, ...]:
    """The years whose figures are to be had now: the base from the first day, a report year once it is over, until its report is filed."""
    if any(end in facts for end in ("revoked", "withdrawn", "rejected")):
        return ()
    found = [BASE] if "report1_filed" not in facts else []
    for number, report in enumerate(call.values.reports, start=1):
        if "decided" in facts and today > report.period_to and f"report{number}_filed" not in facts:
            found.append(number)
    return tuple(found)


def _wanted_ratio(call: Call) -> Fraction:
    """P2 / P0 that meets the goal by the call's own reading; by those of single years, the geometric one, which meets them all."""
    rate = call.values.goal_rate
    return 1 + 2 * rate if call.values.goal_reading == "simple" else (1 + rate) ** 2


def _growth(members: Sequence[Member], call: Call) -> Fraction | None:
    try:
        years = effect(members, call).years
    except Refused:
        return None
    return years[-1].productivity / years[0].productivity
