"""Brings webhooks to their receivers. Works without a web application, in threads of its own: a slow receiver delays nobody."""

from __future__ import annotations

import json
import ssl
from collections.abc import Callable
from concurrent.futures import Future
from functools import partial
from http.client import HTTPException
from threading import Event as Flag
from urllib.parse import urlsplit

from sqlalchemy.orm import Session

from base.clock import Clock
from base.errors import N_
from base.settings import Settings
from merchant.api import SaleSchema, as_item
from merchant.commands import Answer, Parcel, close_parcel, collect_webhooks, due_webhooks, take_parcel
from merchant.queries import Event
from merchant.rounds import Rounds
from merchant.rules.webhooks import HTTPS_PORT, host_of, is_allowed, signature, webhook_id
from web.logs import log
from web.outgoing import Checked, within

TYPES = {"payment": "payment.made", "refund": "refund.made"}
WHOLE_S = 10
ANSWER_MAX_BYTES = 2048
AT_ONCE = 4
"""So many addresses are told at the same time; each is told one thing after the other."""

IN_A_ROW = 50
"""After so many at one address the others have their turn."""


def render(event: Event) -> str:
    """The body: what happened, when, at which shop, and the payment or refund as the API shows it."""
    content = {
        "type": TYPES[event.sale.kind],
        "timestamp": event.sale.posted_at.isoformat(),
        "shop": event.shop.public_number,
        "data": SaleSchema().dump(as_item(event.sale)),
    }
    return json.dumps(content, ensure_ascii=False, separators=(",", ":"))


class Courier:
    """Reads the book for each address once a second, and tells. `sessions` makes a session of this thread.

    `noted` hears after each round whether it was done without a fault.
    """

    def __init__(
        self,
        sessions: Callable[[], Session],
        settings: Settings,
        clock: Clock,
        *,
        trust: ssl.SSLContext | None = None,
        whole_s: float = WHOLE_S,
        noted: Callable[[bool], None] = lambda _is_well: None,
    ) -> None:
        self._sessions, self._settings, self._clock, self._whole_s = sessions, settings, clock, whole_s
        self._trust = trust or ssl.create_default_context()
        self._rounds = Rounds("webhooks", every_s=1, at_once=AT_ONCE, noted=noted)

    def work(self, stop: Flag) -> None:
        """Until `stop` is set."""
        self._rounds.work(self.round, stop)

    def round(self) -> list[Future[None]]:
        """Collect what is new, and set out to every address that has something due and nobody under way to it."""
        with self._sessions() as session:
            collect_webhooks(session, render, now=self._clock())
            due = due_webhooks(session, now=self._clock())
            session.commit()
        return self._rounds.set_out((place, partial(self._tell, place)) for place in due)

    def _tell(self, place: tuple[int, int]) -> None:
        with self._sessions() as session:
            for _ in range(IN_A_ROW):
                parcel = take_parcel(session, place, now=self._clock())
                if parcel is None:
                    return
                answer = self.bring(parcel)
                close_parcel(session, parcel, answer, now=self._clock())
                if not answer.is_good:
                    log.warning("a webhook was not taken", webhook=place, transaction=parcel.transaction_id, status=answer.status)
                    return

    def bring(self, parcel: Parcel) -> Answer:
        """One try. Only a host that the operator still allows, at an address of the public network; no redirect is followed."""
        parts = urlsplit(parcel.address)
        if parts.hostname is None or not is_allowed(parcel.address, self._settings.webhook_hosts):
            return Answer(None, N_("送ってよい宛先に入っていません"))
        name, moment = webhook_id(parcel.district_id, parcel.transaction_id), self._clock()
        headers = {
            "Content-Type": "application/json",
            "User-Agent": "Meguri-Webhooks/1",
            "webhook-id": name,
            "webhook-timestamp": str(int(moment.timestamp())),
            "webhook-signature": " ".join(signature(secret, name, moment, parcel.body) for secret in parcel.secrets),
        }
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        private = host_of(parcel.address) in self._settings.webhook_private_hosts
        try:
            connection = Checked(parts.hostname, parts.port or HTTPS_PORT, self._trust, private_too=private)
            with within(connection, self._whole_s):
                connection.request("POST", target, parcel.body.encode(), headers)
                response = connection.getresponse()
                said = response.read(ANSWER_MAX_BYTES).decode("utf-8", "replace")
            return Answer(response.status, _printable(said))
        except (OSError, HTTPException) as error:
            return Answer(None, _printable(f"{type(error).__name__}: {error}"))


def _printable(text: str) -> str:
    return "".join(sign if sign.isprintable() else " " for sign in text).strip()
