"""発行枠: whoever holds the web's database role creates nothing beyond what two people have approved, whatever they call."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from random import Random
from uuid import uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from base.errors import MeguriError
from ledger import commands, queries
from ledger.commands import Draft, Line, Mandate, hash_command
from ledger.errors import BudgetUsedUp, CashBudgetUsedUp, FloorPassed, NotApproved
from ledger.verify import verify
from tests.ledger.conftest import Book

MAKER, CHECKER = 1, 2
OFF, PIECES = 100, 3  # of the coupon
PRICE, FACE, UNITS = 10_000, 13_000, 2  # of the voucher
EVENT, MONTHLY, CAMPAIGN, BONUS = 200, 500, 150, 40  # points: an event's, a programme's a month, a soft budget and its largest bonus


@dataclass(frozen=True)
class Town:
    """Everything that creates value, approved by two people; and the same once more, proposed and never approved (`wishes`)."""

    book: Book
    coin: int
    points: int
    drawer: int
    premium: int
    payers: dict[str, int]  # coupon, event, programme, campaign, nobody: accounts of promotion
    accounts: dict[str, list[int]]  # by role

    @property
    def pieces(self) -> set[int]:
        """Accounts that count pieces."""
        in_pieces = ("coupon_stock", "coupon_used", "voucher_stock", "voucher_sold")
        return {self.accounts["consumer"][1], *(each for role in in_pieces for each in self.accounts[role])}

    def gives(self, payer: str, amount: int, *, kind: str = "point_given", series: int | None = None, **more: object) -> None:
        role = "point_pending" if kind == "point_earn" else "consumer"
        self.book.posts(kind, self.payers[payer], self.book.opens(role, self.points if series is None else series), amount, **more)

    def posts(self, kind: str, *lines: Line, refers_to: int | None = None) -> commands.Posted:
        return self.book.call(commands.post, Draft(kind, uuid4(), hash_command(kind), lines, refers_to=refers_to))


def approved(book: Book, mandate: Mandate, drafts: list[Draft] | None = None, *, really: bool = True) -> None:
    number = book.call(commands.propose, MAKER, "mandate", drafts or [], mandate=mandate)
    if really:
        book.call(commands.decide, number, CHECKER, approved=True)
        book.call(commands.post_approved, number)


def make_town(book: Book, *, really: bool = True) -> Town:
    """Payers are accounts of promotion with owners of their own: hundreds of a coupon, tens of points."""
    coin, ten = (
        book.series_id,
        {"coupon": 1_000_000, "event": 1_000_100, "programme": 1_000_200, "campaign": 1_000_300, "nobody": 1_000_400},
    )
    payers = {name: book.call(commands.open_account, "promotion", owner, 0) for name, owner in ten.items()}
    piece = {"unit": "piece", "payment_max": 1, "balance_max": 5, "ask_above": 0, "pin_above": 0, "new_device_max": 0}
    coupon, units = book.series(**piece), book.series(**piece)
    voucher, points = book.series(code=f"voucher_{units}"), book.series(code="point_9_202611")
    premium = book.call(commands.open_account, "premium", voucher, 0)
    stock, unit_stock = book.opens("coupon_stock", coupon), book.opens("voucher_stock", units)
    issue = [book.draft("coupon_issue", book.opens("coupon_issued", coupon), stock, PIECES)]
    sale = [book.draft("voucher_issue", book.opens("voucher_units", units), unit_stock, UNITS)]
    approved(book, Mandate("piece", OFF, ten["coupon"], ten["coupon"] + 59, piece=coupon), issue, really=really)
    approved(book, Mandate("piece", FACE - PRICE, voucher, voucher, piece=units, worth={voucher: FACE}), sale, really=really)
    approved(book, Mandate("all", EVENT, ten["event"], ten["event"] + 9), really=really)
    approved(book, Mandate("month", MONTHLY, ten["programme"], ten["programme"] + 9, prefix="point_9_"), really=really)
    approved(book, Mandate("all", CAMPAIGN, ten["campaign"], ten["campaign"] + 9, once=BONUS), really=really)
    hanako, drawer = book.consumer(1_000), book.opens("drawer", 0)
    mine = book.opens("consumer", coupon)
    accounts = {
        "consumer": [hanako, mine, book.opens("consumer", voucher), book.opens("consumer", points), book.opens("consumer", points)],
        "point_pending": [book.opens("point_pending", points), book.opens("point_pending", coin)],
        "payable": [book.shop(), book.shop(points)],
        "promotion": [*payers.values()],
        "funder": [book.opens("funder", 0), book.call(commands.open_account, "funder", ten["event"] + 1, 0)],
        "premium": [premium, book.opens("premium", 0)],
        "drawer": [drawer],
        "safe": [book.opens("safe", 0)],
        "coupon_stock": [stock],
        "coupon_used": [book.opens("coupon_used", coupon)],
        "voucher_stock": [unit_stock],
        "voucher_sold": [book.opens("voucher_sold", units)],
        "voucher_paper": [book.opens("voucher_paper", voucher)],
        "point_expired": [book.opens("point_expired", 0)],
        "voucher_expired": [book.opens("voucher_expired", 0)],
        "breakage": [book.opens("breakage", 0)],
        "agent": [book.opens("agent", 0)],
    }
    if really:
        book.posts("coupon_claim", stock, mine, 1)
    return Town(book, coin, points, drawer, premium, payers, accounts)


@pytest.fixture
def town(book: Book) -> Town:
    return make_town(book)


def test_points_come_only_from_an_approved_budget_and_never_onto_coin(town: Town) -> None:
    """Each of these calls made money out of nothing before: onto a coin account, from a payer of nothing, from another programme's."""
    for payer, kind, series in (
        ("event", "point_given", town.coin),
        ("programme", "point_earn", town.coin),
        ("nobody", "point_given", None),
        ("nobody", "point_earn", None),
        ("coupon", "point_given", None),
        ("programme", "point_earn", town.book.series(code="point_8_202611")),
    ):
        with pytest.raises(NotApproved):
            town.gives(payer, 1, kind=kind, series=series)
    town.gives("event", EVENT)
    with pytest.raises(BudgetUsedUp) as said:
        town.gives("event", 1)
    assert said.value.facts == {"left": 0}


def test_what_nobody_has_approved_creates_nothing(book: Book) -> None:
    """A proposal alone, whoever made it, is no budget."""
    wish = make_town(book, really=False)
    for payer, kind in (("event", "point_given"), ("campaign", "point_earn"), ("programme", "point_earn")):
        with pytest.raises(NotApproved):
            wish.gives(payer, 1, kind=kind)


def test_a_soft_budget_is_passed_once_by_no_more_than_one_bonus(town: Town) -> None:
    """150 points, bonuses of 40: the fourth still gets all of it, the fifth nothing; and nobody gets more than a bonus beyond."""
    with pytest.raises(BudgetUsedUp):
        town.gives("campaign", CAMPAIGN + 1, kind="point_earn")
    for _ in range(4):
        town.gives("campaign", BONUS, kind="point_earn")
    with pytest.raises(BudgetUsedUp):
        town.gives("campaign", 1, kind="point_earn")


def test_what_a_refund_takes_back_can_be_given_again(town: Town) -> None:
    """The budget counts what was given and not taken back; a key that is known is answered and counts once."""
    key, pending = uuid4(), town.accounts["point_pending"][0]
    for _ in range(2):
        town.book.posts("point_earn", town.payers["programme"], pending, MONTHLY, key=key, content="earn")
    with pytest.raises(BudgetUsedUp):
        town.gives("programme", 1, kind="point_earn")
    town.posts("point_back", Line(pending, 60), Line(town.payers["programme"], -60))
    town.gives("programme", 60, kind="point_earn")
    with pytest.raises(BudgetUsedUp):
        town.gives("programme", 1, kind="point_earn")


def test_the_month_is_the_books_own_and_what_shops_bear_counts(demo_book: Book) -> None:
    """Whatever month a lot says: what was posted in a month in Tokyo counts in it; a new month begins at its first midnight there."""
    town = make_town(demo_book)
    may = datetime(2026, 5, 31, 14, 59, tzinfo=UTC)
    shop, pending = town.accounts["payable"][0], town.accounts["point_pending"][0]
    town.gives("programme", MONTHLY - 10, kind="point_earn", posted_at=may)
    demo_book.pays(town.accounts["consumer"][0], shop, 600, posted_at=may)
    demo_book.posts("point_earn", shop, pending, 10, posted_at=may)
    with pytest.raises(BudgetUsedUp):
        demo_book.posts("point_earn", shop, pending, 1, posted_at=may)
    town.gives("programme", MONTHLY, kind="point_earn", posted_at=datetime(2026, 5, 31, 15, 0, tzinfo=UTC))


def test_a_newer_approval_raises_a_budget_and_what_is_used_stays_used(town: Town) -> None:
    town.gives("programme", MONTHLY, kind="point_earn")
    more = Mandate("month", MONTHLY + 20, 1_000_200, 1_000_209, prefix="point_9_")
    approved(town.book, more, really=False)
    with pytest.raises(BudgetUsedUp):
        town.gives("programme", 1, kind="point_earn")
    approved(town.book, more)
    with pytest.raises(BudgetUsedUp):
        town.gives("programme", 21, kind="point_earn")
    town.gives("programme", 20, kind="point_earn")


def test_a_thousand_at_once_get_no_more_than_there_is(town: Town) -> None:
    """Twenty at the same moment ask for thirty points of two hundred: six get them."""
    purses = [town.book.opens("consumer", town.points) for _ in range(20)]
    jobs = [lambda purse=purse: town.book.posts("point_given", town.payers["event"], purse, 30) for purse in purses]
    answers = town.book.at_once(jobs, threads=8)
    assert sum(isinstance(each, BudgetUsedUp) for each in answers) == 14
    assert sum(town.book.balance(each) for each in purses) == 180


def test_a_voucher_is_worth_what_was_approved_and_comes_from_the_stock(town: Town) -> None:
    """Premium without units, more face than units, units onto coin, and cash straight into a voucher are refused."""
    stock, sold = town.accounts["voucher_stock"][0], town.accounts["voucher_sold"][0]
    purse, coin = town.accounts["consumer"][2], town.accounts["consumer"][0]
    unit = (Line(stock, 1), Line(sold, -1))
    cash, gift = Line(town.drawer, PRICE), Line(town.premium, FACE - PRICE)
    for lines in (
        (gift, Line(purse, -(FACE - PRICE))),
        (cash, gift, Line(purse, -FACE)),
        (cash, gift, Line(coin, -FACE), *unit),
        (Line(town.premium, FACE), Line(purse, -FACE), *unit),
        (cash, Line(town.accounts["premium"][1], FACE - PRICE), Line(purse, -FACE), *unit),
        (Line(town.drawer, 2 * PRICE), Line(town.premium, 2 * (FACE - PRICE)), Line(purse, -2 * FACE), *unit),
    ):
        with pytest.raises(NotApproved):
            town.posts("voucher_sale", *lines)
    with pytest.raises(NotApproved):
        town.book.posts("top_up", town.drawer, purse, 1_000)
    sale = town.posts("voucher_sale", cash, gift, Line(purse, -FACE), *unit)
    back = [Line(one.account_id, -one.amount) for one in (cash, gift, Line(purse, -FACE), *unit)]
    town.posts("reversal", *back, refers_to=sale.transaction_id)
    assert (town.book.balance(purse), town.book.balance(town.premium)) == (0, 0)


def test_a_discount_needs_its_piece_and_a_piece_goes_back_with_the_whole_discount(town: Town) -> None:
    """No piece, no discount; no more than a piece is worth; and no piece comes back while its discount stays with the shop."""
    hanako, piece = town.accounts["consumer"][:2]
    shop, used, payer = town.accounts["payable"][0], town.accounts["coupon_used"][0], town.payers["coupon"]
    one = (Line(piece, 1), Line(used, -1))
    for lines in (
        (Line(hanako, 1), Line(payer, OFF), Line(shop, -OFF - 1)),
        (Line(payer, OFF + 1), Line(shop, -OFF - 1), *one),
        (Line(town.payers["event"], OFF), Line(shop, -OFF), *one),
        (Line(payer, OFF), Line(town.payers["nobody"], OFF), Line(shop, -2 * OFF), *one),
    ):
        with pytest.raises(NotApproved):
            town.posts("coupon_payment", *lines)
    paid = town.posts("coupon_payment", Line(hanako, 200), Line(payer, OFF), Line(shop, -300), *one)
    for lines in (
        (Line(used, 1), Line(piece, -1)),
        (Line(shop, 299), Line(hanako, -200), Line(payer, -99), Line(used, 1), Line(piece, -1)),
    ):
        with pytest.raises(NotApproved):
            town.posts("coupon_refund", *lines, refers_to=paid.transaction_id)
    town.posts("coupon_refund", Line(shop, 150), Line(hanako, -100), Line(payer, -50), refers_to=paid.transaction_id)
    rest = (Line(shop, 150), Line(hanako, -100), Line(payer, -50), Line(used, 1), Line(piece, -1))
    town.posts("coupon_refund", *rest, refers_to=paid.transaction_id)
    assert [town.book.balance(each) for each in (hanako, piece, shop, payer)] == [1_000, 1, 0, 0]


OWED = ("consumer", "payable", "point_pending", "voucher_paper")
CASH = ("drawer", "agent", "safe")
WITHOUT_APPROVAL = """
    SELECT name, moves FROM ledger.kind WHERE 'meguri_web' = ANY (posters) AND NOT needs_approval AND refers IS NULL ORDER BY name
"""


@pytest.mark.parametrize("seed", [1, 2])
def test_whatever_is_called_people_never_hold_more_than_cash_and_what_was_approved(book: Book, seed: int) -> None:
    """Any kinds that no approval guards, between any accounts, with any amounts, undone in part or whole, one after the other: what people
    are owed stays covered by cash and by what two people have approved."""
    dice, town = Random(seed), make_town(book)
    with Session(book.engine) as session:
        kinds = [row for row in session.execute(text(WITHOUT_APPROVAL)).all() if sum(move[:-1] in town.accounts for move in row.moves) > 1]
    done: list[tuple[int, tuple[Line, ...]]] = []
    for _ in range(300):
        refers_to = None
        if done and not dice.randrange(4):
            refers_to, lines = dice.choice(done)
            kind, cut = dice.choice(("reversal", "coupon_refund", "refund", "refund_late")), dice.choice((0, 0, 2))
            lines = tuple(Line(one.account_id, -one.amount) for one in dice.choice((lines[cut:], lines[: len(lines) - cut])))
        else:
            row = dice.choice(kinds)
            kind, lines = row.name, _lines(town, row.moves, dice)
        try:
            posted = town.posts(kind, *lines, refers_to=refers_to)
        except MeguriError:
            continue
        done.append((posted.transaction_id, lines))
    with Session(book.engine) as session:
        sums = {row.role: row.debit - row.credit for row in queries.trial_balance(session, book.district_id)}
        assert list(verify(session, lambda _: None, district_id=book.district_id)) == []
    created = -sum(sums.get(role, 0) for role in OWED) - sum(sums.get(role, 0) for role in CASH)
    assert len(done) > 20
    assert created <= OFF * PIECES + (FACE - PRICE) * UNITS + EVENT + MONTHLY + CAMPAIGN + BONUS


def _lines(town: Town, moves: list[str], dice: Random) -> tuple[Line, ...]:
    """Lines that the kind allows, made to balance in yen; pieces and amounts are those of the town, or twice or half of them."""
    known = [move for move in moves if move[:-1] in town.accounts]
    lines: dict[int, int] = {}
    for move in dice.sample(known, dice.randint(2, min(5, len(known)))):
        account = dice.choice(town.accounts[move[:-1]])
        amounts = (1, 1, 2) if account in town.pieces else (1, OFF, FACE - PRICE, PRICE, FACE, EVENT, 50_000)
        lines[account] = dice.choice(amounts) * (1 if move[-1] == "+" else -1)
    yen = [account for account in lines if account not in town.pieces]
    if yen:
        lines[yen[-1]] -= sum(lines[each] for each in yen)
    return tuple(Line(account, amount) for account, amount in lines.items() if amount)


def test_cash_may_have_a_budget_a_day_and_only_two_people_set_it(demo_book: Book) -> None:
    """Over all drawers and agents, whoever opens another; a new day begins at midnight in Tokyo; none until it was approved."""
    book, drawer = demo_book, demo_book.opens("drawer", 0)
    evening, midnight = datetime(2026, 5, 31, 14, 59, tzinfo=UTC), datetime(2026, 5, 31, 15, 0, tzinfo=UTC)

    def tops_up(amount: int, at: datetime, *, agent: bool = False) -> None:
        source = book.opens("agent", 0) if agent else drawer
        book.posts("agent_top_up" if agent else "top_up", source, book.opens("consumer"), amount, posted_at=at)

    limit = Mandate("day", 1_000, -1, -1)
    approved(book, limit, really=False)
    tops_up(5_000, evening)
    approved(book, limit)
    tops_up(600, evening)
    tops_up(300, evening, agent=True)
    with pytest.raises(CashBudgetUsedUp) as said:
        book.posts("top_up", book.opens("drawer", 0), book.opens("consumer"), 101, posted_at=evening)
    assert said.value.facts == {"left": 100, "limit": 1_000}
    with Session(book.engine) as session:
        assert queries.cash_budget(session, book.district_id, evening) == queries.Budget(1_000, 900)
    tops_up(1_000, midnight)
    with pytest.raises(CashBudgetUsedUp):
        tops_up(1, midnight)
    approved(book, Mandate("day", 1_200, -1, -1))
    tops_up(200, midnight)


def test_stock_is_a_budget_too(town: Town) -> None:
    """Whoever takes more pieces than were approved is refused by the stock itself."""
    with pytest.raises(FloorPassed):
        town.book.posts("coupon_claim", town.accounts["coupon_stock"][0], town.accounts["consumer"][1], PIECES)
