"""代理店: an inn or a shop sells coin for cash at its tablet. The coin is there at once, the cash is the shop's debt."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

import ledger.commands as book
import ledger.queries as read
import merchant.commands as shops
import merchant.queries
from association.commands.top_up import TopUpReceipt, drawer_account, must_be_coin
from association.commands.undo import reverse
from association.errors import (
    AgentDayFull,
    AgentOwesLess,
    AgentWaiting,
    CashNothing,
    CashTooLittle,
    NotAnAgent,
    OwnWallet,
    SaleCashGone,
    UndoTooLate,
)
from association.models import AgentTerms
from association.queries.agents import sold_on, terms_in_force, terms_waiting
from association.queries.notice import current_version
from base.clock import tokyo_day
from base.db import atomic, wake
from identity.commands import authorise
from identity.queries import Principal, person_topic
from ledger.commands import Fact, Posted
from ledger.errors import TransactionUnknown
from merchant.errors import NoTill

DAILY_MAX = 100_000
"""What an agent may usually sell on one day, in yen."""
ONE_AT_A_TIME = text("SELECT pg_advisory_xact_lock(hashtextextended('association.agent ' || :shop, :district))")
"""What an agent sells, undoes, pays in, and the terms under which it does, one after the other: so a day's limit is exact."""


@dataclass(frozen=True, slots=True)
class NewAgent:
    """Terms for a shop: `daily_max` yen a day. `note`: why, for whoever decides."""

    merchant_id: int
    daily_max: int
    note: str


@dataclass(frozen=True, slots=True)
class SellCoin:
    """Cash taken at a shop's tablet, coin for whose code was read. `staff_id` and `pin`: who answers for it.

    `shown`: the customer's code, where a program sends it with each repeat; by then it is used up. `received`: the cash handed
    over, of which the change goes back; None: exactly the amount.
    """

    person_id: int
    series_id: int
    amount: int
    key: UUID
    staff_id: int | None = None
    pin: str | None = None
    shown: str = ""
    received: int | None = None

    @property
    def cash(self) -> int:
        """The cash handed over, in yen."""
        return self.amount if self.received is None else self.received


@dataclass(frozen=True, slots=True)
class UndoSale:
    """Which sale of coin was a mistake, and why."""

    transaction_id: int
    reason: str
    key: UUID
    staff_id: int | None = None
    pin: str | None = None


@dataclass(frozen=True, slots=True)
class AgentPaysIn:
    """`amount` yen of an agent's debt, brought to the counter in cash."""

    merchant_id: int
    amount: int
    key: UUID


def propose_agent(session: Session, who: Principal, new: NewAgent, *, now: datetime, at: datetime | None = None) -> int:
    """Lay before a second person that a shop may sell coin, or may sell another sum a day; gives the proposal's number.

    Two people, because an agent creates value on the association's account: coin first, cash later. Nothing is booked; the
    terms hold from the approval on. The same terms once more, while they wait, are the same proposal. `at` is for the demo only.
    Raises ShopUnknown, ShopSuspended, AgentWaiting.
    """
    assert who.person_id is not None, who
    with atomic(session):
        authorise(session, who, "association.propose_agent", subject=f"shop:{new.merchant_id}")
        shop = shops.hold_open(session, who.district_id, new.merchant_id)
        _lock(session, who.district_id, shop.id)
        waiting = terms_waiting(session, who.district_id, shop.id)
        if waiting is not None:
            if (
                waiting.daily_max == new.daily_max
                and read.one_proposal(session, who.district_id, waiting.proposal_id).maker == who.person_id
            ):
                return waiting.proposal_id
            raise AgentWaiting
        facts: dict[str, Fact] = {"shop": shop.name, "agent_of": shop.id, "daily_max": new.daily_max, "note": new.note}
        number = book.propose(session, who.district_id, who.person_id, "agent", [], facts=facts, at=at)
        session.add(AgentTerms(district_id=who.district_id, merchant_id=shop.id, daily_max=new.daily_max, proposal_id=number, made_at=now))
        return number


def end_agent(session: Session, who: Principal, merchant_id: int, *, reason: str, now: datetime) -> None:
    """Switch a shop off as an agent, at once; one person is enough to stop. What it owes stays owed. Again changes nothing.

    Raises ShopUnknown.
    """
    with atomic(session):
        authorise(session, who, "association.end_agent", subject=f"shop:{merchant_id} {reason}")
        shop = merchant.queries.merchant(session, who.district_id, merchant_id)
        _lock(session, who.district_id, merchant_id)
        mine = (AgentTerms.district_id == who.district_id, AgentTerms.merchant_id == merchant_id, AgentTerms.ended_at.is_(None))
        for row in session.scalars(select(AgentTerms).where(*mine)):
            row.ended_at, row.ended_by, row.end_reason = now, who.person_id, reason
        wake(session, shop.topic)


def sell_coin(session: Session, who: Principal, order: SellCoin, *, now: datetime) -> TopUpReceipt:
    """Book coin onto the customer's account and the cash onto the shop's debt; the phone is told at once.

    At a tablet the member of staff named in the order proves it with their PIN. The day's limit is counted under a lock.
    Raises PinWrong, PinLocked, PinMissing, StaffUnknown, NoTill, CashTooLittle, ShopSuspended, NotAnAgent, AgentDayFull,
    OwnWallet, NoticeMissing, and the book's CeilingPassed, SeriesEnded, SeriesNotYet, AccountFrozen, KeyReused: nothing is written then.
    """
    actor = shops.confirmed_by(session, who, order.staff_id, order.pin, now=now)
    with atomic(session):
        authorise(session, actor, "association.sell_coin", subject=f"person:{order.person_id}")
        merchant_id = _own_shop(actor)
        content = _content(actor, order)
        known = read.find_key(session, actor.district_id, order.key, content)
        if known is not None:
            return _receipt(order, known)
        must_be_coin(session, actor.district_id, order.series_id)
        if order.cash < order.amount:
            raise CashTooLittle(missing=order.amount - order.cash)
        shop = shops.hold_open(session, actor.district_id, merchant_id)
        _lock(session, actor.district_id, merchant_id)
        terms = terms_in_force(session, actor.district_id, merchant_id)
        if terms is None:
            raise NotAnAgent
        if order.person_id == actor.person_id:
            raise OwnWallet
        left = terms.daily_max - sold_on(session, actor.district_id, merchant_id, tokyo_day(max(now, _clock(session))))
        if order.amount > left:
            raise AgentDayFull(left=max(left, 0))
        draft = book.Draft(
            kind="agent_top_up",
            key=order.key,
            command_hash=content,
            lines=book.transfer(
                book.open_account(session, actor.district_id, "agent", merchant_id, 0),
                book.open_account(session, actor.district_id, "consumer", order.person_id, order.series_id),
                order.amount,
            ),
            facts={
                "way": "agent",
                "merchant": merchant_id,
                "till": actor.till_id,
                "staff": actor.staff_id,
                "notice": current_version(session, actor.district_id),
                **({} if order.received is None else {"received": order.received}),
            },
        )
        posted = book.post(session, actor.district_id, draft)
        if not posted.replayed:
            shops.coin_cash(session, actor, "coin_in", order.amount, key=order.key, now=now)
        wake(session, person_topic(actor.district_id, order.person_id))
        wake(session, shop.topic)
        return _receipt(order, posted)


def earlier_sale(session: Session, who: Principal, order: SellCoin) -> TopUpReceipt | None:
    """What this key booked before, for a program that must know it before it looks at the code. Raises KeyReused."""
    authorise(session, who, "association.sell_coin", subject="repeat")
    known = read.find_key(session, who.district_id, order.key, _content(who, order))
    return None if known is None else _receipt(order, known)


def undo_sale(session: Session, who: Principal, order: UndoSale, *, now: datetime) -> Posted:
    """Take a sale of this shop back, coin and debt, on the day on which it was made, while the coin is unspent.

    Raises PinWrong, PinLocked, PinMissing, StaffUnknown, NoTill, TransactionUnknown, UndoTooLate, SaleCashGone, and the
    book's FloorPassed (the coin was spent), AlreadyReversed, KeyReused: nothing is written then.
    """
    actor = shops.confirmed_by(session, who, order.staff_id, order.pin, now=now)
    with atomic(session):
        authorise(session, actor, "association.undo_sale", subject=f"transaction:{order.transaction_id}")
        merchant_id = _own_shop(actor)
        content = book.hash_command("association.undo_sale", merchant_id, order.transaction_id)
        known = read.find_key(session, actor.district_id, order.key, content)
        if known is not None:
            return known
        sale = read.transaction(session, actor.district_id, order.transaction_id)
        agents = {line.owner_id: line.account_id for line in sale.lines if line.role == "agent"}
        if sale.kind != "agent_top_up" or merchant_id not in agents:
            raise TransactionUnknown(transaction=order.transaction_id)
        if tokyo_day(sale.posted_at) != tokyo_day(now):
            raise UndoTooLate
        _lock(session, actor.district_id, merchant_id)
        if not sale.refunds and read.balance(session, actor.district_id, agents[merchant_id]) < sale.amount:
            raise SaleCashGone
        facts: dict[str, Fact] = {"way": "agent", "merchant": merchant_id, "till": actor.till_id, "staff": actor.staff_id}
        posted = reverse(session, actor, sale, order.key, content, facts | {"note": order.reason})
        if not posted.replayed:
            shops.coin_cash(session, actor, "coin_out", sale.amount, key=order.key, now=now)
        wake(session, merchant.queries.shop_topic(actor.district_id, merchant_id))
        return posted


def take_agent_cash(session: Session, who: Principal, order: AgentPaysIn, *, now: datetime) -> Posted:
    """Book cash that an agent brings into the clerk's drawer, against the agent's debt.

    Raises ShopUnknown, CashNothing, AgentOwesLess, and the book's DrawerFull, KeyReused: nothing is written then.
    """
    with atomic(session):
        authorise(session, who, "association.take_agent_cash", subject=f"shop:{order.merchant_id}")
        content = book.hash_command("association.take_agent_cash", who.person_id, order.merchant_id, order.amount)
        known = read.find_key(session, who.district_id, order.key, content)
        if known is not None:
            return known
        shop = merchant.queries.merchant(session, who.district_id, order.merchant_id)
        if order.amount < 1:
            raise CashNothing
        _lock(session, who.district_id, shop.id)
        agent = read.account_id(session, who.district_id, "agent", shop.id, 0)
        debt = 0 if agent is None else read.balance(session, who.district_id, agent)
        if agent is None or order.amount > debt:
            raise AgentOwesLess(debt=debt)
        draft = book.Draft(
            kind="agent_pays_in",
            key=order.key,
            command_hash=content,
            lines=book.transfer(drawer_account(session, who, now), agent, order.amount),
            facts={"staff": who.person_id, "merchant": shop.id},
        )
        posted = book.post(session, who.district_id, draft)
        wake(session, shop.topic)
        return posted


def _lock(session: Session, district_id: int, merchant_id: int) -> None:
    session.execute(ONE_AT_A_TIME, {"district": district_id, "shop": str(merchant_id)})


def _clock(session: Session) -> datetime:
    """The database's, by which the book dates the sale: a call may have waited for the lock over midnight."""
    moment: datetime = session.execute(select(func.clock_timestamp())).scalar_one()
    return moment


def _own_shop(actor: Principal) -> int:
    if actor.merchant_id is None:
        raise NoTill
    return actor.merchant_id


def _content(who: Principal, order: SellCoin) -> bytes:
    whom = ("code", order.shown) if order.shown else ("person", order.person_id)
    return book.hash_command("association.sell_coin", who.merchant_id, *whom, order.series_id, order.amount, *_told(order))


def _told(order: SellCoin) -> list[int]:
    """The cash, where it was said: so a repeat with other cash is another command."""
    return [] if order.received is None else [order.received]


def _receipt(order: SellCoin, posted: Posted) -> TopUpReceipt:
    return TopUpReceipt(
        transaction_id=posted.transaction_id,
        posted_at=posted.posted_at,
        key=order.key,
        person_id=order.person_id,
        series_id=order.series_id,
        amount=order.amount,
        received=order.cash,
        replayed=posted.replayed,
    )
