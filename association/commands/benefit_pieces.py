"""給付, the worker's part: accounts are opened, the proposal is laid down, and what was approved is posted, piece by piece.

A piece and what is written about it in the benefit's row are one database transaction, under the lock of that row: cut off, nothing of
it has happened, and of two workers one does it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Row, select, text
from sqlalchemy.orm import Session

import identity.queries
import ledger.commands as book
import ledger.queries as read
from association.commands.keys import own_key
from association.models import Benefit, BenefitLine
from association.queries.notice import current_version
from base.db import atomic, wake
from identity.queries import person_topic

PIECE_MAX = 1_000
"""Lines of a piece: somebody who pays meanwhile waits for no more than these, some tens of milliseconds."""
OWNERS_A_BENEFIT, OWN = 100, 90
"""A funder's account of a benefit belongs to its number × 100 + 90: those of coupons end in the place of a share, 1 to 9."""
ANSWERED = text(
    "WITH told AS (UPDATE benefit_line l SET transaction_id = a.transaction_id, refused = a.refused"
    " FROM unnest(CAST(:places AS bigint[]), CAST(:numbers AS bigint[]), CAST(:reasons AS text[])) AS a (place, transaction_id, refused)"
    " WHERE l.district_id = :district_id AND l.benefit_id = :benefit_id AND l.place = a.place AND l.place BETWEEN :first AND :last"
    " RETURNING l.person_id, l.amount, l.transaction_id)"
    " SELECT person_id, amount FROM told WHERE transaction_id IS NOT NULL"
)


def give_benefits(session: Session, *, now: datetime) -> int:
    """Do one piece of whatever benefit is due, and give how many lines were looked at; 0: nothing is due.

    For the worker: again is harmless, and cut off it goes on the next time.
    """
    with atomic(session):
        for row in session.scalars(
            select(Benefit)
            .where(Benefit.asked_at.is_not(None), Benefit.stopped_at.is_(None), Benefit.next_place <= Benefit.people)
            .order_by(Benefit.asked_at, Benefit.id)
            .with_for_update(skip_locked=True)
            .execution_options(populate_existing=True)
        ):
            if row.proposal_id is None:
                return _prepare_piece(session, row)
            if read.outcomes(session, row.district_id, [row.proposal_id]).get(row.proposal_id):
                return _close_piece(session, row) if row.ended_at else _post_piece(session, row, row.proposal_id)
    return 0


def _prepare_piece(session: Session, row: Benefit) -> int:
    """Open the accounts that a piece of the lines lacks, each under its owner's lock. With the last piece the list is laid down."""
    people = [line.person_id for line in _lines(session, row, first=row.next_place, limit=PIECE_MAX)]
    book.open_accounts(session, row.district_id, "consumer", people, row.series_id)
    row.next_place += len(people)
    if row.next_place > row.people:
        _lay_down(session, row)
        row.next_place = 1
    return len(people)


def _lay_down(session: Session, row: Benefit) -> None:
    """Lay the list before a second person, in the name of whoever asked for it: a transaction for each line."""
    assert row.asked_by is not None, row
    role, lines = row.paid_from, _lines(session, row)
    accounts = book.open_accounts(session, row.district_id, "consumer", [line.person_id for line in lines], row.series_id)
    payer = book.open_account(session, row.district_id, role, row.id * OWNERS_A_BENEFIT + OWN if role == "funder" else 0, 0)
    way: dict[str, book.Fact] = {"way": "benefit", "benefit": row.id, "notice": current_version(session, row.district_id)}
    drafts = [
        book.Draft(
            kind="benefit",
            key=own_key(session, "benefit", row.district_id, row.id, line.place),
            command_hash=book.hash_command("association.benefit", row.id, line.place, line.amount),
            lines=book.transfer(payer, account, line.amount),
            facts=way,
        )
        for line, account in zip(lines, accounts, strict=True)
    ]
    facts: dict[str, book.Fact] = {
        "benefit": row.id,
        "total": row.amount,
        "people": row.people,
        "paid_from": role,
        "name": row.name,
        "note": row.note,
    }
    row.account_id, row.proposal_id = payer, book.propose(session, row.district_id, row.asked_by, "benefit", drafts, facts=facts)


def _lines(session: Session, row: Benefit, *, first: int = 1, limit: int | None = None) -> Sequence[Row[int, int, int]]:
    """Place, person and amount of the lines from place `first` on."""
    query = select(BenefitLine.place, BenefitLine.person_id, BenefitLine.amount).where(
        BenefitLine.district_id == row.district_id, BenefitLine.benefit_id == row.id, BenefitLine.place >= first
    )
    return session.execute(query.order_by(BenefitLine.place).limit(limit)).all()


def _post_piece(session: Session, row: Benefit, proposal_id: int) -> int:
    answers = book.post_items(session, row.district_id, proposal_id, first=row.next_place, limit=PIECE_MAX)
    reasons = {answer.place: answer.refused.code if answer.refused else None for answer in answers}
    reasons |= dict.fromkeys(_of_who_left(session, row, [place for place, reason in reasons.items() if reason]), "left")
    given = _answered(session, row, [(answer.place, answer.transaction_id) for answer in answers], reasons)
    row.posted += len(given)
    row.posted_amount += sum(amount for _, amount in given)
    for person_id, _ in given:
        wake(session, person_topic(row.district_id, person_id))
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


def _close_piece(session: Session, row: Benefit) -> int:
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
    for place in places:
        late = book.close_key(session, row.district_id, own_key(session, "benefit", row.district_id, row.id, place))
        assert late is None, (row.id, place)  # what posts a line says so in its row, in the same transaction
    _answered(session, row, [(place, None) for place in places], dict.fromkeys(places, "ended"))
    row.next_place = places[-1] + 1 if len(places) == PIECE_MAX else row.people + 1
    return len(places) or 1


def _answered(
    session: Session, row: Benefit, answers: Sequence[tuple[int, int | None]], reasons: dict[int, str | None]
) -> list[tuple[int, int]]:
    """Write down what became of these lines; gives person and amount of those that were posted."""
    if not answers:
        return []
    values = {
        "district_id": row.district_id,
        "benefit_id": row.id,
        "first": answers[0][0],  # without these the plan may read the whole list for each piece
        "last": answers[-1][0],
        "places": [place for place, _ in answers],
        "numbers": [number for _, number in answers],
        "reasons": [reasons[place] for place, _ in answers],
    }
    return [(told.person_id, told.amount) for told in session.execute(ANSWERED, values)]
