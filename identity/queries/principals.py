"""Who is asking, from a cookie or a token."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, bindparam, func, or_, select, text
from sqlalchemy.orm import Session

from base.errors import Forbidden, NotSignedIn
from base.ids import fingerprint
from identity.models import ApiToken, Device, PersonSession, RoleGrant, TillSession

TILL_IDLE = timedelta(days=90)
"""A tablet that nobody used for so long must be paired again."""

PROGRAM_OF_SHOP = frozenset({"till", "cashier"})
PROGRAM_OF_CLERK = frozenset({"issuer"})
PROGRAM_OF_SENSOR = frozenset({"sensor"})


@dataclass(frozen=True, slots=True)
class Principal:
    """Who is asking: a person, a tablet, a program or nobody, in one district, for one request.

    `roles` are held in the district, "owner" and "cashier" at `merchant_id`; `shops`: every shop that this person owns, the lowest number
    first, `merchant_id` the one that they look at. `session_id` counts person_session
    for a person, till_session for a tablet. `scopes` is empty but for a program. `limited_until`: a new device
    has lower limits until then; `device_since`: when this person first signed in on it. `device_token`: by what the browser is known,
    whoever sits at it: tries are counted by it first.
    """

    district_id: int
    person_id: int | None
    session_id: int | None
    roles: frozenset[str]
    merchant_id: int | None = None
    till_id: int | None = None
    staff_id: int | None = None
    scopes: frozenset[str] = frozenset()
    device_since: datetime | None = None
    address: str = ""
    limited_until: datetime | None = None
    device_id: int | None = None
    api_token_id: int | None = None
    source_id: int | None = None
    way: str | None = None
    opened_at: datetime | None = None
    seen_at: datetime | None = None
    shops: tuple[int, ...] = ()
    device_token: str | None = field(default=None, repr=False)

    @property
    def is_somebody(self) -> bool:
        """Whether a person, a tablet or a program asks, whatever it may do."""
        return self.session_id is not None or self.api_token_id is not None

    def has(self, role: str) -> bool:
        """Whether this role is held here."""
        return role in self.roles

    def needs(self, *roles: str) -> None:
        """Go on only with one of `roles`. Raises NotSignedIn, Forbidden."""
        if self.roles.isdisjoint(roles):
            raise Forbidden if self.is_somebody else NotSignedIn


def nobody(district_id: int, *, address: str = "", device_token: str | None = None) -> Principal:
    """Somebody who is not signed in."""
    return Principal(district_id, None, None, frozenset(), address=address, device_token=device_token)


def person_topic(district_id: int, person_id: int | None) -> str:
    """The wake-up topic of a person's news: who listens for them listens here."""
    return f"d{district_id}:p{person_id}"


def device_is_new(who: Principal, now: datetime) -> bool:
    """Whether the lower limits of a new device still hold (24 hours, unless a trusted passkey signed in)."""
    return who.limited_until is not None and now < who.limited_until


def _lives(now: ColumnElement[datetime] | datetime) -> ColumnElement[bool]:
    """A role that holds: not taken away, and a deputy's not over."""
    return and_(RoleGrant.ended_at.is_(None), or_(RoleGrant.until.is_(None), RoleGrant.until > now))


_GRANTS = (
    select(func.coalesce(func.json_agg(func.json_build_array(RoleGrant.role, RoleGrant.merchant_id)), text("'[]'::json")))
    .where(RoleGrant.district_id == PersonSession.district_id, RoleGrant.person_id == PersonSession.person_id, _lives(bindparam("now")))
    .correlate(PersonSession)
    .scalar_subquery()
)
# Built once: every request asks this, and building it takes longer than asking.
_PERSON = (
    select(PersonSession, Device.since, Device.limited_until, _GRANTS)
    .join(Device, and_(Device.district_id == PersonSession.district_id, Device.id == PersonSession.device_id))
    .where(
        PersonSession.district_id == bindparam("district_id"),
        PersonSession.token_hash == bindparam("token_hash"),
        PersonSession.ended_at.is_(None),
        PersonSession.expires_at > bindparam("now"),
        PersonSession.seen_at + func.make_interval(0, 0, 0, 0, 0, 0, PersonSession.idle_seconds) > bindparam("now"),
        Device.ended_at.is_(None),
    )
)
_TILL = select(TillSession).where(
    TillSession.district_id == bindparam("district_id"),
    TillSession.token_hash == bindparam("token_hash"),
    TillSession.ended_at.is_(None),
    TillSession.seen_at > bindparam("seen_after"),
)


def principal_for_cookie(session: Session, token: str | None, now: datetime, *, district_id: int, address: str = "") -> Principal:
    """The person whose living session this token opens in this district, else nobody. One statement.

    A session of another district, an ended one, one idle for too long: all are nobody, and nothing says which.
    """
    if not token:
        return nobody(district_id, address=address)
    found = session.execute(_PERSON, {"district_id": district_id, "token_hash": fingerprint(token), "now": now}).one_or_none()
    if found is None:
        return nobody(district_id, address=address)
    opened, since, limited_until, grants = found
    held = sorted({merchant_id for _, merchant_id in grants if merchant_id is not None})
    owned = tuple(merchant_id for merchant_id in held if ["owner", merchant_id] in grants)
    shop = opened.merchant_id if opened.merchant_id in held else next(iter((*owned, *held)), None)
    return Principal(
        district_id=district_id,
        person_id=opened.person_id,
        session_id=opened.id,
        roles=frozenset(role for role, merchant_id in grants if merchant_id in (None, shop)),
        merchant_id=shop,
        shops=owned,
        device_since=since,
        address=address,
        limited_until=limited_until,
        device_id=opened.device_id,
        way=opened.way,
        opened_at=opened.opened_at,
        seen_at=opened.seen_at,
    )


def is_signed_in(session: Session, who: Principal, now: datetime) -> bool:
    """Whether the session of this person still lives, for a line that stays open after it was asked for."""
    living = (
        PersonSession.district_id == who.district_id,
        PersonSession.id == who.session_id,
        PersonSession.ended_at.is_(None),
        PersonSession.expires_at > now,
    )
    return session.scalar(select(PersonSession.id).where(*living)) is not None


def principal_for_till(session: Session, token: str | None, now: datetime, *, district_id: int, address: str = "") -> Principal:
    """The tablet that this token pairs in this district, else nobody. `staff_id`: who stands at it, if anyone said so."""
    if not token:
        return nobody(district_id, address=address)
    paired = session.scalar(_TILL, {"district_id": district_id, "token_hash": fingerprint(token), "seen_after": now - TILL_IDLE})
    if paired is None:
        return nobody(district_id, address=address)
    return Principal(
        district_id=district_id,
        person_id=None,
        session_id=paired.id,
        roles=frozenset({"till", paired.staff_role} if paired.staff_role else {"till"}),
        merchant_id=paired.merchant_id,
        till_id=paired.till_id,
        staff_id=paired.staff_id,
        address=address,
        opened_at=paired.opened_at,
        seen_at=paired.seen_at,
    )


def principal_for_token(session: Session, token: str | None, now: datetime, *, district_id: int, address: str = "") -> Principal:
    """The program that this API token admits: a shop's acts as its till and cashier, a clerk's as 発行担当, a sensor's
    as nothing but a sensor. Else nobody.

    A clerk's token ends with the clerk's role.
    """
    if not token:
        return nobody(district_id, address=address)
    living = and_(
        ApiToken.district_id == district_id,
        ApiToken.token_hash == fingerprint(token),
        ApiToken.ended_at.is_(None),
        or_(ApiToken.expires_at.is_(None), ApiToken.expires_at > now),
        or_(ApiToken.person_id.is_(None), _clerk_is_issuer(now)),
    )
    found = session.scalar(select(ApiToken).where(living))
    if found is None:
        return nobody(district_id, address=address)
    return Principal(
        district_id=district_id,
        person_id=found.person_id,
        session_id=None,
        roles=_roles_of(found),
        merchant_id=found.merchant_id,
        till_id=found.till_id,
        scopes=frozenset(found.scopes),
        address=address,
        api_token_id=found.id,
        source_id=found.source_id,
    )


def _roles_of(token: ApiToken) -> frozenset[str]:
    if token.source_id is not None:
        return PROGRAM_OF_SENSOR
    return PROGRAM_OF_CLERK if token.person_id is not None else PROGRAM_OF_SHOP


def _clerk_is_issuer(now: datetime) -> ColumnElement[bool]:
    return (
        select(RoleGrant.id)
        .where(
            RoleGrant.district_id == ApiToken.district_id,
            RoleGrant.person_id == ApiToken.person_id,
            RoleGrant.role == "issuer",
            _lives(now),
        )
        .correlate(ApiToken)
        .exists()
    )
