"""代理店: who may sell coin on which terms, what they sold today, and what they owe."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

import ledger.queries as book
import merchant.queries
from association.models import AgentTerms
from base.clock import day_bounds, tokyo_day
from identity.commands import authorise
from identity.queries import Principal
from ledger.queries import Entry
from merchant.queries import Shop

SALES = ("agent_top_up", "reversal")


@dataclass(frozen=True, slots=True)
class AgentStanding:
    """A shop as an agent. Amounts in yen. `daily_max`: None while it is none. `waiting`: the proposal that waits for a decision.

    `sales`: today's, the newest first, what was undone as an entry of its own. `debt`: cash that it has taken and not handed over.
    """

    daily_max: int | None
    waiting: int | None
    sold_today: int
    debt: int
    sales: tuple[Entry, ...]

    @property
    def is_agent(self) -> bool:
        return self.daily_max is not None

    @property
    def left_today(self) -> int:
        return max((self.daily_max or 0) - self.sold_today, 0)


@dataclass(frozen=True, slots=True)
class ListedAgent:
    """An agent, or a shop that was one and still owes."""

    shop: Shop
    standing: AgentStanding


def agent(session: Session, district_id: int, merchant_id: int, *, now: datetime) -> AgentStanding:
    """How a shop stands as an agent. For doors that have asked already, and for the shop itself."""
    terms, waiting = terms_in_force(session, district_id, merchant_id), terms_waiting(session, district_id, merchant_id)
    account = book.account_id(session, district_id, "agent", merchant_id, 0)
    sales = _sales(session, district_id, merchant_id, tokyo_day(now))
    return AgentStanding(
        daily_max=terms.daily_max if terms else None,
        waiting=waiting.proposal_id if waiting else None,
        sold_today=sum(sale.amount for sale in sales),
        debt=0 if account is None else book.balance(session, district_id, account),
        sales=tuple(sales),
    )


def is_agent(session: Session, district_id: int, merchant_id: int) -> bool:
    """Whether this shop may sell coin, as far as its terms go."""
    return terms_in_force(session, district_id, merchant_id) is not None


def agents(session: Session, who: Principal, *, now: datetime) -> list[ListedAgent]:
    """Every shop that is an agent, waits to become one, or still owes; in the order of their reading."""
    authorise(session, who, "association.read")
    known = session.scalars(select(AgentTerms.merchant_id).where(AgentTerms.district_id == who.district_id).distinct()).all()
    listed = [
        ListedAgent(shop, agent(session, who.district_id, shop.id, now=now))
        for shop in merchant.queries.shops(session, who.district_id, ids=known)
    ]
    return [one for one in listed if one.standing.is_agent or one.standing.waiting or one.standing.debt]


def agent_payments(session: Session, who: Principal, merchant_id: int, *, limit: int = 10) -> list[Entry]:
    """Cash that this agent brought, the newest first."""
    authorise(session, who, "association.read")
    account = book.account_id(session, who.district_id, "agent", merchant_id, 0)
    return [] if account is None else book.entries(session, who.district_id, [account], kinds=["agent_pays_in"], limit=limit)


def selling_agents(session: Session, district_id: int) -> list[Shop]:
    """Open shops at which anybody can buy coin for cash, in the order of their reading."""
    query = select(AgentTerms.merchant_id, AgentTerms.proposal_id).where(
        AgentTerms.district_id == district_id, AgentTerms.ended_at.is_(None)
    )
    rows = session.execute(query).all()
    approved = book.outcomes(session, district_id, [row.proposal_id for row in rows]) if rows else {}
    ids = [row.merchant_id for row in rows if approved.get(row.proposal_id)]
    return merchant.queries.shops(session, district_id, states=("open",), ids=ids) if ids else []


def terms_in_force(session: Session, district_id: int, merchant_id: int) -> AgentTerms | None:
    """The newest terms that were approved and have not ended."""
    rows = _open_terms(session, district_id, merchant_id)
    approved = book.outcomes(session, district_id, [row.proposal_id for row in rows]) if rows else {}
    return next((row for row in rows if approved.get(row.proposal_id)), None)


def terms_waiting(session: Session, district_id: int, merchant_id: int) -> AgentTerms | None:
    """The terms that nobody has decided on yet."""
    rows = _open_terms(session, district_id, merchant_id)
    decided = book.outcomes(session, district_id, [row.proposal_id for row in rows]) if rows else {}
    return next((row for row in rows if row.proposal_id not in decided), None)


def sold_on(session: Session, district_id: int, merchant_id: int, day: date) -> int:
    """What this shop sold on a day in Tokyo less what it undid, in yen."""
    return sum(sale.amount for sale in _sales(session, district_id, merchant_id, day))


def _open_terms(session: Session, district_id: int, merchant_id: int) -> Sequence[AgentTerms]:
    mine = (AgentTerms.district_id == district_id, AgentTerms.merchant_id == merchant_id, AgentTerms.ended_at.is_(None))
    query = select(AgentTerms).where(*mine).order_by(AgentTerms.id.desc())
    return session.scalars(query.execution_options(populate_existing=True)).all()


def _sales(session: Session, district_id: int, merchant_id: int, day: date) -> list[Entry]:
    account = book.account_id(session, district_id, "agent", merchant_id, 0)
    if account is None:
        return []
    since, until = day_bounds(day)
    return book.entries(session, district_id, [account], since=since, until=until, kinds=SALES, limit=None)
