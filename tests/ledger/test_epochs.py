"""A log that was returned to an earlier state: held until somebody says how it goes on, and then in a new epoch, for everybody to see."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from base.db import atomic
from ledger import commands, queries
from ledger.cli import commands as ledger_commands
from ledger.errors import EpochWrong, NotApproved, SameHands
from ledger.replay import BookDiffers, replay
from ledger.rules.notes import Checkpoint, Epoch, NoteWrong, PublicKey, Signer, sign
from ledger.rules.receipt import check, read
from ledger.rules.tree import is_consistent
from ledger.sealer import Sealed, SealKeys, seal
from ledger.verify import verify
from tests.ledger.conftest import Book
from tests.ledger.test_sealer import KEYS, seals

ISSUER, APPROVER = 11, 12


@pytest.fixture
def lost(book: Book, superuser: Engine) -> Book:
    """A district with three leaves and one checkpoint, whose database was then returned: PostgreSQL counts another timeline."""
    hanako, bakery = book.consumer(1_000), book.shop()
    book.pays(hanako, bakery, 100)
    book.pays(hanako, bakery, 50)
    seals(book.engine)
    is_moved(book, superuser)
    return book


def is_moved(book: Book, superuser: Engine) -> None:
    """As if what was vouched for were another place than this one."""
    with superuser.begin() as connection:
        connection.execute(text("SET LOCAL session_replication_role = replica"))
        connection.execute(text("UPDATE ledger.log_place SET place = '1/1' WHERE district_id = :d"), {"d": book.district_id})


@pytest.fixture
def runs(session: Session) -> Callable[..., Result]:
    session.info["seal_keys"] = KEYS

    def run(*words: object, keys: SealKeys = KEYS) -> Result:
        session.info["seal_keys"] = keys
        return CliRunner().invoke(ledger_commands, [str(word) for word in words], obj=session)

    return run


def newest(book: Book) -> queries.SignedCheckpoint:
    return book.call(queries.checkpoint)


def seen_beyond(book: Book, size: int, *, epoch: int = 1) -> str:
    """What a phone holds that saw the log before it was lost."""
    origin = book.call(queries.log_keys)[0].public_key.name
    return sign(Checkpoint(origin, size, b"of leaves that nobody has today.", epoch).text, [Signer(origin, KEYS.current)])


def one_round(book: Book, keys: SealKeys = KEYS) -> list[Sealed]:
    with Session(book.engine) as session, atomic(session):
        return [each for each in seal(session, keys) if each.district_id == book.district_id]


def confirmed(book: Book, prepared: int) -> int:
    """One proposes, another confirms."""
    proposal = book.call(commands.propose, ISSUER, "new_epoch", [], facts={"epoch": prepared})
    with pytest.raises(NotApproved):
        book.call(commands.begin_epoch, proposal)
    with pytest.raises(SameHands):
        book.call(commands.decide, proposal, ISSUER, approved=True)
    book.call(commands.decide, proposal, APPROVER, approved=True)
    book.call(commands.begin_epoch, proposal)
    book.call(commands.begin_epoch, proposal)
    return proposal


def findings(book: Book, pins: list[PublicKey] | None = None) -> list[tuple[str, int]]:
    with Session(book.engine) as session:
        return [(each.what, each.subject) for each in verify(session, lambda _: None, pins or (), district_id=book.district_id)]


def prepared_number(result: Result) -> int:
    assert result.exit_code == 0, result.output
    return int(result.output.split("Prepared as ")[1].split(":")[0])


def test_a_returned_log_is_not_signed_until_somebody_says_how_it_goes_on(lost: Book, runs: Callable[..., Result], tmp_path: Path) -> None:
    """Payments go on and are numbered; nothing is signed. With everybody's checkpoint at hand, nothing missing, it is signed on."""
    before = newest(lost)
    lost.pays(lost.consumer(10), lost.shop(), 1)
    (held,) = one_round(lost)
    assert (held.added, held.note, held.is_held) == (2, None, True)
    assert newest(lost) == before
    asked = runs("seal")
    assert asked.exit_code == 0 or "was returned or moved" in asked.output
    phone = tmp_path / "phone.json"
    phone.write_text(json.dumps({"key": "x", "note": before.note}))
    said = runs("compare", phone)
    assert said.exit_code == 0 and "agrees" in said.output, said.output
    resumed = runs("resume", phone)
    assert resumed.exit_code == 0 and str(lost.district_id) in resumed.output
    (signed,) = one_round(lost)
    assert (signed.added, signed.size) == (0, 5) and newest(lost).epoch == 1
    assert findings(lost) == []


def test_a_book_that_is_behind_says_by_how_many(lost: Book, runs: Callable[..., Result], tmp_path: Path) -> None:
    """A phone that saw more, a paper with the short form, a fork, a forgery, another town's: each gets its own word."""
    origin = newest(lost).note.split("\n")[0]
    root = newest(lost).note.split("\n")[2]
    another = sign(Checkpoint(origin, 2, b"another past, of the same size..").text, [Signer(origin, KEYS.current)])
    forged = sign(Checkpoint(origin, 9, b"x" * 32).text, [Signer(origin, b"x" * 32)])
    (tmp_path / "seen").write_text(
        f"{seen_beyond(lost, 15)}{another}{forged}\n{origin} 3 {root[:16]}\nmeguri.test/ledger/987654321 3 {root[:16]}\n"
    )
    said = runs("compare", tmp_path / "seen")
    assert said.exit_code == 1
    words = [line.split("  ", 1)[1] for line in said.output.splitlines()]
    assert [each.split(":")[0] for each in words] == [
        "the book is 12 transactions behind",
        "CONTRADICTS",
        "is not signed by a key of this log",
        "agrees",
        "is of another log",
    ]
    assert runs("resume", tmp_path / "seen").exit_code == 1
    assert one_round(lost) == []


def test_a_new_epoch_is_prepared_confirmed_by_two_and_signed(lost: Book, runs: Callable[..., Result], tmp_path: Path) -> None:
    """Its note names the common checkpoint and what was lost; checkpoints say its number; verify, export, replay and receipts know it.
    What was prepared before it began is void."""
    before = newest(lost)
    paid = lost.pays(lost.consumer(10), lost.shop(), 1)
    one_round(lost)
    phone = tmp_path / "phone"
    phone.write_text(seen_beyond(lost, 15))
    number = prepared_number(runs("epoch", lost.district_id, "--after", phone, "--at", "2026-11-26 12:40+0900"))
    too_late = prepared_number(runs("epoch", lost.district_id, "--after", phone))
    assert one_round(lost) == [] and lost.call(queries.log_epochs) == []
    confirmed(lost, number)
    (signed,) = one_round(lost)
    assert signed.note is not None
    assert (Checkpoint.read(signed.note).size, Checkpoint.read(signed.note).epoch) == (5, 2)
    (epoch,) = lost.call(queries.log_epochs)
    key = lost.call(queries.log_keys)[0].public_key
    moment = datetime(2026, 11, 26, 3, 40, tzinfo=UTC)
    assert epoch.epoch == Epoch(key.name, 2, 3, before.root, 15, moment, key) and epoch.epoch.missing == 12
    assert key.has_signed(epoch.note)
    with pytest.raises(NoteWrong):
        Checkpoint.read(epoch.note)
    sight = lost.call(queries.sight, seen=15)
    ((note, way),) = sight.epochs
    assert note == epoch.note and is_consistent(3, before.root, 5, sight.checkpoint.root, way)

    assert findings(lost) == []
    assert runs("export", lost.district_id, tmp_path / "book").exit_code == 0
    assert replay(tmp_path / "book", [key], lambda *_: None).size == 5
    (tmp_path / "book" / "epochs.jsonl").write_text("")
    with pytest.raises(BookDiffers, match="epoch_differs"):
        replay(tmp_path / "book", [key], lambda *_: None)
    proof = runs("receipt", lost.district_id, paid.transaction_id).output
    assert check(read(proof), [key]).checkpoint.epoch == 2
    (tmp_path / "proof").write_text(proof)
    assert "epoch 2" in runs("check-receipt", tmp_path / "proof", "--key", key).output
    given_up = runs("compare", phone)
    assert given_up.exit_code == 0 and "12 transactions were given up by a later epoch" in given_up.output

    with pytest.raises(EpochWrong):
        confirmed(lost, too_late)


def test_a_log_that_was_signed_over_the_gap_goes_on_from_before_it(book: Book, runs: Callable[..., Result], tmp_path: Path) -> None:
    """A snapshot was put back and nobody noticed: both pasts were signed at one size. With `--from` the epoch begins before the fork, and
    that size is signed once more."""
    hanako, bakery = book.consumer(1_000), book.shop()
    seals(book.engine)
    book.pays(hanako, bakery, 1)
    seals(book.engine)
    (tmp_path / "phone").write_text(seen_beyond(book, 2))
    assert "CONTRADICTS" in runs("compare", tmp_path / "phone").output
    words = ("epoch", book.district_id, "--after", tmp_path / "phone")
    assert "Give --from" in runs(*words).output
    assert "cannot go on from there" in runs(*words, "--from", 2).output
    confirmed(book, prepared_number(runs(*words, "--from", 1)))
    (signed,) = one_round(book)
    assert (signed.size, newest(book).epoch) == (2, 2)
    assert findings(book) == []
    assert runs("export", book.district_id, tmp_path / "book").exit_code == 0
    assert replay(tmp_path / "book", [], lambda *_: None).size == 2


def test_a_lost_key_is_followed_by_one_that_two_people_confirmed(book: Book, runs: Callable[..., Result]) -> None:
    """Without its key the log stands still. A new one signs only in an epoch that names it, and old pins do not trust it."""
    hanako, bakery = book.consumer(1_000), book.shop()
    book.pays(hanako, bakery, 100)
    seals(book.engine)
    first = book.call(queries.log_keys)[0].public_key
    new = SealKeys(KEYS.host, b"another key, for the first is ..")
    book.pays(hanako, bakery, 1)
    (stands,) = one_round(book, new)
    assert stands.note is None and not stands.is_held
    assert "not the log's" in runs("epoch", book.district_id, keys=new).output
    number = prepared_number(runs("epoch", book.district_id, "--new-key", keys=new))
    confirmed(book, number)
    (signed,) = one_round(book, new)
    assert signed.note is not None and Checkpoint.read(signed.note).epoch == 2
    second = Signer(first.name, new.current).public
    assert second.has_signed(signed.note) and not first.has_signed(signed.note)
    assert queries.first_keys(book.call(queries.log_keys)) == [first, second]
    assert book.call(queries.sight).key == second
    assert findings(book) == findings(book, [first, second]) == []
    assert ("epoch_differs", 2) in findings(book, [first])


def test_nothing_but_a_confirmed_epoch_brings_a_key_that_nobody_endorsed(book: Book) -> None:
    """Whoever has the web's database role alone can put no key of their own into a log that has begun."""
    book.pays(book.consumer(10), book.shop(), 1)
    seals(book.engine)
    own = Signer(book.call(queries.log_keys)[0].public_key.name, b"x" * 32).public
    with Session(book.engine) as session, pytest.raises(Exception, match="log_key_wrong"):
        session.execute(text("SELECT ledger.add_log_key(:d, :k, NULL)"), {"d": book.district_id, "k": str(own)})


KEY = Signer("meguri.test/ledger/1", b"k" * 32)
EPOCH = Epoch(KEY.name, 2, 100, b"r" * 32, 150, datetime(2026, 11, 26, 3, 40, tzinfo=UTC), KEY.public)


@given(st.integers(0, 400), st.integers(1, 255))
def test_no_changed_byte_of_an_epoch_passes(place: int, change: int) -> None:
    """It is another epoch, or none, or its signature is bad. (Base64 has spare bits at its end: one signature is written in four ways.)"""
    note = sign(EPOCH.text, [KEY])
    assert Epoch.read(note) == EPOCH and KEY.public.has_signed(note)
    data = note.encode()
    place %= len(data)
    forged = data[:place] + bytes([data[place] ^ change]) + data[place + 1 :]
    with suppress(NoteWrong, UnicodeDecodeError):
        assert not KEY.public.has_signed(forged.decode()) or Epoch.read(forged.decode()) == EPOCH


@pytest.mark.parametrize("line", ["epoch 1", "epoch 02", "epoch x", "epoch ", "epoch -2"])
def test_a_checkpoint_of_no_epoch_is_malformed(line: str) -> None:
    """The line behind the root is a number from 2 on, or no epoch is spoken of."""
    with pytest.raises(NoteWrong):
        Checkpoint.read(sign(f"{Checkpoint('a', 1, b'r' * 32).text}{line}\n", [KEY]))
