"""Signed checkpoints: what others write we read, what we sign others can check, and a new key is believed only on the old one's word."""

from __future__ import annotations

import base64
from contextlib import suppress

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ledger.rules.notes import Checkpoint, NoteWrong, PublicKey, Signer, endorse, sign, trusted_keys

GO_KEY = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
GO_NOTE = (
    "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n\n"
    "\u2014 PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
)
"""The example of golang.org/x/mod/sumdb/note, where the form comes from."""

FIRST = Signer("meguri.test/ledger/1", b"the first key of this test's log")
SECOND = Signer("meguri.test/ledger/1", b"s" * 32)
THIEF = Signer("meguri.test/ledger/1", b"t" * 32)
CHECKPOINT = Checkpoint("meguri.test/ledger/1", 7, b"r" * 32)


def test_a_note_that_go_signed_is_read() -> None:
    """The published example is good, and is not once a letter of it has changed."""
    key = PublicKey.read(GO_KEY)
    assert str(key) == GO_KEY
    assert key.has_signed(GO_NOTE)
    assert not key.has_signed(GO_NOTE.replace("answer", "Answer"))


def test_a_checkpoint_has_three_lines() -> None:
    """Origin, size, root; below it one line a signature."""
    note = sign(CHECKPOINT.text, [FIRST])
    lines = note.split("\n")
    assert lines[:4] == ["meguri.test/ledger/1", "7", base64.b64encode(b"r" * 32).decode(), ""]
    assert lines[4].startswith("\u2014 meguri.test/ledger/1 ") and lines[5:] == [""]
    assert Checkpoint.read(note) == CHECKPOINT
    assert FIRST.public.has_signed(note) and not THIEF.public.has_signed(note)


@given(st.integers(0, 10**12), st.binary(min_size=32, max_size=32), st.integers(0, 1_000), st.integers(1, 255))
@example(113_183, bytes(32), 189, 2)  # the same bytes of signature in another spelling
def test_no_changed_byte_passes(size: int, root: bytes, place: int, change: int) -> None:
    """Whatever byte of a checkpoint is changed, it is another checkpoint, or none, or its signature is bad."""
    checkpoint = Checkpoint("meguri.test/ledger/1", size, root)
    note = sign(checkpoint.text, [FIRST]).encode()
    place %= len(note)
    forged = note[:place] + bytes([note[place] ^ change]) + note[place + 1 :]
    with suppress(NoteWrong, UnicodeDecodeError):
        assert not FIRST.public.has_signed(forged.decode())


SIGNED = "\n\u2014 a AAAAAAAAAAA=\n"
ENDLESS = f"a\n{'9' * 5_000}\nrrrr\n{SIGNED}"


@pytest.mark.parametrize("text", ["", "x", "a\n\n", "a\nb\n\nno dash\n", f"a\n01\nrrrr\n{SIGNED}", f"a\n1\n{SIGNED}", ENDLESS])
def test_what_is_no_checkpoint_is_said_to_be_none(text: str) -> None:
    """Somebody pastes anything: the answer is a reason."""
    with pytest.raises(NoteWrong):
        Checkpoint.read(text)


@pytest.mark.parametrize("text", ["", "a+b", "a+00000000+AAAA", GO_KEY.replace("c74f20a3", "c74f20a4"), GO_KEY.replace("Peter", "Paul")])
def test_what_is_no_key_is_said_to_be_none(text: str) -> None:
    """A key whose id does not fit was mistyped."""
    with pytest.raises(NoteWrong):
        PublicKey.read(text)


def test_a_new_key_is_believed_on_the_old_one_s_word_alone() -> None:
    """Two changes of key: whoever pinned the first trusts all three; a key that nobody endorsed, or only itself, never."""
    third = Signer(FIRST.name, b"c" * 32)
    chain = [endorse(FIRST, SECOND.public), endorse(SECOND, third.public)]
    assert trusted_keys(FIRST.public, chain) == [FIRST.public, SECOND.public, third.public]
    assert trusted_keys(SECOND.public, chain) == [SECOND.public, third.public]
    assert trusted_keys(FIRST.public, chain * 3) == [FIRST.public, SECOND.public, third.public]  # a file may say it a thousand times
    assert trusted_keys(FIRST.public, [endorse(THIEF, THIEF.public), chain[1]]) == [FIRST.public]
    assert trusted_keys(FIRST.public, [sign(CHECKPOINT.text, [FIRST])]) == [FIRST.public]
    with pytest.raises(NoteWrong):
        Checkpoint.read(chain[0])
