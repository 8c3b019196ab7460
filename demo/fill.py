"""Books the town's life through the ledger's own door, day by day in time order, and goes on where it stopped.

Every event has a key made from the town, the day and its place in the day; the day's last event has a key of its
own, so that whether a day is whole is one look at the book. Posting times are set, hence the database role
`meguri_demo`. A page that pays meanwhile waits for nothing: the invented people's accounts are theirs alone, and
shops are only appended to.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import pairwise
from uuid import UUID, uuid5

from sqlalchemy.orm import Session

import ledger.commands
import ledger.queries
import merchant.commands
import merchant.queries
import wallet.queries
from base.clock import day_bounds, tokyo_day
from base.db import atomic
from base.errors import MeguriError
from demo.agents import sale_facts, seller
from demo.cards import cards_of_residents
from demo.cast import APPROVER, CARD_HOLDER, CARD_MEMORIES, CLERKS, CONSUMER, ISSUER, MEMORIES, Memory
from demo.ending import end_coin
from demo.joining import known
from demo.opening import Report, Town, consumers
from demo.shops import SHOPS
from demo.town import INNS, BankDeposit, DayOfLife, DrawerClose, Event, InnSale, Payment, Refund, TopUp, life
from ledger.commands import Draft, Posted, hash_command, transfer

NAMESPACE = UUID("3f0a0e52-6a2e-4f1e-9d0c-5d1f3b8e7a10")
Facts = dict[str, str | int | None]
"""What the book keeps of a transaction beside the money."""

PIECE_MAX = 1_000
"""Transactions that the book takes in one call."""

FOLD_EVERY = 10
"""Days after which what the shops were paid is folded, should no worker do it."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How far the town is filled. `booked`: whole days, of `days` from `first_day` to yesterday."""

    first_day: date
    booked: int
    days: int

    @property
    def percent(self) -> int:
        return 100 * self.booked // self.days if self.days else 100

    @property
    def is_whole(self) -> bool:
        return self.booked >= self.days


@dataclass(slots=True)
class _Numbers:
    """Accounts and ids by their place in the invented town. Purses and payables are those of the coin of the day, `series_id`."""

    town: Town
    people: list[int]  # persons
    series_id: int
    purses: list[int]  # consumer accounts
    shops: list[tuple[int, int, int]]  # merchant, till, payable account
    drawers: list[int]
    clerks: list[int]
    safe: int
    bank: int
    counted_by: int
    cards: dict[int, int]  # of those residents who pay by one
    front_desks: dict[int, tuple[int, int | None]]  # by inn: its account as an agent, who sells there
    refundable: dict[int, int] = field(default_factory=dict)  # payment number → transaction id, until it was returned


def standing(session: Session, town: Town, *, now: datetime) -> Standing:
    """How far the fill has come, by halving: days are booked in order. Reads only."""
    yesterday = tokyo_day(now) - timedelta(days=1)
    days = (yesterday - town.first_day).days + 1
    low, high = 0, days
    while low < high:
        middle = (low + high) // 2
        if _is_booked(session, town, town.first_day + timedelta(days=middle)):
            low = middle + 1
        else:
            high = middle
    return Standing(town.first_day, low, days)


def remember(session: Session, town: Town, *, now: datetime) -> None:
    """The last weeks of the holder of the demo's card, and of the consumer on its phone, booked at once. Again is harmless.

    The phone's come last: whoever waits for the town to be furnished looks there.
    """
    holder = known(session, town.district_id, CARD_HOLDER)
    card = None if holder is None else wallet.queries.card_of(session, town.district_id, holder)
    if holder is not None and card is not None:
        _remember(session, town, _Rememberer(holder, "card memory", _card_facts(card.id)), CARD_MEMORIES, now=now)
    _remember(session, town, _Rememberer(town.people[CONSUMER.mailbox], "memory", {}), MEMORIES, now=now)


@dataclass(frozen=True, slots=True)
class _Rememberer:
    """Whose past it is. `label` is in its keys, `facts` are of each payment."""

    person_id: int
    label: str
    facts: Facts


def _remember(session: Session, town: Town, who: _Rememberer, memories: Sequence[Memory], *, now: datetime) -> None:
    """Their past in the coin of today; none, if that has begun since their first memory."""
    first_day, series_id = tokyo_day(memories[0].at(now)), town.series_on(tokyo_day(now))
    with atomic(session):
        own = ledger.queries.account_ids(session, town.district_id, "consumer", who.person_id)
        if ledger.queries.entries(session, town.district_id, own, limit=1) or town.series_on(first_day) != series_id:
            return
        shops = {SHOPS[place].name: numbers for place, numbers in enumerate(_shops(session, town, series_id))}
        purse = ledger.commands.open_account(session, town.district_id, "consumer", who.person_id, series_id)
        clerk_id = town.people[ISSUER.mailbox]
        drawer = ledger.commands.open_account(session, town.district_id, "drawer", clerk_id, 0)
        for number, memory in enumerate(memories):
            key = uuid5(NAMESPACE, f"{town.district_id} {who.label} {number}")
            content, at = hash_command("demo.memory", who.label, number), memory.at(now)
            if memory.shop is None:
                lines, facts = transfer(drawer, purse, memory.amount), _counter_facts(clerk_id, memory.amount)
                ledger.commands.post(session, town.district_id, Draft("top_up", key, content, lines, facts, posted_at=at))
                if tokyo_day(at) < tokyo_day(now) - timedelta(days=1):
                    _carry(session, town, drawer, uuid5(key, "close"), memory.amount, at + timedelta(hours=4))
                continue
            merchant_id, till_id, payable = shops[memory.shop]
            lines, facts = transfer(purse, payable, memory.amount), _sale_facts("dynamic", merchant_id, till_id) | who.facts
            paid = ledger.commands.post(session, town.district_id, Draft("payment", key, content, lines, facts, posted_at=at))
            if memory.refunded:
                back = Draft(
                    "refund",
                    uuid5(key, "refund"),
                    hash_command("demo.memory", who.label, number, "refund"),
                    transfer(payable, purse, memory.amount),
                    _refund_facts(merchant_id, till_id),
                    refers_to=paid.transaction_id,
                    posted_at=at + timedelta(minutes=2),
                )
                ledger.commands.post(session, town.district_id, back)


def _carry(session: Session, town: Town, drawer: int, key: UUID, amount: int, at: datetime) -> None:
    """The same evening somebody else counted it and carried it to the safe."""
    safe = ledger.commands.open_account(session, town.district_id, "safe", 0, 0)
    counted: Facts = {"staff": town.people[ISSUER.mailbox], "counted_by": town.people[APPROVER.mailbox], "short": 0}
    draft = Draft("drawer_close", key, hash_command("demo.carry", str(key)), transfer(safe, drawer, amount), counted, posted_at=at)
    ledger.commands.post(session, town.district_id, draft)


def fill(session: Session, town: Town, report: Report, *, now: datetime) -> Standing:
    """Book every day from where the book stands to yesterday. Cut off at any moment, it goes on the next time.

    A payment that the book refuses (a shop was suspended by hand, say) is left out, and the town lives on.
    """
    before = standing(session, town, now=now)
    if before.is_whole:
        return before
    numbers = _numbers(session, town, report)
    posted = 0
    for place, today in enumerate(life(town.first_day, town.first_day + timedelta(days=before.days - 1))):
        if place < before.booked:
            continue
        posted += _book(session, numbers, today)
        if place % FOLD_EVERY == 0:
            with atomic(session):
                ledger.commands.fold(session)
            done = place + 1
            report(f"{today.day.date}: day {done} of {before.days} ({100 * done // before.days} %), {posted} transactions")
    return standing(session, town, now=now)


def _is_booked(session: Session, town: Town, day: date) -> bool:
    key, content = _name(town, day, None)
    return ledger.queries.find_key(session, town.district_id, key, content) is not None


def _name(town: Town, day: date, place: int | None) -> tuple[UUID, bytes]:
    """Key and command of an event: the `place`-th of its day, or the last one (None)."""
    label = "last" if place is None else str(place)
    return uuid5(NAMESPACE, f"{town.district_id} {day} {label}"), hash_command("demo.fill", day, label)


def _sale_facts(way: str, merchant_id: int, till_id: int) -> Facts:
    return {"way": way, "merchant": merchant_id, "till": till_id, "request": None, "staff": None, "note": None}


def _card_facts(card_id: int | None) -> Facts:
    """Over these on a sale: the holder showed a card, and typed its PIN."""
    return {"way": "card", "card": card_id, "pin": True}


def _refund_facts(merchant_id: int, till_id: int) -> Facts:
    return {"merchant": merchant_id, "till": till_id, "staff": None, "note": None}


def _counter_facts(clerk_id: int, received: int) -> Facts:
    return {"way": "counter", "staff": clerk_id, "received": received}


def _shops(session: Session, town: Town, series_id: int) -> list[tuple[int, int, int]]:
    here = {shop.name: shop.id for shop in merchant.queries.shops(session, town.district_id)}
    found = []
    for shop in SHOPS:
        merchant_id = here[shop.name]
        till = merchant.queries.tills(session, town.district_id, merchant_id)[0]
        found.append((merchant_id, till.id, merchant.commands.payable_account(session, town.district_id, merchant_id, series_id)))
    return found


def _numbers(session: Session, town: Town, report: Report) -> _Numbers:
    people = consumers(session, town, report)
    with atomic(session):
        clerks = [town.people[clerk.mailbox] for clerk in CLERKS]
        return _Numbers(
            town=town,
            people=people,
            series_id=0,
            purses=[],
            shops=[],
            drawers=[ledger.commands.open_account(session, town.district_id, "drawer", clerk, 0) for clerk in clerks],
            clerks=clerks,
            safe=ledger.commands.open_account(session, town.district_id, "safe", 0, 0),
            bank=ledger.commands.open_account(session, town.district_id, "bank", 0, 0),
            counted_by=town.people[APPROVER.mailbox],
            cards=cards_of_residents(session, town.district_id),
            front_desks=_front_desks(session, town),
        )


def _front_desks(session: Session, town: Town) -> dict[int, tuple[int, int | None]]:
    here = {shop.name: shop.id for shop in merchant.queries.shops(session, town.district_id)}
    inns = {place: here[SHOPS[place].name] for place in INNS}
    return {
        place: (
            ledger.commands.open_account(session, town.district_id, "agent", merchant_id, 0),
            seller(session, town.district_id, merchant_id),
        )
        for place, merchant_id in inns.items()
    }


def _take_coin(session: Session, numbers: _Numbers, day: date) -> None:
    """Purses and payables of the coin of that day, opened when its first day is booked; what is left of the one before ends."""
    series_id, district_id = numbers.town.series_on(day), numbers.town.district_id
    if series_id != numbers.series_id:
        with atomic(session):
            numbers.purses = ledger.commands.open_accounts(session, district_id, "consumer", numbers.people, series_id)
            numbers.shops = _shops(session, numbers.town, series_id)
        for (_first, earlier), (next_first, _series_id) in pairwise(numbers.town.coins):
            if next_first == day:
                end_coin(session, numbers.town, earlier, at=day_bounds(next_first)[0])
        numbers.series_id = series_id


def _book(session: Session, numbers: _Numbers, today: DayOfLife) -> int:
    """One day, in pieces that the book takes at once. Gives the number of transactions."""
    _take_coin(session, numbers, today.day.date)
    posted = 0
    for piece in _pieces(today.events):
        first = posted
        drafts = [
            _draft(numbers, event, today.day.date, None if first + step == len(today.events) - 1 else first + step)
            for step, event in enumerate(piece)
        ]
        for event, answer in zip(piece, _post(session, numbers.town, drafts), strict=True):
            if isinstance(event, Payment) and event.refund_at and answer:
                numbers.refundable[event.number] = answer.transaction_id
        posted += len(piece)
    return posted


def _pieces(events: Sequence[Event]) -> Iterator[Sequence[Event]]:
    """Runs of events: a refund begins a new one, since it must name what was posted before it."""
    start = 0
    for place, event in enumerate(events):
        if place > start and (place - start == PIECE_MAX or isinstance(event, Refund)):
            yield events[start:place]
            start = place
    yield events[start:]


def _draft(numbers: _Numbers, event: Event, day: date, place: int | None) -> Draft:
    key, content = _name(numbers.town, day, place)
    match event:
        case Payment():
            merchant_id, till_id, payable = numbers.shops[event.shop]
            lines = transfer(numbers.purses[event.person], payable, event.amount)
            facts = _sale_facts(event.way, merchant_id, till_id)
            if event.way == "card":
                facts |= _card_facts(numbers.cards.get(event.person))
            return Draft("payment", key, content, lines, facts, posted_at=event.at)
        case TopUp():
            lines = transfer(numbers.drawers[event.desk], numbers.purses[event.person], event.amount)
            facts = _counter_facts(numbers.clerks[event.desk], event.amount)
            return Draft("top_up", key, content, lines, facts, posted_at=event.at)
        case InnSale():
            merchant_id, till_id, _payable = numbers.shops[event.inn]
            account, staff_id = numbers.front_desks[event.inn]
            lines = transfer(account, numbers.purses[event.person], event.amount)
            return Draft("agent_top_up", key, content, lines, sale_facts(merchant_id, till_id, staff_id), posted_at=event.at)
        case Refund():
            merchant_id, till_id, payable = numbers.shops[event.shop]
            lines = transfer(payable, numbers.purses[event.person], event.amount)
            payment_id = numbers.refundable.pop(event.number, None)
            return Draft("refund", key, content, lines, _refund_facts(merchant_id, till_id), refers_to=payment_id, posted_at=event.at)
        case DrawerClose():
            lines = transfer(numbers.safe, numbers.drawers[event.desk], event.amount)
            counted: Facts = {"staff": numbers.clerks[event.desk], "counted_by": numbers.counted_by, "short": 0}
            return Draft("drawer_close", key, content, lines, counted, posted_at=event.at)
        case BankDeposit():
            lines = transfer(numbers.bank, numbers.safe, event.amount)
            return Draft("bank_deposit", key, content, lines, {"staff": numbers.counted_by}, posted_at=event.at)


def _post(session: Session, town: Town, drafts: Sequence[Draft]) -> Sequence[Posted | None]:
    """A piece whole; if the book refuses one of it, each by itself, without those that it refuses."""
    try:
        with atomic(session):
            return ledger.commands.post_many(session, town.district_id, drafts)
    except MeguriError:
        if len(drafts) == 1:
            return [None]
        middle = len(drafts) // 2
        return [*_post(session, town, drafts[:middle]), *_post(session, town, drafts[middle:])]
