"""Checkpoints: what the sealer signs. The text forms are C2SP's: tlog-checkpoint in a signed-note, Ed25519.

A log is named by its origin, which is also the name of its keys. When the key changes, the old one signs an endorsement
of the new one; whoever has pinned any earlier key is led to the present one by that chain, and by nothing else.

A log that was returned to an earlier state goes on in a new epoch: a note says from where, and each checkpoint after it which.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

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
    """The log at one moment: its name, how many leaves, and the root over them. `epoch` 1: it was never returned."""

    origin: str
    size: int
    root: bytes
    epoch: int = 1

    @property
    def text(self) -> str:
        extension = f"epoch {self.epoch}\n" if self.epoch > 1 else ""
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode()}\n{extension}"

    @classmethod
    def read(cls, note: str) -> Checkpoint:
        """What a signed note says; its signatures are not checked here. Raises NoteWrong."""
        lines = _split(note)[0].split("\n")
        root = _unbase64(lines[2]) if len(lines) >= 4 else b""
        size = _count(lines[1]) if len(lines) > 1 else None
        if len(root) != 32 or size is None or not lines[0]:
            raise NoteWrong("checkpoint_malformed")
        epoch = 1
        if lines[3].startswith("epoch "):
            said = _count(lines[3].removeprefix("epoch "))
            if said is None or said < 2:
                raise NoteWrong("checkpoint_malformed")
            epoch = said
        return cls(lines[0], size, root, epoch)


NEW_EPOCH = "new epoch"
MOMENT = "%Y-%m-%dT%H:%M:%SZ"


@dataclass(frozen=True, slots=True)
class Epoch:
    """From where a log goes on after a return: the first `size` leaves with this root stand, whatever was signed behind them is gone.

    `largest`: the largest size that is known to have been signed before. `returned_to`: the moment whose state the book was
    given back, to the second. `key`: who signs from now on; it is the word of nobody else if no earlier key endorsed it.
    """

    origin: str
    number: int
    size: int
    root: bytes
    largest: int
    returned_to: datetime
    key: PublicKey

    @property
    def text(self) -> str:
        moment = self.returned_to.astimezone(UTC).strftime(MOMENT)
        root = base64.b64encode(self.root).decode()
        return f"{self.origin}\n{NEW_EPOCH}\n{self.number}\n{self.size}\n{root}\n{self.largest}\n{moment}\n{self.key}\n"

    @property
    def missing(self) -> int:
        """How many transactions can be missing at most."""
        return self.largest - self.size

    @classmethod
    def read(cls, note: str) -> Epoch:
        """What a signed note says; its signatures are not checked here. Raises NoteWrong."""
        lines = _split(note)[0].split("\n")
        if len(lines) != 9 or lines[1] != NEW_EPOCH or not lines[0]:
            raise NoteWrong("epoch_malformed")
        number, size, largest, root = _count(lines[2]), _count(lines[3]), _count(lines[5]), _unbase64(lines[4])
        if number is None or number < 2 or size is None or largest is None or largest < size or len(root) != 32:
            raise NoteWrong("epoch_malformed")
        try:
            moment = datetime.strptime(lines[6], MOMENT).replace(tzinfo=UTC)
        except ValueError as error:
            raise NoteWrong("epoch_malformed") from error
        found = cls(lines[0], number, size, root, largest, moment, PublicKey.read(lines[7]))
        if found.key.name != found.origin or not note.startswith(found.text + "\n"):
            raise NoteWrong("epoch_malformed")
        return found


def _count(text: str) -> int | None:
    """A number as it is written: no sign, no zero in front, and no longer than a number of the log can be."""
    return int(text) if len(text) < 20 and text.isascii() and text.isdigit() and str(int(text)) == text else None


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
        if key is not None and key not in trusted:  # a file may say the same a thousand times
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
    """Empty for what is no base64, and for a second spelling of the same bytes: bits behind the last byte must be 0."""
    try:
        value = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return b""
    return value if base64.b64encode(value).decode() == text else b""
