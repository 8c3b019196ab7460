"""Sessions of people and tablets, and the devices that they stand on."""

from __future__ import annotations

import pytest

from base.errors import NotFound
from base.ids import fingerprint
from identity import commands, queries


def test_a_session_is_who_it_was_opened_for(village):
    """Hanako's cookie makes her a consumer of this district, on the device she uses."""
    person_id = village.person()
    who = village.who(village.opens(person_id))
    assert (who.district_id, who.person_id, who.roles) == (village.id, person_id, frozenset({"consumer"}))
    assert who.device_since == village.now and who.way == "email" and who.address == "192.0.2.1"


def test_a_made_up_token_is_nobody(village):
    """Guessing a cookie, or sending none, gives no rights."""
    village.comes()
    for token in ("", "x", "a" * 43):
        who = village.who(token)
        assert not who.is_somebody and who.roles == frozenset()


def test_only_a_hash_of_the_token_is_stored(village):
    """Whoever reads the database cannot take over a session."""
    opened = village.opens(village.person())
    [(stored,)] = village.behind("SELECT token_hash FROM person_session WHERE district_id = :d")
    assert bytes(stored) == fingerprint(opened.token) and opened.token.encode() not in bytes(stored)


def test_each_sign_in_has_a_new_token_and_ends_the_old_one(village):
    """A token planted before the sign-in is worth nothing after it."""
    person_id = village.person()
    before = village.opens(person_id)
    browser = commands.Browser(before.device_token, "", "192.0.2.1", session_id=before.session_id)
    after = commands.open_session(village.session, village.id, person_id, browser, way="email", now=village.now)
    assert after.token != before.token
    assert not village.who(before).is_somebody and village.who(after).person_id == person_id


def test_a_cookie_of_one_district_opens_nothing_in_another(village, next_village):
    """Nothing crosses districts."""
    opened = village.opens(village.person())
    assert not next_village.who(opened).is_somebody


def test_a_session_ends_when_nobody_uses_it(village, clock):
    """Sixty days without a visit, or a year in all, and one signs in again."""
    opened = village.opens(village.person())
    clock.advance(days=59)
    who = village.who(opened)
    commands.keep_alive(village.session, who, now=village.now)
    clock.advance(days=59)
    assert village.who(opened).is_somebody
    clock.advance(days=2)
    assert not village.who(opened).is_somebody


def test_a_session_ends_after_a_year_however_much_it_is_used(village, clock):
    """The absolute end comes for everybody."""
    opened = village.opens(village.person())
    for _ in range(8):
        clock.advance(days=45)
        commands.keep_alive(village.session, village.who(opened), now=village.now)
    assert village.who(opened).is_somebody
    clock.advance(days=6)
    assert not village.who(opened).is_somebody


def test_a_desk_session_is_short(village, clock):
    """Whoever handles other people's money is signed out after two idle hours, and each night."""
    clerk = village.person("早川", "issuer")
    opened = village.opens(clerk)
    for _ in range(6):
        clock.advance(minutes=119)
        commands.keep_alive(village.session, village.who(opened), now=village.now)
    assert village.who(opened).is_somebody
    clock.advance(minutes=7)
    assert not village.who(opened).is_somebody
    idle = village.opens(clerk)
    clock.advance(hours=2)
    assert not village.who(idle).is_somebody


def test_signing_out_ends_this_session_only(village):
    """The tablet at home stays signed in."""
    person_id = village.person()
    phone, tablet = village.opens(person_id), village.opens(person_id)
    commands.end_session(village.session, village.who(phone), now=village.now)
    assert not village.who(phone).is_somebody and village.who(tablet).is_somebody


def test_signing_out_everywhere_ends_all(village):
    """One press, and no device is signed in any more."""
    person_id, other = village.person(), village.opens(village.person("太郎"))
    opened = [village.opens(person_id) for _ in range(3)]
    commands.sign_out_everywhere(village.session, village.who(opened[0]), now=village.now)
    assert not any(village.who(each).is_somebody for each in opened)
    assert village.who(other).is_somebody


def test_a_forgotten_device_is_out_at_once_and_new_again(village):
    """A lost phone is signed out from home; if it comes back, it is a new device."""
    person_id = village.person()
    phone, home = village.opens(person_id), village.opens(person_id)
    lost = next(device for device in queries.devices(village.session, village.who(home), village.now) if not device.here)
    commands.forget_device(village.session, village.who(home), lost.id, now=village.now)
    assert not village.who(phone).is_somebody
    again = village.who(village.opens(person_id, device=phone.device_token))
    assert queries.device_is_new(again, village.now)


def test_nobody_forgets_somebody_elses_device(village):
    """The number of another person's device is found nowhere."""
    hanako, taro = village.comes(), village.comes("太郎")
    with pytest.raises(NotFound):
        commands.forget_device(village.session, hanako, taro.device_id, now=village.now)
    assert queries.devices(village.session, taro, village.now)[0].signed_in


def test_the_first_device_has_full_limits_and_a_later_one_waits_a_day(village, clock):
    """Who just joined pays at once; a second device has lower limits for 24 hours, and keeps its place after."""
    person_id = village.person()
    first = village.opens(person_id)
    assert not first.device_is_new and not queries.device_is_new(village.who(first), village.now)
    clock.advance(days=10)
    second = village.opens(person_id)
    assert second.device_is_new and queries.device_is_new(village.who(second), village.now)
    clock.advance(hours=23)
    again = village.opens(person_id, device=second.device_token)
    assert not again.device_is_new and queries.device_is_new(village.who(again), village.now)
    clock.advance(hours=1)
    assert not queries.device_is_new(village.who(again), village.now)


def test_a_mail_tells_of_a_new_device(village):
    """If it was not you, you learn of it at once."""
    person_id = village.person(email="hanako@example.jp")
    village.opens(person_id)
    assert queries.mailbox(village.session, village.id) == []
    village.opens(person_id)
    [post] = queries.mailbox(village.session, village.id)
    assert post.to == "hanako@example.jp" and post.facts["device"] == "iPhone · Safari"


def test_two_people_on_one_tablet_have_a_device_each(village):
    """A shared browser is known for each of them from their own first day."""
    hanako = village.opens(village.person())
    taro = village.person("太郎")
    shared = village.opens(taro, device=hanako.device_token)
    assert shared.device_token == hanako.device_token
    assert village.who(shared).device_id != village.who(hanako).device_id


def test_a_tablet_is_paired_and_revoked_at_once(village):
    """The next request of a revoked tablet is nobody's."""
    token = commands.open_till_session(village.session, village.id, 5, 51, now=village.now)
    who = queries.principal_for_till(village.session, token, village.now, district_id=village.id)
    assert (who.roles, who.merchant_id, who.till_id, who.person_id) == (frozenset({"till"}), 5, 51, None)
    commands.end_till_session(village.session, village.id, 51, now=village.now)
    assert not queries.principal_for_till(village.session, token, village.now, district_id=village.id).is_somebody


def test_a_till_has_one_tablet(village, next_village):
    """Pairing another tablet ends the first one's session; a cookie of another district pairs nothing."""
    tokens = [commands.open_till_session(village.session, village.id, 5, 51, now=village.now) for _ in range(2)]

    def is_paired(token, where):
        return queries.principal_for_till(village.session, token, village.now, district_id=where.id).is_somebody

    assert [is_paired(token, village) for token in tokens] == [False, True]
    assert not is_paired(tokens[1], next_village)


def test_who_stands_at_the_tablet_changes_what_it_may_do(village):
    """With the cashier's PIN the tablet may refund; when they leave, it may not."""
    token = commands.open_till_session(village.session, village.id, 5, 51, now=village.now)

    def who():
        return queries.principal_for_till(village.session, token, village.now, district_id=village.id)

    commands.stand_at_till(village.session, village.id, who().session_id, staff_id=7, role="cashier", now=village.now)
    assert (who().roles, who().staff_id) == (frozenset({"till", "cashier"}), 7)
    commands.staff_leaves(village.session, village.id, 7, now=village.now)
    assert (who().roles, who().staff_id) == (frozenset({"till"}), None)


def test_a_person_cookie_is_no_tablet_and_a_tablet_no_person(village):
    """The two kinds of token do not stand in for each other."""
    opened = village.opens(village.person())
    token = commands.open_till_session(village.session, village.id, 5, 51, now=village.now)
    assert not queries.principal_for_till(village.session, opened.token, village.now, district_id=village.id).is_somebody
    assert not village.who(token).is_somebody
    assert not queries.principal_for_token(village.session, opened.token, village.now, district_id=village.id).is_somebody


def test_an_owner_of_two_shops_works_for_one_at_a_time(village):
    """The roles are those at the chosen shop; a shop that is not theirs cannot be chosen."""
    owner_id = village.person("湊", "consumer")
    for shop in (8, 3):
        commands.appoint(village.session, village.id, owner_id, "owner", merchant_id=shop, now=village.now)
    opened = village.opens(owner_id)
    who = village.who(opened)
    assert (who.merchant_id, who.shops) == (3, (3, 8))
    assert who.roles == {"owner", "consumer"}
    commands.choose_merchant(village.session, who, 8)
    assert village.who(opened).merchant_id == 8
    with pytest.raises(NotFound):
        commands.choose_merchant(village.session, who, 9)


def test_shops_of_one_owner_are_held_together_also_over_a_partner(village):
    """Whoever shares one of them with somebody joins the other's shops to it; a shop whose owner has no other one is left out."""
    for name, shops in (("湊", (8, 3)), ("灯", (8, 5)), ("花", (7,))):
        owner_id = village.person(name, "consumer")
        for shop in shops:
            commands.appoint(village.session, village.id, owner_id, "owner", merchant_id=shop, now=village.now)
    assert queries.shops_held_together(village.session, village.id) == {3: 3, 5: 3, 8: 3}
