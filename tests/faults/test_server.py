"""The server or its database dies, restarts or answers late. Real processes, real kill -9."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from ledger.queries import find_key
from tests.faults.machine import Hold, until
from wallet.commands import Pay, ToRequest
from wallet.commands.pay import content_of

pytestmark = pytest.mark.slow


def asked(shop, amount=700):
    """A request and the path of its page."""
    request = shop.asks(amount)
    return request, f"/wallet/pay/request/{request.id}"


def books_are_whole(town, consumer, shop, *, coins, taken):
    """What the person has and the shop took, and that every entry has its counterpart."""
    town.session.rollback()
    assert (consumer.coins(), shop.taken(), town.difference()) == (coins, taken, 0)


def test_the_same_request_five_times_at_once(town, handset):
    """Five copies of one press reach two server processes together: one payment, five times the same answer."""
    hanako, shop = town.consumer(coins=1_000), town.shop()
    hers, (_, path) = handset(hanako), asked(shop)
    form = hers.form(path)
    answers = {copy.result() for copy in [hers.starts(path, form) for _ in range(5)]}
    assert len(answers) == 1
    assert answers.pop().next.startswith("/wallet/done/")
    books_are_whole(town, hanako, shop, coins=300, taken=700)


def test_five_different_presses_at_once(town, handset):
    """Five tabs with a key each press for the same request: one pays, four are led to the payment that was made."""
    hanako, shop = town.consumer(coins=5_000), town.shop()
    hers, (_, path) = handset(hanako), asked(shop)
    forms = [hers.form(path) for _ in range(5)]
    token = forms[-1]["csrf_token"]
    answers = [copy.result() for copy in [hers.starts(path, {**form, "csrf_token": token}) for form in forms]]
    assert all(answer.status == 200 for answer in answers)
    assert sum(answer.next.startswith("/wallet/done/") for answer in answers) == 1
    assert sum(answer.next.endswith("?again=1") for answer in answers) == 4
    books_are_whole(town, hanako, shop, coins=4_300, taken=700)


def test_a_late_original_cannot_pay(town, handset, hold):
    """The original is held back, the phone asks and is told that nothing was paid; the original then arrives and is refused."""
    hanako, shop = town.consumer(coins=1_000), town.shop()
    hers, (_, path) = handset(hanako), asked(shop)
    form = hers.form(path)
    original = hers.starts(path, form, hold=f"before {hold.name}")
    hold.wait()
    assert hers.asks_what_became(form).next.startswith("/wallet/not-paid")
    hold.release()
    late = original.result()
    assert (late.status, late.code, late.number) == (409, "key_closed", "E-2104")
    assert "支払いは行われていません" in late.said
    books_are_whole(town, hanako, shop, coins=1_000, taken=0)
    assert hers.sends(path, hers.form(path)).next.startswith("/wallet/done/")  # a new press is a new intention


def test_killed_between_commit_and_answer(town, handset, machine, hold):
    """kill -9 when the payment is written and nothing of the answer has left: the key finds the payment, and only one."""
    hanako, shop = town.consumer(coins=1_000), town.shop()
    hers, (_, path) = handset(hanako), asked(shop)
    form = hers.form(path)
    lost = hers.starts(path, form, hold=f"after {hold.name}")
    hold.wait()
    machine.kill_site()
    with pytest.raises(OSError, match=r".*"):
        lost.result()
    machine.start_site()
    found = hers.asks_what_became(form)
    assert found.next.startswith("/wallet/done/")
    assert hers.sends(path, form).next == found.next
    books_are_whole(town, hanako, shop, coins=300, taken=700)


def test_killed_before_the_commit(town, handset, machine):
    """kill -9 in the middle of the payment: nothing of it stays, the key is closed, and a new press pays."""
    hanako, shop = town.consumer(coins=1_000), town.shop()
    hers, (request, path) = handset(hanako), asked(shop)
    form = hers.form(path)
    with machine.engine.connect() as other:
        claimed = {"district": town.district_id, "id": request.id}
        other.execute(text("SELECT FROM payment_request WHERE district_id = :district AND id = :id FOR UPDATE"), claimed)
        lost = hers.starts(path, form)  # posts, then waits for the request's row
        until(lambda: _somebody_waits(machine), "the payment does not wait")
        machine.kill_site()
    with pytest.raises(OSError, match=r".*"):
        lost.result()
    machine.start_site()
    books_are_whole(town, hanako, shop, coins=1_000, taken=0)
    assert hers.asks_what_became(form).next.startswith("/wallet/not-paid")
    assert hers.sends(path, hers.form(path)).next.startswith("/wallet/done/")
    books_are_whole(town, hanako, shop, coins=300, taken=700)


def test_the_database_restarts_under_the_server(town, handset, machine):
    """An operator restarts the database: the site goes on by itself, and a press before, one after pay once each."""
    hanako, shop = town.consumer(coins=2_000), town.shop()
    hers = handset(hanako)
    _, first = asked(shop)
    assert hers.sends(first, hers.form(first)).next.startswith("/wallet/done/")
    _, second = asked(shop)
    form = hers.form(second)
    town.close()
    machine.engine.dispose()
    machine.restart_database()
    assert hers.sends(second, form).next.startswith("/wallet/done/")
    books_are_whole(town, hanako, shop, coins=600, taken=1_400)


def test_the_database_is_away(town, handset, machine):
    """While the database is down a press is told "not now", never "failed"; when it is back the same press pays once."""
    hanako, shop = town.consumer(coins=1_000), town.shop()
    hers, (_, path) = handset(hanako), asked(shop)
    form = hers.form(path)
    town.close()
    machine.engine.dispose()
    machine.kill_database()
    try:
        away = hers.sends(path, form)
        assert (away.status, away.code, away.number) == (503, "book_away", "E-1107")
        assert "帳簿につながりません" in away.said
    finally:
        machine.start_database()
    assert hers.sends(path, form).next.startswith("/wallet/done/")
    books_are_whole(town, hanako, shop, coins=300, taken=700)


def test_the_database_dies_in_the_middle_of_a_payment(town, handset, machine):
    """kill -9 of the database while a payment is open: not paid, said so by the key, and the books add up after recovery."""
    hanako, shop = town.consumer(coins=1_000), town.shop()
    hers, (request, path) = handset(hanako), asked(shop)
    form = hers.form(path)
    other = machine.engine.connect()
    claimed = {"district": town.district_id, "id": request.id}
    other.execute(text("SELECT FROM payment_request WHERE district_id = :district AND id = :id FOR UPDATE"), claimed)
    open_payment = hers.starts(path, form)
    until(lambda: _somebody_waits(machine), "the payment does not wait")
    machine.kill_database()
    try:
        assert open_payment.result().code == "book_away"
    finally:
        other.invalidate()
        other.close()
        town.close()
        machine.engine.dispose()
        machine.start_database()
    assert hers.asks_what_became(form).next.startswith("/wallet/not-paid")
    books_are_whole(town, hanako, shop, coins=1_000, taken=0)


def test_acknowledged_is_written(town, handset, machine):
    """Whoever saw the done page finds the payment after kill -9 of everything."""
    hanako, shop = town.consumer(coins=1_000), town.shop()
    hers, (request, path) = handset(hanako), asked(shop)
    form = hers.form(path)
    done = hers.sends(path, form).next
    town.close()
    machine.engine.dispose()
    machine.kill_database()
    machine.kill_site()
    machine.start_database()
    machine.start_site()
    assert "支払いました" in hers.page(done)
    content = content_of(hanako.who, Pay(ToRequest(request.id), 700, form["key"]))
    assert f"/wallet/done/{find_key(town.session, town.district_id, form['key'], content).transaction_id}" == done
    books_are_whole(town, hanako, shop, coins=300, taken=700)


def test_a_held_answer_is_found_meanwhile(town, handset, machine):
    """The answer is on its way for long: asking by the key finds the payment, and the answer that comes at last agrees."""
    hanako, shop = town.consumer(coins=1_000), town.shop()
    hers, (_, path) = handset(hanako), asked(shop)
    form, hold = hers.form(path), Hold(machine)
    slow = hers.starts(path, form, hold=f"after {hold.name}")
    hold.wait()
    found = hers.asks_what_became(form)
    hold.release()
    assert slow.result().next == found.next
    books_are_whole(town, hanako, shop, coins=300, taken=700)


def _somebody_waits(machine):
    with machine.server.admin("faults") as connection:
        waiting = "SELECT count(*) FROM pg_stat_activity WHERE datname = 'faults' AND usename = 'meguri_web' AND wait_event_type = 'Lock'"
        return connection.execute(waiting).fetchone()[0] > 0
