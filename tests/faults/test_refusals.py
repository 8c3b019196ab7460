"""Bad input and bad luck, one row each: a stable code, a sentence in both languages, and nothing half done.

Each row spoils something between the page and the press (or sends what no page would send) and names the answer.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import uuid4

import pytest

import merchant.commands
import merchant.queries
from base.clock import tokyo_day
from base.errors import MeguriError
from tests.town import ANY_KEY, Consumer, Shop, Town
from wallet.commands import PayByCode, SetLimits, consent_to, decline, pay_by_code, set_limits, settle_unknown, withdraw_consent

PIN, WRONG_PIN = "4826", "1357"
CODE_KEY = b"a key for codes, and of 32 bytes"


@dataclass
class Scene:
    """花子 with 1,000 yen before a shop that asks for 700; `fields` is what her phone is about to send to `path`."""

    town: Town
    other: Town
    hanako: Consumer
    shop: Shop
    path: str = ""
    fields: dict[str, str] = field(default_factory=dict)

    def goes_to(self, path: str, **fields: str) -> None:
        self.path, self.fields = path, {**self.fields, **fields}

    def at_the_printed_code(self, **fields: str) -> None:
        self.goes_to(f"/wallet/pay/shop/{self.shop.public_number}", **fields)


def open_request(scene: Scene) -> object:
    request = scene.shop.asks(700)
    scene.goes_to(f"/wallet/pay/request/{request.id}", amount="700")
    return request


def expires(scene: Scene) -> None:
    open_request(scene)
    scene.town.clock.advance(minutes=5)


def is_withdrawn(scene: Scene) -> None:
    scene.shop.till().cancels(open_request(scene))


def is_paid_by_another(scene: Scene) -> None:
    scene.town.consumer(coins=700, nickname="太郎").pays(open_request(scene))


def shop_is_suspended(scene: Scene) -> None:
    open_request(scene)
    scene.shop.is_suspended()


def balance_is_spent(scene: Scene) -> None:
    open_request(scene)
    scene.hanako.pays(scene.town.shop("蕎麦処 やまびこ"), 600)


def plan_has_changed(scene: Scene) -> None:
    open_request(scene)
    scene.fields["shown"] = f"{scene.town.series_id}:700"
    winter = scene.town.series("winter", "冬の商品券", "Winter voucher", last_day=tokyo_day(scene.town.now) + timedelta(days=30))
    scene.town.clerk().tops_up(scene.hanako, 200, series_id=winter)


def amount_is_forged(scene: Scene) -> None:
    open_request(scene)
    scene.fields["amount"] = "1"


def key_is_reused(scene: Scene) -> None:
    scene.hanako.pays(scene.shop, 100, key=ANY_KEY)
    scene.at_the_printed_code(amount="200", key=str(ANY_KEY))


def key_is_closed(scene: Scene) -> None:
    settle_unknown(scene.town.session, scene.hanako.who, ANY_KEY)
    scene.at_the_printed_code(amount="200", key=str(ANY_KEY))


def pin_is_missing(scene: Scene) -> None:
    set_limits(scene.town.session, scene.hanako.who, SetLimits(0, 100), now=scene.town.now)
    scene.at_the_printed_code(amount="200")


def pin_is_wrong(scene: Scene) -> None:
    pin_is_missing(scene)
    scene.hanako.sets_pin(PIN)
    scene.fields["pin"] = WRONG_PIN


def pin_is_locked(scene: Scene) -> None:
    pin_is_wrong(scene)
    for _ in range(5):
        with pytest.raises(MeguriError):
            scene.hanako.pays(scene.shop, 200, pin=WRONG_PIN)


def foreign_request(scene: Scene) -> None:
    scene.goes_to(f"/wallet/pay/request/{scene.other.shop().asks(700).id}", amount="700")


def types(amount: str) -> Callable[[Scene], None]:
    return lambda scene: scene.at_the_printed_code(amount=amount)


ROWS = [
    (expires, 409, "request_expired"),
    (is_withdrawn, 409, "request_cancelled"),
    (is_paid_by_another, 409, "request_paid"),
    (shop_is_suspended, 409, "shop_suspended"),
    (balance_is_spent, 409, "insufficient_balance"),
    (plan_has_changed, 409, "plan_changed"),
    (amount_is_forged, 409, "amount_differs"),
    (foreign_request, 404, "request_unknown"),
    (key_is_reused, 409, "idempotency_key_reused"),
    (key_is_closed, 409, "key_closed"),
    (pin_is_missing, 409, "confirmation_needed"),
    (pin_is_wrong, 422, "pin_wrong"),
    (pin_is_locked, 429, "pin_locked"),
    (types("1001"), 409, "insufficient_balance"),
    (types("10001"), 409, "new_device_limit"),
    (types("0"), 422, "form_invalid"),
    (types("-5"), 422, "form_invalid"),
    (types("−5"), 422, "form_invalid"),
    (types("1.5"), 422, "form_invalid"),
    (types("1e3"), 422, "form_invalid"),
    (types(""), 422, "form_invalid"),
    (types("金"), 422, "form_invalid"),
    (types("9" * 400), 422, "form_invalid"),
    (types("9007199254740991"), 409, "payment_too_large"),
    (lambda scene: scene.at_the_printed_code(amount="700", key="no key"), 422, "form_invalid"),
    (lambda scene: scene.at_the_printed_code(amount="700", extra="1"), 422, "form_invalid"),
    (lambda scene: scene.at_the_printed_code(amount="700", csrf_token="forged"), 422, "form_expired"),
    (lambda scene: scene.goes_to("/wallet/pay/shop/000000", amount="700"), 404, "shop_unknown"),
    (lambda scene: scene.goes_to(f"/wallet/pay/shop/{'９' * 6}", amount="700"), 404, "shop_unknown"),
    (lambda scene: scene.goes_to(f"/wallet/pay/request/{uuid4()}", amount="700"), 404, "request_unknown"),
    (lambda scene: scene.goes_to("/wallet/pay/request/garbage", amount="700"), 404, "page_unknown"),
]


@pytest.fixture
def scene(district: Town, other_district: Town) -> Scene:
    return Scene(district, other_district, district.consumer(coins=1_000), district.shop(), fields={"key": str(uuid4())})


def told(answer: object) -> dict[str, object]:
    """The refusal, complete: code, number, both languages, and whether trying again helps."""
    problem = answer.get_json()
    assert set(problem) >= {"code", "number", "title", "title_en", "retry_helps", "texts"}, problem
    assert problem["title"].endswith("。")
    assert problem["number"].startswith("E-")
    return problem


@pytest.mark.parametrize(("spoil", "status", "code"), ROWS)
def test_a_press_that_cannot_pay(phone, scene, spoil, status, code):
    """Whatever is wrong with a press: it is refused by its own code, and no money has moved by it."""
    spoil(scene)
    before = (scene.hanako.coins(), scene.shop.taken())
    answer = phone(scene.hanako).sends(scene.path, scene.fields, on="/wallet/number", headers={"Accept": "application/json"})
    assert (answer.status_code, told(answer)["code"]) == (status, code)
    assert (scene.hanako.coins(), scene.shop.taken(), scene.town.difference()) == (*before, 0)


def test_full_width_digits_pay(phone, scene):
    """７００ is 700."""
    scene.at_the_printed_code(amount="７００")
    answer = phone(scene.hanako).sends(scene.path, scene.fields, on="/wallet/number", headers={"Accept": "application/json"})
    assert answer.get_json()["next"].startswith("/wallet/done/")
    assert scene.hanako.coins() == 300


CODES = {
    "garbage": (lambda scene: "hello", 422, "code_unreadable"),
    "cut short": (lambda scene: scene_token(scene)[:-1], 422, "code_unreadable"),
    "one sign changed": (lambda scene: swapped(scene_token(scene)), 409, "code_tampered"),
    "signed by somebody else": (lambda scene: scene_token(scene, b"another key, of 32 bytes exactly"), 409, "code_tampered"),
    "signed, but nothing behind it": (lambda scene: merchant.queries.request_token(uuid4(), CODE_KEY), 404, "code_unknown"),
    "of another district": (
        lambda scene: merchant.queries.request_token(scene.other.shop().asks(700).id, CODE_KEY),
        409,
        "code_foreign_district",
    ),
    "replaced by a new print": (lambda scene: replaced_print(scene), 409, "code_replaced"),
}


def scene_token(scene: Scene, key: bytes = CODE_KEY) -> str:
    return merchant.queries.request_token(scene.shop.asks(700).id, key)


def swapped(token: str) -> str:
    return token[:10] + ("A" if token[10] != "A" else "B") + token[11:]


def replaced_print(scene: Scene) -> str:
    session, owner, now = scene.town.session, scene.shop.owner, scene.town.now
    merchant.commands.make_static_code(session, owner, scene.shop.id, now=now)
    sheet = merchant.queries.code_sheet(session, scene.town.district_id, scene.shop.id, public_url="https://meguri.test", key=CODE_KEY)
    merchant.commands.make_static_code(session, owner, scene.shop.id, now=now)
    return sheet.token


@pytest.mark.parametrize("kind", CODES)
def test_a_code_that_opens_nothing(phone, scene, kind):
    """Every way in which a shop's code can be wrong has its own answer, also for somebody who is not signed in."""
    make, status, code = CODES[kind]
    address = f"/q/{make(scene)}"
    for holder in (scene.hanako, None):
        answer = phone(holder).asks(address)
        assert (answer.status_code, told(answer)["code"]) == (status, code)


AT_THE_TILL = [
    (lambda scene, till: "garbage", "consumer_code_unreadable"),
    (lambda scene, till: "123456789012", "consumer_code_unknown"),
    (lambda scene, till: scene.other.consumer(coins=700).shows_code().text, "consumer_code_unknown"),
    (lambda scene, till: ended(scene), "consumer_code_expired"),
    (lambda scene, till: too_old(scene), "consumer_code_expired"),
    (lambda scene, till: used(scene, till), "code_used"),
]


def ended(scene: Scene) -> str:
    old = scene.hanako.shows_code()
    scene.hanako.shows_code()
    return old.text


def too_old(scene: Scene) -> str:
    code = scene.hanako.shows_code()
    scene.town.clock.advance(seconds=90)
    return code.text


def used(scene: Scene, till: object) -> str:
    code = scene.hanako.shows_code()
    till.scans(code.text, 1)
    return code.text


@pytest.mark.parametrize(("show", "code"), AT_THE_TILL)
def test_a_consumers_code_that_pays_nothing(scene, show, code):
    """What the till reads from a phone and cannot take: named, in the shop's words, and nothing is taken."""
    till = scene.shop.till()
    shown = show(scene, till)
    before = scene.hanako.coins()
    with pytest.raises(MeguriError) as refusal:
        pay_by_code(scene.town.session, till.who, PayByCode(shown, 100, uuid4()), now=scene.town.now)
    assert refusal.value.code == code
    assert (refusal.value.shop_text or refusal.value.text).endswith("。")
    assert scene.hanako.coins() == before


@pytest.mark.parametrize(
    ("end", "code"),
    [
        (lambda scene, asked: scene.town.clock.advance(seconds=60), "consent_expired"),
        (lambda scene, asked: decline(scene.town.session, scene.hanako.who, asked.id, now=scene.town.now), "consent_declined"),
        (
            lambda scene, asked: withdraw_consent(scene.town.session, scene.shop.till().who, asked.id, now=scene.town.now),
            "consent_withdrawn",
        ),
        (lambda scene, asked: scene.shop.is_suspended(), "shop_suspended"),
    ],
)
def test_a_question_that_is_over(scene, end, code):
    """A late yes to a shop's question pays nothing, and what was held is free again."""
    set_limits(scene.town.session, scene.hanako.who, SetLimits(0, 1_000), now=scene.town.now)
    asked = scene.shop.till().scans(scene.hanako.shows_code().text, 700)
    end(scene, asked)
    with pytest.raises(MeguriError) as refusal:
        consent_to(scene.town.session, scene.hanako.who, asked.id, now=scene.town.now)
    assert refusal.value.code == code
    assert (scene.hanako.coins(), scene.shop.taken()) == (1_000, 0)
