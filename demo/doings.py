"""What goes on in the town besides paying: vouchers that are sold and that were, a benefit, announcements, registers, a base date's report.

Each is made once, the first time that the town is furnished, and left to whoever plays afterwards. Days lie before `now`.
"""

from __future__ import annotations

import time as pause
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random
from uuid import UUID, uuid5

from sqlalchemy.orm import Session

import association.commands
import association.queries
import ledger.commands
import ledger.queries
import merchant.commands
import merchant.queries
import wallet.commands
from association.commands import NamedLine, NewBenefit, NewVoucher, Share
from association.errors import LogBehind
from association.queries import Audience, VoucherTerms, Words
from base.clock import TOKYO, tokyo_day
from base.db import atomic
from base.errors import MeguriError
from demo.almanac import days
from demo.cast import APPROVER, ISSUER, Named, resident
from demo.joining import join
from demo.opening import Town
from demo.people import YEAR, people
from demo.town import SEED
from identity.queries import Principal
from ledger.commands import Draft, Line, hash_command, transfer

NAMESPACE = UUID("9b0b7a52-51c8-4f0c-8d5e-2f6d0c7b6a11")
BUYERS = 60
"""The first residents of the town: they buy the vouchers, and the benefit is for them."""
LARGE = ("さわやストア", "灯ノ沢薬局")
TOWN = "灯ノ沢町"


@dataclass(frozen=True, slots=True)
class Planned:
    """A campaign by days from today. `bought`, `spent`: share of people who buy, and of what they bought that is spent, in percent."""

    name: str
    name_en: str
    price: int
    face: int
    units: int
    sale_first: int
    sale_last: int
    last: int
    bought: int
    spent: int


CAMPAIGNS = (
    Planned("湯けむり応援券（秋）", "Steam voucher, autumn", 5_000, 6_000, 300, -120, -95, -12, 90, 88),
    Planned("湯の町 一年券", "One-year voucher", 5_000, 5_500, 300, -230, -200, 120, 70, 55),
    Planned("湯けむり商品券", "Steam voucher", 10_000, 13_000, 400, -18, 20, 75, 80, 42),
)
"""One that is over, so that what was never used is expired and the town is billed; one that lives longer than six months, so that the
law's base dates count it; one that is on sale."""

TAKEN = (("湯めぐり 町歩き", 1_100), ("はじめましての一杯", 700))
"""Coupons that residents have taken, and about what they pay with them."""

COMPLAINTS = (
    (34, "counter", "お釣りが出ないことを知らずに支払ったと言われました。", "表示の場所を案内し、納得されました。"),
    (21, "phone", "機種変更のあと、残高が見えないとのこと。", "回復コードで戻れました。"),
    (9, "shop", "QRの紙が汚れて読めないとのこと。", "掲示物を印刷して届けました。"),
    (2, "phone", "商品券が使えるお店の一覧がほしいとのこと。", None),
)
CONTRACTORS = (
    ("灯ノ沢印刷所", "カードと掲示物の印刷", "なし"),
    ("ゆの町システム（架空）", "サーバーの運用", "会員のメールアドレス"),
)
TOLD = (
    (
        Words(
            "湯けむり商品券の販売を始めました",
            "10,000円で 13,000円分。案内所と朝霧の湯の番台で買えます。お一人3口までです。",
            "The steam voucher is on sale",
            "Pay 10,000 yen, get 13,000. At the information office and at the bath's counter, up to three a person.",
        ),
        18,
    ),
    (
        Words(
            "湯まつりの日は、河鹿の湯が夜11時まで開いています",
            "いつものコインで入れます。",
            "On the day of the festival Kajika bath is open until eleven",
            "Pay with coin as always.",
        ),
        6,
    ),
)
LATE_TRIES, LATE_S = 20, 3.0
"""A report needs a signed log up to its day: so often, and so long after one another, it is tried once the year is booked."""


def go_on(session: Session, town: Town, *, now: datetime) -> None:
    """Everything but the report. A few seconds the first time, next to nothing the next."""
    here = {one.terms.name for one in association.queries.listed_vouchers(session, _as(town, ISSUER), now=now)}
    missing = [planned for planned in CAMPAIGNS if planned.name not in here]
    folk = residents(session, town) if missing else []
    if len(missing) == len(CAMPAIGNS):
        _sizes(session, town, now=now)
    for planned in missing:
        with atomic(session):
            _campaign(session, town, planned, folk, now=now)
    if folk and not association.queries.benefits(session, _as(town, ISSUER)):
        _benefit(session, town, folk, now=now)
    if folk:
        _coupons_used(session, town, folk, now=now)
    for words, ago in TOLD:
        at, key = now - timedelta(days=ago), uuid5(NAMESPACE, f"{town.district_id} told {words.title}")
        association.commands.announce(session, _as(town, ISSUER), Audience("all"), words, key=key, now=at)
    _registers(session, town, now=now)


def report_base_date(session: Session, town: Town, *, now: datetime, rest: Callable[[float], None] = pause.sleep) -> bool:
    """The report of the last base date that the town has seen, once its log is signed; whether it is there."""
    day = _base_date(tokyo_day(now))
    if day <= town.first_day:
        return False
    for _ in range(LATE_TRIES):
        try:
            association.commands.freeze_report(session, _as(town, APPROVER), day, now=now)
        except LogBehind:
            rest(LATE_S)
        except MeguriError:
            return False
        else:
            return True
    return False


def _base_date(today: date) -> date:
    """31 March or 30 September, the last that is over."""
    return max(day for year in (today.year - 1, today.year) for day in (date(year, 3, 31), date(year, 9, 30)) if day < today)


def _as(town: Town, one: Named) -> Principal:
    return Principal(town.district_id, town.people[one.mailbox], None, one.roles, address="demo")


def residents(session: Session, town: Town) -> list[int]:
    """The same people whom the year brings in, found again by their address."""
    came = _at(town.first_day, 9)
    folk = people(list(days(town.first_day, town.first_day + timedelta(days=YEAR - 1), SEED)), SEED)[:BUYERS]
    with atomic(session):
        return [join(session, town.district_id, resident(one.number, one.nickname), now=came) for one in folk]


def _sizes(session: Session, town: Town, *, now: datetime) -> None:
    """Two shops are large: some vouchers are not for them, and a rehearsal tells them apart."""
    for shop in merchant.queries.shops(session, town.district_id):
        if shop.name in LARGE:
            association.commands.classify_shop(session, _as(town, ISSUER), shop.id, size="large", now=now)


def _at(day: date, hour: int, minute: int = 10) -> datetime:
    return datetime.combine(day, time(hour, minute), TOKYO)


def _campaign(session: Session, town: Town, planned: Planned, folk: list[int], *, now: datetime) -> None:
    """Proposed and approved before its first day, sold day by day, and spent as people do: soon, and then hardly any more."""
    today, rng = tokyo_day(now), Random(planned.name)
    first, sale_last, last = (today + timedelta(days=each) for each in (planned.sale_first, planned.sale_last, planned.last))
    before = _at(first - timedelta(days=3), 10)
    new = NewVoucher(
        name=planned.name,
        name_en=planned.name_en,
        price=planned.price,
        face=planned.face,
        units=planned.units,
        per_person=3,
        budget=(planned.face - planned.price) * planned.units,
        sale_first_day=first,
        sale_last_day=sale_last,
        last_day=last,
        shops="all",
        trades=(),
        shares=(Share("funder", 100, TOWN),),
        unspent_to="association",
    )
    key = uuid5(NAMESPACE, f"{town.district_id} {planned.name}")
    with atomic(session):  # what was proposed long ago would expire before it is approved
        number = association.commands.propose_voucher(session, _as(town, ISSUER), new, key=key, note="町の補助金による", now=before)
        [terms] = association.queries.voucher_terms(session, town.district_id, [number])
        association.commands.approve(session, _as(town, APPROVER), terms.proposal_id, now=before, posted_at=before + timedelta(hours=5))
    sold_until, spent_until = min(sale_last, today - timedelta(days=1)), min(last, today - timedelta(days=1))
    books = _Books(session, town, terms, key)
    for place, person_id in enumerate(folk):
        if rng.randrange(100) >= planned.bought:
            continue
        units, day = rng.choice((1, 1, 2, 3)), first + timedelta(days=rng.randint(0, (sold_until - first).days))
        books.sell(place, person_id, units, _at(day, rng.randint(9, 17), rng.randrange(60)))
        spends = units * planned.face * planned.spent // 100
        for turn in range(12):
            amount = min(rng.choice((480, 650, 800, 1_080, 1_280, 2_160)), spends)
            if amount < 100 or day >= spent_until:
                break
            day = day + timedelta(days=rng.randint(1, max(1, (spent_until - day).days // 4)))
            books.pay(place, turn, person_id, amount, _at(day, rng.randint(10, 19), rng.randrange(60)), rng)
            spends -= amount
    books.to_the_bank(_at(min(sale_last + timedelta(days=1), today - timedelta(days=1)), 20))


class _Books:
    """What a campaign writes into the book, at moments that are over."""

    def __init__(self, session: Session, town: Town, terms: VoucherTerms, key: UUID) -> None:
        self._session, self._town, self._terms, self._key = session, town, terms, key
        self._clerk = town.people[ISSUER.mailbox]
        self._cash = 0
        self._drawer, self._safe = (
            ledger.commands.open_account(session, town.district_id, role, owner, 0)
            for role, owner in (("drawer", self._clerk), ("safe", 0))
        )
        self._units = [
            ledger.commands.open_account(session, town.district_id, role, 0, terms.units_series_id)
            for role in ("voucher_stock", "voucher_sold")
        ]
        self._shops = [
            (shop, merchant.commands.payable_account(session, town.district_id, shop.id, terms.id))
            for shop in merchant.queries.shops(session, town.district_id, states=("open",))
        ]

    def _post(self, kind: str, name: str, lines: tuple[Line, ...], facts: dict[str, str | int | None], at: datetime) -> None:
        key = uuid5(self._key, name)
        draft = Draft(kind, key, hash_command("demo.doings", str(key)), lines, facts, posted_at=at)
        ledger.commands.post(self._session, self._town.district_id, draft)

    def _purse(self, person_id: int) -> int:
        return ledger.commands.open_account(self._session, self._town.district_id, "consumer", person_id, self._terms.id)

    def sell(self, place: int, person_id: int, units: int, at: datetime) -> None:
        """Units against cash, which somebody else counts and carries to the safe the same evening."""
        terms, cash = self._terms, self._terms.price * units
        self._cash += cash
        lines = (
            Line(self._drawer, cash),
            Line(terms.premium_account_id, terms.premium * units),
            Line(self._purse(person_id), -terms.face * units),
            *transfer(self._units[0], self._units[1], units),
        )
        notice = association.queries.current_version(self._session, self._town.district_id)
        facts: dict[str, str | int | None] = {"way": "counter", "staff": self._clerk, "received": cash, "voucher": terms.id, "units": units}
        self._post("voucher_sale", f"sale {place}", lines, facts | {"notice": notice}, at)
        counted: dict[str, str | int | None] = {"staff": self._clerk, "counted_by": self._town.people[APPROVER.mailbox], "short": 0}
        self._post("drawer_close", f"count {place}", transfer(self._safe, self._drawer, cash), counted, at + timedelta(hours=1))

    def to_the_bank(self, at: datetime) -> None:
        """What was taken for all of it, from the safe."""
        bank = ledger.commands.open_account(self._session, self._town.district_id, "bank", 0, 0)
        carried: dict[str, str | int | None] = {"staff": self._town.people[APPROVER.mailbox]}
        self._post("bank_deposit", "deposit", transfer(bank, self._safe, self._cash), carried, at)

    def pay(self, place: int, turn: int, person_id: int, amount: int, at: datetime, rng: Random) -> None:
        """At any of the shops, with the size that it has."""
        shop, payable = rng.choice(self._shops)
        till = merchant.queries.tills(self._session, self._town.district_id, shop.id)[0]
        facts: dict[str, str | int | None] = {"way": "dynamic", "merchant": shop.id, "till": till.id, "request": None, "staff": None}
        lines = transfer(self._purse(person_id), payable, amount)
        self._post("payment", f"pay {place} {turn}", lines, facts | {"note": None, "shop_size": shop.size}, at)


def _benefit(session: Session, town: Town, folk: list[int], *, now: datetime) -> None:
    """The town gives sixty residents 3,000 yen; two lines of its list are of nobody. The worker posts it."""
    series_id = town.series_on(tokyo_day(now))
    if not ledger.queries.one_series(session, town.district_id, series_id).is_valid(now):
        return
    lines = [NamedLine(place + 2, person_id, 3_000, None, "") for place, person_id in enumerate(folk)]
    lines += [NamedLine(len(folk) + 2 + extra, None, 3_000, "number", f"99990000{extra}") for extra in range(2)]
    new = NewBenefit("冬の燃料応援", "Winter fuel support", series_id, "funder", TOWN, "町の補正予算による給付です。")
    number = association.commands.check_benefit(session, _as(town, ISSUER), new, lines, now=now)
    with atomic(session):  # asked for and laid down at once: the worker that runs beside never sees it between
        association.commands.propose_benefit(session, _as(town, ISSUER), number, now=now)
        association.commands.give_benefits(session, now=now)  # one piece holds all of them
    proposal = association.queries.benefit(session, _as(town, ISSUER), number).proposal_id
    assert proposal is not None, number
    association.commands.approve(session, _as(town, APPROVER), proposal, now=now)


def _coupons_used(session: Session, town: Town, folk: list[int], *, now: datetime) -> None:
    """Half of the residents have taken two coupons, and some have used them today; what the book refuses one of them is left out."""
    offered = {one.terms.name: one.terms for one in association.queries.listed_coupons(session, _as(town, ISSUER), now=now)}
    shops = merchant.queries.shops(session, town.district_id, states=("open",))
    rng = Random("coupons")
    for name, bill in TAKEN:
        if name not in offered:
            continue
        for person_id in folk[::2]:
            who = Principal(town.district_id, person_id, None, frozenset({"consumer"}), address="demo")
            key = uuid5(NAMESPACE, f"{town.district_id} {name} {person_id}")
            try:
                wallet.commands.claim_coupon(session, who, wallet.commands.Claim(offered[name].id, key), now=now)
                if rng.random() < 0.6:
                    target = wallet.commands.ToShop(rng.choice(shops).public_number)
                    order = wallet.commands.Pay(target, bill + 10 * rng.randrange(40), uuid5(key, "pay"), coupon=offered[name].id)
                    wallet.commands.pay(session, who, order, now=now)
            except MeguriError:
                continue


def _registers(session: Session, town: Town, *, now: datetime) -> None:
    """Complaints, most of them settled, one incident that turned out small, and who works for the association."""
    who, today = _as(town, APPROVER), tokyo_day(now)
    if association.queries.entries_of(session, who, "complaint"):
        return

    def write(register: str, name: str, ago: int, facts: dict[str, str | int | bool | None], done: str | None) -> None:
        key, at = uuid5(NAMESPACE, f"{town.district_id} {register} {name}"), now - timedelta(days=ago)
        entry = association.commands.open_entry(session, who, register, today - timedelta(days=ago), facts, key=key, now=at)
        if done is not None:
            association.commands.add_note(session, who, register, entry, done, closes=True, now=at + timedelta(days=1))

    with atomic(session):
        for place, (ago, channel, matter, done) in enumerate(COMPLAINTS):
            write("complaint", str(place), ago, {"channel": channel, "matter": matter}, done)
        lost = "窓口の控え1枚を置き忘れ、同じ日に見つかりました。名前は書かれていません。"
        write("incident", "slip", 48, {"matter": lost, "people": 1}, "見た人がいないことを確かめました。")
        for name, task, data in CONTRACTORS:
            facts: dict[str, str | int | bool | None] = {"name": name, "task": task, "data": data}
            write("contractor", name, 200, facts, None)
