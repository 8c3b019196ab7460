"""スマホへの通知: a browser that wishes to be told, and no more."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

import association.queries
import identity.commands
import ledger.queries
from base.db import atomic
from identity.queries import Principal, Subscription
from wallet.errors import PushKeysWrong, PushServiceUnknown
from wallet.webpush import are_keys, is_endpoint


@dataclass(frozen=True, slots=True)
class Wish:
    """A browser's address and keys. `with_details`: whether amount and title may stand on a locked screen."""

    subscription: Subscription
    with_details: bool


def subscribe(session: Session, who: Principal, wish: Wish, *, hosts: frozenset[str], now: datetime) -> None:
    """Tell this browser what comes from now on; again only changes its choice. Raises PushServiceUnknown, PushKeysWrong."""
    with atomic(session):
        identity.commands.authorise(session, who, "wallet.set_push", subject="on")
        assert who.person_id is not None, who
        if not is_endpoint(wish.subscription.endpoint, hosts):
            raise PushServiceUnknown
        if not are_keys(wish.subscription.p256dh, wish.subscription.auth):
            raise PushKeysWrong
        identity.commands.keep_subscription(
            session,
            who,
            wish.subscription,
            with_details=wish.with_details,
            entries=ledger.queries.entry_sums(session, who.district_id, "consumer", [who.person_id]).get(who.person_id, 0),
            announcement_id=association.queries.newest_announcement(session, who.district_id),
            now=now,
        )


def unsubscribe(session: Session, who: Principal) -> None:
    """No browser of this person is told any more."""
    with atomic(session):
        identity.commands.authorise(session, who, "wallet.set_push", subject="off")
        identity.commands.end_subscriptions(session, who)
