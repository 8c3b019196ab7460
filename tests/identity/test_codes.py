"""Codes by mail and on paper."""

from __future__ import annotations

import re

import pytest

from base.errors import TooMany
from identity import commands, queries
from identity.commands import Browser
from identity.errors import CodeEnded, CodeWrong, EmailInvalid, EmailTaken, RecoveryCodeWrong, SignInAgain

HANAKO = "hanako@example.jp"


def send(village, email=HANAKO, address="192.0.2.1", device=None):
    where = {"address": address, "device": device}
    return commands.send_code(village.session, village.id, "灯ノ沢温泉", email, **where, language="ja", now=village.now)


def mailed(village):
    return str(queries.mailbox(village.session, village.id)[0].facts["code"])


def prove(village, code_id, code, email=HANAKO, address="192.0.2.1"):
    return commands.prove_email(village.session, village.id, code_id, email, code, address=address, now=village.now)


def wrong(code):
    return f"{(int(code) + 1) % 1_000_000:06d}"


def test_the_mailed_code_proves_the_address(village):
    """Six digits arrive; typed in, even in full width, they prove the address, once."""
    code_id = send(village)
    code = mailed(village)
    assert re.fullmatch(r"\d{6}", code)
    assert prove(village, code_id, code.translate(str.maketrans("0123456789", "０１２３４５６７８９")), email="Hanako@Example.JP") == HANAKO
    with pytest.raises(CodeEnded):
        prove(village, code_id, code)


def test_a_code_ends_after_ten_minutes(village, clock):
    """An old mail proves nothing."""
    code_id = send(village)
    code = mailed(village)
    clock.advance(minutes=10)
    with pytest.raises(CodeEnded):
        prove(village, code_id, code)


def test_a_code_has_five_tries(village):
    """After five wrong ones even the right code is refused."""
    code_id = send(village)
    code = mailed(village)
    for left in (4, 3, 2, 1):
        with pytest.raises(CodeWrong) as refusal:
            prove(village, code_id, wrong(code))
        assert refusal.value.facts == {"left": left}
    with pytest.raises(CodeEnded):
        prove(village, code_id, wrong(code))
    with pytest.raises(CodeEnded):
        prove(village, code_id, code)


def test_a_code_proves_only_the_address_it_was_sent_to(village, next_village):
    """The attacker's own code does not prove somebody else's address, nor anything in another district."""
    code_id = send(village, "attacker@example.jp")
    code = mailed(village)
    with pytest.raises(CodeWrong):
        prove(village, code_id, code, email=HANAKO)
    with pytest.raises(CodeEnded):
        prove(next_village, code_id, code, email="attacker@example.jp")


def test_one_address_gets_five_mails_an_hour(village):
    """Nobody's mailbox is flooded, from however many places."""
    for number in range(5):
        send(village, address=f"192.0.2.{number}")
    with pytest.raises(TooMany) as refusal:
        send(village, address="192.0.2.99")
    assert 3_500 < refusal.value.facts["seconds"] <= 3_600
    assert len(queries.mailbox(village.session, village.id)) == 5


def test_one_device_sends_ten_mails_an_hour(village):
    """Nor are many mailboxes, from one browser; whoever is beside it goes on."""
    for number in range(10):
        send(village, f"person{number}@example.jp", device="one phone")
    with pytest.raises(TooMany):
        send(village, "person99@example.jp", device="one phone")
    send(village, "person99@example.jp", device="another one")


def test_what_is_no_address_gets_no_mail(village):
    """A slip is said at once."""
    with pytest.raises(EmailInvalid):
        send(village, "hanako@")


def test_a_known_address_signs_in_and_an_unknown_one_asks_for_a_name(village):
    """Coming back and joining are the same first step; only what is missing is asked for."""
    person_id = village.person(email=HANAKO)
    browser = Browser()
    opened = commands.enter_by_email(village.session, village.id, HANAKO, browser, now=village.now)
    assert opened is not None and village.who(opened).person_id == person_id
    assert commands.enter_by_email(village.session, village.id, "taro@example.jp", browser, now=village.now) is None


def test_an_address_belongs_to_one_person_of_a_district(village, next_village):
    """Two people cannot share an address here; in another district it is free."""
    village.person(email=HANAKO)
    with pytest.raises(EmailTaken):
        village.person("太郎", email="HANAKO@example.jp")
    next_village.person(email=HANAKO)


def test_an_address_is_changed_only_on_a_device_that_is_known(village):
    """A stranger on a new device cannot lead the codes to another mailbox."""
    person_id = village.person(email=HANAKO)
    phone = village.who(village.opens(person_id))
    commands.change_email(village.session, phone, person_id, "hana@example.com", now=village.now)
    assert queries.person_profile(village.session, phone).email == "hana@example.com"
    stranger = village.who(village.opens(person_id))
    with pytest.raises(SignInAgain):
        commands.change_email(village.session, stranger, person_id, "evil@example.com", now=village.now)
    other = village.comes("太郎")
    with pytest.raises(SignInAgain):
        commands.change_email(village.session, other, person_id, "evil@example.com", now=village.now)


def test_ten_recovery_codes_each_sign_in_once(village):
    """A code from the paper signs in on a new device, which has lower limits, and everything else is signed out."""
    person_id = village.person()
    phone = village.opens(person_id)
    codes = commands.make_recovery_codes(village.session, village.who(phone), now=village.now)
    assert len(set(codes)) == 10 and all(re.fullmatch(r"[2-9A-HJKMNP-Z]{5}-[2-9A-HJKMNP-Z]{5}", code) for code in codes)
    opened = commands.recover(village.session, village.id, codes[3].lower().replace("-", " "), Browser(), now=village.now)
    who = village.who(opened)
    assert (who.person_id, who.way, queries.device_is_new(who, village.now)) == (person_id, "recovery", True)
    assert not village.who(phone).is_somebody
    assert queries.ways_in(village.session, who).recovery_codes == 9
    with pytest.raises(RecoveryCodeWrong):
        commands.recover(village.session, village.id, codes[3], Browser(), now=village.now)


def test_new_recovery_codes_end_the_old_ones(village, next_village):
    """A lost sheet of paper is made worthless; a code of another district opens nothing here."""
    hanako = village.comes()
    old = commands.make_recovery_codes(village.session, hanako, now=village.now)
    new = commands.make_recovery_codes(village.session, hanako, now=village.now)
    for code, where in ((old[0], village), (new[0], next_village)):
        with pytest.raises(RecoveryCodeWrong):
            commands.recover(where.session, where.id, code, Browser(), now=village.now)
    commands.recover(village.session, village.id, new[0], Browser(), now=village.now)


def test_recovery_codes_are_not_guessed(village):
    """Ten tries an hour on one device, and the codes have 49 bits."""
    browser = Browser("one phone", address="192.0.2.7")
    for _ in range(10):
        with pytest.raises(RecoveryCodeWrong):
            commands.recover(village.session, village.id, "ABCDE-FGHJK", browser, now=village.now)
    with pytest.raises(TooMany):
        commands.recover(village.session, village.id, "ABCDE-FGHJK", browser, now=village.now)
