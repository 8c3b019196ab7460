"""Forms: what is typed becomes a command value, or comes back with a sentence beside the field."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from marshmallow import Schema, ValidationError

from tests.web.conftest import Heard
from web.fields import Yen


class Price(Schema):
    amount = Yen(required=True)


def token(page: str) -> str:
    found = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert found
    return found[1]


def key(page: str) -> str:
    found = re.search(r'name="key" value="([^"]+)"', page)
    assert found
    return found[1]


@pytest.mark.parametrize(
    ("typed", "amount"),
    [("1280", 1280), ("１，２８０", 1280), ("1,280円", 1280), (" 500 ", 500), (0, 0), (1280, 1280), ("0500", 500)],
)
def test_yen_are_read_as_people_type_them(frame: Flask, typed: object, amount: int) -> None:
    """Full-width digits, separators and 円 are what people type; all of them are the same amount."""
    with frame.test_request_context():
        assert Price().load({"amount": typed}) == {"amount": amount}


@pytest.mark.parametrize("typed", [500.9, True, 1e3, "500.9", "-5", "1,28", "12a", "9" * 17, None, "", [], {}])
def test_what_is_no_whole_yen_is_an_error_and_never_rounded(frame: Flask, typed: object) -> None:
    """500.9 is not 500, and true is not 1."""
    with frame.test_request_context(), pytest.raises(ValidationError):
        Price().load({"amount": typed})


def test_a_refused_form_comes_back_with_what_was_typed(visitor: FlaskClient, heard: Heard) -> None:
    """Who forgot one field finds the others filled, the sentence beside the empty one, and the same intention."""
    first = visitor.get("/form").text
    again = visitor.post("/form", data={"csrf_token": token(first), "key": key(first), "amount": "abc", "word": "若竹"})
    assert again.status_code == 422
    assert 'value="abc"' in again.text and 'value="若竹"' in again.text
    assert 'id="e-amount"' in again.text and 'aria-invalid="true"' in again.text and 'href="#f-amount"' in again.text
    assert key(again.text) == key(first)
    assert heard.orders == []


def test_a_refusal_that_belongs_to_a_field_stands_beside_it(visitor: FlaskClient) -> None:
    """A wrong word is said where the word was typed, not on a page of its own."""
    first = visitor.get("/form").text
    again = visitor.post("/form", data={"csrf_token": token(first), "key": key(first), "amount": "500", "word": "wrong"})
    assert again.status_code == 409
    assert "合言葉が違います。" in again.text and 'id="e-word"' in again.text


def test_a_field_that_nobody_asked_for_is_an_error(visitor: FlaskClient, heard: Heard) -> None:
    """Nothing unexpected passes the border, and whoever kept an old page open is told so in their language."""
    first = visitor.get("/form").text
    sent = {"csrf_token": token(first), "key": key(first), "amount": "500", "word": "若竹", "price": "1"}
    refused = visitor.post("/form", data=sent)
    assert (refused.status_code, heard.orders) == (422, [])
    assert "この項目はありません。" in refused.text and "Unknown field" not in refused.text


def test_fields_of_the_frame_are_not_the_commands(visitor: FlaskClient, heard: Heard) -> None:
    """The token and the address for an unknown outcome never reach a schema; a list arrives as a list."""
    first = visitor.get("/form").text
    sent = {"csrf_token": token(first), "when_unknown": "/x", "key": key(first), "amount": "500", "word": "若竹", "kinds": ["a", "b"]}
    assert visitor.post("/form", data=sent).text == "paid"
    assert set(heard.orders[0]) == {"key", "amount", "word", "kinds"}
    assert heard.orders[0]["kinds"] == ["a", "b"]


def test_each_showing_of_a_form_is_one_intention(visitor: FlaskClient) -> None:
    """Loading the page twice gives two keys: two intentions may both be paid."""
    assert key(visitor.get("/form").text) != key(visitor.get("/form").text)


def test_a_form_without_its_token_does_nothing(visitor: FlaskClient, heard: Heard) -> None:
    """Another site cannot send our form; the person is told that nothing was done."""
    answer = visitor.post("/form", data={"amount": "500", "word": "若竹"})
    assert answer.status_code == 422
    assert "E-1102" in answer.text and "まだ何も行われていません" in answer.text
    assert heard.orders == []


def test_sentences_speak_the_readers_language(visitor: FlaskClient) -> None:
    """marshmallow's English never reaches a page."""
    first = visitor.get("/form").text
    again = visitor.post("/form", data={"csrf_token": token(first), "key": key(first)}).text
    assert "入力してください。" in again and "金額を入れてください。" in again
    assert "Missing data" not in again
