"""Where payments and refunds are told, what was told, and what the book has to tell."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

import identity.commands
import ledger.queries
from base.errors import Forbidden
from identity.queries import Principal
from ledger.queries import Entry
from merchant.errors import WebhookUnknown
from merchant.models import Merchant, Webhook, WebhookDelivery, WebhookOldSecret, WebhookReplay
from merchant.queries.sales import REFUNDS, RINGING, Sale, as_sale
from merchant.queries.shops import Shop, as_shop

TOLD = (*RINGING, *REFUNDS)
PIECE = 500


@dataclass(frozen=True, slots=True)
class Hook:
    """An address and how it does. `waiting`, `given_up`: deliveries. `rests_until`: it failed, and is left alone until then.
    `old_until`: until when a secret that was renewed signs, or has signed; None: none was, lately."""

    id: int
    merchant_id: int | None
    address: str
    made_at: datetime
    waiting: int
    given_up: int
    delivered_at: datetime | None
    rests_until: datetime | None
    replaying: bool
    old_until: datetime | None


@dataclass(frozen=True, slots=True)
class Delivery:
    """One event for one address. `amount` in yen. `state`: waiting, delivered or given_up. `status`: of HTTP, at the last try."""

    transaction_id: int
    kind: str
    amount: int
    number: str
    happened_at: datetime
    state: str
    tries: int
    next_at: datetime | None
    tried_at: datetime | None
    status: int | None
    answer: str


@dataclass(frozen=True, slots=True)
class Event:
    """A payment or refund, and at which shop."""

    sale: Sale
    shop: Shop


def untold_since(session: Session, district_id: int, *, since: datetime) -> datetime | None:
    """When the oldest event happened, at `since` or later, that a living address has not been told; None: all are told."""
    oldest = (
        select(func.min(WebhookDelivery.happened_at))
        .join(Webhook, (Webhook.district_id == WebhookDelivery.district_id) & (Webhook.id == WebhookDelivery.webhook_id))
        .where(
            Webhook.district_id == district_id,
            Webhook.ended_at.is_(None),
            WebhookDelivery.happened_at >= since,
            WebhookDelivery.delivered_at.is_(None),
        )
    )
    return session.scalar(oldest)


def may_read(session: Session, who: Principal, merchant_id: int | None) -> None:
    """Raises NotSignedIn, Forbidden; a shop's are its own, those of the association (None) the desk's."""
    identity.commands.authorise(session, who, "association.read" if merchant_id is None else "merchant.read")
    if merchant_id is not None and merchant_id != who.merchant_id:
        raise Forbidden


def webhooks(session: Session, who: Principal, merchant_id: int | None) -> list[Hook]:
    """The living addresses of a shop, or (None) of the association, the oldest first."""
    may_read(session, who, merchant_id)
    return [_hook(session, row) for row in session.scalars(living(who.district_id, merchant_id).order_by(Webhook.id))]


def webhook(session: Session, who: Principal, merchant_id: int | None, webhook_id: int) -> Hook:
    """One of them. Raises WebhookUnknown, also for somebody else's."""
    may_read(session, who, merchant_id)
    return _hook(session, one(session, who.district_id, merchant_id, webhook_id))


def deliveries(session: Session, who: Principal, merchant_id: int | None, webhook_id: int, *, limit: int = 50) -> list[Delivery]:
    """What was told or is to be told there, the newest event first. Raises WebhookUnknown."""
    may_read(session, who, merchant_id)
    query = _newest_first(one(session, who.district_id, merchant_id, webhook_id)).limit(limit)
    return [_delivery(each) for each in session.scalars(query)]


def every_delivery(session: Session, who: Principal, merchant_id: int | None, webhook_id: int) -> Iterator[Delivery]:
    """All that is kept of one address, the newest event first, read in pieces: for a file. Raises WebhookUnknown."""
    may_read(session, who, merchant_id)
    query = _newest_first(one(session, who.district_id, merchant_id, webhook_id))
    return (_delivery(each) for each in session.scalars(query.execution_options(yield_per=PIECE)))


def living(district_id: int, merchant_id: int | None) -> Select[Webhook]:
    """The statement for the living addresses of one keeper."""
    query = select(Webhook).where(Webhook.district_id == district_id, Webhook.merchant_id.is_not_distinct_from(merchant_id))
    return query.where(Webhook.ended_at.is_(None)).execution_options(populate_existing=True)


def one(session: Session, district_id: int, merchant_id: int | None, webhook_id: int) -> Webhook:
    """The row of a living address. Raises WebhookUnknown."""
    row = session.scalar(living(district_id, merchant_id).where(Webhook.id == webhook_id))
    if row is None:
        raise WebhookUnknown
    return row


def old_secrets(row: Webhook, *, now: datetime) -> Select[WebhookOldSecret]:
    """The statement for the secrets that still sign beside the present one, the newest first."""
    mine = (WebhookOldSecret.district_id == row.district_id, WebhookOldSecret.webhook_id == row.id, WebhookOldSecret.ends_at > now)
    return select(WebhookOldSecret).where(*mine).order_by(WebhookOldSecret.id.desc())


def news(session: Session, district_id: int, merchant_id: int | None, cursor: int) -> tuple[list[Event], int]:
    """What came to this shop, or (None) to any, since `cursor`, and the next cursor; the oldest first, some perhaps again."""
    found = ledger.queries.arrivals(session, district_id, "payable", merchant_id, cursor=cursor)
    return list(_events(session, district_id, found.entries)), found.cursor


def history(
    session: Session, district_id: int, merchant_id: int | None, since: datetime, before: tuple[int, int] | None, *, limit: int
) -> list[Event]:
    """A page of what this shop, or any, took and gave back since a moment, the newest first."""
    shops = [merchant_id] if merchant_id is not None else session.scalars(select(Merchant.id).where(Merchant.district_id == district_id))
    accounts = [account for shop in shops for account in ledger.queries.account_ids(session, district_id, "payable", shop)]
    rows = ledger.queries.entries(session, district_id, accounts, since=since, kinds=TOLD, before=before, limit=limit)
    return list(_events(session, district_id, rows))


def _events(session: Session, district_id: int, rows: Sequence[Entry]) -> Iterator[Event]:
    shops: dict[int, Merchant] = {}
    for _, lines in groupby((row for row in rows if row.kind in TOLD), key=lambda row: row.transaction_id):
        parts = list(lines)
        owner = parts[0].owner_id
        if owner not in shops:
            shops[owner] = session.get_one(Merchant, (district_id, owner))
        yield Event(as_sale(parts, shops[owner].pseudonym_key), as_shop(shops[owner]))


_NUMBER = WebhookDelivery.transaction_id


def _deliveries_of(row: Webhook) -> tuple[ColumnElement[bool], ...]:
    return (WebhookDelivery.district_id == row.district_id, WebhookDelivery.webhook_id == row.id)


def _newest_first(row: Webhook) -> Select[WebhookDelivery]:
    query = select(WebhookDelivery).where(*_deliveries_of(row)).order_by(WebhookDelivery.happened_at.desc(), _NUMBER.desc())
    return query.execution_options(populate_existing=True)


def _hook(session: Session, row: Webhook) -> Hook:
    open_replay = select(WebhookReplay.key).where(
        WebhookReplay.district_id == row.district_id, WebhookReplay.webhook_id == row.id, WebhookReplay.done_at.is_(None)
    )
    waits, delivered = WebhookDelivery.next_at, WebhookDelivery.delivered_at
    waiting, given_up, last = session.execute(
        select(
            func.count().filter(waits.is_not(None)),
            func.count().filter(waits.is_(None), delivered.is_(None)),
            func.max(delivered),
        ).where(*_deliveries_of(row))
    ).one()
    return Hook(
        id=row.id,
        merchant_id=row.merchant_id,
        address=row.address,
        made_at=row.made_at,
        waiting=waiting,
        given_up=given_up,
        delivered_at=last,
        rests_until=row.rests_until,
        replaying=session.scalar(open_replay.limit(1)) is not None,
        old_until=session.scalar(
            select(func.max(WebhookOldSecret.ends_at)).where(
                WebhookOldSecret.district_id == row.district_id, WebhookOldSecret.webhook_id == row.id
            )
        ),
    )


def _delivery(row: WebhookDelivery) -> Delivery:
    told = json.loads(row.body)["data"]
    return Delivery(
        transaction_id=row.transaction_id,
        kind=row.kind,
        amount=told["amount"],
        number=told["number"],
        happened_at=row.happened_at,
        state="waiting" if row.next_at is not None else "delivered" if row.delivered_at is not None else "given_up",
        tries=row.tries,
        next_at=row.next_at,
        tried_at=row.tried_at,
        status=row.status,
        answer=row.answer,
    )
