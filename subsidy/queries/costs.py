"""経費: the three sums of a project, what would change them, and each line with what it brings and what it lacks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from subsidy.queries.lines import LineRow
from subsidy.queries.standing import Standing
from subsidy.rules.application import Application, Line
from subsidy.rules.budget import Sum, Warnings, final, reckoned, warned
from subsidy.rules.chain import Amount, total
from subsidy.rules.costs import Cost, net_of
from subsidy.rules.readings import Reading, readings
from subsidy.rules.shares import ByCategory, Part, burdens, final_amount, parts_of, shares_of
from subsidy.rules.what_if import Loss, NextYen

NEAR_DAYS = 30
"""From so many days before the end of the period, what is not paid is in danger."""


@dataclass(frozen=True, slots=True)
class Change:
    """What somebody tries on the what-if page. Nothing of it is kept. `joins`: so many participants more.

    `adds`: the line of `pieces` pieces together.
    """

    drops: tuple[str, ...] = ()
    leaves: tuple[str, ...] = ()
    joins: int = 0
    adds: Line | None = None
    pieces: int = 1


@dataclass(frozen=True)
class Costs:
    """Made from a project as it stands. `tried`: a line that somebody tries beside those of the plan; it counts in every figure."""

    project: Standing
    tried: Line | None = None

    @property
    def rows(self) -> list[LineRow]:
        """The lines that are in the plan."""
        return self.project.plan_lines

    @property
    def application(self) -> Application:
        """The plan as the calculator sees it."""
        return self.project.application([*(row.line for row in self.rows), *([self.tried] if self.tried else [])])

    @cached_property
    def planned(self) -> Sum:
        """計画: every line as it is entered."""
        return reckoned(self.application, self.project.call) if self.tried else self.project.planned

    @cached_property
    def decided(self) -> ByCategory | None:
        """決定: what the office has decided, or fixed at the end; None before."""
        fact = self.project.facts.get("fixed") or self.project.facts.get("decided")
        return ByCategory(*fact.amounts) if fact and fact.amounts else None

    @cached_property
    def spent(self) -> Sum:
        """支払済み: lines that are paid, by their days. Nothing counts before the decision and the end of the period are known."""
        if not {"decided", "period_end"} <= self.project.facts.keys():
            return Sum(None, (), ())
        return reckoned(self.project.application((row.line for row in self.rows if row.line.paid), is_result=True), self.project.call)

    @cached_property
    def final(self) -> ByCategory | None:
        """What would be fixed if nothing more were paid."""
        fact = self.project.facts.get("decided")
        return final(ByCategory(*fact.amounts), self.spent, self.project.call) if fact and fact.amounts else None

    @cached_property
    def final_amount(self) -> Amount | None:
        """`final` with its chain; None while nothing that is spent counts."""
        fact = self.project.facts.get("decided")
        done = self.spent.grant
        return final_amount(ByCategory(*fact.amounts), done, self.project.call) if fact and fact.amounts and done else None

    @cached_property
    def decided_amount(self) -> Amount | None:
        """`decided` with its chain: the parts that stand in the notice."""
        found = self.decided
        return total("S-91", "decided", [found.a, found.b, found.c]) if found else None

    @cached_property
    def readings(self) -> dict[str, Reading]:
        """What the plan would come to by other readings of the call, by the name of the doubtful value."""
        found = readings(self.application, self.project.call, self.planned) if self.planned.grant else []
        return {each.name: each for each in found}

    @cached_property
    def spent_readings(self) -> list[Reading]:
        """The same of what is paid, where it would be otherwise, and otherwise than of the plan."""
        if self.spent.grant is None:
            return []
        paid = self.project.application((row.line for row in self.rows if row.line.paid), is_result=True)
        found = readings(paid, self.project.call, self.spent)
        return [each for each in found if each.matters and each != self.readings.get(each.name)]

    @property
    def ends_in(self) -> int | None:
        """Days to the end of the period, once that is near or past and something is not paid; below 0 when it is past."""
        end = self.project.facts.get("period_end")
        if end is None or not self.project.is_bought or not self.project.unpaid:
            return None
        days = (end.day - self.project.today).days
        return days if days <= NEAR_DAYS else None

    @property
    def spent_yen(self) -> int:
        """What was paid, without tax, whether it counts or not."""
        return sum(net_of(row.line).yen for row in self.rows if row.line.paid)

    @property
    def planned_yen(self) -> int:
        """What the lines cost, without tax, whether they count or not."""
        return sum(net_of(row.line).yen for row in self.rows)

    @cached_property
    def warnings(self) -> Warnings:
        """What one more yen brings, what a loss would cost."""
        return warned(self.application, self.project.call, self.planned.left_out)

    @cached_property
    def parts(self) -> dict[str, Part]:
        """The same with each amount's chain, and what each member bears itself."""
        return parts_of(self.planned.grant) if self.planned.grant else {}

    @cached_property
    def shares(self) -> dict[str, ByCategory]:
        """Who gets which part of the planned subsidy."""
        return shares_of(self.planned.grant) if self.planned.grant else {}

    @cached_property
    def asked_about(self) -> dict[str, list[int]]:
        """What a reviewer would ask (W codes), and about which members."""
        found: dict[str, list[int]] = {}
        for code, member in self.planned.grant.warnings if self.planned.grant else ():
            found.setdefault(code, []).append(int(member))
        return found

    def eligible_of(self, number: int) -> Cost | None:
        """What of a line counts, and why; None where it is in no sum."""
        return self._counted.get(str(number))

    @cached_property
    def _counted(self) -> dict[str, Cost]:
        return {cost.line.id: cost for cost in self.planned.grant.costs} if self.planned.grant else {}

    def next_of(self, number: int) -> NextYen | None:
        """What one more yen of this line brings."""
        return self._next.get(str(number))

    @cached_property
    def _next(self) -> dict[str, NextYen]:
        return {each.line: each for each in self.warnings.next}

    def loss_of(self, number: int) -> Loss | None:
        """What falls with this line."""
        return self._losses.get(str(number))

    @cached_property
    def _losses(self) -> dict[str, Loss]:
        return {each.what: each for each in self.warnings.lines}

    def faults_of(self, number: int) -> list[str]:
        """Why this line is in no sum, or falls out of the result."""
        return list(self._faults.get(str(number), ()))

    @cached_property
    def _faults(self) -> dict[str, dict[str, None]]:
        """Codes in the order in which they were found, each once, by line."""
        told = [(fault.about, fault.code) for fault in self.planned.faults]
        for grant in (self.planned.grant, self.spent.grant):
            told += [(each.line, each.code) for each in grant.excluded] if grant else []
        found: dict[str, dict[str, None]] = {}
        for line, code in told:
            found.setdefault(line, {})[code] = None
        return found

    @property
    def binding(self) -> tuple[str, ...]:
        """Every cap that holds some line down, by the names of `NextYen`."""
        return tuple(dict.fromkeys(cap for each in self.warnings.next for cap in each.binding))

    @cached_property
    def burdens(self) -> Mapping[int, int]:
        """自己負担 of each member that has a line in the sum, yen."""
        return {int(member): yen for member, yen in burdens(self.planned.grant).items()} if self.planned.grant else {}

    def what_if(self, change: Change) -> Costs:
        """The costs as they would be with a change."""
        parties = tuple(row for row in self.project.parties if str(row.id) not in change.leaves)
        lead = next(row for row in parties if row.role == "representative")
        more = tuple(
            replace(lead, id=-number, name="", known=replace(lead.known, id=-number, role="participant"))
            for number in range(1, change.joins + 1)
        )
        gone = {*change.drops}
        lines = tuple(row for row in self.project.lines if str(row.number) not in gone and str(row.party_id) not in change.leaves)
        return Costs(replace_standing(self.project, parties=(*parties, *more), lines=lines), change.adds)


def beside(before: Mapping[int, int], after: Mapping[int, int]) -> dict[int, tuple[int, int]]:
    """Yen of each member, before and after; 0 where it has none."""
    return {member: (before.get(member, 0), after.get(member, 0)) for member in dict.fromkeys((*before, *after))}


def replace_standing(project: Standing, **changes: object) -> Standing:
    """The same project with other parts; what was reckoned of it is reckoned anew."""
    kept = {name: value for name, value in project.__dict__.items() if name in Standing.__dataclass_fields__}
    return Standing(**{**kept, **changes})
