"""The signed token in a shop's code (qr.md B.5): 26 bytes, written in 35 characters.

version(1) ‖ kind(1) ‖ id(16) ‖ tag(8). The tag refuses forgeries before the database is asked, and tells a
forgery from a code that has merely ended.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Literal

Kind = Literal["static", "dynamic"]

VERSION = 1
ID_BYTES = 16
TAG_BYTES = 8
TOKEN_CHARACTERS = 35
CHECK_WORD_CHARACTERS = 6

_DOMAIN = b"meguri-qr-v1\x00"
_BYTE_OF_KIND: dict[Kind, int] = {"static": 1, "dynamic": 2}
_KIND_OF_BYTE: dict[int, Kind] = {1: "static", 2: "dynamic"}


class TokenError(Exception):
    """Not a token of ours. `reason` is stable: it stands in the vectors and in the fraud log."""

    reason: ClassVar[str]


class BadFormat(TokenError):
    """Other alphabet, other length, or not the one way to write these bytes."""

    reason = "bad_format"


class BadSignature(TokenError):
    """Our form, but no key of ours made its tag."""

    reason = "bad_signature"


class UnknownVersion(TokenError):
    """Signed by us, in a form that this program does not know."""

    reason = "unknown_version"


@dataclass(frozen=True, slots=True)
class Token:
    """What a good token says: a shop's printed code or a request, and its 16 bytes."""

    kind: Kind
    id: bytes


def make(key: bytes, kind: Kind, code_id: bytes) -> str:
    """The token of `code_id` (16 bytes), signed with the current key. Raises ValueError for any other length."""
    if len(code_id) != ID_BYTES:
        raise ValueError(f"a code's id has {ID_BYTES} bytes, not {len(code_id)}")
    body = bytes([VERSION, _BYTE_OF_KIND[kind]]) + code_id
    return _written(body + _tag(key, body))


def read(token: str, keys: Sequence[bytes]) -> Token:
    """The kind and id of a token signed with one of `keys` (the current one first, then the previous).

    Checks in the order of the rule: form, signature over whatever version it states, version and kind.
    Raises BadFormat, BadSignature, UnknownVersion.
    """
    content = _bytes_of(token)
    body, tag = content[:-TAG_BYTES], content[-TAG_BYTES:]
    if not any(hmac.compare_digest(tag, _tag(key, body)) for key in keys):
        raise BadSignature
    kind = _KIND_OF_BYTE.get(body[1])
    if body[0] != VERSION or kind is None:
        raise UnknownVersion
    return Token(kind, body[2:])


def check_word(token: str) -> str:
    """確認の文字: the first 30 bits of SHA-256 of the token in Base32, printed beside the code (rule 33)."""
    return base64.b32encode(hashlib.sha256(token.encode()).digest())[:CHECK_WORD_CHARACTERS].decode()


def _tag(key: bytes, body: bytes) -> bytes:
    return hmac.new(key, _DOMAIN + body, hashlib.sha256).digest()[:TAG_BYTES]


def _written(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def _bytes_of(token: str) -> bytes:
    """The 26 bytes of a canonical token: written again, they give the same text. Raises BadFormat."""
    if len(token) != TOKEN_CHARACTERS or not token.isascii():
        raise BadFormat
    try:
        content = base64.b64decode(token + "=", altchars=b"-_", validate=True)
    except binascii.Error as error:
        raise BadFormat from error
    if _written(content) != token:
        raise BadFormat
    return content
