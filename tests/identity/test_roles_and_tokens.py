"""Roles and who gives them, API tokens, rate limits, mail on its way."""

from __future__ import annotations

import smtplib
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes, policy

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from structlog.testing import capture_logs

from base.clock import tokyo_day
from base.db import atomic
from base.errors import Forbidden, NotFound, TooMany
from identity import commands, letters, queries
from identity.commands import NewToken
from identity.errors import OwnRole, PersonUnknown, RoleTakesTwo, RoleUnknown, ScopeUnknown
from identity.queries import Letter


def test_an_administrator_makes_somebody_an_auditor(village):
    """The role counts from the next sign-in: with new power comes a new session."""
    administrator, person_id = village.comes("藤代", "administrator"), village.person("大谷")
    before = village.opens(person_id)
    commands.grant_role(village.session, administrator, person_id, "auditor", now=village.now)
    assert not village.who(before).is_somebody
    assert village.who(village.opens(person_id)).roles == {"consumer", "auditor"}
    commands.end_role(village.session, administrator, person_id, "auditor", now=village.now)
    assert village.who(village.opens(person_id)).roles == {"consumer"}


@pytest.mark.parametrize("role", ["issuer", "approver", "administrator"])
def test_one_person_gives_no_role_that_issues_or_decides(village, role):
    """The door for one refuses it, a deputy's too: a second address of one's own is no second person."""
    administrator, person_id = village.comes("藤代", "administrator"), village.person("藤代の2つ目")
    for last_day in (None, tokyo_day(village.now)):
        with pytest.raises(RoleTakesTwo):
            commands.grant_role(village.session, administrator, person_id, role, now=village.now, last_day=last_day)
    assert village.who(village.opens(person_id)).roles == {"consumer"}


def test_nobody_gives_a_role_to_themselves(village):
    """Not even an administrator, not even round the door."""
    administrator = village.comes("藤代", "administrator")
    with pytest.raises(OwnRole):
        commands.grant_role(village.session, administrator, administrator.person_id, "approver", now=village.now)
    with pytest.raises(IntegrityError):
        village.session.execute(
            text("INSERT INTO role_grant (district_id, person_id, role, granted_by, granted_at) VALUES (:d, :p, 'approver', :p, now())"),
            {"d": village.id, "p": administrator.person_id},
        )
    village.session.rollback()
    assert village.who(village.opens(administrator.person_id)).roles == {"administrator"}


@pytest.mark.parametrize("role", ["consumer", "issuer", "approver", "auditor", "group_lead", "operator"])
def test_only_administrators_give_roles(village, role):
    """Every other role is refused."""
    who, taro = village.comes("誰か", role), village.person("太郎")
    with pytest.raises(Forbidden):
        commands.grant_role(village.session, who, taro, "auditor", now=village.now)


def test_roles_that_do_not_exist_or_do_not_fit_are_refused(village, next_village):
    """No made-up role, no tablet as a person, no owner of nothing, nobody of another district."""
    administrator, hanako = village.comes("藤代", "administrator"), village.person()
    for role, merchant_id in (("king", None), ("till", None), ("owner", None), ("auditor", 5)):
        with pytest.raises(RoleUnknown):
            commands.grant_role(village.session, administrator, hanako, role, merchant_id=merchant_id, now=village.now)
    stranger = next_village.person("よその人")
    with pytest.raises(PersonUnknown):
        commands.grant_role(village.session, administrator, stranger, "auditor", now=village.now)


def test_a_role_given_twice_is_held_once(village):
    """Pressing again is harmless."""
    hanako = village.person()
    for _ in range(2):
        commands.appoint(village.session, village.id, hanako, "auditor", now=village.now)
    assert [grant.role for grant in queries.grants(village.session, village.id, person_id=hanako)] == ["consumer", "auditor"]


def test_a_shop_token_acts_as_its_till_within_its_scopes(village, next_village):
    """A program asks for payments at its shop; refunds were not in its scopes."""
    administrator = village.comes("藤代", "administrator")
    new = NewToken("POS連携", {"requests:write", "payments:read"}, merchant_id=5, till_id=51)
    token = commands.create_api_token(village.session, administrator, new, now=village.now)
    who = queries.principal_for_token(village.session, token, village.now, district_id=village.id, address="198.51.100.1")
    assert (who.merchant_id, who.till_id, who.person_id, who.session_id) == (5, 51, None, None)
    for command in ("merchant.ask", "merchant.cancel_ask", "merchant.read"):
        commands.authorise(village.session, who, command)
    for command in ("merchant.refund", "wallet.pay_by_code", "identity.grant_role", "association.top_up", "wallet.pay"):
        with pytest.raises(Forbidden):
            commands.authorise(village.session, who, command)
    assert not queries.principal_for_token(village.session, token, village.now, district_id=next_village.id).is_somebody


def test_a_clerk_token_ends_with_the_clerks_role(village):
    """Whoever is no longer 発行担当 tops nothing up, by hand or by program."""
    administrator, clerk = village.comes("藤代", "administrator"), village.person("早川", "issuer")
    new = NewToken("自動チャージ機", {"top_ups:write"}, person_id=clerk)
    token = commands.create_api_token(village.session, administrator, new, now=village.now)

    def who():
        return queries.principal_for_token(village.session, token, village.now, district_id=village.id)

    commands.authorise(village.session, who(), "association.top_up")
    assert who().person_id == clerk
    commands.end_role(village.session, administrator, clerk, "issuer", now=village.now)
    assert not who().is_somebody


def test_a_token_is_shown_once_and_can_be_revoked(village, clock):
    """Later only its first signs are seen; revoked or past its day, it opens nothing."""
    administrator = village.comes("藤代", "administrator")
    until = village.now + timedelta(days=1)
    tokens = [
        commands.create_api_token(village.session, administrator, NewToken("x", {"payments:read"}, 5, expires_at=end), now=village.now)
        for end in (None, until)
    ]
    listed = queries.api_tokens(village.session, administrator)
    assert [tokens[1][:13], tokens[0][:13]] == [row.prefix for row in listed]
    [*stored] = village.behind("SELECT token_hash FROM api_token WHERE district_id = :d")
    assert not any(token.encode() in bytes(value) for token in tokens for (value,) in stored)
    commands.revoke_api_token(village.session, administrator, listed[1].id, now=village.now)
    assert not queries.principal_for_token(village.session, tokens[0], village.now, district_id=village.id).is_somebody
    assert queries.principal_for_token(village.session, tokens[1], village.now, district_id=village.id).is_somebody
    clock.advance(days=1)
    assert not queries.principal_for_token(village.session, tokens[1], village.now, district_id=village.id).is_somebody
    with pytest.raises(NotFound):
        commands.revoke_api_token(village.session, administrator, 999_999_999, now=village.now)


def test_tokens_without_known_scopes_are_not_made(village):
    """No scope, a made-up scope: refused. Nor may a consumer make or see any."""
    administrator, hanako = village.comes("藤代", "administrator"), village.comes()
    for scopes in (set(), {"everything"}):
        with pytest.raises(ScopeUnknown):
            commands.create_api_token(village.session, administrator, NewToken("x", scopes, 5), now=village.now)
    with pytest.raises(Forbidden):
        commands.create_api_token(village.session, hanako, NewToken("x", {"payments:read"}, 5), now=village.now)
    with pytest.raises(Forbidden):
        queries.api_tokens(village.session, hanako)


def test_tries_are_counted_exactly_however_many_come_at_once(village, engine, session_info):
    """Ten may pass in an hour: of thirty at once exactly ten do, also when their transactions fail."""

    def attempt(_number):
        with Session(engine, info=dict(session_info)) as session:
            try:
                with atomic(session):
                    commands.limit_tries(session, "test.tries", f"subject {village.id}", per=timedelta(hours=1), count=10)
                    raise ZeroDivisionError
            except (TooMany, ZeroDivisionError) as refusal:
                return type(refusal)

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(attempt, range(30)))
    assert answers.count(ZeroDivisionError) == 10 and answers.count(TooMany) == 20


def test_an_old_try_makes_room_for_a_new_one(village):
    """The window slides: what is older than it no longer counts."""
    for _ in range(2):
        commands.limit_tries(village.session, "test.slide", f"{village.id}", per=timedelta(minutes=5), count=2, district_id=village.id)
    with pytest.raises(TooMany):
        commands.limit_tries(village.session, "test.slide", f"{village.id}", per=timedelta(minutes=5), count=2, district_id=village.id)
    village.behind("UPDATE try_count SET moments[1] = moments[1] - interval '5 minutes' WHERE district_id = :d AND name = 'test.slide'")
    commands.limit_tries(village.session, "test.slide", f"{village.id}", per=timedelta(minutes=5), count=2, district_id=village.id)
    with pytest.raises(TooMany):
        commands.limit_tries(village.session, "test.slide", f"{village.id}", per=timedelta(minutes=5), count=2, district_id=village.id)


LETTER = Letter("題 %(code)s", "本文 %(code)s")


def queued(village, email="hanako@example.jp"):
    commands.queue_mail(village.session, village.id, email, LETTER, {"code": "123456"}, language="ja", now=village.now)


def waiting(village):
    return village.behind("SELECT sealed IS NOT NULL, tries, sent_at IS NOT NULL, next_try_at FROM mail WHERE district_id = :d ORDER BY id")


def others_wait(village):
    village.behind("UPDATE mail SET next_try_at = NULL WHERE district_id <> :d AND next_try_at IS NOT NULL")


def test_a_mail_goes_out_and_leaves_nothing_behind(village):
    """Sent once; address and text are gone from the outbox."""
    others_wait(village)
    queued(village)
    sent = []
    assert commands.deliver_mail(village.session, sent.append, now=village.now)
    assert not commands.deliver_mail(village.session, sent.append, now=village.now)
    assert [(post.to, letters.write(post)) for post in sent] == [("hanako@example.jp", ("題 123456", "本文 123456"))]
    assert waiting(village) == [(False, 0, True, None)]


def test_a_mail_is_tried_again_and_in_the_end_given_up(village, clock):
    """A mail server that is away is asked six times, more and more rarely."""
    others_wait(village)
    queued(village)

    def refuse(_post):
        raise smtplib.SMTPServerDisconnected

    pauses = []
    while commands.deliver_mail(village.session, refuse, now=village.now):
        [(_, _, _, next_try_at)] = waiting(village)
        if next_try_at is None:
            break
        pauses.append(next_try_at - village.now)
        assert not commands.deliver_mail(village.session, refuse, now=village.now)
        clock.now = next_try_at
    assert pauses == [timedelta(minutes=minutes) for minutes in (1, 2, 4, 8, 16)]
    assert waiting(village) == [(False, 6, False, None)]


def test_a_mail_that_belongs_to_a_failed_transaction_is_never_sent(village):
    """What did not happen is not told."""

    def queues_and_stumbles():
        with atomic(village.session):
            queued(village)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        queues_and_stumbles()
    assert waiting(village) == []


def test_the_mail_server_receives_what_was_written(village, settings, mail_server):
    """Through a real SMTP conversation: recipient, subject and text arrive in UTF-8."""
    others_wait(village)
    queued(village)
    reachable = replace(settings, smtp_url=f"smtp://localhost:{mail_server.port}")
    assert letters.deliver_due(village.session, reachable, now=village.now) == 1
    [(recipients, raw)] = mail_server.received
    message = message_from_bytes(raw, policy=policy.default)
    assert recipients == ["hanako@example.jp"] and message["From"] == "meguri@meguri.test"
    assert message["Subject"] == "題 123456" and message.get_content().strip() == "本文 123456"


def test_a_mail_that_cannot_be_written_holds_nobody_up(village, settings, mail_server):
    """Somebody asked for a code at an address that mail's own rules cannot read; those who ask after them get theirs,
    and the operator hears of it without the address."""
    others_wait(village)
    for to in ("=?utf-8?q??=@example.jp", "hanako@example.jp"):
        commands.queue_mail(village.session, village.id, to, Letter("題", "本文"), {}, language="ja", now=village.now)
    reachable = replace(settings, smtp_url=f"smtp://localhost:{mail_server.port}")
    with capture_logs() as heard:
        assert letters.deliver_due(village.session, reachable, now=village.now) == 2
    assert [each["event"] for each in heard] == ["mail not delivered"] and "example" not in str(heard)
    assert [recipients for recipients, _ in mail_server.received] == [["hanako@example.jp"]]
    assert [tries for _, tries, *_ in waiting(village)] == [1, 0]


def test_without_a_mail_server_nothing_leaves(village, settings):
    """In demo mode the outbox only fills the mailbox page."""
    queued(village)
    assert letters.deliver_due(village.session, replace(settings, smtp_url=None), now=village.now) == 0
    assert queries.mailbox(village.session, village.id)[0].to == "hanako@example.jp"


def test_the_sweep_leaves_what_still_counts(village, clock):
    """Old codes, challenges and mail go; today's stay."""
    commands.send_code(village.session, village.id, "灯ノ沢", "a@example.jp", address="192.0.2.1", language="ja", now=village.now)
    commands.sweep(village.session, now=village.now)
    assert village.behind("SELECT count(*) FROM email_code WHERE district_id = :d") == [(1,)]
    clock.advance(days=8)
    commands.sweep(village.session, now=village.now)
    assert village.behind("SELECT count(*) FROM email_code WHERE district_id = :d") == [(0,)]
    assert waiting(village) == []
