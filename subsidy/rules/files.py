"""What a file is, by its content and never by its name: PDF, JPEG or PNG, whole and open to read.

Only the ends and the marks of a file are looked at; nothing is unpacked here.
"""

from __future__ import annotations

import re

FILE_MAX_BYTES = 10 * 1024 * 1024
PDF, JPEG, PNG = "application/pdf", "image/jpeg", "image/png"
SUFFIX = {PDF: "pdf", JPEG: "jpg", PNG: "png"}
ENCRYPTED = re.compile(rb"/Encrypt\s*(?:\d+\s+\d+\s+R|<<)")
PAGE = re.compile(rb"/Type\s*/Pages?\b|/ObjStm\b")


class FileBad(ValueError):
    """`reason`: empty, large, kind, encrypted or broken."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def media_of(content: bytes) -> str:
    """The media type. Raises FileBad."""
    if not content:
        raise FileBad("empty")
    if len(content) > FILE_MAX_BYTES:
        raise FileBad("large")
    if b"%PDF-" in content[:1024]:
        return _pdf(content)
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return _ended(content, b"IEND\xaeB`\x82", PNG)
    if content.startswith(b"\xff\xd8\xff"):
        return _ended(content, b"\xff\xd9", JPEG)
    raise FileBad("kind")


def _pdf(content: bytes) -> str:
    """A PDF names its encryption in a trailer or a cross-reference stream, which are never compressed themselves (ISO 32000-1 7.5)."""
    if ENCRYPTED.search(content):
        raise FileBad("encrypted")
    if b"%%EOF" not in content[-2048:] or b"startxref" not in content or not PAGE.search(content):
        raise FileBad("broken")
    return PDF


def _ended(content: bytes, mark: bytes, media: str) -> str:
    """A picture that was cut off on the way has no end; phones write a little behind it."""
    if mark not in content[-65_536:]:
        raise FileBad("broken")
    return media
