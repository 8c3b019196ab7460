"""The district that tests play in: every person, shop and desk drives the product's real doors, in the users' words.

    def test_a_nervous_thumb_pays_once(district):
        hanako, bakery = district.consumer(coins=1_000), district.shop()
        ask = bakery.asks(500)
        assert hanako.pays(ask, key=ANY_KEY) == hanako.pays(ask, key=ANY_KEY)
        assert (hanako.coins(), bakery.taken()) == (500, 500)

Each thread has a database session of its own, so `district.at_once([...])` really is at once. Nothing here goes
round a door, except `behind_the_doors`: what cannot be done here cannot be done.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import count
from typing import Any, TypeVar
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

import association.commands
import association.queries
import identity.commands
import identity.queries
import ledger.queries
import merchant.commands
import merchant.queries
import wallet.commands
from association.commands import (
    AgentPaysIn,
    CancelCodes,
    CloseDrawer,
    DrawerClosed,
    HandOutFloat,
    LargeTopUp,
    NewAgent,
    NewBatch,
    NewCampaign,
    NewCoupon,
    NewEvent,
    NewPoints,
    NewSeries,
    NewTerms,
    NewVoucher,
    Notice,
    ReleaseSuspense,
    SellCoin,
    SellVoucher,
    Share,
    TopUp,
    TopUpReceipt,
    UndoSale,
    VoucherSold,
)
from association.queries.drawers import last_count
from association.rules.cash import broken_down
from base.clock import Clock, day_bounds, tokyo_day
from base.db import atomic
from base.errors import MeguriError
from identity.commands import Browser, NewDistrict, NewPerson
from identity.queries import Principal
from ledger.commands import Posted
from ledger.errors import DrawerFull
from ledger.sealer import SealKeys, seal
from merchant.commands import Ask, NewShop, NewStaff, Refund, Refunded
from merchant.queries import Asked
from tests.conftest import leaves_the_list
from wallet.commands import Blank, Claim, GiveCard, Pay, PayByCode, ToRequest, ToShop

T = TypeVar("T")

ANY_KEY = UUID("0a1b2c3d-0000-4000-8000-000000000001")
OWNER_PIN, CASHIER_PIN, CARD_PIN = "2580", "7391", "4826"
NOTICE = Notice(
    issuer_name="灯ノ沢温泉商店街協同組合",
    public_body=False,
    registration_number="北陸財務局長第00042号",
    registered_on=date(2024, 4, 1),
    address="石川県灯ノ沢町湯の端1-1",
    contact="案内所 0761-00-0000（9時から18時）",
    places="灯ノ沢温泉の加盟店",
    cautions="現金への払戻し、他人への譲渡はできません。",
    terms="案内所の窓口で配布する利用規約",
    security="発行保証金の供託（金沢地方法務局）",
    loss_policy="届け出の前に使われた分は、本人に落ち度がなければ補償します。",
)
SEAL_SEED = b"what signs the sealed log, here:"
_numbers = count(1)


class Town:
    """A district of its own, with its people. Amounts in yen; `clock` is the test's."""

    series_id: int  # あかりコイン

    def __init__(self, engine: Engine, clock: Clock, session_info: Mapping[str, Any]) -> None:
        self.engine, self.clock, self._info = engine, clock, session_info
        self.woken: list[str] = []  # every topic that was woken, in order
        self._local = threading.local()
        self._sessions: list[Session] = []
        slug = f"t{uuid4().hex[:12]}"
        self.district_id = identity.commands.create_district(
            self.session,
            NewDistrict(slug, "灯ノ沢温泉", "Hinosawa Onsen", "灯ノ沢温泉商店街協同組合", "案内所 0761-00-0000", host=f"{slug}.localhost"),
        )
        self.host = f"{slug}.localhost"
        self._clerk: Clerk | None = None
        self._approver: Clerk | None = None
        self._blank_cards: list[PaperCard] = []

    def opens(self) -> Town:
        """What every district has before its first Saturday: the law's statements, and one coin."""
        association.commands.publish_notice(self.session, self.clerk().who, NOTICE, now=self.now)
        self.series_id = self.series("akari", "あかりコイン", "Akari coin")
        return self

    @property
    def session(self) -> Session:
        """This thread's session, as meguri_web."""
        session: Session | None = getattr(self._local, "session", None)
        if session is None:
            session = self._local.session = Session(self.engine, info={**self._info, "waker": self._wake})
            self._sessions.append(session)
        return session

    @property
    def now(self) -> datetime:
        return self.clock()

    @property
    def today(self) -> date:
        """The day in Tokyo."""
        return tokyo_day(self.now)

    def _wake(self, topics: Iterable[str]) -> None:
        self.woken.extend(topics)
        self._info["waker"](topics)

    def close(self) -> None:
        for session in self._sessions:
            session.close()

    def seals(self) -> None:
        """What the worker does each second: everything so far stands in the sealed log, and its checkpoint is signed."""
        keys = SealKeys("meguri.test", SEAL_SEED)
        while True:
            with atomic(self.session):
                if not seal(self.session, keys):
                    return

    def at_once(self, jobs: Sequence[Callable[[], T]]) -> list[T | MeguriError]:
        """Run all jobs at the same time, each on a connection of its own; a refusal is an answer."""

        def run(job: Callable[[], T]) -> T | MeguriError:
            try:
                return job()
            except MeguriError as refusal:
                return refusal
            finally:
                self.session.close()

        with ThreadPoolExecutor(len(jobs)) as pool:
            return list(pool.map(run, jobs))

    # people

    def person(self, nickname: str, *roles: str, email: str | None = None) -> int:
        """Somebody who joined, with roles as the terminal gives them."""
        return identity.commands.sign_up(
            self.session, self.district_id, NewPerson(nickname, email=email, roles=frozenset(roles)), now=self.now
        )

    def signs_in(self, person_id: int, *, way: str = "demo") -> Principal:
        """The principal of a fresh session of this person."""
        return self.principal(self.cookie(person_id, way=way))

    def cookie(self, person_id: int, *, way: str = "demo") -> str:
        """What the cookie `meguri_session` of a fresh session carries."""
        return identity.commands.open_session(
            self.session, self.district_id, person_id, Browser(label="テスト"), way=way, now=self.now
        ).token

    def principal(self, token: str) -> Principal:
        return identity.queries.principal_for_cookie(self.session, token, self.now, district_id=self.district_id, address="192.0.2.1")

    def consumer(self, coins: int = 0, *, nickname: str = "花子", email: str | None = None) -> Consumer:
        """A consumer with a wallet; `coins` were topped up at the counter, for cash."""
        person_id = wallet.commands.sign_up(self.session, self.district_id, NewPerson(nickname, email=email), now=self.now)
        consumer = Consumer(self, person_id, self.signs_in(person_id))
        if coins:
            self._filled(consumer, coins)
        return consumer

    def card_holder(self, coins: int = 0, *, pin: str = CARD_PIN) -> CardHolder:
        """Somebody without a phone, whom the counter gave a card; `coins` were topped up for cash."""
        blank = self.blank_card()
        given = wallet.commands.give_card(self.session, self.clerk().who, GiveCard(blank.as_read(self), pin), now=self.now)
        assert given.person_id is not None
        who = Principal(self.district_id, given.person_id, None, frozenset({"consumer"}))
        holder = CardHolder(self, given.person_id, who, PaperCard(given.id, blank.text, blank.number))
        if coins:
            self._filled(holder, coins)
        return holder

    def blank_card(self) -> PaperCard:
        """A card off the printer, nobody's yet."""
        if not self._blank_cards:
            lot = wallet.commands.make_lot(self.session, self.clerk().who, 5, now=self.now)
            printed = wallet.commands.print_lot(self.session, self.clerk().who, lot, now=self.now)
            self._blank_cards = [PaperCard(0, card.text, card.number) for card in printed]
        return self._blank_cards.pop(0)

    def _filled(self, consumer: Consumer, coins: int) -> None:
        """Top up, the approver counting the clerk's drawer first where it is full."""
        try:
            self.clerk().tops_up(consumer, coins)
        except DrawerFull:
            self.approver().counts(self.clerk(), self.clerk().cash())
            self.clerk().tops_up(consumer, coins)

    def clerk(self) -> Clerk:
        """発行担当: puts shops forward, creates series, tops up."""
        if self._clerk is None:
            self._clerk = self.another_clerk("issuer", nickname="柴田")
        return self._clerk

    def approver(self) -> Clerk:
        """承認者: decides, and counts other people's drawers."""
        if self._approver is None:
            self._approver = self.another_clerk("approver", nickname="宮下")
        return self._approver

    def another_clerk(self, *roles: str, nickname: str = "窓口") -> Clerk:
        """Somebody of the association with these roles: issuer, approver, auditor, administrator."""
        person_id = self.person(nickname, *roles)
        return Clerk(self, person_id, self.signs_in(person_id))

    # value and shops

    def series(self, code: str, name: str, name_en: str, **changes: object) -> int:
        """A coin series that begins today and does not end, unless `changes` say otherwise."""
        plain: dict[str, object] = {"first_day": tokyo_day(self.now), "last_day": None}
        new = NewSeries(code=code, name=name, name_en=name_en, **(plain | changes))  # type: ignore[arg-type]
        return association.commands.create_series(self.session, self.clerk().who, new, now=self.now)

    def new_shop(self, name: str = "みなと屋") -> NewShop:
        """What is written down about a shop."""
        return NewShop(name=name, name_kana="みなとや", name_en="Minatoya", trade="食堂", address="湯の端2-3")

    def applicant(self, name: str = "みなと屋") -> merchant.queries.Shop:
        """A shop that was put forward and waits."""
        return association.commands.register_shop(self.session, self.clerk().who, self.new_shop(name), now=self.now)

    def as_shop(self, applied: merchant.queries.Shop) -> Shop:
        """A shop in whatever state, with an owner who can sign in."""
        owner = self.person("店主", "consumer")
        identity.commands.appoint(self.session, self.district_id, owner, "owner", merchant_id=applied.id, now=self.now)
        return Shop(self, applied.id, applied.public_number, self.signs_in(owner))

    def shop(self, name: str = "みなと屋") -> Shop:
        """A shop that was admitted by a second person, with an owner who can sign in."""
        applied = self.applicant(name)
        association.commands.approve_shop(
            self.session, self.approver().who, applied.id, admission_check="店舗を訪ねて確かめた", now=self.now
        )
        return self.as_shop(applied)

    def till(self) -> Till:
        """A tablet at a new shop."""
        return self.shop().till()

    def coupon(self, amount_off: int = 200, **changes: object) -> int:
        """A coupon that a second person has approved: 200 off from 1,000, a hundred pieces, two a person, paid by the association."""
        coupon_id = self.proposed_coupon(amount_off, **changes)
        association.commands.approve(self.session, self.approver().who, self.proposal_of(coupon_id), now=self.now)
        return coupon_id

    def proposed_coupon(self, amount_off: int = 200, *, key: UUID | None = None, **changes: object) -> int:
        """The same, as long as it waits for its second person."""
        return association.commands.propose_coupon(
            self.session, self.clerk().who, self.coupon_terms(amount_off, **changes), key=key or uuid4(), now=self.now
        )

    def coupon_terms(self, amount_off: int = 200, **changes: object) -> NewCoupon:
        """What the clerk writes down of a coupon."""
        today = tokyo_day(self.now)
        plain: dict[str, object] = {
            "name": "冬の湯めぐり",
            "name_en": "Winter baths",
            "min_spend": 1_000,
            "first_day": today,
            "last_day": today + timedelta(days=30),
            "pieces": 100,
            "per_person": 2,
            "shops": None,
            "shares": (Share("association", 100),),
            "lands_in": self.series_id,
        }
        return NewCoupon(amount_off=amount_off, **(plain | changes))  # type: ignore[arg-type]

    def proposal_of(self, coupon_id: int) -> int:
        """The number of the proposal that brought this coupon."""
        [terms] = association.queries.coupon_terms(self.session, self.district_id, [coupon_id])
        return terms.proposal_id

    def ends_coupon(self, coupon_id: int, reason: str = "予算がなくなった") -> None:
        """The approver ends it before its time."""
        association.commands.end_coupon(self.session, self.approver().who, coupon_id, reason=reason, now=self.now)

    def coupon_row(self, coupon_id: int) -> association.queries.ListedCoupon:
        """The coupon as the desk sees it, with its figures from the book."""
        return association.queries.listed_coupon(self.session, self.approver().who, coupon_id, now=self.now)

    # vouchers

    def voucher(self, **changes: object) -> int:
        """A campaign that a second person has approved: pay 10,000, get 13,000; a hundred units, three a person, the town pays."""
        voucher_id = self.proposed_voucher(**changes)
        [terms] = association.queries.voucher_terms(self.session, self.district_id, [voucher_id])
        self.approver().signs_in_again().approves(terms.proposal_id)
        return voucher_id

    def proposed_voucher(self, *, key: UUID | None = None, **changes: object) -> int:
        """The same, as long as it waits for its second person."""
        new = self.voucher_terms(**changes)
        return association.commands.propose_voucher(self.session, self.clerk().signs_in_again().who, new, key=key or uuid4(), now=self.now)

    def voucher_terms(self, **changes: Any) -> NewVoucher:
        """What the clerk writes down of a campaign."""
        today = tokyo_day(self.now)
        plain: dict[str, Any] = {
            "name": "湯けむり商品券",
            "name_en": "Steam voucher",
            "price": 10_000,
            "face": 13_000,
            "units": 100,
            "per_person": 3,
            "sale_first_day": today,
            "sale_last_day": today + timedelta(days=20),
            "last_day": today + timedelta(days=90),
            "shops": "all",
            "trades": (),
            "shares": (Share("funder", 100, "灯ノ沢町"),),
            "unspent_to": "association",
        } | changes
        plain.setdefault("budget", max((plain["face"] - plain["price"]) * plain["units"], 1))
        return NewVoucher(**plain)

    def units(self, voucher_id: int) -> ledger.queries.Units:
        """How many units of a campaign are in stock and sold."""
        terms = association.queries.one_voucher(self.session, self.district_id, voucher_id)
        return ledger.queries.units(self.session, self.district_id)[terms.units_series_id]

    def figures(self, voucher_id: int) -> association.queries.VoucherFigures:
        """What the book says of a campaign now."""
        return association.queries.voucher_account(self.session, self.clerk().who, voucher_id, now=self.now).figures

    # points

    def points(self, **changes: object) -> int:
        """A programme that a second person has approved: one point for each 100 yen, spendable after 7 days, paid by the association."""
        programme_id = self.proposed_points(**changes)
        terms = association.queries.one_programme(self.session, self.district_id, programme_id)
        self.approver().signs_in_again().approves(terms.proposal_id)
        return programme_id

    def proposed_points(self, *, key: UUID | None = None, **changes: object) -> int:
        """The same, as long as it waits for its second person."""
        who = self.clerk().signs_in_again().who
        return association.commands.propose_points(self.session, who, self.point_terms(**changes), key=key or uuid4(), now=self.now)

    def point_terms(self, **changes: Any) -> NewPoints:
        """What the clerk writes down of a programme."""
        plain: dict[str, Any] = {
            "name": "湯けむりポイント",
            "name_en": "Steam points",
            "rate_yen": 100,
            "rate_points": 1,
            "rounding": "down",
            "pending_days": 7,
            "months": 6,
            "first_day": tokyo_day(self.now),
            "last_day": None,
            "shares": (Share("association", 100),),
            "expired_to": "payer",
        }
        return NewPoints(**(plain | changes))

    def point_campaign(self, **changes: Any) -> int:
        """A campaign that a second person has approved: three times the points, everywhere, this month and the next, the town pays."""
        today = tokyo_day(self.now)
        plain: dict[str, Any] = {
            "name": "3倍の月",
            "name_en": "Triple month",
            "extra": 200,
            "first_day": today,
            "last_day": today + timedelta(days=60),
            "weekdays": 127,
            "shops": None,
            "budget": 1_000,
            "shares": (Share("funder", 100, "灯ノ沢町"),),
        }
        new = NewCampaign(**(plain | changes))
        campaign_id = association.commands.propose_campaign(self.session, self.clerk().signs_in_again().who, new, key=uuid4(), now=self.now)
        self.approver().signs_in_again().approves(self.campaign(campaign_id).terms.proposal_id)
        return campaign_id

    def campaign(self, campaign_id: int) -> association.queries.ListedCampaign:
        """A campaign as the desk sees it."""
        who = self.approver().signs_in_again().who
        return association.queries.listed_campaign(self.session, who, campaign_id, now=self.now)

    def point_event(self, **changes: Any) -> association.queries.EventTerms:
        """Points for taking part that a second person has approved: 50 each, for three people, paid by the town."""
        today = tokyo_day(self.now)
        plain: dict[str, Any] = {
            "name": "朝の清掃",
            "name_en": "Morning cleaning",
            "points": 50,
            "most": 3,
            "first_day": today,
            "last_day": today + timedelta(days=30),
            "shares": (Share("funder", 100, "灯ノ沢町"),),
        }
        new = NewEvent(**(plain | changes))
        number = association.commands.propose_event(self.session, self.clerk().signs_in_again().who, new, key=uuid4(), now=self.now)
        self.approver().signs_in_again().approves(self.event(number).terms.proposal_id)
        return self.event(number).terms

    def event(self, event_id: int) -> association.queries.ListedEvent:
        """An event as the desk sees it."""
        return association.queries.listed_event(self.session, self.approver().signs_in_again().who, event_id, now=self.now)

    def gives_points(self) -> None:
        """What the worker does every few seconds, until nothing is left to do."""
        self.seals()
        while association.commands.work_points(self.session, now=self.now):
            self.seals()

    def programme(self, programme_id: int) -> association.queries.ProgrammePage:
        """A programme as the desk sees it, with its figures from the book."""
        who = self.approver().signs_in_again().who
        return association.queries.programme_page(self.session, who, programme_id, now=self.now)

    def is_days_after(self, moment: datetime, days: int) -> None:
        """Move the clock to the morning so many days after this moment's, and let the worker do what is due then."""
        self.clock.now = day_bounds(tokyo_day(moment) + timedelta(days=days))[0] + timedelta(hours=9)  # type: ignore[attr-defined]
        self.gives_points()

    # paying shops

    def settles_by(self, **changes: object) -> None:
        """Terms of settlement: month end, paid 15 days later or on the next bank day, no fee, unless `changes` say otherwise."""
        plain: dict[str, object] = {
            "closing": "month_end",
            "weekday": 0,
            "pay_after_days": 15,
            "shift": "next",
            "fee_bp": 0,
            "registration_number": None,
        }
        terms = NewTerms(**(plain | changes))  # type: ignore[arg-type]
        administrator = self.another_clerk("administrator", nickname="藤代")
        association.commands.set_settlement_terms(self.session, administrator.who, terms, now=self.now)

    def month_passes(self) -> date:
        """Move the clock to the morning after this month's last day, and give that day. What was paid so far lies before it."""
        first = (tokyo_day(self.now).replace(day=1) + timedelta(days=32)).replace(day=1)
        self.clock.now = day_bounds(first)[0] + timedelta(hours=9)  # type: ignore[attr-defined]
        return first - timedelta(days=1)

    def codes(self, batch_id: int) -> list[str]:
        """What is printed on the sheet of a batch."""
        return [each.code for each in association.queries.codes_to_print(self.session, self.clerk().who, batch_id, 1)]

    def issued(self, pieces: int = 3, face_value: int = 1_000, **changes: Any) -> tuple[int, list[str]]:
        """A batch of top-up codes that two people issued: its number and its codes."""
        batch_id = self.clerk().proposes_codes(pieces, face_value, **changes)
        self.approver().approves(self.batch(batch_id).proposal_id)
        return batch_id, self.codes(batch_id)

    def batch(self, batch_id: int) -> association.queries.Batch:
        return association.queries.batch(self.session, self.clerk().who, batch_id, now=self.now)

    # the book

    def holds(self, role: str, owner_id: int = 0, series_id: int = 0) -> int:
        """What stands on one of the association's own accounts, on its natural side."""
        account = ledger.queries.account_id(self.session, self.district_id, role, owner_id, series_id)
        return 0 if account is None else ledger.queries.balance(self.session, self.district_id, account)

    def difference(self) -> int:
        """Debits less credits over the whole book: always 0."""
        return sum(row.debit - row.credit for row in ledger.queries.trial_balance(self.session, self.district_id))


@dataclass
class Consumer:
    """花子: holds coins and pays."""

    town: Town
    person_id: int
    who: Principal

    def coins(self, series_id: int | None = None) -> int:
        """What stands on the account now, holds included."""
        held = ledger.queries.balances(self.town.session, self.town.district_id, "consumer", self.person_id)
        return sum(one.balance for one in held if one.series.id == (series_id or self.town.series_id))

    def points(self) -> int:
        """Points that can be spent."""
        held = ledger.queries.balances(self.town.session, self.town.district_id, "consumer", self.person_id)
        return sum(one.balance for one in held if one.series.is_points)

    def takes_part(self, code: str, choice: int | None = None) -> Posted:
        """もらう on the page that a poster leads to."""
        return association.commands.take_part(self.town.session, self.who, code, choice=choice, now=self.town.now)

    def receipt_points(self, receipt: wallet.queries.Receipt) -> int:
        """Points that the done page of a payment says it earns."""
        earned = wallet.queries.earned_by(self.town.session, self.who, receipt)
        return 0 if earned is None else earned.points

    def pending_points(self) -> int:
        """Points that wait until the refund window is over."""
        held = ledger.queries.balances(self.town.session, self.town.district_id, "point_pending", self.person_id)
        return sum(one.balance for one in held)

    def claims(self, coupon_id: int, *, key: UUID | None = None) -> Posted:
        """もらう: one piece."""
        return wallet.commands.claim_coupon(self.town.session, self.who, Claim(coupon_id, key or uuid4()), now=self.town.now)

    def pieces(self, coupon_id: int) -> int:
        """How many of this coupon are in the wallet."""
        return self.coins(coupon_id)

    def coupons(self) -> wallet.queries.MyCoupons:
        """What the page クーポン shows."""
        return wallet.queries.my_coupons(self.town.session, self.who, now=self.town.now)

    def plans(self, whom: Asked | Shop, amount: int | None = None, *, coupon: wallet.queries.CouponChoice = "best") -> wallet.queries.Plan:
        """What the confirm page shows."""
        session, who, now = self.town.session, self.who, self.town.now
        if isinstance(whom, Shop):
            assert amount is not None, "at a printed code the consumer types the amount"
            return wallet.queries.plan_for(session, who, whom.place(), amount, coupon=coupon, now=now)
        shop, asked = wallet.queries.target_of_request(session, who, whom.id, now=now)
        return wallet.queries.plan_for(session, who, shop, asked.amount, asked=asked, coupon=coupon, now=now)

    def pays(
        self,
        whom: Asked | Shop,
        amount: int | None = None,
        *,
        key: UUID | None = None,
        pin: str | None = None,
        shown: str | None = None,
        coupon: int | None = None,
    ) -> wallet.queries.Receipt:
        """Pay a request that is waiting, or type the amount at a shop's printed code."""
        if isinstance(whom, Shop):
            assert amount is not None, "at a printed code the consumer types the amount"
            target: ToShop | ToRequest = ToShop(whom.public_number)
        else:
            target, amount = ToRequest(whom.id), whom.amount if amount is None else amount
        order = Pay(target, amount, key or uuid4(), shown=shown, pin=pin, coupon=coupon)
        return self.receipt(wallet.commands.pay(self.town.session, self.who, order, now=self.town.now))

    def pays_request(self, request_id: UUID, amount: int) -> wallet.queries.Receipt:
        """Pay a request of which only the number is known."""
        order = Pay(ToRequest(request_id), amount, uuid4())
        return self.receipt(wallet.commands.pay(self.town.session, self.who, order, now=self.town.now))

    def receipt(self, paid: Posted) -> wallet.queries.Receipt:
        """What the done page shows."""
        return wallet.queries.payment(self.town.session, self.who, paid.transaction_id, now=self.town.now)

    def consents(self, *, pin: str | None = None) -> wallet.queries.Receipt:
        """Say yes to what the phone is asking."""
        asked = wallet.queries.waiting_consent(self.town.session, self.who, now=self.town.now)
        assert asked is not None, "nobody asks"
        return self.receipt(wallet.commands.consent_to(self.town.session, self.who, asked.id, pin=pin, now=self.town.now))

    def shows_code(self) -> wallet.commands.ShownCode:
        """The one-time code on the phone."""
        return wallet.commands.show_code(self.town.session, self.who, now=self.town.now)

    def redeems(self, code: str, *, key: UUID | None = None) -> Posted:
        """Type a top-up code."""
        return association.commands.redeem_code(self.town.session, self.who, code, key or uuid4(), now=self.town.now)

    def sets_pin(self, pin: str) -> None:
        identity.commands.set_pin(self.town.session, self.who, pin, now=self.town.now)

    def signs_in_again(self, *, way: str = "demo") -> Consumer:
        """The same person on another device."""
        return Consumer(self.town, self.person_id, self.town.signs_in(self.person_id, way=way))


@dataclass(frozen=True)
class PaperCard:
    """What stands on a card: its QR and its number. `id`: 0 while it is nobody's."""

    id: int
    text: str
    number: str

    def as_read(self, town: Town) -> Blank:
        """The blank card, as a clerk has read it."""
        seen = wallet.commands.card_at_counter(town.session, town.clerk().who, self.text, now=town.now)
        return Blank(seen.id, seen.number)


@dataclass
class CardHolder(Consumer):
    """山田さん: has no phone and never signs in; shows a card."""

    card: PaperCard


@dataclass
class Shop:
    """みなと屋: asks for money, takes it, gives it back. `owner` is its owner, signed in."""

    town: Town
    id: int
    public_number: str
    owner: Principal
    _till: Till | None = field(default=None, repr=False)

    def asks(self, amount: int, *, key: UUID | None = None) -> Asked:
        """A request at the shop's first tablet."""
        return self.till().asks(amount, key=key)

    def place(self) -> merchant.queries.Shop:
        """The shop as everybody sees it."""
        return merchant.queries.merchant(self.town.session, self.town.district_id, self.id)

    def taken(self) -> int:
        """What the book owes the shop now."""
        held = ledger.queries.balances(self.town.session, self.town.district_id, "payable", self.id)
        return sum(one.balance for one in held)

    def refunds(self, transaction_id: int, amount: int, *, key: UUID | None = None, reason: str = "返品") -> Refunded:
        """The owner gives back `amount` of a payment."""
        order = Refund(transaction_id, amount, reason, key or uuid4())
        return merchant.commands.refund(self.town.session, self.owner, order, now=self.town.now)

    def till(self) -> Till:
        """The shop's first tablet, paired when it is first needed."""
        if self._till is None:
            self._till = self.another_till("レジ1")
        return self._till

    def another_till(self, name: str = "レジ2") -> Till:
        """Pair one more tablet with a code from the owner's page."""
        session, now = self.town.session, self.town.now
        code = merchant.commands.make_pair_code(session, self.owner, self.id, name, now=now)
        newcomer = identity.queries.nobody(self.town.district_id, address=f"192.0.2.{next(_numbers) % 250 + 1}")
        paired = merchant.commands.pair_till(session, newcomer, code.code, now=now)
        return Till(self.town, self, paired.till.id, paired.token)

    def hires(self, name: str = "レジ係", *, role: str = "cashier", pin: str = CASHIER_PIN) -> int:
        """A member of staff with a PIN; gives their number."""
        new = NewStaff(name, role, pin)
        return merchant.commands.add_staff(self.town.session, self.owner, self.id, new, now=self.town.now).id

    def is_agent(self, daily_max: int = 100_000) -> Shop:
        """Two people switched it on to sell coin."""
        new = NewAgent(self.id, daily_max, "フロントで売りたい")
        number = association.commands.propose_agent(self.town.session, self.town.clerk().who, new, now=self.town.now)
        self.town.approver().approves(number)
        return self

    def is_no_agent(self, reason: str = "担当者が替わった") -> None:
        association.commands.end_agent(self.town.session, self.town.approver().who, self.id, reason=reason, now=self.town.now)

    def debt(self) -> int:
        """Cash that it took for coin and has not handed over."""
        return self.sales().debt

    def sales(self) -> association.queries.AgentStanding:
        """How it stands as an agent."""
        return association.queries.agent(self.town.session, self.town.district_id, self.id, now=self.town.now)

    def is_suspended(self, reason: str = "苦情の確認") -> None:
        association.commands.suspend_shop(self.town.session, self.town.approver().who, self.id, reason=reason, now=self.town.now)

    def is_resumed(self, reason: str = "確認が済んだ") -> None:
        association.commands.resume_shop(
            self.town.session, self.town.another_clerk("approver").who, self.id, reason=reason, now=self.town.now
        )


@dataclass
class Till:
    """端末: a paired tablet. `token` is what its cookie `meguri_till` carries."""

    town: Town
    shop: Shop
    id: int
    token: str

    @property
    def who(self) -> Principal:
        return identity.queries.principal_for_till(
            self.town.session, self.token, self.town.now, district_id=self.town.district_id, address="192.0.2.9"
        )

    def asks(self, amount: int, *, key: UUID | None = None) -> Asked:
        return merchant.commands.ask(self.town.session, self.who, Ask(amount, key or uuid4()), now=self.town.now)

    def cancels(self, asked: Asked) -> Asked:
        return merchant.commands.cancel_ask(self.town.session, self.who, asked.id, now=self.town.now)

    def scans(self, code: str, amount: int, *, key: UUID | None = None) -> wallet.commands.Taken | wallet.queries.ConsentView:
        """Read the consumer's one-time code (its text or its digits) and take `amount`."""
        return wallet.commands.pay_by_code(self.town.session, self.who, PayByCode(code, amount, key or uuid4()), now=self.town.now)

    def scans_card(
        self, card: PaperCard | CardHolder, amount: int, *, pin: str | None = None, key: UUID | None = None, typed: bool = False
    ) -> wallet.commands.Taken:
        """Read a card (`typed`: its number instead of its QR) and take `amount`, with the PIN if the holder typed one."""
        paper = card.card if isinstance(card, CardHolder) else card
        order = PayByCode(paper.number if typed else paper.text, amount, key or uuid4(), pin)
        taken = wallet.commands.pay_by_code(self.town.session, self.who, order, now=self.town.now)
        assert isinstance(taken, wallet.commands.Taken), taken
        return taken

    def sells(self, consumer: Consumer, amount: int, *, staff_id: int, pin: str = CASHIER_PIN, key: UUID | None = None) -> TopUpReceipt:
        """Coin for cash, at an agent's tablet; the customer's code was read before."""
        order = SellCoin(consumer.person_id, self.town.series_id, amount, key or uuid4(), staff_id, pin)
        return association.commands.sell_coin(self.town.session, self.who, order, now=self.town.now)

    def undoes(self, transaction_id: int, *, staff_id: int, pin: str = CASHIER_PIN, key: UUID | None = None) -> Posted:
        """Take a sale of coin back."""
        order = UndoSale(transaction_id, "金額の打ち間違い", key or uuid4(), staff_id, pin)
        return association.commands.undo_sale(self.town.session, self.who, order, now=self.town.now)

    def refunds(self, transaction_id: int, amount: int, *, staff_id: int, pin: str, key: UUID | None = None) -> Refunded:
        order = Refund(transaction_id, amount, "返品", key or uuid4(), staff_id=staff_id, pin=pin)
        return merchant.commands.refund(self.town.session, self.who, order, now=self.town.now)


@dataclass
class Clerk:
    """The association's people, by what they do at the desk."""

    town: Town
    person_id: int
    who: Principal

    def tops_up(
        self, consumer: Consumer, amount: int, *, received: int | None = None, series_id: int | None = None, key: UUID | None = None
    ) -> TopUpReceipt:
        """Take cash and book coin. `received`: what was handed over, exactly the amount if not said."""
        order = TopUp(
            person_id=consumer.person_id,
            series_id=series_id or self.town.series_id,
            amount=amount,
            received=amount if received is None else received,
            key=key or uuid4(),
        )
        return association.commands.top_up(self.town.session, self.who, order, now=self.town.now)

    def sells(
        self, consumer: Consumer, voucher_id: int, units: int = 1, *, received: int | None = None, key: UUID | None = None
    ) -> VoucherSold:
        """Take cash, exactly the price if not said, and book vouchers."""
        terms = association.queries.one_voucher(self.town.session, self.town.district_id, voucher_id)
        order = SellVoucher(voucher_id, consumer.person_id, units, terms.price * units if received is None else received, key or uuid4())
        return association.commands.sell_voucher(self.town.session, self.who, order, now=self.town.now)

    def cash(self) -> int:
        """What is in this clerk's drawer."""
        account = ledger.queries.account_id(self.town.session, self.town.district_id, "drawer", self.person_id, 0)
        return 0 if account is None else ledger.queries.balance(self.town.session, self.town.district_id, account)

    def signs_in_again(self) -> Clerk:
        """The same person in a fresh session: a desk's are short."""
        return Clerk(self.town, self.person_id, self.town.signs_in(self.person_id))

    def submits(self, closes_on: date, *, without: frozenset[int] = frozenset()) -> association.queries.Run:
        """Put the run of a closing day before somebody else."""
        run_id = association.commands.submit_run(self.town.session, self.who, closes_on, without=without, now=self.town.now)
        return self.sees_run(run_id)

    def sees_run(self, run_id: int) -> association.queries.Run:
        return association.queries.run(self.town.session, self.who, run_id)

    def approves(self, proposal_id: int) -> list[Posted]:
        """Approve what another person proposed."""
        return association.commands.approve(self.town.session, self.who, proposal_id, now=self.town.now)

    def declines(self, proposal_id: int, reason: str = "金額を確かめる") -> None:
        association.commands.decline(self.town.session, self.who, proposal_id, reason=reason, now=self.town.now)

    def says_paid(self, run_id: int, paid_on: date) -> int:
        """Say that the bank has paid a run; gives the proposal that somebody else confirms."""
        return association.commands.submit_payout(self.town.session, self.who, run_id, paid_on=paid_on, now=self.town.now)

    def releases(self, account_id: int, *, to_person: bool, key: UUID | None = None) -> int:
        """Propose what becomes of a refund that waits in suspense."""
        order = ReleaseSuspense(account_id, to_person, "本人に連絡した", key or uuid4())
        return association.commands.propose_release(self.town.session, self.who, order, now=self.town.now)

    def finds(
        self, clerk: Clerk, counted: int | Mapping[int, int], *, stays: int = 0, reason: str = "", key: UUID | None = None
    ) -> CloseDrawer:
        """What stands on the page when another clerk's drawer was counted: nothing is booked yet. A sum is in few notes."""
        pieces = broken_down(counted) if isinstance(counted, int) else counted
        last = last_count(self.town.session, self.town.district_id, clerk.person_id)
        return CloseDrawer(clerk.person_id, pieces, stays, clerk.cash(), last.id if last else 0, key or uuid4(), reason)

    def counts(self, clerk: Clerk, counted: int | Mapping[int, int], **words: Any) -> DrawerClosed:
        """Count another clerk's drawer and carry all but what `stays` to the safe."""
        return self.closes(self.finds(clerk, counted, **words))

    def closes(self, closing: CloseDrawer) -> DrawerClosed:
        """Press the button of a count."""
        return association.commands.close_drawer(self.town.session, self.who, closing, now=self.town.now)

    def hands_float(self, clerk: Clerk, amount: int, *, key: UUID | None = None) -> Posted:
        """Change for the morning, from the safe into another clerk's drawer."""
        order = HandOutFloat(clerk.person_id, amount, key or uuid4())
        return association.commands.hand_out_float(self.town.session, self.who, order, now=self.town.now)

    def asks_for_large(self, consumer: Consumer, amount: int, *, note: str = "団体の旅行", key: UUID | None = None) -> int:
        """Lay a top-up before a second person; gives the proposal's number."""
        wanted = TopUp(consumer.person_id, self.town.series_id, amount, amount, key or uuid4())
        return association.commands.propose_large_top_up(self.town.session, self.who, LargeTopUp(wanted, note), now=self.town.now)

    def takes_from(self, shop: Shop, amount: int, *, key: UUID | None = None) -> Posted:
        """An agent brings cash to this clerk's counter."""
        order = AgentPaysIn(shop.id, amount, key or uuid4())
        return association.commands.take_agent_cash(self.town.session, self.who, order, now=self.town.now)

    def proposes_codes(self, pieces: int = 3, face_value: int = 1_000, *, key: UUID | None = None, **changes: Any) -> int:
        """Lay a batch of top-up codes before a second person; gives the batch's number."""
        usual: dict[str, Any] = {
            "series_id": self.town.series_id,
            "paid_from": "safe",
            "last_day": tokyo_day(self.town.now) + timedelta(days=90),
            "note": "夏祭り",
        }
        new = NewBatch(face_value=face_value, pieces=pieces, key=key or uuid4(), **(usual | changes))
        return association.commands.propose_codes(self.town.session, self.who, new, now=self.town.now)

    def cancels_codes(self, batch_id: int, place: int | None = None, *, key: UUID | None = None) -> int:
        """Lay before a second person that a code, or the rest of a batch, ends; gives the proposal's number."""
        order = CancelCodes(batch_id, place, "紛失した", key or uuid4())
        return association.commands.propose_code_cancel(self.town.session, self.who, order, now=self.town.now)


@contextmanager
def founded(town: Town, superuser: Engine) -> Iterator[Town]:
    """Its district until the test is over."""
    yield town
    town.close()
    leaves_the_list(superuser, town.district_id)


@pytest.fixture
def district(engine: Engine, clock: Clock, session_info: dict[str, object], superuser: Engine) -> Iterator[Town]:
    """A fresh district with one coin series, あかりコイン, that begins today."""
    with founded(Town(engine, clock, session_info).opens(), superuser) as town:
        yield town


@pytest.fixture
def other_district(engine: Engine, clock: Clock, session_info: dict[str, object], superuser: Engine) -> Iterator[Town]:
    """A second district: nothing of the first may work here."""
    with founded(Town(engine, clock, session_info).opens(), superuser) as town:
        yield town


@pytest.fixture
def bare_district(engine: Engine, clock: Clock, session_info: dict[str, object], superuser: Engine) -> Iterator[Town]:
    """A district on its very first day: people, and nothing else."""
    with founded(Town(engine, clock, session_info), superuser) as town:
        yield town


@contextmanager
def behind_the_doors(superuser: Engine, does: str, undoes: str, **values: object) -> Iterator[None]:
    """What whoever owns the machine could do to the books; put right afterwards, since other tests prove the books of all districts."""
    for sql in (does, undoes):
        with superuser.begin() as connection:
            connection.execute(text("SET LOCAL session_replication_role = replica"))
            connection.execute(text(sql), values)
        if sql == does:
            yield
