"""資金決済法に基づく表示: what users must be told before they buy, published version by version."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date, datetime

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from association.errors import NoticeIncomplete
from association.models import IssuerNotice, SeriesTerms
from association.queries.notice import PublishedNotice
from association.rules import ITEMS, Regime, missing_items
from base.clock import tokyo_day
from base.db import atomic
from identity.commands import authorise
from identity.queries import Principal


@dataclass(frozen=True, slots=True)
class Notice:
    """The statements of payment-law 21 and 22, as the district writes them. `english`: the same by name, as far as there is any."""

    issuer_name: str
    public_body: bool
    registration_number: str | None
    registered_on: date | None
    address: str
    contact: str
    places: str
    cautions: str
    terms: str
    security: str
    loss_policy: str
    english: Mapping[str, str] = field(default_factory=dict)


def publish_notice(session: Session, who: Principal, notice: Notice, *, now: datetime) -> int:
    """Publish the next version and give its number. Earlier versions stay: each issue names the one it was sold under.

    Raises NoticeIncomplete where a series that can still be bought or spent needs what is left out.
    """
    assert who.person_id is not None
    with atomic(session):
        authorise(session, who, "association.create_series", subject="notice")
        for regime in _living_regimes(session, who.district_id, tokyo_day(now)):
            must_be_complete(notice, regime)
        session.execute(select(func.pg_advisory_xact_lock(NOTICE_LOCK, who.district_id)))
        last = session.scalar(select(func.max(IssuerNotice.version)).where(IssuerNotice.district_id == who.district_id))
        version = (last or 0) + 1
        session.add(
            IssuerNotice(district_id=who.district_id, version=version, published_by=who.person_id, published_at=now, **asdict(notice))
        )
        return version


NOTICE_LOCK = 6_001
"""First key of the advisory lock under which a district's notice versions are numbered."""


def must_be_complete(notice: Notice | PublishedNotice, regime: Regime) -> None:
    """Raises NoticeIncomplete(items) with the name of each statement that a series of this regime still lacks."""
    missing = missing_items({name: getattr(notice, name) for name in ITEMS}, regime)
    if missing:
        raise NoticeIncomplete(items=tuple(ITEMS[name] for name in missing))


def _living_regimes(session: Session, district_id: int, today: date) -> set[Regime]:
    living = (SeriesTerms.district_id == district_id, or_(SeriesTerms.last_day.is_(None), SeriesTerms.last_day >= today))
    return {Regime(regime) for regime in session.scalars(select(SeriesTerms.regime).where(*living).distinct())}
