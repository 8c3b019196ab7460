"""`meguri rules NAME`: the vectors' questions (tests/vectors/qr), each answered by the rule that it is about.

A refusal is an answer. KeyError or ValueError means that the question itself is wrong.
"""

from __future__ import annotations

from typing import Any

from merchant.rules import qr_token
from merchant.rules.emv.build import Value, build
from merchant.rules.emv.consumer import consumer_code, raw_consumer_code
from merchant.rules.emv.crc import crc
from merchant.rules.emv.elements import Element, EmvError
from merchant.rules.emv.parse import parse

Question = dict[str, Any]
Answer = dict[str, Any]


def answer_crc(question: Question) -> Answer:
    """`input` → `crc`."""
    return {"crc": crc(_text(question["input"]))}


def answer_build(question: Question) -> Answer:
    """`fields` → `payload`. Fields that make no code are a wrong question."""
    fields: list[tuple[str, Value]] = []
    for tag, value in _pairs(question["fields"]):
        fields.append((_text(tag), _text_pairs(value) if isinstance(value, list) else _text(value)))
    return {"payload": build(fields)}


def answer_parse(question: Question) -> Answer:
    """`payload` → `ok` and `tree`, or the `error` of rule 16."""
    try:
        tree = parse(_text(question["payload"]))
    except EmvError as error:
        return {"ok": False, "error": error.reason}
    return {"ok": True, "tree": [_shown(element) for element in tree]}


def answer_token(question: Question) -> Answer:
    """`key_hex`, `token` → `expect`, and what a good token says."""
    key = bytes.fromhex(_text(question["key_hex"]))
    try:
        token = qr_token.read(_text(question["token"]), [key])
    except qr_token.TokenError as error:
        return {"expect": {"ok": False, "error": error.reason}}
    return {"expect": {"ok": True}, "kind": token.kind, "id_hex": token.id.hex()}


def answer_cpm(question: Question) -> Answer:
    """`aid_hex`, `objects` → `raw_hex` and `payload` of an EMV consumer code."""
    application_id = bytes.fromhex(_text(question["aid_hex"]))
    objects = [(bytes.fromhex(tag), bytes.fromhex(value)) for tag, value in _text_pairs(question["objects"])]
    return {"raw_hex": raw_consumer_code(application_id, objects).hex().upper(), "payload": consumer_code(application_id, objects)}


def _text(value: object) -> str:
    if isinstance(value, str):
        return value
    raise ValueError(f"text expected, not {type(value).__name__}")


def _pairs(value: object) -> list[tuple[object, object]]:
    if not isinstance(value, list) or not all(isinstance(pair, list) and len(pair) == 2 for pair in value):
        raise ValueError("a list of pairs expected")
    return [(pair[0], pair[1]) for pair in value]


def _text_pairs(value: object) -> list[tuple[str, str]]:
    return [(_text(first), _text(second)) for first, second in _pairs(value)]


def _shown(element: Element) -> Answer:
    shown: Answer = {"tag": element.tag, "value": element.value}
    if element.children is not None:
        shown["children"] = [_shown(child) for child in element.children]
    return shown
