"""A group that tests play with: its lead, its shops and their links, through the product's real doors."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from uuid import uuid4

from PIL import Image

import subsidy.commands
import subsidy.queries
from base.clock import tokyo_day
from identity.queries import Principal
from subsidy.commands import (
    Known,
    NewAnswer,
    NewFact,
    NewFigures,
    NewLine,
    NewLink,
    NewPaper,
    NewParty,
    NewProject,
    NewQuote,
    Passed,
    Shape,
)
from subsidy.queries import Standing
from subsidy.rules.costs import net_of
from subsidy.rules.quotes import INELIGIBLE, Checked
from tests.town import Clerk, Town

PDF = (
    b"%PDF-1.7\n1 0 obj<</Type /Catalog /Pages 2 0 R>>endobj\n2 0 obj<</Type /Pages /Kids [3 0 R] /Count 1>>endobj\n"
    b"3 0 obj<</Type /Page /Parent 2 0 R /MediaBox [0 0 595 842]>>endobj\ntrailer<</Size 4 /Root 1 0 R>>\nstartxref\n9\n%%EOF\n"
)
"""An empty sheet, written by hand: its table of places is missing, as in many files that people have, and every reader opens it."""


def photograph(width: int = 1200, height: int = 900) -> bytes:
    """What a telephone makes of a sheet of paper."""
    out = io.BytesIO()
    Image.new("L", (width, height), 230).save(out, "JPEG")
    return out.getvalue()


@dataclass
class Group:
    """One project and the person who leads it."""

    town: Town
    lead: Clerk
    project_id: int

    @property
    def who(self) -> Principal:
        return self.lead.who

    def stands(self) -> Standing:
        now = self.town.now
        return subsidy.queries.standing(self.town.session, self.who, self.project_id, now=now, today=tokyo_day(now))

    def steps(self) -> list[str]:
        return [step.code for step in self.stands().steps]

    def adds(self, name: str, role: str = "participant", **known: object) -> int:
        new = NewParty(name, is_sole=role == "participant", known=Known(**known))  # type: ignore[arg-type]
        return subsidy.commands.add_party(self.town.session, self.who, self.project_id, role, new, now=self.town.now)

    def grows(self, members: int) -> list[int]:
        """So many participants about whom everything is known."""
        known = {"is_small": True, "is_association_member": True, "earlier": ()}
        return [self.adds(f"{number}番の店", **known) for number in range(1, members + 1)]

    def notes(self, kind: str, day: date | None, amounts: tuple[int, int, int] | None = None, words: str = "") -> None:
        subsidy.commands.note_fact(self.town.session, self.who, self.project_id, NewFact(kind, day, amounts, words), now=self.town.now)

    def passes(self, party_id: int, day: date, amount: int) -> None:
        """A member is given its part of the subsidy, by a transfer that is shown."""
        new = Passed(day, amount, "振込.jpg", photograph())
        subsidy.commands.pass_on(self.town.session, self.who, self.project_id, party_id, new, now=self.town.now)

    def files(self, day: date) -> None:
        """The plan is whole but for the answers: those are given, and it is noted that it was filed."""
        self.answers(*(item for item in range(1, 7) if item not in self.stands().answers_by_item))
        self.notes("submitted", day)

    def asks(self, party_id: int, *papers: str) -> str:
        return subsidy.commands.make_link(self.town.session, self.who, self.project_id, party_id, NewLink(papers), now=self.town.now)

    def hands_in(self, party_id: int, kind: str, content: bytes = PDF, issued_on: date | None = None) -> int:
        new = NewPaper(kind, "書類.pdf", content, issued_on)
        return subsidy.commands.hand_in(self.town.session, self.who, self.project_id, party_id, new, now=self.town.now)

    def buys(self, *lines: NewLine) -> list[int]:
        """Cost lines, by their numbers."""
        return subsidy.commands.add_lines(self.town.session, self.who, self.project_id, lines, key=uuid4(), now=self.town.now)

    def checks(self) -> None:
        """Two quotes for each line of the plan, the first one chosen, and everything about it made sure of."""
        here = (self.town.session, self.who, self.project_id)
        for row in self.stands().plan_lines:
            for seller in ("会津システム", "湯の町電器"):
                quote = NewQuote(seller, net_of(row.typed).yen, tokyo_day(self.town.now), uuid4())
                subsidy.commands.add_quote(*here, row.number, quote, now=self.town.now)
            made_sure = Checked(1, "", "P-1", "T-1", "みんなで使う", INELIGIBLE)
            subsidy.commands.check_line(*here, row.number, made_sure, 0, now=self.town.now)

    def answers(self, *items: int, words: str = "こう答えます。") -> None:
        """Criteria of the review, each for the first time."""
        for item in items:
            new = NewAnswer(words)
            subsidy.commands.keep_answer(self.town.session, self.who, self.project_id, item, new, 0, now=self.town.now)

    def reports(
        self,
        party_id: int,
        year: int,
        sales: int,
        cost: int,
        *,
        hours: int = 2_000,
        local: int | None = None,
        closed: str = "",
        revision: int = 0,
    ) -> None:
        """A year of a member with one person at work."""
        new = NewFigures(year, sales, cost, 1, hours, local, closed_because=closed)
        subsidy.commands.keep_figures(self.town.session, self.who, self.project_id, party_id, new, revision, now=self.town.now)

    def proves(self, number: int, content: Mapping[int, bytes] = MappingProxyType({})) -> list[bytes]:
        """Every piece of evidence that a paid line needs, by its own days, each found good: photographs, or this by its place."""
        row = next(row for row in self.stands().lines if row.number == number)
        days = {"V_ORDER": row.line.ordered, "V_DELIVERY": row.line.delivered, "V_PAYMENT": row.line.paid}
        sent = []
        for place, (kind, _how, _paper) in enumerate(row.evidence(self.stands().call)):
            sent.append(content.get(place, photograph(1200 + number, 900 + place)))
            new = NewPaper(kind, "x", sent[-1], line=number, day=days.get(kind), amount=770_000, number="T7000012050002")
            paper = subsidy.commands.hand_in(self.town.session, self.who, self.project_id, row.party_id, new, now=self.town.now)
            self.finds(paper)
        return sent

    def finds(self, paper_id: int, *, is_good: bool = True, words: str = "") -> None:
        subsidy.commands.check_paper(
            self.town.session, self.who, self.project_id, paper_id, is_good=is_good, words=words, now=self.town.now
        )


def founded(town: Town, lead: Clerk | None = None, **shape: object) -> Group:
    """A lead founds a project of the association."""
    lead = lead or town.another_clerk("group_lead", nickname="小谷")
    plain: dict[str, object] = {"name": "湯の町デジタル化", "setting": "cluster", "business_types": (4,), "has_district_body": False}
    plain["representative_kind"] = "shotengai_association"
    representative = NewParty(
        "灯ノ沢温泉商店街振興組合", False, "7000012050002", known=Known(operates_business=False, has_gbiz_id=True, earlier=())
    )
    new = NewProject(Shape(**(plain | shape)), representative, uuid4())  # type: ignore[arg-type]
    return Group(town, lead, subsidy.commands.found_project(town.session, lead.who, new, now=town.now))
