"""The sealed log, checked in a real browser: the module that phones and tablets fetch agrees with the page of vectors and with Python."""

from __future__ import annotations

import base64
import json
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest
from playwright.sync_api import Page

from ledger.rules.encoding import decode, encode
from ledger.rules.notes import Checkpoint, Signer, endorse, sign
from ledger.rules.receipt import Receipt, write
from ledger.rules.tree import consistency_proof, inclusion_proof, leaf_hash, root, subtree_hash
from tests.conftest import ROOT
from tests.web.conftest import Served
from web.assets import asset

pytestmark = pytest.mark.browser

VECTORS = json.loads((ROOT / "docs" / "reference" / "sealed-log.json").read_text(encoding="utf-8"))
ENCODED = [bytes.fromhex(case["encoded"]) for case in VECTORS["transactions"]]
NAME = VECTORS["key"].split("+")[0]
FIRST, SECOND = (Signer(NAME, bytes.fromhex(VECTORS[seed])) for seed in ("seed", "next_seed"))
RECEIPT = Receipt(ENCODED[0], 0, tuple(bytes.fromhex(each) for each in VECTORS["inclusion_of_first"]), VECTORS["checkpoint"], ())


@pytest.fixture
def verifier(page: Page, served: Served) -> Page:
    """A page that has loaded the module as it is built, under `proof`."""
    page.goto(f"{served.address}/lab")
    page.evaluate(
        """async (address) => {
          window.proof = await import(address);
          window.bytes = (hex) => Uint8Array.from(hex.match(/../g) ?? [], (pair) => parseInt(pair, 16));
          window.verdict = async (what) => { try { return await what(); } catch (e) { if (!e.reason) throw e; return e.reason; } };
        }""",
        asset("proof.js"),
    )
    return page


def base64s(hashes: list[bytes]) -> list[str]:
    return [base64.b64encode(each).decode() for each in hashes]


def test_the_browser_reads_the_bytes_as_the_page_says(verifier: Page) -> None:
    """Each transaction of the vectors; a byte more, less or other than ASCII in a name is none."""
    script = """(hex) => verdict(() => { const t = proof.decode(bytes(hex));
      return [t.districtId, t.transactionId, t.refersTo, t.holdId].map(String).concat(t.postedAt.toISOString(), t.kind,
        t.legs.map((l) => [l.accountId, l.role, l.ownerId, l.seriesId, l.unit, l.amount].join(" "))); })"""
    for case in VECTORS["transactions"]:
        moment = datetime.fromisoformat(case["posted_at"]).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        numbers = [str(case[name] or 0) for name in ("district_id", "transaction_id", "refers_to", "hold_id")]
        legs = [" ".join(str(value) for value in leg.values()) for leg in case["legs"]]
        assert verifier.evaluate(script, case["encoded"]) == [*numbers, moment, case["kind"], *legs]
    good = VECTORS["transactions"][0]["encoded"]
    for wrong in ("", good[:-2], good + "00", "4d47545802" + good[10:], good.replace("077061796d656e74", "07ff61796d656e74")):
        assert verifier.evaluate(script, wrong) == "transaction_malformed"


def test_the_browser_follows_the_way_up_in_trees_of_every_shape(verifier: Page) -> None:
    """All proofs that Python makes for up to eleven leaves hold; with one hash changed, left out or added, none does."""
    leaves = [leaf_hash(bytes([number])) for number in range(11)]

    def reads(nodes: Any) -> list[bytes]:
        return [subtree_hash(leaves[place << level : (place + 1) << level]) for level, place in nodes]

    cases = []
    for size in range(1, len(leaves) + 1):
        top = root(size, reads)
        for at in range(size):
            cases.append(["isIncluded", leaves[at].hex(), at, size, top.hex(), inclusion_proof(at, size, reads)])
        for old in range(size + 1):
            cases.append(["isConsistent", root(old, reads).hex(), old, size, top.hex(), consistency_proof(old, size, reads)])
    asked = []
    for *case, proof in cases:
        forged = [[*proof, b"x" * 32], *([[*proof[:-1], b"x" * 32], proof[:-1]] if proof else [])]
        asked += [[*case, [each.hex() for each in way]] for way in (proof, *forged)]
    answers = verifier.evaluate(
        """async (cases) => { const out = [];
          for (const [what, from, at, size, top, way] of cases)
            out.push(await (what === "isIncluded" ? proof.isIncluded(bytes(from), at, size, way.map(bytes), bytes(top))
              : proof.isConsistent(at, bytes(from), size, bytes(top), way.map(bytes))));
          return out; }""",
        asked,
    )
    expected = [good for *_, proof in cases for good in ([True, False, False, False] if proof else [True, False])]
    assert answers == expected


def test_the_browser_checks_a_receipt_and_says_what_does_not_hold(verifier: Page) -> None:
    """The same reasons as the terminal's, for each part of the file that could be changed."""
    script = """([text, pins]) => verdict(async () => { const found = await proof.check(proof.read(text), pins);
      return `${found.transaction.kind} ${found.checkpoint.size} ${found.key.text}`; })"""
    other = encode(replace(decode(ENCODED[0]), kind="payout"))
    renewed = sign(Checkpoint.read(VECTORS["checkpoint"]).text, [SECOND])
    elsewhere = sign(
        Checkpoint("meguri.example/ledger/2", 3, Checkpoint.read(VECTORS["checkpoint"]).root).text,
        [Signer("meguri.example/ledger/2", b"x" * 32)],
    )
    cases = [
        (RECEIPT, VECTORS["key"], f"payment 3 {VECTORS['key']}"),
        (replace(RECEIPT, note=renewed, endorsements=(VECTORS["endorsement"],)), VECTORS["key"], f"payment 3 {VECTORS['next_key']}"),
        (replace(RECEIPT, note=renewed), VECTORS["key"], "signature_wrong"),
        (RECEIPT, VECTORS["next_key"], "signature_wrong"),
        (replace(RECEIPT, encoded=other), VECTORS["key"], "not_included"),
        (replace(RECEIPT, place=1), VECTORS["key"], "not_included"),
        (replace(RECEIPT, place=-1), VECTORS["key"], "not_included"),
        (replace(RECEIPT, note=RECEIPT.note.replace("\n3\n", "\n4\n")), VECTORS["key"], "signature_wrong"),
        (replace(RECEIPT, note=RECEIPT.note.split("\n\n")[0]), VECTORS["key"], "note_malformed"),
        (replace(RECEIPT, note=RECEIPT.note.replace("\u2014", "-")), VECTORS["key"], "signature_malformed"),
        (replace(RECEIPT, note=elsewhere), str(Signer("meguri.example/ledger/2", b"x" * 32).public), "other_district"),
        (replace(RECEIPT, encoded=b""), VECTORS["key"], "transaction_malformed"),
    ]
    for receipt, key, answer in cases:
        assert verifier.evaluate(script, [write(receipt), [key]]) == answer
    for text in (
        "",
        "null",
        "[]",
        "{}",
        write(RECEIPT).replace('"place": 0', '"place": true'),
        write(RECEIPT)[:-9],
        write(RECEIPT).replace("TUdU", "TUd*"),
    ):
        assert verifier.evaluate(script, [text, [VECTORS["key"]]]) == "malformed"


def test_a_witness_takes_only_what_adds_to_what_it_saw(verifier: Page) -> None:
    """It pins the first key, goes on with a proof, also over a change of key, and names a past that is another one."""
    leaves = [leaf_hash(each) for each in ENCODED]
    others = [leaf_hash(b"another past"), *leaves[1:]]

    def reads(nodes: Any, of: list[bytes] = leaves) -> list[bytes]:
        return [subtree_hash(of[place << level : (place + 1) << level]) for level, place in nodes]

    def shown(
        size: int, since: int | None, *, of: list[bytes] = leaves, by: Signer = FIRST, endorsements: list[str] | None = None
    ) -> dict[str, Any]:
        note = sign(Checkpoint(NAME, size, root(size, lambda nodes: reads(nodes, of))).text, [by])
        way = None if since is None else base64s(consistency_proof(since, size, lambda nodes: reads(nodes, of)))
        return {"key": str(by.public), "endorsements": endorsements or [], "checkpoint": note, "consistency": way}

    def follows(kept: Any, seen: dict[str, Any]) -> Any:
        return verifier.evaluate("([kept, shown]) => verdict(() => proof.follow(kept, shown))", [kept, seen])

    first = follows(None, shown(2, None))
    assert first == {"key": VECTORS["key"], "note": shown(2, None)["checkpoint"]}
    assert follows(first, shown(3, 2)) == {"key": VECTORS["key"], "note": VECTORS["checkpoint"]}
    assert follows(first, shown(2, 2)) == first
    renewed = shown(3, 2, by=SECOND, endorsements=[endorse(FIRST, SECOND.public)])
    assert follows(first, renewed)["key"] == VECTORS["key"]
    assert follows(first, shown(3, 2, by=SECOND)) == "signature_wrong"
    assert follows(first, shown(3, 2, of=others)) == "forked"
    assert follows(first, shown(2, 2, of=others)) == "forked"
    assert follows(first, shown(3, None)) == "forked"
    assert follows(first, shown(1, None)) == "shorter"
    assert follows(None, {**shown(2, None), "key": str(Signer(NAME, b"x" * 32).public)}) == "signature_wrong"
