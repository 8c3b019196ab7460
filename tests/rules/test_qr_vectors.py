"""The cases of tests/vectors/qr, put as `meguri rules` puts them: a question in, an answer out."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from merchant.rules import RULES

VECTORS = Path(__file__).parents[1] / "vectors" / "qr"
ANSWER_KEYS = {
    "crc": {"crc"},
    "build": {"payload"},
    "parse": {"expect"},
    "token": {"expect", "kind", "id_hex"},
    "cpm": {"raw_hex", "payload"},
}
REMARKS = {"title", "why", "note", "certainty"}


def cases() -> list[Any]:
    return [
        pytest.param(name, case, id=case["id"])
        for name in ANSWER_KEYS
        for case in json.loads((VECTORS / f"{name}.json").read_text(encoding="utf-8"))
    ]


@pytest.mark.parametrize(("name", "case"), cases())
def test_a_case_computed_apart_from_us_is_answered_alike(name: str, case: dict[str, Any]) -> None:
    """What a card company, the bank or another program works out by the rules, we work out too."""
    question = {key: value for key, value in case.items() if key not in ANSWER_KEYS[name] | REMARKS}
    answer = {key: value for key, value in case.items() if key in ANSWER_KEYS[name]}
    assert RULES[f"qr.{name}"](question) == (answer["expect"] if name == "parse" else answer)


@pytest.mark.parametrize(
    ("name", "question"),
    [
        ("crc", {}),
        ("crc", {"input": 5}),
        ("build", {"fields": None}),
        ("build", {"fields": [["00"]]}),
        ("build", {"fields": [["00", "01"]]}),
        ("build", {"fields": [["52", [["00", "5812"]]]]}),
        ("parse", {"payload": None}),
        ("token", {"key_hex": "zz", "token": ""}),
        ("token", {"key_hex": "00"}),
        ("cpm", {"aid_hex": "A0", "objects": [["5F", "00"]]}),
        ("cpm", {"aid_hex": "A0", "objects": [["50", "00" * 128]]}),
        ("cpm", {"aid_hex": "A0", "objects": "50"}),
    ],
)
def test_a_question_that_makes_no_sense_is_said_to_be_wrong(name: str, question: dict[str, Any]) -> None:
    """The terminal answers bad_question; nothing else ever comes out of a rule."""
    with pytest.raises((KeyError, ValueError)):
        RULES[f"qr.{name}"](question)
