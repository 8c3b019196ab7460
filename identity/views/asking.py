"""Who is asking, from what a request carries: the one place where cookies and tokens become a principal."""

from __future__ import annotations

import time
from dataclasses import replace

from flask import g, request
from sqlalchemy.orm import Session

from identity import commands, queries
from identity.queries import District, Principal

SESSION_COOKIE = "meguri_session"
TILL_COOKIE = "meguri_till"
DEVICE_COOKIE = "meguri_device"


class Districts:
    """The district that answers at the host of a request, asked of the database anew every few seconds.

    Every request needs it, and it hardly ever changes. One for each application.
    """

    FRESH_S = 5.0
    HOSTS_MAX = 100  # a stranger may send any host

    def __init__(self) -> None:
        self._known: dict[str, tuple[float, District]] = {}

    def load(self, session: Session) -> District:
        """Raises DistrictUnknown."""
        asked_at, found = self._known.get(request.host, (float("-inf"), None))
        if found is None or time.monotonic() - asked_at > self.FRESH_S:
            found = queries.district_by_host(session, request.host)
            if len(self._known) >= self.HOSTS_MAX:
                self._known.clear()
            self._known[request.host] = (time.monotonic(), found)
        return found


def load_who(session: Session, district: District) -> Principal:
    """The program, tablet or person that this request speaks for, else nobody.

    The API listens to tokens alone: it has no form tokens, so no cookie may count there.
    """
    now, district_id, address = g.clock(), district.id, request.remote_addr or ""
    if request.path.startswith("/api/"):
        scheme, _, rest = request.headers.get("Authorization", "").partition(" ")
        token = rest.strip() if scheme.lower() == "bearer" else None
        return queries.principal_for_token(session, token, now, district_id=district_id, address=address)
    if request.path == "/till" or request.path.startswith("/till/"):
        who = queries.principal_for_till(session, request.cookies.get(TILL_COOKIE), now, district_id=district_id, address=address)
    else:
        who = queries.principal_for_cookie(session, request.cookies.get(SESSION_COOKIE), now, district_id=district_id, address=address)
    commands.keep_alive(session, who, now=now)
    return replace(who, device_token=request.cookies.get(DEVICE_COOKIE))
