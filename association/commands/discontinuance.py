"""廃止: two people announce the end of a coin; holders claim, are paid, and what nobody claimed is excluded (payment-law 27).

announced → claiming → paying → closed. A claim is a cash refund of its own ground (commands/cash_refunds.py), by two people as any other.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

import ledger.commands as book
import ledger.queries as read
from association.commands.announcements import tell_all
from association.commands.keys import own_key
from association.errors import ClaimsRunning, DiscontinuanceUnknown, DiscontinuanceWrong
from association.models import Discontinuance, DiscontinuanceEnd
from association.queries.announcements import Words
from association.queries.discontinuance import endings, state_of
from association.rules.deposit import CLAIM_DAYS, claim_days
from base.clock import tokyo_day
from base.db import atomic
from identity.commands import authorise
from identity.queries import Principal
from ledger.queries import Proposal, Series

END_LOCK = 6_730
"""First key of the advisory lock under which a district's coins are ended."""
ANNOUNCE, CLOSE = "discontinue", "discontinue_end"


@dataclass(frozen=True, slots=True)
class EndSeries:
    """What is announced. `announced_on`: the day of the notice; `stops_on`: the last day of use; `claims_until`: the last day to claim.

    `notice`: where it stands, for the record.
    """

    series_id: int
    announced_on: date
    stops_on: date
    claims_until: date
    notice: str


def propose_end(session: Session, who: Principal, order: EndSeries, *, now: datetime) -> int:
    """Put the end of a coin before a second person; while one waits for this coin, that one. Gives the proposal's number.

    Raises SeriesUnknown, DiscontinuanceUnknown where it is ended already, DiscontinuanceWrong.
    """
    assert who.person_id is not None, who
    with atomic(session):
        authorise(session, who, "association.end_series", subject=f"series:{order.series_id}")
        _alone(session, who.district_id)
        series = read.one_series(session, who.district_id, order.series_id)
        if not series.is_coin or state_of(session, who.district_id, series.id, now=now) is not None:
            raise DiscontinuanceUnknown
        _must_fit(order.announced_on, order.stops_on, order.claims_until, now)
        if not series.is_valid(now) or (series.valid_until is not None and tokyo_day(series.valid_until) <= order.stops_on):
            raise DiscontinuanceWrong
        facts: dict[str, book.Fact] = {
            "series": series.id,
            "announced_on": order.announced_on.isoformat(),
            "stops_on": order.stops_on.isoformat(),
            "claims_until": order.claims_until.isoformat(),
            "note": order.notice,
        }
        return _waiting(session, who.district_id, ANNOUNCE, series.id) or book.propose(
            session, who.district_id, who.person_id, ANNOUNCE, [], facts=facts
        )


def propose_close(session: Session, who: Principal, series_id: int, *, now: datetime) -> int:
    """Put it before a second person that the procedure be closed. Gives the proposal's number; while one waits, that.

    Raises DiscontinuanceUnknown, ClaimsRunning.
    """
    assert who.person_id is not None, who
    with atomic(session):
        authorise(session, who, "association.end_series", subject=f"close series:{series_id}")
        _alone(session, who.district_id)
        _must_be_over(session, who, series_id, now)
        facts: dict[str, book.Fact] = {"series": series_id}
        return _waiting(session, who.district_id, CLOSE, series_id) or book.propose(
            session, who.district_id, who.person_id, CLOSE, [], facts=facts
        )


def carry_out(session: Session, who: Principal, proposal: Proposal, *, now: datetime) -> None:
    """For whoever approves, after the decision: the coin ends on its day, or its procedure is closed. Again is harmless.

    Raises DiscontinuanceWrong, DiscontinuanceUnknown, ClaimsRunning.
    """
    assert who.person_id is not None, who
    _alone(session, who.district_id)
    series_id = int(str(proposal.facts["series"]))
    key = (who.district_id, series_id)
    known: Discontinuance | DiscontinuanceEnd | None
    known = session.get(Discontinuance, key) if proposal.purpose == ANNOUNCE else session.get(DiscontinuanceEnd, key)
    if known is not None and known.proposal_id == proposal.id:
        return
    common = {"district_id": who.district_id, "series_id": series_id, "proposal_id": proposal.id}
    if proposal.purpose == CLOSE:
        _must_be_over(session, who, series_id, now)
        session.add(DiscontinuanceEnd(**common, decided_by=who.person_id, decided_at=now))
        return
    announced_on, stops_on, claims_until = (
        date.fromisoformat(str(proposal.facts[name])) for name in ("announced_on", "stops_on", "claims_until")
    )
    _must_fit(announced_on, stops_on, claims_until, now)
    book.end_series(session, who.district_id, proposal.id)
    words = _told(read.one_series(session, who.district_id, series_id), stops_on, claims_until, notice=str(proposal.facts["note"]))
    told = own_key(session, "series ends", who.district_id, proposal.id)
    tell_all(session, who.district_id, words, key=told, made_by=who.person_id, now=now)
    session.add(
        Discontinuance(
            **common,
            announced_on=announced_on,
            stops_on=stops_on,
            claims_until=claims_until,
            notice=str(proposal.facts["note"]),
            decided_by=who.person_id,
            decided_at=now,
        )
    )


def _told(series: Series, stops_on: date, claims_until: date, *, notice: str) -> Words:
    """What the law has every holder told: the end, the refund, the days to claim it, and what becomes of the rest (payment-law 27)."""
    return Words(
        f"「{series.name}」は{stops_on.month}月{stops_on.day}日で終わります",
        f"組合は「{series.name}」をやめ、残りを払い戻します。お店で使えるのは{_day(stops_on)}までです。"
        f"残った分は、公告の翌日から{_day(claims_until)}までに窓口で請求してください。"
        f"その日までに請求のない分は、払い戻せなくなります（資金決済法20条）。公告: {notice}",
        f"“{series.name_en}” ends on {stops_on.isoformat()}",
        f"The association ends “{series.name_en}” and pays back what is left. Shops take it until {stops_on.isoformat()}. "
        f"Claim what is left at the counter, from the day after the public notice until {claims_until.isoformat()}. "
        f"What nobody claims by then is not paid back any more (Payment Services Act, article 20). Notice: {notice}",
    )


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def _must_fit(announced_on: date, stops_on: date, claims_until: date, now: datetime) -> None:
    days = claim_days(announced_on, claims_until)
    if announced_on < tokyo_day(now) or not announced_on < stops_on <= claims_until or days < CLAIM_DAYS:
        raise DiscontinuanceWrong


def _must_be_over(session: Session, who: Principal, series_id: int, now: datetime) -> None:
    ending = next((each for each in endings(session, who, now=now) if each.series.id == series_id), None)
    if ending is None or ending.state == "closed":
        raise DiscontinuanceUnknown
    if ending.state != "paying" or ending.waiting:
        raise ClaimsRunning


def _waiting(session: Session, district_id: int, purpose: str, series_id: int) -> int | None:
    found = read.proposals(session, district_id, waiting=True, purpose=purpose, limit=100)
    return next((each.id for each in found if each.facts.get("series") == series_id), None)


def _alone(session: Session, district_id: int) -> None:
    session.execute(select(func.pg_advisory_xact_lock(END_LOCK, district_id)))
