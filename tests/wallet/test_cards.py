"""カード: for people without a phone. Given at the counter, read at any till, blocked and moved when it is lost."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import event, text

import ledger.commands
import ledger.queries
import wallet.commands
import wallet.queries
from base.db import atomic
from base.errors import Forbidden, MeguriError
from identity.errors import PinWeak, PinWrong
from identity.queries import nobody
from ledger.errors import AccountFrozen, FloorPassed, KeyReused, SameHands
from merchant.errors import ShopSuspended
from tests.town import ANY_KEY, CARD_PIN, CardHolder, PaperCard
from wallet.commands import GiveCard, SetCardLimits, Taken, Visit
from wallet.errors import (
    CardBlank,
    CardBlocked,
    CardEnded,
    CardHeld,
    CardNotBlocked,
    CardNotShown,
    CardOfAnotherDistrict,
    CardPageLocked,
    CardPinLocked,
    CardPinMissing,
    CardPinNeeded,
    CardPinNotApproved,
    CardReplaced,
    CardTaken,
    CardUnknown,
    CodeOfConsumerUnreadable,
    LimitTooHigh,
    LotUsedUp,
    NoCard,
    NotThisCard,
    NumberEntryLocked,
    OwnCard,
)
from wallet.rules import ReadCard, card_marks, grouped_digits, make_card, read_code

WRONG = "9517"
HOLDER_CAME = Visit()


def gives(district, order, clerk=None):
    return wallet.commands.give_card(district.session, (clerk or district.clerk()).who, order, now=district.now)


def blocks(district, holder, visit=HOLDER_CAME):
    return wallet.commands.block_card(district.session, district.clerk().who, holder.card.id, visit, now=district.now)


def moves(district, holder, blank, visit=HOLDER_CAME):
    """The clerk moves the holder's wallet onto a blank card; gives the new paper."""
    new = wallet.commands.replace_card(
        district.session, district.clerk().who, holder.card.id, blank.as_read(district), visit, now=district.now
    )
    return PaperCard(new.id, blank.text, blank.number)


def statements_of(district, action):
    """How many statements the database is sent for it."""
    sent = []

    def notes(_connection, _cursor, statement, *_):
        sent.append(statement)

    event.listen(district.engine, "before_cursor_execute", notes)
    action()
    event.remove(district.engine, "before_cursor_execute", notes)
    return len(sent)


def looks(district, number, pin, *, address="192.0.2.77"):
    return wallet.commands.read_card_balance(district.session, nobody(district.district_id, address=address), number, pin)


# what stands on a card


@given(st.text(min_size=1, max_size=20))
def test_a_card_is_read_as_it_was_printed(slug):
    """QR in either case and number in groups and full width come back as a card of the district that printed it."""
    code, number = make_card(slug)
    sign, digits = card_marks(slug)
    assert read_code(code) == read_code(f" {code.lower()} ")
    scanned, typed = read_code(code), read_code(grouped_digits(number).translate(str.maketrans("0123456789", "０１２３４５６７８９")))
    assert isinstance(scanned, ReadCard) and isinstance(typed, ReadCard)
    assert (scanned.mark, typed.mark, typed.number) == (sign, digits, number)


@given(st.integers(0, 15), st.integers(1, 9))
def test_one_wrong_digit_is_noticed(place, step):
    """A number with one digit misread is no card's: nobody else's card is found by it."""
    _, number = make_card("hinosawa")
    wrong = number[:place] + str((int(number[place]) + step) % 10) + number[place + 1 :]
    assert read_code(wrong) is None


# paying


def test_a_small_payment_goes_without_the_pin(district):
    """Up to 3,000 yen the shop takes at once; list, history and slip know it as a payment like any other, by card."""
    yamada, till = district.card_holder(coins=8_420), district.till()
    taken = till.scans_card(yamada, 1_280)
    assert (yamada.coins(), till.shop.taken()) == (7_140, 1_280)
    receipt = wallet.queries.payment(district.session, yamada.who, taken.transaction_id, now=district.now)
    assert (receipt.way, receipt.word, receipt.shop.id) == ("card", taken.word, till.shop.id)
    till.shop.refunds(taken.transaction_id, 280)
    assert (yamada.coins(), till.shop.taken()) == (7_420, 1_000)
    assert district.difference() == 0


def test_above_it_the_holder_types_the_pin(district):
    """3,001 yen want the PIN; with it they are paid under the same key, and sent again they are the same payment."""
    yamada, till = district.card_holder(coins=8_420), district.till()
    with pytest.raises(CardPinNeeded) as refusal:
        till.scans_card(yamada, 3_001, key=ANY_KEY)
    assert refusal.value.facts == {"limit": 3_000, "left": 5_000}
    with pytest.raises(PinWrong):
        till.scans_card(yamada, 3_001, key=ANY_KEY, pin=WRONG)
    assert yamada.coins() == 8_420
    first = till.scans_card(yamada, 3_001, key=ANY_KEY, pin=CARD_PIN)
    again = till.scans_card(yamada, 3_001, key=ANY_KEY)
    assert (first.transaction_id, yamada.coins()) == (again.transaction_id, 5_419)
    with pytest.raises(KeyReused):
        till.scans_card(yamada, 3_002, key=ANY_KEY, pin=CARD_PIN)


def test_a_typed_number_wants_the_pin_at_any_amount(district):
    """The number is no secret: whoever only knows it pays nothing."""
    yamada, till = district.card_holder(coins=8_420), district.till()
    with pytest.raises(CardPinNeeded):
        till.scans_card(yamada, 100, typed=True)
    assert isinstance(till.scans_card(yamada, 100, typed=True, pin=CARD_PIN), Taken)


def test_a_typed_number_tells_nobody_what_its_holder_has(district):
    """A shop that has seen sixteen digits asks for more than there can be: it hears of the PIN, and of no balance before it is right."""
    yamada, till = district.card_holder(coins=8_420), district.till()
    with pytest.raises(CardPinNeeded):
        till.scans_card(yamada, 90_000, typed=True)
    with pytest.raises(PinWrong):
        till.scans_card(yamada, 90_000, typed=True, pin=WRONG)
    with pytest.raises(FloorPassed):
        till.scans_card(yamada, 90_000, typed=True, pin=CARD_PIN)


def test_a_day_has_its_own_limit(district, clock):
    """5,000 yen a day without the PIN; payments with it do not count; on the next day in Tokyo it begins anew."""
    yamada, till = district.card_holder(coins=50_000), district.till()
    till.scans_card(yamada, 3_000)
    till.scans_card(yamada, 2_500, pin=CARD_PIN)
    till.scans_card(yamada, 2_000)
    with pytest.raises(CardPinNeeded) as refusal:
        till.scans_card(yamada, 1)
    assert refusal.value.facts["left"] == 0
    clock.advance(days=1)
    till.scans_card(yamada, 3_000)
    assert yamada.coins() == 50_000 - 10_500


def test_the_district_decides_both_limits(district):
    """An administrator sets them within what is safe; at 0 the PIN is asked for each time."""
    admin, yamada, till = district.another_clerk("administrator"), district.card_holder(coins=9_000), district.till()

    def sets(payment, day, who=admin.who):
        wallet.commands.set_card_limits(district.session, who, SetCardLimits(payment, day), now=district.now)

    sets(1_000, 1_500)
    till.scans_card(yamada, 1_000)
    for amount in (1_001, 501):
        with pytest.raises(CardPinNeeded):
            till.scans_card(yamada, amount)
    till.scans_card(yamada, 500)
    sets(0, 0)
    with pytest.raises(CardPinNeeded):
        till.scans_card(yamada, 1)
    with pytest.raises(LimitTooHigh):
        sets(3_000, 30_001)
    with pytest.raises(Forbidden):
        sets(3_000, 5_000, district.clerk().who)


def test_two_tablets_read_the_same_card_at_once(district):
    """Two payments are two, each with its own key; the floor holds, and of five only as many as there is money for."""
    yamada, shop = district.card_holder(coins=2_500), district.shop()
    tills = [shop.till(), *(shop.another_till(f"レジ{number}") for number in range(2, 6))]
    answers = district.at_once([lambda till=till: till.scans_card(yamada, 1_000) for till in tills])
    assert sorted(type(one).__name__ for one in answers) == ["FloorPassed"] * 3 + ["Taken"] * 2
    assert (yamada.coins(), shop.taken()) == (500, 2_000)


def test_the_day_counts_exactly_under_a_crowd(district):
    """Eight tablets at once, 1,000 yen each, without a PIN: exactly five go through, the others ask for it."""
    yamada, shop = district.card_holder(coins=50_000), district.shop()
    tills = [shop.another_till(f"レジ{number}") for number in range(8)]
    answers = district.at_once([lambda till=till: till.scans_card(yamada, 1_000) for till in tills])
    assert sorted(type(one).__name__ for one in answers) == ["CardPinNeeded"] * 3 + ["Taken"] * 5
    assert yamada.coins() == 45_000


def test_the_same_press_takes_once(district):
    """A till that sends its press five times at once takes once."""
    yamada, till = district.card_holder(coins=8_000), district.till()
    answers = district.at_once([lambda: till.scans_card(yamada, 1_000, key=ANY_KEY)] * 5)
    assert len({one.transaction_id for one in answers}) == 1
    assert yamada.coins() == 7_000


def test_five_tablets_guess_the_pin_at_once(district, clock):
    """Five failures in all lock it, whatever tablet they come from; a quarter of an hour later the holder goes on."""
    yamada, shop = district.card_holder(coins=50_000), district.shop()
    tills = [shop.another_till(f"レジ{number}") for number in range(5)]
    answers = district.at_once([lambda till=till: till.scans_card(yamada, 4_000, pin=WRONG) for till in tills])
    assert sorted(type(one).__name__ for one in answers) == ["CardPinLocked"] + ["PinWrong"] * 4
    with pytest.raises(CardPinLocked) as locked:
        district.till().scans_card(yamada, 4_000, pin=CARD_PIN)
    assert locked.value.facts["minutes"] == 15
    district.till().scans_card(yamada, 500)  # small ones go on: the PIN is locked, not the card
    clock.advance(minutes=15)
    district.till().scans_card(yamada, 4_000, pin=CARD_PIN)
    assert yamada.coins() == 45_500


def test_what_cannot_be_paid_is_told_before_the_pin(district):
    """Too little money, a stopped shop: nobody types a PIN for nothing, and nothing is counted against it."""
    yamada, till = district.card_holder(coins=1_000), district.till()
    with pytest.raises(FloorPassed):
        till.scans_card(yamada, 4_000, pin=WRONG)
    till.shop.is_suspended()
    with pytest.raises(ShopSuspended):
        till.scans_card(yamada, 500)


def test_a_frozen_holder_is_told_so(district):
    """Account frozen: the sentence says it, nothing is half done; open again, the card pays."""
    yamada, till = district.card_holder(coins=5_000), district.till()
    account = ledger.queries.account_id(district.session, district.district_id, "consumer", yamada.person_id, district.series_id)

    def becomes(state):
        with atomic(district.session):
            statement = text("SELECT ledger.set_account_state(:district, :account, :state)")
            district.session.execute(statement, {"district": district.district_id, "account": account, "state": state})

    becomes("frozen")
    for pin in (None, CARD_PIN):
        with pytest.raises(AccountFrozen):
            till.scans_card(yamada, 1_000, pin=pin)
    becomes("open")
    till.scans_card(yamada, 1_000)
    assert yamada.coins() == 4_000


def test_each_card_that_does_not_pay_says_why(district, other_district):
    """Unknown, blank, blocked, replaced, another district's: five codes, and nothing written."""
    till, clerk = district.till(), district.clerk()
    lost, moved = district.card_holder(coins=1_000), district.card_holder(coins=1_000)
    blocks(district, lost)
    new = moves(district, moved, district.blank_card())
    text_unknown, number_unknown = make_card(_slug(district))
    cards = {
        CardUnknown: PaperCard(0, text_unknown, number_unknown),
        CardBlank: district.blank_card(),
        CardBlocked: lost.card,
        CardReplaced: moved.card,
        CardOfAnotherDistrict: other_district.card_holder(coins=1_000).card,
    }
    for refusal, card in cards.items():
        with pytest.raises(refusal):
            till.scans_card(card, 100)
        with pytest.raises(refusal):
            wallet.commands.take_code(district.session, clerk.who, card.text, lambda _: None, now=district.now)
    assert till.shop.taken() == 0
    till.scans_card(new, 100, pin=CARD_PIN)
    assert (moved.coins(), lost.coins(), district.difference()) == (900, 1_000, 0)


def test_guessed_numbers_lock_the_entry_of_that_till(district):
    """Five numbers of no card lock a terminal's number entry for a minute; its camera goes on reading cards."""
    yamada, till, slug = district.card_holder(coins=1_000), district.till(), _slug(district)
    for _ in range(5):
        with pytest.raises(CardUnknown):
            till.scans_card(PaperCard(0, *make_card(slug)), 100, typed=True)
    with pytest.raises(NumberEntryLocked):
        till.scans_card(yamada, 100, typed=True, pin=CARD_PIN)
    till.scans_card(yamada, 100)


def test_sixteen_digits_that_are_no_number(district):
    """A slip of the finger is refused before anything is looked up."""
    with pytest.raises(CodeOfConsumerUnreadable):
        district.till().scans("1234 5678 9012 3456", 100)


def _slug(district):
    return district.host.removesuffix(".localhost")


# printing


def test_printing_again_makes_the_sheet_before_worthless(district):
    """The printer jammed: the second print has new secrets and numbers, the first ones are nobody's; given cards stay."""
    clerk = district.clerk()
    lot = wallet.commands.make_lot(district.session, clerk.who, 3, now=district.now)
    first = wallet.commands.print_lot(district.session, clerk.who, lot, now=district.now)
    kept = PaperCard(0, first[0].text, first[0].number)
    card = gives(district, GiveCard(kept.as_read(district), CARD_PIN))
    second = wallet.commands.print_lot(district.session, clerk.who, lot, now=district.now)
    assert [each.serial for each in second] == [2, 3]
    assert not {each.text for each in first} & {each.text for each in second}
    for old in first[1:]:
        with pytest.raises(CardUnknown):
            PaperCard(0, old.text, old.number).as_read(district)
    (shown,) = wallet.queries.card_lots(district.session, clerk.who)
    assert (shown.quantity, shown.prints, shown.blank, shown.active, shown.blocked) == (3, 2, 2, 1, 0)
    assert card.number == kept.number


def test_secrets_stand_nowhere(district, owner_engine):
    """Whoever reads the whole database finds no text of a QR."""
    card = district.blank_card()
    with owner_engine.connect() as connection:
        row = connection.execute(text("SELECT c::text FROM card c WHERE number = :number"), {"number": card.number}).scalar_one()
    assert card.text not in row and card.text[6:] not in row


def test_a_lot_of_which_every_card_is_given(district):
    """There is nothing to print again."""
    clerk = district.clerk()
    lot = wallet.commands.make_lot(district.session, clerk.who, 1, now=district.now)
    (only,) = wallet.commands.print_lot(district.session, clerk.who, lot, now=district.now)
    gives(district, GiveCard(PaperCard(0, only.text, only.number).as_read(district), CARD_PIN))
    with pytest.raises(LotUsedUp):
        wallet.commands.print_lot(district.session, clerk.who, lot, now=district.now)


# given, blocked, moved


def test_a_card_for_somebody_with_a_phone_is_one_wallet(district):
    """Phone and card pay out of the same balance, and the phone sees the card's payments."""
    hanako, till, blank = district.consumer(coins=5_000), district.till(), district.blank_card()
    card = gives(district, GiveCard(blank.as_read(district), CARD_PIN, person_id=hanako.person_id))
    taken = till.scans_card(PaperCard(card.id, blank.text, blank.number), 1_000)
    till.scans(hanako.shows_code().text, 500)
    assert hanako.coins() == 3_500
    assert taken.transaction_id in [one.transaction_id for one in wallet.queries.latest(district.session, hanako.who, count=5)]
    with pytest.raises(CardHeld):
        gives(district, GiveCard(district.blank_card().as_read(district), CARD_PIN, person_id=hanako.person_id))


def test_a_coupon_on_the_phone_is_used_by_the_card(district):
    """One wallet: the coupon that was claimed by phone takes its 200 yen off, and only what is paid counts towards the day."""
    hanako, shop, blank = district.consumer(coins=9_000), district.shop(), district.blank_card()
    card = gives(district, GiveCard(blank.as_read(district), CARD_PIN, person_id=hanako.person_id))
    coupon_id, paper = district.coupon(), PaperCard(card.id, blank.text, blank.number)
    hanako.claims(coupon_id)
    taken = shop.till().scans_card(paper, 3_200, key=ANY_KEY)
    assert (taken.discount, hanako.coins(), hanako.pieces(coupon_id)) == (200, 6_000, 0)
    assert shop.till().scans_card(paper, 3_200, key=ANY_KEY).discount == 200
    shop.till().scans_card(paper, 2_000)
    assert hanako.coins() == 4_000


def test_a_card_is_given_once(district):
    """Pressed again it is the same holder; another clerk cannot give it a second time, and a weak PIN gives nothing."""
    order = GiveCard(district.blank_card().as_read(district), CARD_PIN)
    with pytest.raises(PinWeak):
        gives(district, GiveCard(order.blank, "1234"))
    assert gives(district, order).person_id == gives(district, order).person_id
    with pytest.raises(CardTaken):
        gives(district, order, district.another_clerk("issuer"))


def test_two_clerks_give_the_same_card_at_once(district):
    """One of them does; the other takes another card."""
    order, clerks = GiveCard(district.blank_card().as_read(district), CARD_PIN), [district.another_clerk("issuer") for _ in range(2)]
    answers = district.at_once([lambda clerk=clerk: gives(district, order, clerk) for clerk in clerks])
    assert sorted(type(one).__name__ for one in answers) == ["CardTaken", "CardView"]


def test_nobody_of_the_association_handles_their_own_card(district):
    """A clerk's own card is another clerk's work."""
    clerk = district.clerk()
    with pytest.raises(OwnCard):
        gives(district, GiveCard(district.blank_card().as_read(district), CARD_PIN, person_id=clerk.person_id))


def test_a_lost_card_is_moved_for_a_relative(district):
    """Blocked at once, moved to a new card: same person, same balance, same PIN; who came stands in the card's story."""
    yamada, till = district.card_holder(coins=8_000), district.till()
    blocks(district, yamada, Visit("relative", "長女"))
    with pytest.raises(CardBlocked):
        till.scans_card(yamada, 100)
    blank = district.blank_card()
    new = moves(district, yamada, blank, Visit("relative", "長女"))
    assert moves(district, yamada, blank) == new  # pressed again
    with pytest.raises(CardReplaced):
        till.scans_card(yamada, 100)
    till.scans_card(new, 4_000, pin=CARD_PIN)
    assert yamada.coins() == 4_000
    held, story = wallet.queries.one_card(district.session, district.clerk().who, yamada.card.id)
    assert (held.card.state, held.card.successor_id) == ("replaced", new.id)
    assert [(one.what, one.came, one.note) for one in story] == [
        ("given", "holder", ""),
        ("blocked", "relative", "長女"),
        ("replaced", "relative", "長女"),
    ]
    for again in (lambda: moves(district, yamada, district.blank_card()), lambda: blocks(district, yamada)):
        with pytest.raises(CardEnded):
            again()


def unblocks(district, holder, *, pin=CARD_PIN, code=None, clerk=None):
    seen = code or holder.card.text
    who = (clerk or district.clerk()).who
    return wallet.commands.unblock_card(district.session, who, holder.card.id, seen, pin, HOLDER_CAME, now=district.now)


def asks_for_a_pin(district, holder, *, code=None):
    """The clerk reads the card of a holder who has forgotten the PIN; gives the proposal."""
    return wallet.commands.propose_card_pin(
        district.session, district.clerk().who, holder.card.id, code or holder.card.text, now=district.now
    )


def sets_pin(district, holder, pin):
    wallet.commands.set_card_pin(district.session, district.clerk().who, holder.card.id, pin, HOLDER_CAME, now=district.now)


def test_a_blocked_card_that_turns_up_pays_again(district):
    """With the card and its PIN at the counter; what happened when stands in its story; a second press changes nothing."""
    yamada, till = district.card_holder(coins=8_000), district.till()
    with pytest.raises(CardNotBlocked):
        unblocks(district, yamada)
    blocks(district, yamada)
    with pytest.raises(PinWrong):
        unblocks(district, yamada, pin=WRONG)
    for other in (yamada.card.number, district.blank_card().text, "なにか"):
        with pytest.raises(NotThisCard):
            unblocks(district, yamada, code=other)
    with pytest.raises(CardBlocked):
        till.scans_card(yamada, 100)
    unblocks(district, yamada)
    assert unblocks(district, yamada).state == "active"
    till.scans_card(yamada, 100)
    _, story = wallet.queries.one_card(district.session, district.clerk().who, yamada.card.id)
    assert [one.what for one in story] == ["given", "blocked", "unblocked"]


def test_a_card_that_was_moved_never_comes_back(district):
    """Whoever has a newer card keeps that one."""
    moved = district.card_holder(coins=1_000)
    blocks(district, moved)
    moves(district, moved, district.blank_card())
    with pytest.raises(CardEnded):
        unblocks(district, moved)


def test_a_blocked_card_is_moved_and_no_second_one_given_beside_it(district):
    """A clerk who has read a neighbour's card for a top-up cannot block it and give the wallet a card with a PIN of his own."""
    yamada, hanako, till = district.card_holder(coins=8_000), district.consumer(coins=1_000), district.till()
    blocks(district, yamada)
    with pytest.raises(CardHeld):
        gives(district, GiveCard(district.blank_card().as_read(district), WRONG, person_id=yamada.person_id))
    unblocks(district, yamada)  # by the PIN that its holder chose
    till.scans_card(yamada, 4_000, pin=CARD_PIN)
    blank = district.blank_card()
    card = gives(district, GiveCard(blank.as_read(district), CARD_PIN, person_id=hanako.person_id))
    wallet.commands.block_own_card(district.session, hanako.who, now=district.now)
    with pytest.raises(CardHeld):
        gives(district, GiveCard(district.blank_card().as_read(district), WRONG, person_id=hanako.person_id))
    assert wallet.queries.held_card(district.session, district.district_id, hanako.person_id).id == card.id


def test_a_moved_card_asks_for_the_pin_before_it_pays_anything(district):
    """A clerk who moves a neighbour's wallet to a card in his own pocket buys nothing with it, however small."""
    yamada, till = district.card_holder(coins=8_000), district.till()
    new = moves(district, yamada, district.blank_card())
    with pytest.raises(CardPinNeeded):
        till.scans_card(new, 1)
    with pytest.raises(PinWrong):
        till.scans_card(new, 1, pin=WRONG)
    with pytest.raises(CardPinNeeded):
        till.scans_card(new, 1)
    till.scans_card(new, 1, pin=CARD_PIN)
    till.scans_card(new, 1)
    assert yamada.coins() == 7_998


def test_a_new_pin_wants_the_card_and_a_second_person(district):
    """Asked for with the card in hand, approved by somebody else, used once."""
    yamada, till = district.card_holder(coins=50_000), district.till()
    with pytest.raises(CardPinNotApproved):
        sets_pin(district, yamada, "7205")
    with pytest.raises(NotThisCard):
        asks_for_a_pin(district, yamada, code=yamada.card.number)
    number = asks_for_a_pin(district, yamada)
    assert asks_for_a_pin(district, yamada) == number
    with pytest.raises(CardPinNotApproved):
        sets_pin(district, yamada, "7205")
    admin, other = district.another_clerk("administrator"), district.card_holder()
    with pytest.raises(SameHands):
        admin.approves(wallet.commands.propose_card_pin(district.session, admin.who, other.card.id, other.card.text, now=district.now))
    district.approver().approves(number)
    with pytest.raises(PinWeak):
        sets_pin(district, yamada, "1234")
    sets_pin(district, yamada, "7205")
    with pytest.raises(CardPinNotApproved):
        sets_pin(district, yamada, "9517")
    till.scans_card(yamada, 4_000, pin="7205")
    assert asks_for_a_pin(district, yamada) != number


def test_a_yes_to_a_new_pin_does_not_lie_about(district, monkeypatch):
    """Declined, or half an hour old, it opens nothing, and the wish is made anew."""
    yamada = district.card_holder(coins=1_000)
    declined = asks_for_a_pin(district, yamada)
    district.approver().declines(declined, "本人ではない")
    with pytest.raises(CardPinNotApproved):
        sets_pin(district, yamada, "7205")
    district.approver().approves(asks_for_a_pin(district, yamada))
    monkeypatch.setattr("wallet.queries.cards.APPROVED_FOR", timedelta(0))
    with pytest.raises(CardPinNotApproved):
        sets_pin(district, yamada, "7205")


def test_two_clerks_use_one_yes_at_once(district):
    """One PIN is set, the other is refused."""
    yamada = district.card_holder(coins=1_000)
    district.approver().approves(asks_for_a_pin(district, yamada))
    clerks = [district.another_clerk("issuer").who for _ in range(2)]

    def sets(who, pin):
        return wallet.commands.set_card_pin(district.session, who, yamada.card.id, pin, HOLDER_CAME, now=district.now)

    answers = district.at_once([lambda who=who, pin=pin: sets(who, pin) for who, pin in zip(clerks, ("7205", "9306"), strict=True)])
    assert sorted(type(one).__name__ for one in answers) == ["CardPinNotApproved", "NoneType"]


def test_a_card_is_blocked_while_it_pays(district):
    """Whichever comes first: a payment before the block stands, none comes after it."""
    yamada, shop = district.card_holder(coins=8_000), district.shop()
    tills = [shop.till(), shop.another_till()]
    answers = district.at_once([*(lambda till=till: till.scans_card(yamada, 1_000) for till in tills), lambda: blocks(district, yamada)])
    taken = [one for one in answers if isinstance(one, Taken)]
    assert yamada.coins() == 8_000 - 1_000 * len(taken)
    with pytest.raises(CardBlocked):
        tills[0].scans_card(yamada, 1_000)
    assert not [one for one in answers if isinstance(one, MeguriError) and not isinstance(one, CardBlocked)]


def test_the_phone_blocks_its_own_card(district):
    """A holder with a phone need not go to the counter; a second press says that there is no card any more."""
    hanako, blank = district.consumer(coins=5_000), district.blank_card()
    card = gives(district, GiveCard(blank.as_read(district), CARD_PIN, person_id=hanako.person_id))
    wallet.commands.block_own_card(district.session, hanako.who, now=district.now)
    with pytest.raises(CardBlocked):
        district.till().scans_card(PaperCard(card.id, blank.text, blank.number), 100)
    with pytest.raises(NoCard):
        wallet.commands.block_own_card(district.session, hanako.who, now=district.now)
    lost = CardHolder(district, hanako.person_id, hanako.who, PaperCard(card.id, blank.text, blank.number))
    district.till().scans_card(moves(district, lost, district.blank_card()), 100, pin=CARD_PIN)


def test_a_forgotten_pin_is_chosen_anew_at_the_counter(district):
    """The holder types a new one; it unlocks the card."""
    yamada, till = district.card_holder(coins=8_000), district.till()
    for _ in range(5):
        with pytest.raises(MeguriError):
            till.scans_card(yamada, 4_000, pin=WRONG)
    district.approver().approves(asks_for_a_pin(district, yamada))
    sets_pin(district, yamada, "7205")
    till.scans_card(yamada, 4_000, pin="7205")
    assert yamada.coins() == 4_000


def test_a_card_is_found_by_number_end_and_name(district):
    """What somebody on the telephone can tell: the number, its last four digits, or the name they gave."""
    clerk, blank = district.clerk(), district.blank_card()
    card = gives(district, GiveCard(blank.as_read(district), CARD_PIN, nickname="山田 ハル"))
    for words in (blank.number, grouped_digits(blank.number), blank.text, blank.number[-6:], "ハル"):
        found = wallet.queries.find_cards(district.session, clerk.who, words)
        assert [(each.card.id, each.holder) for each in found] == [(card.id, "山田 ハル")], words
    assert wallet.queries.find_cards(district.session, clerk.who, "鈴木") == []


def test_a_card_of_another_district_is_not_found(district, other_district):
    """Its page, its block and its new card are refused: no such card here."""
    theirs = other_district.card_holder(coins=1_000)
    with pytest.raises(CardUnknown):
        blocks(district, theirs)
    with pytest.raises(CardUnknown):
        wallet.queries.one_card(district.session, district.clerk().who, theirs.card.id)
    with pytest.raises(CardNotShown):
        looks(district, theirs.card.number, CARD_PIN)
    assert other_district.till().scans_card(theirs, 100)


# the public page


def test_number_and_pin_give_the_balance(district):
    """What is left and what was paid, without signing in."""
    yamada, till = district.card_holder(coins=8_000), district.till()
    taken = till.scans_card(yamada, 1_280)
    seen = looks(district, grouped_digits(yamada.card.number), CARD_PIN)
    assert (seen.ending, seen.balance) == (yamada.card.number[-4:], 6_720)
    assert seen.movements[0].transaction_id == taken.transaction_id


def test_the_page_does_not_tell_whether_a_number_exists(district):
    """Wrong PIN, unknown number, blank, blocked: the same refusal, and after five tries the same lock."""
    yamada, lost = district.card_holder(coins=8_000), district.card_holder(coins=1_000)
    blocks(district, lost)
    numbers = [(yamada.card.number, WRONG), (make_card(_slug(district))[1], WRONG), (lost.card.number, CARD_PIN), ("4", "0")]
    numbers.append((district.blank_card().number, CARD_PIN))
    for number, pin in numbers:
        for _ in range(5):
            with pytest.raises(CardNotShown):
                looks(district, number, pin)
        with pytest.raises(CardPageLocked):
            looks(district, number, CARD_PIN)


def test_a_wrong_pin_costs_the_same_work_whether_the_number_exists_or_not(district):
    """Who measures the answer learns of no card: a card in use, a blocked one and an invented number ask the database the same."""
    yamada, lost = district.card_holder(coins=8_000), district.card_holder(coins=1_000)
    blocks(district, lost)
    district.till().scans_card(yamada, 100)

    def tries(number):
        with pytest.raises(CardNotShown):
            looks(district, number, WRONG)

    tries(yamada.card.number)  # reads what a session reads once
    invented = district.blank_card().number
    work = [statements_of(district, lambda number=number: tries(number)) for number in (yamada.card.number, lost.card.number, invented)]
    assert work[0] > 0 and len(set(work)) == 1, work


def test_the_page_never_locks_the_card_at_the_counter(district):
    """Somebody guesses on the page until it is locked: the holder pays with the PIN as ever."""
    yamada = district.card_holder(coins=8_000)
    for _ in range(6):
        with pytest.raises((CardNotShown, CardPageLocked)):
            looks(district, yamada.card.number, WRONG)
    district.till().scans_card(yamada, 4_000, pin=CARD_PIN)


def test_the_right_pin_forgives_the_slips(district):
    """Four slips, then right, as often as one likes."""
    yamada = district.card_holder(coins=8_000)
    for _ in range(3):
        for _ in range(4):
            with pytest.raises(CardNotShown):
                looks(district, yamada.card.number, WRONG)
        assert looks(district, yamada.card.number, CARD_PIN).balance == 8_000


def test_many_numbers_from_one_place_are_stopped(district, monkeypatch):
    """So many tries an hour from one address, whatever numbers they are; another address goes on."""
    slug, most = _slug(district), 6
    monkeypatch.setattr("wallet.commands.card_page.OF_PLACE", most)
    for _ in range(most):
        with pytest.raises(CardNotShown):
            looks(district, make_card(slug)[1], WRONG, address="192.0.2.1")
    yamada = district.card_holder(coins=8_000)
    with pytest.raises(MeguriError) as refusal:
        looks(district, yamada.card.number, CARD_PIN, address="192.0.2.1")
    assert refusal.value.code == "too_many"
    assert looks(district, yamada.card.number, CARD_PIN).balance == 8_000


def test_a_card_without_a_pin_pays_small_amounts_only(district, owner_engine):
    """Should its PIN be missing, it says so and what helps."""
    yamada, till = district.card_holder(coins=8_000), district.till()
    with owner_engine.begin() as connection:
        connection.execute(text("DELETE FROM pin WHERE holder_kind = 'card' AND holder_id = :id"), {"id": yamada.person_id})
    till.scans_card(yamada, 100, key=uuid4())
    with pytest.raises(CardPinMissing):
        till.scans_card(yamada, 4_000, pin=CARD_PIN)
