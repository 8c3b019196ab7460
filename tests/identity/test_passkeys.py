"""Passkeys in a real Chromium, with its virtual authenticator."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from sqlalchemy.orm import Session

from base.clock import system_clock
from identity import commands, queries
from identity.commands import NewDistrict
from identity.errors import DistrictUnknown
from tests.conftest import Site

pytestmark = pytest.mark.browser

AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


class Phone:
    """A browser of its own with an authenticator of its own, which answers at once.

    `offers`: whether the browser also offers passkeys while one types; an authenticator that answers at once would
    take each offer before anybody can press a button.
    """

    def __init__(self, browser: Browser, site: Site, *, offers: bool = False) -> None:
        self.context: BrowserContext = browser.new_context(viewport={"width": 390, "height": 844}, locale="ja-JP")
        self.context.set_default_timeout(20_000)
        if not offers:
            self.context.add_init_script("PublicKeyCredential.isConditionalMediationAvailable = async () => false")
        self.page: Page = self.context.new_page()
        self.site = site
        self.devtools = self.context.new_cdp_session(self.page)
        self.devtools.send("WebAuthn.enable", {"enableUI": False})
        self.authenticator: str = self.devtools.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})["authenticatorId"]

    def opens(self, path: str) -> Page:
        self.page.goto(self.site.address + path)
        return self.page

    def arrives(self, path: str) -> None:
        self.page.wait_for_url(lambda url: urlsplit(url).path == path)

    def keys(self) -> list[dict[str, object]]:
        found = self.devtools.send("WebAuthn.getCredentials", {"authenticatorId": self.authenticator})
        return list(found["credentials"])

    def receives(self, keys: list[dict[str, object]]) -> None:
        """The passkeys of another phone, as a password manager carries them."""
        for key in keys:
            self.devtools.send("WebAuthn.addCredential", {"authenticatorId": self.authenticator, "credential": key})

    def is_verified(self, verified: bool) -> None:
        self.devtools.send("WebAuthn.setUserVerified", {"authenticatorId": self.authenticator, "isUserVerified": verified})

    def leaves(self) -> None:
        self.opens("/sign-out").get_by_role("button", name="ログアウトする").click()
        self.page.wait_for_url(lambda url: "/sign-out" not in url)

    def comes_back(self, path: str) -> None:
        """Press the button, and show face or finger."""
        self.opens(path).get_by_role("button", name="画面ロックでログイン").click()

    def session(self) -> str:
        return next((cookie["value"] for cookie in self.context.cookies() if cookie["name"] == "meguri_session"), "")

    def joins(self, nickname: str = "花子", path: str = "/sign-up?next=/account") -> None:
        page = self.opens(path)
        page.get_by_label("ニックネーム").fill(nickname)
        page.get_by_role("button", name="画面ロックで始める").click()
        self.arrives("/account")


@pytest.fixture
def town(session: Session) -> int:
    """The district that answers at localhost."""
    try:
        return queries.district_by_host(session, "localhost").id
    except DistrictUnknown:
        new = NewDistrict("localhost", "灯ノ沢温泉", "Hinosawa Onsen", "灯ノ沢温泉商店街協同組合", "案内所", host="localhost")
        return commands.create_district(session, new)


@pytest.fixture
def phones(browser: Browser, site: Site, town: int) -> Iterator[list[Phone]]:
    """Two phones that know nothing of each other."""
    pair = [Phone(browser, site), Phone(browser, site)]
    yield pair
    for phone in pair:
        phone.context.close()


@pytest.fixture
def phone(phones: list[Phone]) -> Phone:
    return phones[0]


def who(session: Session, town: int, phone: Phone) -> queries.Principal:
    session.rollback()
    return queries.principal_for_cookie(session, phone.session(), system_clock(), district_id=town)


def test_one_touch_joins_and_one_touch_comes_back(session, town, phone):
    """Nickname, one touch, done; signed out, one touch and the same person is back where they wanted to go."""
    phone.joins()
    expect(phone.page.get_by_text("花子")).to_be_visible()
    joined = who(session, town, phone)
    assert joined.way == "passkey" and joined.has("consumer") and not queries.device_is_new(joined, system_clock())
    [key] = phone.keys()
    assert key["isResidentCredential"] and key["rpId"] == "localhost" and key["userName"] == "花子"
    phone.leaves()
    assert who(session, town, phone).person_id is None
    phone.comes_back("/sign-in?next=/account/devices")
    phone.arrives("/account/devices")
    again = who(session, town, phone)
    assert again.person_id == joined.person_id and again.session_id != joined.session_id
    assert again.device_id == joined.device_id


def test_a_passkey_that_travelled_vouches_for_the_new_phone(session, town, phones):
    """A synchronised passkey signs in on the next phone, which has no lower limits: it asked for face or finger."""
    old, new = phones
    old.joins()
    new.receives(old.keys())
    new.comes_back("/sign-in?next=/account")
    new.arrives("/account")
    assert who(session, town, new).person_id == who(session, town, old).person_id
    assert not queries.device_is_new(who(session, town, new), system_clock())


def test_the_address_field_offers_the_passkey(session, town, browser, site, phone):
    """Whoever picks what the browser offers while they type is signed in, without any button."""
    phone.joins()
    typing = Phone(browser, site, offers=True)
    typing.receives(phone.keys())
    typing.opens("/sign-in?next=/account")
    typing.arrives("/account")
    assert who(session, town, typing).person_id == who(session, town, phone).person_id
    typing.context.close()


def test_without_face_or_finger_the_passkey_does_not_open(session, town, phone):
    """A phone that is only present, not unlocked by its owner, signs nobody in, and says what else helps."""
    phone.joins()
    phone.leaves()
    phone.is_verified(False)
    phone.comes_back("/sign-in")
    expect(phone.page.get_by_role("alert").filter(has_text="メールの番号を使ってください")).to_be_visible()
    assert who(session, town, phone).person_id is None


def test_a_passkey_that_was_removed_opens_nothing(session, town, phone):
    """Removed on the devices page, it is refused in words; the last way in cannot be removed."""
    phone.joins()
    page = phone.opens("/account/devices")
    page.get_by_role("button", name="のパスキーを消す").click()
    expect(page.get_by_role("heading", name="これを消すと、ログインできなくなります")).to_be_visible()
    phone.opens("/account/recovery-codes").get_by_role("button", name="新しい回復コードを作る").click()
    expect(page.get_by_role("button", name="コピー")).to_be_visible()
    assert page.locator("[data-codes] code").count() == 10
    page.get_by_role("link", name="控えました").click()
    page.get_by_role("button", name="のパスキーを消す").click()
    expect(page.get_by_role("button", name="のパスキーを消す")).to_have_count(0)
    page.get_by_role("button", name="すべての端末からログアウト").click()
    phone.arrives("/sign-in")
    phone.comes_back("/sign-in")
    expect(page.get_by_text("このパスキーは登録されていません")).to_be_visible()
    assert who(session, town, phone).person_id is None


def test_recovery_codes_are_copied_and_saved(phone):
    """The ten codes land on the clipboard and in a file, as they are read on the page."""
    phone.joins()
    phone.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = phone.opens("/account/recovery-codes")
    page.get_by_role("button", name="新しい回復コードを作る").click()
    page.get_by_role("button", name="コピー").click()
    expect(page.get_by_role("button", name="コピーしました")).to_be_visible()
    codes = page.locator("[data-codes] code").all_text_contents()
    assert page.evaluate("navigator.clipboard.readText()").split() == codes and len(codes) == 10
    with page.expect_download() as saving:
        page.get_by_role("button", name="保存").click()
    assert saving.value.suggested_filename == "回復コード.txt"
    assert saving.value.path().read_text().split() == codes


def test_whoever_joined_by_mail_adds_a_passkey(session, town, phone):
    """The code is read on the demo's mailbox page; afterwards a touch is enough."""
    page = phone.opens("/sign-up?next=/account/devices")
    page.get_by_label("ニックネーム").fill("太郎")
    page.get_by_label("メールアドレス").fill(f"taro{system_clock().timestamp()}@example.jp")
    page.get_by_role("button", name="メールで番号を受け取る").click()
    phone.arrives("/sign-in/code")
    page.get_by_label("6桁の番号").fill(str(queries.mailbox(session, town)[0].facts["code"]))
    page.get_by_role("button", name="次へ").click()
    phone.arrives("/account/devices")
    assert phone.keys() == []
    page.get_by_role("button", name="この端末のパスキーを加える").click()
    expect(page.get_by_role("button", name="のパスキーを消す")).to_be_visible()
    assert len(phone.keys()) == 1
    page.get_by_role("button", name="この端末のパスキーを加える").click()
    expect(page.get_by_role("alert").filter(has_text="確認できませんでした")).to_be_visible()  # it has one already
    assert len(phone.keys()) == 1


def test_an_answer_is_taken_once(session, town, phone):
    """Whoever recorded a signed answer cannot play it back."""
    phone.joins()
    person_id = who(session, town, phone).person_id
    phone.leaves()
    sent: list[str] = []
    phone.page.on("request", lambda request: sent.append(request.post_data or "") if request.url.endswith("/sign-in") else None)
    phone.comes_back("/sign-in?next=/account")
    phone.arrives("/account")
    assert who(session, town, phone).person_id == person_id
    phone.context.clear_cookies(name="meguri_session")
    [body] = [each for each in sent if "credential=" in each]
    answer = phone.page.request.post(
        phone.site.address + "/sign-in", data=body, headers={"Content-Type": "application/x-www-form-urlencoded"}
    )
    assert answer.status == 422 and "本人の確認ができませんでした" in answer.text()
    assert who(session, town, phone).person_id is None
