"""給付: a town's list is looked at, laid down by one person, approved by another, and posted by the worker piece by piece.

Each person's part is a transaction of its own: in their history, in the books, refused alone, taken back alone. A piece and what is
written here about it are one database transaction, under the lock of the benefit's row: cut off, nothing of it has happened, and of
two workers one posts.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select, text
from sqlalchemy.orm import Session

import identity.queries
import ledger.commands as book
import ledger.queries as read
from association.commands.coupons import funder_of
from association.commands.funders import one_arrival_at_a_time
from association.commands.keys import own_key
from association.commands.proposals import ONE_AT_A_TIME, earlier_proposal, propose
from association.commands.top_up import must_be_coin
from association.errors import BenefitEmpty, BenefitNotReturnable, BenefitRepeated, BenefitStateWrong, BenefitUnknown, FunderOverpaid
from association.models import Benefit, BenefitLine
from association.queries.notice import current_version
from base.db import atomic, wake
from identity.commands import authorise
from identity.queries import Principal, person_topic
from ledger.commands import Posted

PIECE_MAX = 1_000
"""Lines of a piece: somebody who pays meanwhile waits for no more than these, some tens of milliseconds."""
WRONG_MAX = 1_000
"""So many wrong lines are kept to be shown."""
OWNERS_A_BENEFIT, OWN = 100, 90
"""A funder's account of a benefit belongs to its number × 100 + 90: those of coupons end in the place of a share, 1 to 9."""
KEEP_LINES = text(
    "INSERT INTO benefit_line (district_id, benefit_id, place, line, person_id, amount)"
    " SELECT :district_id, :benefit_id, place, line, person_id, amount FROM unnest(CAST(:lines AS bigint[]), CAST(:people AS bigint[]),"
    " CAST(:amounts AS bigint[])) WITH ORDINALITY AS l (line, person_id, amount, place)"
)
ANSWERED = text(
    "WITH told AS (UPDATE benefit_line l SET transaction_id = a.transaction_id, refused = a.refused"
    " FROM unnest(CAST(:places AS bigint[]), CAST(:numbers AS bigint[]), CAST(:reasons AS text[])) AS a (place, transaction_id, refused)"
    " WHERE l.district_id = :district_id AND l.benefit_id = :benefit_id AND l.place = a.place"
    " RETURNING l.person_id, l.amount, l.transaction_id)"
    " SELECT person_id, amount FROM told WHERE transaction_id IS NOT NULL"
)


@dataclass(frozen=True, slots=True)
class NamedLine:
    """One line of the list, its number looked up: whose it is (None: nobody's), how much in yen, or what is wrong, with the `cell`."""

    line: int
    person_id: int | None
    amount: int
    wrong: str | None
    cell: str


@dataclass(frozen=True, slots=True)
class NewBenefit:
    """What is given, and who pays: safe, bank, promotion, or the `funder` with this name."""

    name: str
    name_en: str
    series_id: int
    paid_from: str
    funder: str
    note: str


@dataclass(frozen=True, slots=True)
class ReturnBenefit:
    """Whose part is taken back, and why."""

    benefit_id: int
    place: int
    reason: str
    key: UUID


@dataclass(frozen=True, slots=True)
class BenefitPaid:
    """The funder's money has arrived. `into`: safe or bank; `amount` in yen."""

    benefit_id: int
    into: str
    amount: int
    key: UUID


def check_benefit(session: Session, who: Principal, new: NewBenefit, lines: Sequence[NamedLine], *, now: datetime) -> int:
    """Look at a list, keep it with what is wrong in it, line by line, and give its number. Nobody is asked and nothing moves.

    Raises SeriesUnknown, NotACoin.
    """
    assert who.person_id is not None, who
    with atomic(session):
        authorise(session, who, "association.propose_benefit", subject=f"look {len(lines)}")
        must_be_coin(session, who.district_id, new.series_id)
        series = read.one_series(session, who.district_id, new.series_id)
        good, wrong = _sorted_out(session, who.district_id, series.id, series.balance_max, lines)
        row = Benefit(
            district_id=who.district_id,
            name=new.name,
            name_en=new.name_en or new.name,
            series_id=series.id,
            paid_from=new.paid_from,
            funder_id=funder_of(session, who, new.funder, now) if new.paid_from == "funder" else None,
            note=new.note,
            content_hash=_content_hash(series.id, good),
            people=len(good),
            amount=sum(line.amount for line in good),
            left_out=len(wrong),
            wrong=[[line.line, line.wrong, line.cell] for line in wrong[:WRONG_MAX]],
            made_by=who.person_id,
            made_at=now,
        )
        session.add(row)
        session.flush()
        values = {
            "district_id": who.district_id,
            "benefit_id": row.id,
            "lines": [line.line for line in good],
            "people": [line.person_id for line in good],
            "amounts": [line.amount for line in good],
        }
        session.execute(KEEP_LINES, values)
        return row.id


def drop_benefit(session: Session, who: Principal, benefit_id: int, *, now: datetime) -> None:
    """Throw a list away that nobody was asked about. Raises BenefitUnknown, BenefitStateWrong."""
    with atomic(session):
        authorise(session, who, "association.propose_benefit", subject=f"benefit:{benefit_id} drop")
        if _locked(session, who.district_id, benefit_id).proposal_id is not None:
            raise BenefitStateWrong
        _delete(session, who.district_id, [benefit_id])


def propose_benefit(session: Session, who: Principal, benefit_id: int, *, now: datetime) -> int:
    """Lay a list before a second person and give the proposal's number; again gives the same.

    Accounts that are missing are opened first, a thousand at a time: whoever opens one holds a lock for its owner.
    Raises BenefitUnknown, BenefitEmpty, BenefitRepeated, NoticeMissing.
    """
    assert who.person_id is not None, who
    authorise(session, who, "association.propose_benefit", subject=f"benefit:{benefit_id}")
    accounts = _opened(session, who.district_id, benefit_id)
    with atomic(session):
        session.execute(ONE_AT_A_TIME, {"key": f"association.benefit {who.district_id}"})
        row = _locked(session, who.district_id, benefit_id)
        if row.proposal_id is not None:
            return row.proposal_id
        if not row.people:
            raise BenefitEmpty
        _must_be_new(session, row)
        role = row.paid_from
        payer = book.open_account(session, row.district_id, role, row.id * OWNERS_A_BENEFIT + OWN if role == "funder" else 0, 0)
        notice = current_version(session, row.district_id)
        drafts = [
            book.Draft(
                kind="benefit",
                key=own_key(session, "benefit", row.district_id, row.id, line.place),
                command_hash=book.hash_command("association.benefit", row.id, line.place, line.amount),
                lines=book.transfer(payer, accounts[line.person_id], line.amount),
                facts={"way": "benefit", "benefit": row.id, "notice": notice},
            )
            for line in _lines(session, row.district_id, row.id)
        ]
        facts: dict[str, book.Fact] = {
            "benefit": row.id,
            "total": row.amount,
            "people": row.people,
            "paid_from": role,
            "name": row.name,
            "note": row.note,
        }
        number = propose(session, who, "benefit", drafts, facts)
        row.account_id, row.proposal_id = payer, number
        return number


def stop_benefit(session: Session, who: Principal, benefit_id: int, *, now: datetime) -> None:
    """一時停止: no further piece is posted. What is posted stays. Raises BenefitUnknown, BenefitStateWrong."""
    with atomic(session):
        row = _running(session, who, benefit_id, "stop")
        row.stopped_by, row.stopped_at = who.person_id, now


def go_on_with_benefit(session: Session, who: Principal, benefit_id: int, *, now: datetime) -> None:
    """つづける: the rest is posted, also whom the book refused before. Raises BenefitUnknown, BenefitStateWrong."""
    with atomic(session):
        row = _running(session, who, benefit_id, "go on")
        row.stopped_by, row.stopped_at, row.next_place = None, None, 1


def end_benefit(session: Session, who: Principal, benefit_id: int, *, now: datetime) -> None:
    """打ち切る: what is not posted by now never will be; its keys are closed for good. Raises BenefitUnknown, BenefitStateWrong."""
    with atomic(session):
        row = _running(session, who, benefit_id, "end")
        row.stopped_by, row.stopped_at, row.next_place = None, None, 1
        row.ended_by, row.ended_at = who.person_id, now


def post_benefits(session: Session, *, now: datetime) -> int:
    """Post one piece of whatever benefit is due, and give how many lines were looked at; 0: nothing is due.

    For the worker: again is harmless, and cut off it goes on the next time.
    """
    with atomic(session):
        for row in session.scalars(
            select(Benefit)
            .where(Benefit.proposal_id.is_not(None), Benefit.stopped_at.is_(None), Benefit.next_place <= Benefit.people)
            .order_by(Benefit.proposal_id)
            .with_for_update(skip_locked=True)
            .execution_options(populate_existing=True)
        ):
            assert row.proposal_id is not None, row
            if read.outcomes(session, row.district_id, [row.proposal_id]).get(row.proposal_id):
                return _close_piece(session, row) if row.ended_at else _post_piece(session, row, row.proposal_id)
    return 0


def propose_benefit_return(session: Session, who: Principal, order: ReturnBenefit, *, now: datetime) -> int:
    """Lay before a second person that one person's part goes back to whoever paid it, whole. The same key gives the same proposal.

    Raises BenefitUnknown, BenefitNotReturnable, KeyReused. Whether the person still has it, the book says at the approval.
    """
    assert who.person_id is not None, who
    with atomic(session):
        authorise(session, who, "association.propose_benefit", subject=f"benefit:{order.benefit_id} return {order.place}")
        content = book.hash_command("association.propose_benefit_return", who.person_id, order.benefit_id, order.place)
        found = earlier_proposal(session, who, order.key, content)
        if found is not None:
            return found
        row = _locked(session, who.district_id, order.benefit_id)
        line = session.get(BenefitLine, (who.district_id, row.id, order.place), with_for_update=True, populate_existing=True)
        if line is None or line.transaction_id is None or row.account_id is None:
            raise BenefitNotReturnable
        asked = line.return_proposal_id
        if asked is not None and read.outcomes(session, who.district_id, [asked]).get(asked) is not False:
            raise BenefitNotReturnable
        account = book.open_account(session, who.district_id, "consumer", line.person_id, row.series_id)
        draft = book.Draft(
            kind="benefit_return",
            key=order.key,
            command_hash=content,
            lines=book.transfer(account, row.account_id, line.amount),
            facts={"benefit": row.id, "staff": who.person_id},
            refers_to=line.transaction_id,
        )
        line.return_proposal_id = propose(session, who, "benefit_return", [draft], {"note": order.reason, "name": row.name})
        return line.return_proposal_id


def benefit_paid(session: Session, who: Principal, order: BenefitPaid, *, now: datetime) -> Posted:
    """Book the funder's money against what it owes for a benefit. Raises BenefitUnknown, FunderOverpaid, KeyReused."""
    assert order.into in ("safe", "bank"), order
    with atomic(session):
        authorise(session, who, "association.funder_pays", subject=f"benefit:{order.benefit_id} {order.amount}")
        content = book.hash_command("association.benefit_paid", order.benefit_id, order.amount, order.into)
        row = _locked(session, who.district_id, order.benefit_id)
        known = read.find_key(session, who.district_id, order.key, content)
        if known is not None:
            return known
        if row.paid_from != "funder" or row.account_id is None:
            raise BenefitUnknown
        one_arrival_at_a_time(session, who.district_id)
        owed = read.balance(session, who.district_id, row.account_id)
        if not 1 <= order.amount <= owed:
            raise FunderOverpaid(owed=owed)
        lines = book.transfer(book.open_account(session, who.district_id, order.into, 0, 0), row.account_id, order.amount)
        facts = {"benefit": row.id, "staff": who.person_id}
        return book.post(session, who.district_id, book.Draft("funder_pays", order.key, content, lines, facts))


def _post_piece(session: Session, row: Benefit, proposal_id: int) -> int:
    answers = book.post_items(session, row.district_id, proposal_id, first=row.next_place, limit=PIECE_MAX)
    reasons = {answer.place: answer.refused.code if answer.refused else None for answer in answers}
    reasons |= dict.fromkeys(_of_who_left(session, row, [place for place, reason in reasons.items() if reason]), "left")
    for person_id, amount in _answered(session, row, [(answer.place, answer.transaction_id) for answer in answers], reasons):
        row.posted += 1
        row.posted_amount += amount
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
    values = {
        "district_id": row.district_id,
        "benefit_id": row.id,
        "places": [place for place, _ in answers],
        "numbers": [number for _, number in answers],
        "reasons": [reasons[place] for place, _ in answers],
    }
    return [(told.person_id, told.amount) for told in session.execute(ANSWERED, values)] if answers else []


def _sorted_out(
    session: Session, district_id: int, series_id: int, balance_max: int, lines: Sequence[NamedLine]
) -> tuple[list[NamedLine], list[NamedLine]]:
    """Those that can be given as things stand now, and those that cannot, with the reason."""
    asked = [line.person_id for line in lines if line.person_id is not None]
    states = identity.queries.standings(session, district_id, asked)
    held = read.held_by(session, district_id, "consumer", series_id, asked)
    seen: set[int] = set()
    good: list[NamedLine] = []
    wrong: list[NamedLine] = []
    for line in lines:
        reason = line.wrong or _reason(line, states, held, seen, balance_max)
        if reason is None:
            good.append(line)
        else:
            wrong.append(NamedLine(line.line, line.person_id, line.amount, reason, line.cell))
        if line.person_id is not None:
            seen.add(line.person_id)
    return good, wrong


def _reason(line: NamedLine, states: dict[int, str], held: dict[int, tuple[int, int]], seen: set[int], most: int) -> str | None:
    if line.person_id is None or line.person_id not in states:
        return "unknown"
    if line.person_id in seen:
        return "twice"
    if states[line.person_id] != "open":
        return states[line.person_id]
    return "over" if held.get(line.person_id, (0, 0))[1] + line.amount > most else None


def _content_hash(series_id: int, lines: Sequence[NamedLine]) -> bytes:
    """The same people and amounts, in whatever order, have the same one."""
    return hashlib.sha256(json.dumps([series_id, sorted((line.person_id or 0, line.amount) for line in lines)]).encode()).digest()


def _must_be_new(session: Session, row: Benefit) -> None:
    same = select(Benefit.id, Benefit.proposal_id).where(
        Benefit.district_id == row.district_id,
        Benefit.content_hash == row.content_hash,
        Benefit.name == row.name,
        Benefit.proposal_id.is_not(None),
    )
    known = session.execute(same).all()
    outcomes = read.outcomes(session, row.district_id, [each.proposal_id for each in known]) if known else {}
    for each in known:
        if outcomes.get(each.proposal_id) is not False:
            raise BenefitRepeated(benefit=each.id)


def _opened(session: Session, district_id: int, benefit_id: int) -> dict[int, int]:
    """Person → account in the benefit's series, of all on the list."""
    row = session.get(Benefit, (district_id, benefit_id))
    if row is None:
        raise BenefitUnknown
    series_id, people = row.series_id, [line.person_id for line in _lines(session, district_id, benefit_id)]
    found = {owner: account for owner, (account, _) in read.held_by(session, district_id, "consumer", series_id, people).items()}
    missing = sorted(set(people) - set(found))
    for first in range(0, len(missing), PIECE_MAX):
        piece = missing[first : first + PIECE_MAX]
        with atomic(session):
            found |= zip(piece, book.open_accounts(session, district_id, "consumer", piece, series_id), strict=True)
    return found


def _lines(session: Session, district_id: int, benefit_id: int) -> Sequence[BenefitLine]:
    query = select(BenefitLine.place, BenefitLine.person_id, BenefitLine.amount).where(
        BenefitLine.district_id == district_id, BenefitLine.benefit_id == benefit_id
    )
    return session.execute(query.order_by(BenefitLine.place)).all()  # type: ignore[return-value]


def _locked(session: Session, district_id: int, benefit_id: int) -> Benefit:
    row = session.get(Benefit, (district_id, benefit_id), with_for_update=True, populate_existing=True)
    if row is None:
        raise BenefitUnknown
    return row


def _running(session: Session, who: Principal, benefit_id: int, what: str) -> Benefit:
    """A benefit that was approved, has not ended, and is not posted whole. Raises BenefitStateWrong."""
    authorise(session, who, "association.run_benefit", subject=f"benefit:{benefit_id} {what}")
    row = _locked(session, who.district_id, benefit_id)
    approved = row.proposal_id is not None and read.outcomes(session, who.district_id, [row.proposal_id]).get(row.proposal_id)
    if not approved or row.ended_at is not None or row.posted == row.people:
        raise BenefitStateWrong
    return row


def _delete(session: Session, district_id: int, ids: Sequence[int]) -> None:
    if ids:
        session.execute(delete(BenefitLine).where(BenefitLine.district_id == district_id, BenefitLine.benefit_id.in_(ids)))
        session.execute(delete(Benefit).where(Benefit.district_id == district_id, Benefit.id.in_(ids)))
