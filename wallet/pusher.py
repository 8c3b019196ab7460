"""Tells browsers that wished it what has come: in the worker, after everything is booked, never on the paying path.

What stands on a locked screen says no amount and no name unless its reader chose so. The inbox and the history hold the truth;
a push only says that there is something.
"""

from __future__ import annotations

import json
import ssl
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from http.client import HTTPException
from threading import Event as Flag
from urllib.parse import urlsplit

from sqlalchemy.orm import Session

import association.queries
import identity.commands
import identity.queries
import ledger.queries
from base.clock import Clock
from base.errors import N_
from base.settings import Settings
from base.yen import grouped
from identity.letters import words
from identity.queries import Subscription, Waiting
from wallet.queries.history import Movement, as_movements
from wallet.webpush import authorization, is_endpoint, sealed, signing_key
from web.logs import log
from web.outgoing import Checked, within

ROUND_S, WHOLE_S = 5, 10
AT_ONCE = 4
"""So many browsers are told at the same time."""
A_ROUND = 100
"""So many in one round: a service that hangs must not look as if nobody worked; who is left is told in the next, which follows at once."""
GONE = (404, 410)
"""The service does not know this browser any more."""
LIVES_S = {"news": 7 * 24 * 3600, "money": 24 * 3600}
REFUNDS = ("refund", "coupon_refund", "refund_late")
PAYMENTS = ("payment", "coupon_payment", "payment_again")


@dataclass(frozen=True, slots=True)
class Tell:
    """What a browser shows. `kind`: news or money; a newer one takes the place of an older one of its kind."""

    kind: str
    body: str
    url: str


@dataclass(frozen=True, slots=True)
class Due:
    """A browser for which something may be new: up to which entry and announcement it is told by this."""

    district_id: int
    browser: Waiting
    entries: int
    newest: int


class Pusher:
    """Looks every few seconds for browsers with something new. `trust` and `private_too` are for tests with a service of their own."""

    def __init__(
        self,
        sessions: Callable[[], Session],
        settings: Settings,
        clock: Clock,
        *,
        trust: ssl.SSLContext | None = None,
        private_too: bool = False,
        noted: Callable[[bool], None] = lambda _is_well: None,
    ) -> None:
        self._sessions, self._settings, self._clock, self._noted = sessions, settings, clock, noted
        self._trust, self._private_too = trust or ssl.create_default_context(), private_too
        self._key, self._is_more = signing_key(settings.master_key), False

    def work(self, stop: Flag) -> None:
        """Until `stop` is set. Without an allowed service there is nothing to do."""
        while not stop.wait(0 if self._is_more else ROUND_S):
            is_well, self._is_more = False, False
            try:
                if self._settings.push_hosts:
                    self.round()
                is_well = True
            except Exception as error:  # noqa: BLE001  this thread is the only one that tells: it goes on with the next round
                log.error("fault", chore="push", exc_info=error)
            self._noted(is_well)

    def round(self) -> int:
        """Tell those who have something new, the first `A_ROUND` of them. Gives how many were told."""
        with self._sessions() as session:
            due = [place for district_id in identity.queries.push_districts(session) for place in self._due(session, district_id)]
        self._is_more = len(due) > A_ROUND
        with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="push") as pool:
            return sum(pool.map(self._tell_apart, due[:A_ROUND]))

    def _due(self, session: Session, district_id: int) -> Iterator[Due]:
        """Two queries a district, however many wished; of most there is nothing new."""
        browsers = identity.queries.waiting_browsers(session, district_id, now=self._clock())
        sums = ledger.queries.entry_sums(session, district_id, "consumer", [each.person_id for each in browsers])
        newest = association.queries.newest_announcement(session, district_id)
        for each in browsers:
            entries = sums.get(each.person_id, 0)
            if entries != each.entries or newest > each.announcement_id:
                yield Due(district_id, each, entries, newest)

    def _tell_apart(self, due: Due) -> bool:
        with self._sessions() as session:
            return self._tell(session, due.district_id, due.browser, due.entries, due.newest)

    def _tell(self, session: Session, district_id: int, browser: Waiting, entries: int, newest: int) -> bool:
        """One browser, outside of any transaction of the database. Whether it was shown anything."""
        if not identity.commands.lease_browser(session, district_id, browser, now=self._clock()):
            return False
        to = identity.queries.subscription(session, district_id, browser.id)
        what = [] if to is None else self._news(session, district_id, browser, to.language, entries)
        title = next(each.name for each in identity.queries.districts(session) if each.id == district_id)
        session.commit()
        for each in what:
            assert to is not None
            status = self.bring(to, title, each)
            if status in GONE:
                identity.commands.forget_browser(session, district_id, browser)
                session.commit()
                return False
            if status is None or status >= 300:
                log.warning("a push was not taken", district=district_id, subscription=browser.id, status=status)
                identity.commands.note_untold(session, district_id, browser, now=self._clock())
                session.commit()
                return False
        identity.commands.note_told(session, district_id, browser, entries=entries, announcement_id=newest, now=self._clock())
        session.commit()
        return bool(what)

    def _news(self, session: Session, district_id: int, browser: Waiting, language: str, entries: int) -> list[Tell]:
        say, found = words(language).ugettext, []
        told = [one for one in association.queries.inbox(session, district_id, browser.person_id) if one.id > browser.announcement_id]
        if told:
            title = told[0].words.title_in(language)
            found.append(Tell("news", title if browser.with_details else say(N_("組合からお知らせが届きました。")), "/wallet/inbox"))
        if entries > browser.entries:
            accounts = list(ledger.queries.entry_counts(session, district_id, "consumer", browser.person_id))
            latest = as_movements(session, district_id, ledger.queries.entries(session, district_id, accounts, limit=1))
            found += [Tell("money", _about(each, say, with_details=browser.with_details), "/wallet/history") for each in latest]
        return found

    def bring(self, to: Subscription, title: str, what: Tell) -> int | None:
        """One try; the service's status, None if it was not reached. Only at a service that the operator still allows."""
        if not is_endpoint(to.endpoint, self._settings.push_hosts):
            return GONE[0]
        parts = urlsplit(to.endpoint)
        assert parts.hostname is not None
        plain = json.dumps({"title": title, "body": what.body, "url": what.url, "tag": what.kind, "lang": to.language}, ensure_ascii=False)
        contact = self._settings.public_url.replace("http://", "https://")  # the standard knows no other; only the demo has
        headers = {
            "Content-Encoding": "aes128gcm",
            "Content-Type": "application/octet-stream",
            "TTL": str(LIVES_S[what.kind]),
            "Topic": what.kind,
            "Urgency": "normal",
            "Authorization": authorization(self._key, to.endpoint, contact, now=self._clock()),
        }
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        try:
            connection = Checked(parts.hostname, parts.port or 443, self._trust, private_too=self._private_too)
            with within(connection, WHOLE_S):
                connection.request("POST", target, sealed(plain.encode(), to.p256dh, to.auth), headers)
                return connection.getresponse().status
        except (OSError, HTTPException) as error:
            log.warning("a push service was not reached", host=parts.hostname, kind=type(error).__name__)
            return None


def _about(moved: Movement, say: Callable[[str], str], *, with_details: bool) -> str:
    """One sentence. Whose shop it was stands in the history alone."""
    if moved.kind in PAYMENTS:
        plain, full = N_("支払いがありました。"), N_("%(amount)s円の支払いがありました。")
    elif moved.kind in REFUNDS:
        plain, full = N_("返金がありました。"), N_("%(amount)s円の返金がありました。")
    elif moved.amount > 0:
        plain, full = N_("残高が増えました。"), N_("残高が%(amount)s円増えました。")
    else:
        plain, full = N_("残高が変わりました。"), N_("残高が%(amount)s円減りました。")
    return say(full) % {"amount": grouped(abs(moved.amount))} if with_details and moved.amount else say(plain)
