"""失効 and 仮受金: what becomes of a coin at midnight of its last day, and of a refund that comes too late."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4, uuid5

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

import association.commands
import association.queries
import ledger.commands as book
import ledger.queries
import merchant.queries
import wallet.queries
from association.commands.keys import own_key
from association.errors import SuspenseProposed, SuspenseUnknown
from base.clock import TOKYO
from base.db import atomic, make_engine
from embedded import Server
from identity.commands import FreezeOrder
from ledger.errors import AccountFrozen, CeilingPassed, KeyReused
from ledger.verify import verify
from tests.town import ANY_KEY, Consumer, Shop, Town
from wallet.commands import settle_unknown


class Autumn:
    """A coin that ended an hour ago. Yesterday, while it ran, the consumer got 1,000 of it and paid the shop 600."""

    def __init__(self, town: Town, consumer: Consumer, shop: Shop, demo: Engine) -> None:
        self.town, self.consumer, self.shop, self.demo = town, consumer, shop, demo
        self.until = datetime.now(UTC) - timedelta(hours=1)
        with Session(demo) as session, atomic(session):
            new = book.NewSeries("aki", "秋の商品券", "Autumn voucher", self.until - timedelta(days=9), self.until)
            self.id = book.create_series(session, town.district_id, new)
        town.session.info.pop("ledger.series", None)  # a request reads the series once; this one lives longer
        self.purse = self.gets(consumer, 1_000)
        with Session(demo) as session, atomic(session):
            payable = book.open_account(session, town.district_id, "payable", shop.id, self.id)
            self.paid = self._post(session, "payment", book.transfer(self.purse, payable, 600))

    def gets(self, consumer: Consumer, amount: int) -> int:
        """Somebody was sold some of it yesterday; gives their account."""
        with Session(self.demo) as session, atomic(session):
            purse = book.open_account(session, self.town.district_id, "consumer", consumer.person_id, self.id)
            drawer = book.open_account(session, self.town.district_id, "drawer", 9_999, 0)
            self._post(session, "top_up", book.transfer(drawer, purse, amount))
            return purse

    def _post(self, session: Session, kind: str, lines: tuple[book.Line, ...]) -> int:
        facts: dict[str, book.Fact] = {"merchant": self.shop.id, "till": None, "way": "static", "staff": None, "note": None}
        yesterday = self.until - timedelta(days=1)
        draft = book.Draft(kind, uuid4(), book.hash_command(kind), lines, facts, posted_at=yesterday)
        return book.post(session, self.town.district_id, draft).transaction_id

    def left(self) -> int:
        return ledger.queries.balance(self.town.session, self.town.district_id, self.purse)


@pytest.fixture
def demo(server: Server, database: str) -> Iterator[Engine]:
    """As the role that may set the time of a posting."""
    engine = make_engine(server.url("meguri_demo", database), pool_size=2)
    yield engine
    engine.dispose()


@pytest.fixture
def autumn(district: Town, demo: Engine) -> Autumn:
    return Autumn(district, district.consumer(coins=5_000), district.shop(), demo)


def breakage(town: Town) -> int:
    account = ledger.queries.account_id(town.session, town.district_id, "breakage", 0, 0)
    return 0 if account is None else ledger.queries.balance(town.session, town.district_id, account)


def test_the_worker_books_what_expired_once(district: Town, autumn: Autumn) -> None:
    """Before the end nothing; after it the 400 that were left become income, however often and however many workers come by.
    The wallet's history says so with its date, and the running coin is not touched."""
    association.commands.expire(district.session, now=autumn.until - timedelta(microseconds=1))
    assert (autumn.left(), breakage(district)) == (400, 0)
    district.at_once([lambda: association.commands.expire(district.session, now=district.now)] * 4)
    association.commands.expire(district.session, now=district.now)
    assert (autumn.left(), breakage(district), autumn.consumer.coins()) == (0, 400, 5_000)
    history = wallet.queries.history(district.session, autumn.consumer.who, wallet.queries.Search())
    expired = [one for day in history.days for one in day.movements if one.kind == "expiry"]
    assert [(one.amount, one.series[0].code) for one in expired] == [(-400, "aki")]
    assert expired[0].posted_at >= autumn.until
    with Session(district.engine) as session:
        assert list(verify(session, lambda _: None, district_id=district.district_id)) == []


def test_nobody_foretells_the_key_of_an_expiry(district: Town, autumn: Autumn) -> None:
    """A consumer may have any key closed. One that numbers spell would stop the expiry of all, for good; ours wants the master key."""
    published = uuid5(UUID("c1f5b7a2-0d43-4a8e-9f5e-5b0f6f8a3d27"), f"{district.district_id} {autumn.id} {autumn.purse}")
    assert settle_unknown(district.session, autumn.consumer.who, published) is None
    association.commands.expire(district.session, now=district.now)
    assert (autumn.left(), breakage(district)) == (0, 400)
    with Session(district.engine, info={"master_key": b"somebody else's key of 32 bytes."}) as elsewhere:
        assert (
            own_key(elsewhere, "expiry", 1, 2, 3)
            != own_key(district.session, "expiry", 1, 2, 3)
            == own_key(district.session, "expiry", 1, 2, 3)
        )


def test_what_somebody_left_behind_expires_with_the_rest(district: Town, autumn: Autumn) -> None:
    """Closing the account booked nothing; its series' last day does, as for everybody."""
    administrator = district.another_clerk("administrator").who
    association.commands.close_person(district.session, administrator, autumn.consumer.person_id, gives_up=True, now=district.now)
    assert (autumn.left(), breakage(district)) == (400, 0)
    association.commands.expire(district.session, now=district.now)
    assert (autumn.left(), breakage(district), autumn.consumer.coins(), district.difference()) == (0, 400, 5_000, 0)


def test_what_is_frozen_waits(district: Town, autumn: Autumn) -> None:
    """Nothing moves while a balance is stopped, not even its end; once it is let go, it is over."""
    person_id, clerk = autumn.consumer.person_id, district.clerk().who
    association.commands.freeze_person(district.session, clerk, person_id, FreezeOrder("self", "なくした"), now=district.now)
    association.commands.expire(district.session, now=district.now)
    assert (autumn.left(), breakage(district)) == (400, 0)
    association.commands.unfreeze_person(district.session, clerk, person_id, reason="見つかった", now=district.now)
    association.commands.expire(district.session, now=district.now)
    assert (autumn.left(), breakage(district)) == (0, 400)


def test_a_coin_ends_at_midnight_in_tokyo(district: Town) -> None:
    """The last day counts whole: one microsecond before 00:00 in Tokyo nothing is due, at 00:00 it is."""
    series = district.series("fuyu", "冬の商品券", "Winter voucher", last_day=district.now.astimezone(TOKYO).date() + timedelta(days=30))
    until = ledger.queries.one_series(district.session, district.district_id, series).valid_until
    assert until is not None
    assert until.astimezone(TOKYO).strftime("%H:%M:%S") == "00:00:00"

    def due(now: datetime) -> bool:
        return (district.district_id, series) in ledger.queries.ended_series(district.session, now=now)

    assert not due(until - timedelta(microseconds=1))
    assert due(until)


def test_expiry_goes_on_where_it_was_cut_off(district: Town, autumn: Autumn) -> None:
    """In pieces of one account: each call books one more, and the last one marks the series as cleared."""
    for number in range(2):
        autumn.gets(district.consumer(nickname=f"客{number}"), 100)
    booked = []
    while True:
        booked.append(association.commands.expire(district.session, now=district.now, limit=1))
        if booked[-1] == 0:
            break
    assert breakage(district) == 600
    assert association.commands.expire(district.session, now=district.now) == 0


def test_a_late_refund_waits_and_two_people_release_it(district: Town, autumn: Autumn) -> None:
    """The shop gives 250 back, its payable falls, the customer's balance does not move; an issuer proposes, an approver
    releases it to the running coin. A repeated press answers the same."""
    back = autumn.shop.refunds(autumn.paid, 250)
    assert (back.amount, back.late, back.left, autumn.shop.taken()) == (250, 250, 350, 350)
    (waits,) = association.queries.suspended(district.session, district.clerk().who)
    assert (waits.person_id, waits.amount, waits.proposal_id) == (autumn.consumer.person_id, 250, None)
    proposal = district.clerk().releases(waits.account_id, to_person=True)
    with pytest.raises(SuspenseProposed):
        district.clerk().releases(waits.account_id, to_person=False)
    district.approver().approves(proposal)
    assert (autumn.consumer.coins(), autumn.consumer.coins(autumn.id)) == (5_250, 400)
    assert association.queries.suspended(district.session, district.clerk().who) == []
    with pytest.raises(SuspenseUnknown):
        district.clerk().releases(waits.account_id, to_person=False)


def ends(town: Town, series_id: int, superuser: Engine) -> None:
    """Its last moment was just now: nobody waits for it, and no busy machine is overtaken by it."""
    with superuser.begin() as connection:
        connection.execute(text("SET LOCAL session_replication_role = replica"))
        end = "UPDATE ledger.series SET valid_until = clock_timestamp() WHERE district_id = :d AND id = :series"
        assert connection.execute(text(end), {"d": town.district_id, "series": series_id}).rowcount == 1
    town.session.info.pop("ledger.series", None)  # a request reads the series once; this one lives longer
    town.clock.now = datetime.now(UTC)  # type: ignore[attr-defined]


def test_a_refund_that_is_partly_late_is_one_refund(district: Town, superuser: Engine) -> None:
    """1,000 were paid as 400 of the ended coin, 400 of the running one and a coupon of 200: 400 reach the wallet and 400 wait, the
    association has its 200 again, the shop keeps nothing, and the coupon, which is valid, can be used once more. The shop's list
    and whoever is told of refunds have one line with both parts; the wallet's page says which part went where."""
    hanako, bakery = district.consumer(coins=5_000), district.shop()
    with atomic(district.session) as session:
        now = datetime.now(UTC)
        new = book.NewSeries("aki", "秋の商品券", "Autumn voucher", now - timedelta(days=1), now + timedelta(hours=1))
        aki = book.create_series(session, district.district_id, new)
    district.clerk().tops_up(hanako, 400, series_id=aki)
    coupon = district.coupon(200, lands_in=aki)
    hanako.claims(coupon)
    paid = hanako.pays(bakery, 1_000, coupon=coupon)
    assert (hanako.coins(aki), hanako.coins(), bakery.taken()) == (0, 4_600, 1_000)
    ends(district, aki, superuser)
    back = bakery.refunds(paid.transaction_id, 800, key=ANY_KEY)
    again = bakery.refunds(paid.transaction_id, 800, key=ANY_KEY)
    assert (back.late, back.left, again.late, again.replayed) == (400, 0, 400, True)
    assert (hanako.coins(), bakery.taken(), hanako.pieces(coupon), back.coupon_returned) == (5_000, 0, 1, True)
    line, _paid = merchant.queries.sales(district.session, district.district_id, bakery.id)
    assert (line.transaction_id, line.kind, line.amount, line.late, line.discount_back) == (back.transaction_id, "refund", -1_000, 400, 200)
    (given,) = wallet.queries.payment(district.session, hanako.who, paid.transaction_id, now=district.now).given_back
    assert (given.amount, given.late) == (400, 400)
    assert wallet.queries.payment(district.session, hanako.who, back.transaction_id, now=district.now).amount == 400
    standing = ledger.queries.trial_balance(district.session, district.district_id)
    assert [row.debit for row in standing if row.role == "promotion"] == [0]
    assert [each.amount for each in association.queries.suspended(district.session, district.clerk().who)] == [400]
    assert district.difference() == 0
    hanako.pays(bakery, 1_000, coupon=coupon)


def test_a_refund_to_a_coin_that_has_ended_and_a_wallet_that_is_stopped(district: Town, autumn: Autumn) -> None:
    """Ended counts more than stopped: it waits in suspense, and is released once the wallet is let go."""
    clerk, person_id = district.clerk(), autumn.consumer.person_id
    association.commands.freeze_person(district.session, clerk.who, person_id, FreezeOrder("self", "なくした"), now=district.now)
    assert autumn.shop.refunds(autumn.paid, 250).late == 250
    (waits,) = association.queries.suspended(district.session, clerk.who)
    proposal = clerk.releases(waits.account_id, to_person=True)
    with pytest.raises(AccountFrozen):
        district.approver().approves(proposal)
    association.commands.unfreeze_person(district.session, clerk.who, person_id, reason="見つかった", now=district.now)
    district.approver().approves(proposal)
    assert autumn.consumer.coins() == 5_250


def test_what_is_not_given_back_becomes_income(district: Town, autumn: Autumn) -> None:
    autumn.shop.refunds(autumn.paid, 600)
    (waits,) = association.queries.suspended(district.session, district.clerk().who)
    district.approver().approves(district.clerk().releases(waits.account_id, to_person=False))
    assert (breakage(district), autumn.shop.taken()) == (600, 0)


def test_one_press_about_another_refund_is_not_taken_for_the_first(district: Town, autumn: Autumn) -> None:
    """The same key gives the same proposal; with another wish it is refused, and nobody believes that it was laid before somebody."""
    autumn.shop.refunds(autumn.paid, 600)
    (waits,) = association.queries.suspended(district.session, district.clerk().who)
    proposal = district.clerk().releases(waits.account_id, to_person=True, key=ANY_KEY)
    assert district.clerk().releases(waits.account_id, to_person=True, key=ANY_KEY) == proposal
    for account_id, to_person in ((waits.account_id, False), (2**40, True)):
        with pytest.raises(KeyReused):
            district.clerk().releases(account_id, to_person=to_person, key=ANY_KEY)
    with pytest.raises(SuspenseUnknown):
        district.clerk().releases(2**40, to_person=True)


def test_a_release_does_not_pass_the_persons_limit(district: Town, autumn: Autumn) -> None:
    """Refused on approval, and still undecided: it waits until there is room, or goes elsewhere."""
    district.clerk().tops_up(autumn.consumer, 95_000)
    autumn.shop.refunds(autumn.paid, 1)
    (waits,) = association.queries.suspended(district.session, district.clerk().who)
    proposal = district.clerk().releases(waits.account_id, to_person=True)
    with pytest.raises(CeilingPassed):
        district.approver().approves(proposal)
    district.approver().declines(proposal)
    assert (autumn.consumer.coins(), len(association.queries.suspended(district.session, district.clerk().who))) == (100_000, 1)


def test_payables_of_a_coin_that_has_ended_are_settled(district: Town, autumn: Autumn) -> None:
    """Both coins of the shop go to zero in one transaction, the one that it owes (a late refund after a payout) netted."""
    district.settles_by()
    autumn.consumer.pays(autumn.shop, 900)
    run = district.clerk().submits(district.month_passes())
    district.approver().approves(run.id)
    assert (run.total("net"), autumn.shop.taken()) == (1_500, 0)
    autumn.shop.refunds(autumn.paid, 600)
    autumn.consumer.pays(autumn.shop, 1_000)
    following = district.clerk().submits(district.month_passes())
    district.approver().approves(following.id)
    held = ledger.queries.balances(district.session, district.district_id, "payable", autumn.shop.id)
    assert ([one.balance for one in held], following.total("net")) == ([0, 0], 400)


def test_only_what_was_posted_by_midnight_belongs_to_a_closing(demo: Engine, district: Town) -> None:
    """A payment at 23:59:59 is in, one at 00:00:00 is in the next run; a settlement that is posted late changes neither."""
    hanako, bakery = district.consumer(), district.shop()
    midnight = datetime.combine(date(2026, 10, 1), datetime.min.time(), TOKYO)
    with Session(demo) as session, atomic(session):
        begins = midnight - timedelta(days=90)
        coin = book.create_series(session, district.district_id, book.NewSeries("old", "旧", "Old", begins, None))
        purse = book.open_account(session, district.district_id, "consumer", hanako.person_id, coin)
        payable = book.open_account(session, district.district_id, "payable", bakery.id, coin)
        drawer = book.open_account(session, district.district_id, "drawer", 9_999, 0)
        moments = (
            ("top_up", drawer, purse, 1_000, midnight - timedelta(days=40)),
            ("payment", purse, payable, 10, midnight - timedelta(days=35)),
            ("payment", purse, payable, 200, midnight - timedelta(seconds=1)),
            ("payment", purse, payable, 300, midnight),
        )
        for number, (kind, debit, credit, amount, at) in enumerate(moments):
            key = book.hash_command(district.district_id, number)[:16]
            lines = book.transfer(debit, credit, amount)
            book.post(session, district.district_id, book.Draft(kind, UUID(bytes=key), book.hash_command(number), lines, posted_at=at))
    since = midnight - timedelta(days=30)
    (stands,) = (
        one
        for one in ledger.queries.standings(district.session, district.district_id, "payable", since=since, until=midnight)
        if one.account_id == payable
    )
    assert (stands.opening, stands.taken, stands.closing, stands.now) == (10, 200, 210, 510)
