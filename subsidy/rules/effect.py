"""Effect reports (事業実施効果報告): productivity of the group in yen per hour, its growth against the plan's base, and the filing window.

Productivity is (sales − cost of sales) / (employees × hours of one), summed over the group before dividing (rules S-80 to S-88;
概要: 事業実施効果報告について). Which average of two years counts is open, so all four readings are reckoned.
Fractions are compared, never shown rates; rates are shown in hundredths of a percent, cut downwards, so that 4.9999% never reads 5.00%.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from math import floor, isqrt

from base.clock import tokyo_day
from subsidy.rules.application import Fault, Refused
from subsidy.rules.calls import Call, Report


@dataclass(frozen=True, slots=True)
class Figures:
    """A year of one member: sales and cost of sales in yen, employees, and yearly hours of one employee.

    `is_closed`: nobody worked (illness, disaster), and the member says why: no hours are then no mistake.
    """

    sales: int
    cost: int
    employees: int
    hours_per_employee: int
    is_closed: bool = False

    @property
    def gross_profit(self) -> int:
        """Sales less cost of sales, yen; below 0 for a loss."""
        return self.sales - self.cost

    @property
    def hours(self) -> int:
        """Hours of all employees in the year."""
        return self.employees * self.hours_per_employee


@dataclass(frozen=True, slots=True)
class Member:
    """What a member reported: base, year 1 and, in the second report, year 2. None: not handed in. Withdrawn: left out of every year."""

    id: str
    years: tuple[Figures | None, ...]
    is_withdrawn: bool = False


@dataclass(frozen=True, slots=True)
class Year:
    """The group in one year: yen and hours."""

    gross_profit: int
    hours: int

    @property
    def productivity(self) -> Fraction:
        """Yen per hour. `effect` refuses a year in which nobody at all worked."""
        return Fraction(self.gross_profit, self.hours)


@dataclass(frozen=True, slots=True)
class Goal:
    """After the second report. Rates in basis points; None where a reading is not defined (a loss, or growth from nothing)."""

    growth_total_bp: int
    average_bp_geometric: int | None
    met_geometric: bool
    met_simple: bool
    met_arithmetic: bool | None
    met_either_year: bool
    is_met: bool


@dataclass(frozen=True, slots=True)
class Effect:
    """The group's years (base, 1 and perhaps 2), the growth of the first in basis points, and the goal once two years are in."""

    years: tuple[Year, ...]
    growth_year1_bp: int
    year1_reaches_goal: bool
    goal: Goal | None


def effect(members: Sequence[Member], call: Call) -> Effect:
    """Growth of a group, or of one member alone (伸び率をグループ構成員から収集). Every member has two or three years.

    A closed year adds its profit or loss and no hours (S-83: sums are divided, not shares).
    Raises Refused: E_EFF_NO_MEMBERS, E_EFF_MISSING_MEMBER (never taken as zero), E_EFF_VALUE, E_EFF_NO_HOURS (of a member that does not
    say that it was closed, or of all together), and, if nothing else is wrong, E_EFF_BASE_NONPOSITIVE.
    """
    staying = [member for member in members if not member.is_withdrawn]
    faults = [fault for member in staying for fault in _faults(member)] or ([] if staying else [Fault("E_EFF_NO_MEMBERS")])
    if faults:
        raise Refused(tuple(sorted(set(faults), key=lambda fault: (fault.code, fault.about))))
    years = tuple(_sum([figures for figures in column if figures]) for column in zip(*(each.years for each in staying), strict=True))
    if not all(year.hours for year in years):
        raise Refused((Fault("E_EFF_NO_HOURS"),))
    if years[0].gross_profit <= 0:
        raise Refused((Fault("E_EFF_BASE_NONPOSITIVE"),))
    first = years[1].productivity / years[0].productivity
    reaches = first - 1 >= call.values.goal_rate
    return Effect(years, floor((first - 1) * 10_000), reaches, goal_of(years, call) if len(years) > 2 else None)


def report_of(year: int, call: Call) -> Report:
    """Period and filing days of report `year` (1 or 2). Raises ValueError for another."""
    if not 1 <= year <= len(call.values.reports):
        raise ValueError(f"there is no report {year}")
    return call.values.reports[year - 1]


def window(report: Report, at: datetime) -> str:
    """`early`, `open` or `late`, by the Tokyo day of `at` (aware). A late report is still taken (S-88)."""
    day = tokyo_day(at)
    return "early" if day < report.file_from else "open" if day <= report.file_to else "late"


def _faults(member: Member) -> list[Fault]:
    found = []
    for figures in member.years:
        if figures is None:
            found.append(Fault("E_EFF_MISSING_MEMBER", member.id))
        elif min(figures.sales, figures.cost, figures.employees, figures.hours_per_employee) < 0:
            found.append(Fault("E_EFF_VALUE", member.id))
        elif not figures.hours and not figures.is_closed:
            found.append(Fault("E_EFF_NO_HOURS", member.id))
    return found


def _sum(figures: list[Figures]) -> Year:
    return Year(sum(each.gross_profit for each in figures), sum(each.hours for each in figures))


def goal_of(years: tuple[Year, ...], call: Call) -> Goal:
    """What base and two years say of the goal (S-85), in every reading. The base is above 0."""
    base, first, second = (year.productivity for year in years)
    rate, grown = call.values.goal_rate, second / base
    geometric = grown >= (1 + rate) ** 2
    simple = (grown - 1) / 2 >= rate
    arithmetic = ((first / base - 1) + (second / first - 1)) / 2 >= rate if first > 0 else None
    either = first / base - 1 >= rate or geometric
    average = isqrt(floor(grown * 10**8)) - 10_000 if grown >= 0 else None
    readings = {"geometric": geometric, "simple": simple, "arithmetic": bool(arithmetic), "either_year": either}
    return Goal(floor((grown - 1) * 10_000), average, geometric, simple, arithmetic, either, readings[call.values.goal_reading])
