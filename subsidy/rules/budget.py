"""Three sums that are always there: what is planned, what was decided, what is spent; and what a change would do.

An unfinished plan still has figures: lines that cannot be reckoned are left out and named, and a group under ten is reckoned as if it
were ten, with the reason beside it. So a lead sees the sums from the first line on, and never without the condition they stand under.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from subsidy.rules.application import Application, Fault, Refused
from subsidy.rules.calls import Call
from subsidy.rules.grant import Grant, grant
from subsidy.rules.shares import ByCategory, final_of
from subsidy.rules.what_if import Loss, NextYen, losses, next_yen

GROUP_FAULTS = frozenset(
    {"E_GROUP_TOO_SMALL", "E_NO_BUSINESS_TYPE", "E_BUSINESS_TYPE", "E_REP_KIND", "E_PROVIDER_IN_GROUP", "E_EXPERT_IN_GROUP"}
)
"""Reasons why the group cannot apply yet: its lines can be reckoned all the same."""


@dataclass(frozen=True, slots=True)
class Sum:
    """`grant`: None where no line can be reckoned. `faults`: every reason why this is no application yet; `left_out`: lines by number."""

    grant: Grant | None
    faults: tuple[Fault, ...]
    left_out: tuple[str, ...]

    @property
    def is_conditional(self) -> bool:
        """Whether the figures stand under a condition that is not met yet."""
        return bool(self.faults)

    @property
    def subsidy(self) -> int:
        """Yen; 0 without a line."""
        return self.grant.subsidy.yen if self.grant else 0

    @property
    def parts(self) -> ByCategory:
        """A and B after the total cap, and C."""
        if self.grant is None:
            return ByCategory(0, 0, 0)
        return ByCategory(self.grant.a_kept.yen, self.grant.b_kept.yen, self.grant.c.subsidy.yen)


@dataclass(frozen=True, slots=True)
class Warnings:
    """What one more yen of each line brings, and what is lost with each line and each participant."""

    next: tuple[NextYen, ...]
    lines: tuple[Loss, ...]
    members: tuple[Loss, ...]


def as_if_ten(call: Call) -> Call:
    """The call without its lower limit of members, for figures that say so."""
    return replace(call, values=replace(call.values, group_min=0))


def reckoned(application: Application, call: Call) -> Sum:
    """The subsidy of what can be reckoned, and why the rest cannot."""
    faults: list[Fault] = []
    left: list[str] = []
    asked, rules = application, call
    for _ in range(3):  # the group's faults, the lines', and C alone once lines are out
        if not asked.lines:
            break
        try:
            return Sum(grant(asked, rules), tuple(faults), tuple(left))
        except Refused as refused:
            faults += [fault for fault in refused.faults if fault not in faults]
            asked, rules = _mended(asked, refused.faults, call), as_if_ten(call)
            left = [line.id for line in application.lines if line not in asked.lines]
    return Sum(None, tuple(faults), tuple(left))


def warned(application: Application, call: Call, left_out: Sequence[str]) -> Warnings:
    """Of the lines that stand in a sum. Under ten members everybody's leaving loses all alike, so it is told as if they were ten."""
    asked = replace(application, lines=tuple(line for line in application.lines if line.id not in left_out))
    if not asked.lines:
        return Warnings((), (), ())
    try:
        grant(asked, call)
    except Refused as refused:
        asked, call = _mended(asked, refused.faults, call), as_if_ten(call)
    lines, members = losses(asked, call)
    return Warnings(tuple(next_yen(asked, call)), tuple(lines), tuple(members))


def final(decided: ByCategory, spent: Sum, call: Call) -> ByCategory:
    """What would be fixed if the project ended with what is spent so far (額の確定)."""
    return final_of(decided, spent.grant, call) if spent.grant else ByCategory(0, 0, 0)


def _mended(application: Application, faults: Sequence[Fault], call: Call) -> Application:
    """Without the lines that are at fault, and with the group as it would have to be."""
    about = {fault.about for fault in faults if fault.code not in GROUP_FAULTS}
    lines = tuple(line for line in application.lines if line.id not in about)
    if any(fault.code == "E_C_ALONE" for fault in faults) or all(call.items[line.item].category == "c" for line in lines):
        lines = ()
    types = tuple(each for each in application.business_types if 1 <= each <= call.values.business_types) or (1,)
    kind = application.representative_kind
    kind = kind if kind in call.values.representative_kinds else call.values.representative_kinds[0]
    return replace(application, lines=lines, business_types=types, representative_kind=kind, it_providers=(), experts=())
