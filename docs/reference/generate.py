"""Writes docs/reference/errors.md from the error classes: `python -m docs.reference.generate`. A test compares."""

from __future__ import annotations

from pathlib import Path

from babel.messages.pofile import read_po

import wsgi
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
        return {str(message.id): str(message.string) for message in read_po(file) if message.string and not message.fuzzy}


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


if __name__ == "__main__":
    (HERE / "errors.md").write_text(page(), encoding="utf-8")
