"""Receipts and reports of a till as lines of text, for printers that are told letters and not pictures."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

Line = tuple[str, str, str]
"""Left, right, and how: "" plain, "large", "centred" or "rule"."""

RULE: Line = ("", "", "rule")


def receipt_lines(said: Mapping[str, Any]) -> Iterator[Line]:
    """Of what `till_receipt` gives."""
    yield from _head(said)
    yield RULE
    for row in [*said["lines"], *said["discounts"]]:
        yield from _row(*row)
    yield RULE
    yield said["total"][0], "", ""
    yield "", said["total"][1], "large"
    for word, gross, tax in said["rates"]:
        yield word, gross, ""
        if tax:
            yield "", tax, ""  # in a row of its own: in front of the sum it reads as if the sum were tax
    yield RULE
    for row in said["paid"]:
        yield from _row(*row)
    for word, amount in said["change"]:
        yield word, amount, ""
    yield RULE
    for word, fact in said["facts"]:
        yield word, fact, ""
    for note in said["notes"]:
        yield note, "", ""
    if said["stamp"]:
        yield f"［{said['stamp']}］", "", "centred"


def report_lines(said: Mapping[str, Any]) -> Iterator[Line]:
    """Of what `day_report` gives."""
    yield said["title"], "", "large"
    yield said["when"], "", ""
    yield RULE
    for word, fact in said["head"]:
        yield word, fact, ""
    for title, rows in said["parts"]:
        if rows:
            yield RULE
            yield f"■{title}", "", ""
            for row in rows:
                yield from _row(*row)
    if said["anchor"]:
        yield RULE
        for each in said["anchor"]:
            yield each, "", ""


def _head(said: Mapping[str, Any]) -> Iterator[Line]:
    yield said["name"], "", "centred"
    for each in said["shop"]:
        yield each, "", "centred"
    yield RULE
    for mark in said["marks"]:
        yield f"【{mark}】", "", "centred"
    yield said["title"], said["when"], ""
    if said["kind"]:
        yield said["kind"], "", ""
    yield from _addressed(said)


def _row(name: str, detail: str, amount: str) -> Iterator[Line]:
    """The detail in front of the amount, below its name."""
    if detail:
        yield name, "", ""
        yield f"  {detail}", amount, ""
    else:
        yield name, amount, ""


def _addressed(said: Mapping[str, Any]) -> Iterator[Line]:
    if said["addressed"]:
        to, purpose, received, but = said["addressed"]
        yield to, "", ""
        yield f"{but} {purpose}", "", ""
        yield received, "", ""
