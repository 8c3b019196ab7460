"""参加ポイント: points for taking part, by a code on a poster: each person once, up to a number, and never by looking."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select, text, update
from sqlalchemy.orm import Session

import ledger.commands as book
import ledger.queries as read
from association.commands.coupons import Share
from association.commands.coupons.proposing import OWNERS_A_COUPON
from association.commands.keys import own_key
from association.commands.points.locks import alone
from association.commands.points.lots import make_lot
from association.commands.points.programme import OWNERS_A_PURPOSE, add_shares, pay_share, shares_are_well
from association.commands.posters import limit_poster, note_wrong_poster, poster_code
from association.errors import AnswerMissing, EventFull, EventNotNow, EventUnknown, EventWrong, PointsOver
from association.models import PointEvent
from association.queries.point_events import EventTerms, event_of_code, one_event
from association.queries.point_lots import Lot, lots
from association.queries.points import begun_programmes, programme_at
from association.rules import shares_of_points
from base.clock import tokyo_day
from base.db import atomic, wake
from identity.commands import authorise
from identity.queries import Principal, person_topic
from ledger.commands import Draft, Line, Mandate, Posted, hash_command
from ledger.errors import KeyReused
from ledger.queries import Proposal

PURPOSE = "point_event"
EVENT = "event"
PLACES = 80
"""Where the owners of an event's accounts begin within its hundred."""
POINTS_MAX, MOST_MAX, CHOICES_MAX = 10_000, 100_000, 8
NEXT = text("SELECT nextval('point_event_id_seq')")


@dataclass(frozen=True, slots=True)
class NewEvent:
    """An event or survey as the association describes it: `points` for each, once, and `most` people. Days in Tokyo, both included.

    `question` with 2 to 8 `choices`, or neither. Shops do not pay for it.
    """

    name: str
    name_en: str
    points: int
    most: int
    first_day: date
    last_day: date
    shares: tuple[Share, ...]
    question: str = ""
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class EventFunderPays:
    """A funder's money has arrived. `place`: which share of the event; `into`: safe or bank; `amount` in yen."""

    event_id: int
    place: int
    amount: int
    into: str
    key: UUID


def propose_event(session: Session, who: Principal, new: NewEvent, *, key: UUID, note: str = "", now: datetime) -> int:
    """Lay it before a second person and give its number; the same key gives the first answer again. Raises EventWrong, KeyReused."""
    assert who.person_id is not None, who
    with atomic(session):
        authorise(session, who, "association.propose_points", subject=f"event:{new.points}x{new.most}")
        content = hash_command("association.propose_event", new)
        alone(session, who.district_id)
        before = session.scalars(select(PointEvent).where(PointEvent.district_id == who.district_id, PointEvent.key == key)).one_or_none()
        if before is not None:
            if before.command_hash != content:
                raise KeyReused
            return before.id
        _must_make_sense(new, now)
        event_id = int(session.execute(NEXT).scalar_one())
        facts: dict[str, book.Fact] = {"event": event_id, "worst": new.points * new.most, "note": note or None}
        first = event_id * OWNERS_A_COUPON + PLACES
        mandate = Mandate("all", new.points * new.most, first, first + OWNERS_A_PURPOSE - 1)
        session.add(
            PointEvent(
                district_id=who.district_id,
                id=event_id,
                **{each: getattr(new, each) for each in ("name", "name_en", "points", "most", "first_day", "last_day")},
                question=new.question or None,
                choices=list(new.choices),
                answers=[0] * len(new.choices),
                code=poster_code(),
                taken=0,
                key=key,
                command_hash=content,
                proposal_id=book.propose(session, who.district_id, who.person_id, PURPOSE, [], facts=facts, mandate=mandate),
                made_by=who.person_id,
                made_at=now,
            )
        )
        session.flush()
        add_shares(session, who, EVENT, event_id, PLACES, new.shares, now)
        return event_id


def begin_event(session: Session, proposal: Proposal, who: Principal, *, now: datetime) -> None:
    """For whoever approves, after the decision. Again is harmless. Raises PointsOver."""
    mine = select(PointEvent).where(PointEvent.district_id == who.district_id, PointEvent.proposal_id == proposal.id)
    row = session.scalars(mine.with_for_update().execution_options(populate_existing=True)).one()
    if row.begins_at is None:
        if row.last_day < tokyo_day(now):
            raise PointsOver
        row.begins_at = now
        session.flush()


def end_event(session: Session, who: Principal, event_id: int, *, now: datetime) -> None:
    """Nobody gets anything for it from now on. Raises EventUnknown, PointsOver."""
    assert who.person_id is not None, who
    with atomic(session):
        authorise(session, who, "association.end_points", subject=f"event:{event_id}")
        terms = one_event(session, who.district_id, event_id)
        if terms.begins_at is None or terms.state(now) == "over":
            raise PointsOver
        mine = update(PointEvent).where(PointEvent.district_id == who.district_id, PointEvent.id == event_id)
        session.execute(mine.values(ended_at=now, ended_by=who.person_id))


def event_funder_pays(session: Session, who: Principal, order: EventFunderPays, *, now: datetime) -> Posted:
    """Book a funder's money against what it owes for an event. Raises EventUnknown, PointsUnknown, FunderOverpaid, KeyReused."""
    with atomic(session):
        authorise(session, who, "association.funder_pays", subject=f"event:{order.event_id}.{order.place} {order.amount}")
        content = hash_command("association.event_funder_pays", order.event_id, order.place, order.amount, order.into)
        terms = one_event(session, who.district_id, order.event_id)
        return pay_share(session, who, terms.parts, order, content, {"event": terms.id, "staff": who.person_id})


def take_part(session: Session, who: Principal, code: str, *, choice: int | None = None, now: datetime) -> Posted:
    """Points for whoever holds the poster's code, once a person whatever is repeated; they can be spent at once.

    One at a time for an event, so that nobody is one too many; ten tries a minute, right or wrong. Raises TooMany, EventUnknown,
    EventNotNow, EventFull, AnswerMissing, and the book's AccountFrozen.
    """
    assert who.person_id is not None, who
    with atomic(session):
        authorise(session, who, "association.take_part")
        limit_poster(session, who)
        try:
            terms = event_of_code(session, who.district_id, code)
        except EventUnknown:
            note_wrong_poster(session, who, now=now)
            raise
        row = session.get(PointEvent, (who.district_id, terms.id), with_for_update=True, populate_existing=True)
        if row is None:
            raise EventUnknown
        key, content, before = _taken(session, who, terms.id)
        if before is not None:
            return before
        terms = one_event(session, who.district_id, terms.id)
        _must_be_open(terms, choice, now)
        lot = _lot_now(session, who.district_id, now)
        facts: dict[str, book.Fact] = {"event": terms.id, "points": terms.points, "programme": lot.programme_id, "lot": lot.series_id}
        purse = book.open_account(session, who.district_id, "consumer", who.person_id, lot.series_id)
        shares, _of_shop = shares_of_points(terms.points, 0, [part.percent for part in terms.parts])
        payers = [Line(part.account_id, share) for part, share in zip(terms.parts, shares, strict=True) if share and part.account_id]
        posted = book.post(session, who.district_id, Draft("point_given", key, content, (*payers, Line(purse, -terms.points)), facts))
        row.taken += 1
        if choice is not None and terms.choices:
            row.answers = [count + (place == choice) for place, count in enumerate(row.answers)]
        session.flush()
        wake(session, person_topic(who.district_id, who.person_id))
        return posted


def has_taken_part(session: Session, who: Principal, event_id: int) -> bool:
    """Whether this person has had the points of an event, for the page that its poster leads to."""
    return _taken(session, who, event_id)[2] is not None


def _taken(session: Session, who: Principal, event_id: int) -> tuple[UUID, bytes, Posted | None]:
    """The one key under which this person can take part, its content, and what was booked by it."""
    assert who.person_id is not None, who
    key = own_key(session, "point_event", who.district_id, event_id, who.person_id)
    content = hash_command("association.take_part", who.person_id, event_id)
    return key, content, read.find_key(session, who.district_id, key, content)


def _must_be_open(terms: EventTerms, choice: int | None, now: datetime) -> None:
    """Raises EventNotNow, EventFull, AnswerMissing."""
    state = terms.state(now)
    if state in ("upcoming", "over"):
        raise EventNotNow(first=terms.first_day, last=terms.last_day)
    if state == "full":
        raise EventFull
    if terms.choices and (choice is None or not 0 <= choice < len(terms.choices)):
        raise AnswerMissing


def _lot_now(session: Session, district_id: int, now: datetime) -> Lot:
    """This month's lot of the programme that runs; made now where the worker was away. Raises EventNotNow where none runs."""
    terms = programme_at(begun_programmes(session, district_id), now)
    if terms is None:
        raise EventNotNow(first=tokyo_day(now), last=tokyo_day(now))
    month = tokyo_day(now).replace(day=1)
    mine = (each for each in lots(session, district_id) if (each.programme_id, each.month) == (terms.id, month))
    found = next(mine, None)
    if found is None:
        alone(session, district_id)
        known = {(each.programme_id, each.month): each for each in lots(session, district_id)}
        if (terms.id, month) not in known:
            make_lot(session, district_id, terms, month, now=now)
        found = next(each for each in lots(session, district_id) if (each.programme_id, each.month) == (terms.id, month))
    return found


def _must_make_sense(new: NewEvent, now: datetime) -> None:
    """Raises EventWrong."""
    is_well = (
        1 <= new.points <= POINTS_MAX
        and 1 <= new.most <= MOST_MAX
        and new.first_day <= new.last_day
        and tokyo_day(now) <= new.last_day
        and bool(new.question) == bool(new.choices)
        and (not new.choices or 2 <= len(set(new.choices)) == len(new.choices) <= CHOICES_MAX)
        and shares_are_well(new.shares)
        and all(share.payer != "shop" for share in new.shares)
    )
    if not is_well:
        raise EventWrong
