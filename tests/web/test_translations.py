"""The English catalogue: whole, true to its source, and free of Japanese."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from io import BytesIO
from pathlib import Path

import polib
import pytest
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import Translations

ROOT = Path(__file__).parents[2]
CATALOGUE = ROOT / "web" / "translations" / "en" / "LC_MESSAGES" / "messages.po"
PACKAGES = ("base", "ledger", "identity", "merchant", "association", "wallet", "analytics", "subsidy", "web", "demo")
KEYWORDS = {**DEFAULT_KEYWORDS, "N_": None, "_l": None}

GAP = re.compile(r"%\(\w+\)s|%%|\{+\w+\}+|<[^>]+>")
JAPANESE = re.compile(r"[\u3000-\u30ff\u3400-\u9fff\uff00-\uffef]")
DATE_GAPS = {"%(month)s": "%(month_name)s"}  # Japanese counts the months, English names them


@cache
def extracted() -> frozenset[str]:
    """Every sentence that code and templates mark for translation, as `pybabel extract` finds it."""
    return frozenset(_marked())


def _marked() -> Iterator[str]:
    with (ROOT / "web" / "babel.cfg").open(encoding="utf-8") as config:
        methods, options = parse_mapping_cfg(config)
    for package in PACKAGES:
        for *_, message, _comments, _context in extract_from_dir(ROOT / package, methods, options, keywords=KEYWORDS):
            yield message if isinstance(message, str) else message[0]


@pytest.fixture(scope="module")
def catalogue() -> polib.POFile:
    return polib.pofile(str(CATALOGUE))


def texts(entry: polib.POEntry) -> list[str]:
    """The English of an entry: one text, or one for each number."""
    return list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]


def test_every_sentence_is_in_the_catalogue_and_no_other(catalogue: polib.POFile) -> None:
    """Whoever adds or changes a Japanese sentence writes its English in the same commit."""
    wanted, written = extracted(), {entry.msgid for entry in catalogue}
    assert sorted(wanted - written) == [], "no English yet"
    assert sorted(written - wanted) == [], "English without its source"


def test_every_entry_is_translated(catalogue: polib.POFile) -> None:
    """No visitor meets half a page in a language they cannot read."""
    assert [entry.msgid for entry in catalogue if not all(texts(entry)) or entry.fuzzy or entry.obsolete] == []


def test_the_gaps_are_the_same_on_both_sides(catalogue: polib.POFile) -> None:
    """An amount that the Japanese sentence names is named in English too, and nothing else is expected."""
    for entry in catalogue:
        source = set(GAP.findall(entry.msgid))
        for text in texts(entry):
            dated = {DATE_GAPS.get(gap, gap) for gap in source}
            assert set(GAP.findall(text)) == (dated if "%(month_name)s" in text else source), entry.msgid


def test_english_has_no_japanese_in_it(catalogue: polib.POFile) -> None:
    """Neither a kana nor a full-width bracket is left over."""
    assert [text for entry in catalogue for text in texts(entry) if JAPANESE.search(text)] == []


def test_the_catalogue_compiles() -> None:
    """What the pages load is made from it, and answers."""
    with CATALOGUE.open("rb") as source:
        catalogue = read_po(source, locale="en")
    compiled = BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    english = Translations(compiled)
    assert english.gettext("支払う") == "Pay"
    assert english.ngettext("%(num)s件", "%(num)s件", 1) != english.ngettext("%(num)s件", "%(num)s件", 2)


def test_a_sum_stays_with_its_word(catalogue: polib.POFile) -> None:
    """In a narrow cell "1,280" and "yen" are not parted."""
    [sentence] = [entry for entry in catalogue if entry.msgid == "%(amount)s円"]
    assert sentence.msgstr == "%(amount)s\u00a0yen"
