"""One search box: packages say once what they can find, the page asks each of them.

    pages.record_once(lambda state: finders.add(state.app, Finder(10, find_card)))

A finder opens doors downstairs and answers in words of the reader's language, ready to be read out over the telephone.
It gives nothing for a question that is not its kind, and for a reader who may not know.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

from flask import Flask, current_app

from base.ids import HYPHENS

LONGEST = 100
_SEPARATORS = re.compile(rf"[\s{HYPHENS}_/.,、。・:]+")
_YEN = re.compile(r"^[¥￥\\]?([0-9]{1,9})円?$")
_BETWEEN = re.compile(r"^([0-9]{1,9})?(?:~|〜|から|以上)([0-9]{1,9})?(?:まで|以下)?$|^([0-9]{1,9})(?:まで|以下)$")


@dataclass(frozen=True, slots=True)
class Question:
    """What somebody typed. `text`: half width, one blank between words. `digits`: where it is nothing but a number.

    `between`: yen, both included, None where that side is open; the same twice where one amount was typed.
    """

    text: str
    digits: str | None
    between: tuple[int | None, int | None] | None

    @property
    def is_grouped(self) -> bool:
        """Whether the number was typed in groups, as a payment number stands on every screen."""
        return self.digits is not None and "-" in self.text


@dataclass(frozen=True, slots=True)
class Found:
    """One answer. `state`: kind of chip and word. `facts`: word and value, in the order in which they are read out.

    `todo`: what to do next, a sentence. `links`: word and address.
    """

    title: str
    state: tuple[str, str]
    facts: tuple[tuple[str, str], ...]
    todo: str
    links: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Finder:
    """`order`: who answers first. `find`: asked inside a request."""

    order: int
    find: Callable[[Question], list[Found]]


def add(app: Flask, finder: Finder) -> None:
    """Let the box find one more kind of thing; once, while the application is made."""
    known: list[Finder] = app.extensions.setdefault("meguri.finders", [])
    known.append(finder)
    known.sort(key=lambda each: each.order)


def question(typed: str) -> Question:
    """Full width, blanks, hyphens and separators make no difference to a number; ￥ and 円 make it an amount."""
    text = " ".join(unicodedata.normalize("NFKC", typed[:LONGEST]).split())
    text = re.sub(rf"(?<=[0-9])[{HYPHENS}](?=[0-9])", "-", text)
    plain = _SEPARATORS.sub("", text)
    digits = plain if re.fullmatch(r"[0-9]+", plain) else None
    return Question(text, digits, _between(plain))


def _between(plain: str) -> tuple[int | None, int | None] | None:
    """1200円, 1000~2000, 1000円から, 2000円まで."""
    if money := _YEN.match(plain):
        return int(money[1]), int(money[1])
    span = _BETWEEN.match(re.sub(r"[¥￥\\円]", "", plain))
    if span is None:
        return None
    least, most = (None if each is None else int(each) for each in (span[1], span[2] or span[3]))
    if least is not None and most is not None:
        return min(least, most), max(least, most)
    return None if least is None and most is None else (least, most)


def ask(asked: Question) -> list[Found]:
    """What all finders together know."""
    known: list[Finder] = current_app.extensions.get("meguri.finders", [])
    return [found for finder in known for found in finder.find(asked)] if asked.text else []
