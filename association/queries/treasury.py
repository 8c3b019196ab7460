"""今夜・今週・月次: what the treasurer has before them, from the books alone. Nothing here is ever ticked by hand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

import ledger.queries as book
import merchant.queries
from association.queries.accounts import Months, first_month, months, trial_report
from association.queries.bank import BankAccountRow, bank_accounts
from association.queries.bank_details import accounts_by_shop
from association.queries.base_dates import Forecast, Frozen, forecast, unreported
from association.queries.books import Called
from association.queries.drawers import Counted, DrawerStanding, counts_between, drawers, last_safe_count, safe_cash
from association.queries.listed_coupons import payers_by_account
from association.queries.reconciliation import Reconciliation, reconciliation
from association.queries.securities import secured_on
from association.queries.settlement import (
    Due,
    FileRow,
    RunHead,
    closings_due,
    returns_at_bank,
    run_of,
    runs,
    runs_between,
    shops_of,
    transfer_file,
)
from association.queries.settlement.returns import accounts_to_check
from association.queries.settlement.transfers import holidays, send_by, transfer_terms
from association.queries.stops import ListedStop, living_stops
from association.queries.vouchers import premium_payers
from association.rules.accounts import next_month, year_start
from association.rules.treasury import BankEquation, bank_equation
from base.clock import day_bounds, tokyo_day
from identity.commands import authorise
from identity.queries import Principal
from ledger.queries import Proposal
from merchant.queries import Shop

DAY = timedelta(days=1)
WEEK = timedelta(days=7)
RUNS_LOOKED_AT = 60


@dataclass(frozen=True, slots=True)
class Evening:
    """Before one goes home. `open_drawers`: somebody took cash there since it was counted; `counts`: of today, of drawers and safe;
    `deposits`: cash that went to the bank today; `waiting`: what nobody has decided; `half`: runs that are booked in part;
    `stops`: what somebody has stopped, and nobody has started again."""

    day: date
    open_drawers: tuple[DrawerStanding, ...]
    counts: tuple[Counted, ...]
    deposits: tuple[Counted, ...]
    safe: int
    waiting: tuple[Proposal, ...]
    half: tuple[RunHead, ...]
    stops: tuple[ListedStop, ...]

    @property
    def is_over(self) -> bool:
        """Nothing is left for today."""
        return not (self.open_drawers or self.waiting or self.half or self.stops)


@dataclass(frozen=True, slots=True)
class Transfer:
    """A run that is booked and not paid. `has_terms`: its money goes by a file; `send_by`: the bank must have that by then."""

    run: RunHead
    has_terms: bool
    file: FileRow | None
    send_by: date


@dataclass(frozen=True, slots=True)
class Week:
    """What must be done before Friday. `due`: the newest closing day of each cycle in which something is owed; `unfinished`: runs that
    wait for a second person, or are booked in part; `paid`: within the last week; `came_back`: lines of the bank that say that a transfer
    came back, of which nobody has said so here. `safe_counted`: when the safe was counted last."""

    day: date
    due: tuple[Due, ...]
    unfinished: tuple[RunHead, ...]
    transfers: tuple[Transfer, ...]
    paid: tuple[RunHead, ...]
    returns: tuple[Proposal, ...]
    came_back: int
    to_check: tuple[Shop, ...]
    accounts: tuple[BankAccountRow, ...]
    bank: Reconciliation
    safe: int
    safe_counted: date | None


@dataclass(frozen=True, slots=True)
class Claim:
    """What somebody who pays for coupons, premium or a benefit owes at the end of a day. `about`: for what."""

    funder: str | None
    about: Called
    amount: int


@dataclass(frozen=True, slots=True)
class Month:
    """A month up to `last`: its last day, or today while it runs. `unsettled`: closing days of it that nobody has put forward though
    something is owed; `report`: of the last base date (None: there was none under the law)."""

    first: date
    last: date
    is_over: bool
    equation: BankEquation
    bank: Reconciliation
    runs: tuple[RunHead, ...]
    unsettled: tuple[Due, ...]
    counts: tuple[Counted, ...]
    over_short: int
    claims: tuple[Claim, ...]
    report: tuple[date, Frozen | None] | None
    secured: int
    forecast: Forecast
    closings: Months

    @property
    def is_closed(self) -> bool:
        return any(each.is_closed and each.closing.month == self.first for each in self.closings.closed)

    @property
    def was_changed(self) -> bool:
        """Closed, and the entries say something else now."""
        return any(each.is_closed and each.closing.month == self.first and each.differences for each in self.closings.closed)


def evening(session: Session, who: Principal, *, now: datetime) -> Evening:
    """今夜."""
    authorise(session, who, "association.read")
    today = tokyo_day(now)
    counts = counts_between(session, who, today, today)
    return Evening(
        day=today,
        open_drawers=tuple(each for each in drawers(session, who) if not each.is_closed),
        counts=tuple(each for each in counts if each.clerk_id is not None or each.is_of_safe),
        deposits=tuple(each for each in counts if each.clerk_id is None and not each.is_of_safe),
        safe=safe_cash(session, who),
        waiting=tuple(book.proposals(session, who.district_id, waiting=True)),
        half=tuple(each for each in runs(session, who, limit=RUNS_LOOKED_AT) if each.state in ("posting", "posting_payout")),
        stops=tuple(living_stops(session, who)),
    )


def week(session: Session, who: Principal, *, now: datetime) -> Week:
    """今週."""
    authorise(session, who, "association.read")
    today, recent = tokyo_day(now), runs(session, who, limit=RUNS_LOOKED_AT)
    to_check = accounts_to_check(session, who.district_id)
    counted, back = last_safe_count(session, who.district_id), returns_at_bank(session, who, now=now)
    return Week(
        day=today,
        due=_owed(session, who.district_id, newest_of_each(closings_due(session, who.district_id, now=now))),
        unfinished=tuple(each for each in recent if each.state in ("waiting", "posting", "paying", "posting_payout")),
        transfers=tuple(_transfer(session, who, each, today) for each in recent if each.state == "settled"),
        paid=tuple(each for each in recent if each.state == "paid" and each.pay_on > today - WEEK),
        returns=tuple(book.proposals(session, who.district_id, waiting=True, purpose="transfer_return")),
        came_back=sum(1 for each in back.matches if not back.is_known(each)),
        to_check=_shops_to_check(session, who.district_id, to_check, now=now),
        accounts=tuple(bank_accounts(session, who)),
        bank=reconciliation(session, who, now=now),
        safe=safe_cash(session, who),
        safe_counted=None if counted is None else tokyo_day(counted.counted_at),
    )


def month(session: Session, who: Principal, first: date, *, now: datetime) -> Month:
    """今月: the month that begins with `first`, which must not lie ahead."""
    today = tokyo_day(now)
    end = next_month(first) - DAY
    last = min(end, today)
    report = trial_report(session, who, first, last)
    moved = {line.account.role: line.debit - line.credit for line in report.lines}
    due = [each for each in closings_due(session, who.district_id, now=now) if first <= each.closes_on <= last]
    return Month(
        first=first,
        last=last,
        is_over=today > end,
        equation=equation_on(session, who, last),
        bank=reconciliation(session, who, at=last, now=now),
        runs=tuple(runs_between(session, who, first, last)),
        unsettled=_owed(session, who.district_id, newest_of_each(due)),
        counts=tuple(counts_between(session, who, first, last)),
        over_short=moved.get("over_short", 0),
        claims=claims_on(session, who, last),
        report=unreported(session, who.district_id, now=now),
        secured=secured_on(session, who.district_id, today),
        forecast=forecast(session, who.district_id, now=now),
        closings=months(session, who, now=now),
    )


def equation_on(session: Session, who: Principal, last: date) -> BankEquation:
    """預金の式 at the end of a day."""
    start = year_start(last, first_month(session, who.district_id))
    return bank_equation(trial_report(session, who, start, last).lines)


def outstanding_on(session: Session, who: Principal, last: date) -> list[tuple[book.Series | None, int]]:
    """What people held at the end of a day by series, vouchers on paper among it, and on top-up codes not redeemed (None), in yen."""
    authorise(session, who, "association.read_books", subject=f"outstanding:{last}")
    end = day_bounds(last)[1]
    sums = book.role_sums(session, who.district_id, year=end, start=end, end=end)
    held: dict[int, int] = {}
    for each in sums:
        if each.role in ("consumer", "voucher_paper") and each.opening:
            held[each.series_id] = held.get(each.series_id, 0) - each.opening
    found: list[tuple[book.Series | None, int]] = [
        (series, held[series.id]) for series in book.series(session, who.district_id) if series.id in held
    ]
    codes = -sum(each.opening for each in sums if each.role == "top_up_code")
    return [*found, (None, codes)] if codes else found


def claims_on(session: Session, who: Principal, last: date) -> tuple[Claim, ...]:
    """What funders owed at the end of a day, the most first."""
    authorise(session, who, "association.read")
    end = day_bounds(last)[1]
    owed = [one for one in book.standings(session, who.district_id, "funder", since=end, until=end) if one.closing]
    ids = [one.account_id for one in owed]
    names = payers_by_account(session, who.district_id, ids) | premium_payers(session, who.district_id, ids) if ids else {}
    found = []
    for one in owed:
        funder, name, name_en = names.get(one.account_id, (None, "", ""))
        found.append(Claim(funder, Called(name, name_en), one.closing))
    return tuple(sorted(found, key=lambda claim: -claim.amount))


def newest_of_each(due: Sequence[Due]) -> list[Due]:
    """One closing day a cycle, of those that are sorted newest first: it settles those before it as well."""
    return [each for at, each in enumerate(due) if all(before.cycle.number != each.cycle.number for before in due[:at])]


def _owed(session: Session, district_id: int, due: Sequence[Due]) -> tuple[Due, ...]:
    """Those of whose shops one is owed something."""
    found = []
    for each in due:
        shops = [shop.id for shop in shops_of(session, district_id, each.cycle.number, each.closes_on)]
        if book.owed_before(session, district_id, day_bounds(each.closes_on)[1], shops):
            found.append(each)
    return tuple(found)


def _transfer(session: Session, who: Principal, head: RunHead, today: date) -> Transfer:
    run, file = run_of(session, who.district_id, head.id), transfer_file(session, who, head.id)
    held = None if run.transfer_version is None else transfer_terms(session, who.district_id, run.transfer_version)
    day = max(head.pay_on, today) if file is None else file.transfer_date
    return Transfer(head, held is not None, file, send_by(day, held.lead_days if held else 0, holidays(session, who.district_id)))


def _shops_to_check(session: Session, district_id: int, accounts: frozenset[int], *, now: datetime) -> tuple[Shop, ...]:
    """Shops that are still paid to an account from which a transfer came back."""
    if not accounts:
        return ()
    known = accounts_by_shop(session, district_id, now=now)
    ids = [shop for shop, held in known.items() if held.live is not None and held.live.id in accounts]
    return tuple(merchant.queries.shops(session, district_id, ids=ids)) if ids else ()
