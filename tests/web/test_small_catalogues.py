"""繁體中文 and 한국어: whole from signing up to the history, English beyond it, and never a word of Japanese in between."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import polib
import pytest
from flask.testing import FlaskClient
from flask_babel import get_locale
from jinja2 import Environment, nodes

from tests.web.test_translations import CATALOGUE, GAP, extracted
from web.frame import error_classes
from web.i18n import languages_here

ROOT = Path(__file__).parents[2]
FOLDERS = [ROOT / package / "templates" for package in ("identity", "wallet", "web")]
SMALL = ("zh_Hant", "ko")
SCREENS = (
    "scan",
    "number",
    "landing",
    "amount",
    "_waiting",
    "confirm",
    "unknown",
    "not_paid",
    "done",
    "code",
    "_code",
    "consent",
    "detail",
    "history",
)
BEFORE = ("identity/sign_up", "identity/sign_in", "identity/code", "identity/name", "wallet/top_up", "wallet/home")
PATH = (*(f"wallet/{name}.html" for name in SCREENS), *(f"{name}.html" for name in BEFORE), "problem.html", "offline.html", "fault.html")
REFUSALS = re.compile(
    r"E-(0000|100[12467]|110[237]|21(01|03|04|06|07|08|09|10|22)|22(0[1-9]|11|12)|230[1-5]|232[0-3]|2340|303[123]|6221|674[5-8]|711[1-4])"
)
"""What may stand in place of the done page, from the camera on."""

IN_CODE = {"読み取って支払う", "コード表示", "%(amount)s円", "%(month)s月%(day)s日(%(weekday)s)", "金額を入れてください。"}
"""Said by code on this path: the dock, amounts, dates, the field for the amount."""

AT_THE_TILL = {
    "インターネットにつながっていません。つながるまでコインは使えません。現金でお受け取りください。",
    "いまは受け取りを確かめられません。つながると、自動でレジに戻り、その間の受け取りをお知らせします。",
}
"""Stands in shared templates, but is said to shops only."""

KANA = re.compile(r"[\u3040-\u30ff]")


class Walk:
    """Every sentence that some templates show: with what they extend and include, and the very macros that they call."""

    def __init__(self) -> None:
        self._environment = Environment(extensions=["jinja2.ext.i18n"], autoescape=True)
        self._seen: set[tuple[str, str]] = set()

    def template(self, name: str) -> Iterator[str]:
        if (name, "") in self._seen:
            return
        self._seen.add((name, ""))
        tree = self._tree(name)
        yield from self._said(tree, tree.body)  # with its own macros

    def macro(self, name: str, macro: str) -> Iterator[str]:
        if (name, macro) in self._seen:
            return
        self._seen.add((name, macro))
        tree = self._tree(name)
        for node in tree.find_all(nodes.Macro):
            if node.name == macro:
                yield from self._said(tree, [node], of=name)

    def _tree(self, name: str) -> nodes.Template:
        path = next(path for folder in FOLDERS if (path := folder / name).exists())
        return self._environment.parse(path.read_text(encoding="utf-8"))

    def _said(self, tree: nodes.Template, body: list[nodes.Node], *, of: str = "") -> Iterator[str]:
        sources = {name: node.template.value for node in tree.find_all(nodes.FromImport) for name in node.names}  # type: ignore[attr-defined]
        sources |= {node.name: of for node in tree.find_all(nodes.Macro) if of}
        for part in body:
            for call in part.find_all(nodes.Call):
                called = call.node.name if isinstance(call.node, nodes.Name) else ""
                if called in ("_", "gettext") and isinstance(call.args[0], nodes.Const):
                    yield call.args[0].value
                elif called in sources:
                    yield from self.macro(sources[called], called)
        for node in (*tree.find_all(nodes.Extends), *tree.find_all(nodes.Include)):
            if not of and isinstance(node.template, nodes.Const):
                yield from self.template(node.template.value)


@cache
def of_the_path() -> set[str]:
    """What a guest may read from signing up to the history."""
    walk = Walk()
    shown = {said for name in PATH for said in walk.template(name)}
    refused = {kind.text for kind in error_classes() if REFUSALS.fullmatch(kind.number)}
    return (shown | refused | IN_CODE) - AT_THE_TILL


def catalogue(language: str) -> dict[str, str]:
    entries = polib.pofile(str(CATALOGUE.parents[2] / language / "LC_MESSAGES" / "messages.po"))
    assert not [entry for entry in entries if entry.fuzzy or entry.obsolete]
    return {entry.msgid: entry.msgstr for entry in entries}


def test_the_walk_finds_the_path() -> None:
    """From the camera's words to the matching word, through pages, parts and macros, and nothing of the desk."""
    found = of_the_path()
    said = {"枠に入れると、自動で読み取ります", "%(amount)s円を支払う", "お店の画面と同じ合言葉", "暗証番号を決める", "あと %(seconds)s秒"}
    assert said <= found
    assert "残高試算表" not in found and 300 < len(found) < 500


@pytest.mark.parametrize("language", SMALL)
def test_the_path_is_whole(language: str) -> None:
    """Whoever adds a sentence to these pages writes it in each language that they promise."""
    assert sorted(of_the_path() - catalogue(language).keys()) == []
    assert [source for source, text in catalogue(language).items() if not text] == []


@pytest.mark.parametrize("language", SMALL)
def test_nothing_is_kept_that_nobody_says(language: str) -> None:
    """A sentence that has changed takes its translations with it."""
    assert sorted(catalogue(language).keys() - extracted()) == []


@pytest.mark.parametrize("language", SMALL)
def test_gaps_and_money_are_the_same(language: str) -> None:
    """An amount that Japanese names is named here, in the currency's own word; no kana is left over."""
    unit = {"zh_Hant": "日圓", "ko": "엔"}[language]
    for source, text in catalogue(language).items():
        assert set(GAP.findall(source)) == set(GAP.findall(text)), source
        assert source.count("s円") == text.count(f"s{unit}"), source
        assert not KANA.search(text), text


@pytest.mark.parametrize(
    ("accept", "tag", "says"),
    [
        ("zh-TW,zh;q=0.9,en;q=0.8", "zh-Hant", "沒有訊號"),
        ("zh-HK", "zh-Hant", "沒有訊號"),
        ("zh-Hant-TW", "zh-Hant", "沒有訊號"),
        ("ko-KR,ko;q=0.9,en-US;q=0.8", "ko", "신호가 없습니다"),
        ("zh-CN,zh;q=0.9", "en", "No signal"),
        ("zh-CN,zh;q=0.9,ja;q=0.5", "ja", "電波が届いていません"),
        ("fr", "en", "No signal"),
    ],
)
def test_a_guest_s_browser_is_understood(visitor: FlaskClient, accept: str, tag: str, says: str) -> None:
    """As phones from Taiwan, Hong Kong and Korea ask; who asks for what is not here gets English."""
    page = visitor.get("/offline", headers={"Accept-Language": accept}).text
    assert f'<html lang="{tag}"' in page and says in page


@pytest.mark.parametrize("language", ["zh-Hant", "ko"])
@pytest.mark.parametrize("page", ["/desk/", "/group/", "/shop/", "/till/"])
def test_where_people_work_there_are_two_languages(visitor: FlaskClient, page: str, language: str) -> None:
    """No guest's words among English ones: whoever chose one of theirs, or whose browser asks for it, works in English."""
    for asked in ({"query_string": {"lang": language}}, {"headers": {"Accept-Language": f"{language},ja;q=0.5"}}):
        with visitor.application.test_request_context(page, **asked):
            assert str(get_locale()) == "en" and list(languages_here()) == ["ja", "en"]
    with visitor.application.test_request_context("/wallet/", query_string={"lang": language}):
        assert str(get_locale()) == language.replace("-", "_")


@pytest.mark.parametrize("language", ["zh-Hant", "ko"])
def test_what_is_not_translated_is_english(visitor: FlaskClient, language: str) -> None:
    """Beyond the path a guest reads English, not Japanese."""
    page = visitor.get(f"/problems?lang={language}").text
    assert "You cannot do this. Please ask the person in charge." in page
    assert "この操作はできません" not in page
