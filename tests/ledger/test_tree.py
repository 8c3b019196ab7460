"""The tree of the sealed log against the published vectors, and against a tree that is built in the obvious way."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.rules.tree import EMPTY_ROOT, Edge, Node, consistency_proof, inclusion_proof, is_consistent, is_included, leaf_hash, root

INPUTS = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
FIRST_OF_EIGHT = [
    "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
    "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
    "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
]
SIX_TO_EIGHT = [
    "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
    "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
]
"""The tree of Certificate Transparency's own tests (RFC 6962, whose hashes RFC 9162 keeps)."""

sizes = st.integers(1, 70)


def plain_root(hashes: Sequence[bytes]) -> bytes:
    """MTH of RFC 9162, word for word."""
    if not hashes:
        return hashlib.sha256(b"").digest()
    if len(hashes) == 1:
        return hashes[0]
    middle = 1
    while middle * 2 < len(hashes):
        middle *= 2
    return hashlib.sha256(b"\x01" + plain_root(hashes[:middle]) + plain_root(hashes[middle:])).digest()


class Leaves:
    """A log in memory; every read of nodes is answered from the leaves alone."""

    def __init__(self, datas: Sequence[bytes]) -> None:
        self.hashes = [hashlib.sha256(b"\x00" + data).digest() for data in datas]

    def read(self, nodes: Sequence[Node]) -> list[bytes]:
        spans = [(place << level, (place + 1) << level) for level, place in nodes]
        assert all(high <= len(self.hashes) for _, high in spans), "only full subtrees are asked for"
        return [plain_root(self.hashes[low:high]) for low, high in spans]


def numbered(size: int) -> Leaves:
    return Leaves([number.to_bytes(4, "big") for number in range(size)])


CT = Leaves([bytes.fromhex(data) for data in INPUTS])


@pytest.mark.parametrize("size", range(1, 9))
def test_the_published_roots_come_out(size: int) -> None:
    """Eight leaves, one by one: both ways of making the root agree with what everybody else computes."""
    edge = Edge()
    for data in INPUTS[:size]:
        list(edge.append(leaf_hash(bytes.fromhex(data))))
    assert edge.root().hex() == root(size, CT.read).hex() == ROOTS[size - 1]


def test_the_published_proofs_come_out() -> None:
    """The first of eight, and from six leaves to eight."""
    assert [each.hex() for each in inclusion_proof(0, 8, CT.read)] == FIRST_OF_EIGHT
    assert [each.hex() for each in consistency_proof(6, 8, CT.read)] == SIX_TO_EIGHT
    assert [each.hex() for each in consistency_proof(1, 8, CT.read)] == FIRST_OF_EIGHT
    assert Edge().root() == root(0, CT.read) == EMPTY_ROOT


@given(sizes)
def test_a_tree_that_grows_is_the_tree_that_is_built_at_once(size: int) -> None:
    """Leaf by leaf every root is the obvious one, and every node is told when it is full, never before and never twice."""
    leaves, edge, told = numbered(size), Edge(), {}
    for number, each in enumerate(leaves.hashes):
        for node, digest in edge.append(each):
            assert node not in told
            told[node] = digest
        assert edge.root() == plain_root(leaves.hashes[: number + 1])
    full = {(level, place) for level in range(1, 8) for place in range(size >> level)}
    assert told.keys() == full
    assert list(told.values()) == leaves.read(list(told))


@given(sizes.flatmap(lambda size: st.tuples(st.integers(0, size - 1), st.just(size))), st.data())
def test_each_leaf_proves_itself_and_nothing_else_does(place: tuple[int, int], data: st.DataObject) -> None:
    """An inclusion proof is good for its leaf, its place, its size and its root; change one and it is not."""
    index, size = place
    leaves = numbered(size)
    top, leaf = plain_root(leaves.hashes), leaves.hashes[index]
    proof = inclusion_proof(index, size, leaves.read)
    assert len(proof) <= (size - 1).bit_length()
    assert is_included(leaf, index, size, proof, top)
    assert not is_included(leaf_hash(b"forged"), index, size, proof, top)
    assert not is_included(leaf, index, size, [*proof, top], top)
    assert not is_included(leaf, index, size, proof, leaf_hash(b"other"))
    assert not is_included(leaf, size, size, proof, top) and not is_included(leaf, -1, size, proof, top)
    other = data.draw(st.integers(0, size - 1))
    assert is_included(leaf, other, size, proof, top) == (other == index)
    if proof:
        assert not is_included(leaf, index, size, proof[:-1], top)
        broken = data.draw(st.integers(0, len(proof) - 1))
        assert not is_included(leaf, index, size, [leaf_hash(b"x") if n == broken else each for n, each in enumerate(proof)], top)


@given(sizes.flatmap(lambda size: st.tuples(st.integers(0, size), st.just(size))), st.data())
def test_a_longer_log_proves_that_it_kept_the_shorter(lengths: tuple[int, int], data: st.DataObject) -> None:
    """A consistency proof is good for these two sizes and roots; rewrite one leaf of the past and there is none."""
    old, size = lengths
    leaves = numbered(size)
    old_root, top = plain_root(leaves.hashes[:old]), plain_root(leaves.hashes)
    proof = consistency_proof(old, size, leaves.read)
    assert is_consistent(old, old_root, size, top, proof)
    assert not is_consistent(old, leaf_hash(b"other"), size, top, proof)
    assert not is_consistent(old, old_root, size, top, [*proof, top])
    assert not is_consistent(size + 1, old_root, size, top, proof)
    if old:
        rewritten = numbered(size)
        rewritten.hashes[data.draw(st.integers(0, old - 1))] = leaf_hash(b"rewritten")
        forged = consistency_proof(old, size, rewritten.read)
        assert not is_consistent(old, old_root, size, plain_root(rewritten.hashes), forged)
        assert not is_consistent(old, old_root, size, plain_root(rewritten.hashes), proof)
    if proof:
        assert not is_consistent(old, old_root, size, top, proof[1:])
