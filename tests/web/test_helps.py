"""このページの使い方: every page of the desk and of the shop has one, written for that page and for nobody who knows jargon."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from flask import Flask
from jinja2 import ChoiceLoader, DictLoader

from web.helps import Help

ROOT = Path(__file__).parents[2]
HEAD = re.compile(r'{% extends "(?:association/_desk|merchant/_desk|merchant/_till|subsidy/_group)\.html" %}')
FACES_THE_CUSTOMER = re.compile(r"{% set full = (?i:true) %}")
JARGON = re.compile(r"データベース|API|JSON|サーバー|クリック|タップ|アクセス|デフォルト|リスト|ステータス|エラー")
ABOUT_MACHINES = {"association/returned.html"}
"""Pages whose very subject is a machine."""


@pytest.fixture
def helps(app: Flask) -> dict[str, Help]:
    found: dict[str, Help] = app.extensions["meguri.helps"]
    return found


def pages_with_help() -> list[str]:
    """The templates of pages at which somebody works: what faces the customer explains itself in its own words."""
    found = []
    for path in ROOT.glob("*/templates/*/*.html"):
        source = path.read_text(encoding="utf-8")
        if HEAD.search(source) and not FACES_THE_CUSTOMER.search(source):
            found.append(f"{path.parent.name}/{path.name}")
    return sorted(found)


def test_every_page_of_desk_and_shop_says_how_it_is_used(helps: dict[str, Help]) -> None:
    """Whoever adds a page writes its help; whoever removes one takes it along."""
    pages = pages_with_help()
    assert [page for page in pages if page not in helps] == [], "no help yet"
    assert [page for page in helps if not (ROOT / page.split("/")[0] / "templates" / page).exists()] == [], "help without its page"


def test_no_help_is_a_copy_of_another(helps: dict[str, Help]) -> None:
    """What a page is for, and what to do first, is said about that page alone."""
    for words in ([each.what for each in helps.values()], [each.first for each in helps.values()]):
        assert sorted(words) == sorted(set(words))


def test_helps_are_short_and_in_plain_words(helps: dict[str, Help]) -> None:
    """Three to seven sentences, each as short as one reads aloud in one breath, without the words of programmers."""
    for page, each in helps.items():
        whole = f"{each.what}{each.first}{each.careful}{each.ask}"
        sentences = re.findall(r"[^。]+。", whole)
        assert "".join(sentences) == whole, page
        assert 4 <= len(sentences) <= 9, page
        assert max(map(len, sentences)) <= 60, (page, max(sentences, key=len))
        assert page in ABOUT_MACHINES or not JARGON.search(whole), page


def test_what_the_frame_draws_is_the_help_of_the_page_below(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """Folded, at the head, and for the template that was asked for, not for the frame that it extends."""
    monkeypatch.setitem(app.extensions["meguri.helps"], "x/here.html", Help("ログインした", "b", "c", "d"))
    source = '{% extends "x/frame.html" %}{% block content %}below{% endblock %}'
    frame = '{% from "macros.html" import page_help %}{{ page_help(help_of()) }}{% block content %}{% endblock %}'
    env = app.jinja_env.overlay(loader=ChoiceLoader([DictLoader({"x/here.html": source, "x/frame.html": frame}), app.jinja_env.loader]))
    with app.test_request_context("/"):
        drawn = env.get_template("x/here.html").render()
    assert "<summary>" in drawn and drawn.index("ログインした") < drawn.index("below")
