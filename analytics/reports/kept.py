"""Answers of closed months on the disk: made once, by the worker, so that a page reads them and counts nothing.

An answer has passed the guard: all that is in it may be shown. Shops stand in it by their code, and get their names when it is read, so
that it is a function of the columns alone.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from typing import Any

from analytics.reports.answers import Action, Answer, Chart, Head, Series, Words

KINDS = {kind.__name__: kind for kind in (Action, Answer, Chart, Head, Series, Words)}
SHOP = re.compile("\ue000(\\d+)\ue001")
"""Where the name of a shop is to stand; letters that no name has, since they are nobody's."""


def codes(shops: int) -> dict[int, str]:
    """In place of the names of so many shops."""
    return {code: f"\ue000{code}\ue001" for code in range(shops)}


def packed(answer: Answer) -> bytes:
    """As JSON: numbers, texts and lists are themselves, everything else says what it is."""
    return json.dumps(_plain(answer), ensure_ascii=False, separators=(",", ":")).encode()


def unpacked(content: bytes, names: Mapping[int, str]) -> Answer:
    """The same answer again, with the names of shops; without one: a question mark. Raises ValueError, KeyError, TypeError."""
    text = SHOP.sub(lambda found: json.dumps(names.get(int(found[1]), "?"), ensure_ascii=False)[1:-1], content.decode())
    answer = _whole(json.loads(text))
    if not isinstance(answer, Answer):
        raise TypeError("no answer")
    return answer


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return {"date": value.isoformat()}
    if is_dataclass(value):
        return {type(value).__name__: [_plain(getattr(value, field.name)) for field in fields(value)]}
    if isinstance(value, Mapping):
        return {"facts": {name: _plain(fact) for name, fact in value.items()}}
    return [_plain(each) for each in value] if isinstance(value, tuple) else value


def _whole(value: Any) -> Any:
    if isinstance(value, list):
        return tuple(_whole(each) for each in value)
    if not isinstance(value, dict):
        return value
    ((kind, parts),) = value.items()
    if kind == "date":
        return date.fromisoformat(parts)
    if kind == "facts":
        return {name: _whole(fact) for name, fact in parts.items()}
    return KINDS[kind](*(_whole(part) for part in parts))
