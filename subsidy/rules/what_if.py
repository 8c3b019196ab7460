"""Money about to be lost, said before it is lost: what one yen more of a line brings, and what falls when a line or a member falls out.

No clock: a line "about to fall out" is one that the caller names, for instance because it is not paid and the period ends.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction

from subsidy.rules.application import Application, Line, size_of
from subsidy.rules.calls import Call
from subsidy.rules.chain import Amount
from subsidy.rules.costs import Cost, costs_of
from subsidy.rules.grant import Grant, MemberA, b_of, c_of, grant, keep, member_a

ZERO = Fraction(0)


@dataclass(frozen=True, slots=True)
class NextYen:
    """What one yen more of a line, as entered, adds to the whole subsidy: an exact rate, before any cut to whole yen.

    `binding`: which caps hold it down, from the line outwards: cloud_months, it_cap_one_function, it_cap, pc_cap, register_cap, b_cap,
    ab_cap, c_share, c_cap. A cap that takes only a part (months beyond the allowance) leaves a rate above 0. `lifts_c`: a part of the
    rate is C, whose share of A + B rises with it.
    """

    line: str
    rate: Fraction
    binding: tuple[str, ...]
    lifts_c: bool


@dataclass(frozen=True, slots=True)
class Loss:
    """What is lost when `what` (a line or a member) falls out, in yen of subsidy; `left` of it remains.

    `lost` is below 0 where a cheap line had taken the months of a dearer one of the same tool.

    `because`, beside the part's own subsidy: hardware_alone (`also_out` falls with it), second_function (the cap of IT tools falls),
    b_cap (fewer members), c_share (A + B carry less C), group_floor (fewer than ten: nothing is left until the office has spoken).
    """

    what: str
    left: int
    lost: int
    also_out: tuple[str, ...]
    because: tuple[str, ...]


def next_yen(application: Application, call: Call) -> list[NextYen]:
    """For each line that stands, in order: what one yen more of it brings. Raises Refused like `grant`."""
    now = grant(application, call)
    return [_next(cost, now, call) for cost in now.costs]


def if_line_falls(application: Application, call: Call, line: str) -> Loss:
    """The line of that id falls out of the sum (late, unpaid, given up). Raises Refused like `grant`, ValueError for no such line."""
    if line not in {each.id for each in application.lines}:
        raise ValueError(f"no line {line}")
    return _line_falls(line, application, call, grant(application, call))


def if_member_leaves(application: Application, call: Call, member: str) -> Loss:
    """A participant leaves with its lines. Raises Refused like `grant`, ValueError for who is no participant.

    Leaving under ten is not merely less: the whole application must stop and ask (S-92), so all of it counts as lost.
    """
    if member not in application.participants:
        raise ValueError(f"no participant {member}")
    return _member_leaves(member, application, call, grant(application, call))


def losses(application: Application, call: Call) -> tuple[list[Loss], list[Loss]]:
    """Of every line that stands, and of every participant, each alone, in order. Raises Refused like `grant`.

    A line that falls changes its own member alone, so only that one is reckoned anew; but for the representative's B software, beside
    which any member's hardware may stand. A hundred shops would wait for seconds otherwise.
    """
    now = grant(application, call)
    return _Without(application, call, now).all()


@dataclass(frozen=True, slots=True)
class _After:
    """What is left: the sum, the cap of B and what B comes to before the total cap, and C."""

    left: int
    b_cap: int
    b: int
    c: int


class _Without:
    """The sums of an application without one line or one participant, from what its own member has."""

    def __init__(self, application: Application, call: Call, now: Grant) -> None:
        self.application, self.call, self.now = application, call, now
        self.out = {each.line for each in now.excluded}
        self.shared = {line.id for line in application.lines if self._is_shared(line)}
        self.lines: dict[str, list[Line]] = {}
        self.costs: dict[str, list[Cost]] = {}
        for line in application.lines:
            self.lines.setdefault(line.member, []).append(line)
        for cost in now.costs:
            self.costs.setdefault(cost.line.member, []).append(cost)

    def all(self) -> tuple[list[Loss], list[Loss]]:
        lines = [self._line(cost) for cost in self.now.costs]
        return lines, [self._member(member) for member in self.application.participants]

    def _is_shared(self, line: Line) -> bool:
        item = self.call.items[line.item]
        return line.member == self.application.representative and (item.category, item.sort) == ("b", "software")

    def _line(self, cost: Cost) -> Loss:
        line = cost.line
        if line.id in self.shared:
            return _line_falls(line.id, self.application, self.call, self.now)
        beside = (
            [each for each in self.application.lines if each.id in self.shared] if line.member != self.application.representative else []
        )
        own = replace(self.application, lines=(*beside, *self.lines[line.member]))
        found, excluded = costs_of(own, self.call, frozenset({line.id}))
        mine = [each for each in found if each.line.member == line.member]
        after, functions = self._sums(line.member, mine, len(self.application.group))
        newly = {each.line for each in excluded} - self.out
        also_out = tuple(each.line.id for each in self.costs[line.member] if each.line.id in newly)
        had = self.now.members.get(line.member)
        because = ["hardware_alone"] * bool(also_out) + ["second_function"] * (had is not None and functions == 1 < len(had.functions))
        return self._loss(line.id, after, also_out, because, cost.item.category != "c")

    def _member(self, member: str) -> Loss:
        smaller = [line for line in self.application.lines if line.member != member]
        size = size_of(self.application, self.call) - 1
        if size < self.call.values.group_min:
            return Loss(member, 0, self.now.subsidy.yen, (), ("group_floor",))
        if all(self.call.items[line.item].category == "c" for line in smaller):
            return Loss(member, 0, self.now.subsidy.yen, (), ())
        after, _functions = self._sums(member, [], len(self.application.group) - 1)
        return self._loss(member, after, (), [], True)

    def _sums(self, member: str, mine: list[Cost], group: int) -> tuple[_After, int]:
        """With these lines in place of the member's own; and how many functions it has then."""
        now, had, before = self.now, self.now.members.get(member), self.costs.get(member, [])
        of_a = [cost for cost in mine if cost.item.category == "a"]
        has = member_a(of_a, self.call) if of_a else None
        a = now.a.yen - (had.subsidy.yen if had else 0) + (has.subsidy.yen if has else 0)
        b_cost, c_cost = (whole.yen - _of(before, letter) + _of(mine, letter) for letter, whole in (("b", now.b_cost), ("c", now.c.cost)))
        b_cap, b = b_of(Amount(b_cost), group, self.call)
        a_kept, b_kept = keep(Amount(a), b, self.call)
        c = c_of(Amount(c_cost), a_kept.yen + b_kept.yen, self.call).subsidy.yen
        return _After(a_kept.yen + b_kept.yen + c, b_cap, b.yen, c), len(has.functions) if has else 0

    def _loss(self, what: str, after: _After, also_out: tuple[str, ...], because: list[str], is_same_c: bool) -> Loss:
        if after.b_cap < self.now.b_cap and after.b == after.b_cap:
            because.append("b_cap")
        if is_same_c and after.c < self.now.c.subsidy.yen:
            because.append("c_share")
        return Loss(what, after.left, self.now.subsidy.yen - after.left, also_out, tuple(because))


def _of(costs: list[Cost], category: str) -> int:
    return sum(cost.eligible.yen for cost in costs if cost.item.category == category)


def _line_falls(line: str, application: Application, call: Call, now: Grant) -> Loss:
    return _loss(line, now, grant(application, call, frozenset({line})))


def _member_leaves(member: str, application: Application, call: Call, now: Grant) -> Loss:
    smaller = replace(
        application,
        participants=tuple(each for each in application.participants if each != member),
        lines=tuple(line for line in application.lines if line.member != member),
    )
    if size_of(smaller, call) < call.values.group_min:
        return Loss(member, 0, now.subsidy.yen, (), ("group_floor",))
    if all(call.items[line.item].category == "c" for line in smaller.lines):
        return Loss(member, 0, now.subsidy.yen, (), ())
    return _loss(member, now, grant(smaller, call))


def _next(cost: Cost, now: Grant, call: Call) -> NextYen:
    """The slope to the right, link by link: invoice → eligible → category → total cap → C."""
    rate, binding = Fraction(1), []
    if cost.line.tax_included and cost.line.tax_rate is not None:
        rate = Fraction(100, 100 + cost.line.tax_rate)
    if cost.is_shortened and cost.line.months:
        rate *= Fraction(cost.months_counted or 0, cost.line.months)
        binding.append("cloud_months")
    of_category, caps = {"a": _of_a, "b": _of_b, "c": _of_c}[cost.item.category](cost, now, call)
    binding += caps
    rate *= of_category
    if cost.item.category == "c":
        return NextYen(cost.line.id, rate, tuple(binding), False)
    if now.a.yen + now.b.yen >= call.values.ab_cap:
        return NextYen(cost.line.id, ZERO, (*binding, "ab_cap"), False)
    lifts = rate > 0 and now.c.by_share.yen < min(now.c.by_rate.yen, now.c.by_ceiling)
    part = call.values.c_share * call.values.c_rate if lifts else ZERO
    return NextYen(cost.line.id, rate * (1 + part), tuple(binding), lifts)


def _of_a(cost: Cost, now: Grant, call: Call) -> tuple[Fraction, list[str]]:
    values, member = call.values, now.members[cost.line.member]
    if cost.item.sort == "pc":
        return (ZERO, ["pc_cap"]) if values.a_pc_rate * member.pc_cost.yen >= values.a_pc_cap else (values.a_pc_rate, [])
    if cost.item.sort == "register":
        full = values.a_register_rate * member.register_cost.yen >= values.a_register_cap
        return (ZERO, ["register_cap"]) if full else (values.a_register_rate, [])
    return _of_it(member, call)


def _of_it(member: MemberA, call: Call) -> tuple[Fraction, list[str]]:
    values, cost = call.values, member.it_cost.yen
    knee = values.a_low_subsidy_max / values.a_low_rate
    above = values.a_high_rate * cost if values.a_high_rate_on_whole else values.a_low_subsidy_max + (cost - knee) * values.a_high_rate
    exact = values.a_low_rate * cost if cost < knee else above
    if exact >= member.it_cap:
        return ZERO, ["it_cap_one_function" if len(member.functions) == 1 else "it_cap"]
    return (values.a_low_rate if cost < knee else values.a_high_rate), []


def _of_b(_: Cost, now: Grant, call: Call) -> tuple[Fraction, list[str]]:
    full = call.values.b_rate * now.b_cost.yen >= now.b_cap
    return (ZERO, ["b_cap"]) if full else (call.values.b_rate, [])


def _of_c(_: Cost, now: Grant, call: Call) -> tuple[Fraction, list[str]]:
    values = call.values
    exact = values.c_rate * now.c.cost.yen
    share = values.c_share * values.c_rate * (now.a_kept.yen + now.b_kept.yen)
    caps = [name for name, cap in (("c_share", share), ("c_cap", Fraction(values.c_cap))) if exact >= cap]
    return (ZERO, caps) if caps else (values.c_rate, [])


def _loss(what: str, before: Grant, after: Grant) -> Loss:
    newly = {each.line for each in after.excluded} - {each.line for each in before.excluded}
    also_out = tuple(cost.line.id for cost in before.costs if cost.line.id in newly)
    return Loss(what, after.subsidy.yen, before.subsidy.yen - after.subsidy.yen, also_out, tuple(_reasons(before, after, bool(also_out))))


def _reasons(before: Grant, after: Grant, hardware_fell: bool) -> Iterator[str]:
    if hardware_fell:
        yield "hardware_alone"
    if any(len(own.functions) == 1 < len(before.members[name].functions) for name, own in after.members.items()):
        yield "second_function"
    if after.b_cap < before.b_cap and after.b.yen == after.b_cap:
        yield "b_cap"
    if after.c.cost.yen == before.c.cost.yen and after.c.subsidy.yen < before.c.subsidy.yen:
        yield "c_share"
