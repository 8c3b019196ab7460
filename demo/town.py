"""A year of life in the invented town: who pays what, where and when, and who tops up before. Pure, and the same for the same seed.

`life(first, last, seed)` yields one `DayOfLife` after the other. Events of a day are in the order in which the
book takes them; coins follow one another (`demo.coins`) and nothing of one is left for the next; nobody ever lacks what
they spend, nobody holds more than the cap, no drawer more than its ceiling.
A day never changes when the town is asked for more days after it.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from itertools import accumulate
from random import Random

from base.clock import day_bounds
from demo.almanac import THURSDAY, Day, days
from demo.coins import THRIFTY, coin_on
from demo.people import YEAR, Person, Way, people
from demo.shops import AGENTS, MINATOYA, SHOPS, Shop, Trade

SEED = 7

DESKS = ("駅前 案内所", "朝霧の湯 番台")
"""Where people top up for cash. The second is open from early to late."""

BALANCE_CAP = 60_000
"""Nobody here holds more, so that a hand at the demo's till always finds room below the product's own cap."""

DRAWER_FULL = 240_000
"""A clerk carries the drawer to the safe before it holds more than this."""
TO_THE_BANK = 0
"""On Mondays, before the shops are paid."""

REFUNDS = 0.004
"""Share of payments taken back within minutes, as when an amount was mistyped."""

AFTER: dict[Trade, dict[Trade, float]] = {
    "bath": {"cafe": 9.0, "meal": 2.5, "night": 2.0, "sweets": 1.2, "grocery": 0.5, "bath": 0.2},
    "inn": {"bath": 4.0, "souvenir": 3.0, "play": 2.5, "inn": 0.05},
    "meal": {"cafe": 3.5, "craft": 2.0, "sweets": 2.0, "meal": 0.1, "night": 2.0},
    "cafe": {"craft": 2.0, "souvenir": 2.0, "play": 1.6, "cafe": 0.3},
    "sweets": {"souvenir": 2.5, "cafe": 1.6, "sweets": 0.3},
    "souvenir": {"sweets": 3.0, "ride": 2.0, "souvenir": 0.2},
    "grocery": {"grocery": 2.5, "health": 1.8, "sweets": 1.4},
    "night": {"night": 2.0, "ride": 3.0, "bath": 0.3},
    "ride": {"bath": 2.0, "inn": 1.5, "ride": 0.1},
    "craft": {"cafe": 3.0, "craft": 1.5, "souvenir": 1.6},
}
"""Where people go next: after the bath to the café, after the souvenirs to the taxi."""

STAY: dict[Trade, tuple[int, int]] = {
    "bath": (45, 80),
    "meal": (35, 65),
    "cafe": (25, 55),
    "night": (50, 110),
    "inn": (30, 90),
    "care": (40, 80),
    "play": (20, 60),
}
"""Minutes until the next payment; elsewhere 8 to 25."""

HOURS_OF_DAY = (7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21)
EARLY = tuple(accumulate((2, 5, 8, 11, 16, 10, 3, 1, 0, 0, 0, 0, 0, 0, 0)))
LATE = tuple(accumulate((0, 0, 0, 0, 2, 12, 12, 10, 9, 8, 10, 13, 12, 6, 2)))

MINATOYA_PLACE = next(place for place, shop in enumerate(SHOPS) if shop.name == MINATOYA)
INNS = tuple(next(place for place, shop in enumerate(SHOPS) if shop.name == name) for name in AGENTS)
"""The inns that sell coin, as places in SHOPS."""
BUYS_AT_THE_INN = 12
"""Of the guests of a night one in so many buys coin at each of the INNS' front desks, the others at the town's desks."""
NOTHING: dict[Trade, float] = {}


@dataclass(frozen=True, slots=True)
class Payment:
    """One person pays one shop. `number` counts payments from the town's first day; `returned` is taken back in `refund_at`."""

    at: datetime
    number: int
    person: int
    shop: int
    amount: int
    way: Way
    refund_at: datetime | None


@dataclass(frozen=True, slots=True)
class TopUp:
    """Cash at a desk becomes coin."""

    at: datetime
    person: int
    desk: int
    amount: int


@dataclass(frozen=True, slots=True)
class InnSale:
    """Cash at an inn's front desk becomes coin; `inn` is a place in SHOPS."""

    at: datetime
    person: int
    inn: int
    amount: int


@dataclass(frozen=True, slots=True)
class Refund:
    """The whole payment `number` goes back."""

    at: datetime
    number: int
    person: int
    shop: int
    amount: int


@dataclass(frozen=True, slots=True)
class DrawerClose:
    """A clerk carries everything in the drawer to the safe. `turn` counts within the day."""

    at: datetime
    desk: int
    turn: int
    amount: int


@dataclass(frozen=True, slots=True)
class BankDeposit:
    """What lies in the safe goes into the bank's night box."""

    at: datetime
    amount: int


Event = Payment | TopUp | InnSale | Refund | DrawerClose | BankDeposit


@dataclass(frozen=True, slots=True)
class DayOfLife:
    """Everything that the book hears of one day, in order."""

    day: Day
    events: tuple[Event, ...]


@dataclass(slots=True)
class _Standing:
    """What the simulation carries from day to day: coins by person, cash by desk and in the safe, how many payments there were."""

    coins: list[int]
    cash: list[int] = field(default_factory=lambda: [0] * len(DESKS))
    safe: int = 0
    payments: int = 0


def open_places(day: date) -> tuple[frozenset[int], ...]:
    """For each hour of the day the places in SHOPS that sell."""
    return tuple(
        frozenset(place for place, shop in enumerate(SHOPS) if day.weekday() not in shop.closed_on and shop.opens <= hour < shop.closes)
        for hour in range(24)
    )


def basket(shop: Shop, spending: float, rng: Random) -> int:
    """What one sale comes to: a few of the shop's items, more for those who like to spend. Yen."""
    many = 1 + min(shop.basket_max - 1, int(rng.expovariate(1.0) * spending * shop.basket_max / 2.6))
    weights = [weight for _, _, weight in shop.items]
    total = 0
    for _, price, _ in rng.choices(shop.items, weights, k=many):
        total += price * (2 if price < 1_500 and rng.random() < 0.16 else 1)
    return min(total, BALANCE_CAP)


@dataclass(frozen=True, slots=True)
class _Today:
    """What all outings of one day share."""

    day: Day
    number: int  # days since the town's first
    start: datetime
    end: datetime
    open_places: tuple[frozenset[int], ...]


def _pull(person: Person, number: int) -> float:
    """みなと屋 gains regulars in the last weeks of the first year."""
    return 1.0 + max(0, number - (YEAR - 50)) / 70 if person.kind == "resident" else 1.0


def _next_shop(person: Person, today: _Today, hour: int, before: int | None, rng: Random) -> int | None:
    """The place somebody goes to, among those they like, that is open, and fits what they did just before."""
    open_now = today.open_places[hour]
    if rng.random() < 0.08 and person.kind != "resident":  # visitors follow their nose
        strays = [place for place in sorted(open_now) if SHOPS[place].guests_weight]
        return rng.choice(strays) if strays else None
    following = AFTER.get(SHOPS[before].trade, NOTHING) if before is not None else NOTHING
    places: list[int] = []
    weights: list[float] = []
    for place, weight in zip(person.favourites, person.liking, strict=True):
        if place != before and place in open_now:
            pull = _pull(person, today.number) if place == MINATOYA_PLACE else 1.0
            places.append(place)
            weights.append(weight * following.get(SHOPS[place].trade, 1.0) * pull)
    return rng.choices(places, weights)[0] if places else None


def _outing(person: Person, today: _Today, rng: Random) -> Iterator[Payment]:
    """One walk through town: a first stop, and on from there. Payments are not numbered yet."""
    hour = rng.choices(HOURS_OF_DAY, cum_weights=EARLY if rng.random() < person.early else LATE)[0]
    if today.day.date.weekday() == THURSDAY and 13 <= hour <= 17 and rng.random() < 0.55:
        return  # half the shops of the lanes are closed, and everybody knows it
    minutes = hour * 60 + rng.randrange(60)
    before: int | None = None
    for _ in range(6):
        place = _next_shop(person, today, minutes // 60, before, rng)
        if place is None:
            return
        shop = SHOPS[place]
        at = today.start + timedelta(minutes=minutes, seconds=rng.randrange(60))
        refund_at = at + timedelta(seconds=rng.randint(40, 260)) if rng.random() < REFUNDS else None
        yield Payment(at, 0, person.number, place, basket(shop, person.spending, rng), person.way(rng), refund_at)
        minutes += rng.randint(*STAY.get(shop.trade, (8, 25)))
        before = place
        if rng.random() > person.wandering or minutes > 23 * 60 + 45:
            return


def _likely(person: Person, day: Day) -> float:
    """How many outings somebody who is about makes on that day, on average."""
    weekday = day.date.weekday()
    if person.kind == "visitor":
        return person.rate * (0.7 + 0.3 * min(day.guests, 2.0))
    if person.kind == "weekender":
        return person.rate * (2.6 if day.is_off and weekday < 5 else person.rhythm[weekday]) * math.sqrt(min(day.guests, 2.4))
    return person.rate * person.rhythm[weekday] * day.locals


def _wishes(folk: tuple[Person, ...], today: _Today, rng: Random) -> list[Payment]:
    """What everybody wants to pay on that day, by time."""
    wishes: list[Payment] = []
    for person in folk:
        if person.is_about(today.number):
            likely = _likely(person, today.day)
            while rng.random() < likely:
                wishes.extend(_outing(person, today, rng))
                likely = likely - 0.9 if likely > 1 else 0.0
    wishes.sort(key=lambda wish: (wish.at, wish.person))
    return wishes


def _desk(at: datetime, start: datetime, rng: Random) -> int:
    """Which desk sells coin at that time: the information office by day, the bath's counter early and late."""
    hour = (at - start) // timedelta(hours=1)
    return 0 if 9 <= hour < 18 and rng.random() < 0.8 else 1


def _inn(person: Person, today: _Today, at: datetime) -> int | None:
    """The inn whose front desk sells coin to this guest at that time, as a place in SHOPS; None for whoever goes to a desk of the town."""
    choice = person.number % BUYS_AT_THE_INN
    if choice >= len(INNS) or not person.stays_overnight(today.number):
        return None
    hour = (at - today.start) // timedelta(hours=1)
    return INNS[choice] if INNS[choice] in today.open_places[min(hour, 23)] else None


def _settle(
    wishes: list[Payment], folk: tuple[Person, ...], standing: _Standing, today: _Today, rng: Random, *, thrifty: bool
) -> list[Event]:
    """Payments with the top-ups that they need before them and the refunds after them, in time order.

    `thrifty`: the coin ends soon, and nobody buys more of it than they are about to spend.
    """
    events: list[Event] = []
    last: dict[int, datetime] = {}
    start = today.start
    sold = dict.fromkeys(INNS, 0)
    for wish in wishes:
        at = max(wish.at, last.get(wish.person, start) + timedelta(seconds=30))
        coins = standing.coins[wish.person]
        if coins < wish.amount:
            usual = folk[wish.person].top_up
            amount = -(-(wish.amount - coins) // 1_000) * 1_000
            if amount < usual and not thrifty:
                amount = min(usual, (BALANCE_CAP - coins) // 1_000 * 1_000)
            earliest = last.get(wish.person, start) + timedelta(seconds=10)
            topped_up = max(earliest, at - timedelta(seconds=rng.randint(90, 900)))
            at = max(at, topped_up + timedelta(seconds=20))
            desk, inn = _desk(topped_up, start, rng), _inn(folk[wish.person], today, topped_up)
            if inn is not None and sold[inn] + amount <= AGENTS[SHOPS[inn].name]:
                sold[inn] += amount
                events.append(InnSale(topped_up, wish.person, inn, amount))
            else:
                events.append(TopUp(topped_up, wish.person, desk, amount))
            coins += amount
        refund_at = at + (wish.refund_at - wish.at) if wish.refund_at else None
        payment = replace(wish, at=at, number=standing.payments, refund_at=refund_at)
        standing.payments += 1
        events.append(payment)
        if refund_at:
            events.append(Refund(refund_at, payment.number, wish.person, wish.shop, wish.amount))
        standing.coins[wish.person] = coins - (0 if refund_at else wish.amount)
        last[wish.person] = refund_at or at
    events.sort(key=lambda event: event.at)
    return events


def _to_the_bank(events: Iterable[Event], standing: _Standing, end: datetime, *, today: bool) -> Iterator[Event]:
    """The same events; `today` the day ends with a walk to the bank."""
    for event in events:
        if isinstance(event, DrawerClose):
            standing.safe += event.amount
        yield event
    if today and standing.safe:
        yield BankDeposit(end - timedelta(seconds=1), standing.safe)
        standing.safe = 0


def _with_drawers_closed(events: list[Event], standing: _Standing, end: datetime) -> Iterator[Event]:
    """The same events, each full drawer carried to the safe in time and every drawer in the last minute of the day."""
    turns = [0] * len(DESKS)
    for event in events:
        if isinstance(event, TopUp):
            if standing.cash[event.desk] + event.amount > DRAWER_FULL:
                yield DrawerClose(event.at, event.desk, turns[event.desk], standing.cash[event.desk])
                turns[event.desk] += 1
                standing.cash[event.desk] = 0
            standing.cash[event.desk] += event.amount
        yield event
    for desk, cash in enumerate(standing.cash):
        if cash:
            yield DrawerClose(end - timedelta(seconds=1), desk, turns[desk], cash)
            standing.cash[desk] = 0


def life(first: date, last: date, seed: int = SEED) -> Iterator[DayOfLife]:
    """Day by day what happens in town from `first` to `last`, both included. Moments are UTC, amounts yen."""
    folk = people(list(days(first, first + timedelta(days=YEAR - 1), seed)), seed)
    standing = _Standing([0] * len(folk))
    for number, day in enumerate(days(first, last, seed)):
        rng = Random(f"{seed} day {day.date}")
        start, end = day_bounds(day.date)
        today = _Today(day, number, start, end, open_places(day.date))
        coin = coin_on(first, day.date)
        if day.date == coin.first:
            standing.coins = [0] * len(folk)  # what was left of the last one is over
        thrifty = coin.last - day.date < THRIFTY
        events = _settle(_wishes(folk, today, rng), folk, standing, today, rng, thrifty=thrifty)
        closed = _with_drawers_closed(events, standing, end)
        yield DayOfLife(day, tuple(_to_the_bank(closed, standing, end, today=day.date.weekday() == TO_THE_BANK)))
