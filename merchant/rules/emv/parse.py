"""Reading an EMV-M text: the reasons to say no, in the order of rule 16."""

from __future__ import annotations

import unicodedata

from merchant.rules.emv.crc import crc
from merchant.rules.emv.elements import Element, EmvError, begins_with_identifier, has_duplicates, is_template, split
from merchant.rules.emv.values import YEN, root_values_hold

CRC_TAG = "63"
CRC_CHARACTERS = 4
MANDATORY = ("52", "53", "58", "59", "60")


def parse(payload: str) -> list[Element]:
    """The elements of an EMV-M text in the order read, tag 63 included; templates carry their children.

    Lengths count Unicode code points in NFC, the CRC runs over the UTF-8 bytes as they came (rule 15).
    Raises EmvError; its `reason` is the first that applies: empty, truncated, bad_tag, bad_length,
    pfi_not_first, duplicate_tag, crc_missing, crc_not_last, bad_crc, missing_mandatory, bad_value, bad_template.
    """
    if not payload:
        raise EmvError("empty")
    elements = split(unicodedata.normalize("NFC", payload))
    _must_be_framed(elements, payload)
    values = {element.tag: element.value for element in elements}
    if any(tag not in values for tag in MANDATORY) or not any("02" <= tag <= "51" for tag in values):
        raise EmvError("missing_mandatory")
    if not root_values_hold(values):
        raise EmvError("bad_value")
    return [_opened(element) if is_template(element.tag) else element for element in elements]


def must_be_payable(elements: list[Element]) -> None:
    """Yen in Japan: anything else is read, but not paid (rule 17). Raises EmvError: unsupported_currency, unsupported_country."""
    values = {element.tag: element.value for element in elements}
    if values["53"] != YEN:
        raise EmvError("unsupported_currency")
    if values["58"] != "JP":
        raise EmvError("unsupported_country")


def _must_be_framed(elements: list[Element], payload: str) -> None:
    """Tag 00 first, no tag twice, tag 63 last and right."""
    if elements[0].tag != "00":
        raise EmvError("pfi_not_first")
    if has_duplicates(elements):
        raise EmvError("duplicate_tag")
    if all(element.tag != CRC_TAG for element in elements):
        raise EmvError("crc_missing")
    if elements[-1].tag != CRC_TAG:
        raise EmvError("crc_not_last")
    if elements[-1].value != crc(payload[:-CRC_CHARACTERS]):
        raise EmvError("bad_crc")


def _opened(template: Element) -> Element:
    """The template with its children. Raises EmvError: bad_template."""
    try:
        children = split(template.value)
    except EmvError as error:
        raise EmvError("bad_template") from error
    tags = [child.tag for child in children]
    whole = not has_duplicates(children)
    if begins_with_identifier(template.tag):
        whole = whole and tags[0] == "00"
    if template.tag == "64":
        whole = whole and "00" in tags and "01" in tags
    if not whole:
        raise EmvError("bad_template")
    return Element(template.tag, template.value, tuple(children))
