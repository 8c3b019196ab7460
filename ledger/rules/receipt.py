"""The proof that goes with a receipt: one file that anybody can check, without the product's database and without the operator."""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ledger.rules.encoding import EncodingWrong, Sealable, decode
from ledger.rules.notes import Checkpoint, NoteWrong, PublicKey, trusted_keys
from ledger.rules.tree import is_included, leaf_hash

FORMAT = "meguri receipt proof 1"


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


def read(text: str) -> Receipt:
    """Raises ReceiptWrong('malformed')."""
    try:
        found: dict[str, Any] = json.loads(text)
        known = found["format"] == FORMAT and type(found["place"]) is int and all(isinstance(each, str) for each in found["endorsements"])
        if not (known and isinstance(found["checkpoint"], str)):
            raise ReceiptWrong("malformed")
        proof = tuple(base64.b64decode(each, validate=True) for each in found["proof"])
        encoded = base64.b64decode(found["transaction"], validate=True)
    except (ValueError, TypeError, KeyError) as error:
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
