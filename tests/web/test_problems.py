"""Refusals and faults: a page for people, a problem for programs, from one place."""

from __future__ import annotations

import json

import pytest
from flask.testing import FlaskClient


def test_a_refusal_says_what_happened_and_what_to_do(visitor: FlaskClient) -> None:
    """The first sentence is the heading, the rest the text, the number stands small at the end; figures have separators."""
    answer = visitor.get("/short")
    assert answer.status_code == 409
    assert "<h1>残高が 1,320円足りません</h1>" in answer.text
    assert "チャージするか、足りない分を現金で払えます。" in answer.text
    assert "(E-9901)" in answer.text


def test_the_way_back_leads_to_the_page_as_it_was(visitor: FlaskClient) -> None:
    """Who it was about stands in the address: without it a customer's code would have to be read again."""
    page = visitor.get("/desk/short", headers={"Referer": "http://localhost/desk/vouchers/sale?to=W1s.K&voucher_id=24"}).text
    assert 'href="/desk/vouchers/sale?to=W1s.K&amp;voucher_id=24"' in page
    assert 'href="/"' in visitor.get("/desk/short", headers={"Referer": "http://elsewhere.example/x?y=1"}).text


def test_the_shop_reads_its_own_words(visitor: FlaskClient) -> None:
    """On the tablet the same refusal speaks of the customer."""
    page = visitor.get("/till/short").text
    assert "お客様の残高が 1,320円足りません" in page and 'class="pos' in page


@pytest.mark.parametrize(("path", "body"), [("/short", "phone"), ("/till/short", "pos"), ("/desk/short", "desk")])
def test_a_refusal_stands_in_the_frame_of_its_page(visitor: FlaskClient, path: str, body: str) -> None:
    """Whoever works at the till does not land on a phone's page."""
    assert f'<body class="{body} ' in visitor.get(path).text


@pytest.mark.parametrize(("path", "accept"), [("/api/v1/short", "*/*"), ("/short", "application/json")])
def test_programs_get_a_problem_in_both_languages(visitor: FlaskClient, path: str, accept: str) -> None:
    """RFC 9457 under /api/ and for scripts that ask for JSON, with the facts as numbers."""
    answer = visitor.get(path, headers={"Accept": accept})
    assert answer.mimetype == "application/problem+json"
    body = json.loads(answer.data)
    assert body["type"] == "https://meguri.test/problems#test_short"
    assert (body["status"], body["code"], body["number"], body["retry_helps"]) == (409, "test_short", "E-9901", False)
    assert body["facts"] == {"shortage": 1320}
    assert "1,320円" in body["texts"]["ja"] and body["title"] and body["title_en"]
    assert set(body["texts"]) == {"ja", "en"}


def test_the_type_of_a_problem_leads_somewhere(visitor: FlaskClient) -> None:
    """The address in `type` names a row of a page that lists every refusal."""
    page = visitor.get("/problems").text
    assert 'id="test_short"' in page and "E-9901" in page


def test_a_stranger_is_led_to_the_door_and_back(visitor: FlaskClient) -> None:
    """Who is not signed in goes to sign in and returns; a tablet goes to pairing; a program is told."""
    assert visitor.get("/stranger").headers["Location"] == "/sign-in?next=/stranger"
    assert visitor.get("/till/stranger").headers["Location"] == "/till/pair"
    assert visitor.get("/stranger", headers={"Accept": "application/json"}).status_code == 401


def test_too_many_tries_say_when_to_come_back(visitor: FlaskClient) -> None:
    """429 carries Retry-After in seconds."""
    answer = visitor.get("/later")
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "90")


def test_without_its_database_the_page_says_so_and_shows_no_fault(visitor: FlaskClient) -> None:
    """The book does not answer: a clear sentence, 503, when to try again, and no trace of the inside."""
    answer = visitor.get("/book")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert "いま帳簿につながりません" in answer.text and "E-1107" in answer.text
    assert "psycopg" not in answer.text and "Traceback" not in answer.text
    assert json.loads(visitor.get("/book", headers={"Accept": "application/json"}).data)["code"] == "book_away"


def test_a_fault_is_a_plain_page_with_a_number_to_report(visitor: FlaskClient, capsys: pytest.CaptureFixture[str]) -> None:
    """What nobody foresaw is logged with its place; the page carries the id of the request and nothing of the inside."""
    answer = visitor.get("/broken")
    assert answer.status_code == 500
    assert answer.headers["X-Request-Id"] in answer.text
    assert "花子" not in answer.text and "ZeroDivisionError" not in answer.text
    lines = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    fault = next(line for line in lines if line["event"] == "fault")
    assert fault["request_id"] == answer.headers["X-Request-Id"]
    assert fault["exception"][0]["kind"] == "ZeroDivisionError"
    assert json.loads(visitor.get("/api/v1/broken").data)["code"] == "fault"


@pytest.mark.parametrize(("method", "path", "status"), [("GET", "/nowhere", 404), ("DELETE", "/form", 405), ("GET", "/api/v1/none", 404)])
def test_wrong_addresses_and_methods_are_refusals_too(visitor: FlaskClient, method: str, path: str, status: int) -> None:
    """Werkzeug's own English never reaches a page."""
    answer = visitor.open(path, method=method)
    assert answer.status_code == status
    assert "E-110" in answer.text
    if status == 405:
        assert "GET" in answer.headers["Allow"]


def test_a_body_that_is_too_large_is_refused_in_our_words(visitor: FlaskClient) -> None:
    """Four megabytes are enough for everything that a page sends."""
    answer = visitor.post("/form", data={"word": "x" * 5_000_000})
    assert answer.status_code == 413
    assert "E-1105" in answer.text
