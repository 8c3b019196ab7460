"""The Merkle tree of the sealed log: hashes and proofs of RFC 9162, section 2.1.

A node is (level, place): the subtree over the 2^level leaves that begin at place * 2^level; level 0 is a leaf hash. Proofs
are made from whole subtrees alone, which never change once they are full. Whoever asks for a proof passes a reader that
gives the hashes of some nodes at once; where they come from is not known here.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from functools import reduce

Node = tuple[int, int]
Reader = Callable[[Sequence[Node]], Sequence[bytes]]
Span = tuple[int, int]
"""The leaves from the first up to, but without, the second."""

EMPTY_ROOT = hashlib.sha256(b"").digest()


def leaf_hash(data: bytes) -> bytes:
    """The hash of a leaf: told apart from a node by its first byte, so that neither passes for the other."""
    return hashlib.sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of two subtrees that stand side by side."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def subtree_hash(hashes: Sequence[bytes]) -> bytes:
    """The root over 1, 2, 4, 8, … hashes of one level."""
    while len(hashes) > 1:
        hashes = [node_hash(hashes[place], hashes[place + 1]) for place in range(0, len(hashes), 2)]
    return hashes[0]


class Edge:
    """The right edge of a growing tree: one hash for each full subtree, so the whole log is never in memory."""

    def __init__(self) -> None:
        self.size = 0
        self._peaks: list[bytes] = []  # the largest first

    def append(self, hash_of_leaf: bytes) -> Iterator[tuple[Node, bytes]]:
        """Add a leaf; gives the nodes that became full by it, lowest first. It must be read to its end."""
        place, level, digest = self.size, 0, hash_of_leaf
        self.size += 1
        while place % 2:
            place, level, digest = place // 2, level + 1, node_hash(self._peaks.pop(), digest)
            yield (level, place), digest
        self._peaks.append(digest)

    def root(self) -> bytes:
        """The root over everything appended so far."""
        return _join(self._peaks) if self._peaks else EMPTY_ROOT


def root(size: int, read: Reader) -> bytes:
    """The root over the first `size` leaves."""
    return _read_spans([(0, size)], read)[0] if size else EMPTY_ROOT


def inclusion_proof(index: int, size: int, read: Reader) -> list[bytes]:
    """Shows that leaf `index` stands in the tree of the first `size` leaves."""
    assert 0 <= index < size, (index, size)
    low, high, spans = 0, size, []
    while high - low > 1:
        middle = low + _left_of(high - low)
        if index < middle:
            spans.append((middle, high))
            high = middle
        else:
            spans.append((low, middle))
            low = middle
    return _read_spans(spans[::-1], read)


def consistency_proof(old: int, size: int, read: Reader) -> list[bytes]:
    """Shows that the tree of the first `old` leaves was only added to. Empty from an empty tree and to itself."""
    assert 0 <= old <= size, (old, size)
    if old in (0, size):
        return []
    low, high, spans = 0, size, []
    while old != high:
        middle = low + _left_of(high - low)
        if old <= middle:
            spans.append((middle, high))
            high = middle
        else:
            spans.append((low, middle))
            low = middle
    if low:
        spans.append((low, high))
    return _read_spans(spans[::-1], read)


def is_included(hash_of_leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> bool:
    """Check an inclusion proof against a root that one trusts (RFC 9162, 2.1.3.2)."""
    sides = _sides(index, size - 1, len(proof)) if 0 <= index < size else None
    if sides is None:
        return False
    digest = hash_of_leaf
    for sibling, is_left in zip(proof, sides, strict=True):
        digest = node_hash(sibling, digest) if is_left else node_hash(digest, sibling)
    return digest == root


def is_consistent(old: int, old_root: bytes, size: int, root: bytes, proof: Sequence[bytes]) -> bool:
    """Check that the tree with `root` only adds to the one with `old_root` (RFC 9162, 2.1.4.2)."""
    if old in (0, size):
        return not proof and old_root == (EMPTY_ROOT if old == 0 else root)
    if not (0 < old < size and proof):
        return False
    hashes = [old_root, *proof] if old & (old - 1) == 0 else list(proof)  # a whole subtree of the new tree is not told again
    here, last = old - 1, size - 1
    while here % 2:
        here, last = here >> 1, last >> 1
    sides = _sides(here, last, len(hashes) - 1)
    if sides is None:
        return False
    of_old = of_new = hashes[0]
    for sibling, is_left in zip(hashes[1:], sides, strict=True):
        of_old = node_hash(sibling, of_old) if is_left else of_old
        of_new = node_hash(sibling, of_new) if is_left else node_hash(of_new, sibling)
    return of_old == old_root and of_new == root


def _sides(here: int, last: int, count: int) -> list[bool] | None:
    """Of each of `count` hashes on the way up from place `here` whether it stands left; None: so many do not lead to the top."""
    sides = []
    for _ in range(count):
        if last == 0:
            return None
        is_left = here % 2 == 1 or here == last
        while is_left and here and here % 2 == 0:
            here, last = here >> 1, last >> 1
        sides.append(is_left)
        here, last = here >> 1, last >> 1
    return sides if last == 0 else None


def _left_of(count: int) -> int:
    """How many of `count` > 1 leaves stand left of the top: the largest power of two below it."""
    return 1 << ((count - 1).bit_length() - 1)


def _whole_subtrees(span: Span) -> Iterator[Node]:
    """The full subtrees of a span that is itself a subtree, the largest first."""
    low, high = span
    while low < high:
        level = (high - low).bit_length() - 1
        yield level, low >> level
        low += 1 << level


def _read_spans(spans: Sequence[Span], read: Reader) -> list[bytes]:
    """The root over each span, all nodes read at once."""
    nodes = [list(_whole_subtrees(span)) for span in spans]
    hashes = iter(read([node for each in nodes for node in each]))
    return [_join([next(hashes) for _ in each]) for each in nodes]


def _join(peaks: Sequence[bytes]) -> bytes:
    return reduce(lambda right, left: node_hash(left, right), reversed(peaks[:-1]), peaks[-1])
