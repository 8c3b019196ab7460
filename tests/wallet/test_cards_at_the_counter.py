"""Cards are printed, given, blocked, moved and given a new PIN."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import text

import wallet.commands
import wallet.queries
from base.errors import MeguriError
from identity.errors import PinWeak, PinWrong
from ledger.errors import SameHands
from tests.town import ANY_KEY, CARD_PIN, CardHolder, PaperCard
from tests.wallet.cards import HOLDER_CAME, WRONG, asks_for_a_pin, blocks, gives, looks, moves, sets_pin, unblocks
from wallet.commands import GiveCard, Taken, Visit
from wallet.errors import (
    CardBlocked,
    CardEnded,
    CardHeld,
    CardNotBlocked,
    CardNotShown,
    CardPinNeeded,
    CardPinNotApproved,
    CardReplaced,
    CardTaken,
    CardUnknown,
    LotUsedUp,
    NoCard,
    NotThisCard,
    OwnCard,
)
from wallet.rules import grouped_digits


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
