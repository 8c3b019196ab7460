"""What the worker does for points: earned behind the payments, released after the refund window, shared once a month's have ended."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import update
from sqlalchemy.orm import Session

import identity.queries
import ledger.commands as book
import ledger.queries as read
from association.commands.keys import own_key
from association.commands.points.again import try_again
from association.commands.points.earning import follow_payments
from association.commands.points.ground import ground_of
from association.commands.points.locks import is_alone
from association.models import PointLot
from association.queries.point_lots import Lot, lot_bounds
from association.queries.points import EARNING, PointTerms, begun_programmes
from association.rules import spread
from base.clock import tokyo_day
from base.db import atomic, wake
from base.errors import MeguriError
from identity.queries import person_topic
from ledger.commands import Draft, Line
from ledger.queries import Due

PIECE_MAX = 200
"""Accounts of a piece: whoever pays from one of them waits for no more than these."""


def work_points(session: Session, *, now: datetime) -> int:
    """Everything that is due, in pieces, in all districts; gives how much was done. Again is harmless; several may run."""
    done = 0
    for district in identity.queries.districts(session):
        with atomic(session):
            programmes = begun_programmes(session, district.id)
            if programmes and is_alone(session, district.id):
                ground = ground_of(session, district.id, now=now)
                done += follow_payments(session, ground)
                done += try_again(session, ground)
                done += _release(session, district.id, programmes, ground.all_lots, now)
                done += _end(session, district.id, programmes, ground.all_lots, now)
    return done


def _release(session: Session, district_id: int, programmes: Sequence[PointTerms], known: Sequence[Lot], now: datetime) -> int:
    """One piece of what has waited out its refund window: once a person, lot and day."""
    by_id = {each.id: each for each in programmes}
    for lot in known:
        terms = by_id[lot.programme_id]
        through = tokyo_day(now) - timedelta(days=terms.pending_days)
        if now >= lot_bounds(lot.month, terms.months)[1] or lot.released_through >= through:
            continue
        due = read.pending_due(session, district_id, lot.series_id, through, after=lot.release_after, limit=PIECE_MAX)
        if not due:
            _note(session, district_id, lot, released_through=through, release_after=0)
            continue
        _post_each(session, district_id, [(_released(session, district_id, lot, each, through.isoformat()), each) for each in due])
        _note(session, district_id, lot, release_after=due[-1].account_id)
        return len(due)
    return 0


def _released(session: Session, district_id: int, lot: Lot, due: Due, through: str) -> Draft:
    goes_to = book.open_account(session, district_id, "consumer", due.owner_id, lot.series_id)
    return Draft(
        kind="point_release",
        key=own_key(session, "point_release", district_id, due.account_id, through),
        command_hash=book.hash_command("association.point_release", due.account_id, through),
        lines=book.transfer(due.account_id, goes_to, due.amount),
        facts={"lot": lot.series_id, "through": through},
    )


def _end(session: Session, district_id: int, programmes: Sequence[PointTerms], known: Sequence[Lot], now: datetime) -> int:
    """Lots that have ended: what was still pending of them expires, and once nothing is left, what expired goes where the programme says.

    A refund that two people let expire later is only another part to be shared.
    """
    by_id = {each.id: each for each in programmes}
    over = [each for each in known if now >= lot_bounds(each.month, by_id[each.programme_id].months)[1]]
    expired = read.natural_balances(session, district_id, [each.expired_account_id for each in over]) if over else {}
    done = 0
    for lot in over:
        if lot.closed_at is None:
            due = read.pending_due(session, district_id, lot.series_id, None, limit=PIECE_MAX)
            posted = _post_each(session, district_id, [(_expired(session, district_id, lot, each), each) for each in due]) if due else 0
            if posted:
                return done + posted
            if due or read.is_held(session, district_id, lot.series_id):
                continue
            _note(session, district_id, lot, closed_at=now)
        if expired.get(lot.expired_account_id):
            _share(session, district_id, by_id[lot.programme_id], lot, expired[lot.expired_account_id])
            done += 1
    return done


def _expired(session: Session, district_id: int, lot: Lot, due: Due) -> Draft:
    return Draft(
        kind="expiry",
        key=own_key(session, "point_pending_expiry", district_id, lot.series_id, due.account_id),
        command_hash=book.hash_command("association.expire", lot.series_id, due.account_id),
        lines=book.transfer(due.account_id, lot.expired_account_id, due.amount),
        facts={"series": lot.series_id},
    )


def _share(session: Session, district_id: int, terms: PointTerms, lot: Lot, amount: int) -> None:
    """Back to whoever bore the lot, in proportion; shops' parts, and all where the programme says so, are the association's income."""
    borne = read.borne(session, district_id, lot.series_id, EARNING, ("promotion", "funder", "payable"))
    payers = {account: max(each, 0) for account, each in borne.items()} if terms.expired_to == "payer" else {}
    back = dict(zip(payers, spread(amount, list(payers.values())), strict=True))
    shops = read.borne(session, district_id, lot.series_id, EARNING, ("payable",))
    lines = [Line(account, -part) for account, part in back.items() if part and account not in shops]
    kept = amount + sum(line.amount for line in lines)
    if kept:
        lines.append(Line(book.open_account(session, district_id, "breakage", 0, 0), -kept))
    nth = read.postings(session, district_id, lot.expired_account_id, "point_close").times
    book.post(
        session,
        district_id,
        Draft(
            kind="point_close",
            key=own_key(session, "point_close", district_id, lot.series_id, nth),
            command_hash=book.hash_command("association.point_close", lot.series_id, nth),
            lines=(Line(lot.expired_account_id, amount), *lines),
            facts={"lot": lot.series_id, "programme": terms.id},
        ),
    )


def _post_each(session: Session, district_id: int, drafts: Sequence[tuple[Draft, Due]]) -> int:
    """All at once; where the book refuses one (its owner is stopped for a while), each by itself, and that one waits for tomorrow.
    Gives how many were posted."""
    posted = [due for _draft, due in drafts]
    try:
        with session.begin_nested():
            book.post_many(session, district_id, [draft for draft, _due in drafts])
    except MeguriError:
        posted = [due for draft, due in drafts if _posts(session, district_id, draft)]
    for due in posted:
        wake(session, person_topic(district_id, due.owner_id))
    return len(posted)


def _posts(session: Session, district_id: int, draft: Draft) -> bool:
    try:
        with session.begin_nested():
            book.post(session, district_id, draft)
    except MeguriError:
        return False
    return True


def _note(session: Session, district_id: int, lot: Lot, **values: object) -> None:
    mine = update(PointLot).where(PointLot.district_id == district_id, PointLot.series_id == lot.series_id)
    session.execute(mine.values(**values))
