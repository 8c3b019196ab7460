"""給付: lists, how far each has come, and what became of each line."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session

import ledger.queries as book
from association.errors import BenefitUnknown
from association.models import Benefit, BenefitLine, Funder
from identity.commands import authorise
from identity.queries import Principal, nicknames
from ledger.queries import Series

PAGE = 100
FILE_PIECE = 5_000


@dataclass(frozen=True, slots=True)
class Wrong:
    """A line of the file that is left out, and why; `cell`: what stands there, where it is no name."""

    line: int
    what: str
    cell: str


@dataclass(frozen=True, slots=True)
class ListedBenefit:
    """A benefit. Amounts in yen. `state`: draft, preparing, waiting, one of book.FALLEN, posting, stopped, stuck, left, done or ended.

    `returned`, `owed`: taken back so far, and what its funder still owes. `same_as`: an earlier one with the same people and amounts.
    `stuck_number`: of the error for which it stands still; `stuck_facts` fill its sentence, None before they were kept.
    `left_out`: lines of the file that get nothing; `wrong`: the first thousand of them.
    """

    id: int
    name: str
    name_en: str
    series: Series
    paid_from: str
    funder: str | None
    note: str
    people: int
    amount: int
    left_out: int
    wrong: tuple[Wrong, ...]
    maker_name: str | None
    made_by: int
    made_at: datetime
    proposal_id: int | None
    state: str
    posted: int
    posted_amount: int
    looked_at: int
    returned: int
    owed: int
    same_as: int | None
    stuck_number: str | None
    stuck_facts: dict[str, object] | None

    @property
    def left(self) -> int:
        """Lines that are not posted."""
        return self.people - self.posted

    @property
    def is_moving(self) -> bool:
        """Whether it changes by itself while somebody looks."""
        return self.state in ("preparing", "posting")


class StuckBenefit(NamedTuple):
    """A benefit that stands still. `number`: of the error."""

    id: int
    name: str
    name_en: str
    number: str


@dataclass(frozen=True, slots=True)
class ListedLine:
    """One person's part, by their number. `state`: open, posted, refused (`reason`), ended, returning or returned."""

    place: int
    line: int
    person_id: int
    amount: int
    state: str
    reason: str | None
    transaction_id: int | None


def benefits(session: Session, who: Principal) -> list[ListedBenefit]:
    """All of them, the newest first."""
    authorise(session, who, "association.read")
    rows = session.scalars(select(Benefit).where(Benefit.district_id == who.district_id).order_by(Benefit.id.desc())).all()
    return _listed(session, who.district_id, rows)


def benefit(session: Session, who: Principal, benefit_id: int) -> ListedBenefit:
    """One of them. Raises BenefitUnknown."""
    authorise(session, who, "association.read")
    row = session.get(Benefit, (who.district_id, benefit_id), populate_existing=True)
    if row is None:
        raise BenefitUnknown
    return _listed(session, who.district_id, [row])[0]


def stuck_benefits(session: Session, who: Principal) -> list[StuckBenefit]:
    """Those that stand still until somebody has looked, oldest first."""
    authorise(session, who, "association.read")
    query = select(Benefit.id, Benefit.name, Benefit.name_en, Benefit.stuck_number).where(
        Benefit.district_id == who.district_id, Benefit.stuck_at.is_not(None)
    )
    rows = session.execute(query.order_by(Benefit.stuck_at, Benefit.id))
    return [StuckBenefit(row.id, row.name, row.name_en, row.stuck_number or "") for row in rows]


def benefit_lines(
    session: Session,
    who: Principal,
    benefit_id: int,
    *,
    refused: bool = False,
    person_id: int | None = None,
    after: int = 0,
    limit: int = PAGE,
) -> list[ListedLine]:
    """Lines behind the place `after`. `refused`: only those that the book refused; `person_id`: only this person's."""
    authorise(session, who, "association.read")
    query = select(BenefitLine).where(
        BenefitLine.district_id == who.district_id, BenefitLine.benefit_id == benefit_id, BenefitLine.place > after
    )
    if refused:
        query = query.where(BenefitLine.refused.is_not(None))
    if person_id is not None:
        query = query.where(BenefitLine.person_id == person_id)
    rows = session.scalars(query.order_by(BenefitLine.place).limit(limit).execution_options(populate_existing=True)).all()
    asked = {row.return_proposal_id for row in rows if row.return_proposal_id is not None}
    outcomes = book.outcomes(session, who.district_id, asked) if asked else {}
    return [_line(row, outcomes) for row in rows]


def all_benefit_lines(session: Session, who: Principal, benefit_id: int) -> Iterator[ListedLine]:
    """Every line, read in pieces: for the file."""
    after = 0
    while piece := benefit_lines(session, who, benefit_id, after=after, limit=FILE_PIECE):
        yield from piece
        after = piece[-1].place


def refused_lines(session: Session, who: Principal, benefit_id: int) -> int:
    """How many lines the book refused the last time, or that were given up."""
    authorise(session, who, "association.read")
    query = select(func.count()).where(
        BenefitLine.district_id == who.district_id, BenefitLine.benefit_id == benefit_id, BenefitLine.refused.is_not(None)
    )
    return session.scalar(query.select_from(BenefitLine)) or 0


def benefit_names(session: Session, district_id: int, ids: Collection[int]) -> dict[int, tuple[str, str]]:
    """Benefit → its name in Japanese and English. For doors that have asked already."""
    if not ids:
        return {}
    query = select(Benefit.id, Benefit.name, Benefit.name_en).where(Benefit.district_id == district_id, Benefit.id.in_(ids))
    return {row.id: (row.name, row.name_en) for row in session.execute(query)}


def _line(row: BenefitLine, outcomes: dict[int, bool]) -> ListedLine:
    state = "open"
    if row.refused is not None:
        state = "ended" if row.refused == "ended" else "refused"
    elif row.transaction_id is not None:
        state = "posted"
        if row.return_proposal_id is not None:
            state = {True: "returned", False: "posted", None: "returning"}[outcomes.get(row.return_proposal_id)]
    return ListedLine(row.place, row.line, row.person_id, row.amount, state, row.refused, row.transaction_id)


def _state(row: Benefit, outcomes: dict[int, bool], fallen: dict[int, str]) -> str:
    if row.stuck_at is not None:
        return "stuck"
    if row.proposal_id is None:
        return "draft" if row.asked_at is None else "preparing"
    if not outcomes.get(row.proposal_id):
        return fallen.get(row.proposal_id, "waiting")
    if row.posted == row.people:
        return "done"
    if row.stopped_at is not None:
        return "stopped"
    if row.next_place <= row.people:
        return "posting"
    return "left" if row.ended_at is None else "ended"


def _listed(session: Session, district_id: int, rows: Sequence[Benefit]) -> list[ListedBenefit]:
    if not rows:
        return []
    laid = [row.proposal_id for row in rows if row.proposal_id is not None]
    outcomes, fallen = book.outcomes(session, district_id, laid), book.fallen(session, district_id, laid)
    names = nicknames(session, district_id, {row.made_by for row in rows})
    series = {one.id: one for one in book.series(session, district_id)}
    ids = [row.funder_id for row in rows if row.funder_id is not None]
    query = select(Funder.id, Funder.name).where(Funder.district_id == district_id, Funder.id.in_(ids))
    funders: dict[int, str] = {row.id: row.name for row in session.execute(query)} if ids else {}
    accounts = [row.account_id for row in rows if row.account_id is not None and row.paid_from == "funder"]
    owed = book.natural_balances(session, district_id, accounts) if accounts else {}
    returned = _returned(session, district_id, [row.id for row in rows])
    return [
        ListedBenefit(
            id=row.id,
            name=row.name,
            name_en=row.name_en,
            series=series[row.series_id],
            paid_from=row.paid_from,
            funder=None if row.funder_id is None else funders[row.funder_id],
            note=row.note,
            people=row.people,
            amount=row.amount,
            left_out=row.left_out,
            wrong=tuple(Wrong(*each) for each in row.wrong),
            maker_name=names.get(row.made_by),
            made_by=row.made_by,
            made_at=row.made_at,
            proposal_id=row.proposal_id,
            state=_state(row, outcomes, fallen),
            posted=row.posted,
            posted_amount=row.posted_amount,
            looked_at=min(row.next_place - 1, row.people),
            returned=returned.get(row.id, 0),
            owed=owed.get(row.account_id or 0, 0),
            same_as=_same(session, row) if row.asked_at is None else None,
            stuck_number=row.stuck_number,
            stuck_facts=row.stuck_facts,
        )
        for row in rows
    ]


def _returned(session: Session, district_id: int, ids: Sequence[int]) -> dict[int, int]:
    """Benefit → yen that was taken back."""
    query = select(BenefitLine.benefit_id, BenefitLine.amount, BenefitLine.return_proposal_id).where(
        BenefitLine.district_id == district_id, BenefitLine.benefit_id.in_(ids), BenefitLine.return_proposal_id.is_not(None)
    )
    rows = session.execute(query).all()
    outcomes = book.outcomes(session, district_id, [row.return_proposal_id for row in rows]) if rows else {}
    found: dict[int, int] = {}
    for row in rows:
        if outcomes.get(row.return_proposal_id):
            found[row.benefit_id] = found.get(row.benefit_id, 0) + row.amount
    return found


def _same(session: Session, row: Benefit) -> int | None:
    query = select(func.max(Benefit.id)).where(
        Benefit.district_id == row.district_id, Benefit.content_hash == row.content_hash, Benefit.asked_at.is_not(None)
    )
    return session.scalar(query)
