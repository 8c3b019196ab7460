"""提出用にまとめる: several files as one ZIP, with a list of their fingerprints that anybody can check without us (`sha256sum -c`).

The same files of the same moment give the same bytes. Nothing is filed by it: filing happens on the programme's own site.
"""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from base.clock import TOKYO

SUMS = "SHA256SUMS.txt"
"""The list's name. A line is the hash in hex, two blanks and the name, as GNU coreutils write and read it."""
MODE = 0o644 << 16
PACKED = (".pdf", ".jpg", ".png", ".xlsx")
"""Ends of names whose files are packed in themselves: to pack them again takes long and gains nothing."""
PART_BYTES = 8 * 1024**2
"""Of a package that is handed on while it is written, at most."""


@dataclass(frozen=True, slots=True)
class Piece:
    """One file of a package. `name`: its path inside, folders by a slash. `door`: where it is opened alone, if anywhere."""

    name: str
    content: bytes
    door: str = ""

    @property
    def sha256(self) -> str:
        """Its fingerprint in hex."""
        return hashlib.sha256(self.content).hexdigest()


class _Handed(io.BytesIO):
    """Hands on what is written, part by part: between two files of a ZIP, since of the last one the head is written again."""

    def __init__(self, take: Callable[[bytes], object]) -> None:
        super().__init__()
        self._take, self._gone = take, 0

    def tell(self) -> int:
        return self._gone + super().tell()

    def seek(self, place: int, whence: int = io.SEEK_SET) -> int:
        return self._gone + super().seek(place - self._gone if whence == io.SEEK_SET else place, whence)

    def cut(self, at_least: int) -> None:
        size = super().tell()
        if size >= at_least:
            with self.getbuffer() as written:
                for place in range(0, size, PART_BYTES):
                    self._take(bytes(written[place : min(place + PART_BYTES, size)]))
            self._gone += size
            super().seek(0)
            self.truncate()


def pack(pieces: Iterable[Piece], *, made_at: datetime) -> bytes:
    """The pieces in their order, then the list. `made_at` (aware) dates every file inside. Raises ValueError where two have one name."""
    parts: list[bytes] = []
    pack_into(parts.append, pieces, made_at=made_at)
    return b"".join(parts)


def pack_into(take: Callable[[bytes], object], pieces: Iterable[Piece], *, made_at: datetime) -> None:
    """As `pack`, with no more than a part of it and one file in memory: `take` is given part after part."""
    out, listed = _Handed(take), dict[str, str]()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for piece in pieces:
            if piece.name in listed or piece.name == SUMS:
                raise ValueError("two files of a package have one name")
            listed[piece.name] = piece.sha256
            _add(packed, piece, made_at)
            del piece  # not beside the next one
            out.cut(PART_BYTES)
        _add(packed, Piece(SUMS, "".join(f"{sha256}  {name}\n" for name, sha256 in listed.items()).encode()), made_at)
    out.cut(1)


def _add(packed: zipfile.ZipFile, piece: Piece, made_at: datetime) -> None:
    entry = zipfile.ZipInfo(piece.name, made_at.astimezone(TOKYO).timetuple()[:6])
    entry.external_attr = MODE
    entry.compress_type = zipfile.ZIP_STORED if piece.name.endswith(PACKED) else zipfile.ZIP_DEFLATED
    packed.writestr(entry, piece.content)


def entry_name(text: str) -> str:
    """Foreign words as a part of a name inside a package: what a file system forbids becomes a low line, and it stays short."""
    plain = "".join("_" if sign in '\\/:*?"<>|' or not sign.isprintable() else sign for sign in text).strip(". ")
    return plain[:40] or "_"
