"""Webhooks: a shop or the association says where payments and refunds are told; a worker reads the book and tells.

Nothing of this stands on the paying path. The worker reads the entries from each address's own cursor, so a late
commit is found and nothing is missed; what was read becomes a delivery, once for each address and transaction; it is
tried until the receiver says 2xx or three days are over. Each of these steps may be done twice without harm.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

import identity.commands
import ledger.queries
from base.db import atomic
from base.errors import Forbidden
from identity.queries import Principal
from identity.retention import TOLD
from identity.vault import vault
from ledger.errors import KeyReused
from merchant.errors import ReplayTooFar, SecretsTooMany, WebhookAddressWrong, WebhookHostForbidden, WebhooksTooMany, WebhookUnknown
from merchant.models import Webhook, WebhookDelivery, WebhookOldSecret, WebhookReplay
from merchant.queries.webhooks import Event, history, living, news, old_secrets, one
from merchant.rules.webhooks import SECRET_BYTES, is_address, is_allowed, next_try, rest, secret_text

MOST = 5
"""Addresses a shop, and the association."""

REPLAY_FAR = timedelta(days=31)
"""So long a delivery that is over can be looked at."""

PIECE = 200
"""Events that a replay takes from the book at once."""

LEASE = timedelta(minutes=1)
"""A try takes far less; a worker that died in it leaves its event to the next one after this."""

OLD_SIGNS = timedelta(hours=24)
"""So long a renewed secret goes on signing beside the new one."""

OLD_MOST = 3
"""Old secrets that may still sign: a header is no list of everything that ever was."""

GONE = 410
SHOWN = 200

Render = Callable[[Event], str]
"""The body of an event, as the API would show it."""


@dataclass(frozen=True, slots=True)
class WebhookMade:
    """`secret` is shown this once."""

    id: int
    secret: str


@dataclass(frozen=True, slots=True)
class Parcel:
    """One event on its way to one address. `tries`: this one included. `secrets`: the newest first; each signs."""

    district_id: int
    webhook_id: int
    transaction_id: int
    address: str
    secrets: tuple[str, ...]
    body: str
    tries: int


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of a try. `status`: of HTTP; None: no answer came, and `said` is why."""

    status: int | None
    said: str

    @property
    def is_good(self) -> bool:
        return self.status is not None and 200 <= self.status < 300


def add_webhook(session: Session, who: Principal, merchant_id: int | None, address: str, *, hosts: Collection[str]) -> WebhookMade:
    """From now on payments and refunds of this shop, or (None) of all shops, are told there. `hosts`: those that the operator allows.

    Raises WebhookAddressWrong, WebhookHostForbidden, WebhooksTooMany.
    """
    with atomic(session):
        _authorise(session, who, "manage_webhooks", merchant_id)
        assert who.person_id is not None
        if not is_address(address):
            raise WebhookAddressWrong
        if not is_allowed(address, hosts):
            raise WebhookHostForbidden
        count = select(func.count()).select_from(living(who.district_id, merchant_id).subquery())
        if (session.scalar(count) or 0) >= MOST:
            raise WebhooksTooMany(most=MOST)
        secret = secret_text(secrets.token_bytes(SECRET_BYTES))
        row = Webhook(
            district_id=who.district_id,
            merchant_id=merchant_id,
            address=address,
            secret=vault(session).seal(secret, "webhook", who.district_id),
            made_by=who.person_id,
            made_at=session.scalars(select(func.clock_timestamp())).one(),  # by the book's clock, as what is told is
            cursor=ledger.queries.arrivals(session, who.district_id, "payable", merchant_id, cursor=None).cursor,
            failures=0,
        )
        session.add(row)
        session.flush()
        return WebhookMade(row.id, secret)


def renew_secret(session: Session, who: Principal, merchant_id: int | None, webhook_id: int, *, now: datetime) -> WebhookMade:
    """鍵を更新する: a new secret signs from now on, the one before beside it for a day. Raises WebhookUnknown, SecretsTooMany."""
    with atomic(session):
        _authorise(session, who, "manage_webhooks", merchant_id)
        row = one(session, who.district_id, merchant_id, webhook_id)
        session.refresh(row, with_for_update=True)
        if len(session.scalars(old_secrets(row, now=now)).all()) >= OLD_MOST:
            raise SecretsTooMany(most=OLD_MOST)
        old = {"district_id": row.district_id, "webhook_id": row.id, "secret": row.secret, "ends_at": now + OLD_SIGNS}
        session.execute(insert(WebhookOldSecret).values(old))
        secret = secret_text(secrets.token_bytes(SECRET_BYTES))
        row.secret = vault(session).seal(secret, "webhook", who.district_id)
        return WebhookMade(row.id, secret)


def remove_webhook(session: Session, who: Principal, merchant_id: int | None, webhook_id: int, *, now: datetime) -> None:
    """Nothing is told there any more, also not what waits. Raises WebhookUnknown."""
    with atomic(session):
        _authorise(session, who, "manage_webhooks", merchant_id)
        one(session, who.district_id, merchant_id, webhook_id).ended_at = now


def send_again(session: Session, who: Principal, merchant_id: int | None, webhook_id: int, transaction_id: int, *, now: datetime) -> None:
    """もう一度送る: tell this event again, delivered or given up or waiting, with all its tries. Raises WebhookUnknown."""
    with atomic(session):
        _authorise(session, who, "replay_webhook", merchant_id)
        row = one(session, who.district_id, merchant_id, webhook_id)
        again = (
            update(WebhookDelivery)
            .where(
                WebhookDelivery.district_id == row.district_id,
                WebhookDelivery.webhook_id == row.id,
                WebhookDelivery.transaction_id == transaction_id,
            )
            .values(tries=0, next_at=now, delivered_at=None)
            .returning(WebhookDelivery.transaction_id)
        )
        if session.scalar(again) is None:
            raise WebhookUnknown
        row.failures, row.rests_until = 0, None


def replay(
    session: Session, who: Principal, merchant_id: int | None, webhook_id: int, since: datetime, key: UUID, *, now: datetime
) -> None:
    """Tell everything again that happened at `since` or later. The worker does it; the same key asks once.

    Raises WebhookUnknown, ReplayTooFar, KeyReused.
    """
    with atomic(session):
        _authorise(session, who, "replay_webhook", merchant_id)
        row = one(session, who.district_id, merchant_id, webhook_id)
        before = session.get(WebhookReplay, (who.district_id, key))
        if before is not None:
            if (before.webhook_id, before.since) != (row.id, since):
                raise KeyReused
            return
        if since < now - REPLAY_FAR:
            raise ReplayTooFar(days=REPLAY_FAR.days)
        asked = {"district_id": who.district_id, "key": key, "webhook_id": row.id, "since": since, "asked_at": now}
        session.execute(insert(WebhookReplay).values(asked).on_conflict_do_nothing())
        row.failures, row.rests_until = 0, None


def collect_webhooks(session: Session, render: Render, *, now: datetime) -> int:
    """Make deliveries of what the book has for each address since its cursor, and of what is to be told again. Gives how many.

    Several workers may do it at once: a delivery is made once, and a cursor that stays behind only reads again.
    """
    hooks = session.execute(select(Webhook.district_id, Webhook.id).where(Webhook.ended_at.is_(None))).all()
    made = 0
    for district_id, webhook_id in hooks:
        with atomic(session):
            row = session.get_one(Webhook, (district_id, webhook_id), populate_existing=True)
            events, cursor = news(session, row.district_id, row.merchant_id, row.cursor)
            if events:  # a cursor is the oldest transaction that still ran then: some above it had happened before
                made += _deliver(session, row, [event for event in events if event.sale.posted_at >= row.made_at], render, now)
                row.cursor = cursor
            made += _replay_a_piece(session, row, render, now)
    return made


def _replay_a_piece(session: Session, row: Webhook, render: Render, now: datetime) -> int:
    asked = select(WebhookReplay).where(WebhookReplay.district_id == row.district_id, WebhookReplay.webhook_id == row.id)
    open_one = session.scalar(
        asked.where(WebhookReplay.done_at.is_(None)).order_by(WebhookReplay.asked_at).limit(1).with_for_update(skip_locked=True)
    )
    if open_one is None:
        return 0
    before = (
        None
        if open_one.before_position is None or open_one.before_transaction_id is None
        else (open_one.before_position, open_one.before_transaction_id)
    )
    events = history(session, row.district_id, row.merchant_id, open_one.since, before, limit=PIECE)
    if len(events) < PIECE:
        open_one.done_at = now
    else:
        open_one.before_position, open_one.before_transaction_id = events[-1].sale.position, events[-1].sale.transaction_id
    return _deliver(session, row, events, render, now, again=True)


def _deliver(session: Session, row: Webhook, events: Iterable[Event], render: Render, now: datetime, *, again: bool = False) -> int:
    """Rows for these events; one that is there already stays as it is, or (`again`) begins anew."""
    made = [
        {
            "district_id": row.district_id,
            "webhook_id": row.id,
            "transaction_id": event.sale.transaction_id,
            "kind": event.sale.kind,
            "happened_at": event.sale.posted_at,
            "body": render(event),
            "tries": 0,
            "next_at": now,
            "answer": "",
        }
        for event in events
    ]
    if not made:
        return 0
    statement = insert(WebhookDelivery).values(made)
    if again:
        place = ["district_id", "webhook_id", "transaction_id"]
        statement = statement.on_conflict_do_update(index_elements=place, set_={"tries": 0, "next_at": now, "delivered_at": None})
    else:
        statement = statement.on_conflict_do_nothing()
    return len(session.scalars(statement.returning(WebhookDelivery.transaction_id)).all())


def due_webhooks(session: Session, *, now: datetime) -> list[tuple[int, int]]:
    """Addresses (district, number) that do not rest and have something to be told now."""
    query = (
        select(Webhook.district_id, Webhook.id)
        .where(
            Webhook.ended_at.is_(None),
            or_(Webhook.rests_until.is_(None), Webhook.rests_until <= now),
            select(WebhookDelivery.transaction_id)
            .where(
                WebhookDelivery.district_id == Webhook.district_id,
                WebhookDelivery.webhook_id == Webhook.id,
                WebhookDelivery.next_at <= now,
            )
            .exists(),
        )
        .order_by(Webhook.district_id, Webhook.id)
    )
    return [(district_id, webhook_id) for district_id, webhook_id in session.execute(query)]


def take_parcel(session: Session, place: tuple[int, int], *, now: datetime) -> Parcel | None:
    """The oldest event that is due at this address, counted as tried and lent to the caller for a minute; None if none is."""
    with atomic(session):
        row = session.get_one(Webhook, place, populate_existing=True)
        if row.ended_at is not None or (row.rests_until is not None and row.rests_until > now):
            return None
        due = (
            select(WebhookDelivery)
            .where(WebhookDelivery.district_id == row.district_id, WebhookDelivery.webhook_id == row.id, WebhookDelivery.next_at <= now)
            .order_by(WebhookDelivery.happened_at, WebhookDelivery.transaction_id)
            .limit(1)
            .with_for_update(skip_locked=True)
            .execution_options(populate_existing=True)
        )
        found = session.scalar(due)
        if found is None:
            return None
        found.tries += 1
        found.next_at = now + LEASE
        sealed = [row.secret, *(old.secret for old in session.scalars(old_secrets(row, now=now)))]
        signing = tuple(vault(session).unseal(each, "webhook", row.district_id) for each in sealed)
        return Parcel(row.district_id, row.id, found.transaction_id, row.address, signing, found.body, found.tries)


def close_parcel(session: Session, parcel: Parcel, answer: Answer, *, now: datetime) -> None:
    """Write down what came of it: delivered, to be tried again, or given up. Who answers 410 wants nothing any more."""
    with atomic(session):
        place = (parcel.district_id, parcel.webhook_id)
        row = session.get_one(Webhook, place, populate_existing=True, with_for_update=True)
        found = session.get_one(WebhookDelivery, (*place, parcel.transaction_id), populate_existing=True)
        found.tried_at, found.status, found.answer = now, answer.status, answer.said[:SHOWN]
        if answer.is_good:
            found.next_at, found.delivered_at = None, now
            row.failures, row.rests_until = 0, None
        else:
            found.next_at = next_try(parcel.tries, now)
            row.failures += 1
            row.rests_until = now + rest(row.failures)
        if answer.status == GONE:
            row.ended_at = now


def sweep_webhooks(session: Session, *, now: datetime) -> None:
    """Clear away deliveries that have been over for a month, whose content the book keeps, and secrets that sign no more."""
    with atomic(session):
        session.execute(delete(WebhookOldSecret).where(WebhookOldSecret.ends_at <= now))
        session.execute(delete(WebhookDelivery).where(WebhookDelivery.next_at.is_(None), WebhookDelivery.happened_at < now - TOLD))


def _authorise(session: Session, who: Principal, verb: str, merchant_id: int | None) -> None:
    """The association's (None) by its own roles, a shop's by those of this very shop. Raises NotSignedIn, Forbidden."""
    side, subject = ("association", "webhook") if merchant_id is None else ("merchant", f"merchant:{merchant_id}")
    identity.commands.authorise(session, who, f"{side}.{verb}", subject=subject)
    if merchant_id is not None and who.merchant_id != merchant_id:
        raise Forbidden
