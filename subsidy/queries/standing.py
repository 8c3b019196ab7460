"""All that is known of a project, read once; everything that the pages show is made from it by the rules."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from identity.commands import authorise
from identity.queries import Principal, nicknames
from identity.vault import vault
from subsidy.errors import PartyUnknown, ProjectUnknown
from subsidy.models import Fact, Link, Project
from subsidy.models import Party as PartyModel
from subsidy.queries.figures import FigureRow, figures_of
from subsidy.queries.lines import LineRow, lines_of
from subsidy.queries.papers import PaperRow, papers_of
from subsidy.queries.quotes import Asked, LinePlan, asked_of, line_plan
from subsidy.queries.review import AnswerRow, answers_of
from subsidy.queries.rows import Contact, FactRow, LinkRow, PartyRow, fact_row, link_row, party_row
from subsidy.queries.seats import Seated, seat_of
from subsidy.rules.application import Application, Line
from subsidy.rules.budget import Sum, final, reckoned
from subsidy.rules.calls import Call, call_of
from subsidy.rules.evidence import Doubt, Seller
from subsidy.rules.group import Check, checks, size_is_doubtful
from subsidy.rules.outlook import years_asked
from subsidy.rules.progress import Dated, Happened, calendar, certificate_ends, is_closed, members_may_change, newest, state
from subsidy.rules.shares import ByCategory
from subsidy.rules.steps import Seen, SeenLine, Step, behind, steps
from subsidy.rules.wanted import CERTIFICATES, MISSING, RETURNED, WAITING, Handed, Wanted, unsettled, wanted
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
        seen = Seen(self.facts, self.checks, papers, self.unsettled, sorted(living), lines, answered, figures, stake)
        return steps(seen, self.today, self.call)

    @property
    def is_bought(self) -> bool:
        """Decided, and the result is not filed yet: lines can still be lost."""
        return self.state in ("granted", "running", "change_requested")

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
        """Every date: of the project, of certificates that age, of links that end."""
        found = calendar(self.facts, self.call)
        if self.state in ("planning", "returned"):
            found += [
                Dated(certificate_ends(paper.issued_on, self.call), "certificate_ends", "S-54", about=self.name_of(paper.party_id))
                for _, _, paper in self.wanted
                if paper is not None and paper.issued_on is not None and paper.kind in CERTIFICATES
            ]
        return sorted([*found, *self._planned_days()], key=lambda each: (each.day, each.code, each.about))

    def _planned_days(self) -> list[Dated]:
        """One date for all lines that are meant to be ordered, delivered or paid on it, by their numbers."""
        lines: dict[tuple[date, str], list[int]] = {}
        for row in self.plan_lines:
            for what, day in row.awaited:
                lines.setdefault((day, f"plan_{what}"), []).append(row.number)
        return [Dated(day, code, "S-24", about=", ".join(map(str, numbers))) for (day, code), numbers in lines.items()]

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
        return row.doubts(self.lines, self.sellers)

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
        for row in self.parties:
            if row.id == party_id:
                return row
        raise PartyUnknown

    def name_of(self, party_id: int) -> str:
        """What it is called."""
        return self.party(party_id).name

    def papers_of(self, party_id: int) -> list[PaperRow]:
        """The newest first."""
        return [row for row in reversed(self.papers) if row.party_id == party_id]

    def link_of(self, party_id: int) -> LinkRow | None:
        """The one that it was given last."""
        return next((link for link in reversed(self.links) if link.party_id == party_id), None)

    def _seen(self, plan: LinePlan) -> SeenLine:
        row = plan.row
        stands = [how for _, how, _ in row.evidence(self.call)]
        missing = sum(how in (MISSING, RETURNED) for how in stands)
        doubts = len(self.doubts_of(row)) if row.proofs else 0
        return SeenLine(row.number, row.state, str(row.number) in self.out_of_sum, missing, stands.count(WAITING), doubts, len(plan.gaps))

    def _stands(self, each: Wanted) -> tuple[Wanted, str, PaperRow | None]:
        paper = next((row for row in reversed(self.papers) if row.party_id == each.party and row.kind == each.kind), None)
        handed = None if paper is None else Handed(paper.kind, paper.is_good, paper.issued_on)
        return each, paper_standing(handed, self.applies_on, self.call), paper


def standing(session: Session, who: Principal, project_id: int, *, now: datetime, today: date) -> Standing:
    """The whole project, for its lead, an outside expert or an auditor. Raises ProjectUnknown."""
    authorise(session, who, "subsidy.read")
    seat = seat_of(session, who, project_id)
    if seat.role in ("participant", "provider"):
        raise ProjectUnknown
    return read_standing(session, who.district_id, project_id, seat, now=now, today=today)


def own_side(session: Session, who: Principal, project_id: int, *, now: datetime, today: date) -> Standing:
    """What a member sees: itself, its papers, and nothing of the others but how many there are. Raises ProjectUnknown."""
    authorise(session, who, "subsidy.read_own")
    seat = seat_of(session, who, project_id)
    whole = read_standing(session, who.district_id, project_id, seat, now=now, today=today)
    return whole if seat.role not in ("participant", "provider") else only(whole, seat)


def only(whole: Standing, seat: Seated) -> Standing:
    """The project as one party may see it."""
    mine = seat.party_id
    return Standing(
        **{
            **{name: value for name, value in whole.__dict__.items() if name in Standing.__dataclass_fields__},
            "parties": tuple(row for row in whole.parties if row.id == mine),
            "papers": tuple(row for row in whole.papers if row.party_id == mine),
            "links": tuple(row for row in whole.links if row.party_id == mine),
            "lines": tuple(row for row in whole.lines if row.party_id == mine),
            "answers": (),
            "asked": {},
            "figures": tuple(row for row in whole.figures if row.party_id == mine),
            "seat": seat,
        }
    )


def read_standing(session: Session, district_id: int, project_id: int, seat: Seated, *, now: datetime, today: date) -> Standing:
    """For doors that have asked already. Raises ProjectUnknown."""
    project = session.get(Project, (district_id, project_id))
    if project is None:
        raise ProjectUnknown
    here = {"district_id": district_id, "project_id": project_id}
    parties = session.scalars(select(PartyModel).filter_by(**here).order_by(PartyModel.role != "representative", PartyModel.id)).all()
    history = session.scalars(select(Fact).filter_by(**here).order_by(Fact.id)).all()
    links = session.scalars(select(Link).filter_by(**here).order_by(Link.id)).all()
    papers = papers_of(session, district_id, project_id)
    lines = lines_of(session, district_id, project_id, papers)
    answers = answers_of(session, district_id, project_id)
    figures = figures_of(session, district_id, project_id)
    asked = asked_of(session, district_id, project_id)
    people = (
        {row.made_by for row in lines}
        | {row.made_by for row in answers}
        | {row.changed_by for row in parties if row.changed_by}
        | {row.made_by for row in history}
        | {row.handed_by for row in papers if row.handed_by}
        | {row.made_by for row in figures if row.made_by}
    )
    return Standing(
        id=project.id,
        name=project.name,
        setting=project.setting,
        business_types=tuple(project.business_types),
        representative_kind=project.representative_kind,
        has_district_body=project.has_district_body,
        call=call_of(project.scheme, project.rules_version),
        seat=seat,
        today=today,
        now=now,
        parties=tuple(map(party_row, parties)),
        history=tuple(map(fact_row, history)),
        papers=papers,
        links=tuple(map(link_row, links)),
        lines=lines,
        figures=figures,
        names=nicknames(session, district_id, people) if people else {},
        answers=answers,
        asked=asked,
    )


def contacts_of(session: Session, who: Principal, project_id: int) -> dict[int, Contact]:
    """Whom to call at each party, for papers that the lead signs for. On record. Raises ProjectUnknown, Forbidden."""
    authorise(session, who, "subsidy.make_papers", subject=f"subsidy_project:{project_id}")
    if not seat_of(session, who, project_id).is_lead:
        raise ProjectUnknown
    rows = session.scalars(select(PartyModel).filter_by(district_id=who.district_id, project_id=project_id)).all()
    return {row.id: _contact(session, who.district_id, row) for row in rows}


def contact_of(session: Session, who: Principal, project_id: int, party_id: int) -> Contact:
    """Whom to call: for the lead alone. Raises ProjectUnknown, PartyUnknown."""
    authorise(session, who, "subsidy.read")
    seat = seat_of(session, who, project_id)
    row = session.get(PartyModel, (who.district_id, party_id))
    if row is None or row.project_id != project_id:
        raise PartyUnknown
    return _contact(session, who.district_id, row) if seat.is_lead else Contact()


def _contact(session: Session, district_id: int, row: PartyModel) -> Contact:
    if row.contact is None:
        return Contact()
    found: dict[str, Any] = json.loads(vault(session).unseal(row.contact, "subsidy contact", district_id))
    return Contact(**found)
