"""ポイント: programmes with their payers, their lots, and what the book says of each month's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, func, select, text
from sqlalchemy.orm import Session

import ledger.queries as book
from association.errors import PointsUnknown
from association.models import PointCursor, PointShortfall, PointSkipped
from association.queries.point_lots import LotFigures, figures_of_lot, lots
from association.rules import Rate, Rounding, lot_last_day, spendable_from
from base.clock import tokyo_day
from identity.commands import authorise
from identity.queries import Principal, nicknames
from ledger.queries import Budget

PROGRAMME = "programme"


EARNING = ("point_earn", "point_back", "point_given")
"""Kinds in which the payers of points bear them or get them back."""


@dataclass(frozen=True, slots=True)
class PointPart:
    """Who pays which part. `payer`: association, funder or shop, which pays from its payable and has no account here."""

    place: int
    payer: str
    funder: str | None
    percent: int
    account_id: int | None


@dataclass(frozen=True, slots=True)
class PointTerms:
    """One programme. Days in Tokyo, both included; `begins_at`: when a second person approved it, None before."""

    id: int
    name: str
    name_en: str
    rate: Rate
    pending_days: int
    months: int
    first_day: date
    last_day: date | None
    expired_to: str
    proposal_id: int
    made_by: int
    made_at: datetime
    begins_at: datetime | None
    ended_at: datetime | None
    parts: tuple[PointPart, ...]

    @property
    def shop_percent(self) -> int:
        return sum(part.percent for part in self.parts if part.payer == "shop")

    @property
    def others(self) -> tuple[PointPart, ...]:
        """Who pays from an account of their own."""
        return tuple(part for part in self.parts if part.payer != "shop")

    def gives_at(self, moment: datetime) -> bool:
        """Whether a payment of this moment earns."""
        if self.begins_at is None or moment < self.begins_at or (self.ended_at is not None and moment >= self.ended_at):
            return False
        day = tokyo_day(moment)
        return self.first_day <= day and (self.last_day is None or day <= self.last_day)

    def spendable_from(self, paid_at: datetime) -> date:
        return spendable_from(tokyo_day(paid_at), self.pending_days)


TERMS = """
    SELECT p.id, p.name, p.name_en, p.rate_yen, p.rate_points, p.rounding, p.pending_days, p.months, p.first_day, p.last_day,
        p.expired_to, p.proposal_id, p.made_by, p.made_at, p.begins_at, p.ended_at,
        (SELECT jsonb_agg(jsonb_build_array(s.place, s.payer, f.name, s.percent, s.account_id) ORDER BY s.place)
         FROM point_share s LEFT JOIN funder f ON f.district_id = s.district_id AND f.id = s.funder_id
         WHERE s.district_id = p.district_id AND s.of = 'programme' AND s.of_id = p.id) AS parts
    FROM point_programme p WHERE p.district_id = :district_id
"""


ALL = text(TERMS + " ORDER BY p.id DESC")


BEGUN = text(TERMS + " AND p.begins_at IS NOT NULL ORDER BY p.id DESC")


ONE = text(TERMS + " AND p.id = :id")


def _terms(row: Row[Any]) -> PointTerms:
    return PointTerms(
        id=row.id,
        name=row.name,
        name_en=row.name_en,
        rate=Rate(row.rate_yen, row.rate_points, Rounding(row.rounding)),
        **{
            name: getattr(row, name)
            for name in (
                "pending_days",
                "months",
                "first_day",
                "last_day",
                "expired_to",
                "proposal_id",
                "made_by",
                "made_at",
                "begins_at",
                "ended_at",
            )
        },
        parts=tuple(PointPart(*part) for part in row.parts),
    )


def begun_programmes(session: Session, district_id: int) -> list[PointTerms]:
    """Every programme that was approved, the newest first. For doors that have asked already."""
    return [_terms(row) for row in session.execute(BEGUN, {"district_id": district_id})]


def all_programmes(session: Session, district_id: int) -> list[PointTerms]:
    """Every programme, the newest first. For doors that have asked already."""
    return [_terms(row) for row in session.execute(ALL, {"district_id": district_id})]


def one_programme(session: Session, district_id: int, programme_id: int) -> PointTerms:
    """For doors that have asked already. Raises PointsUnknown."""
    row = session.execute(ONE, {"district_id": district_id, "id": programme_id}).one_or_none()
    if row is None:
        raise PointsUnknown
    return _terms(row)


def programme_at(programmes: Sequence[PointTerms], moment: datetime) -> PointTerms | None:
    """The programme by which a payment of this moment earns; there is never more than one."""
    return next((each for each in programmes if each.gives_at(moment)), None)


@dataclass(frozen=True, slots=True)
class PayerStanding:
    """One payer of a programme: what its account bears of the points that were given and not taken back, and what it has paid."""

    part: PointPart
    borne: int
    owed: int


@dataclass(frozen=True, slots=True)
class ProgrammePage:
    """A programme as the desk sees it. `shortfall`: points that refunds could not take back; `skipped`: what the book refused and
    nobody has settled, of whatever programme;
    `behind`: transactions of the sealed log that were not looked at yet; `budget`: of this month."""

    terms: PointTerms
    state: str
    maker_name: str | None
    months: tuple[LotFigures, ...]
    payers: tuple[PayerStanding, ...]
    shop_bears: int
    shortfall: int
    skipped: tuple[Skipped, ...]
    behind: int
    budget: Budget

    def total(self, name: str) -> int:
        return sum(getattr(each, name) for each in self.months)


def state_of(terms: PointTerms, outcome: str, now: datetime) -> str:
    """`outcome` while it has not begun: waiting, or how its proposal fell (ledger FALLEN); then upcoming, running or over."""
    if terms.begins_at is None:
        return outcome
    if terms.ended_at is not None or (terms.last_day is not None and tokyo_day(now) > terms.last_day):
        return "over"
    return "running" if tokyo_day(now) >= terms.first_day else "upcoming"


@dataclass(frozen=True, slots=True)
class Skipped:
    """A payment or refund whose points the book refused. `code`: of the last refusal."""

    transaction_id: int
    code: str
    noted_at: datetime
    tries: int
    tried_at: datetime

    @property
    def number(self) -> str:
        """受付番号 of the payment or refund."""
        return book.payment_number(self.transaction_id)


def skipped(session: Session, district_id: int, *, limit: int = 100) -> tuple[Skipped, ...]:
    """Those that nobody has settled, the oldest first. For doors that have asked already."""
    mine = select(PointSkipped).where(PointSkipped.district_id == district_id, PointSkipped.done_at.is_(None))
    rows = session.scalars(mine.order_by(PointSkipped.transaction_id).limit(limit).execution_options(populate_existing=True))
    return tuple(Skipped(row.transaction_id, row.code, row.noted_at, row.tries, row.tried_at) for row in rows)


@dataclass(frozen=True, slots=True)
class ListedProgramme:
    """A programme in the desk's list."""

    terms: PointTerms
    state: str


def listed_programmes(session: Session, who: Principal, *, now: datetime) -> list[ListedProgramme]:
    """All programmes, the newest first."""
    authorise(session, who, "association.read")
    found = all_programmes(session, who.district_id)
    return [ListedProgramme(each, state_of(each, _outcome(session, who.district_id, each), now)) for each in found]


def programme_page(session: Session, who: Principal, programme_id: int, *, now: datetime) -> ProgrammePage:
    """One programme with its figures from the book. Raises PointsUnknown."""
    authorise(session, who, "association.read")
    district_id = who.district_id
    terms = one_programme(session, district_id, programme_id)
    mine = [each for each in lots(session, district_id) if each.programme_id == terms.id]
    accounts = [part.account_id for part in terms.others if part.account_id is not None]
    owed = book.natural_balances(session, district_id, accounts)
    borne = borne_of(session, district_id, accounts)
    paid = borne_by_shops(session, district_id, [each.series_id for each in mine])
    cursor = session.get(PointCursor, district_id, populate_existing=True)
    return ProgrammePage(
        terms=terms,
        state=state_of(terms, _outcome(session, district_id, terms), now),
        maker_name=nicknames(session, district_id, {terms.made_by}).get(terms.made_by),
        months=tuple(figures_of_lot(session, district_id, each, lot_last_day(each.month, terms.months)) for each in mine),
        payers=tuple(
            PayerStanding(part, borne.get(part.account_id, 0), owed.get(part.account_id, 0))
            for part in terms.others
            if part.account_id is not None
        ),
        shop_bears=paid,
        shortfall=int(
            session.execute(
                select(func.coalesce(func.sum(PointShortfall.points), 0)).where(
                    PointShortfall.district_id == district_id, PointShortfall.programme_id == terms.id
                )
            ).scalar_one()
        ),
        skipped=skipped(session, district_id),
        behind=0 if cursor is None else max(book.log_end(session, district_id) - cursor.place, 0),
        budget=book.budget(session, district_id, terms.proposal_id, now),
    )


def borne_of(session: Session, district_id: int, accounts: Sequence[int]) -> Mapping[int, int]:
    """What each account has borne in all that is about points, debit positive. For doors that have asked already."""
    total: dict[int, int] = {}
    for kind in (*EARNING, "point_close"):
        for account_id, amount in book.debits_of_kind(session, district_id, list(accounts), kind).items():
            total[account_id] = total.get(account_id, 0) + amount
    return total


def borne_by_shops(session: Session, district_id: int, series_ids: Sequence[int]) -> int:
    """What shops have borne of these lots from their payables, in yen."""
    return sum(sum(book.borne(session, district_id, each, EARNING, ("payable",)).values()) for each in series_ids)


def _outcome(session: Session, district_id: int, terms: PointTerms) -> str:
    if terms.begins_at is not None:
        return "approved"
    return book.fallen(session, district_id, [terms.proposal_id]).get(terms.proposal_id, "waiting")


def point_payers(session: Session, district_id: int, account_ids: Sequence[int]) -> dict[int, tuple[str | None, str, str]]:
    """Of accounts of promotion and funder: the funder's name (None: the association) and the two names of what they pay for."""
    sql = text(
        "SELECT s.account_id, f.name AS funder, COALESCE(p.name, c.name, e.name) AS name,"
        " COALESCE(p.name_en, c.name_en, e.name_en) AS name_en"
        " FROM point_share s"
        " LEFT JOIN point_programme p ON p.district_id = s.district_id AND s.of = 'programme' AND p.id = s.of_id"
        " LEFT JOIN point_campaign c ON c.district_id = s.district_id AND s.of = 'campaign' AND c.id = s.of_id"
        " LEFT JOIN point_event e ON e.district_id = s.district_id AND s.of = 'event' AND e.id = s.of_id"
        " LEFT JOIN funder f ON f.district_id = s.district_id AND f.id = s.funder_id"
        " WHERE s.district_id = :district_id AND s.account_id = ANY (:ids)"
    )
    rows = session.execute(sql, {"district_id": district_id, "ids": list(account_ids)})
    return {row.account_id: (row.funder, row.name, row.name_en) for row in rows}
