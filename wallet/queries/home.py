"""ホーム: what I have, what ends soon, what I did last."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

import association.queries
import ledger.queries
from association.queries import MyCall, PublicEnding, VoucherTerms
from identity.queries import Principal
from ledger.queries import Balance, Series
from wallet.queries.calls import my_calls
from wallet.queries.consents import ConsentView, waiting_of
from wallet.queries.history import Movement, latest
from wallet.queries.news import mark_of
from wallet.queries.points import MyPoints, points_of
from wallet.queries.purses import reader
from wallet.queries.sending import given_by
from wallet.queries.vouchers import held_terms

SOON = timedelta(days=60)
RECENT = 3


@dataclass(frozen=True, slots=True)
class Home:
    """Balances of running series, the one that ends first in front. `ends_soon`: those with value that end within 60 days.
    `coupons`: how many pieces of running coupons are in the wallet. `vouchers`: terms of those among the balances, by series.
    `pairs`: by series, what was bought together in two parts, with the part that is spent first; nothing with the other.
    `points`: None where this district gives none.
    `calls`: vouchers that can be applied for or paid now. `endings`: coins of theirs that the association is ending.

    `ended`: what is left of series that are over, newest first; it cannot be spent. `is_frozen`: nothing can.
    `mark`: from where this consumer's news go on. `passes_on`: whether some of it may be passed on to others; `given`: yen of gifts that
    nobody has taken yet.
    """

    balances: tuple[Balance, ...]
    ends_soon: tuple[Balance, ...]
    ended: tuple[Balance, ...]
    is_frozen: bool
    recent: tuple[Movement, ...]
    asked: ConsentView | None
    mark: str
    coupons: int
    vouchers: dict[int, VoucherTerms]
    points: MyPoints | None
    pairs: dict[int, tuple[Balance, ...]]
    passes_on: bool
    given: int
    calls: tuple[MyCall, ...]
    endings: tuple[PublicEnding, ...]

    @property
    def stopped(self) -> tuple[Series, ...]:
        """Those of the balances' series with which the association has stopped paying."""
        return tuple(one.series for one in self.balances if one.series.is_stopped("paying"))

    @property
    def total(self) -> int:
        """What can be spent now, in yen."""
        return sum(one.available for one in self.balances if one.state == "open")

    @property
    def is_new(self) -> bool:
        """Nothing has ever moved here."""
        return not self.recent


def home(session: Session, who: Principal, *, now: datetime) -> Home:
    """What the first page shows."""
    person_id = reader(session, who)
    held = ledger.queries.balances(session, who.district_id, "consumer", person_id)
    asked = waiting_of(session, who.district_id, person_id, now=now)
    running = [one for one in held if one.series.unit == "yen" and not one.series.is_points and one.series.is_valid(now)]
    vouchers = held_terms(session, who.district_id, running)
    turns = {part: (terms.id, place) for terms in vouchers.values() for place, part in enumerate(terms.faces)}  # as they are spent
    running.sort(
        key=lambda one: (
            not one.series.is_voucher,
            one.series.valid_until is None,
            one.series.valid_until or now,
            *turns.get(one.series.id, (one.series.id, 0)),
        )
    )
    return Home(
        balances=tuple(running),
        ends_soon=tuple(
            one for one in running if one.series.valid_until is not None and one.series.valid_until - now <= SOON and one.balance > 0
        ),
        ended=tuple(_ended(held, now)),
        is_frozen=any(one.state != "open" for one in held),
        recent=tuple(latest(session, who, count=RECENT)),
        asked=asked,
        mark=mark_of({one.account_id: one.entry_count for one in held}, "" if asked is None else str(asked.id)),
        coupons=sum(one.available for one in held if one.series.unit == "piece" and one.series.is_valid(now)),
        vouchers=vouchers,
        pairs=_pairs(running, vouchers),
        passes_on=any(one.series.passes_on for one in running),
        given=given_by(session, who.district_id, person_id, now=now) if any(one.available < one.balance for one in running) else 0,
        points=points_of(session, who.district_id, person_id, held, now=now),
        calls=tuple(one for one in my_calls(session, who, now=now) if one.state in ("open", "won")),
        endings=_endings(session, who.district_id, held, now),
    )


def _endings(session: Session, district_id: int, held: list[Balance], now: datetime) -> tuple[PublicEnding, ...]:
    """Coins that the association is ending and of which something is left here."""
    ending = association.queries.public_endings(session, district_id, now=now)
    theirs = (ending[one.series.id] for one in held if one.series.id in ending and one.balance > 0)
    return tuple(each for each in theirs if each.state != "closed")


def _pairs(running: list[Balance], vouchers: dict[int, VoucherTerms]) -> dict[int, tuple[Balance, ...]]:
    by_series = {one.series.id: one for one in running}
    found: dict[int, tuple[Balance, ...]] = {}
    for terms in vouchers.values():
        parts = [part for part in terms.faces if part in by_series]
        if terms.local_face:
            found |= dict.fromkeys(parts, ()) | {parts[0]: tuple(by_series[part] for part in parts)}
    return found


def _ended(held: list[Balance], now: datetime) -> list[Balance]:
    over = [one for one in held if one.series.unit == "yen" and one.series.valid_until is not None and one.series.valid_until <= now]
    return sorted((one for one in over if one.balance), key=lambda one: one.series.valid_until or now, reverse=True)
