"""The sealed log, checked in a real browser: the module that phones and tablets fetch agrees with the page of vectors and with Python."""

from __future__ import annotations

import base64
import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from playwright.sync_api import Page

from ledger.rules.encoding import decode, encode
from ledger.rules.notes import Checkpoint, Epoch, Signer, endorse, sign
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


def test_a_witness_takes_a_new_epoch_only_as_two_people_and_the_key_confirmed_it(verifier: Page) -> None:
    """The restored log is shorter than what the witness saw: without the note an alarm; with it a question, and after a yes it goes on,
    the old checkpoint kept beside it. A note of another log, of a thief or for another past is none."""
    leaves = [leaf_hash(each) for each in ENCODED]
    gone = [*leaves[:2], *(leaf_hash(bytes([number])) for number in range(3))]
    moment = datetime(2026, 11, 26, 3, 40, tzinfo=UTC)

    def reads(nodes: Any, of: list[bytes]) -> list[bytes]:
        return [subtree_hash(of[place << level : (place + 1) << level]) for level, place in nodes]

    def top(size: int, of: list[bytes] = leaves) -> bytes:
        return root(size, lambda nodes: reads(nodes, of))

    def way(old: int, size: int) -> list[str]:
        return base64s(consistency_proof(old, size, lambda nodes: reads(nodes, leaves)))

    def epoch(number: int = 2, *, by: Signer = FIRST, key: Signer = FIRST, of: list[bytes] = leaves) -> dict[str, Any]:
        said = Epoch(NAME, number, 2, top(2, of), 5, moment, key.public)
        return {"note": sign(said.text, [by]), "consistency": way(2, 3)}

    def shown(*epochs: dict[str, Any], number: int = 2, by: Signer = FIRST, since: int | None = None) -> dict[str, Any]:
        note = sign(Checkpoint(NAME, 3, top(3), number).text, [by])
        consistency = None if since is None else way(since, 3)
        return {"key": str(by.public), "endorsements": [], "checkpoint": note, "consistency": consistency, "epochs": list(epochs)}

    def follows(kept: Any, seen: dict[str, Any], *, accepts: bool = False) -> Any:
        script = """async ([kept, shown, accepts]) => { try { return await proof.follow(kept, shown, { accepts }); } catch (e) {
          if (!e.reason) throw e;
          return e instanceof proof.NewEpoch ? [e.reason, e.missing, e.size, e.returnedTo.toISOString()] : e.reason; } }"""
        return verifier.evaluate(script, [kept, seen, accepts])

    seen_five = {"key": VECTORS["key"], "note": sign(Checkpoint(NAME, 5, top(5, gone)).text, [FIRST])}
    seen_six = {"key": VECTORS["key"], "note": sign(Checkpoint(NAME, 6, top(5, gone)).text, [FIRST])}
    seen_two = {"key": VECTORS["key"], "note": sign(Checkpoint(NAME, 2, top(2)).text, [FIRST])}
    another_two = {"key": VECTORS["key"], "note": sign(Checkpoint(NAME, 2, top(2, [*leaves[1:], *leaves])).text, [FIRST])}
    good = {"note": VECTORS["epoch"], "consistency": way(2, 3)}
    assert good == epoch() and shown(good)["checkpoint"] == VECTORS["checkpoint_of_epoch"]

    assert follows(seen_five, shown(number=1)) == "shorter"
    assert follows(seen_five, shown(good)) == ["new_epoch", 3, 2, "2026-11-26T03:40:00.000Z"]
    assert follows(seen_six, shown(good))[1] == 4, "the note did not know of one that this witness saw"
    assert follows(seen_two, shown(good, since=2))[:2] == ["new_epoch", 3]
    taken = follows(seen_five, shown(good), accepts=True)
    assert taken == {"key": VECTORS["key"], "note": VECTORS["checkpoint_of_epoch"], "before": [seen_five["note"]]}
    assert follows(taken, shown(good, since=3)) == taken
    assert follows(taken, shown(number=1, since=3)) == "forked", "there is no way back into an old epoch"
    assert follows(None, shown(good)) == {"key": VECTORS["key"], "note": VECTORS["checkpoint_of_epoch"]}

    for accepts in (False, True):
        refused = [
            (seen_five, shown(), "forked"),
            (seen_five, shown(epoch(3), number=3), "forked"),
            (seen_five, shown(epoch(by=SECOND)), "signature_wrong"),
            (seen_five, shown(good, by=SECOND), "signature_wrong"),
            (seen_five, shown(epoch(of=[*leaves[1:], *leaves])), "forked"),
            (another_two, shown(good, since=2), "forked"),
            (seen_five, shown({**good, "note": VECTORS["checkpoint"]}), "epoch_malformed"),
        ]
        for kept, seen, reason in refused:
            assert follows(kept, seen, accepts=accepts) == reason
    lost = shown(epoch(by=SECOND, key=SECOND), by=SECOND)
    assert follows(seen_five, lost)[0] == "new_key"
    assert follows(seen_five, lost, accepts=True)["key"] == VECTORS["next_key"]
