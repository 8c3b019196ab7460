"""経費の行: each saving is a row of its own on top of the one that was seen; nothing is edited, nothing is lost."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from base.clock import tokyo_day
from base.db import atomic
from base.errors import Forbidden
from identity.commands import authorise
from identity.queries import Principal, nicknames
from ledger.errors import KeyReused
from subsidy.commands.parties import facts_of
from subsidy.commands.projects import held_project
from subsidy.errors import LineChanged, LineDayWrong, LineUnknown, OrderTooEarly, PartyUnknown
from subsidy.models import CostLine, Party
from subsidy.queries import lead_of
from subsidy.rules.progress import Facts


@dataclass(frozen=True, slots=True)
class NewLine:
    """What is written of a cost line. `amount`: yen, with tax where `is_taxed`.

    The days are of what has happened already, those of `plan_` of what is meant to happen.
    """

    party_id: int
    item: str
    cost_kind: str
    words: str
    amount: int
    is_taxed: bool = False
    tax_rate: int | None = None
    months: int | None = None
    tool: str = ""
    functions: tuple[str, ...] = ()
    provider_id: int | None = None
    is_registered: bool | None = None
    quoted: date | None = None
    ordered: date | None = None
    delivered: date | None = None
    invoiced: date | None = None
    paid: date | None = None
    plan_ordered: date | None = None
    plan_delivered: date | None = None
    plan_paid: date | None = None
    is_out: bool = False


def add_lines(session: Session, who: Principal, project_id: int, new: Sequence[NewLine], *, key: UUID, now: datetime) -> list[int]:
    """All of them or none; the same key again gives the same numbers, and with other lines is refused: they would be lost in silence.

    Raises ProjectUnknown, PartyUnknown, OrderTooEarly, LineDayWrong, KeyReused.
    """
    if who.person_id is None:
        raise Forbidden
    with atomic(session):
        authorise(session, who, "subsidy.keep_costs", subject=f"subsidy_project:{project_id}")
        lead_of(session, who, project_id)
        held_project(session, who, project_id)
        mine = (CostLine.district_id == who.district_id, CostLine.project_id == project_id)
        again = session.scalars(select(CostLine).where(*mine, CostLine.key == key).order_by(CostLine.number)).all()
        if again:
            if [_said(row) for row in again] != [_kept(line) for line in new]:
                raise KeyReused
            return [row.number for row in again]
        last = session.scalar(select(func.max(CostLine.number)).where(*mine)) or 0
        facts = facts_of(session, who, project_id)
        for number, line in enumerate(new, last + 1):
            _check(session, who, project_id, line, facts, now)
            session.add(_row(who, project_id, number, 1, line, key, now))
        return list(range(last + 1, last + 1 + len(new)))


def keep_line(session: Session, who: Principal, project_id: int, number: int, new: NewLine, revision: int, *, now: datetime) -> None:
    """The line, said anew on top of `revision`. Whoever saves second is told. Raises LineUnknown, LineChanged, and as `add_lines`."""
    if who.person_id is None:
        raise Forbidden
    with atomic(session):
        authorise(session, who, "subsidy.keep_costs", subject=f"subsidy_line:{project_id}-{number}")
        lead_of(session, who, project_id)
        held_project(session, who, project_id)
        newest = newest_line(session, who, project_id, number)
        if newest.revision != revision:
            name = nicknames(session, who.district_id, {newest.made_by}).get(newest.made_by, "")
            raise LineChanged(name=name, when=newest.made_at)
        _check(session, who, project_id, new, facts_of(session, who, project_id), now)
        session.add(_row(who, project_id, number, revision + 1, new, None, now))


def newest_line(session: Session, who: Principal, project_id: int, number: int) -> CostLine:
    """For doors that have asked already. Raises LineUnknown."""
    mine = (CostLine.district_id == who.district_id, CostLine.project_id == project_id, CostLine.number == number)
    found = session.scalar(select(CostLine).where(*mine).order_by(CostLine.revision.desc()).limit(1))
    if found is None:
        raise LineUnknown
    return found


def check_days(days: Iterable[date | None], facts: Facts, now: datetime) -> None:
    """S-24: nothing is ordered, delivered or paid before the decision; and nothing is known of tomorrow.

    Raises OrderTooEarly, LineDayWrong.
    """
    known = [day for day in days if day is not None]
    if known and "decided" not in facts:
        raise OrderTooEarly(decided="—")
    if known and min(known) < facts["decided"].day:
        raise OrderTooEarly(decided=facts["decided"].day)
    if known and max(known) > tokyo_day(now):
        raise LineDayWrong(latest=tokyo_day(now))


def check_line_days(new: NewLine, facts: Facts, now: datetime) -> None:
    """Every day of a line. Raises OrderTooEarly, LineDayWrong."""
    check_days((new.ordered, new.delivered, new.paid), facts, now)
    if any(day is not None and day > tokyo_day(now) for day in (new.quoted, new.invoiced)):
        raise LineDayWrong(latest=tokyo_day(now))


def _check(session: Session, who: Principal, project_id: int, new: NewLine, facts: Facts, now: datetime) -> None:
    wanted = {new.party_id} | ({new.provider_id} if new.provider_id is not None else set())
    found = session.scalars(
        select(Party.id).where(Party.district_id == who.district_id, Party.project_id == project_id, Party.id.in_(wanted))
    )
    if set(found) != wanted:
        raise PartyUnknown
    check_line_days(new, facts, now)


def _row(who: Principal, project_id: int, number: int, revision: int, new: NewLine, key: UUID | None, now: datetime) -> CostLine:
    line = _kept(new)
    return CostLine(
        district_id=who.district_id,
        project_id=project_id,
        number=number,
        revision=revision,
        key=key,
        made_by=who.person_id,
        made_at=now,
        **{**asdict(line), "functions": list(line.functions)},
    )


def _kept(new: NewLine) -> NewLine:
    """Without what means nothing for it."""
    return replace(new, tax_rate=new.tax_rate if new.is_taxed else None, months=new.months if new.cost_kind == "cloud" else None)


def _said(row: CostLine) -> NewLine:
    """As it was written."""
    return NewLine(**{name: getattr(row, name) for name in NewLine.__slots__} | {"functions": tuple(row.functions)})
