"""EMV-C: the text that a phone would show (rule 22). Base64 of BER-TLV; Meguri itself shows an opaque token."""

from __future__ import annotations

import base64
from collections.abc import Sequence

FORMAT_INDICATOR = bytes.fromhex("8505") + b"CPV01"
LENGTH_MAX = 127
"""One byte of length says no more (ISO/IEC 8825-1, 8.1.3.4)."""

APPLICATION_TEMPLATE = bytes.fromhex("61")
APPLICATION_IDENTIFIER = bytes.fromhex("4F")
TWO_BYTE_TAG = 0x1F


def raw_consumer_code(application_id: bytes, objects: Sequence[tuple[bytes, bytes]]) -> bytes:
    """`85 "CPV01"`, then one template `61` with the application's identifier and the objects (tag, value) in order.

    Raises ValueError for a tag that is no BER tag of one or two bytes, or a value too long for one byte of length.
    """
    content = _tlv(APPLICATION_IDENTIFIER, application_id) + b"".join(_tlv(tag, value) for tag, value in objects)
    return FORMAT_INDICATOR + _tlv(APPLICATION_TEMPLATE, content)


def consumer_code(application_id: bytes, objects: Sequence[tuple[bytes, bytes]]) -> str:
    """What stands in the QR code: standard Base64 with padding. It begins with hQVDUFYwM."""
    return base64.b64encode(raw_consumer_code(application_id, objects)).decode()


def _tlv(tag: bytes, value: bytes) -> bytes:
    goes_on = len(tag) > 0 and tag[0] & TWO_BYTE_TAG == TWO_BYTE_TAG
    if len(tag) != (2 if goes_on else 1) or (goes_on and tag[1] & 0x80):
        raise ValueError(f"{tag.hex()} is no tag of one or two bytes")
    if len(value) > LENGTH_MAX:
        raise ValueError(f"a value of {len(value)} bytes does not fit a length of one byte")
    return tag + bytes([len(value)]) + value
