"""Numbers one behind the other in as few bytes as they need: of each seven bits, the smallest first; the eighth says that more follow."""

from __future__ import annotations


class NotWritten(ValueError):
    """These bytes are not what anybody wrote: they end too soon, or a number is too large or has two ways to be written."""


def number(value: int) -> bytes:
    """A number from 0 on."""
    found = bytearray()
    while value > 0x7F:
        found.append(0x80 | value & 0x7F)
        value >>= 7
    return bytes([*found, value])


class Bytes:
    """What is left to be read. Each reading raises NotWritten."""

    def __init__(self, content: bytes) -> None:
        self._content = content
        self._at = 0

    @property
    def is_over(self) -> bool:
        return self._at == len(self._content)

    def take(self, count: int) -> bytes:
        found = self._content[self._at : self._at + count]
        if len(found) < count:
            raise NotWritten
        self._at += count
        return found

    def number(self, most: int, *, least: int = 0) -> int:
        value, shift = 0, 0
        while True:
            byte = self.take(1)[0]
            value |= (byte & 0x7F) << shift
            shift += 7
            if value > most or (byte == 0 and shift > 7):
                raise NotWritten
            if byte < 0x80:
                break
        if value < least:
            raise NotWritten
        return value
