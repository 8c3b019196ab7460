"""給付, the worker's part: accounts are opened, the proposal is laid down, and what was approved is posted, piece by piece.

A piece and what is written about it in the benefit's row are one database transaction, under the lock of that row: cut off, nothing of
it has happened, and of two workers one does it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Row, select, text
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.orm import Session

import identity.queries
import ledger.commands as book
import ledger.queries as read
from association.commands.keys import own_seed
from association.errors import BenefitFailed
from association.models import Benefit, BenefitLine
from association.queries.notice import current_version
from base.db import as_array, atomic, wake
from identity.queries import person_topic

PIECE_MAX = 1_000
"""Lines of a piece: somebody who pays meanwhile waits for no more than these, some tens of milliseconds."""
OWNERS_A_BENEFIT, OWN = 100, 90
"""A funder's account of a benefit belongs to its number × 100 + 90: those of coupons end in the place of a share, 1 to 9."""
UNFLUSHED = text("SET LOCAL synchronous_commit = off")
"""For accounts that were opened: lost with the server, they are opened again; and what is written upon them is flushed behind them."""
LINES = text(
    "SELECT array_agg(person_id ORDER BY place), array_agg(amount ORDER BY place) FROM (SELECT place, person_id, amount FROM benefit_line"
    " WHERE district_id = :district_id AND benefit_id = :benefit_id AND place >= :first ORDER BY place LIMIT :limit) l"
)
OF_A_PIECE = "l.district_id = :district_id AND l.benefit_id = :benefit_id AND l.place BETWEEN :first AND :last"
POSTED = text(
    "WITH a AS MATERIALIZED (SELECT CAST(:numbers AS bigint[]) AS numbers)"  # no join of two lists: planned badly, it is all times all
    " UPDATE benefit_line l SET transaction_id = a.numbers[l.place - :first + 1], refused = NULL FROM a"
    f" WHERE {OF_A_PIECE} AND a.numbers[l.place - :first + 1] > 0 RETURNING l.person_id, l.amount"
)
REFUSED = text(f"UPDATE benefit_line l SET refused = :reason WHERE {OF_A_PIECE} AND l.place = ANY (CAST(:places AS bigint[]))")


def give_benefits(session: Session, *, now: datetime) -> int:
    """Do one piece of whatever benefit is due, and give how many lines were looked at; 0: nothing is due.

    For the worker: again is harmless, and cut off it goes on the next time. Raises BenefitFailed, for `set_benefit_aside`, but where the
    database is away: that is no fault of a benefit.
    """
    with atomic(session):
        for row in session.scalars(
            select(Benefit)
            .where(
                Benefit.asked_at.is_not(None),
                Benefit.stopped_at.is_(None),
                Benefit.stuck_at.is_(None),
                Benefit.next_place <= Benefit.people,
            )
            .order_by(Benefit.asked_at, Benefit.id)
            .with_for_update(skip_locked=True)
            .execution_options(populate_existing=True)
        ):
            district_id, benefit_id = row.district_id, row.id
            try:
                looked_at = _piece(session, row)
                session.flush()
            except (OperationalError, InterfaceError):
                raise
            except Exception as error:
                raise BenefitFailed(district=district_id, benefit=benefit_id) from error
            if looked_at:
                return looked_at
    return 0


def _piece(session: Session, row: Benefit) -> int:
    """The next piece of this benefit; 0: it waits for a second person, or was declined."""
    if row.proposal_id is None:
        return _prepare_piece(session, row)
    if not read.outcomes(session, row.district_id, [row.proposal_id]).get(row.proposal_id):
        return 0
    does = _close_piece if row.ended_at else _post_piece
    return does(session, row, row.proposal_id)


def _prepare_piece(session: Session, row: Benefit) -> int:
    """Open the accounts that a piece of the lines lacks, each under its owner's lock. With the last piece the list is laid down."""
    people, _ = _lines(session, row, first=row.next_place, limit=PIECE_MAX)
    book.open_accounts(session, row.district_id, "consumer", people, row.series_id)
    row.next_place += len(people)
    if row.next_place <= row.people:
        session.execute(UNFLUSHED)
    else:
        _lay_down(session, row)
        row.next_place = 1
    return len(people)


def _lay_down(session: Session, row: Benefit) -> None:
    """Lay the list before a second person, in the name of whoever asked for it: a transaction for each line."""
    assert row.asked_by is not None, row
    role, (people, amounts) = row.paid_from, _lines(session, row)
    accounts = book.open_accounts(session, row.district_id, "consumer", people, row.series_id)
    payer = book.open_account(session, row.district_id, role, row.id * OWNERS_A_BENEFIT + OWN if role == "funder" else 0, 0)
    alike = book.Alike(
        kind="benefit",
        seed=own_seed(session, "benefit", row.district_id, row.id),
        debit=payer,
        credits=accounts,
        amounts=amounts,
        facts={"way": "benefit", "benefit": row.id, "notice": current_version(session, row.district_id)},
    )
    facts: dict[str, book.Fact] = {
        "benefit": row.id,
        "total": row.amount,
        "people": row.people,
        "paid_from": role,
        "name": row.name,
        "note": row.note,
    }
    number = book.propose_alike(session, row.district_id, row.asked_by, "benefit", alike, facts=facts)
    row.account_id, row.proposal_id = payer, number


def _lines(session: Session, row: Benefit, *, first: int = 1, limit: int | None = None) -> tuple[list[int], list[int]]:
    """Persons and amounts of the lines from place `first` on, in their order."""
    values = {"district_id": row.district_id, "benefit_id": row.id, "first": first, "limit": limit}
    people, amounts = session.execute(LINES, values).one()
    return people or [], amounts or []


def _post_piece(session: Session, row: Benefit, proposal_id: int) -> int:
    answers = book.post_items(session, row.district_id, proposal_id, first=row.next_place, limit=PIECE_MAX)
    posted = {answer.place: answer.transaction_id for answer in answers if answer.transaction_id is not None}
    reasons = {answer.place: answer.refused.code for answer in answers if answer.refused is not None}
    reasons |= dict.fromkeys(_of_who_left(session, row, list(reasons)), "left")
    given = _write_posted(session, row, posted)
    row.posted += len(given)
    row.posted_amount += sum(amount for _, amount in given)
    for person_id, _ in given:
        wake(session, person_topic(row.district_id, person_id))
    _write_refused(session, row, reasons)
    row.next_place = answers[-1].place + 1 if len(answers) == PIECE_MAX else row.people + 1
    return len(answers) or 1


def _of_who_left(session: Session, row: Benefit, places: Sequence[int]) -> list[int]:
    """Those of the refused lines whose person is not stopped for a while, but gone."""
    if not places:
        return []
    query = select(BenefitLine.place, BenefitLine.person_id).where(
        BenefitLine.district_id == row.district_id, BenefitLine.benefit_id == row.id, BenefitLine.place.in_(places)
    )
    whose = {line.place: line.person_id for line in session.execute(query)}
    states = identity.queries.standings(session, row.district_id, set(whose.values()))
    return [place for place, person_id in whose.items() if states.get(person_id) == "left"]


def _close_piece(session: Session, row: Benefit, proposal_id: int) -> int:
    """Of an ended benefit: the keys of up to a piece of lines are closed for good."""
    due = (
        select(BenefitLine.place)
        .where(
            BenefitLine.district_id == row.district_id,
            BenefitLine.benefit_id == row.id,
            BenefitLine.place >= row.next_place,
            BenefitLine.transaction_id.is_(None),
        )
        .order_by(BenefitLine.place)
        .limit(PIECE_MAX)
    )
    places = list(session.scalars(due))
    keys = read.item_keys(session, row.district_id, proposal_id, places)
    for place in places:
        late = book.close_key(session, row.district_id, keys[place])
        assert late is None, (row.id, place)  # what posts a line says so in its row, in the same transaction
    _write_refused(session, row, dict.fromkeys(places, "ended"))
    row.next_place = places[-1] + 1 if len(places) == PIECE_MAX else row.people + 1
    return len(places) or 1


def _write_posted(session: Session, row: Benefit, posted: dict[int, int]) -> Sequence[Row[int, int]]:
    """Write down the number of each line of this piece that was posted, by its place; gives person and amount of those."""
    if not posted:
        return []
    first, last = min(posted), max(posted)
    numbers = as_array(posted.get(place, 0) for place in range(first, last + 1))
    return session.execute(POSTED, _of_a_piece(row, first, last) | {"numbers": numbers}).all()


def _write_refused(session: Session, row: Benefit, reasons: dict[int, str]) -> None:
    """Write down why lines of this piece were not posted, by their place."""
    for reason in set(reasons.values()):
        places = [place for place, why in reasons.items() if why == reason]
        session.execute(REFUSED, _of_a_piece(row, min(places), max(places)) | {"reason": reason, "places": as_array(places)})


def _of_a_piece(row: Benefit, first: int, last: int) -> dict[str, object]:
    """Which lines are looked at: without the places a plan may read the whole list for each piece."""
    return {"district_id": row.district_id, "benefit_id": row.id, "first": first, "last": last}
