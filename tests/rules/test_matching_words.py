"""合言葉: the list that the ledger draws from."""

from __future__ import annotations

from ledger.words import WORDS


def test_there_are_1024_different_words() -> None:
    """Ten bits of the payment choose a word, and no two choices look alike."""
    assert len(WORDS) == len(set(WORDS)) == 1024


def test_each_word_is_two_kanji() -> None:
    """A word fills the same place on both screens, and any font that has 常用漢字 shows it."""
    assert [word for word in WORDS if len(word) != 2 or not all("\u4e00" <= sign <= "\u9fff" for sign in word)] == []
