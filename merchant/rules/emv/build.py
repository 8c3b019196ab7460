"""Writing an EMV-M text."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from merchant.rules.emv.crc import crc
from merchant.rules.emv.elements import VALUE_MAX, Element, EmvError, is_digits, is_template, join
from merchant.rules.emv.parse import CRC_CHARACTERS, CRC_TAG, parse
from merchant.rules.emv.values import YEN, subtag_rules

Value = str | Sequence[tuple[str, str]]
"""Text, or the subtags of a template."""

DOMAIN = "jp.meguri.pay"
"""Our identifier in tag 26 where a district has none of its own (rule 17)."""


@dataclass(frozen=True, slots=True)
class Shop:
    """What an EMV text says about a shop. `name`, `city`: Latin letters; `name_ja`, `city_ja`: as written here."""

    district_code: str
    shop_code: str
    name: str
    city: str
    category: str = "0000"  # ISO 18245; 0000 where nobody knows it
    postcode: str | None = None  # seven digits
    name_ja: str | None = None
    city_ja: str | None = None


def build(fields: Sequence[tuple[str, Value]]) -> str:
    """The text of `fields` in the order given, tag 63 added. What this gives, `parse` reads.

    Raises EmvError: what `parse` would say of it, bad_length for a value that is empty or longer than 99
    characters, or bad_value for a subtag that rule 13 does not allow.
    """
    text = join([Element(tag, _value(tag, value)) for tag, value in fields])
    text += f"{CRC_TAG}{CRC_CHARACTERS:02d}"
    payload = text + crc(text)
    parse(payload)
    return payload


def shop_fields(shop: Shop, *, amount: int | None = None, bill: str | None = None, till: str | None = None) -> list[tuple[str, Value]]:
    """The fields of a shop's code in our order (rule 17): static without an `amount` in yen, dynamic with one."""
    additional = [(tag, value) for tag, value in (("01", bill), ("07", till)) if value is not None]
    fields: list[tuple[str, Value | None]] = [
        ("00", "01"),
        ("01", "11" if amount is None else "12"),
        ("26", [("00", DOMAIN), ("01", shop.district_code), ("02", shop.shop_code)]),
        ("52", shop.category),
        ("53", YEN),
        ("54", None if amount is None else str(amount)),
        ("58", "JP"),
        ("59", shop.name),
        ("60", shop.city),
        ("61", shop.postcode),
        ("62", additional or None),
        ("64", _language(shop)),
    ]
    return [(tag, value) for tag, value in fields if value is not None]


def _language(shop: Shop) -> list[tuple[str, str]] | None:
    if shop.name_ja is None:
        return None
    city = [("02", shop.city_ja)] if shop.city_ja is not None else []
    return [("00", "ja"), ("01", shop.name_ja), *city]


def _value(tag: str, value: Value) -> str:
    if isinstance(value, str):
        return _counted(tag, value)
    if not is_template(tag):
        raise EmvError("bad_template")
    rules = subtag_rules(tag)
    children = [Element(subtag, _counted(subtag, text)) for subtag, text in value]
    if not all(rules[child.tag](child.value) for child in children if child.tag in rules):
        raise EmvError("bad_value")
    return _counted(tag, join(children))


def _counted(tag: str, text: str) -> str:
    """The value in NFC, the form whose characters are counted."""
    if len(tag) != 2 or not is_digits(tag):
        raise EmvError("bad_tag")
    value = unicodedata.normalize("NFC", text)
    if not 1 <= len(value) <= VALUE_MAX:
        raise EmvError("bad_length")
    return value
