"""町の見取り図: a picture comes in redrawn, and each shop gets its street and its place on it."""

from __future__ import annotations

import io
from datetime import date, datetime

from PIL import Image
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

import merchant.queries
from analytics.errors import PlanBroken, PlanLarge, PlanShopUnknown, StreetsAhead
from analytics.models import StreetPlace, StreetPlan
from analytics.queries.streets import places_of, plan_of
from analytics.reports.source import BEGINNING
from base.clock import tokyo_day
from base.db import atomic
from identity.commands import authorise
from identity.queries import Principal

BYTES_MAX = 5 * 1024 * 1024
PIXELS_MAX = 40_000_000
SIDE = 1_600
"""pixels of the longer side of what we keep: enough for a large screen"""
THOUSAND = 1_000


def keep_plan(session: Session, who: Principal, content: bytes, *, now: datetime, since: date | None = None) -> None:
    """A JPEG or PNG of the streets, drawn anew so that nothing else in the file comes along. The same again is another one, which holds.

    `since`: the day from which the streets are so; None: a better picture of the same streets, for as long as the one before it.

    Raises PlanLarge, PlanBroken, StreetsAhead, Forbidden.
    """
    assert who.person_id is not None, who
    with atomic(session):
        authorise(session, who, "analytics.keep_streets", subject="plan")
        picture, (width, height) = _redrawn(content)
        drawn = plan_of(session, who.district_id, tokyo_day(now))
        first = _day(since, now) or (drawn.since if drawn else BEGINNING)
        row = StreetPlan(district_id=who.district_id, since=first, content=picture, width=width, height=height)
        row.made_by, row.made_at = who.person_id, now
        session.add(row)


def place_shop(
    session: Session,
    who: Principal,
    merchant_id: int,
    *,
    street: str,
    at: tuple[int, int] | None,
    now: datetime,
    since: date | None = None,
) -> None:
    """`at`: thousandths of the plan from the left and from the top, brought onto it; None: not on it. Again is harmless.

    `since`: the day on which it moved there, so that months before stay where they were; None: it stands there for as long as where it was
    said to stand, or as today's plan holds, if that is shorter.

    Raises PlanShopUnknown, StreetsAhead, Forbidden.
    """
    assert who.person_id is not None, who
    with atomic(session):
        authorise(session, who, "analytics.keep_streets", subject=f"shop:{merchant_id}")
        if all(shop.id != merchant_id for shop in merchant.queries.shops(session, who.district_id)):
            raise PlanShopUnknown
        x, y = (None, None) if at is None else (min(max(part, 0), THOUSAND) for part in at)
        values = {"street": street, "x": x, "y": y, "made_by": who.person_id, "made_at": now}
        first = _day(since, now) or _stands_since(session, who.district_id, merchant_id, tokyo_day(now))
        row = insert(StreetPlace).values(district_id=who.district_id, merchant_id=merchant_id, since=first, **values)
        session.execute(row.on_conflict_do_update(index_elements=["district_id", "merchant_id", "since"], set_=values))


def _day(since: date | None, now: datetime) -> date | None:
    """A day that has come."""
    if since is not None and not BEGINNING <= since <= tokyo_day(now):
        raise StreetsAhead
    return since


def _stands_since(session: Session, district_id: int, merchant_id: int, today: date) -> date:
    held, drawn = places_of(session, district_id, today).get(merchant_id), plan_of(session, district_id, today)
    return max((row.since for row in (held, drawn) if row is not None), default=BEGINNING)


def _redrawn(content: bytes) -> tuple[bytes, tuple[int, int]]:
    if len(content) > BYTES_MAX:
        raise PlanLarge(most=BYTES_MAX // 1024**2)
    try:
        with Image.open(io.BytesIO(content), formats=("JPEG", "PNG")) as picture:
            if picture.width * picture.height > PIXELS_MAX:
                raise PlanLarge(most=BYTES_MAX // 1024**2)
            picture.draft("RGB", (SIDE, SIDE))
            plain = picture.convert("RGB")
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise PlanBroken from error
    plain.thumbnail((SIDE, SIDE))
    out = io.BytesIO()
    plain.save(out, "PNG", optimize=True)
    return out.getvalue(), plain.size
