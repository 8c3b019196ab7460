"""見てください: patterns that are worth a look, as pure functions over movements. None of them proves anything; each says what to look at.

Limits are data: a name, what it is at first, and between what it may be set. A finding has a figure by which it grows.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Protocol

WINDOW = timedelta(hours=24)
"""What a look takes in, each hour anew: so what runs over midnight is seen whole."""
AT_ONCE = timedelta(hours=2)
BEFORE_CLOSE = timedelta(minutes=30)
ROUND = 1_000
MOVES_MOST = 40
FORGOTTEN = timedelta(days=30)
"""So long after it was last seen, what was answered is asked anew."""
PAYMENTS = frozenset({"payment", "coupon_payment"})
REFUNDS = frozenset({"refund", "coupon_refund", "refund_late"})
TOP_UPS = frozenset({"top_up", "top_up_large", "agent_top_up", "code_redeem"})
UNITS = frozenset({"voucher_sale", "benefit"})


class Moved(Protocol):
    """One movement, amounts in yen."""

    @property
    def id(self) -> int: ...
    @property
    def kind(self) -> str: ...
    @property
    def at(self) -> datetime: ...
    @property
    def person(self) -> int | None: ...
    @property
    def shop(self) -> int | None: ...
    @property
    def amount(self) -> int: ...
    @property
    def staff(self) -> int | None: ...


@dataclass(frozen=True, slots=True)
class Limit:
    """One limit of a rule, in `unit` (times, people, yen, percent)."""

    default: int
    least: int
    most: int
    unit: str


LIMITS: dict[str, dict[str, Limit]] = {
    "tries": {"count": Limit(8, 3, 1_000, "times")},
    "device": {"people": Limit(4, 2, 1_000, "people")},
    "circular": {"yen": Limit(10_000, 1_000, 10_000_000, "yen")},
    "refunds": {"count": Limit(4, 2, 1_000, "times"), "percent": Limit(20, 1, 100, "percent")},
    "refunds_of_shop": {"yen": Limit(30_000, 1_000, 10_000_000, "yen"), "percent": Limit(10, 1, 100, "percent")},
    "close": {"count": Limit(3, 2, 1_000, "times")},
    "top_ups": {"yen": Limit(50_000, 1_000, 10_000_000, "yen"), "times_usual": Limit(5, 2, 1_000, "times")},
    "through": {"yen": Limit(20_000, 1_000, 10_000_000, "yen")},
    "twins": {"count": Limit(2, 2, 1_000, "times")},
    "units": {"people": Limit(3, 1, 1_000, "people"), "percent": Limit(80, 1, 100, "percent")},
}
"""Every rule with its limits. What is set at the desk stands in risk_threshold."""

Limits = Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Found:
    """What a rule found of one subject (`person:12`, `shop:5`, `staff:5:3`, `device:1a2b3c4d`, `till:9`). `figure`: by which it grows."""

    rule: str
    subject: str
    figure: int
    facts: dict[str, Any] = field(default_factory=dict)


def grows(figure: int, answered: int) -> bool:
    """Whether what was answered once is worth another look: half as much again, and more by one at least."""
    return 2 * figure >= 3 * answered and figure > answered


def is_asked_anew(state: str, figure: int, answered: int | None, last_at: datetime, now: datetime) -> bool:
    """Whether a finding that is seen again goes back to the queue."""
    if state in ("new", "seen"):
        return state == "seen" and grows(figure, answered or 0)
    return grows(figure, answered or 0) or now - last_at > FORGOTTEN


def circular(moves: Sequence[Moved], works_at: Mapping[int, frozenset[int]], limits: Limits) -> list[Found]:
    """Money that goes round: whoever works at a shop pays it or is given back by it, or buys coin there and spends it there."""
    own: dict[int, list[Moved]] = defaultdict(list)
    bought = {(move.person, move.shop) for move in moves if move.kind == "agent_top_up"}
    round_trip = bought & {(move.person, move.shop) for move in moves if move.kind in PAYMENTS}  # an agent's sales alone are its work
    for move in moves:
        if move.person is None or move.shop is None:
            continue
        works = move.shop in works_at.get(move.person, frozenset())
        if (works and move.kind in PAYMENTS | REFUNDS) or (
            (move.person, move.shop) in round_trip and move.kind in PAYMENTS | {"agent_top_up"}
        ):
            own[move.shop].append(move)
    found = []
    for shop, theirs in own.items():
        total = sum(move.amount for move in theirs)
        if total >= limits["yen"]:
            people = sorted({move.person for move in theirs if move.person is not None})
            found.append(Found("circular", f"shop:{shop}", total, {"people": people, "count": len(theirs), "moves": evidence(theirs)}))
    return found


def refunds(moves: Sequence[Moved], limits: Limits) -> list[Found]:
    """A cashier who gives back often and much: by count, and as a share of what went through the same hands."""
    paid: dict[tuple[int, int], int] = defaultdict(int)
    given: dict[tuple[int, int], list[Moved]] = defaultdict(list)
    for move in moves:
        if move.shop is None or move.staff is None:
            continue
        if move.kind in PAYMENTS:
            paid[move.shop, move.staff] += move.amount
        elif move.kind in REFUNDS:
            given[move.shop, move.staff].append(move)
    found = []
    for (shop, staff), theirs in given.items():
        back, sold = sum(move.amount for move in theirs), paid[shop, staff]
        percent = _percent(back, sold)
        if len(theirs) >= limits["count"] and percent >= limits["percent"]:
            facts = {"shop": shop, "staff": staff, "percent": percent, "yen": back, "moves": evidence(theirs)}
            found.append(Found("refunds", f"staff:{shop}:{staff}", len(theirs), facts))
    return found


def refunds_of_shop(moves: Sequence[Moved], limits: Limits) -> list[Found]:
    """A shop that gives back much, by whichever hands: in yen, and as a share of what it took. So an owner, whom no second person
    confirms, is seen like a cashier, and so is one large sum in many small pieces."""
    taken: dict[int, int] = defaultdict(int)
    given: dict[int, list[Moved]] = defaultdict(list)
    for move in moves:
        if move.shop is not None and move.kind in PAYMENTS:
            taken[move.shop] += move.amount
        elif move.shop is not None and move.kind in REFUNDS:
            given[move.shop].append(move)
    found = []
    for shop, theirs in given.items():
        back = sum(move.amount for move in theirs)
        percent = _percent(back, taken[shop])
        if back >= limits["yen"] and percent >= limits["percent"]:
            facts = {"percent": percent, "count": len(theirs), "moves": evidence(theirs)}
            found.append(Found("refunds_of_shop", f"shop:{shop}", back, facts))
    return found


def close(moves: Sequence[Moved], limits: Limits) -> list[Found]:
    """Refunds in the last half hour in which a shop booked anything: when the drawer is about to be counted."""
    of_shop: dict[int, list[Moved]] = defaultdict(list)
    for move in moves:
        if move.shop is not None and move.kind in PAYMENTS | REFUNDS:
            of_shop[move.shop].append(move)
    found = []
    for shop, theirs in of_shop.items():
        last = max(move.at for move in theirs)
        late = [move for move in theirs if move.kind in REFUNDS and last - move.at <= BEFORE_CLOSE]
        before = sum(1 for move in theirs if move.kind in REFUNDS) - len(late)
        if len(late) >= limits["count"] and len(late) > before:
            facts = {"yen": sum(move.amount for move in late), "moves": evidence(late)}
            found.append(Found("close", f"shop:{shop}", len(late), facts))
    return found


def top_ups(moves: Sequence[Moved], usual: Mapping[int, int], limits: Limits) -> list[Found]:
    """Much more topped up in a day than this person does. `usual`: what they topped up in the thirty days before, in yen."""
    found = []
    for person, theirs in _by_person(moves, TOP_UPS).items():
        total = sum(move.amount for move in theirs)
        a_day = usual.get(person, 0) // 30
        if total >= limits["yen"] and total >= limits["times_usual"] * a_day:
            facts = {"count": len(theirs), "a_day": a_day, "moves": evidence(theirs)}
            found.append(Found("top_ups", f"person:{person}", total, facts))
    return found


def wants_history(moves: Sequence[Moved], limits: Limits) -> list[int]:
    """Of whom `top_ups` must know what is usual."""
    sums = {person: sum(move.amount for move in theirs) for person, theirs in _by_person(moves, TOP_UPS).items()}
    return sorted(person for person, total in sums.items() if total >= limits["yen"])


def through(moves: Sequence[Moved], limits: Limits) -> list[Found]:
    """Topped up and spent within two hours, nearly all of it at one shop and in round sums."""
    paid = _by_person(moves, PAYMENTS)
    found = []
    for person, filled in _by_person(moves, TOP_UPS).items():
        best: tuple[int, int, list[Moved]] = (0, 0, [])
        for shop in {move.shop for move in paid.get(person, []) if move.shop is not None}:
            soon = [
                move
                for move in paid[person]
                if move.shop == shop and move.amount % ROUND == 0 and any(timedelta(0) <= move.at - top.at <= AT_ONCE for top in filled)
            ]
            spent = sum(move.amount for move in soon)
            if spent > best[0]:
                best = (spent, shop, soon)
        total = sum(move.amount for move in filled)
        if best[0] >= limits["yen"] and 10 * best[0] >= 8 * total:
            facts = {"shop": best[1], "yen": total, "moves": evidence([*filled, *best[2]])}
            found.append(Found("through", f"person:{person}", best[0], facts))
    return found


def units(moves: Sequence[Moved], limits: Limits) -> list[Found]:
    """Vouchers or benefits of several people that are spent at one shop within a day of being given out."""
    got, paid = _by_person(moves, UNITS), _by_person(moves, PAYMENTS)
    at_shop: dict[int, list[tuple[int, list[Moved]]]] = defaultdict(list)
    for person, given in got.items():
        total, first = sum(move.amount for move in given), min(move.at for move in given)
        for shop in {move.shop for move in paid.get(person, []) if move.shop is not None}:
            spent = [move for move in paid[person] if move.shop == shop and move.at >= first]
            if 100 * sum(move.amount for move in spent) >= limits["percent"] * total > 0:
                at_shop[shop].append((person, [*given, *spent]))
    found = []
    for shop, theirs in at_shop.items():
        if len(theirs) >= limits["people"]:
            every = [move for _, some in theirs for move in some]
            facts = {"people": sorted(person for person, _ in theirs), "moves": evidence(every)}
            found.append(Found("units", f"shop:{shop}", len(theirs), facts))
    return found


def evidence(moves: Iterable[Moved]) -> list[list[Any]]:
    """The transactions behind a finding, oldest first: number, kind, moment, yen, person, shop."""
    told = sorted(moves, key=lambda move: move.id)[:MOVES_MOST]
    return [[move.id, move.kind, move.at.isoformat(), move.amount, move.person, move.shop] for move in told]


def _percent(part: int, whole: int) -> int:
    return 100 if whole == 0 else min(100, 100 * part // whole)


def _by_person(moves: Sequence[Moved], kinds: frozenset[str]) -> dict[int, list[Moved]]:
    found: dict[int, list[Moved]] = defaultdict(list)
    for move in moves:
        if move.person is not None and move.kind in kinds:
            found[move.person].append(move)
    return found
