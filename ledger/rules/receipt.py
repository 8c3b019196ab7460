"""The proof that goes with a receipt: one file that anybody can check, without the product's database and without the operator."""

from __future__ import annotations

import base64
import json
import re
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from ledger.rules.encoding import EncodingWrong, Sealable, decode
from ledger.rules.notes import Checkpoint, NoteWrong, PublicKey, trusted_keys
from ledger.rules.tree import is_included, leaf_hash

FORMAT = "meguri receipt proof 1"
FILE_MAX_BYTES = 1_000_000
"""Of a slip as PDF, which carries the proof as an attached file; a slip has a tenth of it."""
PROOF_MAX_BYTES = 100_000
ATTACHED = re.compile(rb"/EmbeddedFile\b")
"""In the head of each file that is attached to a PDF (ISO 32000-1, 7.11.4)."""
ATTACHED_MAX = 20


class ReceiptWrong(Exception):
    """The proof does not hold. `reason`: the first thing that does not, as docs/reference/sealed-log.md names it."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the file holds. `encoded`: the bytes of the transaction; `place`: its leaf; `note`: the signed checkpoint."""

    encoded: bytes
    place: int
    proof: tuple[bytes, ...]
    note: str
    endorsements: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Proved:
    """What a good proof shows: this transaction stands in the log of `checkpoint`, which `key` has signed."""

    transaction: Sealable
    checkpoint: Checkpoint
    key: PublicKey

    @property
    def amount(self) -> int:
        """Yen that it is about."""
        return amount_of(self.transaction)


def amount_of(transaction: Sealable) -> int:
    """Yen that consumers gave or got; where none is part of it, that moved at all."""
    in_yen = [leg for leg in transaction.legs if leg.unit == 0]
    of_consumers = [leg for leg in in_yen if leg.role == "consumer"]
    given = [leg.amount for leg in of_consumers or in_yen]
    return max(sum(each for each in given if each > 0), -sum(each for each in given if each < 0))


def plain(receipt: Receipt) -> dict[str, Any]:
    """What the file says, before it is JSON."""
    return {
        "format": FORMAT,
        "transaction": base64.b64encode(receipt.encoded).decode(),
        "place": receipt.place,
        "proof": [base64.b64encode(each).decode() for each in receipt.proof],
        "checkpoint": receipt.note,
        "endorsements": list(receipt.endorsements),
    }


def write(receipt: Receipt) -> str:
    """The file, as JSON."""
    return json.dumps(plain(receipt), ensure_ascii=False, indent=1)


def from_file(data: bytes) -> str:
    """The proof that a file is, or that is attached to it if it is a PDF. Raises ReceiptWrong("too_large", "no_proof", "malformed")."""
    if len(data) > FILE_MAX_BYTES:
        raise ReceiptWrong("too_large")
    if not data.startswith(b"%PDF-"):
        return _text(data)
    for found in islice(ATTACHED.finditer(data), ATTACHED_MAX):
        text = _attached(data, found.start())
        if FORMAT in text:
            return text
    raise ReceiptWrong("no_proof")


def _attached(data: bytes, mark: int) -> str:
    """The file in whose head `mark` stands; empty if it cannot be read."""
    stream = data.find(b"stream", mark)
    head = data[data.rfind(b"obj", 0, mark) : stream]
    begin = data.find(b"\n", stream) + 1
    body = data[begin : data.find(b"endstream", begin)]
    try:
        return _text(zlib.decompressobj().decompress(body, PROOF_MAX_BYTES) if b"/FlateDecode" in head else body.rstrip(b"\r\n"))
    except (zlib.error, ReceiptWrong):
        return ""


def _text(data: bytes) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        raise ReceiptWrong("malformed") from error


def read(text: str) -> Receipt:
    """Raises ReceiptWrong("too_large", "malformed")."""
    if len(text) > PROOF_MAX_BYTES:
        raise ReceiptWrong("too_large")
    try:
        found: dict[str, Any] = json.loads(text)
        known = found["format"] == FORMAT and type(found["place"]) is int and all(isinstance(each, str) for each in found["endorsements"])
        if not (known and isinstance(found["checkpoint"], str)):
            raise ReceiptWrong("malformed")
        proof = tuple(base64.b64decode(each, validate=True) for each in found["proof"])
        encoded = base64.b64decode(found["transaction"], validate=True)
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise ReceiptWrong("malformed") from error
    return Receipt(encoded, found["place"], proof, found["checkpoint"], tuple(found["endorsements"]))


def check(receipt: Receipt, pins: Sequence[PublicKey]) -> Proved:
    """What the receipt proves to whoever trusts one of `pins`. Raises ReceiptWrong."""
    try:
        transaction, checkpoint = decode(receipt.encoded), Checkpoint.read(receipt.note)
        keys = [key for pin in pins if pin.name == checkpoint.origin for key in trusted_keys(pin, receipt.endorsements)]
        signed_by = [key for key in keys if key.has_signed(receipt.note)]
    except EncodingWrong as error:
        raise ReceiptWrong("transaction_malformed") from error
    except NoteWrong as error:
        raise ReceiptWrong(error.reason) from error
    if not signed_by:
        raise ReceiptWrong("signature_wrong")
    if not checkpoint.origin.endswith(f"/ledger/{transaction.district_id}"):
        raise ReceiptWrong("other_district")
    if not is_included(leaf_hash(receipt.encoded), receipt.place, checkpoint.size, receipt.proof, checkpoint.root):
        raise ReceiptWrong("not_included")
    return Proved(transaction, checkpoint, signed_by[0])
