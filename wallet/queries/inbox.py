"""お知らせ: what the association told me, and how much of it is news."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

import association.queries
from association.queries import Told
from identity.queries import Principal
from wallet.models import InboxMark
from wallet.queries.purses import reader


@dataclass(frozen=True, slots=True)
class Inbox:
    """The newest first. What is above `seen_id` is news."""

    told: tuple[Told, ...]
    seen_id: int

    @property
    def newest(self) -> int:
        """The number up to which this page shows everything."""
        return max((one.id for one in self.told), default=0)

    @property
    def has_news(self) -> bool:
        return self.newest > self.seen_id


def my_inbox(session: Session, who: Principal) -> Inbox:
    """The page of announcements."""
    person_id = reader(session, who)
    told = association.queries.inbox(session, who.district_id, person_id)
    return Inbox(tuple(told), _seen(session, who.district_id, person_id))


def news_count(session: Session, who: Principal) -> int:
    """How many announcements are news."""
    person_id = reader(session, who)
    return association.queries.told_since(session, who.district_id, person_id, _seen(session, who.district_id, person_id))


def _seen(session: Session, district_id: int, person_id: int) -> int:
    mark = select(InboxMark.seen_id).where(InboxMark.district_id == district_id, InboxMark.person_id == person_id)
    return int(session.scalar(mark) or 0)
