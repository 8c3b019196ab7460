"""ポイントのキャンペーン: who multiplies points when and where, and how much of the budget is gone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, text
from sqlalchemy.orm import Session

import ledger.queries as book
from association.errors import PointsUnknown
from association.queries.points import PointPart, begun_programmes, borne_of, programme_at
from association.queries.shop_classes import ALL, Members, members
from association.rules import bonus_of
from base.clock import tokyo_day
from identity.commands import authorise
from identity.queries import Principal, nicknames

EVERY_DAY = 0b111_1111
"""All weekdays, as bits."""


@dataclass(frozen=True, slots=True)
class CampaignTerms:
    """One campaign. `extra`: points on top, in per cent of those that the rate gives (200: three times). `weekdays`: bits, Monday the
    lowest; `shops`: None for all; of a `shop_class` (small, or trades: those of `trades`) those that are in it now; `budget`: points on top
    in all."""

    id: int
    name: str
    name_en: str
    extra: int
    first_day: date
    last_day: date
    weekdays: int
    shops: tuple[int, ...] | None
    shop_class: str
    trades: tuple[str, ...]
    budget: int
    proposal_id: int
    made_by: int
    made_at: datetime
    begins_at: datetime | None
    ended_at: datetime | None
    parts: tuple[PointPart, ...]

    @property
    def times(self) -> str:
        """300 per cent in all as 3, 150 as 1.5."""
        whole = self.extra + 100
        return f"{whole // 100}" if whole % 100 == 0 else f"{whole / 100:.2f}".rstrip("0")

    @property
    def is_everywhere(self) -> bool:
        """Whether it holds at all shops on all weekdays: then it reaches everybody who pays."""
        return self.shops is None and self.weekdays == EVERY_DAY

    @property
    def accounts(self) -> tuple[int, ...]:
        return tuple(part.account_id for part in self.parts if part.account_id is not None)

    def is_for(self, moment: datetime, shop_id: int | None) -> bool:
        """Whether a payment of this moment at this shop (None: at some shop) is multiplied, as long as there is budget."""
        if self.begins_at is None or moment < self.begins_at or (self.ended_at is not None and moment >= self.ended_at):
            return False
        day = tokyo_day(moment)
        is_day = self.first_day <= day <= self.last_day and bool(self.weekdays >> day.weekday() & 1)
        return is_day and (self.shops is None or shop_id is None or shop_id in self.shops)


TERMS = """
    SELECT c.id, c.name, c.name_en, c.extra, c.first_day, c.last_day, c.weekdays, c.shops, c.shop_class, c.trades,
        c.budget, c.proposal_id, c.made_by, c.made_at, c.begins_at, c.ended_at,
        (SELECT jsonb_agg(jsonb_build_array(s.place, s.payer, f.name, s.percent, s.account_id) ORDER BY s.place)
         FROM point_share s LEFT JOIN funder f ON f.district_id = s.district_id AND f.id = s.funder_id
         WHERE s.district_id = c.district_id AND s.of = 'campaign' AND s.of_id = c.id) AS parts
    FROM point_campaign c WHERE c.district_id = :district_id
"""
EVERY = text(TERMS + " ORDER BY c.id DESC")
BEGUN = text(TERMS + " AND c.begins_at IS NOT NULL AND c.last_day >= :since ORDER BY c.id")
ONE = text(TERMS + " AND c.id = :id")


def _read(session: Session, district_id: int, rows: Iterable[Row[Any]]) -> list[CampaignTerms]:
    of = members(session, district_id)
    return [_terms(row, of) for row in rows]


def _terms(row: Row[Any], of: Members) -> CampaignTerms:
    values = row._asdict()
    values["shops"] = None if row.shops is None else tuple(row.shops)
    if row.shop_class != ALL:
        values["shops"] = tuple(sorted(of(row.shop_class, row.trades)))
    values["trades"] = tuple(row.trades)
    values["parts"] = tuple(PointPart(*part) for part in row.parts)
    return CampaignTerms(**values)


def begun_campaigns(session: Session, district_id: int, *, since: date) -> list[CampaignTerms]:
    """Those that were approved and did not end before the day `since`, the oldest first. For doors that have asked already."""
    return _read(session, district_id, session.execute(BEGUN, {"district_id": district_id, "since": since}))


def one_campaign(session: Session, district_id: int, campaign_id: int) -> CampaignTerms:
    """For doors that have asked already. Raises PointsUnknown."""
    row = session.execute(ONE, {"district_id": district_id, "id": campaign_id}).one_or_none()
    if row is None:
        raise PointsUnknown
    return _read(session, district_id, [row])[0]


def given_of(session: Session, district_id: int, campaigns: Sequence[CampaignTerms]) -> dict[int, int]:
    """Points on top that each has given, less what came back of them by refunds or expired: from the book, in two statements."""
    accounts = [account for each in campaigns for account in each.accounts]
    if not accounts:
        return {}
    stands = book.natural_balances(session, district_id, accounts)
    since = min(each.made_at for each in campaigns)
    paid = book.sums_of_rare_kind(session, district_id, accounts, "funder_pays", since=since)
    return {each.id: sum(stands.get(account, 0) - paid.get(account, 0) for account in each.accounts) for each in campaigns}


def best_bonus(
    campaigns: Sequence[CampaignTerms], given: Mapping[int, int], moment: datetime, shop_id: int | None, points: int
) -> tuple[CampaignTerms, int] | None:
    """The campaign that gives most on top of so many points, of those that still have budget; they never add up. The budget is soft:
    the payment that reaches it gets its whole bonus, the next one none."""
    open_ones = [each for each in campaigns if each.is_for(moment, shop_id) and given.get(each.id, 0) < each.budget]
    best = max(open_ones, key=lambda each: (each.extra, -each.id), default=None)
    bonus = 0 if best is None else bonus_of(points, best.extra)
    return None if best is None or bonus < 1 else (best, bonus)


def most_over(session: Session, district_id: int, extra: int, *, now: datetime) -> int:
    """By how many points at most a budget can be passed: one payment's bonus, less the one point that was still there."""
    programme = programme_at(begun_programmes(session, district_id), now)
    largest = max((one.payment_max for one in book.running_series(session, district_id, now=now)), default=0)
    return 0 if programme is None else max(bonus_of(programme.rate.earned(largest), extra) - 1, 0)


@dataclass(frozen=True, slots=True)
class ListedCampaign:
    """A campaign as the desk sees it. `given`: points on top so far; `over`: by how many the budget was passed; `most`: by how many it
    could be. `borne`, `owed`: yen by account. `state`: waiting, one of book.FALLEN, upcoming, running, spent or over."""

    terms: CampaignTerms
    state: str
    given: int
    most: int
    maker_name: str | None
    borne: Mapping[int, int]
    owed: Mapping[int, int]

    @property
    def over(self) -> int:
        return max(self.given - self.terms.budget, 0)

    @property
    def left(self) -> int:
        return max(self.terms.budget - self.given, 0)


def listed_campaigns(session: Session, who: Principal, *, now: datetime) -> list[ListedCampaign]:
    """All campaigns, the newest first."""
    authorise(session, who, "association.read")
    return _listed(session, who, _read(session, who.district_id, session.execute(EVERY, {"district_id": who.district_id})), now)


def listed_campaign(session: Session, who: Principal, campaign_id: int, *, now: datetime) -> ListedCampaign:
    """Raises PointsUnknown."""
    authorise(session, who, "association.read")
    return _listed(session, who, [one_campaign(session, who.district_id, campaign_id)], now)[0]


def _listed(session: Session, who: Principal, found: Sequence[CampaignTerms], now: datetime) -> list[ListedCampaign]:
    if not found:
        return []
    given = given_of(session, who.district_id, found)
    accounts = [account for each in found for account in each.accounts]
    borne, owed = borne_of(session, who.district_id, accounts), book.natural_balances(session, who.district_id, accounts)
    names = nicknames(session, who.district_id, {each.made_by for each in found})
    return [
        ListedCampaign(
            each,
            _state(session, who.district_id, each, given.get(each.id, 0), now),
            given.get(each.id, 0),
            most_over(session, who.district_id, each.extra, now=now),
            names.get(each.made_by),
            borne,
            owed,
        )
        for each in found
    ]


def _state(session: Session, district_id: int, terms: CampaignTerms, given: int, now: datetime) -> str:
    if terms.begins_at is None:
        return book.fallen(session, district_id, [terms.proposal_id]).get(terms.proposal_id, "waiting")
    if terms.ended_at is not None or tokyo_day(now) > terms.last_day:
        return "over"
    if given >= terms.budget:
        return "spent"
    return "running" if tokyo_day(now) >= terms.first_day else "upcoming"
