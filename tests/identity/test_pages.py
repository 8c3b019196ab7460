"""The pages, as a browser without scripts uses them."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import urlsplit

import pytest
from flask import g
from flask.testing import FlaskClient
from sqlalchemy import text
from werkzeug.test import TestResponse

from identity import commands, queries
from identity.views import load_who
from tests.town import Town
from tests.town import district as district
from tests.town import other_district as other_district
from wsgi import create_app

EMAIL = "hanako@example.jp"
EMPTY_ANSWER = '{"id":"YQ","rawId":"YQ","response":{"clientDataJSON":"e30"},"type":"public-key"}'
NONSENSE = (
    "{}",
    "null",
    "[]",
    '{"id":"x"}',
    "x" * 100,
    EMPTY_ANSWER,
    EMPTY_ANSWER.replace("YQ", "!"),
    EMPTY_ANSWER.replace("e30", "bnVsbA"),
)


class Phone:
    """A browser at a district's address. It follows no redirect by itself, so that each step can be seen."""

    def __init__(self, client: FlaskClient, town: Town) -> None:
        self.client, self.town = client, town
        self.base = f"https://{town.host}"
        self.answer: TestResponse

    def opens(self, path: str) -> str:
        """The page at `path`; its address if it leads elsewhere."""
        self.answer = self.client.get(path, base_url=self.base)
        return self.answer.location or self.answer.get_data(as_text=True)

    def sends(self, path: str, page: str | None = None, **fields: str) -> str:
        """Post a form from the page at `page` (else `path`), with that page's token."""
        token = re.search(r'name="csrf_token" value="([^"]+)"', self.opens(page or path))
        typed = {"csrf_token": html.unescape(token.group(1)) if token else "", **fields}
        self.answer = self.client.post(path, data=typed, base_url=self.base, headers={"Referer": self.base + (page or path)})
        return self.answer.location or self.answer.get_data(as_text=True)

    def cookie(self, name: str) -> str | None:
        found = self.client.get_cookie(name, domain=self.town.host)
        return found.value if found else None

    def is_(self) -> int | None:
        """Who is signed in here."""
        return self.town.principal(self.cookie("meguri_session") or "").person_id


@pytest.fixture
def phone(client: FlaskClient, district: Town) -> Phone:
    return Phone(client, district)


@pytest.fixture
def other_phone(app, district: Town) -> Phone:
    return Phone(app.test_client(), district)


def code(town: Town) -> str:
    """The digits of the newest mail."""
    return str(queries.mailbox(town.session, town.district_id)[0].facts["code"])


def joins(phone: Phone, nickname: str = "花子", email: str = EMAIL, next: str = "/") -> str:
    """Sign up by mail; gives the address at which one ends up."""
    assert phone.sends("/sign-up", f"/sign-up?next={next}", nickname=nickname, email=email, next=next) == "/sign-in/code"
    return phone.sends("/sign-in/code", code=code(phone.town))


def test_a_scanned_code_survives_signing_up_by_mail(phone):
    """Whoever scans a shop's code without an account ends up at that payment, signed in, with a wallet."""
    page = phone.opens("/sign-up?next=/q/abc.def")
    assert "30秒で始められます" in page and 'value="/q/abc.def"' in page
    assert "お店には伝えません" in page and 'href="/series"' in page
    assert joins(phone, next="/q/abc.def") == "/q/abc.def"
    town, person_id = phone.town, phone.is_()
    assert queries.nickname(town.session, town.district_id, person_id) == "花子"
    assert "花子" in phone.opens("/account/name")
    assert phone.opens("/wallet/").count("<h1") == 1


def test_coming_back_by_mail_is_the_same_person_on_any_device(phone, other_phone):
    """A code to a known address signs in, also from the page for newcomers."""
    joins(phone)
    person_id = phone.is_()
    assert other_phone.sends("/sign-in", email=" Hanako@Example.JP ", next="/wallet/history") == "/sign-in/code"
    assert other_phone.sends("/sign-in/code", code=code(phone.town)) == "/wallet/history"
    assert other_phone.is_() == person_id
    other_phone.sends("/sign-out")
    assert other_phone.is_() is None
    joins(other_phone, nickname="だれか")
    assert other_phone.is_() == person_id
    assert queries.nickname(phone.town.session, phone.town.district_id, person_id) == "花子"


def test_an_unknown_address_at_sign_in_only_lacks_a_name(phone):
    """Whoever took the wrong door is not sent back: after the code, one field is left."""
    phone.sends("/sign-in", email="new@example.jp", next="/q/xyz")
    assert phone.sends("/sign-in/code", code=code(phone.town)) == "/sign-up/name"
    assert "あとはお名前だけです" in phone.opens("/sign-up/name")
    refused = phone.sends("/sign-up/name", nickname=" ")
    assert phone.answer.status_code == 422 and "ニックネームは 1〜24文字" in refused
    assert phone.sends("/sign-up/name", nickname="太郎") == "/q/xyz"
    assert phone.is_() is not None


def test_the_page_does_not_say_who_has_an_account(phone, other_phone):
    """A stranger who types addresses sees the same for known and unknown ones."""
    joins(phone)
    seen = []
    for email in (EMAIL, "nobody@example.jp"):
        other_phone.sends("/sign-in", email=email)
        seen.append((other_phone.answer.status_code, other_phone.opens("/sign-in/code").replace(email, "")))
    assert [status for status, _ in seen] == [303, 303]
    assert re.sub(r"value=\"[^\"]+\"|content=\"\d+\"", "", seen[0][1]) == re.sub(r"value=\"[^\"]+\"|content=\"\d+\"", "", seen[1][1])


def test_slips_are_said_beside_the_field(phone):
    """What was typed stays, the sentence stands beside it, and no mail goes out."""
    page = phone.sends("/sign-up", nickname="", email="hanako@", next="/q/abc")
    assert phone.answer.status_code == 422
    assert "メールアドレスを確かめてください" in page and "ニックネームは 1〜24文字" in page
    assert 'value="hanako@"' in page and 'value="/q/abc"' in page
    phone.sends("/sign-up", nickname="花子", email=EMAIL)
    wrong = f"{(int(code(phone.town)) + 1) % 1_000_000:06d}"
    page = phone.sends("/sign-in/code", code=wrong)
    assert phone.answer.status_code == 422 and "あと 4回試せます" in page
    for _ in range(4):
        page = phone.sends("/sign-in/code", code=wrong)
    assert "もう使えません" in page
    assert phone.sends("/sign-in/code/again", "/sign-in/code") == "/sign-in/code"
    assert phone.sends("/sign-in/code", code=code(phone.town)) == "/"


@pytest.mark.parametrize(
    "wanted", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)", "/%09/evil.example"]
)
def test_nobody_is_led_to_another_site(phone, wanted):
    """A link with a foreign `next` signs in and stays here, at every step."""
    phone.sends("/sign-up", f"/sign-up?next={wanted}", nickname="花子", email=EMAIL, next=wanted)
    target = urlsplit(phone.sends("/sign-in/code", code=code(phone.town)))
    assert target.netloc in ("", phone.town.host) and not target.path.startswith("//")
    target = urlsplit(phone.opens(f"/sign-in?next={wanted}"))  # signed in already: straight on
    assert target.netloc in ("", phone.town.host) and not target.path.startswith("//")


def test_a_planted_session_does_not_become_hanakos(phone):
    """A cookie that an attacker put into the browser before the sign-in is not the one after it."""
    phone.client.set_cookie("meguri_session", "planted-by-a-stranger", domain=phone.town.host)
    joins(phone)
    assert phone.cookie("meguri_session") != "planted-by-a-stranger"
    assert phone.town.principal("planted-by-a-stranger").person_id is None


def test_cookies_are_closed_to_scripts_and_other_sites(phone):
    """HttpOnly, SameSite=Lax and Secure on everything that identity sets."""
    joins(phone)
    set_cookies = phone.answer.headers.getlist("Set-Cookie")
    kept = [line for line in set_cookies if line.startswith(("meguri_session=", "meguri_device="))]
    assert len(kept) == 2
    for line in kept:
        assert "HttpOnly" in line and "SameSite=Lax" in line and "Secure" in line and "Path=/" in line


def test_a_form_without_its_token_does_nothing(phone):
    """Another site cannot send somebody's browser to sign out or to sign in."""
    joins(phone)
    person_id = phone.is_()
    for path in ("/sign-out", "/sign-in", "/account/sign-out-everywhere", "/account/recovery-codes"):
        assert phone.client.post(path, data={"email": EMAIL}, base_url=phone.base).status_code == 422
    assert phone.is_() == person_id


def test_get_changes_nothing(phone):
    """Following a link signs nobody out; it asks."""
    joins(phone)
    assert "残高はそのままです" in phone.opens("/sign-out")
    assert phone.is_() is not None
    assert phone.sends("/sign-out") == "/" and phone.is_() is None


def test_a_cookie_of_one_district_is_worth_nothing_in_another(phone, other_district):
    """The same browser at the next town's address is a stranger there."""
    joins(phone)
    phone.client.set_cookie("meguri_session", phone.cookie("meguri_session"), domain=other_district.host)
    elsewhere = Phone(phone.client, other_district)
    assert urlsplit(elsewhere.opens("/account/devices")).path == "/sign-in"
    assert elsewhere.answer.status_code == 303


def test_a_strangers_page_is_asked_for_after_signing_in(phone):
    """Whoever opens an own page without a session signs in first and comes back."""
    assert phone.opens("/account/devices") == "/sign-in?next=/account/devices"
    for path in ("/account", "/account/email", "/account/name", "/account/pin", "/account/recovery-codes"):
        assert urlsplit(phone.opens(path)).path == "/sign-in"


def test_recovery_codes_are_shown_once_and_bring_one_back(phone, other_phone):
    """Ten codes on one page; one of them, typed on another device, signs in there and out here."""
    joins(phone)
    person_id = phone.is_()
    assert "まだ作っていません" in phone.opens("/account/recovery-codes")
    page = phone.sends("/account/recovery-codes")
    codes = re.findall(r"<code>([^<]+)</code>", page)
    assert len(codes) == 10 and phone.answer.headers["Cache-Control"] == "no-store"
    assert codes[0] not in phone.opens("/account/recovery-codes")
    assert "違うか、すでに使われています" in other_phone.sends("/recover", code="AAAAA-BBBBB")
    assert other_phone.sends("/recover", code=codes[0].lower()) == "/account/devices"
    assert other_phone.is_() == person_id and phone.is_() is None
    assert "新しい端末です" in other_phone.opens("/account/devices")


def test_the_devices_page_signs_out_a_lost_phone(phone, other_phone):
    """Both devices are listed; the lost one is forgotten with one press."""
    joins(phone)
    other_phone.sends("/sign-in", email=EMAIL)
    other_phone.sends("/sign-in/code", code=code(phone.town))
    page = other_phone.opens("/account/devices")
    forget = re.findall(r'action="(/account/devices/\d+/forget)"', page)
    assert len(forget) == 2 and page.count("この端末</span>") == 1
    assert other_phone.sends(forget[1], "/account/devices") == "/account/devices"
    assert phone.is_() is None and other_phone.is_() is not None
    assert other_phone.sends(forget[0], "/account/devices") == "/" and other_phone.is_() is None


def test_signing_out_everywhere_from_one_device(phone, other_phone):
    """One press, and both are out."""
    joins(phone)
    other_phone.sends("/sign-in", email=EMAIL)
    other_phone.sends("/sign-in/code", code=code(phone.town))
    assert other_phone.sends("/account/sign-out-everywhere", "/account/devices") == "/sign-in"
    assert phone.is_() is None and other_phone.is_() is None


def test_pin_name_and_address_are_changed_on_their_pages(phone):
    """Each says what is wrong, and takes what is right."""
    joins(phone)
    assert "0000 や 1234 のような並び" in phone.sends("/account/pin", pin="1234", again="1234")
    assert "同じではありません" in phone.sends("/account/pin", pin="2580", again="2581")
    assert phone.sends("/account/pin", pin="2580", again="2580") == "/account"
    assert "あと 4回試せます" in phone.sends("/account/pin", current="1111", pin="7391", again="7391")
    assert phone.sends("/account/pin", current="2580", pin="7391", again="7391") == "/account"
    assert phone.sends("/account/name", nickname="はな") == "/account"
    assert phone.sends("/account/email", email="hana@example.com") == "/sign-in/code"
    assert phone.sends("/sign-in/code", code=code(phone.town)) == "/account"
    page = phone.opens("/account")
    assert "はな" in page and "hana@example.com" in page and "決めてあります" in page


def test_a_passkey_form_without_an_answer_is_refused_in_words(phone):
    """A browser without scripts that presses the passkey button is told what else helps."""
    page = phone.sends("/sign-in", credential="")
    assert phone.answer.status_code == 422 and "本人の確認ができませんでした" in page
    for nonsense in NONSENSE:
        phone.sends("/sign-in", credential=nonsense)
        assert phone.answer.status_code == 422, nonsense
        phone.sends("/sign-up", nickname="花子", credential=nonsense)
        assert phone.answer.status_code == 422, nonsense


def test_the_api_listens_to_tokens_and_never_to_cookies(phone, app):
    """A signed-in browser has no rights under /api/; a program with a token is known there."""
    joins(phone)
    administrator = phone.town.person("藤代", "administrator")
    who = phone.town.signs_in(administrator)
    new = commands.NewToken("POS", {"payments:read"}, merchant_id=5, till_id=51)
    token = commands.create_api_token(phone.town.session, who, new, now=phone.town.now)
    cookie = f"meguri_session={phone.cookie('meguri_session')}"
    home = queries.district(phone.town.session, phone.town.district_id)

    def is_known(path, **headers):
        with app.test_request_context(path, base_url=phone.base, headers=headers):
            g.clock = phone.town.clock
            return load_who(phone.town.session, home).is_somebody

    assert is_known("/account", Cookie=cookie) and not is_known("/account", Authorization=f"Bearer {token}")
    assert is_known("/api/v1/payments", Authorization=f"Bearer {token}")
    assert not is_known("/api/v1/payments", Authorization="Bearer x") and not is_known("/api/v1/payments", Cookie=cookie)
    assert not is_known("/till/", Cookie=cookie)


@pytest.fixture
def demo(settings, clock, district: Town) -> Iterator[Phone]:
    """The same district served in demo mode."""
    app = create_app(replace(settings, demo=True, pool_size=4), clock)
    yield Phone(app.test_client(), district)
    app.extensions["meguri.engine"].dispose()


def test_the_demo_signs_in_as_prepared_people(demo):
    """One press on the sign-in page, and one is the town's clerk."""
    clerk = demo.town.clerk()
    assert 'action="/demo/sign-in/clerk"' in demo.opens("/sign-in")
    assert 'action="/demo/sign-in/group_lead"' in demo.opens("/sign-in"), "whoever tries the town sees the projects too"
    assert demo.sends("/demo/sign-in/clerk", "/sign-in") == "/desk/"
    assert demo.is_() == clerk.person_id
    demo.sends("/demo/sign-in/king", "/sign-out")
    assert demo.answer.status_code == 404


def test_the_demo_shows_the_mail_that_would_have_gone_out(demo):
    """The code is on the mailbox page, and works."""
    demo.sends("/sign-up", nickname="花子", email=EMAIL)
    page = demo.opens("/demo/mailbox")
    assert EMAIL in page and code(demo.town) in page and "\\n" not in page
    assert demo.sends("/sign-in/code", code=code(demo.town)) == "/"


def test_none_of_it_exists_outside_demo_mode(phone):
    """In production nobody signs in as somebody else, and nobody reads the mail."""
    phone.town.clerk()
    phone.opens("/demo/mailbox")
    assert phone.answer.status_code == 404
    phone.sends("/demo/sign-in/clerk", "/sign-in")
    assert phone.answer.status_code == 404 and "/demo/" not in phone.opens("/sign-in")


def test_nothing_personal_stands_in_the_servers_log(phone, capfd):
    """Neither address nor nickname nor code is written to the log, whatever goes wrong."""
    joins(phone, nickname="湯けむり花子", email="yukemuri@example.jp")
    phone.sends("/account/pin", pin="1234", again="1234")
    phone.opens("/nowhere")
    said = "".join(capfd.readouterr())
    assert not any(needle in said for needle in ("湯けむり", "yukemuri", code(phone.town)))


def test_where_somebody_lives_is_told_kept_short_and_taken_back(phone: Phone, district: Town) -> None:
    """A whole postcode is kept as its first three digits, sealed; what is none is refused with a word; and nothing answers for good too."""
    hanako = district.person("花子", "consumer")
    phone.client.set_cookie("meguri_session", district.cookie(hanako), domain=district.host)
    who = district.principal(phone.cookie("meguri_session") or "")
    assert not queries.is_area_answered(district.session, who)
    assert phone.sends("/account/area", home_area="〒３８４－０３０５") == "/account"
    assert queries.own_area(district.session, who) == "384" and "郵便番号 384" in phone.opens("/account")
    for wrong in ("38", "38403", "000", "長野"):
        assert "郵便番号の上3けた（例: 384）" in phone.sends("/account/area", home_area=wrong)
    assert queries.own_area(district.session, who) == "384"
    phone.sends("/account/area", home_area="")
    assert queries.own_area(district.session, who) == "" and queries.is_area_answered(district.session, who)


def test_where_somebody_lived_is_forgotten_with_them(district: Town) -> None:
    """It is sealed with their key, and neither of both is there any more."""
    hanako = district.signs_in(district.person("花子", "consumer"))
    commands.tell_area(district.session, hanako, "384")
    kept = text("SELECT home_area FROM person WHERE district_id = :d AND home_area IS NOT NULL")
    [(sealed,)] = district.session.execute(kept, {"d": district.district_id}).all()
    assert b"384" not in bytes(sealed)
    commands.erase_person(district.session, hanako, hanako.person_id, now=district.now)
    assert queries.areas_of(district.session, district.district_id, [hanako.person_id]) == {}
    assert district.session.execute(kept, {"d": district.district_id}).all() == []
