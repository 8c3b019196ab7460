"""読み方で変わる額: where the call may be read otherwise, what the same plan would come to by the other reading.

Each reading alone: every other value stays as the project's version has it. Which values are doubtful is data (`other` in the table).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from subsidy.rules.application import Application
from subsidy.rules.budget import Sum, reckoned
from subsidy.rules.calls import Call


@dataclass(frozen=True, slots=True)
class Reading:
    """`name` of the doubtful value, `rule`; the gap to the figure in yen by category, below 0 where the other reading gives less.

    `stops`: codes for which, by it, the group could not apply at all.
    """

    name: str
    rule: str
    a: int
    b: int
    c: int
    stops: tuple[str, ...]

    @property
    def total(self) -> int:
        """All three, yen."""
        return self.a + self.b + self.c

    @property
    def matters(self) -> bool:
        """Whether anything would be otherwise."""
        return bool(self.a or self.b or self.c or self.stops)


def readings(application: Application, call: Call, now: Sum) -> list[Reading]:
    """Every other reading of the call, in the order of its table. `now`: the figure by our own."""
    return [_reading(name, application, call, now) for name, source in call.sources.items() if source.other is not None]


def _reading(name: str, application: Application, call: Call, now: Sum) -> Reading:
    change: dict[str, Any] = {name: call.sources[name].other}
    other = replace(call, values=replace(call.values, **change))
    found = reckoned(application, other)
    known = {fault.code for fault in now.faults}
    stops = tuple(dict.fromkeys(fault.code for fault in found.faults if fault.code not in known and not fault_is_of_a_line(fault.code)))
    before, after = now.parts, found.parts
    return Reading(name, call.sources[name].rule, after.a - before.a, after.b - before.b, after.c - before.c, stops)


def fault_is_of_a_line(code: str) -> bool:
    """Such a line is left out, and the gap says what that costs."""
    return code == "E_REP_NO_BUSINESS"
