"""What a tablet's live line tells, look by look."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from merchant import commands, queries
from merchant.errors import NoTill
from merchant.views.events import cursor_of, news_of
from merchant.views.frame import Place
from tests.conftest import TestClock
from tests.town import Till, Town

Look = Callable[[str | None], list[tuple[str | int | None, str, dict[str, Any]]]]


def line(district: Town, till: Till) -> Look:
    """A stream of this tablet; each call is one look."""
    shop = queries.merchant(district.session, district.district_id, till.shop.id)
    place = Place(till.who, shop, queries.till(district.session, district.district_id, till.id), None)
    look = news_of(place, district.clock)
    heard = 0

    def looks(last_id):
        nonlocal heard
        woken, heard = set(district.woken[heard:]), len(district.woken)
        return list(look(district.session, last_id, woken & {place.shop.topic, place.shop.sales_topic}))

    return looks


@pytest.fixture
def till(district: Town) -> Till:
    return district.till()


def test_a_payment_is_told_once(district: Town, till: Till) -> None:
    """The first look gives the cursor, a payment is told by the next one, and then there is silence."""
    look, hanako = line(district, till), district.consumer(coins=1_000)
    ((cursor, name, _),) = look(None)
    assert name == "state" and cursor is not None
    receipt = hanako.pays(till.shop, 300)
    (_, _, sale), (cursor, _, _) = look(str(cursor))
    assert (sale["id"], sale["amount"], sale["word"], sale["way"]) == (receipt.transaction_id, 300, receipt.word, "static")
    assert look(str(cursor)) == []


def test_only_the_last_event_carries_the_cursor(district: Town, till: Till) -> None:
    """A line that breaks between two payments tells the second one again."""
    look, hanako = line(district, till), district.consumer(coins=1_000)
    ((cursor, _, _),) = look(None)
    for amount in (100, 200):
        hanako.pays(till.shop, amount)
    events = look(str(cursor))
    assert [name for _, name, _ in events] == ["sale", "sale", "state"]
    assert [event_id is None for event_id, _, _ in events] == [True, True, False]
    assert [event[2]["amount"] for event in line(district, till)(str(cursor))[:2]] == [100, 200]


def test_what_came_before_the_line_was_opened_does_not_ring(district: Town, till: Till) -> None:
    """A tablet that is switched on tells what comes from then on, and not once more what has been told."""
    look, hanako = line(district, till), district.consumer(coins=1_000)
    hanako.pays(till.shop, 100)
    ((cursor, _, _),) = look(None)
    hanako.pays(till.shop, 200)
    assert [event["amount"] for _, name, event in look(str(cursor)) if name == "sale"] == [200]


def test_after_a_restore_nothing_stays_untold(district: Town, till: Till) -> None:
    """Transaction ids begin anew below the tablet's cursor: it is told everything since the moment of its cursor."""
    look, hanako = line(district, till), district.consumer(coins=1_000)
    ((cursor, _, _),) = look(None)
    hanako.pays(till.shop, 300)
    position, moment = str(cursor).split("-")
    ahead = f"{int(position) + 1_000_000}-{moment}"
    assert [event["amount"] for _, name, event in line(district, till)(ahead) if name == "sale"] == [300]


def test_what_is_booked_for_an_earlier_day_does_not_ring(district: Town, till: Till, clock: TestClock) -> None:
    """A payment that reaches the book long after its moment is in the list, and no news at the till."""
    look, hanako = line(district, till), district.consumer(coins=1_000)
    clock.now = datetime.now(UTC) + timedelta(minutes=30)  # as seen from here, what is posted now is half an hour old
    ((cursor, _, _),) = look(None)
    hanako.pays(till.shop, 300)
    ((fresh, name, _),) = look(str(cursor))
    assert name == "state"
    assert look(str(fresh)) == []


def test_a_clock_that_is_set_back_silences_nobody(district: Town, till: Till, clock: TestClock) -> None:
    """The machine's clock was half an hour fast and is put right: what is paid from then on rings all the same."""
    look, hanako = line(district, till), district.consumer(coins=1_000)
    clock.now = datetime.now(UTC) + timedelta(minutes=30)
    ((cursor, _, _),) = look(None)
    clock.now = datetime.now(UTC)
    hanako.pays(till.shop, 300)
    assert [event["amount"] for _, name, event in look(str(cursor)) if name == "sale"] == [300]


def test_what_becomes_of_the_request(district: Town, till: Till, clock: TestClock) -> None:
    """Open, withdrawn, over: each is told once, without a payment."""
    look = line(district, till)
    ((cursor, _, _),) = look(None)
    asked = till.asks(500)
    told = [look(str(cursor)), look(str(cursor))]
    till.cancels(asked)
    told.append(look(str(cursor)))
    clock.advance(seconds=1)
    till.asks(600)
    told.append(look(str(cursor)))
    clock.advance(minutes=6)
    told.append(look(str(cursor)))
    assert [[event["state"] for _, _, event in events] for events in told] == [["open"], [], ["cancelled"], ["open"], ["expired"]]


def test_a_series_that_opens_meanwhile_is_heard(district: Town, till: Till) -> None:
    """The first payment ever in a new coin reaches a tablet that was open before the coin was."""
    look = line(district, till)
    ((cursor, _, _),) = look(None)
    second = district.series("hotaru", "ほたるコイン", "Hotaru coin")
    hanako = district.consumer()
    district.clerk().tops_up(hanako, 500, series_id=second)
    hanako.pays(till.shop, 500)
    told = [event for _ in range(6) for event in look(str(cursor))]
    assert [event["amount"] for _, name, event in told if name == "sale"] == [500]


def test_another_shops_payments_are_not_told(district: Town, till: Till) -> None:
    """Silence at the right shop's neighbour."""
    look = line(district, till)
    ((cursor, _, _),) = look(None)
    district.consumer(coins=1_000).pays(district.shop("ゆのや"), 300)
    assert look(str(cursor)) == []


def test_a_suspended_shop_is_told(district: Town, till: Till) -> None:
    """The tablet learns at once that it may take nothing."""
    look = line(district, till)
    ((cursor, _, _),) = look(None)
    till.shop.is_suspended()
    ((_, _, state),) = look(str(cursor))
    assert state["shop"] == "suspended"


def test_a_revoked_tablets_line_ends(district: Town, till: Till) -> None:
    """Nothing more is told to a stolen tablet."""
    look = line(district, till)
    look(None)
    commands.revoke_till(district.session, till.shop.owner, till.shop.id, till.id, now=district.now)
    with pytest.raises(NoTill):
        look(None)


@pytest.mark.parametrize("sent", [None, "", "abc", "-1", "12", "１２-１２", "9" * 30 + "-1", "1-1-1", "1; DROP TABLE till"])
def test_a_cursor_that_is_none_begins_anew(sent: str | None) -> None:
    """Whatever a browser sends as its last id, the line opens."""
    assert cursor_of(sent) is None
