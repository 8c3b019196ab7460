"""Who is asking, from what a request carries: the one place where cookies and tokens become a principal."""

from __future__ import annotations

from flask import g, request
from sqlalchemy.orm import Session

from identity import commands, queries
from identity.queries import District, Principal

SESSION_COOKIE = "meguri_session"
TILL_COOKIE = "meguri_till"
DEVICE_COOKIE = "meguri_device"


def load_district(session: Session) -> District:
    """The district that answers at the host of this request. Raises DistrictUnknown."""
    return queries.district_by_host(session, request.host)


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
    return who
