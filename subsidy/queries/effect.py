"""効果報告: what members have reported, what follows for the group, and what the ledger knows of their sales."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from sqlalchemy.orm import Session

import merchant.queries
from identity.commands import authorise
from identity.queries import Principal
from subsidy.queries.figures import FigureRow
from subsidy.queries.rows import FactRow, PartyRow, duties_done
from subsidy.queries.standing import Standing
from subsidy.rules.application import Fault, Refused
from subsidy.rules.effect import Effect, Figures, Member, effect, report_of, window
from subsidy.rules.outlook import BASE, Forecast, Pull, forecast, pulls
from subsidy.rules.progress import report_telling


@dataclass(frozen=True)
class Outcome:
    """Of one report, or of those members who have all its years. `effect`: None where `faults` say why not."""

    effect: Effect | None
    faults: tuple[Fault, ...]
    forecast: Forecast | None
    pulls: tuple[Pull, ...]


@dataclass(frozen=True)
class Report:
    """Effect report `number` (1 or 2) of a project."""

    project: Standing
    number: int

    @property
    def years(self) -> tuple[int, ...]:
        """Base, and the years up to this report's own."""
        return tuple(range(self.number + 1))

    @property
    def members(self) -> list[PartyRow]:
        """Whoever must report."""
        return self.project.reporting

    @cached_property
    def duties(self) -> list[FactRow]:
        """What was done after the project (S-89) in the time of this report, oldest first."""
        call = self.project.call
        return [row for row in duties_done(self.project.history) if row.day and report_telling(row.day, call) == self.number]

    @property
    def window(self) -> str:
        """early, open or late."""
        return window(report_of(self.number, self.project.call), self.project.now)

    @cached_property
    def missing(self) -> dict[int, tuple[int, ...]]:
        """Years that a party has not handed in; whoever has all is left out."""
        found = {row.id: tuple(year for year in self.years if not self.project.figure(row.id, year)) for row in self.members}
        return {party: years for party, years in found.items() if years}

    @cached_property
    def whole(self) -> Outcome:
        """Of everybody: what is filed."""
        return self._outcome([row.id for row in self.members])

    @cached_property
    def so_far(self) -> Outcome:
        """Of those who have handed in every year: a forecast while the others are missing, never a report."""
        return self._outcome([row.id for row in self.members if row.id not in self.missing])

    @cached_property
    def closed(self) -> list[FigureRow]:
        """Years in which a member was closed, by its own word."""
        found = (self.project.figure(row.id, year) for row in self.members for year in self.years)
        return [row for row in found if row is not None and row.closed_because]

    @cached_property
    def without_closed(self) -> Outcome:
        """The other reading of a closed year: whoever was closed once is left out of every year, as whoever has left is (S-83)."""
        away = {row.party_id for row in self.closed}
        return self._outcome([row.id for row in self.members if row.id not in away])

    def of_member(self, party_id: int) -> Outcome:
        """Of one alone (S-98)."""
        return self._outcome([party_id])

    def pull_of(self, party_id: int) -> Pull | None:
        """What this member does to the group's growth, as far as is known."""
        return next((pull for pull in self.so_far.pulls if pull.member == str(party_id)), None)

    def _outcome(self, parties: list[int]) -> Outcome:
        members = [Member(str(party), tuple(self._of(party, year) for year in self.years)) for party in parties]
        try:
            found = effect(members, self.project.call)
        except Refused as refused:
            return Outcome(None, refused.faults, None, ())
        ahead = forecast(found.years, self.project.call) if self.number == 1 else None
        return Outcome(found, (), ahead, tuple(pulls(members, self.project.call)))

    def _of(self, party: int, year: int) -> Figures | None:
        row = self.project.figure(party, year)
        return row.figures if row else None


def local_sales(session: Session, who: Principal, project: Standing, party_id: int, year: int) -> int | None:
    """What the ledger knows of a shop's sales in local money in a report year, tax included, refunds taken off; None where it knows none.

    A proposal, and a shop's own figure: whoever looks leaves a record. For pages whose reader was asked already.
    """
    row = project.party(party_id)
    if row.merchant_id is None or year == BASE:
        return None
    authorise(session, who, "subsidy.read_sales", subject=f"subsidy_party:{party_id} {year}")
    report = report_of(year, project.call)
    return merchant.queries.taken(session, who.district_id, row.merchant_id, report.period_from, report.period_to)
