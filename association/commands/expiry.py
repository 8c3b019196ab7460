"""失効: what is still held of a series that has ended becomes income, in pieces, by the worker."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

import ledger.commands as book
import ledger.queries as read
from association.commands.keys import own_key
from association.commands.points.lots import lot_expired_account
from association.models import SeriesExpiry
from association.queries.discontinuance import held_back
from association.queries.vouchers import one_voucher
from base.db import atomic, wake
from identity.queries import person_topic

PIECE_MAX = 500
"""Accounts of a piece: somebody who looks at their wallet waits for no more than these."""


def expire(session: Session, *, now: datetime, limit: int = PIECE_MAX) -> int:
    """Book the end of up to `limit` accounts of series that have ended at `now`, in all districts; gives how many.

    For the worker: again is harmless, and cut off it goes on the next time. Accounts that are frozen wait until they are not.
    A coin that two people have ended waits until its refunds are closed; what nobody claimed is then excluded (除斥).
    Coupons end without an entry: they are pieces, and no money.
    """
    booked = 0
    with atomic(session):
        cleared = {(row.district_id, row.series_id) for row in session.scalars(select(SeriesExpiry))}
        held = held_back(session)
        for district_id, series_id in read.ended_series(session, now=now):
            if (district_id, series_id) in cleared or booked >= limit or held.get((district_id, series_id)) is False:
                continue
            piece = read.ended_accounts(session, district_id, series_id, limit=limit - booked)
            if piece:
                booked += _expire(session, district_id, series_id, piece, "exclude" if (district_id, series_id) in held else "expiry")
            elif not read.is_held(session, district_id, series_id):
                row = {"district_id": district_id, "series_id": series_id, "cleared_at": now}
                session.execute(insert(SeriesExpiry).values(row).on_conflict_do_nothing())  # another worker was quicker
    return booked


def _expire(session: Session, district_id: int, series_id: int, piece: list[read.Expired], kind: str) -> int:
    """What was left of a coin is income. What vouchers or points leave waits until all of the campaign or of the lot has expired."""
    series = read.one_series(session, district_id, series_id)
    if series.is_voucher:
        goes_to = one_voucher(session, district_id, series_id).expired_account_id
    elif series.is_points:
        goes_to = lot_expired_account(session, district_id, series_id)
    else:
        goes_to = book.open_account(session, district_id, "breakage", 0, 0)
    drafts = [
        book.Draft(
            kind=kind if one.state == "open" else "expiry",  # of somebody who has left: no claim was to come
            key=own_key(session, "expiry", district_id, series_id, one.account_id),  # an account expires once, however often we come by
            command_hash=book.hash_command("association.expire", series_id, one.account_id),
            lines=book.transfer(one.account_id, goes_to, one.balance),
            facts={"series": series_id},
        )
        for one in piece
    ]
    book.post_many(session, district_id, drafts)
    for one in (each for each in piece if each.role == "consumer"):
        wake(session, person_topic(district_id, one.owner_id))
    return len(drafts)
