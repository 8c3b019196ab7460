"""A district of its own, with its people."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any, TypeVar
from uuid import UUID, uuid4

from sqlalchemy import Engine
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
    NewCampaign,
    NewCoupon,
    NewEvent,
    NewPoints,
    NewSeries,
    NewTerms,
    NewVoucher,
    Share,
)
from base.clock import Clock, day_bounds, tokyo_day
from base.db import atomic
from base.errors import MeguriError
from identity.commands import Browser, NewDistrict, NewPerson
from identity.queries import Principal
from ledger.errors import DrawerFull
from ledger.sealer import SealKeys, seal
from merchant.commands import NewShop
from tests.town.cards import PaperCard
from tests.town.desk import Clerk
from tests.town.known import CARD_PIN, NOTICE, SEAL_SEED
from tests.town.people import CardHolder, Consumer
from tests.town.shops import Shop, Till
from wallet.commands import GiveCard

if TYPE_CHECKING:
    pass


T = TypeVar("T")


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
