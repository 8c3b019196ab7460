"""The proof of a receipt: whoever has the file and one key can check it, and nothing else is needed."""

from __future__ import annotations

import base64
import json
import os
import subprocess
import sys
import zlib
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from ledger import queries
from ledger.rules.encoding import EncodingWrong, Leg, Sealable, decode, encode
from ledger.rules.notes import PublicKey, Signer
from ledger.rules.receipt import FORMAT, ReceiptWrong, check, from_file, read, write
from tests.conftest import ROOT
from tests.ledger.conftest import Book
from tests.ledger.test_sealer import KEYS, seals

int64 = st.integers(-(2**63), 2**63 - 1)
digest = st.binary(min_size=32, max_size=32)
name = st.text("abcdefghijklmnopqrstuvwxyz_", min_size=1, max_size=40)
legs = st.lists(st.builds(Leg, int64, name, int64, int64, int64, int64), max_size=4).map(tuple)
moments = st.datetimes(datetime(1, 1, 2), datetime(9999, 12, 30), timezones=st.just(UTC))  # noqa: DTZ001
some_id = st.none() | st.integers(1, 2**63 - 1)
transactions = st.builds(Sealable, int64, int64, moments, name, digest, digest, some_id, some_id, digest, legs)


@given(transactions)
def test_the_bytes_say_everything_and_in_one_way_only(transaction: Sealable) -> None:
    """What is read from the bytes is what was written; a byte more or less is no transaction."""
    data = encode(transaction)
    assert decode(data) == transaction
    for other in (data[:-1], data + b"\0", b"", b"MGTX\x02" + data[5:]):
        with pytest.raises(EncodingWrong):
            decode(other)


@given(st.binary(max_size=300))
def test_any_other_bytes_are_refused(data: bytes) -> None:
    """Whatever somebody puts into a file, the answer is a reason and never a crash."""
    with pytest.raises(EncodingWrong):
        decode(data)
    with pytest.raises(EncodingWrong):
        decode(b"MGTX\x01" + data)


@pytest.fixture
def receipt(book: Book) -> str:
    """The file for a payment of 500, among twenty others."""
    hanako, bakery = book.consumer(10_000), book.shop()
    for _ in range(10):
        book.pays(hanako, bakery, 1)
    paid = book.pays(hanako, bakery, 500)
    for _ in range(9):
        book.pays(hanako, bakery, 1)
    with Session(book.engine) as session:
        seals(book.engine)
        found = queries.receipt(session, book.district_id, paid.transaction_id)
    assert found is not None
    return write(found)


def key_of(receipt: str) -> PublicKey:
    return Signer(json.loads(receipt)["checkpoint"].split("\n")[0], KEYS.current).public


def test_a_receipt_proves_what_was_paid(receipt: str) -> None:
    """Amount, kind and the log it stands in."""
    proved = check(read(receipt), [key_of(receipt)])
    assert (proved.transaction.kind, sorted(leg.amount for leg in proved.transaction.legs)) == ("payment", [-500, 500])
    assert proved.checkpoint.size >= 21 and proved.key == key_of(receipt)


def cheaper(found: dict[str, Any]) -> None:
    data = base64.b64decode(found["transaction"])
    found["transaction"] = base64.b64encode(data.replace((500).to_bytes(8, "big"), (400).to_bytes(8, "big"))).decode()


FORGERIES: dict[str, tuple[Callable[[dict[str, Any]], object], str]] = {
    "another amount": (cheaper, "not_included"),
    "another place": (lambda found: found.update(place=found["place"] + 1), "not_included"),
    "a shorter way": (lambda found: found["proof"].pop(), "not_included"),
    "another size": (lambda found: found.update(checkpoint=found["checkpoint"].replace("\n2", "\n3", 1)), "signature_wrong"),
    "no signature": (lambda found: found.update(checkpoint=found["checkpoint"].split("\n\n")[0]), "note_malformed"),
    "no transaction": (lambda found: found.update(transaction="AAAA"), "transaction_malformed"),
    "another form": (lambda found: found.update(format="x"), "malformed"),
    "a place that is no number": (lambda found: found.update(place=True), "malformed"),
    "nothing": (lambda found: found.clear(), "malformed"),
}


@pytest.mark.parametrize("forgery", FORGERIES)
def test_a_forged_receipt_says_what_is_wrong(receipt: str, forgery: str) -> None:
    """Each part of the file that could be changed."""
    change, reason = FORGERIES[forgery]
    found = json.loads(receipt)
    change(found)
    with pytest.raises(ReceiptWrong) as refusal:
        check(read(json.dumps(found)), [key_of(receipt)])
    assert refusal.value.reason == reason


def pdf_with(files: list[bytes], *, packed: bool) -> bytes:
    """As much of a PDF as its attached files need."""
    whole = b"%PDF-1.7\n1 0 obj\n<</Names<</EmbeddedFiles 9 0 R>>>>\nendobj\n"
    for number, file in enumerate(files, 2):
        body, how = (zlib.compress(file), b"/Filter/FlateDecode") if packed else (file, b"")
        head = b"<</Length %d/Type/EmbeddedFile%s>>" % (len(body), how)
        whole += b"%d 0 obj\n%s\nstream\n%s\nendstream\nendobj\n" % (number, head, body)
    return whole


@pytest.mark.parametrize("packed", [True, False])
def test_a_slip_carries_its_proof_as_a_file(packed: bool) -> None:
    """It is found among other files, packed or not; a slip without one says so, and so does one that would burst."""
    proof = json.dumps({"format": FORMAT, "é": "—" * 50}).encode()
    assert from_file(proof) == proof.decode()
    assert from_file(pdf_with([b"a picture", b"\xff\xfe", proof], packed=packed)) == proof.decode()
    huge = FORMAT.encode() + b" " * 3_000_000
    for file, reason in (
        (pdf_with([b"a picture"], packed=packed), "no_proof"),
        (pdf_with([b" " * 3_000_000 + huge], packed=True), "no_proof"),
        (b"%PDF-1.7\n" + b"/EmbeddedFile obj stream " * 30_000, "no_proof"),
        (huge, "too_large"),
        (b"\xff\xd8", "malformed"),
    ):
        with pytest.raises(ReceiptWrong) as refusal:
            from_file(file)
        assert refusal.value.reason == reason


@given(st.binary(max_size=300))
def test_whatever_file_it_is_the_answer_is_a_reason(data: bytes) -> None:
    """People upload what they like."""
    for file in (data, b"%PDF-1.7 obj /EmbeddedFile stream\n" + data, b"%PDF-1.7 obj /EmbeddedFile/FlateDecode stream\n" + data):
        with pytest.raises(ReceiptWrong):
            read(from_file(file))
    with pytest.raises(ReceiptWrong, match="malformed"):
        read("[" * 100_000)


def test_only_a_key_that_one_trusts_counts(receipt: str) -> None:
    """Another key, or the same key under another log's name, proves nothing."""
    key = key_of(receipt)
    for other in (Signer(key.name, b"x" * 32).public, Signer("elsewhere/ledger/1", KEYS.current).public):
        with pytest.raises(ReceiptWrong, match="signature_wrong"):
            check(read(receipt), [other])


def test_the_terminal_checks_without_settings_or_database(receipt: str, tmp_path: Path) -> None:
    """On any machine: the file and the key are enough."""
    file = tmp_path / "receipt.json"
    file.write_text(receipt, encoding="utf-8")

    def run(key: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "wsgi", "ledger", "check-receipt", str(file), "--key", key]
        return subprocess.run(command, cwd=ROOT, env={"PATH": os.environ["PATH"]}, capture_output=True, text=True, check=False)

    good = run(str(key_of(receipt)))
    assert good.returncode == 0, good.stderr
    assert "payment" in good.stdout and "+500  consumer" in good.stdout
    bad = run(str(Signer(key_of(receipt).name, b"x" * 32).public))
    assert (bad.returncode, bad.stderr) == (1, "It does not hold: signature_wrong\n")
