"""今日の仕事, counted: what waits on the desk, and how much of it for somebody other than the asker."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

import ledger.queries as book
from association.queries.applications import waiting_applications
from association.queries.approvals import waiting_proposals
from association.queries.calls import letters_due
from association.queries.disputes import count_open
from association.queries.drawers import drawers
from association.queries.farewells import farewells_due
from association.queries.notice import current_notice
from association.queries.returned import log_is_held
from association.queries.settlement import closings_due
from association.queries.shops import listed_shops
from association.queries.suspense import suspended
from association.queries.treasury import newest_of_each
from base.clock import tokyo_day
from identity.queries import Principal


@dataclass(frozen=True, slots=True)
class Work:
    """How many of each wait for the asker or anybody else at the desk; `theirs`: proposals, shops and the drawer that the asker put
    forward, so that another person must act. `singles`, and `applications`: what is one task however much
    lies behind it."""

    proposals: int
    shops: int
    applications: int
    drawers: int
    closings: int
    disputes: int
    singles: int
    theirs: int

    @property
    def total(self) -> int:
        """What the badge of the desk's first page and the headline on it say."""
        return self.proposals + self.shops + self.applications + self.drawers + self.closings + self.disputes + self.singles


def work(session: Session, who: Principal, *, now: datetime) -> Work:
    """Counted from the same doors that list it: every page of the desk shows the sum, so nothing is named or drawn here."""
    proposals = waiting_proposals(session, who)
    shops = listed_shops(session, who, states=("applied",))
    tills = [drawer for drawer in drawers(session, who) if not drawer.is_closed]
    singles = (
        log_is_held(session, who),
        current_notice(session, who.district_id) is None,
        not any(one.is_coin for one in book.series(session, who.district_id)),
        any(each.proposal_id is None for each in suspended(session, who)),
    )
    letters = letters_due(session, who.district_id, today=tokyo_day(now))
    mine = sum(shop.is_mine for shop in shops) + sum(drawer.is_mine for drawer in tills)
    return Work(
        proposals=proposals,
        shops=sum(not each.is_mine for each in shops),
        applications=int(waiting_applications(session, who.district_id) > 0),
        drawers=sum(not each.is_mine for each in tills),
        closings=len(newest_of_each(closings_due(session, who.district_id, now=now))),
        disputes=count_open(session, who.district_id),
        singles=sum(singles) + len(letters) + bool(farewells_due(session, who, now=now)),
        theirs=book.count_waiting(session, who.district_id, but_of=None) - proposals + mine,
    )
