"""From a cost line to an eligible yen (補助対象経費): which lines stand, then tax off, then the months that count.

The order is days, hardware without software, tax, months; only the last two cut to whole yen (rules S-20 to S-24).
"""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from base.yen import grouped
from subsidy.rules.application import Application, Line
from subsidy.rules.calls import Call, Item
from subsidy.rules.chain import Amount


@dataclass(frozen=True, slots=True)
class Cost:
    """A line that stands. `months_counted` of a cloud fee, else None; `is_shortened`: fewer than were paid for."""

    line: Line
    item: Item
    eligible: Amount
    months_counted: int | None

    @property
    def is_shortened(self) -> bool:
        """The call counts fewer months than this line pays for (T_CLOUD_MONTHS)."""
        return self.months_counted is not None and self.months_counted < (self.line.months or 0)


@dataclass(frozen=True, slots=True)
class Excluded:
    """A line taken out of the sum, and why: X_BEFORE_GRANT, X_EVIDENCE_DATE, X_AFTER_PERIOD or X_HARDWARE_ALONE."""

    line: str
    code: str


def costs_of(
    application: Application, call: Call, dropped: AbstractSet[str] = frozenset()
) -> tuple[tuple[Cost, ...], tuple[Excluded, ...]]:
    """The lines that stand with their eligible yen in the order of the application, and those taken out: by their days, then alone.

    The application is one that `check` has let pass. `dropped`: ids of lines to be left out, as if they had fallen out.
    """
    late = {line.id: code for line in application.lines if (code := _out_by_day(line, application, call))}
    left = [line for line in application.lines if line.id not in late and line.id not in dropped]
    alone = {line.id: "X_HARDWARE_ALONE" for line in _without_software(left, application, call)}
    standing = [line for line in left if line.id not in alone]
    excluded = tuple(Excluded(line, code) for line, code in (late | alone).items() if line not in dropped)
    return tuple(_counted(standing, call)), excluded


def _out_by_day(line: Line, application: Application, call: Call) -> str | None:
    """S-24 (概要: 事業実施期間 交付決定後). A day before the decision is worse than a missing one, and that than a late one."""
    if not application.is_result:
        return None
    decided, end = application.grant_decision, application.project_end
    assert decided is not None and end is not None
    days = (line.ordered, line.delivered, line.paid)
    given = [day for day in days if day is not None]
    if any(day < decided or (day == decided and not call.values.decision_day_counts) for day in given):
        return "X_BEFORE_GRANT"
    if len(given) < len(days):
        return "X_EVIDENCE_DATE"
    return "X_AFTER_PERIOD" if any(day > end for day in given) else None


def _without_software(lines: list[Line], application: Application, call: Call) -> Iterator[Line]:
    """A's hardware at a member without software, unless the representative's B software serves the whole district (S-23)."""
    software = [(line, call.items[line.item]) for line in lines if call.items[line.item].sort == "software"]
    members = {line.member for line, _ in software}
    if any(item.category == "b" and line.member == application.representative for line, item in software):
        return
    yield from (line for line in lines if call.items[line.item].sort in ("pc", "register") and line.member not in members)


def _counted(lines: list[Line], call: Call) -> Iterator[Cost]:
    """Each line's eligible yen. Lines of one member, category and tool share one allowance of months, in their order (S-21)."""
    used: dict[tuple[str, ...], int] = {}
    for line in lines:
        item, net = call.items[line.item], net_of(line)
        if line.cost_kind != "cloud":
            yield Cost(line, item, net, None)
            continue
        assert line.months is not None
        name = f"{item.category}_cloud_months"
        whose = (line.member, item.category, line.tool) if line.tool is not None else (line.id,)
        allowance = call.values.a_cloud_months if item.category == "a" else call.values.b_cloud_months
        counted = min(line.months, allowance - used.get(whose, 0))
        used[whose] = used.get(whose, 0) + counted
        yen = net.yen * counted // line.months
        eligible = (
            net
            if counted == line.months
            else net.then("S-21", "months", f"floor({grouped(net.yen)} × {counted} / {line.months})", yen, name)
        )
        yield Cost(line, item, eligible, counted)


def with_tax(net: int, rate: int) -> tuple[int, int]:
    """What an amount without tax comes to with it, at `rate` percent: cut, and raised, to whole yen. Sellers do either."""
    whole = net * (100 + rate)
    return whole // 100, -(-whole // 100)


def without_tax(whole: int, rate: int) -> int:
    """What an amount with tax at `rate` percent comes to without it, cut to whole yen (S-20)."""
    return whole * 100 // (100 + rate)


def net_of(line: Line) -> Amount:
    """Without consumption tax (税抜), cut to whole yen (S-20). `line` is one that `check` has let pass."""
    if not line.tax_included:
        return Amount(line.amount)
    assert line.tax_rate is not None
    whole = 100 + line.tax_rate
    return Amount(line.amount).then(
        "S-20", "net", f"floor({grouped(line.amount)} × 100 / {whole})", without_tax(line.amount, line.tax_rate), "tax_rates"
    )
