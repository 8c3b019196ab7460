"""人に送る・贈る: two people allow it coin by coin, within the law; one person stops it at once (payment-law 29, 30)."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

import ledger.commands as book
import ledger.queries as read
from association.commands.top_up import must_be_coin
from association.errors import TransferLimitsWrong
from base.db import atomic
from base.yen import grouped
from identity.commands import authorise
from identity.queries import Principal

PURPOSE = "transfers"


@dataclass(frozen=True, slots=True)
class AllowTransfers:
    """People may pass this coin on: at most `once` yen at a time and `monthly` yen in a calendar month. `note`: what it is for."""

    series_id: int
    once: int
    monthly: int
    note: str


def propose_transfers(session: Session, who: Principal, order: AllowTransfers) -> int:
    """Put it before a second person; while one waits for this coin, that one. Gives the proposal's number.

    Raises SeriesUnknown, NotACoin, TransferLimitsWrong.
    """
    assert who.person_id is not None, who
    with atomic(session):
        authorise(session, who, "association.propose_transfers", subject=f"series:{order.series_id} {order.once} {order.monthly}")
        must_be_coin(session, who.district_id, order.series_id)
        coin = read.one_series(session, who.district_id, order.series_id)
        law = read.law(session)
        if not 1 <= order.once <= min(order.monthly, law.transfer_max) or order.monthly > law.transfer_month_max:
            raise TransferLimitsWrong(once=grouped(law.transfer_max), monthly=grouped(law.transfer_month_max))
        waiting = read.proposals(session, who.district_id, waiting=True, purpose=PURPOSE, limit=100)
        found = next((each.id for each in waiting if each.facts.get("series") == order.series_id), None)
        facts: dict[str, book.Fact] = {
            "series": order.series_id,
            "coin": coin.name,
            "once": order.once,
            "monthly": order.monthly,
            "note": order.note,
        }
        return found or book.propose(session, who.district_id, who.person_id, PURPOSE, [], facts=facts)


def stop_transfers(session: Session, who: Principal, series_id: int) -> None:
    """止める: nobody passes this coin on from now on. Gifts that nobody has taken go back in their time. Again is harmless."""
    with atomic(session):
        authorise(session, who, "association.stop_transfers", subject=f"series:{series_id}")
        read.one_series(session, who.district_id, series_id)
        book.stop_transfers(session, who.district_id, series_id)
