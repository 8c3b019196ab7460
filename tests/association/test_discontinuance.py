"""廃止: a coin is ended by two people, its holders claim and are paid, and what nobody claimed is excluded."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import Engine, text

import wallet.queries
from association import commands, queries
from association.commands import CashRefund, EndSeries
from association.errors import ClaimsRunning, DiscontinuanceUnknown, DiscontinuanceWrong
from base.clock import tokyo_day
from base.errors import MeguriError
from ledger.errors import FloorPassed, SeriesEnded
from tests.association.test_controls import Watch
from tests.association.test_pages import Seat, desk
from tests.town import Clerk, Consumer, Town, behind_the_doors

__all__ = ["desk"]


class Ending:
    """A town that ends its coin. The book goes by the database's clock: what it must believe is written there, not lived."""

    def __init__(self, town: Town) -> None:
        self.town, self.clerk = town, town.clerk()
        self.hanako, self.taro = town.consumer(coins=3_000), town.consumer(coins=700, nickname="太郎")
        town.approver().counts(self.clerk, self.clerk.cash())

    def chair(self) -> Clerk:
        return self.town.approver().signs_in_again()

    def administrator(self) -> Clerk:
        return self.town.another_clerk("administrator")

    def proposes(self, *, stops: int = 1, until: int = 60, announced: int = 0) -> int:
        today = tokyo_day(self.town.now)
        days = [today + timedelta(days=each) for each in (announced, stops, until)]
        order = EndSeries(self.town.series_id, *days, "北国新聞")
        return commands.propose_end(self.town.session, self.chair().who, order, now=self.town.now)

    def claims(self, consumer: Consumer, amount: int) -> int:
        order = CashRefund(consumer.person_id, self.town.series_id, amount, "safe", "discontinuance", "カードを見た", uuid4())
        return commands.propose_refund(self.town.session, self.clerk.signs_in_again().who, order, now=self.town.now)

    def closes(self) -> int:
        return commands.propose_close(self.town.session, self.chair().who, self.town.series_id, now=self.town.now)

    def stands(self) -> queries.Ending:
        [found] = queries.endings(self.town.session, self.chair().who, now=self.town.now)
        return found


def test_fewer_than_sixty_days_are_refused(district: Town) -> None:
    """Counted from the day after the notice; nor a notice of yesterday, nor an end before it; and never by one person alone."""
    ending = Ending(district)
    for wrong in ({"until": 59}, {"announced": -1}, {"stops": 0}, {"stops": 61}):
        with pytest.raises(DiscontinuanceWrong):
            ending.proposes(**wrong)
    proposal = ending.proposes()
    assert ending.proposes() == proposal, "one at a time"
    with pytest.raises(MeguriError, match="two_person_rule"):
        ending.chair().approves(proposal)
    with pytest.raises(DiscontinuanceUnknown):
        ending.claims(ending.hanako, 100)


def test_from_the_notice_to_the_exclusion(district: Town, superuser: Engine) -> None:
    """announced → claiming → paying → closed: claims are paid by two, payments stop, nothing expires meanwhile, the rest is excluded."""
    ending, shop, watch = Ending(district), district.shop(), Watch(district)
    ending.administrator().approves(ending.proposes())
    assert ending.stands().state == "announced"
    [told] = queries.inbox(district.session, district.district_id, ending.hanako.person_id)
    until = tokyo_day(district.now) + timedelta(days=60)
    assert "終わります" in told.words.title and f"{until.month}月{until.day}日までに窓口で請求" in told.words.body, "as the law wants"
    [theirs] = wallet.queries.home(district.session, ending.hanako.who, now=district.now).endings
    assert (theirs.claims_until, theirs.state) == (until, "announced")
    ending.hanako.pays(shop, 100)
    district.clock.advance(days=2)  # type: ignore[attr-defined]
    assert ending.stands().state == "claiming"
    sql = "UPDATE ledger.series SET valid_until = {} WHERE district_id = :d AND id = :s"
    over = "greatest(valid_from + interval '1 microsecond', clock_timestamp() - interval '1 hour')"
    not_yet = "clock_timestamp() + interval '1 day'"
    with behind_the_doors(superuser, sql.format(over), sql.format(not_yet), d=district.district_id, s=district.series_id):
        district.session.info.pop("ledger.series", None)
        with pytest.raises(FloorPassed):
            ending.hanako.pays(shop, 100)  # the phone has nothing left that it could spend
        with pytest.raises(SeriesEnded):
            ending.clerk.tops_up(ending.hanako, 100)
        commands.expire(district.session, now=district.now)
        claim, late = ending.claims(ending.hanako, 1_000), ending.claims(ending.hanako, 500)
        ending.chair().approves(claim)
        assert (ending.hanako.coins(), ending.taro.coins(), ending.stands().paid) == (1_900, 700, 1_000)
        with pytest.raises(ClaimsRunning):
            ending.closes()
        district.clock.advance(days=59)  # type: ignore[attr-defined]
        assert ending.stands().state == "paying"
        with pytest.raises(DiscontinuanceUnknown):
            ending.claims(ending.taro, 700)
        with pytest.raises(ClaimsRunning):
            ending.closes()
        ending.chair().declines(late)
        ending.administrator().approves(ending.closes())
        assert ending.stands().state == "closed"
        while commands.expire(district.session, now=district.now):
            pass
        assert (ending.hanako.coins(), ending.taro.coins()) == (0, 0)
        assert watch.looks().states("circulation", "coins") == {"circulation": "ok", "coins": "ok"}
        [coin] = watch.of("circulation").facts["coins"]
        assert (coin["refunded"], coin["excluded"], coin["expired"], coin["spent"]) == (1_000, 2_600, 0, 100)


def test_the_book_ends_no_coin_without_two_people(district: Town) -> None:
    """Whoever calls the function with a proposal that nobody approved gets nothing."""
    proposal = Ending(district).proposes()
    values = {"d": district.district_id, "p": proposal}
    with pytest.raises(Exception, match="not_approved"), district.session.begin_nested():
        district.session.execute(text("SELECT ledger.end_series(:d, :p)"), values)
    district.session.rollback()


def test_the_page_leads_through_it(desk: Seat, district: Town) -> None:
    """The chair announces, the administrator sees the three days, and the claim is asked for on the person's page."""
    ending = Ending(district)
    chair, today = desk(ending.chair()), tokyo_day(district.now)
    days = {name: (today + timedelta(days=each)).isoformat() for name, each in (("announced_on", 0), ("stops_on", 1), ("claims_until", 59))}
    here, form = "/desk/discontinuance", {"series": district.series_id, "notice": "北国新聞"}
    assert "60日以上" in chair.presses(here, here, **form, **days).text
    answer = chair.presses(here, here, **form, **days | {"claims_until": (today + timedelta(days=60)).isoformat()})
    assert answer.status_code == 303
    assert "取り消せません" in desk(ending.administrator()).sees(answer.headers["Location"]).text
    ending.administrator().approves(int(answer.headers["Location"].rsplit("/", 1)[1]))
    district.clock.advance(days=1)  # type: ignore[attr-defined]
    assert "請求の受付中" in desk(ending.chair()).sees(here).text
    person = f"/desk/people/{ending.hanako.person_id}/refund"
    assert "廃止するコインの払戻しの請求" in desk(ending.clerk.signs_in_again()).sees(person).text
    assert desk(ending.chair()).sees(f"{here}.xlsx").status_code == 200
