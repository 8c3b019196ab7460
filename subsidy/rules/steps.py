"""次にすること: made from facts, checks, papers and deadlines alone, so that it is right whenever it is looked at.

A step names what is to be done, by which rule, until when, and about whom. Those with a day come first, the earliest on top.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from subsidy.rules.calls import Call
from subsidy.rules.group import UNKNOWN, UNMET, Check
from subsidy.rules.progress import DUTIES, Facts, forgotten_from, is_closed, kept_until, mend_by, state
from subsidy.rules.review import unanswered, undecided
from subsidy.rules.wanted import GOOD, WAITING, Wanted


@dataclass(frozen=True, slots=True)
class Step:
    """`who`: parties it is about. `facts`: figures for its sentence. `is_waiting`: somebody else's turn (the office, a member)."""

    code: str
    rule: str
    due: date | None = None
    who: tuple[int, ...] = ()
    facts: Mapping[str, object] = field(default_factory=dict)
    is_waiting: bool = False

    def is_overdue(self, today: date) -> bool:
        """Its day has passed."""
        return self.due is not None and self.due < today


@dataclass(frozen=True, slots=True)
class SeenLine:
    """A cost line in the plan: how far it is, whether it can be reckoned, its evidence that is missing or waits, and what is doubtful.

    `gaps`: how much is to be made sure of before it is filed (quotes, registration, S-16).
    `is_changed`: it is not as it was filed.
    """

    number: int
    state: str
    is_faulty: bool = False
    missing: int = 0
    waiting: int = 0
    doubts: int = 0
    gaps: int = 0
    is_changed: bool = False


@dataclass(frozen=True, slots=True)
class Seen:
    """What steps are made of. `papers`: each wanted one and how it stands; `asked`: parties with a living link that has not answered.

    `answered`: criteria of the review that have an answer, or were declined.
    `at_stake`: by the code of a step (see `behind`), yen of subsidy that are lost if all its lines fall out.
    `unpassed`: members whose part of the subsidy was received and not passed on yet.
    `duties`: which of DUTIES were noted for which effect report.
    `figures`: by year (0: the base) whose figures are asked for now, the members who have not handed them in.
    """

    facts: Facts
    checks: Sequence[Check]
    papers: Sequence[tuple[Wanted, str]]
    unsettled: Sequence[int] = ()
    asked: Sequence[int] = ()
    lines: Sequence[SeenLine] = ()
    answered: Sequence[int] = ()
    figures: Mapping[int, Sequence[int]] = field(default_factory=dict)
    unpassed: Sequence[int] = ()
    at_stake: Mapping[str, int] = field(default_factory=dict)
    duties: frozenset[tuple[str, int]] = frozenset()


def steps(seen: Seen, today: date, call: Call) -> list[Step]:
    """All that is to be done now; empty only when there is nothing."""
    now = state(seen.facts)
    found = list(_by_state(now, seen, today, call))
    return sorted(found, key=lambda step: (step.is_waiting, step.due is None, step.due or today))


def _by_state(now: str, seen: Seen, today: date, call: Call) -> Iterator[Step]:
    facts = seen.facts
    if now == "planning":
        yield from _planning(seen, today, call)
    elif now == "submitted":
        yield from _of_lines("lines_changed", "S-91", None, [line for line in seen.lines if line.is_changed])
        yield Step("await_decision", "S-91", is_waiting=True)
    elif now == "returned":
        yield Step("mend", "S-90")
        yield from _unclear(seen, None)
    elif now in ("granted", "running", "change_requested"):
        yield from _running(now, seen)
    elif now == "result_returned":
        yield from _mending(seen)
    elif now in ("result_filed", "fixed"):
        yield Step({"result_filed": "await_fixed", "fixed": "await_paid"}[now], "S-91", is_waiting=True)
    if seen.unpassed:
        yield Step("pass_on", "S-41", who=tuple(seen.unpassed))
    yield from _base(now, seen)
    yield from _reports(now, seen, today, call)
    if now in ("withdrawn", "rejected", "revoked", "report2_filed"):
        yield _keeping(facts, today, call)


def _keeping(facts: Facts, today: date, call: Call) -> Step:
    """S-93: until when the papers stay, and from when nobody can open them any more."""
    last, gone = kept_until(facts, call), forgotten_from(facts, call)
    if last is None or gone is None or today <= last:
        return Step("keep", "S-93", last, is_waiting=True)
    return Step("keep_over", "S-93", gone, facts={"day": gone}) if today < gone else Step("forgotten", "S-93", is_waiting=True)


def _mending(seen: Seen) -> Iterator[Step]:
    """S-90: a result that was returned is mended like one that is not filed yet, until the day that the office names."""
    due = mend_by(seen.facts)
    if due is None:
        yield Step("note_mend_due", "S-90")
    yield from _of_lines("evidence_missing", "S-95", due, behind(seen.lines).get("evidence_missing", []))
    yield from _proved(seen, due)
    yield Step("mend_result", "S-90", due)


def _planning(seen: Seen, today: date, call: Call) -> Iterator[Step]:
    """Once all is clear, and only then, it can be filed."""
    planned = seen.facts.get("filing_planned")
    due = planned.day if planned else None
    closed = is_closed(today, call)
    if closed:
        yield Step("note_running", "S-60")
    missing = list(_unclear(seen, due))
    yield from missing
    if items := undecided(seen.answered):
        yield Step("answer_extra", "S-72", due, facts={"lines": items})
    if planned is None and not closed:
        yield Step("plan_filing", "S-60")
    elif not missing and not closed and not seen.figures.get(0):
        yield Step("file", "S-91", due)


def _unclear(seen: Seen, due: date | None) -> Iterator[Step]:
    """What stands between a plan and its filing."""
    for state_of, word in ((UNMET, "unmet"), (UNKNOWN, "unknown")):
        yield from (Step(f"{word}_{each.code}", each.rule, due, each.who, each.facts) for each in seen.checks if each.state == state_of)
    if seen.unsettled:
        yield Step("settle_membership", "S-50", due, tuple(seen.unsettled))
    yield from _open_papers(seen, due)
    if not seen.lines:
        yield Step("add_lines", "S-13", due)
    yield from _of_lines("lines_wrong", "S-25", due, [line for line in seen.lines if line.is_faulty])
    yield from _of_lines("lines_unchecked", "S-95", due, [line for line in seen.lines if line.gaps])
    if items := unanswered(seen.answered):
        yield Step("answer_base", "S-72", due, facts={"lines": items})


def _open_papers(seen: Seen, due: date | None) -> Iterator[Step]:
    """One step a kind of paper and how it stands: a lead who telephones asks ten shops for the same thing."""
    groups: dict[tuple[str, str, str], list[int]] = {}
    for paper, how in seen.papers:
        if how != GOOD:
            groups.setdefault((how, paper.kind, paper.rule), []).append(paper.party)
    for (how, kind, rule), who in groups.items():
        others = all(each in seen.asked for each in who) and how != WAITING
        yield Step(f"paper_{how}", rule, due, tuple(who), {"paper": kind}, is_waiting=others)


def _running(now: str, seen: Seen) -> Iterator[Step]:
    facts = seen.facts
    for kind, rule in (("period_end", "S-60"), ("result_due", "S-91")):
        if kind not in facts:
            yield Step(f"note_{kind}", rule)
    if now == "change_requested":
        yield Step("await_change", "S-90", is_waiting=True)
    for check in seen.checks:
        if check.code == "size" and check.state == UNMET:
            yield Step("ask_office", "S-92", facts=check.facts)
    yield from _buying(seen)
    if now == "running":
        due = facts["result_due"].day if "result_due" in facts else facts["period_end"].day
        yield Step("file_result", "S-91", due, facts={"end": facts["period_end"].day})


def _of_lines(code: str, rule: str, due: date | None, lines: Sequence[SeenLine], **more: object) -> Iterator[Step]:
    """One step for all lines that are alike, by their numbers."""
    if lines:
        yield Step(code, rule, due, facts={"lines": tuple(line.number for line in lines), "count": len(lines), **more})


def behind(lines: Sequence[SeenLine]) -> dict[str, list[SeenLine]]:
    """Lines that fall out of the result as they stand now, by the step that saves them."""
    found = {
        "order_lines": [line for line in lines if line.state in ("planned", "quoted")],
        "pay_lines": [line for line in lines if line.state in ("ordered", "delivered", "invoiced")],
        "evidence_missing": [line for line in lines if line.state == "paid" and line.missing],
    }
    return {code: those for code, those in found.items() if those}


def _buying(seen: Seen) -> Iterator[Step]:
    """From the order to the last paper (S-24, S-95): everything is bought and paid before the period ends, and proved by the report."""
    end = seen.facts["period_end"].day if "period_end" in seen.facts else None
    report = seen.facts["result_due"].day if "result_due" in seen.facts else end
    lines = seen.lines
    yield from _of_lines("lines_wrong", "S-25", end, [line for line in lines if line.is_faulty])
    for code, those in behind(lines).items():
        rule, due = ("S-95", report) if code == "evidence_missing" else ("S-24", end)
        yield from _of_lines(code, rule, due, those, lost=seen.at_stake.get(code, 0))
    yield from _proved(seen, report)


def _proved(seen: Seen, due: date | None) -> Iterator[Step]:
    """What of the evidence somebody must still look at."""
    yield from _of_lines("evidence_waiting", "S-95", due, [line for line in seen.lines if line.waiting])
    yield from _of_lines("evidence_doubt", "S-96", due, [line for line in seen.lines if line.doubts])


def _base(now: str, seen: Seen) -> Iterator[Step]:
    """S-84: the base belongs to the plan, and without it no report can be made."""
    planned = seen.facts.get("filing_planned")
    if seen.figures.get(0):
        yield Step("collect_base", "S-84", planned.day if planned and now == "planning" else None, tuple(seen.figures[0]))


def _reports(now: str, seen: Seen, today: date, call: Call) -> Iterator[Step]:
    """S-80: a report is due once its window opens, whatever else is going on; a late one is still taken. Its figures come before it."""
    facts = seen.facts
    if "decided" not in facts or now in ("revoked", "withdrawn", "rejected"):
        return
    for number, report in enumerate(call.values.reports, start=1):
        if f"report{number}_filed" in facts:
            continue
        if "result_filed" in facts and now != "result_returned":
            owed = [duty for duty in DUTIES if (duty, number) not in seen.duties]
            yield from (Step(f"note_{duty}", "S-89", report.file_to, facts={"number": number}) for duty in owed)
        if missing := seen.figures.get(number):
            yield Step(
                "collect_report", "S-81", report.file_to, tuple(missing), {"number": number}, all(each in seen.asked for each in missing)
            )
        code = "file_report" if today >= report.file_from else "await_report"
        about: dict[str, object] = {"number": number, "from": report.file_from, "until": report.file_to}
        yield Step(code, "S-80", report.file_to if code == "file_report" else None, facts=about, is_waiting=code == "await_report")
        return
