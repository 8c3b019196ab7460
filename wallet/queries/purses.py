"""What a consumer holds, and the limits that apply to them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

import identity.commands
import identity.queries
import ledger.queries
from identity.queries import Principal
from ledger.errors import AccountFrozen, PayingStopped
from ledger.queries import Balance, Series
from wallet.models import ConsumerSettings
from wallet.rules import Account


@dataclass(frozen=True, slots=True)
class Limits:
    """What applies to one consumer now, in yen. `*_highest`: what the association allows them to choose."""

    payment_max: int
    ask_above: int
    ask_above_highest: int
    pin_above: int
    pin_above_highest: int
    new_device_max: int | None  # None: the device is not new


def reader(session: Session, who: Principal) -> int:
    """The consumer who reads their own wallet. Raises NotSignedIn, Forbidden."""
    identity.commands.authorise(session, who, "wallet.read")
    assert who.person_id is not None
    return who.person_id


def yen_balances(session: Session, district_id: int, person_id: int) -> list[Balance]:
    """Balances that count yen, whether their series still runs or not."""
    return yen_of(ledger.queries.balances(session, district_id, "consumer", person_id))


def yen_of(held: Sequence[Balance]) -> list[Balance]:
    """Those of `held` that count yen."""
    return [one for one in held if one.series.unit == "yen"]


def as_account(balance: Balance, *, restricted: bool = False, bundle: int = 0, place: int = 0) -> Account:
    """A balance as the tender sees it. `restricted`: not every shop takes it (or its bundle), so it goes first where one does."""
    series = balance.series
    return Account(
        account_id=balance.account_id,
        series_id=series.id,
        available=balance.available if balance.state == "open" else 0,
        begins=series.valid_from,
        ends=series.valid_until,
        payment_max=series.payment_max,
        coin=series.is_coin,
        restricted=restricted,
        bundle=bundle,
        place=place,
    )


def spendable(held: Sequence[Balance], *, now: datetime) -> list[Balance]:
    """Those of `held` that can be spent at `now`."""
    return [one for one in held if one.series.is_valid(now) and one.state == "open"]


def must_move(held: Sequence[Balance]) -> None:
    """Whoever is stopped hears of that first, whatever else would be wrong. Raises AccountFrozen."""
    if any(one.state != "open" for one in held):
        raise AccountFrozen


def must_not_be_stopped(held: Sequence[Balance]) -> None:
    """The same before a payment, also where the association has stopped all that could pay it. Raises AccountFrozen, PayingStopped."""
    must_move(held)
    money = yen_of(held)
    halted = [one for one in money if one.series.is_stopped("paying")]
    moving = [one for one in money if not one.series.is_stopped("paying")]
    if halted and (not moving or (any(one.balance > 0 for one in halted) and not any(one.balance > 0 for one in moving))):
        raise PayingStopped(series=halted[0].series.id)


def must_move_now(session: Session, who: Principal) -> None:
    """The same for the asking consumer, before a page that would lead to a refusal. Raises AccountFrozen."""
    must_move(yen_balances(session, who.district_id, reader(session, who)))


def settings_of(session: Session, who: Principal) -> ConsumerSettings | None:
    """What the consumer has chosen; None as long as they have chosen nothing."""
    return session.get(ConsumerSettings, (who.district_id, who.person_id), populate_existing=True)


def limits(chosen: ConsumerSettings | None, who: Principal, running: Sequence[Series], *, now: datetime) -> Limits:
    """The consumer's own choices, never above what the `running` series allow together."""
    ask_highest = max((one.ask_above for one in running), default=0)
    pin_highest = max((one.pin_above for one in running), default=0)
    return Limits(
        payment_max=max((one.payment_max for one in running), default=0),
        ask_above=_chosen(None if chosen is None else chosen.ask_above, ask_highest),
        ask_above_highest=ask_highest,
        pin_above=_chosen(None if chosen is None else chosen.pin_above, pin_highest),
        pin_above_highest=pin_highest,
        new_device_max=max((one.new_device_max for one in running), default=0) if identity.queries.device_is_new(who, now) else None,
    )


def own_limits(session: Session, who: Principal, *, now: datetime) -> Limits:
    """The limits of the asking consumer."""
    reader(session, who)
    return limits(settings_of(session, who), who, ledger.queries.running_series(session, who.district_id, now=now), now=now)


def new_device_limit(session: Session, who: Principal, *, now: datetime) -> int:
    """What one payment may be from a device that is new here, in yen."""
    reader(session, who)
    return max((one.new_device_max for one in ledger.queries.running_series(session, who.district_id, now=now)), default=0)


def left_behind(session: Session, who: Principal, *, now: datetime) -> list[Balance]:
    """What somebody who leaves now would give up: coin of series that have not ended."""
    held = yen_balances(session, who.district_id, reader(session, who))
    return [one for one in held if one.balance and (one.series.valid_until is None or now < one.series.valid_until)]


def _chosen(wish: int | None, highest: int) -> int:
    return highest if wish is None else min(wish, highest)
