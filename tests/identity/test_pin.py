"""暗証番号: confirms, locks, and is counted on the person."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from argon2 import PasswordHasher, extract_parameters
from argon2.exceptions import VerifyMismatchError
from sqlalchemy.orm import Session

from base.db import atomic
from base.errors import MeguriError, NotSignedIn
from identity import commands, queries
from identity.errors import PinLocked, PinMissing, PinWeak, PinWrong, SignInAgain


def tries(village, who, pin):
    commands.check_pin(village.session, who, pin, now=village.now)


def test_the_right_pin_confirms(village):
    """Hanako's own PIN is taken, also in full width; another one is not."""
    hanako = village.comes()
    commands.set_pin(village.session, hanako, "2580", now=village.now)
    tries(village, hanako, "２５８０")
    with pytest.raises(PinWrong) as refusal:
        tries(village, hanako, "2581")
    assert refusal.value.facts == {"left": 4}


def test_who_has_no_pin_is_told_so(village):
    """Nothing is confirmed by a PIN that was never set."""
    with pytest.raises(PinMissing):
        tries(village, village.comes(), "2580")


def test_five_failures_lock_for_fifteen_minutes_whatever_the_device(village, clock):
    """A thief who changes the device does not get new tries; after a quarter of an hour the owner may go on."""
    person_id = village.person()
    phone = village.who(village.opens(person_id))
    commands.set_pin(village.session, phone, "2580", now=village.now)
    for left in (4, 3, 2):
        with pytest.raises(PinWrong) as refusal:
            tries(village, phone, "9999")
        assert refusal.value.facts["left"] == left
    tablet = village.who(village.opens(person_id))
    with pytest.raises(PinWrong):
        tries(village, tablet, "9999")
    with pytest.raises(PinLocked) as locked:
        tries(village, tablet, "9999")
    assert locked.value.facts == {"minutes": 15, "seconds": 900}
    for device in (phone, tablet):
        with pytest.raises(PinLocked):
            tries(village, device, "2580")
    clock.advance(minutes=14, seconds=59)
    with pytest.raises(PinLocked) as locked:
        tries(village, phone, "2580")
    assert locked.value.facts == {"minutes": 1, "seconds": 1}
    clock.advance(seconds=1)
    tries(village, phone, "2580")


def test_a_failure_counts_although_the_payment_is_rolled_back(village):
    """The door that asked for the PIN fails and rolls back; the try stays counted."""
    hanako = village.comes()
    commands.set_pin(village.session, hanako, "2580", now=village.now)
    for _ in range(4):
        with pytest.raises(PinWrong), atomic(village.session):
            tries(village, hanako, "9999")
    with pytest.raises(PinLocked), atomic(village.session):
        tries(village, hanako, "9999")


def test_many_guesses_at_once_are_still_only_five(village, engine, session_info):
    """Sixteen guesses in the same moment do not slip past the count."""
    hanako = village.comes()
    commands.set_pin(village.session, hanako, "2580", now=village.now)

    def guess(number):
        with Session(engine, info=dict(session_info)) as session:
            try:
                commands.check_pin(session, hanako, f"{3000 + number}", now=village.now)
            except MeguriError as refusal:
                return type(refusal)

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(guess, range(16)))
    assert answers.count(PinWrong) == 4 and answers.count(PinLocked) == 12


def test_a_success_forgets_the_failures(village):
    """Two slips today and three tomorrow lock nobody out."""
    hanako = village.comes()
    commands.set_pin(village.session, hanako, "2580", now=village.now)
    for _ in range(3):
        for _ in range(4):
            with pytest.raises(PinWrong):
                tries(village, hanako, "9999")
        tries(village, hanako, "2580")


def test_a_weak_pin_is_refused(village):
    """0000 and 1234 are what a thief tries first."""
    hanako = village.comes()
    for pin in ("0000", "1234", "12"):
        with pytest.raises(PinWeak):
            commands.set_pin(village.session, hanako, pin, now=village.now)
    assert not queries.has_pin(village.session, hanako)


def test_changing_a_pin_needs_the_old_one_or_a_fresh_sign_in(village, clock):
    """A phone left on the table is not enough to change the PIN."""
    hanako = village.comes()
    commands.set_pin(village.session, hanako, "2580", now=village.now)
    clock.advance(minutes=11)
    with pytest.raises(SignInAgain):
        commands.set_pin(village.session, hanako, "7391", now=village.now)
    with pytest.raises(PinWrong):
        commands.set_pin(village.session, hanako, "7391", current="1111", now=village.now)
    commands.set_pin(village.session, hanako, "7391", current="2580", now=village.now)
    tries(village, hanako, "7391")


def test_a_stolen_mailbox_cannot_replace_the_pin(village):
    """On a new device, signed in by mail alone, a forgotten PIN is not replaced for a day."""
    person_id = village.person()
    phone = village.who(village.opens(person_id))
    commands.set_pin(village.session, phone, "2580", now=village.now)
    stranger = village.who(village.opens(person_id))
    with pytest.raises(SignInAgain):
        commands.set_pin(village.session, stranger, "7391", now=village.now)
    tries(village, phone, "2580")


def test_a_pin_signs_nobody_in(village):
    """Without a session, the right PIN is worth nothing."""
    hanako = village.comes()
    commands.set_pin(village.session, hanako, "2580", now=village.now)
    with pytest.raises(NotSignedIn):
        tries(village, queries.nobody(village.id), "2580")


def test_staff_have_pins_of_their_own_that_lock_as_well(village):
    """A cashier's PIN is counted on the cashier, and is not the PIN of the person with the same number."""
    hanako = village.comes()
    commands.set_pin(village.session, hanako, "2580", now=village.now)
    commands.set_staff_pin(village.session, village.id, hanako.person_id, "7391", now=village.now)
    commands.check_staff_pin(village.session, village.id, hanako.person_id, "7391", now=village.now)
    for _ in range(4):
        with pytest.raises(PinWrong):
            commands.check_staff_pin(village.session, village.id, hanako.person_id, "2580", now=village.now)
    with pytest.raises(PinLocked):
        commands.check_staff_pin(village.session, village.id, hanako.person_id, "2580", now=village.now)
    tries(village, hanako, "2580")
    commands.staff_leaves(village.session, village.id, hanako.person_id, now=village.now)
    with pytest.raises(PinMissing):
        commands.check_staff_pin(village.session, village.id, hanako.person_id, "7391", now=village.now)


def test_the_database_alone_does_not_give_away_a_pin(village):
    """Argon2id over a keyed hash: without the master key, ten thousand guesses at the stored hash find nothing."""
    hanako = village.comes()
    commands.set_pin(village.session, hanako, "2580", now=village.now)
    [(stored,)] = village.behind("SELECT hash FROM pin WHERE district_id = :d")
    assert extract_parameters(stored).memory_cost >= 19 * 1024 and stored.startswith("$argon2id$")
    with pytest.raises(VerifyMismatchError):
        PasswordHasher().verify(stored, "2580")
