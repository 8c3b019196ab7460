"""Co-signatures: a witness's own word under a checkpoint that it verified. The form is C2SP's tlog-cosignature, Ed25519."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from ledger.rules.notes import DASH, body

ED25519_COSIGNATURE = b"\x04"


@dataclass(frozen=True, slots=True)
class Cosigner:
    """A witness's key. Written as `name+id+key`, like the log's own, with another type before its 32 bytes."""

    name: str
    raw: bytes

    @property
    def id(self) -> bytes:
        """Four bytes that say which key made a co-signature."""
        return hashlib.sha256(self.name.encode() + b"\n" + ED25519_COSIGNATURE + self.raw).digest()[:4]

    def __str__(self) -> str:
        return f"{self.name}+{self.id.hex()}+{base64.b64encode(ED25519_COSIGNATURE + self.raw).decode()}"

    def has_cosigned(self, note: str, seconds: int, signature: bytes) -> bool:
        """Whether this key has signed the note's text as of `seconds` since 1970. Raises NoteWrong for what is no note."""
        try:
            Ed25519PublicKey.from_public_bytes(self.raw).verify(signature, message(note, seconds))
        except InvalidSignature:
            return False
        return True

    def line(self, seconds: int, signature: bytes) -> str:
        """The line with the co-signature, to be put below the note."""
        return f"{DASH} {self.name} {base64.b64encode(self.id + seconds.to_bytes(8, 'big') + signature).decode()}\n"


def message(note: str, seconds: int) -> bytes:
    """What a witness signs: two lines, and the text of the note without its signatures. Raises NoteWrong."""
    return f"cosignature/v1\ntime {seconds}\n{body(note)}".encode()
