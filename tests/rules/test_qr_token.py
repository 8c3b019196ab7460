"""The signed token in a shop's code."""

from __future__ import annotations

import base64

import pytest
from hypothesis import given
from hypothesis.strategies import binary, integers, sampled_from, text

from merchant.rules import qr_token
from merchant.rules.qr_token import BadFormat, BadSignature, Kind, Token, TokenError, UnknownVersion

KEYS = binary(min_size=32, max_size=32)
IDS = binary(min_size=16, max_size=16)
KINDS = sampled_from(["static", "dynamic"])
KEY, OTHER_KEY = b"k" * 32, b"o" * 32


@given(KEYS, KINDS, IDS)
def test_what_we_print_we_can_read(key: bytes, kind: Kind, code_id: bytes) -> None:
    """A shop's sticker leads to that shop, and a till's code to that bill."""
    token = qr_token.make(key, kind, code_id)
    assert len(token) == 35
    assert qr_token.read(token, [key]) == Token(kind, code_id)


@given(KEYS, KINDS, IDS, integers(0, 26 * 8 - 1))
def test_no_flipped_bit_is_ever_taken(key: bytes, kind: Kind, code_id: bytes, bit: int) -> None:
    """A scratched or forged sticker is refused before anything is looked up."""
    content = bytearray(base64.urlsafe_b64decode(qr_token.make(key, kind, code_id) + "="))
    content[bit // 8] ^= 1 << bit % 8
    with pytest.raises(BadSignature):
        qr_token.read(base64.urlsafe_b64encode(content).decode().rstrip("="), [key])


@given(KINDS, IDS)
def test_stickers_outlive_a_change_of_the_key(kind: Kind, code_id: bytes) -> None:
    """After the key has been changed, yesterday's stickers still work; those of an older key do not."""
    token = qr_token.make(OTHER_KEY, kind, code_id)
    assert qr_token.read(token, [KEY, OTHER_KEY]).id == code_id
    with pytest.raises(BadSignature):
        qr_token.read(token, [KEY])


@given(text(max_size=40))
def test_any_text_gets_a_reason(scanned: str) -> None:
    """A customer may scan a bottle of tea; the answer is a sentence, never a fault."""
    with pytest.raises(TokenError):
        qr_token.read(scanned, [KEY])


@pytest.mark.parametrize("token", ["", "A" * 34, "A" * 36, "A" * 34 + "=", "A" * 34 + "B", "A" * 34 + "+", "Ａ" * 35, " " + "A" * 34])
def test_there_is_one_way_to_write_a_token(token: str) -> None:
    """Other alphabets, lengths and spare bits are no format of ours."""
    with pytest.raises(BadFormat):
        qr_token.read(token, [KEY])


def test_a_good_signature_on_a_form_of_the_future_is_told_apart_from_forgery() -> None:
    """The fraud log does not cry wolf when an old program meets a new code."""
    body = bytes([2, 1]) + bytes(16)
    future = qr_token._written(body + qr_token._tag(KEY, body))
    with pytest.raises(UnknownVersion):
        qr_token.read(future, [KEY])
    with pytest.raises(BadSignature):
        qr_token.read(future, [OTHER_KEY])


def test_a_check_word_is_six_letters_that_staff_can_compare() -> None:
    """Two stickers with the same word are the same sticker, for any practical purpose."""
    assert qr_token.check_word("AQEAAAAAAAAAAAAAAAAAAAAAoT7GH5gKMAI") == "D4NISO"
    words = {qr_token.check_word(qr_token.make(KEY, "static", bytes([n]) * 16)) for n in range(256)}
    assert len(words) == 256
    assert all(len(word) == 6 and set(word) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567") for word in words)


def test_an_id_of_another_length_is_the_callers_fault() -> None:
    """We never print a code that we could not read."""
    with pytest.raises(ValueError, match="16 bytes"):
        qr_token.make(KEY, "static", b"short")
