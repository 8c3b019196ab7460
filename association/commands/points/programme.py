"""ポイントを始める・終わる: the terms are laid before a second person, and nobody earns before they are approved."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol
from uuid import UUID

from sqlalchemy import select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

import ledger.commands as book
import ledger.queries as read
from association.commands.coupons import Share, funder_of
from association.commands.coupons.proposing import OWNERS_A_COUPON, ROLES
from association.commands.funders import one_arrival_at_a_time
from association.commands.points.locks import alone
from association.commands.points.lots import keep_lots
from association.errors import FunderOverpaid, PointsOver, PointsOverlap, PointsUnknown, PointsWrong
from association.models import PointCursor, PointProgramme, PointShare
from association.queries.points import PROGRAMME, PointPart, all_programmes, begun_programmes, one_programme, state_of
from association.rules import MONTHS_MAX, PENDING_DAYS_MAX, RATE_MAX_PERCENT, Rate, Rounding, budget_months
from base.clock import tokyo_day
from base.db import atomic
from identity.commands import authorise
from identity.queries import Principal
from ledger.commands import Draft, Fact, Mandate, Posted, hash_command
from ledger.errors import KeyReused
from ledger.queries import Proposal

PURPOSE = "point_programme"
NEXT = text("SELECT nextval('point_programme_id_seq')")  # a proposal names its programme, and is never edited
OWNERS_A_PURPOSE = 10
"""Accounts of a programme's, a campaign's or an event's shares have owners within ten of its hundred."""
MONTHLY_MAX = 100_000_000
PLACES = 60
"""Where the owners of a programme's accounts begin within its hundred: coupons, vouchers and benefits have others."""


@dataclass(frozen=True, slots=True)
class NewPoints:
    """A programme as the association describes it: `rate_points` for each `rate_yen` paid. Days in Tokyo, both included.

    `months`: a month's points end with so many months after it. `expired_to`: payer or association. `shares`: who pays. `monthly`: the
    points that it may give in a calendar month; the book refuses more.
    """

    name: str
    name_en: str
    rate_yen: int
    rate_points: int
    rounding: str
    pending_days: int
    months: int
    first_day: date
    last_day: date | None
    shares: tuple[Share, ...]
    expired_to: str
    monthly: int = 1_000_000

    @property
    def rate(self) -> Rate:
        return Rate(self.rate_yen, self.rate_points, Rounding(self.rounding))


@dataclass(frozen=True, slots=True)
class PointFunderPays:
    """A funder's money has arrived. `place`: which share of the programme; `into`: safe or bank; `amount` in yen."""

    programme_id: int
    place: int
    amount: int
    into: str
    key: UUID


def propose_points(session: Session, who: Principal, new: NewPoints, *, key: UUID, note: str = "", now: datetime) -> int:
    """Lay a programme before a second person and give its number; the same key gives the first answer again.

    Raises PointsWrong, PointsOverlap, KeyReused.
    """
    assert who.person_id is not None, who
    with atomic(session):
        authorise(session, who, "association.propose_points", subject=f"points:{new.rate_points}/{new.rate_yen}")
        content = hash_command("association.propose_points", new)
        alone(session, who.district_id)
        before = session.scalars(
            select(PointProgramme).where(PointProgramme.district_id == who.district_id, PointProgramme.key == key)
        ).one_or_none()
        if before is not None:
            if before.command_hash != content:
                raise KeyReused
            return before.id
        _must_make_sense(new, now)
        _must_be_alone(session, who.district_id, new.first_day, new.last_day, now)
        programme_id = int(session.execute(NEXT).scalar_one())
        worst = new.monthly * budget_months(new.first_day, new.last_day)
        facts: dict[str, book.Fact] = {"points": programme_id, "worst": worst, "note": note or None}
        mandate = programme_mandate(programme_id, new.monthly)
        row = PointProgramme(
            district_id=who.district_id,
            id=programme_id,
            **{each: getattr(new, each) for each in NewPoints.__dataclass_fields__ if each != "shares"},
            key=key,
            command_hash=content,
            proposal_id=book.propose(session, who.district_id, who.person_id, PURPOSE, [], facts=facts, mandate=mandate),
            made_by=who.person_id,
            made_at=now,
        )
        session.add(row)
        session.flush()
        add_shares(session, who, PROGRAMME, row.id, PLACES, new.shares, now)
        here = {"district_id": who.district_id, "place": read.log_end(session, who.district_id)}
        session.execute(insert(PointCursor).values(here).on_conflict_do_nothing())  # what was paid before never earns
        return row.id


def begin_points(session: Session, proposal: Proposal, who: Principal, *, now: datetime) -> None:
    """For whoever approves, after the decision: payments earn from now on. Again is harmless. Raises PointsOver, PointsOverlap."""
    alone(session, who.district_id)
    row = session.scalars(
        select(PointProgramme)
        .where(PointProgramme.district_id == who.district_id, PointProgramme.proposal_id == proposal.id)
        .execution_options(populate_existing=True)
    ).one()
    if row.begins_at is not None:
        return
    if row.last_day is not None and row.last_day < tokyo_day(now):
        raise PointsOver
    _must_be_alone(session, who.district_id, row.first_day, row.last_day, now, but=row.id)
    row.begins_at = now
    session.flush()
    keep_lots(session, who.district_id, begun_programmes(session, who.district_id), now=now)


def end_points(session: Session, who: Principal, programme_id: int, *, now: datetime) -> None:
    """Payments earn nothing from now on; what was given stays until its own end. Raises PointsUnknown, PointsOver."""
    assert who.person_id is not None, who
    with atomic(session):
        authorise(session, who, "association.end_points", subject=f"points:{programme_id}")
        alone(session, who.district_id)
        terms = one_programme(session, who.district_id, programme_id)
        if state_of(terms, "waiting", now) not in ("upcoming", "running"):
            raise PointsOver
        mine = update(PointProgramme).where(PointProgramme.district_id == who.district_id, PointProgramme.id == programme_id)
        session.execute(mine.values(ended_at=now, ended_by=who.person_id))


def point_funder_pays(session: Session, who: Principal, order: PointFunderPays, *, now: datetime) -> Posted:
    """Book a funder's money against what it owes for points. Raises PointsUnknown, FunderOverpaid, KeyReused."""
    with atomic(session):
        authorise(session, who, "association.funder_pays", subject=f"points:{order.programme_id}.{order.place} {order.amount}")
        content = hash_command("association.point_funder_pays", order.programme_id, order.place, order.amount, order.into)
        terms = one_programme(session, who.district_id, order.programme_id)
        return pay_share(session, who, terms.parts, order, content, {"points": terms.id, "staff": who.person_id})


class Arrived(Protocol):
    """A funder's money, whatever it is for."""

    @property
    def place(self) -> int: ...
    @property
    def amount(self) -> int: ...
    @property
    def into(self) -> str: ...
    @property
    def key(self) -> UUID: ...


def pay_share(
    session: Session, who: Principal, parts: Sequence[PointPart], order: Arrived, content: bytes, facts: dict[str, Fact]
) -> Posted:
    """For doors that made their role check: the money into safe or bank, off what the funder owes; the same key gives the first answer.

    Raises PointsUnknown, FunderOverpaid, KeyReused.
    """
    assert order.into in ("safe", "bank"), order
    alone(session, who.district_id)
    before = read.find_key(session, who.district_id, order.key, content)
    if before is not None:
        return before
    part = next((each for each in parts if each.place == order.place and each.payer == "funder"), None)
    if part is None or part.account_id is None:
        raise PointsUnknown
    one_arrival_at_a_time(session, who.district_id)
    owed = read.balance(session, who.district_id, part.account_id)
    if not 1 <= order.amount <= owed:
        raise FunderOverpaid(owed=max(owed, 0))
    into = book.open_account(session, who.district_id, order.into, 0, 0)
    lines = book.transfer(into, part.account_id, order.amount)
    return book.post(session, who.district_id, Draft("funder_pays", order.key, content, lines, facts))


def programme_mandate(programme_id: int, monthly: int) -> Mandate:
    """What a programme may give in a month: against the accounts of its shares, and as points of its own lots."""
    first = programme_id * OWNERS_A_COUPON + PLACES
    return Mandate("month", monthly, first, first + OWNERS_A_PURPOSE - 1, prefix=f"{read.POINTS}{programme_id}_")


def add_shares(session: Session, who: Principal, of: str, of_id: int, places: int, shares: Sequence[Share], now: datetime) -> None:
    """Who pays, each but the shop with an account of its own."""
    for place, share in enumerate(shares, start=1):
        role, owner = ROLES.get(share.payer), of_id * OWNERS_A_COUPON + places + place
        session.add(
            PointShare(
                district_id=who.district_id,
                of=of,
                of_id=of_id,
                place=place,
                payer=share.payer,
                funder_id=funder_of(session, who, share.funder, now) if share.payer == "funder" else None,
                percent=share.percent,
                account_id=None if role is None else book.open_account(session, who.district_id, role, owner, 0),
            )
        )
    session.flush()


def shares_are_well(shares: Sequence[Share]) -> bool:
    """A hundred percent of at most five payers, nobody twice."""
    payers = [share.payer for share in shares]
    funders = [share.funder for share in shares if share.payer == "funder"]
    return (
        1 <= len(shares) <= 5
        and sum(share.percent for share in shares) == 100
        and all(share.percent >= 1 for share in shares)
        and set(payers) <= {"shop", "association", "funder"}
        and payers.count("shop") <= 1
        and payers.count("association") <= 1
        and all(funders)
        and len(set(funders)) == len(funders)
    )


def _must_make_sense(new: NewPoints, now: datetime) -> None:
    """Raises PointsWrong. What the page's own schema tells field by field is asked here once more."""
    is_well = (
        1 <= new.rate_yen <= 100_000
        and new.rate_points >= 1
        and new.rate_points * 100 <= new.rate_yen * RATE_MAX_PERCENT
        and new.rounding in list(Rounding)
        and 1 <= new.pending_days <= PENDING_DAYS_MAX
        and 1 <= new.months <= MONTHS_MAX
        and tokyo_day(now) <= new.first_day
        and (new.last_day is None or new.first_day <= new.last_day)
        and new.expired_to in ("payer", "association")
        and 1 <= new.monthly <= MONTHLY_MAX
        and shares_are_well(new.shares)
    )
    if not is_well:
        raise PointsWrong


def _must_be_alone(session: Session, district_id: int, first_day: date, last_day: date | None, now: datetime, *, but: int = 0) -> None:
    """Raises PointsOverlap. One that waits for its approval counts: both might be approved."""
    for each in all_programmes(session, district_id):
        if each.id == but or each.ended_at is not None:
            continue
        if each.begins_at is None and (but or not read.one_proposal(session, district_id, each.proposal_id).is_waiting):
            continue
        if (last_day is None or each.first_day <= last_day) and (each.last_day is None or first_day <= each.last_day):
            raise PointsOverlap
