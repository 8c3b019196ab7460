"""The page behind a link: what one party is asked for, without an account."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from base.ids import fingerprint
from identity.permissions import may
from identity.queries import Principal
from subsidy.errors import LinkOver
from subsidy.models import Link
from subsidy.queries.seats import Seated
from subsidy.queries.standing import Standing
from subsidy.queries.whole import only, read_standing


@dataclass(frozen=True, slots=True)
class LinkPage:
    """`standing`: the project as this party may see it. `lead`: who asks. `words`: what the lead wrote."""

    link_id: int
    party_id: int
    asked: tuple[str, ...]
    words: str
    expires_at: datetime
    lead: str
    standing: Standing


def may_sit_for(who: Principal, role: str) -> bool:
    """Whether a link of a party of this role may give them its seat."""
    sits = may(who.roles, None, "subsidy.take_seat")
    return who.person_id is not None and sits and (role != "representative" or who.has("group_lead"))


def living_link(session: Session, district_id: int, token: str, *, now: datetime) -> Link:
    """For doors that have asked already. Raises LinkOver for one that is none, has ended, or is over."""
    mine = (Link.district_id == district_id, Link.token_hash == fingerprint(token), Link.ended_at.is_(None), Link.expires_at > now)
    row = session.scalar(select(Link).where(*mine))
    if row is None:
        raise LinkOver
    return row


def link_page(session: Session, who: Principal, token: str, *, now: datetime, today: date) -> LinkPage:
    """What the holder of the link sees. Whoever has it may see it: it names one party and is ended by the lead. Raises LinkOver."""
    row = living_link(session, who.district_id, token, now=now)
    seat = Seated(row.project_id, row.party_id, "participant")
    whole = read_standing(session, who.district_id, row.project_id, seat, now=now, today=today)
    party = whole.party(row.party_id)
    if party.known.left_on is not None:
        raise LinkOver
    lead = next(each.name for each in whole.parties if each.role == "representative")
    return LinkPage(row.id, row.party_id, tuple(row.asked), row.words, row.expires_at, lead, only(whole, seat))
