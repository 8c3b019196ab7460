"""docs/reference/sealed-log: whoever writes a verifier from that page gets what the product gets."""

from __future__ import annotations

import json
import re
from base64 import b64decode
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import pytest

from ledger.rules.cosignatures import Cosigner, message
from ledger.rules.encoding import Leg, Sealable, encode, hash_facts, hash_key
from ledger.rules.notes import DASH, Checkpoint, Epoch, PublicKey, Signer, endorse, sign, trusted_keys
from ledger.rules.tree import Edge, is_consistent, is_included, leaf_hash, node_hash

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "sealed-log.md"
VECTORS = json.loads(PAGE.with_suffix(".json").read_text(encoding="utf-8"))
LEAVES = [bytes.fromhex(case["leaf_hash"]) for case in VECTORS["transactions"]]
ROOT = bytes.fromhex(VECTORS["root"])


@pytest.mark.parametrize("case", VECTORS["transactions"], ids=lambda case: case["kind"])
def test_the_bytes_are_those_of_the_page(case: dict) -> None:
    """Each transaction of the vectors, to the last byte."""
    key = UUID(case["key"])
    found = Sealable(
        case["district_id"],
        case["transaction_id"],
        datetime.fromisoformat(case["posted_at"]),
        case["kind"],
        hash_key(key),
        bytes.fromhex(case["command_hash"]),
        case["refers_to"],
        case["hold_id"],
        hash_facts(key, case["facts"]),
        tuple(Leg(**leg) for leg in case["legs"]),
    )
    assert encode(found).hex() == case["encoded"]
    assert leaf_hash(encode(found)).hex() == case["leaf_hash"]


def test_the_page_shows_the_first_of_them() -> None:
    """The bytes that the page explains line by line are those of the vectors."""
    block = re.search(r"```\n(4d475458 .*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    assert block is not None
    assert "".join(line.split()[0] for line in block[1].splitlines()) == VECTORS["transactions"][0]["encoded"]


def test_tree_and_proofs_are_those_of_the_page() -> None:
    """Root, the way up from the first leaf, and from two leaves to three."""
    edge = Edge()
    for leaf in LEAVES:
        list(edge.append(leaf))
    assert edge.root() == ROOT
    assert is_included(LEAVES[0], 0, 3, [bytes.fromhex(each) for each in VECTORS["inclusion_of_first"]], ROOT)
    assert is_consistent(2, node_hash(*LEAVES[:2]), 3, ROOT, [bytes.fromhex(each) for each in VECTORS["consistency_from_2"]])


def test_checkpoint_and_change_of_key_are_those_of_the_page() -> None:
    """Ed25519 signs the same text to the same signature, always."""
    name = VECTORS["key"].split("+")[0]
    first, second = (Signer(name, bytes.fromhex(VECTORS[seed])) for seed in ("seed", "next_seed"))
    assert [str(first.public), str(second.public)] == [VECTORS["key"], VECTORS["next_key"]]
    assert sign(Checkpoint(name, 3, ROOT).text, [first]) == VECTORS["checkpoint"]
    assert endorse(first, second.public) == VECTORS["endorsement"]
    assert trusted_keys(PublicKey.read(VECTORS["key"]), [VECTORS["endorsement"]])[1] == second.public


def test_a_co_signature_is_that_of_the_page() -> None:
    """Key, time and signature are read out of the page's own lines; at another time, under another note or by another key it is none."""
    found = re.search(r"```\n(\S+/till/3)\+(\w+)\+(\S+)\n— \S+ (\S+)\n```", PAGE.read_text(encoding="utf-8"))
    assert found is not None
    name, key_id, key, signed = found.groups()
    cosigner, value, note = Cosigner(name, b64decode(key)[1:]), b64decode(signed), VECTORS["checkpoint"]
    seconds = int.from_bytes(value[4:12], "big")
    assert str(cosigner) == f"{name}+{key_id}+{key}" and value[:4] == cosigner.id and seconds == 1795662000
    assert cosigner.has_cosigned(note, seconds, value[12:])
    assert cosigner.line(seconds, value[12:]) == f"{DASH} {name} {signed}\n"
    assert message(note, seconds).decode() in PAGE.read_text(encoding="utf-8")
    assert not cosigner.has_cosigned(note, seconds + 1, value[12:])
    assert not cosigner.has_cosigned(note.replace("\n3\n", "\n4\n"), seconds, value[12:])
    assert not Cosigner(name, PublicKey.read(VECTORS["key"]).raw).has_cosigned(note, seconds, value[12:])
    assert not cosigner.has_cosigned(note, seconds, value[12:-1])


def test_a_new_epoch_is_that_of_the_page() -> None:
    """Its note, and the first checkpoint that says its number."""
    signer = Signer(VECTORS["key"].split("+")[0], bytes.fromhex(VECTORS["seed"]))
    moment = datetime(2026, 11, 26, 3, 40, tzinfo=UTC)
    epoch = Epoch(signer.name, 2, 2, node_hash(*LEAVES[:2]), 5, moment, signer.public)
    assert sign(epoch.text, [signer]) == VECTORS["epoch"] and Epoch.read(VECTORS["epoch"]) == epoch
    checkpoint = Checkpoint(signer.name, 3, ROOT, 2)
    assert (
        sign(checkpoint.text, [signer]) == VECTORS["checkpoint_of_epoch"] and Checkpoint.read(VECTORS["checkpoint_of_epoch"]) == checkpoint
    )
