"""The fill: through the doors, in time order, never twice, and the books agree afterwards."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

import demo.fill as filling
import ledger.queries
import merchant.commands
import merchant.queries
from base.clock import day_bounds
from base.db import atomic
from demo.cast import CONSUMER
from demo.ending import end_coin
from demo.fill import fill, remember, standing
from demo.opening import find_town, open_town
from demo.shops import APPLICANT, SHOPS
from demo.town import life
from ledger.export import export
from ledger.replay import replay
from ledger.sealer import SealKeys, seal
from ledger.verify import verify
from tests.demo.conftest import DAYS, OPENED, Place

pytestmark = pytest.mark.slow


class Cut(Exception):
    """The fill is cut off here."""


def counted(place: Place) -> dict[str, int]:
    with place.session() as session:
        return {row.kind: row.number for row in session.execute(text("SELECT kind, count(*) AS number FROM ledger.transaction GROUP BY 1"))}


def silent(_line: str) -> None:
    pass


def test_the_town_is_open_with_all_its_shops(place: Place) -> None:
    """Forty shops take the coin, one waits for the approver, and each shop has its till and its printed code."""
    with place.session() as session:
        shops = merchant.queries.shops(session, place.town.district_id)
        assert {shop.name for shop in shops if shop.is_open} == {shop.name for shop in SHOPS}
        assert [shop.name for shop in shops if shop.state == "applied"] == [APPLICANT.name]
        assert all(merchant.queries.tills(session, place.town.district_id, shop.id) for shop in shops if shop.is_open)


def test_the_consumer_on_the_phone_has_a_past(place: Place) -> None:
    """ゆず holds 8,420 coins, as in the pictures; the same history is not booked twice."""
    with place.session() as session:
        remember(session, place.town, now=OPENED)
        held = ledger.queries.balances(session, place.town.district_id, "consumer", place.town.people[CONSUMER.mailbox])
        (purse,) = [one for one in held if one.series.unit == "yen"]
        assert [one.balance for one in held if one.series.unit == "piece"] == [1]  # a coupon to try at once
        assert purse.balance == 8_420


def test_the_books_hold_what_the_town_lived(place: Place) -> None:
    """As many payments as the invented days have, every balance proven from the entries."""
    lived = [event for day in life(place.town.first_day, place.town.first_day + timedelta(days=DAYS - 1)) for event in day.events]
    with place.session() as session:
        far = standing(session, place.town, now=place.morning_after(DAYS))
        assert far.is_whole
        assert far.booked == DAYS
        assert not list(verify(session, lambda _progress: None))
        posted = session.execute(
            text("SELECT count(*) FROM ledger.transaction WHERE posted_at < :until"), {"until": place.morning_after(DAYS)}
        )
        assert posted.scalar_one() == len(lived)


def test_opening_and_filling_again_changes_nothing(place: Place) -> None:
    """A second start finds the town and books nothing."""
    before = counted(place)
    with place.session() as session:
        assert open_town(session, silent, now=OPENED + timedelta(days=9)) == place.town == find_town(session)
        fill(session, place.town, silent, now=place.morning_after(DAYS))
    assert counted(place) == before


def test_a_fill_that_was_cut_off_goes_on(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    """Killed in the middle of a day, the next run books the rest of that day and nothing twice."""
    pieces = 0

    def cut_after_one(*arguments: object) -> object:
        nonlocal pieces
        pieces += 1
        if pieces > 1:
            raise Cut
        return real_post(*arguments)

    real_post = filling._post
    monkeypatch.setattr(filling, "_post", cut_after_one)
    monkeypatch.setattr(filling, "PIECE_MAX", 60)
    until = place.morning_after(DAYS + 1)
    with place.session() as session, pytest.raises(Cut):
        fill(session, place.town, silent, now=until)
    monkeypatch.undo()
    with place.session() as session:
        assert standing(session, place.town, now=until).booked == DAYS
        assert fill(session, place.town, silent, now=until).is_whole
        day = list(life(place.town.first_day, place.town.first_day + timedelta(days=DAYS)))[-1]
        since = place.morning_after(DAYS) - timedelta(hours=1)
        posted = session.execute(
            text("SELECT count(*) FROM ledger.transaction WHERE posted_at >= :since AND posted_at < :until"),
            {"since": since, "until": since + timedelta(days=1)},
        )
        assert posted.scalar_one() == len(day.events)
        assert not list(verify(session, lambda _progress: None))


def test_the_town_lives_on_when_a_shop_is_stopped(place: Place) -> None:
    """A shop that somebody suspended by hand takes nothing; everybody else goes on, and the books agree."""
    until = place.morning_after(DAYS + 2)
    with place.session() as session:
        busiest = next(shop for shop in merchant.queries.shops(session, place.town.district_id) if shop.name == "さわやストア")
        with atomic(session):
            merchant.commands.set_state(session, place.town.district_id, busiest.id, "suspended", now=OPENED)
        assert fill(session, place.town, silent, now=until).is_whole
        day = merchant.queries.takings(session, place.town.district_id, busiest.id, place.town.first_day + timedelta(days=DAYS + 1))
        assert day.payments == 0
        with atomic(session):
            merchant.commands.set_state(session, place.town.district_id, busiest.id, "open", now=OPENED)
        assert not list(verify(session, lambda _progress: None))


def test_the_town_s_book_can_be_replayed_by_anybody(place: Place, tmp_path: Path) -> None:
    """Sealed after the fact, written out, recomputed from the files: every balance, floor and ceiling in the sealed order."""
    with place.session() as session:
        with atomic(session):
            while seal(session, SealKeys("meguri.test", b"what signs the sealed log, here:")):
                pass
        count = session.execute(text("SELECT count(*) FROM ledger.transaction")).scalar_one()
        assert export(session, place.town.district_id, tmp_path / "book", lambda _done, _of: None) == count
        assert list(verify(session, lambda _progress: None)) == []
    assert replay(tmp_path / "book", [], lambda _done, _of: None).size == count


def test_what_is_left_of_a_coin_ends_with_it(place: Place) -> None:
    """At its last midnight, once, as income; nobody holds any of it afterwards, and the base date after it counts none."""
    first, _first_coin = place.town.coins[0]
    ends, _second_coin = place.town.coins[1]
    with place.session() as session:
        series_id, midnight = place.town.series_on(first), day_bounds(ends)[0]
        held = sum(one.balance for one in ledger.queries.ended_accounts(session, place.town.district_id, series_id, limit=10_000))
        for _ in range(2):
            end_coin(session, place.town, series_id, at=midnight)
        left = ledger.queries.ended_accounts(session, place.town.district_id, series_id, limit=1)
        booked = session.execute(
            text(
                "SELECT sum(e.amount), min(t.posted_at), max(t.posted_at) FROM ledger.transaction t JOIN ledger.entry e"
                " ON e.district_id = t.district_id AND e.transaction_id = t.id JOIN ledger.account a"
                " ON a.district_id = e.district_id AND a.id = e.account_id WHERE t.kind = 'expiry' AND a.role = 'breakage'"
            )
        ).one()
    assert held > 0 and left == [] and tuple(booked) == (-held, midnight, midnight)
