"""入金: what the association has settled and paid a shop, read from the book's own transactions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

import ledger.queries
from base.clock import day_bounds
from ledger.commands import Fact
from ledger.errors import TransactionUnknown
from ledger.queries import Entry

SETTLED = "settlement"
PAID = "payout"
CAME_BACK = "transfer_return"


@dataclass(frozen=True, slots=True)
class PastPayout:
    """One settlement of a shop, in yen: opening + taken − given_back + other = payable = net + fee + tax + agent
    + transfer_fee.

    `closes_on`, `pay_on`: days in Tokyo. `paid_on`: the day on which the bank paid, None while it has not.
    `advice`: the number of its 支払通知書. `came_back`: the bank could not bring it, and it is owed again.
    """

    transaction_id: int
    posted_at: datetime
    advice: str
    closes_on: date
    pay_on: date
    paid_on: date | None
    confirmed_at: datetime | None
    opening: int
    taken: int
    given_back: int
    other: int
    payable: int
    fee: int
    tax: int
    agent: int
    net: int
    transfer_fee: int
    came_back: bool
    facts: Mapping[str, Fact]

    @property
    def is_paid(self) -> bool:
        """Whether nothing is to come any more: paid, or nothing was left after the agent's cash."""
        return self.paid_on is not None or self.net == 0


def payouts(session: Session, district_id: int, merchant_id: int) -> list[PastPayout]:
    """Every settlement of this shop, newest first."""
    settled = _booked(session, district_id, "payable", merchant_id, SETTLED)
    paid = {one.facts["settlement"]: one for one in _booked(session, district_id, "in_transit", merchant_id, PAID)}
    back = {one.facts["settlement"] for one in _booked(session, district_id, "payable", merchant_id, CAME_BACK)}
    return [_payout(one, paid.get(one.transaction_id), came_back=one.transaction_id in back) for one in settled]


def payout(session: Session, district_id: int, merchant_id: int, transaction_id: int) -> PastPayout:
    """One of them. Raises TransactionUnknown, also for another shop's."""
    for one in payouts(session, district_id, merchant_id):
        if one.transaction_id == transaction_id:
            return one
    raise TransactionUnknown(transaction=transaction_id)


@dataclass(frozen=True, slots=True)
class PayoutLine:
    """One transaction that a settlement covers: `amount` is what it added to what the shop is owed, in yen. `what`: taken, given_back
    or other."""

    transaction_id: int
    posted_at: datetime
    number: str
    what: str
    amount: int


def payout_lines(session: Session, district_id: int, merchant_id: int, one: PastPayout) -> list[PayoutLine]:
    """Every payment, refund and correction of the period of a settlement, the oldest first: with the opening they come to its payable."""
    accounts = ledger.queries.account_ids(session, district_id, "payable", merchant_id)
    after = one.facts.get("after")
    since = day_bounds(date.fromisoformat(str(after)))[1] if after else None
    rows = ledger.queries.entries(session, district_id, accounts, since=since, until=day_bounds(one.closes_on)[1], limit=None)
    found: dict[int, list[Entry]] = {}
    for row in reversed(rows):
        if row.kind not in (SETTLED, *ledger.queries.ASIDE):
            found.setdefault(row.transaction_id, []).append(row)
    return sorted((_line(of_one) for of_one in found.values()), key=lambda each: each.posted_at)


def settled_nets(session: Session, district_id: int) -> dict[int, list[int]]:
    """Shop → what its settlements transferred, newest first, in yen."""
    found: dict[int, list[int]] = {}
    for merchant_id, net in ledger.queries.moved_by_owner(session, district_id, "in_transit", SETTLED):
        found.setdefault(merchant_id, []).append(net)
    return found


def _booked(session: Session, district_id: int, role: str, merchant_id: int, kind: str) -> list[Entry]:
    """One entry of each transaction of a kind on the shop's accounts, newest first; a settlement may move several of them."""
    accounts = ledger.queries.account_ids(session, district_id, role, merchant_id)
    rows = ledger.queries.entries(session, district_id, accounts, kinds=[kind], limit=None) if accounts else []
    return list({row.transaction_id: row for row in rows}.values())


def _line(of_one: list[Entry]) -> PayoutLine:
    first = of_one[0]
    what = "taken" if first.kind in ledger.queries.TAKING else "given_back" if first.kind in ledger.queries.GIVING_BACK else "other"
    return PayoutLine(first.transaction_id, first.posted_at, first.payment_number, what, sum(each.amount for each in of_one))


def _payout(settled: Entry, paid: Entry | None, *, came_back: bool) -> PastPayout:
    facts = settled.facts
    yen = {name: int(facts[name] or 0) for name in ("opening", "taken", "given_back", "other", "payable", "fee", "tax", "agent", "net")}
    return PastPayout(
        transaction_id=settled.transaction_id,
        posted_at=settled.posted_at,
        advice=str(facts["advice"]),
        closes_on=date.fromisoformat(str(facts["closes_on"])),
        pay_on=date.fromisoformat(str(facts["pay_on"])),
        paid_on=None if paid is None else date.fromisoformat(str(paid.facts["paid_on"])),
        confirmed_at=None if paid is None else paid.posted_at,
        transfer_fee=int(facts.get("transfer_fee") or 0),
        came_back=came_back,
        facts=facts,
        **yen,
    )
