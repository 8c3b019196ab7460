"""資金決済法に基づく表示: what users must be told before they buy, published version by version."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from association.models import IssuerNotice
from base.db import atomic
from identity.commands import authorise
from identity.queries import Principal


@dataclass(frozen=True, slots=True)
class Notice:
    """The statements of payment-law 21 and 22, as the district writes them."""

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


def publish_notice(session: Session, who: Principal, notice: Notice, *, now: datetime) -> int:
    """Publish the next version and give its number. Earlier versions stay: each issue names the one it was sold under."""
    assert who.person_id is not None
    with atomic(session):
        authorise(session, who, "association.create_series", subject="notice")
        session.execute(select(func.pg_advisory_xact_lock(NOTICE_LOCK, who.district_id)))
        last = session.scalar(select(func.max(IssuerNotice.version)).where(IssuerNotice.district_id == who.district_id))
        version = (last or 0) + 1
        session.add(
            IssuerNotice(district_id=who.district_id, version=version, published_by=who.person_id, published_at=now, **asdict(notice))
        )
        return version


NOTICE_LOCK = 6_001
"""First key of the advisory lock under which a district's notice versions are numbered."""
