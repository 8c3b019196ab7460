"""Checkpoints: what the sealer signs. The text forms are C2SP's: tlog-checkpoint in a signed-note, Ed25519.

A log is named by its origin, which is also the name of its keys. When the key changes, the old one signs an endorsement
of the new one; whoever has pinned any earlier key is led to the present one by that chain, and by nothing else.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

ED25519 = b"\x01"
DASH = "\u2014"
"""What a line with a signature begins with."""


@dataclass(frozen=True, slots=True)
class NoteWrong(Exception):
    """This is no note, checkpoint or key of the form that we read. `reason`: why, for whoever looks into it."""

    reason: str


@dataclass(frozen=True, slots=True)
class PublicKey:
    """A key that checks signatures. Written as `name+id+key`, the form in which it is pinned and printed."""

    name: str
    raw: bytes

    @property
    def id(self) -> bytes:
        """Four bytes that say which key made a signature."""
        return hashlib.sha256(self.name.encode() + b"\n" + ED25519 + self.raw).digest()[:4]

    def __str__(self) -> str:
        return f"{self.name}+{self.id.hex()}+{base64.b64encode(ED25519 + self.raw).decode()}"

    @classmethod
    def read(cls, text: str) -> PublicKey:
        """Raises NoteWrong."""
        name, mark, rest = text.partition("+")
        key_id, second, encoded = rest.partition("+")
        raw = _unbase64(encoded)
        if not (name and mark and second and len(raw) == 33 and raw[:1] == ED25519):
            raise NoteWrong("key_malformed")
        key = cls(name, raw[1:])
        if key.id.hex() != key_id:
            raise NoteWrong("key_id_wrong")
        return key

    def has_signed(self, note: str) -> bool:
        """Whether one of the signatures below `note` is good and is this key's. Raises NoteWrong for what is no note."""
        text, signatures = _split(note)
        for name, value in signatures:
            if name == self.name and value[:4] == self.id:
                try:
                    Ed25519PublicKey.from_public_bytes(self.raw).verify(value[4:], text.encode())
                except InvalidSignature:
                    continue
                return True
        return False


@dataclass(frozen=True, slots=True)
class Signer:
    """The private half: 32 bytes that only the sealer has."""

    name: str
    seed: bytes

    @property
    def public(self) -> PublicKey:
        return PublicKey(self.name, Ed25519PrivateKey.from_private_bytes(self.seed).public_key().public_bytes_raw())

    def line(self, text: str) -> str:
        """The line with this key's signature, to be put below `text`."""
        signature = Ed25519PrivateKey.from_private_bytes(self.seed).sign(text.encode())
        return f"{DASH} {self.name} {base64.b64encode(self.public.id + signature).decode()}\n"


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The log at one moment: its name, how many leaves, and the root over them."""

    origin: str
    size: int
    root: bytes

    @property
    def text(self) -> str:
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode()}\n"

    @classmethod
    def read(cls, note: str) -> Checkpoint:
        """What a signed note says; its signatures are not checked here. Raises NoteWrong."""
        lines = _split(note)[0].split("\n")
        root = _unbase64(lines[2]) if len(lines) >= 4 else b""
        size = lines[1] if len(lines) > 1 else ""
        if len(root) != 32 or not (size.isascii() and size.isdigit()) or str(int(size)) != size or not lines[0]:
            raise NoteWrong("checkpoint_malformed")
        return cls(lines[0], int(size), root)


def sign(text: str, signers: Iterable[Signer]) -> str:
    """A signed note: the text, an empty line, and a line for each signer."""
    assert text.endswith("\n"), text
    return f"{text}\n{''.join(signer.line(text) for signer in signers)}"


def endorse(old: Signer, new: PublicKey) -> str:
    """The old key's word that `new` speaks for the same log from now on. It cannot be taken for a checkpoint: line 2 is no number."""
    assert old.name == new.name, (old.name, new.name)
    return sign(f"{old.name}\nnext key\n{new}\n", [old])


def trusted_keys(pinned: PublicKey, endorsements: Sequence[str]) -> list[PublicKey]:
    """The pinned key and all to which endorsements lead from it, oldest first; the rest of them counts for nothing.

    `endorsements`: in the order in which the keys began.
    """
    trusted = [pinned]
    for note in endorsements:
        key = _endorsed(note, trusted)
        if key is not None:
            trusted.append(key)
    return trusted


def _endorsed(note: str, trusted: Sequence[PublicKey]) -> PublicKey | None:
    try:
        lines = _split(note)[0].split("\n")
        if len(lines) == 4 and lines[:2] == [trusted[0].name, "next key"] and any(key.has_signed(note) for key in trusted):
            return PublicKey.read(lines[2])
    except NoteWrong:
        pass
    return None


def body(note: str) -> str:
    """The text that is signed: without the empty line and the signatures. Raises NoteWrong."""
    return _split(note)[0]


def _split(note: str) -> tuple[str, list[tuple[str, bytes]]]:
    """The text that was signed, and (name, id and signature) of each line below it."""
    text, gap, below = note.rpartition("\n\n")
    if not gap or not below.endswith("\n"):
        raise NoteWrong("note_malformed")
    signatures = []
    for line in below[:-1].split("\n"):
        dash, _, rest = line.partition(" ")
        name, _, encoded = rest.partition(" ")
        value = _unbase64(encoded)
        if dash != DASH or not name or len(value) < 5:
            raise NoteWrong("signature_malformed")
        signatures.append((name, value))
    return text + "\n", signatures


def _unbase64(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return b""
