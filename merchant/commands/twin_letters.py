"""二重かもしれない会計: the owners are told by mail as well, since whoever is not at the desk does not see the first page."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from base.errors import N_
from base.yen import grouped
from identity.commands import queue_mail
from identity.queries import Letter, district, grants, profile
from merchant.models import TillLog, TillLogEntry
from merchant.queries.shops import merchant
from merchant.queries.twins import IS_TWIN

LETTER = Letter(
    N_("%(district)s: 二重かもしれない会計があります"),
    N_(
        "お店「%(shop)s」で、同じお会計が、つながらない間にもう一度記録されていました（%(count)s件）。\n"
        "店主のページの「今日のお店」を開き、1件だったか、2件とも売れたかを決めてください。\n"
        "分からないときは、組合（%(contact)s）に電話してください。"
    ),
)


def tell_owners_of_twins(session: Session, log: TillLog, after: int, *, now: datetime) -> None:
    """One letter for all that came in at once: entries of this log behind number `after`. With the transaction that took them."""
    mine = (TillLogEntry.district_id == log.district_id, TillLogEntry.till_id == log.till_id, TillLogEntry.log == log.log)
    count = session.scalar(select(func.count()).select_from(TillLogEntry).where(*mine, TillLogEntry.seq > after, IS_TWIN)) or 0
    if not count:
        return
    place, shop = district(session, log.district_id), merchant(session, log.district_id, log.merchant_id)
    said: dict[str, str | int] = {"district": place.name, "contact": place.contact, "shop": shop.name, "count": grouped(count)}
    for grant in grants(session, log.district_id, merchant_id=log.merchant_id):
        person = profile(session, log.district_id, grant.person_id)
        if grant.role == "owner" and person.email is not None:
            queue_mail(session, log.district_id, person.email, LETTER, said, language=person.language, now=now)
