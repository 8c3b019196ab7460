"""給付: a town's list is looked at, asked for by one person, approved by another; the worker does what is heavy (benefit_pieces.py).

Each person's part is a transaction of its own: in their history, in the books, refused alone, taken back alone.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import delete, select, text
from sqlalchemy.orm import Session

import identity.queries
import ledger.commands as book
import ledger.queries as read
from association.commands.coupons import funder_of
from association.commands.funders import one_arrival_at_a_time
from association.commands.proposals import ONE_AT_A_TIME, earlier_proposal, propose
from association.commands.top_up import must_be_coin
from association.errors import BenefitEmpty, BenefitNotReturnable, BenefitRepeated, BenefitStateWrong, BenefitUnknown, FunderOverpaid
from association.models import Benefit, BenefitLine
from association.queries.notice import current_version
from base.db import as_array, atomic
from identity.commands import authorise
from identity.queries import Principal
from ledger.commands import Posted

WRONG_MAX = 1_000
"""So many wrong lines are kept to be shown."""
KEEP_LINES = text(
    "INSERT INTO benefit_line (district_id, benefit_id, place, line, person_id, amount)"
    " SELECT :district_id, :benefit_id, place, line, person_id, amount FROM unnest(CAST(:lines AS bigint[]), CAST(:people AS bigint[]),"
    " CAST(:amounts AS bigint[])) WITH ORDINALITY AS l (line, person_id, amount, place)"
)


class NamedLine(NamedTuple):
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
            "lines": as_array(line.line for line in good),
            "people": as_array(line.person_id for line in good),
            "amounts": as_array(line.amount for line in good),
        }
        session.execute(KEEP_LINES, values)
        return row.id


def drop_benefit(session: Session, who: Principal, benefit_id: int, *, now: datetime) -> None:
    """Throw a list away that nobody was asked about, or whose asking stands still. Raises BenefitUnknown, BenefitStateWrong."""
    with atomic(session):
        authorise(session, who, "association.propose_benefit", subject=f"benefit:{benefit_id} drop")
        row = locked_benefit(session, who.district_id, benefit_id)
        if row.proposal_id is not None or (row.asked_at is not None and row.stuck_at is None):
            raise BenefitStateWrong
        _delete(session, who.district_id, [benefit_id])


def propose_benefit(session: Session, who: Principal, benefit_id: int, *, now: datetime) -> None:
    """申請する: the worker opens the accounts that are missing and lays the list before a second person. Again is harmless.

    Raises BenefitUnknown, BenefitEmpty, BenefitRepeated, NoticeMissing.
    """
    with atomic(session):
        authorise(session, who, "association.propose_benefit", subject=f"benefit:{benefit_id}")
        session.execute(ONE_AT_A_TIME, {"key": f"association.benefit {who.district_id}"})
        row = locked_benefit(session, who.district_id, benefit_id)
        if row.asked_at is not None:
            return
        if not row.people:
            raise BenefitEmpty
        _must_be_new(session, row)
        current_version(session, row.district_id)
        row.asked_by, row.asked_at = who.person_id, now


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
        row = locked_benefit(session, who.district_id, order.benefit_id)
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
        row = locked_benefit(session, who.district_id, order.benefit_id)
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
        Benefit.asked_at.is_not(None),
    )
    known = session.execute(same).all()
    laid = [each.proposal_id for each in known if each.proposal_id is not None]
    outcomes = read.outcomes(session, row.district_id, laid) if laid else {}
    for each in known:
        if outcomes.get(each.proposal_id) is not False:
            raise BenefitRepeated(benefit=each.id)


def locked_benefit(session: Session, district_id: int, benefit_id: int) -> Benefit:
    """Raises BenefitUnknown."""
    row = session.get(Benefit, (district_id, benefit_id), with_for_update=True, populate_existing=True)
    if row is None:
        raise BenefitUnknown
    return row


def _delete(session: Session, district_id: int, ids: Sequence[int]) -> None:
    if ids:
        session.execute(delete(BenefitLine).where(BenefitLine.district_id == district_id, BenefitLine.benefit_id.in_(ids)))
        session.execute(delete(Benefit).where(Benefit.district_id == district_id, Benefit.id.in_(ids)))
