"""実績報告: what can be claimed of a project, what is missing for the rest, and the pieces that prove it (S-24, S-39, S-95)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any

from sqlalchemy.orm import Session

from identity.queries import Principal
from subsidy.queries.claims import Claim
from subsidy.queries.costs import Costs, replace_standing
from subsidy.queries.filings import FilingRow, fingerprint_of
from subsidy.queries.lines import LineRow
from subsidy.queries.papers import PaperRow
from subsidy.queries.seats import lead_of
from subsidy.queries.standing import Standing
from subsidy.rules.application import Application
from subsidy.rules.budget import Sum, final, reckoned
from subsidy.rules.calls import call_of
from subsidy.rules.evidence import INVOICE, Doubt
from subsidy.rules.reading import asked_of
from subsidy.rules.shares import ByCategory
from subsidy.rules.wanted import GOOD

NOT_PAID = "not_paid"
"""Why a line is not claimed, beside how its evidence stands and the X codes of the rules."""


@dataclass(frozen=True, slots=True)
class Lack:
    """What a line still needs: `why` is not_paid, how an evidence stands, or a code of the rules; `kinds` of evidence, if any."""

    row: LineRow
    why: str
    kinds: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Exhibit:
    """証憑: a piece of the evidence book. `number` counts through the whole book."""

    number: int
    row: LineRow
    paper: PaperRow


@dataclass(frozen=True)
class Result:
    """Made from the costs as they stand; with `filed`, from those of the moment at which it was filed, and its calculation.

    `claim`: what was filed, with its exhibits and its lacks, whatever a later programme wants as evidence.
    """

    costs: Costs
    filed: FilingRow | None = None
    claim: Claim | None = None

    @property
    def is_open(self) -> bool:
        """Whether there is anything to report on: a decision, and the end of the period."""
        return {"decided", "period_end"} <= self.costs.project.facts.keys()

    @cached_property
    def lacks(self) -> list[Lack]:
        """Of every line in the plan that cannot be claimed yet."""
        if self.claim is not None and self.claim.lacks is not None:
            rows = {row.number: row for row in self.costs.rows}
            return [Lack(rows[number], why, tuple(kinds)) for number, why, kinds in self.claim.lacks]
        return [lack for row in self.costs.rows for lack in self._lacks(row)]

    @cached_property
    def claimed(self) -> list[LineRow]:
        """Lines that are paid, whose evidence is complete and was looked at, and whose days the rules let pass."""
        if self.filed is not None:
            said = {line.id for line in self.filed.application.lines}
            return [row for row in self.costs.rows if str(row.number) in said]
        open_lines = {lack.row.number for lack in self.lacks}
        return [row for row in self.costs.rows if row.number not in open_lines]

    @property
    def explained(self) -> list[tuple[LineRow, str]]:
        """Claimed lines whose invoice has no registration number, and why."""
        bills = ((row, row.newest(INVOICE)) for row in self.claimed)
        return [(row, bill.words) for row, bill in bills if bill is not None and not bill.number and bill.is_good and bill.words]

    @cached_property
    def doubtful(self) -> list[tuple[LineRow, Doubt]]:
        """What of the claimed lines' evidence does not agree (S-96): it can be claimed, and a reviewer will ask."""
        return [(row, doubt) for row in self.claimed for doubt in self.costs.project.doubts_of(row)]

    @cached_property
    def sum(self) -> Sum:
        """The subsidy recomputed from what is claimed."""
        if not self.is_open:
            return Sum(None, (), ())
        return reckoned(self.application, self.costs.project.call)

    @cached_property
    def application(self) -> Application:
        """What is claimed, as the calculator takes it."""
        if self.filed is not None:
            return self.filed.application
        return self.costs.project.application((row.line for row in self.claimed), is_result=True)

    @property
    def asked(self) -> dict[str, Any]:
        """The same as `meguri rules subsidy.grant` takes it, its version of the rules in it."""
        return asked_of(self.application, self.costs.project.call)

    @property
    def fingerprint(self) -> str:
        """Of the question and of every piece that proves it."""
        pieces = [[each.row.number, each.paper.kind, each.paper.sha256.hex()] for each in self.exhibits]
        return fingerprint_of({"asked": self.asked, "papers": pieces})

    @cached_property
    def final(self) -> ByCategory | None:
        """額の確定: the lower of decision and recomputed subsidy in each category; None before there is a decision."""
        fact = self.costs.project.facts.get("decided")
        return final(ByCategory(*fact.amounts), self.sum, self.costs.project.call) if fact and fact.amounts else None

    @cached_property
    def exhibits(self) -> list[Exhibit]:
        """Line by line, and in each in the order in which the papers came about."""
        if self.claim is not None and self.claim.exhibits is not None:
            rows = {row.number: row for row in self.costs.rows}
            files = {paper.id: paper for row in self.costs.rows for paper in row.proofs}
            return [Exhibit(number, rows[line], files[paper]) for number, (line, paper) in enumerate(self.claim.exhibits, 1)]
        call = self.costs.project.call
        found = [(row, paper) for row in self.claimed for _kind, _how, paper in row.evidence(call) if paper is not None]
        return [Exhibit(number, row, paper) for number, (row, paper) in enumerate(found, 1)]

    def exhibits_of(self, number: int) -> Sequence[Exhibit]:
        """Those of one line."""
        return self._by_line.get(number, ())

    @cached_property
    def _by_line(self) -> dict[int, list[Exhibit]]:
        found: dict[int, list[Exhibit]] = {}
        for each in self.exhibits:
            found.setdefault(each.row.number, []).append(each)
        return found

    def _lacks(self, row: LineRow) -> list[Lack]:
        if row.state != "paid":
            return [Lack(row, NOT_PAID)]
        stands: dict[str, list[str]] = {}
        for kind, how, _paper in row.evidence(self.costs.project.call):
            if how != GOOD:
                stands.setdefault(how, []).append(kind)
        found = [Lack(row, how, tuple(kinds)) for how, kinds in stands.items()]
        return found + [Lack(row, code) for code in self.costs.faults_of(row.number)]


def result_of(project: Standing) -> Result:
    """As it was filed; as it stands while it is not, while it is mended (S-90), and where nothing was ever claimed here."""
    claim = project.claim
    if claim is None or "result_filed" not in project.facts or project.state == "result_returned":
        return Result(Costs(project))
    history = tuple(row for row in project.history if row.id <= claim.fact)
    call = call_of(claim.filing.scheme, claim.filing.version)
    then = replace_standing(project, lines=claim.lines, parties=claim.parties, history=history, call=call, **claim.shape)
    return Result(Costs(then), claim.filing, claim)


def result_to_make(session: Session, who: Principal, project_id: int, *, now: datetime, today: date) -> Result:
    """The same for its lead, whose papers the worker makes. For doors that have asked already. Raises ProjectUnknown."""
    from subsidy.queries.whole import read_standing  # it looks back at the result

    return result_of(read_standing(session, who.district_id, project_id, lead_of(session, who, project_id), now=now, today=today))
