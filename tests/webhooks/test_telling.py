"""Payments and refunds are told to others' tills and books: signed, tried again, never lost, never twice by another name."""

from __future__ import annotations

import base64
import os
import signal
import subprocess
import sys
import threading
import time
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import Engine, event, text

import merchant.commands
import merchant.queries
import wallet.commands
from base.db import atomic
from base.errors import Forbidden
from base.settings import Settings
from identity.queries import Principal
from ledger.errors import KeyReused
from merchant.commands import WebhookMade
from merchant.errors import (
    RefundStopped,
    ReplayTooFar,
    SecretsTooMany,
    WebhookAddressWrong,
    WebhookHostForbidden,
    WebhooksTooMany,
    WebhookUnknown,
)
from merchant.rules.webhooks import GAPS
from tests.api.conftest import MakeProgram, program
from tests.conftest import TestClock
from tests.town import ANY_KEY, Shop, Town
from tests.webhooks.conftest import Books, Post, registers
from wallet.commands import Pay, ToShop

__all__ = ["program"]

ROOT = Path(__file__).parents[2]


def state(town: Town, shop: Shop, hook: int) -> list[tuple[str, int, int | None]]:
    """Of each delivery, the oldest first: state, tries, last answer."""
    found = merchant.queries.deliveries(town.session, shop.owner, shop.id, hook)
    return [(each.state, each.tries, each.status) for each in reversed(found)]


def test_a_shop_s_books_hear_of_a_payment_and_its_refund(district: Town, books: Books, post: Post, program: MakeProgram) -> None:
    """Signed, in order, with the very object that the API shows, and the customer by the name that only this shop knows."""
    shop, hanako = district.shop(), district.consumer(coins=5_000)
    made = registers(district, shop.owner, shop, books)
    paid = hanako.pays(shop, 1_200)
    post.goes()
    shop.refunds(paid.transaction_id, 200)
    post.goes()
    assert [each.event["type"] for each in books.told] == ["payment.made", "refund.made"]
    assert all(each.is_signed_with(made.secret) and each.path == "/meguri?books=1" for each in books.told)
    assert not books.told[0].is_signed_with("whsec_" + base64.b64encode(b"x" * 32).decode())
    shown = program(shop=shop).gets(f"/payments/{paid.transaction_id}").json
    assert books.told[0].event["data"] == shown["payment"] | {"refunded": 0, "refundable": 1_200}
    assert books.told[1].event["data"] == shown["refunds"][0]
    assert books.told[0].event["shop"] == shop.public_number
    assert "花子" not in books.told[0].body and hanako.person_id not in books.told[0].event["data"].values()
    assert state(district, shop, made.id) == [("delivered", 1, 200), ("delivered", 1, 200)]


def test_the_association_hears_of_every_shop_and_a_shop_of_itself(district: Town, books: Books, post: Post) -> None:
    """One address for the whole district; the shop next door, and the next town, hear nothing of it."""
    bakery, inn = district.shop("パン屋"), district.shop("宿")
    registers(district, district.another_clerk("administrator").who, None, books)
    own = registers(district, inn.owner, inn, books)
    hanako = district.consumer(coins=5_000)
    paid = {hanako.pays(bakery, 100).transaction_id, hanako.pays(inn, 200).transaction_id}
    post.goes()
    numbers = [(each.event["shop"], each.is_signed_with(own.secret)) for each in books.told]
    assert sorted(numbers) == sorted([(bakery.public_number, False), (inn.public_number, False), (inn.public_number, True)])
    assert {each.event["data"]["id"] for each in books.told} == paid
    names = {each.event["data"]["customer"] for each in books.told}
    assert len(names) == 2, "one person, two shops, two pseudonyms: also in the association's books"


def test_another_district_hears_nothing(district: Town, other_district: Town, books: Books, post: Post) -> None:
    """Neither of this district's money, nor may its people touch this district's addresses."""
    registers(other_district, other_district.another_clerk("administrator").who, None, books)
    shop = district.shop()
    made = registers(district, shop.owner, shop, books)
    district.consumer(coins=500).pays(shop, 100)
    post.goes()
    assert [each.is_signed_with(made.secret) for each in books.told] == [True]
    stranger = other_district.shop()
    for who in (stranger.owner, other_district.another_clerk("administrator").who):
        with pytest.raises(WebhookUnknown):
            merchant.queries.webhook(other_district.session, who, who.merchant_id, made.id)
    with pytest.raises(Forbidden):
        merchant.commands.remove_webhook(other_district.session, stranger.owner, shop.id, made.id, now=district.now)


def test_the_shop_next_door_sees_and_changes_nothing(district: Town, books: Books) -> None:
    """Addresses and deliveries are a shop's own; the association's are not the shops' either."""
    shop, neighbour = district.shop(), district.shop("となり")
    made = registers(district, shop.owner, shop, books)
    for reads in (merchant.queries.webhook, merchant.queries.deliveries):
        with pytest.raises(WebhookUnknown):
            reads(district.session, neighbour.owner, neighbour.id, made.id)
        with pytest.raises(Forbidden):
            reads(district.session, neighbour.owner, shop.id, made.id)
        with pytest.raises(Forbidden):
            reads(district.session, neighbour.owner, None, made.id)
    with pytest.raises(WebhookUnknown):
        merchant.commands.send_again(district.session, neighbour.owner, neighbour.id, made.id, 1, now=district.now)


def test_a_secret_is_renewed_without_a_gap(district: Town, books: Books, post: Post, clock: TestClock) -> None:
    """For a day both sign, so that the receiver changes it when it likes; then the old one is nothing any more. Only its keeper
    renews it, and not without end."""
    shop, hanako = district.shop(), district.consumer(coins=5_000)
    made = registers(district, shop.owner, shop, books)
    other = registers(district, shop.owner, shop, books)

    def renews(who: Principal = shop.owner) -> WebhookMade:
        return merchant.commands.renew_secret(district.session, who, shop.id, made.id, now=district.now)

    new = renews()
    assert new.secret != made.secret
    hanako.pays(shop, 100)
    post.goes()
    both = [each for each in books.told if each.is_signed_with(new.secret)]
    assert len(books.told) == 2 and len(both) == 1
    assert both[0].is_signed_with(made.secret) and not both[0].is_signed_with(other.secret)
    assert [part.partition(",")[0] for part in both[0].headers["webhook-signature"].split(" ")] == ["v1", "v1"]
    newest = [renews(), renews()][-1]
    with pytest.raises(SecretsTooMany):
        renews()
    with pytest.raises(Forbidden):
        renews(district.shop("となり").owner)
    clock.advance(hours=24)
    merchant.commands.sweep_webhooks(district.session, now=district.now)
    hanako.signs_in_again().pays(shop, 100)
    post.goes()
    told = [each for each in books.told[2:] if each.is_signed_with(newest.secret)]
    assert len(told) == 1 and not told[0].is_signed_with(new.secret) and not told[0].is_signed_with(made.secret)


def test_down_and_up_again(district: Town, books: Books, post: Post, clock: TestClock) -> None:
    """A receiver that fails is tried again with growing gaps, by the same id and the same body, and is told nothing twice after that."""
    shop, hanako = district.shop(), district.consumer(coins=5_000)
    made = registers(district, shop.owner, shop, books)
    paid = hanako.pays(shop, 300)
    books.says(500, body="こわれています".encode())
    books.says(503)
    post.goes()
    assert state(district, shop, made.id) == [("waiting", 1, 500)]
    assert merchant.queries.deliveries(district.session, shop.owner, shop.id, made.id)[0].answer == "こわれています"
    for gap in GAPS[:2]:
        clock.advance(seconds=gap.total_seconds() - 1)
        post.goes()
        before = len(books.told)
        clock.advance(seconds=1)
        post.goes()
        assert len(books.told) == before + 1
    assert state(district, shop, made.id) == [("delivered", 3, 200)]
    assert set(books.ids()) == {f"tx_{district.district_id}_{paid.transaction_id}"}
    assert len({each.body for each in books.told}) == 1
    assert len({each.headers["webhook-timestamp"] for each in books.told}) == 3
    clock.advance(days=1)
    post.goes()
    assert len(books.told) == 3


def test_given_up_after_three_days_and_sent_again_by_hand(district: Town, books: Books, post: Post, clock: TestClock) -> None:
    """Ten tries, then it is shown as not delivered; 「もう一度送る」 begins anew."""
    shop = district.shop()
    made = registers(district, shop.owner, shop, books)
    paid = district.consumer(coins=500).pays(shop, 300)
    books.says(*[500] * (len(GAPS) + 1))
    began = clock()
    post.goes()
    for gap in GAPS:
        clock.advance(seconds=gap.total_seconds())
        post.goes()
    assert timedelta(days=3) < clock() - began < timedelta(days=4)
    assert state(district, shop, made.id) == [("given_up", 10, 500)]
    clock.advance(days=2)
    post.goes()
    assert len(books.told) == 10
    merchant.commands.send_again(district.session, shop.owner, shop.id, made.id, paid.transaction_id, now=district.now)
    post.goes()
    assert state(district, shop, made.id) == [("delivered", 1, 200)]


def test_nobody_answers_there(district: Town, books: Books, post: Post, clock: TestClock) -> None:
    """A dead address waits by itself: the event is kept, the reason is shown, and after a pause it is tried again."""
    shop = district.shop()
    hosts = {"localhost:1"}
    made = merchant.commands.add_webhook(district.session, shop.owner, shop.id, "https://localhost:1/", hosts=hosts)
    living = registers(district, shop.owner, shop, books)
    district.consumer(coins=500).pays(shop, 300)
    post.goes()
    assert state(district, shop, made.id) == [("waiting", 1, None)]
    assert state(district, shop, living.id) == [("delivered", 1, 200)]
    assert "送ってよい宛先に入っていません" in merchant.queries.deliveries(district.session, shop.owner, shop.id, made.id)[0].answer


def test_a_slow_receiver_is_cut_off(district: Town, books: Books, post: Post) -> None:
    """One that drips its answer, byte by byte, holds nobody longer than the whole of an exchange may take."""
    shop = district.shop()
    made = registers(district, shop.owner, shop, books)
    district.consumer(coins=500).pays(shop, 300)

    def drip(handler: object) -> None:
        for _ in range(100):
            handler.wfile.write(b"H")  # type: ignore[attr-defined]
            time.sleep(0.05)

    books.before = drip
    began = time.monotonic()
    post.goes()
    assert time.monotonic() - began < 4
    assert state(district, shop, made.id) == [("waiting", 1, None)]


def test_a_redirect_is_an_answer_like_any_other_refusal(district: Town, books: Books, post: Post) -> None:
    """It is not followed: who may be told is what the operator allowed, not what a receiver says."""
    shop = district.shop()
    made = registers(district, shop.owner, shop, books)
    district.consumer(coins=500).pays(shop, 300)
    books.says(307, headers={"Location": f"https://{books.host}/elsewhere"})
    post.goes()
    assert [each.path for each in books.told] == ["/meguri?books=1"]
    assert state(district, shop, made.id) == [("waiting", 1, 307)]


def test_a_long_answer_is_read_to_its_beginning(district: Town, books: Books, post: Post) -> None:
    """A receiver cannot fill our tables, nor put signs into them that hide something."""
    shop = district.shop()
    made = registers(district, shop.owner, shop, books)
    district.consumer(coins=500).pays(shop, 300)
    books.says(500, body="\u202e\n\x00".encode() + b"x" * 1_000_000)
    post.goes()
    answer = merchant.queries.deliveries(district.session, shop.owner, shop.id, made.id)[0].answer
    assert answer == "x" * 197 or set(answer) == {"x"}


def test_who_is_gone_is_told_nothing_more(district: Town, books: Books, post: Post, clock: TestClock) -> None:
    """410 ends the address, as the specification says."""
    shop, hanako = district.shop(), district.consumer(coins=500)
    registers(district, shop.owner, shop, books)
    hanako.pays(shop, 100)
    books.says(410)
    post.goes()
    assert merchant.queries.webhooks(district.session, shop.owner, shop.id) == []
    hanako.pays(shop, 100)
    clock.advance(days=1)
    post.goes()
    assert len(books.told) == 1


def test_a_private_address_is_not_reached(district: Town, books: Books, post: Post, allowed: Settings) -> None:
    """A name that the operator allowed, but that leads into the own network, leads nowhere, unless that was allowed as well."""
    shop = district.shop()
    made = registers(district, shop.owner, shop, books)
    district.consumer(coins=500).pays(shop, 300)
    object.__setattr__(allowed, "webhook_private_hosts", frozenset())
    post.goes()
    assert books.told == []
    assert "private network" in merchant.queries.deliveries(district.session, shop.owner, shop.id, made.id)[0].answer


def test_a_host_that_is_not_allowed_any_more(district: Town, books: Books, post: Post, allowed: Settings) -> None:
    """The operator's list counts when it is told, not only when the address was registered."""
    shop = district.shop()
    registers(district, shop.owner, shop, books)
    district.consumer(coins=500).pays(shop, 300)
    object.__setattr__(allowed, "webhook_hosts", frozenset())
    post.goes()
    assert books.told == []


@pytest.mark.parametrize(
    ("address", "refusal"),
    [
        ("http://books.example/", WebhookAddressWrong),
        ("https://user@books.example/", WebhookAddressWrong),
        ("https://books.example/#x", WebhookAddressWrong),
        ("https://books.example:99999/", WebhookAddressWrong),
        ("https://books.example/\r\nHost: x", WebhookAddressWrong),
        ("https://本.example/", WebhookAddressWrong),
        ("books.example", WebhookAddressWrong),
        ("https://books.example:8443/", WebhookHostForbidden),
        ("https://books.example.evil.example/", WebhookHostForbidden),
        ("https://sub.books.example/", WebhookHostForbidden),
        ("https://127.0.0.1/", WebhookHostForbidden),
    ],
)
def test_only_https_and_only_where_the_operator_lets_it(district: Town, address: str, refusal: type[Exception]) -> None:
    """Host and port are those of the list, letter by letter."""
    shop = district.shop()
    with pytest.raises(refusal):
        merchant.commands.add_webhook(district.session, shop.owner, shop.id, address, hosts={"books.example"})


def test_five_addresses_and_no_more(district: Town, books: Books) -> None:
    """One that is removed makes room."""
    shop = district.shop()
    made = [registers(district, shop.owner, shop, books) for _ in range(5)]
    with pytest.raises(WebhooksTooMany):
        registers(district, shop.owner, shop, books)
    merchant.commands.remove_webhook(district.session, shop.owner, shop.id, made[0].id, now=district.now)
    assert registers(district, shop.owner, shop, books).id


def test_a_suspended_shop_still_hears_what_moves_its_money(district: Town, books: Books, post: Post) -> None:
    """What it had taken before is told; while it is stopped nothing moves; let in again, its refund is told like any other."""
    shop, hanako = district.shop(), district.consumer(coins=500)
    registers(district, shop.owner, shop, books)
    paid = hanako.pays(shop, 300)
    shop.is_suspended()
    with pytest.raises(RefundStopped):
        shop.refunds(paid.transaction_id, 300)
    post.goes()
    assert [each.event["type"] for each in books.told] == ["payment.made"]
    shop.is_resumed()
    shop.refunds(paid.transaction_id, 300)
    post.goes()
    assert [each.event["type"] for each in books.told] == ["payment.made", "refund.made"]


def test_a_late_commit_is_not_missed(district: Town, books: Books, post: Post) -> None:
    """A payment that began first and is committed last is told when it is there, and what was told before is not told again."""
    shop, slow, quick = district.shop(), district.consumer(coins=500), district.consumer(coins=500)
    registers(district, shop.owner, shop, books)
    with atomic(district.session):
        late = wallet.commands.pay(district.session, slow.who, Pay(ToShop(shop.public_number), 100, uuid4()), now=district.now)
        early = district.at_once([lambda: quick.pays(shop, 200)])[0]
        post.goes()
        assert [each.event["data"]["id"] for each in books.told] == [early.transaction_id]  # type: ignore[union-attr]
    post.goes()
    post.goes()
    assert [each.event["data"]["id"] for each in books.told] == [early.transaction_id, late.transaction_id]  # type: ignore[union-attr]


def test_what_was_paid_before_is_not_told(district: Town, books: Books, post: Post, owner_engine: Engine) -> None:
    """An address hears what happens from its registration on, also if something older still runs then; the past comes when it
    is asked for."""
    shop, hanako = district.shop(), district.consumer(coins=500)
    with owner_engine.begin() as older:
        older.execute(text("SELECT pg_current_xact_id()"))
        old = hanako.pays(shop, 100)
        made = registers(district, shop.owner, shop, books)
    new = hanako.pays(shop, 200)
    post.goes()
    assert [each.event["data"]["id"] for each in books.told] == [new.transaction_id]
    merchant.commands.replay(district.session, shop.owner, shop.id, made.id, district.now - timedelta(days=1), ANY_KEY, now=district.now)
    post.goes()
    assert books.ids() == [f"tx_{district.district_id}_{number}" for number in (new.transaction_id, old.transaction_id, new.transaction_id)]
    assert books.told[0].body == books.told[2].body


def test_a_replay_in_pieces(district: Town, books: Books, post: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    """However much it is, the worker takes a piece at a time; the same key asks once, with another moment it is refused."""
    monkeypatch.setattr("merchant.commands.webhooks.PIECE", 2)
    shop, hanako = district.shop(), district.consumer(coins=5_000)
    paid = [hanako.pays(shop, amount).transaction_id for amount in (101, 102, 103, 104, 105)]
    made = registers(district, shop.owner, shop, books)
    since = district.now - timedelta(hours=1)
    for _ in range(2):
        merchant.commands.replay(district.session, shop.owner, shop.id, made.id, since, ANY_KEY, now=district.now)
    with pytest.raises(KeyReused):
        merchant.commands.replay(district.session, shop.owner, shop.id, made.id, district.now, ANY_KEY, now=district.now)
    early = district.now - timedelta(days=32)
    with pytest.raises(ReplayTooFar):
        merchant.commands.replay(district.session, shop.owner, shop.id, made.id, early, uuid4(), now=district.now)
    for _ in range(4):
        post.goes()
    assert sorted(each.event["data"]["id"] for each in books.told) == paid
    assert not merchant.queries.webhook(district.session, shop.owner, shop.id, made.id).replaying


def test_a_program_asks_for_a_replay(district: Town, books: Books, post: Post, program: MakeProgram) -> None:
    """The books that lost a day ask for it themselves, for their own shop; a clerk's token for the association's address."""
    shop = district.shop()
    paid = district.consumer(coins=500).pays(shop, 100)
    made = registers(district, shop.owner, shop, books)
    pos, neighbour = program(shop=shop), program(shop=district.shop("となり"))
    assert [each["id"] for each in pos.gets("/webhooks").json["items"]] == [made.id]
    assert neighbour.gets("/webhooks").json["items"] == []
    since = {"since": (district.now - timedelta(hours=1)).isoformat()}
    assert neighbour.posts(f"/webhooks/{made.id}/replay", since).json["code"] == "webhook_unknown"
    assert program(clerk=district.clerk().person_id, scopes=("webhooks:replay",)).gets("/webhooks").json["items"] == []
    answer = pos.posts(f"/webhooks/{made.id}/replay", since)
    assert (answer.status_code, answer.json["replaying"]) == (202, True)
    post.goes()
    assert [each.event["data"]["id"] for each in books.told] == [paid.transaction_id]


def test_two_couriers_at_once(district: Town, books: Books, post: Post) -> None:
    """Two workers meet over the same events: each is made into one delivery and brought once."""
    shop, hanako = district.shop(), district.consumer(coins=5_000)
    made = registers(district, shop.owner, shop, books)
    for amount in (101, 102, 103, 104, 105):
        hanako.pays(shop, amount)
    rounds = [threading.Thread(target=Post(post.hire).goes) for _ in range(3)]
    for each in rounds:
        each.start()
    for each in rounds:
        each.join()
    post.goes()
    assert len(books.told) == len(set(books.ids())) == 5
    assert state(district, shop, made.id) == [("delivered", 1, 200)] * 5


def test_paying_knows_nothing_of_it(district: Town, books: Books, engine: Engine) -> None:
    """Statement by statement, a payment does the same with an address registered as without."""
    shop, hanako = district.shop(), district.consumer(coins=5_000)
    hanako.pays(shop, 100)

    def statements() -> list[str]:
        said: list[str] = []

        def listen(_connection: object, _cursor: object, statement: str, *_: object) -> None:
            said.append(statement)

        event.listen(engine, "before_cursor_execute", listen)
        hanako.pays(shop, 100)
        event.remove(engine, "before_cursor_execute", listen)
        return said

    before = statements()
    registers(district, shop.owner, shop, books)
    registers(district, district.another_clerk("administrator").who, None, books)
    assert statements() == before and not any("webhook" in statement for statement in before)


@pytest.mark.slow
def test_a_worker_that_is_killed_on_the_way(district: Town, books: Books, post: Post, allowed: Settings, certificate: Path) -> None:
    """kill -9 while the receiver thinks: nobody knows whether it was heard, so the next worker tells it again, by the same id."""
    shop = district.shop()
    made = registers(district, shop.owner, shop, books)
    paid = district.consumer(coins=500).pays(shop, 300)
    heard, think = threading.Event(), threading.Event()

    def hold(_handler: object) -> None:
        heard.set()
        think.wait(20)

    books.before = hold
    worker = a_worker(allowed, certificate)
    try:
        assert heard.wait(60)
    finally:
        worker.send_signal(signal.SIGKILL)
        worker.wait()
    books.before = None
    think.set()
    post.goes()
    assert len(books.told) == 1, "it is lent to the worker that died, for a minute"
    district.clock.advance(minutes=2)  # type: ignore[attr-defined]
    post.goes()
    assert books.ids() == [f"tx_{district.district_id}_{paid.transaction_id}"] * 2
    assert state(district, shop, made.id) == [("delivered", 2, 200)]


def a_worker(settings: Settings, certificate: Path) -> subprocess.Popen[bytes]:
    """`meguri worker` as an operator runs it, trusting the receiver's certificate."""
    names = ("SECRET_KEY", "MASTER_KEY", "CODE_KEY", "SEAL_KEY")
    keys = {name: base64.b64encode(getattr(settings, name.lower())).decode() for name in names}
    environment = {f"MEGURI_{name}": key for name, key in keys.items()} | {
        "MEGURI_DATABASE_URL": settings.database_url,
        "MEGURI_PUBLIC_URL": "http://localhost:8765",
        "MEGURI_DEMO": "1",
        "MEGURI_WEBHOOK_HOSTS": ",".join(settings.webhook_hosts),
        "MEGURI_WEBHOOK_PRIVATE_HOSTS": ",".join(settings.webhook_private_hosts),
        "SSL_CERT_FILE": str(certificate),
        "PATH": os.environ["PATH"],
    }
    return subprocess.Popen([sys.executable, "-m", "wsgi", "worker"], cwd=ROOT, env=environment, stderr=subprocess.DEVNULL)
