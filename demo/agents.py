"""The inns that sell coin at their front desks: appointed by two people, with sales of today; and what still waits for a decision."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import NAMESPACE_URL, uuid4, uuid5

from sqlalchemy.orm import Session

import association.commands
import ledger.commands
import ledger.queries
import merchant.commands
import merchant.queries
from association.commands import NewAgent, NewBatch
from base.clock import TOKYO, tokyo_day
from base.db import atomic
from base.errors import MeguriError
from demo.cast import GUESTS, INN_STAFF
from demo.joining import join
from demo.shops import AGENTS
from identity.queries import Principal
from ledger.commands import Draft, hash_command, transfer
from merchant.queries import Shop, StaffMember

NOTE = "フロントで夜も売れるように"
ASKS_TO_SELL = "湯宿 かわせみ"
ASKED_MAX = 100_000
ASKED_NOTE = "案内所が閉まったあとに着くお客様が多いため"

CODES = 30
CODE_OF = 1_000
CODES_LAST = timedelta(days=45)
CODES_NOTE = "年末福引の景品"


@dataclass(frozen=True, slots=True)
class FrontDeskSale:
    """A sale of coin that happens each day. `inn`, `guest`: places in AGENTS and GUESTS; `amount` in yen."""

    hour: int
    minute: int
    inn: int
    guest: int
    amount: int


EACH_DAY = (
    FrontDeskSale(8, 10, 0, 0, 3_000),
    FrontDeskSale(9, 25, 1, 1, 2_000),
    FrontDeskSale(15, 40, 0, 2, 10_000),
    FrontDeskSale(16, 5, 1, 3, 5_000),
    FrontDeskSale(17, 20, 0, 4, 5_000),
    FrontDeskSale(20, 35, 0, 5, 3_000),
)


def appoint_agents(session: Session, issuer: Principal, approver: Principal, *, now: datetime) -> None:
    """Two people let the inns sell coin, each once: one that was switched off by hand stays off. `now`: the town's first morning."""
    here = _shops(session, issuer.district_id)
    asked = _asked(session, issuer.district_id, "agent")
    for name, daily_max in AGENTS.items():
        if name in asked:
            continue
        inn = here[name]
        with atomic(session):
            if not merchant.queries.staff(session, issuer.district_id, inn.id):
                for member, role, pin in INN_STAFF[name]:
                    merchant.commands.enrol(session, issuer.district_id, inn.id, merchant.commands.NewStaff(member, role, pin), now=now)
            number = association.commands.propose_agent(session, issuer, NewAgent(inn.id, daily_max, NOTE), now=now, at=now)
            decided_at = now + timedelta(hours=4)
            association.commands.approve(session, approver, number, now=decided_at, posted_at=decided_at)


def leave_to_decide(session: Session, clerk: Principal, series_id: int, *, now: datetime) -> None:
    """Two proposals wait for a second person: one more inn, and a batch of top-up codes. Decided by hand, they stay decided."""
    district_id = clerk.district_id
    inn = _shops(session, district_id)[ASKS_TO_SELL]
    if inn.is_open and inn.name not in _asked(session, district_id, "agent"):
        association.commands.propose_agent(session, clerk, NewAgent(inn.id, ASKED_MAX, ASKED_NOTE), now=now)
    coin = ledger.queries.one_series(session, district_id, series_id)
    if coin.is_valid(now) and not ledger.queries.proposals(session, district_id, purpose="code_issue", limit=1):
        last_day = tokyo_day(now) + CODES_LAST
        if coin.valid_until is not None:
            last_day = min(last_day, tokyo_day(coin.valid_until) - timedelta(days=1))
        new = NewBatch(
            series_id=series_id,
            face_value=CODE_OF,
            pieces=CODES,
            paid_from="promotion",
            last_day=last_day,
            note=CODES_NOTE,
            key=uuid4(),
        )
        association.commands.propose_codes(session, clerk, new, now=now)


def sell_today(session: Session, district_id: int, series_id: int, *, now: datetime) -> int:
    """What the front desks have sold today up to `now`; gives how many sales are in the book. Again books only what is new.

    A sale that the book refuses (the inn was suspended by hand, a guest holds too much) is left out.
    """
    here, today = _shops(session, district_id), tokyo_day(now)
    sold = 0
    for place, sale in enumerate(EACH_DAY):
        at = datetime.combine(today, time(sale.hour, sale.minute, 20), TOKYO)
        inn = here[list(AGENTS)[sale.inn]]
        if at > now or not inn.is_open:
            continue
        try:
            with atomic(session):
                guest_id = join(session, district_id, GUESTS[(today.toordinal() + sale.guest) % len(GUESTS)], now=at)
                draft = _sale(session, district_id, inn, guest_id, series_id, sale.amount, (today, place), at)
                ledger.commands.post(session, district_id, draft)
        except MeguriError:
            continue
        sold += 1
    return sold


def _sale(
    session: Session, district_id: int, inn: Shop, guest_id: int, series_id: int, amount: int, name: tuple[date, int], at: datetime
) -> Draft:
    lines = transfer(
        ledger.commands.open_account(session, district_id, "agent", inn.id, 0),
        ledger.commands.open_account(session, district_id, "consumer", guest_id, series_id),
        amount,
    )
    key = uuid5(NAMESPACE_URL, f"meguri:demo:{district_id}:front-desk:{name[0]}:{name[1]}")
    facts = sale_facts(inn.id, merchant.queries.tills(session, district_id, inn.id)[0].id, seller(session, district_id, inn.id))
    return Draft("agent_top_up", key, hash_command("demo.front_desk", *name), lines, facts, posted_at=at)


def sale_facts(merchant_id: int, till_id: int, staff_id: int | None) -> dict[str, str | int | None]:
    """What the book keeps of a sale of coin beside the money."""
    return {"way": "agent", "merchant": merchant_id, "till": till_id, "staff": staff_id}


def seller(session: Session, district_id: int, merchant_id: int) -> int | None:
    """Who stands at the front desk: the last who was hired."""
    people: list[StaffMember] = merchant.queries.staff(session, district_id, merchant_id)
    return people[-1].id if people else None


def _shops(session: Session, district_id: int) -> dict[str, Shop]:
    return {shop.name: shop for shop in merchant.queries.shops(session, district_id)}


def _asked(session: Session, district_id: int, purpose: str) -> set[object]:
    """Shops that a proposal of this purpose was ever made for, by name."""
    return {each.facts.get("shop") for each in ledger.queries.proposals(session, district_id, purpose=purpose, limit=1_000)}
