"""このページの使い方: a few plain sentences for each page, kept by the template that draws it.

    pages.record_once(lambda state: helps.add(state.app, HELPS))

The frame shows them at the same place on every page (macros.html, `page_help`): closed, by the keyboard as well, never on paper.
Whoever adds a page of the desk or of the shop writes its help in the package's `helps`; a test walks the templates.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from flask import Flask, current_app
from jinja2 import pass_context
from jinja2.runtime import Context

from base.errors import N_

NOTHING_CHANGES = N_("見るためのページです。開いても、お金も記録も変わりません。")
"""`careful` of a page that is for looking."""


@dataclass(frozen=True, slots=True)
class Help:
    """What the page is for; what to do first; what cannot be undone, or how it can be; whom to ask. Marked with N_ where written."""

    what: str
    first: str
    careful: str
    ask: str


def add(app: Flask, helps: Mapping[str, Help]) -> None:
    """Helps by the template's name, once, while the application is made."""
    known = app.extensions.setdefault("meguri.helps", {})
    assert not known.keys() & helps.keys(), known.keys() & helps.keys()
    known.update(helps)


@pass_context
def help_of(context: Context) -> Help | None:
    """The help of the page that is being drawn, whichever address it is shown at."""
    found: Help | None = current_app.extensions.get("meguri.helps", {}).get(context.name)
    return found
