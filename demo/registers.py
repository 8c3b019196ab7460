"""Two shops of the town have a full register: what they sell, and days of receipts and closings on a till of their own.

Articles are there when the town opens. The days come last, so that nobody waits for them; they are made once, through the tablet's own
doors. They are in cash and by card: what was paid in coin stands in the book.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from random import Random
from uuid import UUID, uuid5

from sqlalchemy.orm import Session

import identity.queries
import merchant.commands
import merchant.queries
from base.clock import TOKYO, tokyo_day
from demo.cast import OWNER, Named
from demo.joining import known
from demo.opening import Report
from demo.shops import MINATOYA, SHOPS
from identity.queries import Principal
from merchant.commands import ArticleList, CloseDay, NewStaff, Sell
from merchant.queries import ArticleFacts, ArticleRow, RegisterChoice

NAMESPACE = UUID("b2f0a0b8-5a2e-4a4e-8d2c-7f1c0c7a9a11")
TILL = "奥の端末"
"""The days that are over stand on a till of its own: the one on the demo's page is whoever plays with it's."""
LATELY, LONG_AGO, SALES_A_DAY = 40, 14, 9
"""Days with receipts before today, and at the town's beginning, so that a month has its last year; and about how many receipts a day."""
FLOAT = 20_000
NOTES_AND_COINS = (10_000, 5_000, 1_000, 500, 100, 50, 10, 5, 1)


@dataclass(frozen=True, slots=True)
class Register:
    """A shop's articles, each with how often it is taken."""

    shop: str
    articles: tuple[tuple[ArticleFacts, int], ...]


def _article(category: str, said: str, place: int) -> tuple[ArticleFacts, int]:
    figures, label = said.split(" ", 1)
    price, weight = figures.split("×")
    is_food, is_eaten_here = label[0] in "*+", label[0] == "+"
    name = label[1:] if is_food else label
    return ArticleFacts(name, "", category, int(price), True, 8 if is_food else 10, is_eaten_here, None, None, place), int(weight)


def _read() -> Iterator[Register]:
    text = Path(__file__).with_name("articles.txt").read_text(encoding="utf-8")
    for part in text.split("\n= ")[1:]:
        head, *lines = part.strip().splitlines()
        listed = [(category, said) for category, goods in (line.split(": ") for line in lines) for said in goods.split("、")]
        yield Register(head, tuple(_article(category, said, 10 * place) for place, (category, said) in enumerate(listed, 1)))


REGISTERS = {one.shop: one for one in _read()}


def furnish(session: Session, district_id: int, *, now: datetime) -> None:
    """Articles, and the till writes the receipts. Again is harmless, and leaves alone what an owner has changed."""
    for register, shop, owner in _shops(session, district_id):
        if shop.issues_receipts:
            continue
        new = tuple((place, facts) for place, (facts, _) in enumerate(register.articles))
        listed = ArticleList((), new, uuid5(NAMESPACE, f"{district_id} {register.shop} articles"))
        merchant.commands.keep_articles(session, owner, shop.id, listed, now=now)
        [till, *_others] = merchant.queries.tills(session, district_id, shop.id)
        choice = RegisterChoice(phone="000-0000-0000", code_till=till.id)
        merchant.commands.set_register(session, owner, shop.id, choice, issues=True, now=now)


def sell_past(
    session: Session, district_id: int, first_day: date, report: Report, *, now: datetime, lately: int = LATELY, long_ago: int = LONG_AGO
) -> None:
    """The last days that are over, and the first of the town. A shop that has its till has its days."""
    for register, shop, _owner in _shops(session, district_id):
        if TILL in {till.name for till in merchant.queries.tills(session, district_id, shop.id)}:
            continue
        sellers = [one.id for one in merchant.queries.staff(session, district_id, shop.id)]
        sellers = sellers or [merchant.commands.enrol(session, district_id, shop.id, NewStaff("小暮", "owner", "3186"), now=now).id]
        listed = {row.facts.name: row for row in merchant.queries.articles(session, district_id, shop.id)}
        goods = [(listed[facts.name], weight) for facts, weight in register.articles if facts.name in listed]
        invitation = merchant.commands.invite_till(session, district_id, shop.id, TILL, now=now)
        tablet = identity.queries.nobody(district_id, address=f"demo {shop.public_number} 2")
        till_id = merchant.commands.pair_till(session, tablet, invitation.code, now=now).till.id
        closed_on = next(one.closed_on for one in SHOPS if one.name == register.shop)
        days = [first_day + timedelta(days=place) for place in range(long_ago)]
        for day in days + [tokyo_day(now) - timedelta(days=ago) for ago in range(lately, 0, -1)]:
            if day.weekday() not in closed_on:
                seller = sellers[day.toordinal() % len(sellers)]
                at_till = Principal(district_id, None, None, frozenset({"till"}), merchant_id=shop.id, till_id=till_id, staff_id=seller)
                _Day(session, at_till, day, goods).live()
        report(f"a register with its days: {shop.name}")


class _Day:
    """One day at one till, from the float to the report."""

    def __init__(self, session: Session, who: Principal, day: date, goods: list[tuple[ArticleRow, int]]) -> None:
        self._session, self._who, self._day, self._goods = session, who, day, goods
        self._rng = Random(f"{who.merchant_id} {day}")

    def live(self) -> None:
        self._open()
        weekend = 5 if self._day.weekday() >= 5 else 0
        many = SALES_A_DAY + weekend + self._rng.randint(-3, 3)
        for turn, minute in enumerate(sorted(self._rng.sample(range(11 * 60, 17 * 60 + 30), many))):
            self._sell(turn, self._at(minute))
        self._close()

    def _at(self, minute: int) -> datetime:
        return datetime.combine(self._day, time(minute // 60, minute % 60), TOKYO)

    def _key(self, name: str) -> UUID:
        return uuid5(NAMESPACE, f"{self._who.district_id} {self._who.till_id} {self._day} {name}")

    def _open(self) -> None:
        merchant.commands.open_day(self._session, self._who, FLOAT, key=self._key("open"), now=self._at(9 * 60))

    def _sell(self, turn: int, at: datetime) -> None:
        rows, weights = zip(*self._goods, strict=True)
        taken = list(dict.fromkeys(self._rng.choices(rows, weights, k=self._rng.choice((1, 1, 2, 2, 3)))))
        eat_in = self._rng.random() < 0.3
        pieces = [(row, self._rng.choice((1, 1, 1, 2))) for row in taken]
        bill, total = merchant.queries.bill_of_articles(RegisterChoice(), pieces, eat_in=eat_in)
        card = total if self._rng.random() < 0.25 else 0
        received = 0 if card else total if self._rng.random() < 0.4 else -(-total // 1_000) * 1_000
        order = Sell(bill, total, received, card, self._key(f"sale {turn}"))
        merchant.commands.sell(self._session, self._who, order, now=at)

    def _close(self) -> None:
        """Once in a while a coin is missing."""
        assert self._who.till_id is not None
        drawer = merchant.queries.drawer_now(self._session, self._who.district_id, self._who.till_id)
        short = 10 if self._rng.random() < 0.1 else 0
        left, pieces = drawer.expected - short, {}
        for value in NOTES_AND_COINS:
            pieces[value], left = divmod(left, value)
        order = CloseDay(pieces, drawer.last_serial, "数え直しても10円足りませんでした" if short else "", self._key("close"))
        merchant.commands.close_day(self._session, self._who, order, now=self._at(18 * 60 + 5))


def _shops(session: Session, district_id: int) -> Iterator[tuple[Register, merchant.queries.Shop, Principal]]:
    for shop in merchant.queries.shops(session, district_id):
        register = REGISTERS.get(shop.name)
        if register is None:
            continue
        person = known(session, district_id, OWNER if shop.name == MINATOYA else Named("", f"shop-{shop.public_number}", frozenset()))
        if person is not None:
            yield register, shop, Principal(district_id, person, None, frozenset({"owner"}), merchant_id=shop.id, address="demo")
