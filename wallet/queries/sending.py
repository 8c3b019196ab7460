"""送る・贈る: whether and how much one may pass on, who receives, and gifts on both sides."""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

import identity.queries
import ledger.queries
from base.ids import fingerprint
from identity.queries import Principal
from identity.vault import vault
from ledger.errors import TransfersOff, TransfersStopped
from ledger.queries import Balance, Series
from wallet.errors import GiftUnknown, ReceiverIsYou, ReceiverUnknown
from wallet.models import Gift
from wallet.queries.purses import Limits, limits, reader, settings_of, spendable, yen_balances
from wallet.rules import ADDRESS_LIFE, address_text, gift_code, is_gift_code, read_address

WORDS = "gift"
"""The field under which the words of a gift are sealed."""
SHOWN = 30
"""Gifts on the giver's page, the newest first."""


@dataclass(frozen=True, slots=True)
class Passing:
    """What the asking consumer may pass on: `coins` that they hold and that may be. `passed`: yen in this calendar month in Tokyo."""

    coins: tuple[Balance, ...]
    series: tuple[Series, ...]
    passed: int
    limits: Limits

    def once(self, series: Series) -> int:
        """The most at once that limits and device leave, in yen."""
        new = self.limits.new_device_max
        return series.transfer_max if new is None else min(series.transfer_max, new)

    def left(self, series: Series) -> int:
        return max(0, series.transfer_month_max - self.passed)


@dataclass(frozen=True, slots=True)
class Receiver:
    """Whom a receiver's QR names."""

    person_id: int
    nickname: str
    address: str


@dataclass(frozen=True, slots=True)
class GiftView:
    """A gift as its giver sees it. `state`: waiting, taken, taken_back or returned (its time is over). `receiver`: who took it, by name."""

    id: int
    series: Series
    amount: int
    words: str | None
    code: str
    made_at: datetime
    expires_at: datetime
    state: str
    receiver: str | None
    transaction_id: int | None


@dataclass(frozen=True, slots=True)
class OfferedGift:
    """A gift as whoever has its link sees it. `giver`: their nickname. `mine`: the asker took it; `own`: the asker gave it."""

    code: str
    giver: str | None
    series: Series
    amount: int
    words: str | None
    expires_at: datetime
    state: str
    mine: bool
    own: bool
    transaction_id: int | None


def passes_on(session: Session, district_id: int, *, now: datetime) -> bool:
    """Whether any coin of this district may be passed on."""
    return any(one.passes_on for one in ledger.queries.running_coins(session, district_id, now=now))


def passing(session: Session, who: Principal, *, now: datetime) -> Passing:
    """Raises TransfersOff where no coin may be passed on, TransfersStopped where that is held up for now."""
    person_id = reader(session, who)
    allowed = [one for one in ledger.queries.running_coins(session, who.district_id, now=now) if one.passes_on]
    series = tuple(one for one in allowed if not one.is_stopped("transfers"))
    if not series:
        raise TransfersStopped if allowed else TransfersOff
    held = spendable(yen_balances(session, who.district_id, person_id), now=now)
    coins = sorted((one for one in held if one.series in series), key=lambda one: -one.available)
    return Passing(
        coins=tuple(coins),
        series=series,
        passed=ledger.queries.passed_on(session, who.district_id, person_id),
        limits=limits(settings_of(session, who), who, list(series), now=now),
    )


def own_address(session: Session, who: Principal, *, now: datetime) -> str:
    """What the asking consumer's own QR says: it names them for a day, and does nothing but receive. Raises TransfersOff."""
    person_id = reader(session, who)
    if not passes_on(session, who.district_id, now=now):
        raise TransfersOff
    ends = int((now + ADDRESS_LIFE).timestamp())
    return address_text(person_id, ends, _seal(session, who.district_id, person_id, ends))


def addressed(session: Session, who: Principal, address: str) -> tuple[int, datetime]:
    """(person, until when) of an address that is ours, over or not. Raises ReceiverUnknown, ReceiverIsYou."""
    read = read_address(address)
    if read is None:
        raise ReceiverUnknown
    person_id, ends, seal = read
    if not hmac.compare_digest(seal, _seal(session, who.district_id, person_id, ends)[:12].hex()):
        raise ReceiverUnknown
    if person_id == who.person_id:
        raise ReceiverIsYou
    return person_id, datetime.fromtimestamp(ends, UTC)


def receiver(session: Session, who: Principal, address: str, *, now: datetime) -> Receiver:
    """Who is named. Raises ReceiverUnknown, ReceiverIsYou."""
    reader(session, who)
    person_id, until = addressed(session, who, address)
    name = identity.queries.nickname(session, who.district_id, person_id)
    if now >= until or name is None:
        raise ReceiverUnknown
    return Receiver(person_id, name, address)


def code_of(session: Session, district_id: int, gift_id: int) -> str:
    """What stands in the link of a gift: of a keyed hash under the master key, so that the database alone tells no link."""
    return gift_code(vault(session).keyed_hash("wallet.gift", district_id, gift_id))


def my_gifts(session: Session, who: Principal, *, now: datetime) -> list[GiftView]:
    """What the asking consumer has given, the newest first."""
    rows = session.scalars(_given(who.district_id, reader(session, who)).limit(SHOWN)).all()
    names = identity.queries.nicknames(session, who.district_id, {row.receiver_id for row in rows if row.receiver_id}) if rows else {}
    return [_as_view(session, row, names, now) for row in rows]


def my_gift(session: Session, who: Principal, gift_id: int, *, now: datetime) -> GiftView:
    """Raises GiftUnknown, also for somebody else's."""
    row = session.scalars(_given(who.district_id, reader(session, who)).where(Gift.id == gift_id)).one_or_none()
    if row is None:
        raise GiftUnknown
    names = identity.queries.nicknames(session, who.district_id, [row.receiver_id]) if row.receiver_id else {}
    return _as_view(session, row, names, now)


def offered_gift(session: Session, who: Principal, code: str, *, now: datetime) -> OfferedGift:
    """What a link leads to. Looking changes nothing. Raises GiftUnknown."""
    person_id = reader(session, who)
    row = None
    if is_gift_code(code):
        row = session.scalars(select(Gift).where(Gift.district_id == who.district_id, Gift.fingerprint == fingerprint(code))).one_or_none()
    if row is None:
        raise GiftUnknown
    return OfferedGift(
        code=code,
        giver=identity.queries.nickname(session, who.district_id, row.giver_id),
        series=ledger.queries.one_series(session, who.district_id, row.series_id),
        amount=row.amount,
        words=_words(session, row),
        expires_at=row.expires_at,
        state=state_of(row, now),
        mine=row.receiver_id == person_id,
        own=row.giver_id == person_id,
        transaction_id=row.transaction_id,
    )


def given_by(session: Session, district_id: int, person_id: int, *, now: datetime) -> int:
    """Yen of this person's gifts that nobody has taken yet."""
    waits = (Gift.transaction_id.is_(None), Gift.taken_back_at.is_(None), Gift.expires_at > now)
    found = select(func.coalesce(func.sum(Gift.amount), 0)).where(Gift.district_id == district_id, Gift.giver_id == person_id, *waits)
    return int(session.execute(found).scalar_one())


def state_of(row: Gift, now: datetime) -> str:
    """waiting, taken, taken_back or returned."""
    if row.transaction_id is not None:
        return "taken"
    if row.taken_back_at is not None:
        return "taken_back"
    return "waiting" if now < row.expires_at else "returned"


def _given(district_id: int, person_id: int) -> Select[Gift]:
    return select(Gift).where(Gift.district_id == district_id, Gift.giver_id == person_id).order_by(Gift.id.desc())


def _as_view(session: Session, row: Gift, names: dict[int, str], now: datetime) -> GiftView:
    return GiftView(
        id=row.id,
        series=ledger.queries.one_series(session, row.district_id, row.series_id),
        amount=row.amount,
        words=_words(session, row),
        code=code_of(session, row.district_id, row.id),
        made_at=row.made_at,
        expires_at=row.expires_at,
        state=state_of(row, now),
        receiver=None if row.receiver_id is None else names.get(row.receiver_id),
        transaction_id=row.transaction_id,
    )


def _words(session: Session, row: Gift) -> str | None:
    return None if row.words is None else identity.queries.open_words(session, row.district_id, row.giver_id, row.words, WORDS)


def _seal(session: Session, district_id: int, person_id: int, ends: int) -> bytes:
    return vault(session).keyed_hash("wallet.address", district_id, person_id, ends)
