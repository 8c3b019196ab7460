"""Writes errors.md and undo.md here, and the table in docs/operations/controls.md: `python -m docs.reference.generate`. A test compares."""

from __future__ import annotations

from pathlib import Path

from babel.messages.pofile import read_po

import wsgi
from association import titles
from association.consequences import CONSEQUENCES, Consequence
from association.queries import CONTROLS
from association.rules.controls import readable
from base.errors import MeguriError

HERE = Path(__file__).parent
CATALOGUE = HERE.parent.parent / "web" / "translations" / "en" / "LC_MESSAGES" / "messages.po"

HEAD = """# Every refusal

Generated from the classes by `python -m docs.reference.generate`; do not edit. `code` is for programs and never changes, the number
is what people read out over the telephone, *again* says whether sending the same once more can help. Gaps such as `%(limit)s` are
filled with the figures of the case. Where the shop's side of the counter reads another sentence, it follows after 「お店」.

| number | code | status | again | sentence | when |
| --- | --- | --- | --- | --- | --- |
"""


def errors() -> list[type[MeguriError]]:
    """Every class of refusal that the product knows, by number."""
    assert wsgi.create_app  # imports every package, so that their classes exist
    found: set[type[MeguriError]] = set()
    queue: list[type[MeguriError]] = [MeguriError]
    while queue:
        kind = queue.pop()
        queue.extend(kind.__subclasses__())
        if not kind.__module__.startswith("tests"):
            found.add(kind)
    return sorted(found, key=lambda kind: (kind.number, kind.code))


def english() -> dict[str, str]:
    """The English catalogue; empty before there is one."""
    if not CATALOGUE.exists():
        return {}
    with CATALOGUE.open("rb") as file:
        found = (message for message in read_po(file) if message.string and not message.fuzzy)
        return {_one(message.id, 0): _one(message.string, -1) for message in found}


def _one(words: str | tuple[str, ...] | list[str], place: int) -> str:
    """The text itself, or of a text with a plural the one at `place`."""
    return words if isinstance(words, str) else words[place]


def page() -> str:
    """The whole document."""
    words = english()
    rows = []
    for kind in errors():
        sentences = [kind.text, words.get(kind.text, "")]
        if kind.shop_text:
            sentences += [f"お店: {kind.shop_text}", words.get(kind.shop_text, "")]
        when = (kind.__doc__ or "").split("\n\n")[0].replace("\n", " ")
        cells = (
            kind.number,
            f"`{kind.code}`",
            str(kind.status),
            "yes" if kind.retry_helps else "no",
            "<br>".join(filter(None, sentences)),
            when,
        )
        rows.append("| " + " | ".join(" ".join(cell.replace("|", "\\|").split()) for cell in cells) + " |")
    return HEAD + "\n".join(rows) + "\n"


CONTROLS_PAGE = HERE.parent / "operations" / "controls.md"
BEGIN, END = "<!-- controls: written by docs.reference.generate -->\n", "<!-- end -->\n"
EVERY = {60: "minute", 600: "ten minutes", 86_400: "night"}


def controls() -> str:
    """The table of the daily controls, in English, as docs/operations/controls.md carries it."""
    words = english()
    rows = [
        "| control | what is measured | look from | act from | every | who | what to do |",
        "| --- | --- | --- | --- | --- | --- | --- |",
    ]
    for each in CONTROLS:
        limits = ["" if limit is None else _limit(limit, each.unit, words) for limit in (each.look, each.act)]
        says, advice = words.get(each.says, each.says), words.get(each.advice, each.advice)
        cells = (f"`{each.name}` {words.get(each.title, '')}<br>{each.title}", says, *limits, EVERY[int(each.every.total_seconds())])
        rows.append("| " + " | ".join((*cells, each.owner, advice)) + " |")
    return "\n".join(rows) + "\n"


def _limit(limit: int, unit: str, words: dict[str, str]) -> str:
    n, unit = readable(limit, unit)
    word = words.get(titles.CONTROL_UNITS[unit], "")
    return f"{n:,} {word.removesuffix('s') if n == 1 else word}"


def controls_page() -> str:
    """docs/operations/controls.md with its table anew."""
    before, rest = CONTROLS_PAGE.read_text(encoding="utf-8").split(BEGIN)
    return before + BEGIN + controls() + END + rest.split(END)[1]


UNDO_HEAD = """# Undo, and what would happen

Generated from `association/consequences.py` by `python -m docs.reference.generate`; do not edit. Every command of the desk and of the shop
only looks, can be undone, is a setting that is set again, waits for a second person, or says on its page, beside the button, what it does.

| command | what is done | if it was a mistake |
| --- | --- | --- |
"""


def undo() -> str:
    """docs/reference/undo.md."""
    words = english()
    rows = []
    for name, each in sorted(CONSEQUENCES.items()):
        done = titles.COMMANDS.get(name, "")
        said = f"{words.get(done, '')}<br>{done}" if done else ""
        rows.append(f"| `{name}` | {said} | {_mistake(each)} |")
    return UNDO_HEAD + "\n".join(rows) + "\n"


def _mistake(each: Consequence) -> str:
    way = each.way.value
    if each.by:
        return f"{way}, {each.until} (`{each.by}`): 「{each.words}」"
    return f"{way}: 「{each.words}」" if each.words else way


if __name__ == "__main__":
    (HERE / "undo.md").write_text(undo(), encoding="utf-8")
    (HERE / "errors.md").write_text(page(), encoding="utf-8")
    CONTROLS_PAGE.write_text(controls_page(), encoding="utf-8")
