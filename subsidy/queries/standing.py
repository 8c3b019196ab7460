"""All that is known of a project, read once; everything that the pages show is made from it by the rules."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property

from subsidy.errors import PartyUnknown
from subsidy.queries.claims import Claim
from subsidy.queries.dates import certificates_end, links_end, may_apply, planned_days, shares_passed
from subsidy.queries.figures import FigureRow
from subsidy.queries.filings import FilingRow, fingerprint_of
from subsidy.queries.lines import LineRow, holders_of
from subsidy.queries.papers import PaperRow
from subsidy.queries.passing import Passing, passing_of
from subsidy.queries.quotes import Asked, LinePlan, line_plan
from subsidy.queries.review import AnswerRow
from subsidy.queries.rows import FactRow, LinkRow, PartyRow, duties_done
from subsidy.queries.seats import Seated
from subsidy.rules.application import Application, Line
from subsidy.rules.budget import Sum, final, reckoned
from subsidy.rules.calls import Call
from subsidy.rules.changes import differences
from subsidy.rules.evidence import Doubt, Seller
from subsidy.rules.group import ERRORS, UNMET, Check, checks, size_is_doubtful
from subsidy.rules.outlook import years_asked
from subsidy.rules.progress import Dated, Happened, calendar, is_closed, members_may_change, newest, report_telling, state
from subsidy.rules.reading import asked_of
from subsidy.rules.review import unanswered
from subsidy.rules.shares import ByCategory
from subsidy.rules.steps import Seen, SeenLine, Step, behind, steps
from subsidy.rules.wanted import GOOD, MISSING, RETURNED, WAITING, Handed, Wanted, unsettled, wanted
from subsidy.rules.wanted import standing as paper_standing


@dataclass(frozen=True)
class Standing:
    """A project as it stands on `today`. `seat`: how whoever asked sits in it."""

    id: int
    name: str
    setting: str
    business_types: tuple[int, ...]
    representative_kind: str
    has_district_body: bool
    call: Call
    seat: Seated
    today: date
    now: datetime
    parties: tuple[PartyRow, ...]
    history: tuple[FactRow, ...]
    papers: tuple[PaperRow, ...]
    links: tuple[LinkRow, ...]
    lines: tuple[LineRow, ...]
    figures: tuple[FigureRow, ...]
    names: Mapping[int, str]
    answers: tuple[AnswerRow, ...] = ()
    asked: Mapping[int, Asked] = field(default_factory=dict)
    revision: int = 1
    filing: FilingRow | None = None
    claim: Claim | None = None

    @cached_property
    def facts(self) -> dict[str, Happened]:
        """What counts of all that was noted."""
        return newest((row.kind, row.day, row.amounts, row.words) for row in self.history)

    @property
    def state(self) -> str:
        """One of S-90."""
        return state(self.facts)

    @property
    def is_closed(self) -> bool:
        """The call takes no new application."""
        return is_closed(self.today, self.call)

    @property
    def may_change_members(self) -> bool:
        """S-92."""
        return members_may_change(self.facts)

    @cached_property
    def group(self) -> list[PartyRow]:
        """Representative and participants that are there."""
        return [row for row in self.parties if row.known.is_in_group]

    @property
    def size_is_doubtful(self) -> bool:
        """Ten only because the representative counts."""
        return size_is_doubtful(len(self.group), self.call)

    @property
    def applies_on(self) -> date:
        """The day by which age and waiting times are judged: when it was filed, is planned to be, or today."""
        fact = self.facts.get("submitted") or self.facts.get("filing_planned")
        return fact.day if fact else self.today

    @cached_property
    def checks(self) -> list[Check]:
        """The conditions of a group."""
        return checks(self.representative_kind, self.business_types, [row.known for row in self.parties], self.applies_on, self.call)

    @cached_property
    def errors(self) -> tuple[str, ...]:
        """What stops the application (the codes E of docs/subsidy.md), each once, sorted: while there is one, nothing is filed."""
        found = {fault.code for fault in self.planned.faults}
        found |= {ERRORS[check.code] for check in self.checks if check.state == UNMET and check.code in ERRORS}
        found |= set() if self.plan_lines else {"E_NO_LINES"}
        found |= {"E_PLAN_UNANSWERED"} if unanswered(self.answers_by_item) else set()
        return tuple(sorted(found))

    @property
    def content(self) -> dict[str, object]:
        """All that an application says: the question to the calculator, the answers, the base year, and the papers that were found good."""
        return {
            "asked": asked_of(self.application(row.line for row in self.plan_lines), self.call),
            "answers": {str(answer.item): answer.words for answer in self.answers},
            "base": sorted(row.said for row in self.figures if row.year == 0),
            "papers": sorted(paper.sha256.hex() for _, how, paper in self.wanted if paper is not None and how == GOOD),
        }

    @property
    def fingerprint(self) -> str:
        """Of the content."""
        return fingerprint_of(self.content)

    @cached_property
    def changed_lines(self) -> frozenset[int]:
        """Lines that are not as they were filed."""
        if self.filing is None or "submitted" not in self.facts:
            return frozenset()
        found = differences(self.filing.application.lines, [row.typed for row in self.plan_lines], [], [])
        return frozenset(each.line for each in found if each.line is not None)

    @cached_property
    def wanted(self) -> list[tuple[Wanted, str, PaperRow | None]]:
        """Each paper that somebody must hand in, how it stands, and its newest file."""
        found = wanted(self.representative_kind, self.has_district_body, [row.known for row in self.parties], self.call)
        return [self._stands(each) for each in found]

    @cached_property
    def unsettled(self) -> list[int]:
        """Participants whose papers depend on what nobody has said yet."""
        return unsettled(self.representative_kind, self.has_district_body, [row.known for row in self.parties], self.call)

    @cached_property
    def steps(self) -> list[Step]:
        """次にすること."""
        living = {link.party_id for link in self.links if link.lives(self.now)}
        papers = [(each, how) for each, how, _ in self.wanted]
        lines = [self._seen(plan) for plan in self.line_plans]
        answered = tuple(answer.item for answer in self.answers)
        figures = {year: tuple(row.id for row in self.reporting if not self.figure(row.id, year)) for year in self.years_asked}
        stake = {code: self.lost_with(line.number for line in those) for code, those in behind(lines).items()} if self.is_bought else {}
        unpassed = [each.party_id for each in self.passing if each.proof is None]
        done = frozenset((row.kind, report_telling(row.day, self.call)) for row in duties_done(self.history) if row.day)
        seen = Seen(self.facts, self.checks, papers, self.unsettled, sorted(living), lines, answered, figures, unpassed, stake, done)
        return steps(seen, self.today, self.call)

    @cached_property
    def passing(self) -> list[Passing]:
        """Each participant's part of what was received (S-41), by the lines that the result claims."""
        from subsidy.queries.result import result_of  # it looks back at the project

        lead = next((row.id for row in self.parties if row.role == "representative"), None)
        return passing_of(self.facts, result_of(self).sum.grant, self.papers, lead)

    @property
    def is_bought(self) -> bool:
        """Decided, and the result is not filed yet: lines can still be lost."""
        return self.state in ("granted", "running", "change_requested", "result_returned")

    def lost_with(self, numbers: Iterable[int]) -> int:
        """Yen of subsidy that are lost if these lines of the plan fall out together; of what was decided, once it is."""
        gone = set(numbers)
        rest = reckoned(self.application(row.line for row in self.plan_lines if row.number not in gone), self.call)
        return self._worth(self.planned) - self._worth(rest)

    def _worth(self, found: Sum) -> int:
        fact = self.facts.get("decided")
        return final(ByCategory(*fact.amounts), found, self.call).total if fact and fact.amounts else found.subsidy

    @cached_property
    def unpaid(self) -> tuple[int, ...]:
        """Lines of the plan that are not paid, by number."""
        return tuple(row.number for row in self.plan_lines if row.state != "paid")

    @cached_property
    def calendar(self) -> list[Dated]:
        """Every date: of the project, of certificates that age, of links that end, of members who may apply again."""
        found = calendar(self.facts, self.call)
        if self.state in ("planning", "returned"):
            found += certificates_end([paper for _, _, paper in self.wanted if paper is not None], self.call, self.name_of)
            found += may_apply({row.id: row.known.earlier or () for row in self.group}, self.applies_on, self.call, self.name_of)
        found += [
            *planned_days(self.plan_lines),
            *links_end(self.links, self.now, self.name_of),
            *shares_passed(self.passing, self.name_of),
        ]
        return sorted(found, key=lambda each: (each.day, each.code, each.about))

    @cached_property
    def answers_by_item(self) -> dict[int, AnswerRow]:
        """What was answered to each criterion of the review."""
        return {answer.item: answer for answer in self.answers}

    @property
    def reporting(self) -> list[PartyRow]:
        """Whoever reports figures: every member, the representative too where it runs a business."""
        return [row for row in self.group if row.role == "participant" or row.known.operates_business is not False]

    @property
    def years_asked(self) -> tuple[int, ...]:
        """Years whose figures are to be had now."""
        return years_asked(self.facts, self.today, self.call)

    def figure(self, party_id: int, year: int) -> FigureRow | None:
        """What a party reported of a year."""
        return next((row for row in self.figures if row.party_id == party_id and row.year == year), None)

    @property
    def plan_lines(self) -> list[LineRow]:
        """The cost lines that are in the plan."""
        return [row for row in self.lines if not row.is_out]

    def doubts_of(self, row: LineRow) -> list[Doubt]:
        """What of a line's evidence does not agree, in itself or with the providers that the group has listed."""
        return row.doubts(self.holders, self.sellers)

    @cached_property
    def holders(self) -> dict[bytes, list[int]]:
        """Which lines have a file, by its hash."""
        return holders_of(self.lines)

    @cached_property
    def sellers(self) -> list[Seller]:
        """IT providers that the group has listed."""
        return [Seller(row.name, row.known.corporate_number) for row in self.parties if row.role == "provider" and not row.known.left_on]

    @cached_property
    def line_plans(self) -> list[LinePlan]:
        """Each line in the plan with its quotes and what is to be made sure of."""
        return [line_plan(row, self.asked.get(row.number, Asked()), self.call) for row in self.plan_lines]

    @cached_property
    def out_of_sum(self) -> frozenset[str]:
        """Lines of the plan that bring nothing: at fault, or hardware without software."""
        done = self.planned.grant
        return frozenset((*self.planned.left_out, *(each.line for each in done.excluded))) if done else frozenset(self.planned.left_out)

    @cached_property
    def planned(self) -> Sum:
        """計画: every line as it is entered."""
        return reckoned(self.application(row.line for row in self.plan_lines), self.call)

    def application(self, lines: Iterable[Line], *, is_result: bool = False) -> Application:
        """The project as the calculator sees it."""
        lead = next((row for row in self.parties if row.role == "representative"), None)
        return Application(
            representative=str(lead.id) if lead else "",
            representative_kind=self.representative_kind,
            operates_business=bool(lead and lead.known.operates_business is not False),
            participants=tuple(str(row.id) for row in self.group if row.role == "participant"),
            business_types=self.business_types,
            lines=tuple(lines),
            is_result=is_result,
            grant_decision=self.facts["decided"].day if "decided" in self.facts else None,
            project_end=self.facts["period_end"].day if "period_end" in self.facts else None,
        )

    def party(self, party_id: int) -> PartyRow:
        """Raises PartyUnknown."""
        found = self._parties.get(party_id)
        if found is None:
            raise PartyUnknown
        return found

    @cached_property
    def _parties(self) -> dict[int, PartyRow]:
        return {row.id: row for row in self.parties}

    def name_of(self, party_id: int) -> str:
        """What it is called."""
        return self.party(party_id).name

    def papers_of(self, party_id: int) -> list[PaperRow]:
        """The newest first."""
        return [row for row in reversed(self.papers) if row.party_id == party_id]

    def link_of(self, party_id: int) -> LinkRow | None:
        """The one that it was given last."""
        return next((link for link in reversed(self.links) if link.party_id == party_id), None)

    @cached_property
    def _newest(self) -> dict[tuple[int, str], PaperRow]:
        return {(row.party_id, row.kind): row for row in self.papers}

    def _seen(self, plan: LinePlan) -> SeenLine:
        row = plan.row
        stands = [how for _, how, _ in row.evidence(self.call)]
        missing = sum(how in (MISSING, RETURNED) for how in stands)
        doubts = len(self.doubts_of(row)) if row.proofs else 0
        is_out, is_changed = str(row.number) in self.out_of_sum, row.number in self.changed_lines
        return SeenLine(row.number, row.state, is_out, missing, stands.count(WAITING), doubts, len(plan.gaps), is_changed)

    def _stands(self, each: Wanted) -> tuple[Wanted, str, PaperRow | None]:
        paper = self._newest.get((each.party, each.kind))
        handed = None if paper is None else Handed(paper.kind, paper.is_good, paper.issued_on)
        return each, paper_standing(handed, self.applies_on, self.call), paper
