"""What the buttons say: nothing is filed from here, so no button promises it."""

from __future__ import annotations

import re
from pathlib import Path

import polib

import subsidy
import web
from subsidy.item_titles import ITEMS, PROGRAMS, SOURCES
from subsidy.rules.calls import call_of
from subsidy.rules.others import frames

TEMPLATES = Path(subsidy.__file__).parent / "templates"
CATALOGUE = Path(web.__file__).parent / "translations" / "en" / "LC_MESSAGES" / "messages.po"
BUTTON = re.compile(r"(?:(?:button|link_button|page_link)\(|<(?:button|a)\b[^>]*>\s*{{|{% set words = ).*?(?=url_for|}}|%})")
WORDS = re.compile(r'_\("([^"]+)"')


def test_no_button_says_that_something_is_filed() -> None:
    """The authority's portal files; ours says 提出用にまとめる, and in English never Submit or File."""
    english = {entry.msgid: entry.msgstr for entry in polib.pofile(str(CATALOGUE))}
    pages = [path.read_text(encoding="utf-8") for path in TEMPLATES.rglob("*.html")]
    words = {word for page in pages for button in BUTTON.findall(page) for word in WORDS.findall(button)}
    assert {"ここでする", "提出用にまとめる（ZIP）"} <= words  # the walk sees buttons at all
    assert not [word for word in words if re.search(r"提出(?!用)|申請する$", word)]
    assert not [word for word in words if re.match(r"(Submit|File)\b(?! ?[:(])", english.get(word, ""))]


def test_what_the_tables_of_calls_name_is_in_english_too() -> None:
    """A new item or frame of a table is marked to be translated, and is."""
    english = {entry.msgid: entry.msgstr for entry in polib.pofile(str(CATALOGUE))}
    call = call_of()
    shown = {*(item.name for item in call.items.values()), call.title, *(word for each in frames() for word in (each.title, each.short))}
    told = {each.source for each in call.sources.values()} | {each.source for frame in frames() for each in frame.told.values()}
    shown |= {source.partition(": ")[0] for source in told | {call.because}}
    assert shown <= {*ITEMS, *PROGRAMS, *SOURCES}
    assert not [word for word in shown if not word.isascii() and not english.get(word)]
