"""紙の券: printed, sold by the booklet, taken in a row at a till, let go by two people, and claimed from the town with all else."""

from __future__ import annotations

from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.orm import Session

import association.commands
import association.queries
import ledger.queries
import merchant.commands
import merchant.queries
from association.commands import NewTicketLot, ReleaseTickets, SellBooklets, StopBooklet, TakeTickets, TicketsTaken, UndoTopUp
from association.errors import (
    BookletAsItWas,
    BookletNotReplaceable,
    BookletSold,
    BookletStopped,
    BookletUnsold,
    TicketLotWrong,
    TicketOtherShops,
    TicketReplaced,
    TicketsNotReleasable,
    TicketsOverBill,
    TicketUnknown,
    TicketUnreadable,
    TicketUsed,
    VoucherLimit,
    VoucherUsed,
    VoucherWrong,
)
from association.queries.lot_secrets import new_secret, opened_secret
from association.rules.tickets import TicketName, grouped_text, read_ticket, spelled, ticket_text, tickets_of
from base.ids import ALPHABET
from ledger.errors import KeyReused, PaymentTooLarge
from ledger.verify import verify
from merchant.commands import Refund, SellForTickets
from merchant.errors import TicketsStay
from merchant.queries import RegisterChoice
from tests.association.test_split_vouchers import EndedPair, Pair
from tests.association.test_vouchers import demo
from tests.town import ANY_KEY, Consumer, Shop, Town

__all__ = ["demo"]


class Paper(Pair):
    """A campaign in two parts, and a lot of five booklets of it: eight tickets for small shops and five for all, 1,000 each."""

    def __init__(self, town: Town, **changes: object) -> None:
        super().__init__(town, **changes)
        self.lot = association.commands.make_ticket_lot(
            town.session, town.clerk().who, NewTicketLot(self.id, 5, 1_000, uuid4()), now=town.now
        )

    def text(self, booklet: int, ticket: int) -> str:
        return association.queries.text_of(self.town.session, self.town.district_id, TicketName(self.lot, booklet, ticket))

    def sells(self, *booklets: int, to: Consumer | None = None, key=None) -> association.commands.BookletsSold:
        order = SellBooklets(tuple(self.text(number, 0) for number in booklets), to and to.person_id, None, key or uuid4())
        return association.commands.sell_booklets(self.town.session, self.town.clerk().who, order, now=self.town.now)

    def takes_at(self, shop: Shop, *tickets: tuple[int, int], bill: int | None = None, agreed: bool = False, key=None) -> TicketsTaken:
        order = TakeTickets(tuple(self.text(*ticket) for ticket in tickets), key or uuid4(), bill, agreed)
        return association.commands.take_tickets(self.town.session, shop.till().who, order, now=self.town.now)

    def on_paper(self) -> int:
        rows = ledger.queries.trial_balance(self.town.session, self.town.district_id)
        return sum(row.credit - row.debit for row in rows if row.role == "voucher_paper")

    def releases(self, taken: TicketsTaken, *tickets: tuple[int, int]) -> int:
        names = tuple(TicketName(self.lot, *ticket) for ticket in tickets)
        order = ReleaseTickets(taken.transaction_id, names, "読み間違い", uuid4())
        return association.commands.propose_ticket_release(self.town.session, self.town.clerk().who, order, now=self.town.now)


@pytest.fixture
def paper(district: Town) -> Paper:
    return Paper(district)


@given(st.integers(1, 999_999), st.integers(1, 9_999), st.integers(0, 99), st.binary(min_size=32, max_size=32))
def test_a_ticket_reads_as_it_was_printed(lot, booklet, ticket, secret):
    """However it is grouped and whatever case it is typed in; and no sign of it is one that people confuse."""
    name, signs = TicketName(lot, booklet, ticket), spelled(secret)
    text = ticket_text(name, signs)
    read = read_ticket(grouped_text(text).lower())
    assert read is not None and (read.name, read.signs) == (name, signs)
    assert len(text) == 31 and set(signs) <= set(ALPHABET) and len(signs) * 4.95 > 80
    assert read_ticket(text[:-1]) is None and read_ticket("M2" + text[2:]) is None


@pytest.mark.parametrize(
    ("local", "common", "face", "parts"),
    [(8_000, 5_000, 1_000, (8, 5)), (0, 13_000, 500, (0, 26)), (8_000, 5_000, 3_000, None), (0, 13_000, 100, None), (0, 13_000, 0, None)],
)
def test_a_booklet_is_a_unit_in_whole_tickets(local, common, face, parts):
    """Each part is made of whole tickets, and a booklet has 99 at most."""
    assert tickets_of(local, common, face) == parts


def test_printed_paper_is_worth_nothing_until_it_is_sold(paper, district):
    """Unsold, no till takes it; sold, price, premium and face value are booked as for a wallet; undone, it is worth nothing."""
    with pytest.raises(BookletUnsold):
        paper.takes_at(paper.small, (1, 9))
    sold = paper.sells(1, 2, key=ANY_KEY)
    assert paper.sells(1, 2, key=ANY_KEY).replayed
    assert (sold.price, paper.on_paper(), district.holds("premium", paper.id), district.clerk().cash()) == (20_000, 26_000, 6_000, 20_000)
    assert district.units(paper.id) == ledger.queries.Units(100, 98, 2)
    with pytest.raises(BookletSold):
        paper.sells(2)
    undo = UndoTopUp(sold.transaction_id, "口数違い", uuid4())
    association.commands.undo_top_up(district.session, district.clerk().who, undo, now=district.now)
    assert (paper.on_paper(), district.clerk().cash(), district.units(paper.id).stock) == (0, 0, 100)
    again = paper.sells(2)
    paper.takes_at(paper.small, (2, 1))
    undo = UndoTopUp(again.transaction_id, "間違い", uuid4())
    with pytest.raises(VoucherUsed):
        association.commands.undo_top_up(district.session, district.clerk().who, undo, now=district.now)


def test_one_payment_takes_no_more_than_the_campaign_says(district):
    """9,000 of both parts together: in the wallet the rest is paid in coin, on paper a tenth ticket of 1,000 is refused, all of them."""
    paper = Paper(district, payment_max=9_000)
    hanako = paper.buyer(coins=10_000)
    assert paper.takes(paper.small, hanako, 12_000) == [(paper.local, 8_000), (paper.id, 1_000), (district.series_id, 3_000)]
    assert paper.takes(paper.large, hanako, 6_000) == [(paper.id, 5_000), (district.series_id, 1_000)]
    paper.sells(1)
    with pytest.raises(PaymentTooLarge):
        paper.takes_at(paper.small, *((1, place) for place in range(1, 11)))
    assert paper.takes_at(paper.small, *((1, place) for place in range(2, 11))).amount == 9_000
    paper.sells(2)
    heap = TakeTickets(tuple(paper.text(2, place) for place in range(1, 11)), uuid4())  # of many payments, brought to the desk
    taken = association.commands.take_tickets_for(district.session, district.clerk().who, paper.small.id, heap, now=district.now)
    assert taken.amount == 10_000
    with pytest.raises(VoucherWrong):
        district.proposed_voucher(payment_max=39_001)


def test_tickets_that_no_payment_could_take_are_not_printed(district):
    """500 a payment: tickets of 1,000 are refused, of 500 they are made."""
    pair, clerk = Pair(district, payment_max=500), district.clerk().who
    with pytest.raises(TicketLotWrong):
        association.commands.make_ticket_lot(district.session, clerk, NewTicketLot(pair.id, 1, 1_000, uuid4()), now=district.now)
    assert association.commands.make_ticket_lot(district.session, clerk, NewTicketLot(pair.id, 1, 500, uuid4()), now=district.now)


def test_tickets_are_spelled_under_a_secret_of_their_lot(paper, district, superuser):
    """It lies sealed beside the lot, and no two have the same. Paper of a lot that was printed before there was one is spelled by the
    master key, and still pays."""
    secrets = {opened_secret(district.session, new_secret(district.session, "a lot"), "a lot") for _ in range(2)}
    assert len(secrets) == 2 and {len(each) for each in secrets} == {32}
    sealed = district.session.execute(text("SELECT secret FROM ticket_lot WHERE id = :lot"), {"lot": paper.lot}).scalar_one()
    new = paper.text(1, 9)
    assert len(sealed) > 64
    with superuser.begin() as connection:
        connection.execute(text("UPDATE ticket_lot SET secret = NULL WHERE id = :lot"), {"lot": paper.lot})
    district.session.rollback()
    district.session.expire_all()
    assert paper.text(1, 9) != new
    paper.sells(1)
    with pytest.raises(TicketUnknown):
        association.queries.see_ticket(district.session, paper.small.till().who, new, now=district.now)
    assert paper.takes_at(paper.small, (1, 9)).transaction_id


def test_paper_and_wallet_count_together_towards_a_persons_limit(paper, district):
    """Three a person: one in the wallet and two on paper; who shows no code may buy three at once."""
    hanako = paper.buyer()
    paper.sells(1, 2, to=hanako)
    with pytest.raises(VoucherLimit):
        paper.sells(3, to=hanako)
    with pytest.raises(VoucherLimit):
        district.clerk().sells(hanako, paper.id)
    paper.sells(3, 4, 5)


def test_tickets_are_taken_in_a_row_each_once(paper, district):
    """Of several booklets at once, restricted and not; the same paper scanned twice counts once; used, it is used wherever it turns up."""
    paper.sells(1, 2)
    taken = paper.takes_at(paper.small, (1, 1), (1, 9), (2, 8), (1, 1), bill=3_500, key=ANY_KEY)
    assert (taken.tickets, taken.amount, taken.rest) == (3, 3_000, 500)
    assert paper.takes_at(paper.small, (1, 1), (1, 9), (2, 8), bill=3_500, key=ANY_KEY).replayed
    with pytest.raises(KeyReused):
        paper.takes_at(paper.small, (1, 2), key=ANY_KEY)
    assert (paper.small.taken(), paper.on_paper(), district.difference()) == (3_000, 23_000, 0)
    with pytest.raises(TicketUsed):
        paper.takes_at(paper.large, (1, 9))
    with pytest.raises(TicketUsed):
        paper.takes_at(paper.small, (1, 10), (1, 9))
    assert paper.takes_at(paper.large, (1, 10)).amount == 1_000


def test_of_two_shops_at_once_one_takes_a_ticket(paper, district):
    """Five tills read the same ticket at the same moment, each beside another one: it pays once, and nobody takes half."""
    paper.sells(1)
    shops = [district.shop() for _ in range(4)]
    tills = [shop.till() for shop in shops]
    orders = [TakeTickets((paper.text(1, 9), paper.text(1, place)), uuid4()) for place in (10, 11, 12, 13)]

    def take(place):
        return lambda: association.commands.take_tickets(district.session, tills[place].who, orders[place], now=district.now)

    answers = district.at_once([take(place) for place in range(4)])
    assert sum(isinstance(each, TicketsTaken) for each in answers) == 1
    assert sum(isinstance(each, TicketUsed) for each in answers) == 3
    assert (paper.on_paper(), sum(shop.taken() for shop in shops)) == (11_000, 2_000)


def test_what_is_no_ticket_of_this_shop_is_refused_in_words(paper, district, other_district):
    """Nonsense, a forged sign, another district's, a restricted one at a large shop, a stopped booklet, a face beyond the bill."""
    paper.sells(1)
    till = paper.large.till().who
    forged = paper.text(1, 1)[:-1] + ("2" if paper.text(1, 1)[-1] != "2" else "3")
    for code, wrong in (("4902102000000", TicketUnreadable), (forged, TicketUnknown), (paper.text(1, 1), TicketOtherShops)):
        with pytest.raises(wrong):
            association.queries.see_ticket(district.session, till, code, now=district.now)
    with pytest.raises(TicketUnknown):
        association.queries.see_ticket(other_district.session, other_district.till().who, paper.text(1, 1), now=other_district.now)
    with pytest.raises(TicketUnknown):
        paper.takes_at(paper.small, (1, 0))
    with pytest.raises(TicketsOverBill) as refused:
        paper.takes_at(paper.small, (1, 1), (1, 2), bill=1_500)
    assert refused.value.facts == {"over": 500}
    assert paper.takes_at(paper.small, (1, 1), (1, 2), bill=1_500, agreed=True).rest == 0
    association.commands.stop_booklet(district.session, district.clerk().who, StopBooklet(paper.lot, 1, "紛失"), now=district.now)
    with pytest.raises(BookletStopped):
        paper.takes_at(paper.small, (1, 3))
    with pytest.raises(BookletAsItWas):
        association.commands.stop_booklet(district.session, district.clerk().who, StopBooklet(paper.lot, 1, "紛失"), now=district.now)
    [stopped] = association.queries.stopped_booklets(district.session, district.clerk().who, paper.id)
    assert (stopped.is_sold, stopped.left, stopped.reason) == (True, 11_000, "紛失")
    association.commands.let_booklet_go(district.session, district.approver().who, paper.lot, 1)
    assert paper.takes_at(paper.small, (1, 3)).amount == 1_000


def test_more_booklets_than_units_are_not_printed(paper, district):
    """Nor tickets that do not make up a unit; the same press makes one lot."""
    new = NewTicketLot(paper.id, 95, 1_000, uuid4())
    lots = {association.commands.make_ticket_lot(district.session, district.clerk().who, new, now=district.now) for _ in range(2)}
    assert len(lots) == 1
    for booklets, face in ((1, 1_000), (0, 1_000), (1, 3_000)):
        order = NewTicketLot(paper.id, booklets, face, uuid4())
        with pytest.raises(TicketLotWrong):
            association.commands.make_ticket_lot(district.session, district.clerk().who, order, now=district.now)


def test_nobody_is_paid_back_but_two_people_let_a_ticket_go(paper, district):
    """The till refuses a refund; a clerk proposes, another approves, and the ticket pays once more elsewhere; until then it is used."""
    paper.sells(1)
    taken = paper.takes_at(paper.small, (1, 1), (1, 9), (1, 10))
    order = Refund(taken.transaction_id, 1_000, "返品", uuid4())
    with pytest.raises(TicketsStay):
        merchant.commands.refund(district.session, paper.small.owner, order, now=district.now)
    number = paper.releases(taken, (1, 9), (1, 1))
    with pytest.raises(TicketsNotReleasable):
        paper.releases(taken, (1, 9))
    with pytest.raises(TicketUsed):
        paper.takes_at(paper.large, (1, 9))
    district.approver().approves(number)
    assert (paper.small.taken(), paper.on_paper()) == (1_000, 12_000)
    assert paper.takes_at(paper.large, (1, 9)).amount == 1_000
    with pytest.raises(TicketsNotReleasable):
        paper.releases(taken, (1, 9))
    states = {
        one.name.ticket: one.state
        for one in association.queries.ticket_payment(district.session, district.clerk().who, taken.transaction_id).tickets
    }
    assert states == {1: "released", 10: "used"}
    assert (district.difference(), district.figures(paper.id).difference) == (0, 0)


@pytest.mark.parametrize(("bill", "tickets", "slips"), [(700, ((1, 9),), [700]), (1_200, ((1, 9), (1, 10)), [1_000, 200])])
def test_tickets_worth_more_than_the_bill_take_the_whole_sale_back(
    district: Town, paper: Paper, bill: int, tickets: tuple[tuple[int, int], ...], slips: list[int]
) -> None:
    """Let go one after the other: the slips come to the bill and no more, and nothing of it stays the day's turnover."""
    shop = paper.large
    merchant.commands.set_register(district.session, shop.owner, shop.id, RegisterChoice(), issues=True, now=district.now)
    paper.sells(1)
    taken = paper.takes_at(shop, *tickets, bill=bill, agreed=True)
    order = SellForTickets(taken.transaction_id, None, bill, False, None, uuid4())
    merchant.commands.sell_for_tickets(district.session, shop.till().who, order, now=district.now)
    for ticket in tickets:
        district.approver().approves(paper.releases(taken, ticket))
    rows = merchant.queries.receipts_of_day(district.session, district.district_id, shop.id, district.today)
    assert sorted((row.total for row in rows if row.kind == "return"), reverse=True) == slips
    assert (shop.taken(), merchant.queries.day_of_receipts(rows).net) == (0, 0)


def test_the_claim_sums_to_the_yen_with_paper_beside_wallets(paper, district):
    """3,001 out of a wallet and five tickets: floor(8,001 × 3 ÷ 13) = 1,846, once; sold, used and unspent are what they are on paper."""
    hanako = paper.buyer()
    paper.sells(1, 2)
    hanako.pays(paper.small, 3_001)
    paper.takes_at(paper.small, (1, 1), (1, 2), (1, 9))
    paper.takes_at(paper.large, (2, 9), (2, 10))
    association.commands.book_premiums(district.session, now=district.now)
    account = association.queries.voucher_account(district.session, district.clerk().who, paper.id, now=district.now)
    figures = account.figures
    assert (account.claimed, account.claims[0].booked, account.sold_units) == (1_846, 1_846, 3)
    assert (figures.used_small, figures.used_large, figures.unspent, figures.difference) == (6_001, 2_000, 39_000 - 8_001, 0)
    assert (figures.paper_sold, figures.paper_used, figures.paper_unspent) == (26_000, 5_000, 21_000)
    assert association.queries.listed_voucher(district.session, district.clerk().who, paper.id, now=district.now).held == figures.unspent
    now = association.queries.standings(district.session, district.clerk().who, now=district.now)
    assert (now.outstanding, sum(each.amount for each in now.by_series), now.campaigns[0].used) == (30_999, 30_999, 8_001)
    with Session(district.engine) as session:
        assert list(verify(session, lambda _: None, district_id=district.district_id)) == []


def test_the_desk_takes_a_heap_in_a_shops_name(paper, district):
    """For a shop without a tablet; who did it stands beside it, and each ticket is used as at a till."""
    paper.sells(1)
    order = TakeTickets((paper.text(1, 1), paper.text(1, 2)), uuid4())
    association.commands.take_tickets_for(district.session, district.clerk().who, paper.small.id, order, now=district.now)
    assert paper.small.taken() == 2_000
    with pytest.raises(TicketUsed):
        paper.takes_at(paper.small, (1, 2))


def test_a_lost_booklet_is_printed_anew_before_two_people(paper: Paper) -> None:
    """Only what nobody has used, by codes of its own: those of before die, a second print kills the first, and the sums stay."""
    town, session = paper.town, paper.town.session
    paper.sells(1)
    paper.takes_at(paper.small, (1, 1), (1, 9))
    old, worth = paper.text(1, 2), paper.on_paper()
    clerk = town.clerk().who
    with pytest.raises(BookletNotReplaceable):
        association.commands.propose_replacement(session, clerk, StopBooklet(paper.lot, 1, "なくした"), now=town.now)
    association.commands.stop_booklet(session, clerk, StopBooklet(paper.lot, 1, "なくした"), now=town.now)
    number = association.commands.propose_replacement(session, clerk, StopBooklet(paper.lot, 1, ""), now=town.now)
    assert association.commands.propose_replacement(session, clerk, StopBooklet(paper.lot, 1, ""), now=town.now) == number
    with pytest.raises(BookletNotReplaceable):  # nobody else has looked at it yet
        association.commands.print_replacement(session, clerk, paper.lot, 1)
    association.commands.approve(session, town.approver().who, number, now=town.now)
    texts = []
    for _ in range(2):
        association.commands.print_replacement(session, town.clerk().who, paper.lot, 1)
        left = association.queries.unused_tickets(session, town.clerk().who, paper.lot, 1)
        texts.append([association.queries.text_of(session, town.district_id, name) for name in left])
    assert [name.ticket for name in left] == [2, 3, 4, 5, 6, 7, 8, 10, 11, 12, 13] and not {old, *texts[0]} & set(texts[1])

    def takes(*codes: str) -> TicketsTaken:
        return association.commands.take_tickets(session, paper.small.till().who, TakeTickets(codes, uuid4()), now=town.now)

    with pytest.raises(BookletStopped):  # printed, and not in the customer's hands yet
        takes(texts[1][0])
    with pytest.raises(BookletAsItWas):
        association.commands.let_booklet_go(session, town.clerk().who, paper.lot, 1)
    association.commands.hand_over_booklet(session, town.clerk().who, paper.lot, 1)
    for dead in (old, texts[0][0]):
        with pytest.raises(TicketReplaced):
            takes(dead)
    assert takes(*texts[1][:2]).amount == 2_000 and paper.on_paper() == worth - 2_000
    with pytest.raises(TicketUsed):
        takes(texts[1][0])
    [lot] = association.queries.ticket_lots(session, town.clerk().who, paper.id)
    assert (lot.sold, lot.stopped, lot.replaced) == (1, 0, 1)
    with pytest.raises(BookletNotReplaceable):
        association.commands.print_replacement(session, town.clerk().who, paper.lot, 1)


def test_a_booklet_that_was_found_is_not_replaced(paper: Paper) -> None:
    """What was proposed before cannot be approved any more, and its own tickets are taken."""
    town, lost = paper.town, StopBooklet(paper.lot, 2, "なくした")
    paper.sells(2)
    association.commands.stop_booklet(town.session, town.clerk().who, lost, now=town.now)
    number = association.commands.propose_replacement(town.session, town.clerk().who, lost, now=town.now)
    association.commands.let_booklet_go(town.session, town.clerk().who, paper.lot, 2)
    with pytest.raises(BookletNotReplaceable):
        association.commands.approve(town.session, town.approver().who, number, now=town.now)
    assert paper.takes_at(paper.small, (2, 1)).amount == 1_000


class EndedPaper(EndedPair):
    """As there, but what people bought stands on paper."""

    HELD, SPENT = "voucher_paper", "ticket_payment"


def test_what_is_left_on_paper_expires_with_its_series(district, demo):
    """900,000 of 1,300,000 used by tickets: the rest ends as a wallet's does, nobody's phone is woken, and the claim is the same."""
    ended = EndedPaper(district, demo, local_face=8_000)
    district.woken.clear()
    ended.worker_comes_by()
    assert (ended.owed(), district.holds("breakage", ended.id), district.difference()) == (207_692, 307_692, 0)
    seen = ended.account()
    assert (seen.is_over, seen.figures.expired, seen.figures.paper_used, seen.figures.paper_unspent) == (True, 400_000, 900_000, 0)
    assert not [topic for topic in district.woken if topic.startswith(f"d{district.district_id}:p")]
