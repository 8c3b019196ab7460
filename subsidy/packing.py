"""提出用にまとめる: several files as one ZIP, with a list of their fingerprints that anybody can check without us (`sha256sum -c`).

The same files of the same moment give the same bytes. Nothing is filed by it: filing happens on the programme's own site.
"""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from base.clock import TOKYO

SUMS = "SHA256SUMS.txt"
"""The list's name. A line is the hash in hex, two blanks and the name, as GNU coreutils write and read it."""
MODE = 0o644 << 16
PACKED = (".pdf", ".jpg", ".png", ".xlsx")
"""Ends of names whose files are packed in themselves: to pack them again takes long and gains nothing."""


@dataclass(frozen=True, slots=True)
class Piece:
    """One file of a package. `name`: its path inside, folders by a slash, e.g. 証憑/01.pdf."""

    name: str
    content: bytes

    @property
    def sha256(self) -> str:
        """Its fingerprint in hex."""
        return hashlib.sha256(self.content).hexdigest()


def pack(pieces: Sequence[Piece], *, made_at: datetime) -> bytes:
    """The pieces in their order, then the list. `made_at` (aware) dates every file inside. Raises ValueError where two have one name."""
    names = [piece.name for piece in pieces] + [SUMS]
    if len(set(names)) < len(names):
        raise ValueError("two files of a package have one name")
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for piece in [*pieces, Piece(SUMS, sums(pieces))]:
            entry = zipfile.ZipInfo(piece.name, made_at.astimezone(TOKYO).timetuple()[:6])
            is_packed = piece.name.endswith(PACKED)
            entry.external_attr, entry.compress_type = MODE, zipfile.ZIP_STORED if is_packed else zipfile.ZIP_DEFLATED
            packed.writestr(entry, piece.content)
    return out.getvalue()


def sums(pieces: Sequence[Piece]) -> bytes:
    """The list of fingerprints."""
    return "".join(f"{piece.sha256}  {piece.name}\n" for piece in pieces).encode()


def entry_name(text: str) -> str:
    """Foreign words as a part of a name inside a package: what a file system forbids becomes a low line, and it stays short."""
    plain = "".join("_" if sign in '\\/:*?"<>|' or not sign.isprintable() else sign for sign in text).strip(". ")
    return plain[:40] or "_"
