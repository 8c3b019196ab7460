"""How far a project is: its state and its dates, made from what has happened (S-60, S-80, S-90 to S-93). No clock, no memory.

A fact has a kind and a day. Of each kind the newest counts; one without a day takes it back.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from subsidy.rules.calls import Call

FOLLOWS: dict[str, tuple[str, ...]] = {
    "filing_planned": (),
    "submitted": (),
    "returned": ("submitted",),
    "rejected": ("submitted",),
    "withdrawn": ("submitted",),
    "decided": ("submitted",),
    "revoked": ("decided",),
    "period_end": ("decided",),
    "keep_longer": ("period_end",),
    "change_asked": ("decided",),
    "change_answered": ("change_asked",),
    "result_due": ("decided",),
    "result_filed": ("decided", "period_end"),
    "result_returned": ("result_filed",),
    "mend_due": ("result_returned",),
    "fixed": ("result_filed",),
    "paid": ("fixed",),
    "report1_filed": ("decided",),
    "report2_filed": ("report1_filed",),
    "duty_analysed": ("decided",),
    "duty_shared": ("decided",),
    "duty_spread": ("decided",),
}
"""Every kind of fact, and what must have happened before it can."""

WITH_AMOUNTS = ("decided", "fixed")
"""Facts that carry yen by category."""

DEADLINES = ("filing_planned", "period_end", "result_due", "mend_due", "keep_longer")
"""Facts that lie ahead when they are noted."""

DUTIES = ("duty_analysed", "duty_shared", "duty_spread")
"""What a group owes after the project (S-89), each noted with words, as often as it is done, and asked for once by each effect report."""

GRACE_DAYS = 90
"""After the last day on which papers must be there."""

ORDER = ("report2_filed", "report1_filed", "paid", "fixed", "result_filed")
ENDS = ("revoked", "withdrawn", "rejected")


@dataclass(frozen=True, slots=True)
class Happened:
    """The newest of its kind. `amounts`: yen of A, B and C, of a decision."""

    kind: str
    day: date
    amounts: tuple[int, int, int] | None = None
    words: str = ""


@dataclass(frozen=True, slots=True)
class Dated:
    """One date of the calendar. `code` names it; `until`: the last day where it is a span. `about`: a name of a party, if any."""

    day: date
    code: str
    rule: str
    until: date | None = None
    about: str = ""


Facts = Mapping[str, Happened]


def newest(told: Iterable[tuple[str, date | None, tuple[int, int, int] | None, str]]) -> dict[str, Happened]:
    """What counts of all that was noted, in the order of noting: kind, day, amounts, words. In that order it stands in the answer."""
    found: dict[str, Happened] = {}
    for kind, day, amounts, words in told:
        found.pop(kind, None)
        if day is not None:
            found[kind] = Happened(kind, day, amounts, words)
    return found


def missing_before(kind: str, facts: Facts) -> tuple[str, ...]:
    """What must be noted before this can be. Raises KeyError for a kind that there is not."""
    return tuple(each for each in FOLLOWS[kind] if each not in facts)


def resting_on(kind: str, facts: Facts) -> tuple[str, ...]:
    """What was noted and needs this: it must be taken back first."""
    return tuple(each for each in facts if kind in FOLLOWS[each])


def state(facts: Facts) -> str:
    """One of S-90: planning, submitted, returned, running, change_requested, result_filed, …, or an end."""
    for end in ENDS:
        if end in facts:
            return end
    for late in ORDER:
        if late in facts:
            return "result_returned" if late == "result_filed" and followed("result_filed", "result_returned", facts) else late
    if "decided" in facts:
        if "change_asked" in facts and not followed("change_asked", "change_answered", facts):
            return "change_requested"
        return "running" if "period_end" in facts else "granted"
    if "submitted" in facts:
        return "returned" if followed("submitted", "returned", facts) else "submitted"
    return "planning"


def followed(first: str, then: str, facts: Facts) -> bool:
    """Whether `then` happened to what `first` says: it was not filed or asked anew since. Of two of one day, the later noted came later."""
    if first not in facts or then not in facts:
        return False
    noted = list(facts)
    return (facts[then].day, noted.index(then)) > (facts[first].day, noted.index(first))


def files_anew(kind: str, facts: Facts) -> bool:
    """Whether noting this says that something is filed now, and not only that the day of an earlier filing is put right."""
    if kind == "submitted":
        return "decided" not in facts
    if kind == "result_filed":
        return ("result_filed" not in facts or followed("result_filed", "result_returned", facts)) and "fixed" not in facts
    return kind in ("report1_filed", "report2_filed") and kind not in facts


def mend_by(facts: Facts) -> date | None:
    """The day until which a returned result is to be filed again; None while nobody noted one since it was returned."""
    due, returned = facts.get("mend_due"), facts.get("result_returned")
    return due.day if due and returned and due.day >= returned.day else None


def is_over(facts: Facts) -> bool:
    """Nothing is left to do but to keep the papers."""
    return state(facts) in (*ENDS, "report2_filed")


def members_may_change(facts: Facts) -> bool:
    """S-92: not between filing and decision."""
    return "submitted" not in facts or "decided" in facts or any(end in facts for end in ENDS) or followed("submitted", "returned", facts)


def is_closed(on: date, call: Call) -> bool:
    """Whether the call takes no new application any more (S-60)."""
    return on >= call.duties.closed_from


def months_on(day: date, months: int) -> date:
    """The same day number so many months on, or that month's last day."""
    number = day.year * 12 + day.month - 1 + months
    first = date(number // 12, number % 12 + 1, 1)
    following = date((number + 1) // 12, (number + 1) % 12 + 1, 1)
    return min(first + timedelta(days=day.day - 1), following - timedelta(days=1))


def certificate_ends(issued: date, call: Call) -> date:
    """The last day on which a certificate of this day is young enough to be handed in (S-54)."""
    return months_on(issued, call.duties.certificate_months)


def kept_until(facts: Facts, call: Call) -> date | None:
    """The last day on which papers must still be there: years after the end of the fiscal year of the project's end (S-93), or the later
    day that the lead has named; None where no end of the period is known."""
    if "period_end" not in facts:
        return None
    end = facts["period_end"].day
    last = date(end.year + (end.month >= 4) + call.duties.keep_years, 3, 31)
    return max(last, facts["keep_longer"].day) if "keep_longer" in facts else last


def forgotten_from(facts: Facts, call: Call) -> date | None:
    """The day on which the files of a group may go: time for whoever sees only then that they are needed. None while a report is owed."""
    last = kept_until(facts, call)
    return last + timedelta(days=GRACE_DAYS) if last and is_over(facts) else None


def report_telling(day: date, call: Call) -> int:
    """Which effect report tells what was done on a day: the first whose year is not over then, the last of all for what came later."""
    reports = call.values.reports
    return next((number for number, report in enumerate(reports, start=1) if day <= report.period_to), len(reports))


def calendar(facts: Facts, call: Call) -> list[Dated]:
    """Every date of the project, in order. What is past stands there as well."""
    rules = {
        "period_end": "S-60",
        "filing_planned": "S-60",
        "returned": "S-90",
        "result_returned": "S-90",
        "mend_due": "S-90",
        "keep_longer": "S-93",
    }
    rules |= dict.fromkeys(DUTIES, "S-89")
    found = [Dated(call.values.call_opens, "call_opens", "S-60"), Dated(call.duties.closed_from, "call_closed", "S-60")]
    found += [Dated(each.day, each.kind, rules.get(each.kind, "S-91")) for each in facts.values()]
    if "decided" in facts:
        found.append(Dated(facts["decided"].day + timedelta(days=1), "order_from", "S-24"))
        found += [
            Dated(report.file_from, f"report{number}", "S-80", report.file_to) for number, report in enumerate(call.values.reports, start=1)
        ]
    if last := kept_until(facts, call):
        found.append(Dated(last, "kept_until", "S-93"))
    return sorted(found, key=lambda each: (each.day, each.code))
