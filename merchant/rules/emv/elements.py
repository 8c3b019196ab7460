"""`ID(2) Length(2) Value`, one after the other: how both levels of an EMV-M text are written (rule 11)."""

from __future__ import annotations

from dataclasses import dataclass

HEADER = 4
VALUE_MAX = 99


class EmvError(ValueError):
    """The text is no EMV-M code. `reason`: the first of rule 16 that applies; it never changes its name."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Element:
    """One object. `children`: what its value holds, if its tag is a template's."""

    tag: str
    value: str
    children: tuple[Element, ...] | None = None


def is_digits(text: str) -> bool:
    """ASCII digits only: `str.isdigit` also takes full-width ones."""
    return text.isascii() and text.isdigit()


def is_template(tag: str) -> bool:
    """Account templates of others, additional data, language, unreserved (rule 12)."""
    return "26" <= tag <= "51" or tag in ("62", "64") or "80" <= tag <= "99"


def begins_with_identifier(tag: str) -> bool:
    """Templates that anybody may define say first, in subtag 00, whose they are."""
    return "26" <= tag <= "51" or "80" <= tag <= "99"


def split(text: str) -> list[Element]:
    """The elements from left to right; lengths count characters. Raises EmvError: truncated, bad_tag, bad_length."""
    elements = []
    place = 0
    while place < len(text):
        tag, length = text[place : place + 2], text[place + 2 : place + HEADER]
        if len(text) - place < HEADER:
            raise EmvError("truncated")
        if not is_digits(tag):
            raise EmvError("bad_tag")
        if not is_digits(length) or length == "00":
            raise EmvError("bad_length")
        start, place = place + HEADER, place + HEADER + int(length)
        if place > len(text):
            raise EmvError("truncated")
        elements.append(Element(tag, text[start:place]))
    return elements


def join(elements: list[Element]) -> str:
    """The text of elements whose values are 1 to 99 characters long."""
    return "".join(f"{element.tag}{len(element.value):02d}{element.value}" for element in elements)


def has_duplicates(elements: list[Element]) -> bool:
    """Whether a tag stands twice."""
    return len({element.tag for element in elements}) < len(elements)
