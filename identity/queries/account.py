"""What a person may see of their own account, and an office of its log."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, func, select
from sqlalchemy.orm import Session

from base.errors import NotSignedIn
from identity.models import AccessLog, ApiToken, Device, Passkey, Person, PersonSession, Pin, RecoveryCode
from identity.queries.principals import Principal


@dataclass(frozen=True, slots=True)
class KnownDevice:
    """`seen_at`: when a session on it was last used. `signed_in`: whether one is open. `here`: the one that asks."""

    id: int
    label: str
    since: datetime
    seen_at: datetime
    signed_in: bool
    here: bool
    limited_until: datetime | None


@dataclass(frozen=True, slots=True)
class KnownPasskey:
    """`label`: the kind of device on which it was made."""

    id: int
    label: str
    created_at: datetime
    used_at: datetime | None


@dataclass(frozen=True, slots=True)
class WaysIn:
    """How a person can sign in and confirm. `recovery_codes`: how many are unused."""

    email: bool
    passkeys: int
    recovery_codes: int
    pin: bool


@dataclass(frozen=True, slots=True)
class Token:
    """An API token as its makers see it later: never the token itself."""

    id: int
    prefix: str
    label: str
    scopes: tuple[str, ...]
    merchant_id: int | None
    person_id: int | None
    made_at: datetime
    expires_at: datetime | None
    ended_at: datetime | None
    source_id: int | None = None
    till_id: int | None = None


@dataclass(frozen=True, slots=True)
class Access:
    """One row of the access log."""

    id: int
    at: datetime
    command: str
    allowed: bool
    subject: str
    person_id: int | None
    staff_id: int | None
    till_id: int | None
    api_token_id: int | None
    address: str


def _person_id(who: Principal) -> int:
    if who.person_id is None:
        raise NotSignedIn
    return who.person_id


def devices(session: Session, who: Principal, now: datetime) -> list[KnownDevice]:
    """Where the person that asks is known, the device at hand first."""
    own = and_(PersonSession.district_id == Device.district_id, PersonSession.device_id == Device.id)
    is_open = and_(PersonSession.ended_at.is_(None), PersonSession.expires_at > now)
    rows = session.execute(
        select(Device, func.max(PersonSession.seen_at), func.count().filter(is_open))
        .join(PersonSession, own)
        .where(Device.district_id == who.district_id, Device.person_id == _person_id(who), Device.ended_at.is_(None))
        .group_by(Device.district_id, Device.id)
        .order_by((Device.id == who.device_id).desc(), func.max(PersonSession.seen_at).desc())
    )
    return [
        KnownDevice(device.id, device.label, device.since, seen_at, opened > 0, device.id == who.device_id, device.limited_until)
        for device, seen_at, opened in rows
    ]


def passkeys(session: Session, who: Principal) -> list[KnownPasskey]:
    """The passkeys of the person that asks, oldest first."""
    rows = session.scalars(
        select(Passkey).where(Passkey.district_id == who.district_id, Passkey.person_id == _person_id(who)).order_by(Passkey.id)
    )
    return [KnownPasskey(row.id, row.label, row.created_at, row.used_at) for row in rows]


def ways_in(session: Session, who: Principal) -> WaysIn:
    """How the person that asks can sign in, in one statement."""
    district_id, person_id = who.district_id, _person_id(who)
    email = select(Person.email.is_not(None)).where(Person.district_id == district_id, Person.id == person_id)
    keys = select(func.count()).where(Passkey.district_id == district_id, Passkey.person_id == person_id)
    codes = select(func.count()).where(
        RecoveryCode.district_id == district_id, RecoveryCode.person_id == person_id, RecoveryCode.used_at.is_(None)
    )
    pin = select(func.count()).where(Pin.district_id == district_id, Pin.holder_kind == "person", Pin.holder_id == person_id)
    found = session.execute(select(*(each.scalar_subquery() for each in (email, keys, codes, pin)))).one()
    return WaysIn(bool(found[0]), found[1], found[2], found[3] > 0)


def has_pin(session: Session, who: Principal) -> bool:
    """Whether the person that asks has set a PIN."""
    return who.person_id is not None and session.get(Pin, (who.district_id, "person", who.person_id)) is not None


def api_tokens(session: Session, who: Principal, *, merchant_id: int | None = None) -> list[Token]:
    """All tokens of the district, or of one shop, newest first. For administrators, and owners of that shop."""
    if merchant_id is None or not (who.has("owner") and who.merchant_id == merchant_id):
        who.needs("administrator")
    rows = select(ApiToken).where(ApiToken.district_id == who.district_id).order_by(ApiToken.id.desc())
    if merchant_id is not None:
        rows = rows.where(ApiToken.merchant_id == merchant_id)
    return _as_tokens(session, rows)


def sensor_tokens(session: Session, district_id: int) -> list[Token]:
    """The tokens of all sensors of a district, ended ones too: for the page of what is measured. Nobody gets a token by this."""
    return _as_tokens(
        session, select(ApiToken).where(ApiToken.district_id == district_id, ApiToken.source_id.is_not(None)).order_by(ApiToken.id)
    )


def _as_tokens(session: Session, rows: Select[ApiToken]) -> list[Token]:
    return [
        Token(
            row.id,
            row.prefix,
            row.label,
            tuple(row.scopes),
            row.merchant_id,
            row.person_id,
            row.made_at,
            row.expires_at,
            row.ended_at,
            row.source_id,
            row.till_id,
        )
        for row in session.scalars(rows)
    ]


@dataclass(frozen=True, slots=True)
class LogSearch:
    """What somebody looks for in the access log. `command`, `about`: the beginning of a command, a part of its subject.

    `person_id`: who did it; `since` ≤ at < `until`; `refused`: only what was not allowed.
    """

    command: str = ""
    about: str = ""
    person_id: int | None = None
    since: datetime | None = None
    until: datetime | None = None
    refused: bool = False


def access_log(
    session: Session, who: Principal, search: LogSearch | None = None, *, before: int | None = None, limit: int = 100
) -> list[Access]:
    """The newest rows of the log that match, or those before row `before`, for auditors and administrators."""
    who.needs("auditor", "administrator")
    rows = select(AccessLog).where(AccessLog.district_id == who.district_id, *_wanted(search or LogSearch()))
    if before is not None:
        rows = rows.where(AccessLog.id < before)
    return [
        Access(
            row.id, row.at, row.command, row.allowed, row.subject, row.person_id, row.staff_id, row.till_id, row.api_token_id, row.address
        )
        for row in session.scalars(rows.order_by(AccessLog.id.desc()).limit(limit))
    ]


def done_so_far(
    session: Session, district_id: int, command: str, subject: str, *, since: datetime
) -> list[tuple[datetime, int | None, str]]:
    """When, by which person and on what exactly a logged command was done, of subjects that begin like this; the first one first.

    For doors that have asked already. `since`: a day from which to look, so that not the whole log is read.
    """
    sql = (
        select(AccessLog.at, AccessLog.person_id, AccessLog.subject)
        .where(
            AccessLog.district_id == district_id,
            AccessLog.at >= since,
            AccessLog.command == command,
            AccessLog.allowed,
            AccessLog.subject.startswith(subject, autoescape=True),
        )
        .order_by(AccessLog.id)
    )
    return [(row.at, row.person_id, row.subject) for row in session.execute(sql)]


def _wanted(search: LogSearch) -> list[ColumnElement[bool]]:
    wanted: list[ColumnElement[bool]] = []
    if search.command:
        wanted.append(AccessLog.command.startswith(search.command, autoescape=True))
    if search.about:
        wanted.append(AccessLog.subject.contains(search.about, autoescape=True))
    if search.person_id is not None:
        wanted.append(AccessLog.person_id == search.person_id)
    if search.since is not None:
        wanted.append(AccessLog.at >= search.since)
    if search.until is not None:
        wanted.append(AccessLog.at < search.until)
    if search.refused:
        wanted.append(AccessLog.allowed.is_(False))
    return wanted
