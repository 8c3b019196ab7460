"""ポイントのキャンペーン: points on top on some days at some shops, laid before a second person with a budget that is soft."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select, text, update
from sqlalchemy.orm import Session

import ledger.commands as book
import ledger.queries as read
import merchant.queries
from association.commands.coupons import Share
from association.commands.coupons.proposing import OWNERS_A_COUPON
from association.commands.points.locks import alone
from association.commands.points.programme import OWNERS_A_PURPOSE, add_shares, pay_share, shares_are_well
from association.errors import CampaignWrong, PointsOver
from association.models import PointCampaign
from association.queries.point_campaigns import most_over, one_campaign
from association.queries.shop_classes import class_is_well
from association.rules import EXTRA_MAX, EXTRA_MIN, RATE_MAX_PERCENT, WHOLE_WEEK, bonus_of
from base.clock import tokyo_day
from base.db import atomic
from identity.commands import authorise
from identity.queries import Principal
from ledger.commands import Mandate, Posted, hash_command
from ledger.errors import KeyReused
from ledger.queries import Proposal

PURPOSE = "point_campaign"
CAMPAIGN = "campaign"
PLACES = 70
"""Where the owners of a campaign's accounts begin within its hundred."""
BUDGET_MAX = 100_000_000
NEXT = text("SELECT nextval('point_campaign_id_seq')")


@dataclass(frozen=True, slots=True)
class NewCampaign:
    """A campaign as the association describes it: `extra` per cent on top. Days in Tokyo, both included; `weekdays`: bits, Monday the
    lowest; `shops`: None for all, or all of `shop_class`: small, or trades (of `trades`); `budget`: points on top in all. Shops do not pay
    for it."""

    name: str
    name_en: str
    extra: int
    first_day: date
    last_day: date
    weekdays: int
    shops: tuple[int, ...] | None
    budget: int
    shares: tuple[Share, ...]
    shop_class: str = "all"
    trades: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CampaignFunderPays:
    """A funder's money has arrived. `place`: which share of the campaign; `into`: safe or bank; `amount` in yen."""

    campaign_id: int
    place: int
    amount: int
    into: str
    key: UUID


def propose_campaign(session: Session, who: Principal, new: NewCampaign, *, key: UUID, note: str = "", now: datetime) -> int:
    """Lay it before a second person and give its number; the same key gives the first answer again. Raises CampaignWrong, KeyReused."""
    assert who.person_id is not None, who
    with atomic(session):
        authorise(session, who, "association.propose_points", subject=f"campaign:{new.extra}% {new.budget}")
        content = hash_command("association.propose_campaign", new)
        alone(session, who.district_id)
        mine = select(PointCampaign).where(PointCampaign.district_id == who.district_id, PointCampaign.key == key)
        before = session.scalars(mine).one_or_none()
        if before is not None:
            if before.command_hash != content:
                raise KeyReused
            return before.id
        _must_make_sense(session, who.district_id, new, now)
        campaign_id = int(session.execute(NEXT).scalar_one())
        worst = new.budget + most_over(session, who.district_id, new.extra, now=now)
        facts: dict[str, book.Fact] = {"campaign": campaign_id, "worst": worst, "note": note or None}
        first = campaign_id * OWNERS_A_COUPON + PLACES
        largest = bonus_of(read.law(session).payment_max * RATE_MAX_PERCENT // 100, new.extra)
        mandate = Mandate("all", new.budget, first, first + OWNERS_A_PURPOSE - 1, once=largest)
        session.add(
            PointCampaign(
                district_id=who.district_id,
                id=campaign_id,
                **{each: getattr(new, each) for each in NewCampaign.__dataclass_fields__ if each not in ("shares", "shops", "trades")},
                shops=None if new.shops is None else sorted(set(new.shops)),
                trades=sorted(set(new.trades)),
                key=key,
                command_hash=content,
                proposal_id=book.propose(session, who.district_id, who.person_id, PURPOSE, [], facts=facts, mandate=mandate),
                made_by=who.person_id,
                made_at=now,
            )
        )
        session.flush()
        add_shares(session, who, CAMPAIGN, campaign_id, PLACES, new.shares, now)
        return campaign_id


def begin_campaign(session: Session, proposal: Proposal, who: Principal, *, now: datetime) -> None:
    """For whoever approves, after the decision. Again is harmless. Raises PointsOver."""
    alone(session, who.district_id)
    mine = select(PointCampaign).where(PointCampaign.district_id == who.district_id, PointCampaign.proposal_id == proposal.id)
    row = session.scalars(mine.execution_options(populate_existing=True)).one()
    if row.begins_at is None:
        if row.last_day < tokyo_day(now):
            raise PointsOver
        row.begins_at = now
        session.flush()


def end_campaign(session: Session, who: Principal, campaign_id: int, *, now: datetime) -> None:
    """Nothing is given on top from now on. Raises PointsUnknown, PointsOver."""
    assert who.person_id is not None, who
    with atomic(session):
        authorise(session, who, "association.end_points", subject=f"campaign:{campaign_id}")
        alone(session, who.district_id)
        terms = one_campaign(session, who.district_id, campaign_id)
        if terms.begins_at is None or terms.ended_at is not None or terms.last_day < tokyo_day(now):
            raise PointsOver
        mine = update(PointCampaign).where(PointCampaign.district_id == who.district_id, PointCampaign.id == campaign_id)
        session.execute(mine.values(ended_at=now, ended_by=who.person_id))


def campaign_funder_pays(session: Session, who: Principal, order: CampaignFunderPays, *, now: datetime) -> Posted:
    """Book a funder's money against what it owes for a campaign. Raises PointsUnknown, FunderOverpaid, KeyReused."""
    with atomic(session):
        authorise(session, who, "association.funder_pays", subject=f"campaign:{order.campaign_id}.{order.place} {order.amount}")
        content = hash_command("association.campaign_funder_pays", order.campaign_id, order.place, order.amount, order.into)
        terms = one_campaign(session, who.district_id, order.campaign_id)
        return pay_share(session, who, terms.parts, order, content, {"campaign": terms.id, "staff": who.person_id})


def _must_make_sense(session: Session, district_id: int, new: NewCampaign, now: datetime) -> None:
    """Raises CampaignWrong."""
    known = {shop.id for shop in merchant.queries.shops(session, district_id, states=["open", "suspended"])}
    is_well = (
        EXTRA_MIN <= new.extra <= EXTRA_MAX
        and new.first_day <= new.last_day
        and tokyo_day(now) <= new.last_day
        and 1 <= new.weekdays <= WHOLE_WEEK
        and (new.shops is None or (bool(new.shops) and set(new.shops) <= known))
        and class_is_well(session, district_id, new.shop_class, new.trades, new.shops)
        and 1 <= new.budget <= BUDGET_MAX
        and shares_are_well(new.shares)
        and all(share.payer != "shop" for share in new.shares)
    )
    if not is_well:
        raise CampaignWrong
