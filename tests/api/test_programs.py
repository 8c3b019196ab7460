"""What programs can do: the same things as the pages, through the same doors."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

import wallet.commands
from identity.commands import end_role, revoke_api_token
from identity.queries import api_tokens
from tests.api.conftest import MakeProgram
from tests.town import ANY_KEY, CARD_PIN, Town
from web.pace import Pace


def test_a_program_takes_money_by_the_customers_code(district: Town, program: MakeProgram) -> None:
    """It reads the code on the phone; the answer carries the matching word that stands on the phone as well."""
    hanako, bakery = district.consumer(coins=1_000), district.shop()
    answer = program(shop=bakery).posts("/payments", {"code": hanako.shows_code().text, "amount": 700})
    assert (answer.status_code, answer.json["state"], len(answer.json["word"])) == (201, "paid", 2)
    assert (hanako.coins(), bakery.taken()) == (300, 700)


def test_above_the_customers_limit_the_phone_is_asked(district: Town, program: MakeProgram) -> None:
    """202 means: waiting for the customer. The same key tells later what became of it."""
    hanako, bakery = district.consumer(coins=9_000), district.shop()
    pos, order = program(shop=bakery), {"code": hanako.shows_code().digits, "amount": 5_000}
    first = pos.posts("/payments", order, key=ANY_KEY)
    assert (first.status_code, first.json["state"]) == (202, "waiting")
    assert pos.posts("/payments", order, key=ANY_KEY).status_code == 202
    assert (hanako.coins(), bakery.taken()) == (9_000, 0)
    hanako.consents()
    done = pos.posts("/payments", order, key=ANY_KEY)
    assert (done.status_code, done.json["amount"], bakery.taken()) == (201, 5_000, 5_000)


def test_a_program_takes_money_by_card(district: Town, program: MakeProgram) -> None:
    """A small amount at once, with what is left for the receipt; above it the PIN is asked for and sent under the same key."""
    yamada, pos = district.card_holder(coins=20_000), program(shop=district.shop())
    small = pos.posts("/payments", {"code": yamada.card.text, "amount": 700})
    assert (small.status_code, small.json["state"], small.json["left"]) == (201, "paid", 19_300)
    order = {"code": yamada.card.text, "amount": 4_800}
    refused = pos.posts("/payments", order, key=ANY_KEY)
    assert (refused.status_code, refused.json["code"], refused.json["number"]) == (409, "card_pin_needed", "E-5110")
    wrong = pos.posts("/payments", order | {"pin": "9517"}, key=ANY_KEY)
    assert (wrong.status_code, wrong.json["code"], wrong.json["facts"]) == (422, "pin_wrong", {"left": 4})
    assert pos.posts("/payments", order | {"pin": CARD_PIN}, key=ANY_KEY).json["left"] == 14_500
    assert pos.gets("/payments").json["items"][0]["way"] == "card"


def test_a_lost_answer_is_asked_for_again(district: Town, program: MakeProgram) -> None:
    """The same key with the same content: the first answer, and no second payment, top-up or refund."""
    hanako, bakery = district.consumer(), district.shop()
    pos, counter = program(shop=bakery), program(clerk=district.clerk().person_id)
    top_up = {"code": hanako.shows_code().text, "amount": 3_000, "received": 5_000, "series": "akari"}
    answers = [counter.posts("/top-ups", top_up, key=ANY_KEY).json for _ in range(2)]
    assert (answers[0]["id"], answers[0]["change"], hanako.coins()) == (answers[1]["id"], 2_000, 3_000)
    payment, key = {"code": hanako.shows_code().text, "amount": 700}, uuid4()
    paid = [pos.posts("/payments", payment, key=key).json for _ in range(2)]
    assert (paid[0]["id"], hanako.coins()) == (paid[1]["id"], 2_300)
    refund, key = {"payment_id": paid[0]["id"], "amount": 200}, uuid4()
    back = [pos.posts("/refunds", refund, key=key).json for _ in range(2)]
    assert (back[0]["id"], back[0]["left"], hanako.coins()) == (back[1]["id"], 500, 2_500)
    assert [answer["replayed"] for answer in (*answers, *paid, *back)] == [False, True] * 3
    ask, key = {"amount": 500}, uuid4()
    assert pos.posts("/requests", ask, key=key).json == pos.posts("/requests", ask, key=key).json


@pytest.mark.parametrize("path", ["/payments", "/top-ups", "/refunds", "/requests"])
def test_one_key_means_one_intention(district: Town, program: MakeProgram, path: str) -> None:
    """Other content under the same key is refused, and nothing more is booked."""
    hanako, bakery = district.consumer(coins=5_000), district.shop()
    paid = hanako.pays(bakery, 1_000)
    pos = program(clerk=district.clerk().person_id) if path == "/top-ups" else program(shop=bakery)
    bodies: dict[str, dict[str, Any]] = {
        "/payments": {"code": hanako.shows_code().text, "amount": 100},
        "/top-ups": {"code": hanako.shows_code().text, "amount": 100, "series": "akari"} if path == "/top-ups" else {},
        "/refunds": {"payment_id": paid.transaction_id, "amount": 100},
        "/requests": {"amount": 100},
    }
    if path == "/payments":
        bodies[path]["code"] = hanako.shows_code().text
    assert pos.posts(path, bodies[path], key=ANY_KEY).status_code == 201
    before = (hanako.coins(), bakery.taken())
    answer = pos.posts(path, bodies[path] | {"amount": 101}, key=ANY_KEY)
    assert (answer.status_code, answer.json["code"]) == (409, "idempotency_key_reused")
    assert (hanako.coins(), bakery.taken()) == before


def test_a_request_from_qr_to_payment(district: Town, program: MakeProgram) -> None:
    """The program shows the QR, the customer pays with the phone, the program sees it; a paid one cannot be withdrawn."""
    hanako, bakery = district.consumer(coins=1_000), district.shop()
    pos = program(shop=bakery)
    asked = pos.posts("/requests", {"amount": 500}).json
    assert asked["state"] == "open" and asked["url"].startswith("https://meguri.test/q/")
    paid = hanako.pays_request(UUID(asked["id"]), 500)
    seen = pos.gets(f"/requests/{asked['id']}").json
    assert (seen["state"], seen["payment_id"]) == ("paid", paid.transaction_id)
    assert pos.deletes(f"/requests/{asked['id']}").json["state"] == "paid"
    other = pos.posts("/requests", {"amount": 400}).json
    assert [pos.deletes(f"/requests/{other['id']}").json["state"] for _ in range(2)] == ["cancelled", "cancelled"]


def test_the_history_page_by_page(district: Town, program: MakeProgram) -> None:
    """Newest first, each line once; payments alone, or refunds as well; by day and amount."""
    hanako, bakery = district.consumer(coins=5_000), district.shop()
    paid = [hanako.pays(bakery, amount).transaction_id for amount in (100, 200, 300, 400)]
    back = bakery.refunds(paid[1], 50).transaction_id
    pos = program(shop=bakery)

    def every(path: str, query: str = "") -> list[int]:
        seen, cursor = [], ""
        while True:
            page = pos.gets(f"{path}?limit=2{query}{cursor}").json
            seen += [item["id"] for item in page["items"]]
            if page["next_cursor"] is None:
                return seen
            cursor = f"&cursor={page['next_cursor']}"

    assert every("/history") == [back, *reversed(paid)]
    assert every("/payments") == list(reversed(paid))
    assert every("/payments", "&amount=300") == [paid[2]]
    assert every("/history", "&first=2020-01-01&last=2020-12-31") == []
    detail = pos.gets(f"/payments/{paid[1]}").json
    assert (detail["payment"]["refunded"], [each["amount"] for each in detail["refunds"]]) == (50, [-50])


def test_balances_of_a_shop_and_of_a_counter(district: Town, program: MakeProgram) -> None:
    """A shop sees what it is owed; a clerk the drawer and what all consumers hold."""
    hanako, bakery = district.consumer(coins=5_000), district.shop()
    hanako.pays(bakery, 1_200)
    assert program(shop=bakery).gets("/balances").json["items"] == [{"account": "takings", "series": "akari", "amount": 1_200}]
    assert program(clerk=district.clerk().person_id).gets("/balances").json["items"] == [
        {"account": "drawer", "series": None, "amount": 5_000},
        {"account": "consumers", "series": "akari", "amount": 3_800},
    ]


EVERYTHING = (
    ("POST", "/payments", "payments:write"),
    ("GET", "/payments", "payments:read"),
    ("GET", "/payments/1", "payments:read"),
    ("GET", "/history", "payments:read"),
    ("GET", "/payouts", "payouts:read"),
    ("POST", "/print-jobs/take", "print:jobs"),
    ("POST", f"/print-jobs/{ANY_KEY}/outcome", "print:jobs"),
    ("POST", "/requests", "requests:write"),
    ("GET", f"/requests/{ANY_KEY}", "requests:write"),
    ("DELETE", f"/requests/{ANY_KEY}", "requests:write"),
    ("PUT", f"/requests/{ANY_KEY}/split", "requests:write"),
    ("DELETE", f"/requests/{ANY_KEY}/split", "requests:write"),
    ("POST", "/refunds", "refunds:write"),
    ("GET", "/balances", "balances:read"),
    ("POST", "/top-ups", "top_ups:write"),
    ("POST", "/agent-top-ups", "agent_top_ups:write"),
    ("GET", "/webhooks", "webhooks:replay"),
    ("POST", "/measurements", "measurements:write"),
    ("POST", "/webhooks/1/replay", "webhooks:replay"),
)


def test_the_table_above_is_the_whole_api(program: MakeProgram) -> None:
    """Nothing can be asked that the tests below do not walk through."""
    paths = program().gets("/openapi.json").json["paths"]
    every = {(method.upper(), path.removeprefix("/api/v1")) for path in paths for method in paths[path].keys() - {"parameters"}}
    named = {
        "/payments/1": "/payments/{payment_id}",
        f"/print-jobs/{ANY_KEY}/outcome": "/print-jobs/{job_id}/outcome",
        f"/requests/{ANY_KEY}": "/requests/{request_id}",
        f"/requests/{ANY_KEY}/split": "/requests/{request_id}/split",
        "/webhooks/1/replay": "/webhooks/{webhook_id}/replay",
    }
    ours = {(method, named.get(path, path)) for method, path, _ in EVERYTHING}
    assert every == ours


@pytest.mark.parametrize(("method", "path", "scope"), EVERYTHING)
def test_every_resource_asks_for_its_scope(district: Town, program: MakeProgram, method: str, path: str, scope: str) -> None:
    """No token, a made-up one, a cookie: 401 with WWW-Authenticate. A token without the scope: 403. All in the same shape."""
    bakery = district.shop()
    stranger, liar = program(), program()
    liar.token = "meguri_" + "x" * 43
    by_cookie = program()
    by_cookie.client.set_cookie("meguri_session", district.cookie(district.clerk().person_id), domain=district.host, secure=True)
    for nobody in (stranger, liar, by_cookie):
        answer = nobody.sends(method, path, json={})
        assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, "Bearer")
        is_problem(answer.json, answer.mimetype, 401, "not_signed_in")
    others = tuple(sorted({each for _, _, each in EVERYTHING} - {scope}))
    answer = program(shop=bakery, scopes=others).sends(method, path, json={})
    assert answer.status_code == 403
    is_problem(answer.json, answer.mimetype, 403, "forbidden")


def is_problem(body: dict[str, Any], mimetype: str, status: int, code: str) -> None:
    """RFC 9457, with our code and both languages."""
    assert mimetype == "application/problem+json"
    assert (body["status"], body["code"]) == (status, code)
    assert body["type"].endswith(f"/problems#{code}")
    assert body["title"] == body["texts"]["ja"] and body["title_en"] == body["texts"]["en"]
    assert body["number"].startswith("E-") and isinstance(body["retry_helps"], bool) and isinstance(body["facts"], dict)


@pytest.mark.parametrize("path", ["/requests", "/refunds", "/payments", "/top-ups"])
@pytest.mark.parametrize("amount", [0, -1, 500.9, True, "500", "７００", None, 10**30, [], {}, 2**53])
def test_yen_are_whole_or_refused(district: Town, program: MakeProgram, path: str, amount: object) -> None:
    """An integer from 1 and nothing else: 500.9 is not 500, true is not 1, "500" is not 500."""
    bakery = district.shop()
    pos = program(clerk=district.clerk().person_id) if path == "/top-ups" else program(shop=bakery)
    body: dict[str, dict[str, object]] = {
        "/requests": {},
        "/refunds": {"payment_id": 1},
        "/payments": {"code": "x" * 12},
        "/top-ups": {"code": "x" * 12, "series": "akari"},
    }
    answer = pos.posts(path, body[path] | {"amount": amount})
    is_problem(answer.json, answer.mimetype, 422, "form_invalid")
    assert list(answer.json["errors"]) == ["amount"]


@pytest.mark.parametrize("path", ["/requests", "/refunds", "/payments", "/top-ups"])
@pytest.mark.parametrize("key", ["", "no-uuid", "0" * 31, None])
def test_a_write_needs_its_key(district: Town, program: MakeProgram, path: str, key: str | None) -> None:
    """Without an Idempotency-Key nothing is even looked at."""
    pos = program(clerk=district.clerk().person_id) if path == "/top-ups" else program(shop=district.shop())
    headers = {} if key is None else {"Idempotency-Key": key}
    answer = pos.client.post(
        f"/api/v1{path}", json={"amount": 1}, headers={"Authorization": f"Bearer {pos.token}", **headers}, base_url=f"https://{pos.host}"
    )
    is_problem(answer.json, answer.mimetype, 422, "form_invalid")
    assert list(answer.json["errors"]) == ["Idempotency-Key"]


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null", b'{"amount": 1, "extra": 1}', b"\xff\xfe", b'"amount"'])
def test_bodies_that_are_none(district: Town, program: MakeProgram, body: bytes) -> None:
    """Garbage and unknown fields are told, never guessed."""
    pos = program(shop=district.shop())
    answer = pos.sends("POST", "/requests", data=body, content_type="application/json")
    assert answer.status_code == 422 and answer.mimetype == "application/problem+json"


@pytest.mark.parametrize("reason", ["a\u0000b", "\ud800", "a\u202eb", "x" * 81])
def test_text_that_no_book_can_keep(district: Town, program: MakeProgram, reason: str) -> None:
    """Control signs, half characters, signs that turn the direction, too much of it."""
    body = json.dumps({"payment_id": 1, "amount": 1, "reason": reason})
    answer = program(shop=district.shop()).sends("POST", "/refunds", data=body, content_type="application/json")
    assert (answer.status_code, list(answer.json["errors"])) == (422, ["reason"])


def test_refusals_keep_their_codes(district: Town, program: MakeProgram) -> None:
    """Each with the figures in it, so that a program can act."""
    hanako, bakery, cafe = district.consumer(coins=300), district.shop(), district.shop("喫茶 こもれび")
    pos, counter = program(shop=bakery), program(clerk=district.clerk().person_id)
    paid = hanako.pays(bakery, 100).transaction_id
    code = hanako.shows_code()
    cases = [
        (pos.posts("/payments", {"code": code.text, "amount": 500}), 409, "insufficient_balance", {"shortage": 300}),
        (pos.posts("/payments", {"code": "M1" + "A" * 26, "amount": 5}), 404, "consumer_code_unknown", None),
        (pos.posts("/payments", {"code": "ようこそ", "amount": 5}), 422, "consumer_code_unreadable", None),
        (pos.posts("/refunds", {"payment_id": paid, "amount": 101}), 409, "refund_too_large", {"left": 100}),
        (pos.posts("/requests", {"amount": 100_001}), 409, "payment_too_large", {"limit": 100_000}),
        (pos.gets(f"/requests/{ANY_KEY}"), 404, "request_unknown", None),
        (pos.gets("/payments/999999"), 404, "transaction_unknown", None),
        (program(shop=cafe).gets(f"/payments/{paid}"), 404, "transaction_unknown", None),
        (counter.posts("/top-ups", {"code": hanako.shows_code().text, "amount": 1_000, "series": "nothing"}), 404, "series_unknown", None),
        (
            counter.posts("/top-ups", {"code": hanako.shows_code().text, "amount": 1_000, "received": 400, "series": "akari"}),
            422,
            "cash_too_little",
            {"missing": 600},
        ),
        (
            counter.posts("/top-ups", {"code": hanako.shows_code().text, "amount": 99_900, "series": "akari"}),
            409,
            "balance_limit",
            {"room": 99_800},
        ),
    ]
    for answer, status, refusal, facts in cases:
        is_problem(answer.json, answer.mimetype, status, refusal)
        assert facts is None or facts.items() <= answer.json["facts"].items()
    assert (hanako.coins(), bakery.taken()) == (200, 100)


def test_a_refused_top_up_binds_nothing(district: Town, program: MakeProgram) -> None:
    """Too much for the balance: the code and the key are as good as before, and the mended order is booked with both."""
    hanako, counter = district.consumer(coins=300), program(clerk=district.clerk().person_id)
    order = {"code": hanako.shows_code().text, "amount": 99_900, "series": "akari"}
    assert counter.posts("/top-ups", order, key=ANY_KEY).json["code"] == "balance_limit"
    assert counter.posts("/top-ups", {**order, "amount": 1_000}, key=ANY_KEY).status_code == 201
    assert hanako.coins() == 1_300


def test_a_top_up_sent_five_times_at_once(district: Town, program: MakeProgram) -> None:
    """One is booked, and all five hear of it."""
    hanako, counter = district.consumer(), program(clerk=district.clerk().person_id)
    order = {"code": hanako.shows_code().text, "amount": 1_000, "series": "akari"}
    with ThreadPoolExecutor(5) as pool:
        answers = list(pool.map(lambda _: counter.posts("/top-ups", order, key=ANY_KEY), range(5)))
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.json["id"] for answer in answers}) == 1
    assert hanako.coins() == 1_000


def test_a_shops_token_is_no_clerks_and_no_other_shops(district: Town, program: MakeProgram) -> None:
    """Whatever scopes it was given: a shop cannot top up, a clerk cannot take payments, and each shop sees its own."""
    hanako, bakery, cafe = district.consumer(coins=1_000), district.shop(), district.shop("喫茶 こもれび")
    paid = hanako.pays(bakery, 500).transaction_id
    asked = bakery.asks(300)
    everything = tuple(sorted({scope for _, _, scope in EVERYTHING}))
    other, clerk = program(shop=cafe, scopes=everything), program(clerk=district.clerk().person_id, scopes=everything)
    code = hanako.shows_code().text
    assert other.posts("/top-ups", {"code": code, "amount": 5, "series": "akari"}).status_code == 403
    for answer in (
        clerk.posts("/payments", {"code": code, "amount": 5}),
        clerk.posts("/requests", {"amount": 5}),
        clerk.posts("/refunds", {"payment_id": paid, "amount": 5}),
        clerk.gets("/history"),
        clerk.gets(f"/requests/{asked.id}"),
    ):
        assert answer.status_code == 403
    assert other.gets("/history").json["items"] == []
    assert other.gets(f"/requests/{asked.id}").status_code == other.deletes(f"/requests/{asked.id}").status_code == 404
    assert other.posts("/refunds", {"payment_id": paid, "amount": 5}).status_code in (404, 409)
    assert (hanako.coins(), bakery.taken()) == (500, 500)


def test_a_token_opens_one_district(district: Town, other_district: Town, program: MakeProgram) -> None:
    """At the neighbours' address it is nobody's."""
    pos = program(shop=district.shop())
    pos.host = other_district.host
    assert pos.gets("/balances").status_code == 401


def test_a_token_ends(district: Town, program: MakeProgram) -> None:
    """On its last day, when it is stopped, and a clerk's with the clerk's role."""
    bakery, clerk = district.shop(), district.another_clerk("issuer", nickname="岡")
    short = program(shop=bakery, expires_at=district.now + timedelta(days=1))
    stopped, theirs = program(shop=bakery), program(clerk=clerk.person_id)
    assert [each.gets("/balances").status_code for each in (short, stopped, theirs)] == [200, 200, 200]
    admin = district.another_clerk("administrator")
    lasting = [each.id for each in api_tokens(district.session, admin.who) if each.merchant_id and each.expires_at is None]
    revoke_api_token(district.session, admin.who, lasting[0], now=district.now)
    end_role(district.session, admin.who, clerk.person_id, "issuer", now=district.now)
    district.clock.advance(days=1)  # type: ignore[attr-defined]
    assert [each.gets("/balances").status_code for each in (short, stopped, theirs)] == [401, 401, 401]


def test_a_suspended_shop_takes_nothing_by_program(district: Town, program: MakeProgram) -> None:
    """Its program hears it in words; what was taken stays readable."""
    hanako, bakery = district.consumer(coins=1_000), district.shop()
    pos = program(shop=bakery)
    bakery.is_suspended()
    for answer in (pos.posts("/payments", {"code": hanako.shows_code().text, "amount": 5}), pos.posts("/requests", {"amount": 5})):
        is_problem(answer.json, answer.mimetype, 409, "shop_suspended")
    assert pos.gets("/history").status_code == 200


def test_who_hurries_is_slowed(district: Town, program: MakeProgram) -> None:
    """60 at once, then ten a second: 429 with Retry-After, and later it goes on."""
    pos = program(shop=district.shop())
    answers = [pos.gets("/requests/x").status_code for _ in range(3)]
    assert answers == [404, 404, 404]  # no such address: not counted
    assert {pos.gets("/balances").status_code for _ in range(60)} == {200}
    slowed = pos.gets("/balances")
    is_problem(slowed.json, slowed.mimetype, 429, "too_many")
    assert slowed.headers["Retry-After"] == "1"
    district.clock.advance(seconds=1)  # type: ignore[attr-defined]
    assert pos.gets("/balances").status_code == 200


def test_pace_is_fair(district: Town) -> None:
    """One caller's hurry is not another's, and a refused call does not count."""
    pace = Pace(per_second=2, burst=3)
    assert [pace.wait_s("a", district.now) for _ in range(5)] == [0, 0, 0, 1, 1]
    assert pace.wait_s("b", district.now) == 0
    assert [pace.wait_s("a", district.now + timedelta(seconds=1)) for _ in range(3)] == [0, 0, 1]


def test_the_document_in_both_languages(district: Town, program: MakeProgram) -> None:
    """OpenAPI 3.1 for programs, a page without scripts for people; a cookie or a token is not needed."""
    document = program().gets("/openapi.json").json
    assert document["openapi"] == "3.1.0" and document["components"]["securitySchemes"]["bearer"]["scheme"] == "bearer"
    problems = {f"#/components/responses/{name}" for name in ("UNPROCESSABLE_ENTITY", "DEFAULT_ERROR")}
    for methods in document["paths"].values():
        for operation in (methods[name] for name in methods.keys() - {"parameters"}):
            assert operation["summary"] and operation["security"] and operation["x-refusals"]
            for status, answer in operation["responses"].items():
                assert status < "4" or answer.get("$ref") in problems or list(answer["content"]) == ["application/problem+json"]
    assert all(list(answer["content"]) == ["application/problem+json"] for answer in document["components"]["responses"].values())
    page = program().client.get("/api/docs", base_url=f"https://{district.host}")
    assert page.status_code == 200 and "お会計を作る" in page.text and "<script src=" not in page.text and "style=" not in page.text


@pytest.mark.parametrize(("method", "path", "status"), [("GET", "/nothing", 404), ("PUT", "/payments", 405), ("GET", "/payments/0", 404)])
def test_addresses_that_are_none(district: Town, program: MakeProgram, method: str, path: str, status: int) -> None:
    """The same shape, with Allow where the address has other methods."""
    answer = program(shop=district.shop()).sends(method, path)
    assert (answer.status_code, answer.mimetype) == (status, "application/problem+json")
    assert ("Allow" in answer.headers) == (status == 405)


@pytest.mark.parametrize("cursor", ["x", "A" * 22 + "B", "A" * 21 + "B", "あ" * 22, ""])
def test_cursors_are_taken_as_they_were_given(district: Town, program: MakeProgram, cursor: str) -> None:
    """A made-up one is told."""
    answer = program(shop=district.shop()).gets(f"/history?cursor={cursor}")
    assert (answer.status_code, list(answer.json["errors"])) == (422, ["cursor"])


def test_an_agents_program_sells_coin(district: Town, program: MakeProgram) -> None:
    """An inn's own till: the same key sells once, five times at once as well; the day's limit and the state of an agent hold."""
    hanako, inn = district.consumer(), district.shop().is_agent(10_000)
    pos = program(shop=inn)
    order = {"code": hanako.shows_code().text, "amount": 6_000, "series": "akari"}
    with ThreadPoolExecutor(5) as pool:
        answers = list(
            pool.map(lambda _: program(shop=inn, scopes=("agent_top_ups:write",)).posts("/agent-top-ups", order, key=ANY_KEY), range(5))
        )
    assert {answer.status_code for answer in answers} == {201} and len({answer.json["id"] for answer in answers}) == 1
    assert (hanako.coins(), inn.debt(), len(answers[0].json["word"])) == (6_000, 6_000, 2)
    full = pos.posts("/agent-top-ups", order | {"code": district.consumer().shows_code().text})
    assert (full.status_code, full.json["code"], full.json["facts"]["left"]) == (409, "agent_day_full", 4_000)
    bakery = program(shop=district.shop("パン屋"))
    other = bakery.posts("/agent-top-ups", order | {"code": district.consumer().shows_code().text})
    assert (other.status_code, other.json["code"]) == (409, "not_an_agent")
    assert program(clerk=district.clerk().person_id).posts("/agent-top-ups", order).status_code == 403


def test_a_short_balance_by_the_customers_code(district: Town, program: MakeProgram) -> None:
    """The refusal says what can be paid; the coin part goes through under a new key, with the cash as a note beside it."""
    hanako, bakery = district.consumer(coins=340), district.shop()
    pos, code = program(shop=bakery), hanako.shows_code().text
    short = pos.posts("/payments", {"code": code, "amount": 1_000})
    assert (short.status_code, short.json["code"], short.json["facts"]) == (
        409,
        "insufficient_balance",
        {"shortage": 660, "available": 340},
    )
    paid = pos.posts("/payments", {"code": code, "amount": 340, "cash": 660}, key=ANY_KEY)
    assert (paid.status_code, paid.json["amount"], bakery.taken()) == (201, 340, 340)
    assert pos.posts("/payments", {"code": code, "amount": 340, "cash": 600}, key=ANY_KEY).json["code"] == "idempotency_key_reused"
    seen = pos.gets(f"/payments/{paid.json['id']}").json["payment"]
    assert (seen["amount"], seen["cash"]) == (340, 660)
    back = pos.posts("/refunds", {"payment_id": paid.json["id"], "amount": 340, "cash": 660}).json
    assert (back["amount"], back["cash"], back["left"], hanako.coins()) == (340, 660, 0, 340)


def test_a_request_is_split_by_a_program(district: Town, program: MakeProgram) -> None:
    """The program sees the customer's offer, says yes to that very figure, and sees what was paid in coin and in cash."""
    hanako, bakery = district.consumer(coins=340), district.shop()
    pos = program(shop=bakery)
    asked = pos.posts("/requests", {"amount": 1_000}).json
    path, number = f"/requests/{asked['id']}/split", UUID(asked["id"])
    assert (asked["amount"], asked["cash"], asked["bill"], asked["offered"]) == (1_000, 0, 1_000, None)
    assert pos.sends("PUT", path, json={"coin": 340}).json["code"] == "offer_gone"
    wallet.commands.offer_split(district.session, hanako.who, number, 340, now=district.now)
    assert pos.gets(f"/requests/{asked['id']}").json["offered"] == 340
    assert pos.deletes(path).json["offered"] is None
    taro = district.consumer(coins=400)
    wallet.commands.offer_split(district.session, taro.who, number, 400, now=district.now)
    split = [pos.sends("PUT", path, json={"coin": 400}).json for _ in range(2)]
    assert split[0] == split[1] and (split[0]["amount"], split[0]["cash"], split[0]["bill"]) == (400, 600, 1_000)
    assert taro.pays_request(number, 400).cash == 600
    assert pos.gets(f"/requests/{asked['id']}").json["state"] == "paid"
    stranger = program(shop=district.shop("ゆのや"))
    assert stranger.sends("PUT", path, json={"coin": 400}).status_code == 404
