"""What each control measures. None: it cannot be known. Nothing here asks for a role: the worker looks, and the page shows what it saw."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select, text
from sqlalchemy.orm import Session

import identity.queries
import ledger.queries as book
import merchant.queries
from association.models import AgentTerms, CodeBatch, ControlReading, SeriesExpiry, WorkerChore
from association.queries.agents import sold_on, terms_in_force
from association.queries.base_dates import forecast, unreported
from association.queries.discontinuance import held_back
from association.queries.disputes import overdue_since
from association.queries.drawers import last_count, last_safe_count
from association.queries.reconciliation import unreconciled_days
from association.queries.risk import oldest_finding
from association.queries.securities import secured_on
from association.queries.settlement import closings_due, shops_of, unpaid_runs
from association.queries.witnesses import log_standing
from association.rules.controls import difference, last_night, terms_of
from base.clock import day_bounds, tokyo_day
from ledger.queries import Resting

LATELY = timedelta(days=120)
TOLD_OF = timedelta(days=31)
UNFOLDED_MOST = 100_000
COUNTED = ("drawer_float", "drawer_close", "drawer_difference")
"""Kinds that put no customer's money into a drawer."""
ANSWERS_WITHIN_S = 150
"""Lines are asked once a round; one that has not answered the last two is silent."""


@dataclass(frozen=True, slots=True)
class Measured:
    """`figure` in the control's unit, never below zero; `facts`: what it is made of, as JSON."""

    figure: int | None
    facts: Mapping[str, Any] = field(default_factory=dict)


def balance(session: Session, district_id: int, _now: datetime) -> Measured:
    """Yen and pieces by which the units do not sum to zero."""
    sums = book.unit_sums(session, district_id)
    return Measured(sum(map(abs, sums.values())), {"yen": sums.get(0, 0)})


def entries(session: Session, district_id: int, _now: datetime) -> Measured:
    """The same from every entry, with what balances differ from their entries."""
    unbalanced, differing = book.recounted(session, district_id)
    return Measured(unbalanced + differing, {"unbalanced": unbalanced, "differing": differing})


def circulation(session: Session, district_id: int, now: datetime) -> Measured:
    """Coin and pieces that were issued and are nowhere, over all series. Each night, and wherever something differs, from the first
    transaction on; else from where the last look ended, so that it costs what happened since."""
    before, whole_at = _counted(session, district_id, now)
    measured = _circulation(session, district_id, before, whole_at)
    return measured if before is None or not measured.figure else _circulation(session, district_id, None, now)


def _counted(session: Session, district_id: int, now: datetime) -> tuple[book.Counted | None, datetime]:
    """How far the last look came, and when all was counted last; None: it is time to count all of it."""
    row = session.get(ControlReading, (district_id, "circulation"), populate_existing=True)
    mark = None if row is None or row.measured_at > now else row.facts.get("counted")
    if mark is None or datetime.fromisoformat(mark["whole_at"]) < last_night(now):
        return None, now
    moved = {int(series_id): kinds for series_id, kinds in mark["moved"].items()}
    return book.Counted(mark["through"], moved), datetime.fromisoformat(mark["whole_at"])


def _circulation(session: Session, district_id: int, before: book.Counted | None, whole_at: datetime) -> Measured:
    coins = []
    series, counted = book.circulation(session, district_id, since=before)
    for series_id, found in series.items():
        terms_ = terms_of(found.moved)
        coins.append({"series": series_id, **terms_, "outstanding": found.held, "difference": difference(terms_, found.held)})
    pieces = [
        {"series": series_id, "issued": each.issued, "stock": each.stock, "held": each.held, "used": each.used}
        | {"difference": each.issued - each.stock - each.held - each.used}
        for series_id, each in sorted(book.pieces(session, district_id).items())
    ]
    mark = {
        "through": counted.through,
        "whole_at": whole_at.isoformat(),
        "moved": {str(one): kinds for one, kinds in counted.moved.items()},
    }
    facts = {"coins": coins, "pieces": pieces, "counted": mark}
    return Measured(sum(abs(each["difference"]) for each in (*coins, *pieces)), facts)


def suspense(session: Session, district_id: int, now: datetime) -> Measured:
    """Days that the oldest money in suspense waits."""
    return _by_age(book.resting(session, district_id, "suspense"), now)


def in_transit(session: Session, district_id: int, now: datetime) -> Measured:
    """Days that the oldest approved transfer is on its way."""
    return _by_age(book.resting(session, district_id, "in_transit"), now)


def _by_age(found: list[Resting], now: datetime) -> Measured:
    """The age of the oldest in days, with the sums of what is up to a week, up to a month and longer there."""
    ages = [(_whole(now - each.since, timedelta(days=1)), each.amount) for each in found]
    sums = {name: sum(amount for age, amount in ages if low <= age < high) for name, low, high in AGES}
    return Measured(max((age for age, _ in ages), default=0), sums)


AGES = (("week", 0, 8), ("month", 8, 31), ("older", 31, 10**6))


def bank(session: Session, district_id: int, now: datetime) -> Measured:
    """Days since book and bank agreed in all: since the last file reached, or since the oldest thing that is open."""
    return Measured(unreconciled_days(session, district_id, now=now))


def sealing(session: Session, district_id: int, now: datetime) -> Measured:
    """Seconds that the oldest transaction waits for its seal while nothing was signed."""
    found = book.sealing(session, district_id)
    return _later(found.waits_since, found.signed_at, now, signed=found.signed)


def checkpoint(session: Session, district_id: int, now: datetime) -> Measured:
    """Seconds since the last signature while there is something that it does not cover."""
    found = book.sealing(session, district_id)
    return _later(found.unsigned_since or found.waits_since, found.signed_at, now, signed=found.signed)


def _later(waits_since: datetime | None, signed_at: datetime | None, now: datetime, **facts: int) -> Measured:
    """Since the later of the two: what the demo books into the past has not waited since then."""
    return Measured(0 if waits_since is None else _whole(now - max(waits_since, signed_at or waits_since)), facts)


def witnesses(session: Session, district_id: int, now: datetime) -> Measured:
    """Alarms of tablets that nobody has answered."""
    found = log_standing(session, district_id, now=now)
    return Measured(0 if found is None else found.alarms)


LINES = text("""
    SELECT count(*) AS processes, COALESCE(sum(l.lines), 0)::bigint AS lines, COALESCE(max(CASE
        WHEN l.answered_at > now() - make_interval(secs => :within) THEN GREATEST(l.heard_ms, l.slowest_ms)
        WHEN a.backend_start > now() - make_interval(secs => :within) THEN 0
        ELSE 1000 * extract(epoch FROM now() - GREATEST(l.answered_at, a.backend_start)) END), 0)::bigint AS slowest_ms
    FROM pg_stat_activity a LEFT JOIN live_line l ON l.process = a.pid AND l.answered_at > a.backend_start
    WHERE a.datname = current_database() AND a.application_name = 'meguri live hub'
""")


def ring(session: Session, _district_id: int, _now: datetime) -> Measured:
    """Milliseconds from a wake-up to the pages that wait for it, in the slowest web process; for a silent one, how long it is silent."""
    found = session.execute(LINES, {"within": ANSWERS_WITHIN_S}).one()
    return Measured(found.slowest_ms, {"processes": found.processes, "lines": found.lines})


def worker(session: Session, _district_id: int, now: datetime) -> Measured:
    """Seconds by which the chore that is furthest behind is late."""
    chores = session.scalars(select(WorkerChore).order_by(WorkerChore.name).execution_options(populate_existing=True)).all()
    late = {each.name: _whole(now - each.well_at - timedelta(seconds=each.every_s)) for each in chores}
    behind = [
        {"name": each.name, "failures": each.failures, "well_at": each.well_at.isoformat()}
        for each in chores
        if each.failures or late[each.name] > 60
    ]
    return Measured(max(late.values(), default=0), {"chores": len(chores), "behind": behind})


def folding(session: Session, district_id: int, _now: datetime) -> Measured:
    """Entries that no balance row has in it yet."""
    return Measured(book.unfolded(session, district_id, most=UNFOLDED_MOST))


OPEN = text("""
    SELECT COALESCE(max(1000 * extract(epoch FROM clock_timestamp() - xact_start)), 0)::bigint FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid() AND xact_start IS NOT NULL AND backend_type = 'client backend'
""")


def transactions(session: Session, _district_id: int, _now: datetime) -> Measured:
    """Milliseconds that the oldest transaction of the database is open, of those that this role may see."""
    return Measured(int(session.execute(OPEN).scalar_one()))


def proposals(session: Session, district_id: int, now: datetime) -> Measured:
    """Hours that the oldest proposal waits for its second person."""
    return _since(book.oldest_waiting(session, district_id), now, timedelta(hours=1))


def risks(session: Session, district_id: int, now: datetime) -> Measured:
    """Hours that the oldest finding waits that nobody has looked at."""
    return _since(oldest_finding(session, district_id), now, timedelta(hours=1))


def stops(session: Session, district_id: int, now: datetime) -> Measured:
    """Minutes since the oldest stop that holds was pressed, at least one; 0 while nothing is stopped."""
    held = [each for each in book.stops(session, district_id) if each.ended_at is None]
    minutes = [max(1, (now - each.stopped_at) // timedelta(minutes=1)) for each in held]
    return Measured(max(minutes, default=0), {"stops": len(held)})


def payouts(session: Session, district_id: int, now: datetime) -> Measured:
    """Days by which the oldest transfer to shops is late: a run that is not paid, or a closing day that nobody has put forward."""
    today = tokyo_day(now)
    late = [each.pay_on for each in unpaid_runs(session, district_id, before=today, since=today - LATELY)]
    for due in closings_due(session, district_id, now=now):
        shops = [shop.id for shop in shops_of(session, district_id, due.cycle.number, due.closes_on)] if due.pay_on < today else []
        if shops and book.owed_before(session, district_id, day_bounds(due.closes_on)[1], shops):
            late.append(due.pay_on)
    return Measured(_days_past(min(late), today) if late else 0, {"runs": len(late)})


def disputes(session: Session, district_id: int, now: datetime) -> Measured:
    """Days by which the oldest case about a payment is over its deadline."""
    today = tokyo_day(now)
    oldest, count = overdue_since(session, district_id, today)
    return Measured(_days_past(oldest, today) if oldest else 0, {"cases": count})


def agents(session: Session, district_id: int, now: datetime) -> Measured:
    """Yen at agents beyond what they may: sold today beyond the day's limit, or held by a shop that is no agent any more."""
    known = session.scalars(select(AgentTerms.merchant_id).where(AgentTerms.district_id == district_id).distinct()).all()
    held = {each.owner_id: each.balance for each in book.balances_of_role(session, district_id, "agent")} if known else {}
    beyond = {}
    for merchant_id in known:
        in_force = terms_in_force(session, district_id, merchant_id)
        over = held.get(merchant_id, 0)
        if in_force is not None:
            over = max(sold_on(session, district_id, merchant_id, tokyo_day(now)) - in_force.daily_max, 0) if over else 0
        if over:
            beyond[merchant_id] = over
    return Measured(sum(beyond.values()), {"shops": len(beyond)})


def codes(session: Session, district_id: int, now: datetime) -> Measured:
    """Hours since the last day of top-up codes that are not booked out."""
    over = select(CodeBatch).where(
        CodeBatch.district_id == district_id, CodeBatch.cleared_at.is_(None), CodeBatch.last_day < tokyo_day(now)
    )
    rows = session.scalars(over.order_by(CodeBatch.last_day).execution_options(populate_existing=True)).all()
    issued = book.outcomes(session, district_id, [row.proposal_id for row in rows]) if rows else {}
    ended = [day_bounds(row.last_day)[1] for row in rows if issued.get(row.proposal_id)]
    return _since(min(ended, default=None), now, timedelta(hours=1), batches=len(ended))


def coins(session: Session, district_id: int, now: datetime) -> Measured:
    """Hours since the end of coin that is not booked out, frozen wallets aside."""
    held = held_back(session)  # what is being paid back does not expire
    cleared = set(session.scalars(select(SeriesExpiry.series_id).where(SeriesExpiry.district_id == district_id)))
    ended = [
        one.valid_until
        for one in book.series(session, district_id)
        if one.unit == "yen" and one.valid_until is not None and one.valid_until <= now and one.id not in cleared
        if held.get((district_id, one.id)) is not False
        if book.ended_accounts(session, district_id, one.id, limit=1)
    ]
    return _since(min(ended, default=None), now, timedelta(hours=1), series=len(ended))


def webhooks(session: Session, district_id: int, now: datetime) -> Measured:
    """Hours that the oldest payment or refund of a month waits to be told somewhere, or has been given up."""
    return _since(merchant.queries.untold_since(session, district_id, since=now - TOLD_OF), now, timedelta(hours=1))


def mail(session: Session, district_id: int, now: datetime) -> Measured:
    """Minutes since which every mail is tried in vain."""
    return _since(identity.queries.undelivered_since(session, district_id), now, timedelta(minutes=1))


def drawers(session: Session, district_id: int, now: datetime) -> Measured:
    """Days since the day on which the oldest cash was taken that nobody has counted."""
    found = []
    for each in book.balances_of_role(session, district_id, "drawer"):
        last = last_count(session, district_id, each.owner_id)
        counted_at = last.counted_at if last else None
        first = book.first_moved(session, district_id, each.account_id, since=counted_at, ending="drawer_close", others=COUNTED)
        if first is not None:
            found.append(tokyo_day(first))
    return Measured(_days_past(min(found), tokyo_day(now)) if found else 0, {"drawers": len(found)})


def safe(session: Session, district_id: int, now: datetime) -> Measured:
    """Days since all that lies in the safe was counted, or since something lies there that nobody has ever counted."""
    account = book.account_id(session, district_id, "safe", 0, 0)
    if account is None or not book.balance(session, district_id, account):
        return Measured(0)
    last = last_safe_count(session, district_id)
    since = last.counted_at if last else book.first_moved(session, district_id, account, since=None, ending="", others=())
    return Measured(0 if since is None else _days_past(tokyo_day(since), tokyo_day(now)))


def deposit(session: Session, district_id: int, now: datetime) -> Measured:
    """Days since the last base date, while nobody has reported it or less is secured today than it asks for."""
    found = unreported(session, district_id, now=now)
    if found is None:
        return Measured(0)
    day, frozen = found
    missing = 0 if frozen is None else max(0, frozen.figures.total.required - secured_on(session, district_id, tokyo_day(now)))
    return Measured(0 if frozen and not missing else _days_past(day, tokyo_day(now)), {"reported": frozen is not None, "missing": missing})


def deposit_ahead(session: Session, district_id: int, now: datetime) -> Measured:
    """How near to the threshold the unspent balance will come on the next base date, in per cent; 0 where enough will be secured."""
    found = forecast(session, district_id, now=now)
    return Measured(found.percent, {"expected": found.expected, "required": found.required, "secured": found.secured})


def _since(moment: datetime | None, now: datetime, unit: timedelta, **facts: int) -> Measured:
    return Measured(0 if moment is None else _whole(now - moment, unit), facts)


def _whole(duration: timedelta, unit: timedelta = timedelta(seconds=1)) -> int:
    """Whole units, never below zero: the database's clock and ours are two."""
    return max(duration // unit, 0)


def _days_past(day: date, today: date) -> int:
    return max((today - day).days, 0)
