"""Forms: what a page sent becomes a command value, or a list of sentences beside the fields.

A form that is refused is shown again by the page that it came from, with what was typed; `web.problems`
does that, a view never catches anything.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from flask import g, request
from marshmallow import Schema, ValidationError

from web import fields as _fields  # noqa: F401  marshmallow learns our words on import
from web.errors import FormInvalid
from web.i18n import translate

View = TypeVar("View", bound=Callable[..., Any])

FRAME_FIELDS = frozenset({"csrf_token", "when_unknown", "pasted"})


@dataclass(frozen=True, slots=True)
class Refill:
    """What was typed, and what is wrong with it, for the second showing of a form."""

    values: dict[str, list[str]] = field(default_factory=dict)
    errors: dict[str, list[str]] = field(default_factory=dict)


def flat(messages: Any) -> list[str]:
    """Every sentence in marshmallow's nest of lists and dicts, in order."""
    if isinstance(messages, dict):
        return [sentence for inner in messages.values() for sentence in flat(inner)]
    if isinstance(messages, list):
        return [sentence for inner in messages for sentence in flat(inner)]
    return [translate(str(messages))]


def by_field(messages: Any) -> dict[str, list[str]]:
    """marshmallow's messages as sentences by field; what belongs to none is under `_schema`."""
    if isinstance(messages, dict):
        return {str(name): flat(inner) for name, inner in messages.items()}
    return {"_schema": flat(messages)}


def load(schema: type[Schema] | Schema, **extra: Any) -> Any:
    """What the schema makes of the posted form; `extra` adds values that come from the address.

    A field given more than once arrives as a list where the schema wants one. Raises FormInvalid.
    """
    plan = schema() if isinstance(schema, type) else schema
    sent: dict[str, Any] = {}
    for name, values in request.form.lists():
        if name not in FRAME_FIELDS:
            many = name in plan.load_fields and hasattr(plan.load_fields[name], "inner")
            sent[name] = values if many else values[-1]
    try:
        return plan.load({**sent, **extra})
    except ValidationError as error:
        raise FormInvalid(by_field(error.messages)) from error


def sent_rows(most_bytes: int) -> tuple[str, bytes]:
    """What `rows_field` (macros.html) sent: the file's name and content, or no name and what was pasted. One byte too many at most."""
    sent = request.files.get("file")
    if sent and sent.filename:
        return sent.filename, sent.read(most_bytes + 1)
    return "", request.form.get("pasted", "").encode()[: most_bytes + 1]


def takes_files(most_bytes: int) -> Callable[[View], View]:
    """A view whose form brings a file: so many bytes are read before it is refused, instead of the frame's."""

    def mark(view: View) -> View:
        view.body_max_bytes = most_bytes  # type: ignore[attr-defined]
        return view

    return mark


def refill() -> Refill:
    """The refused form that this page is showing again; empty at the first showing."""
    found = g.get("refill")
    return found if isinstance(found, Refill) else Refill()


def form_value(name: str, default: Any = "") -> Any:
    """What stands in the field: what was typed before the refusal, else `default`."""
    typed = refill().values.get(name)
    return typed[-1] if typed else default


def form_values(name: str) -> Sequence[Any]:
    """The same of a field that stands on the page several times, in its order; empty at the first showing."""
    return refill().values.get(name, ())


def form_errors(name: str) -> list[str]:
    """What is wrong with the field, in the reader's language."""
    return refill().errors.get(name, [])


def all_errors() -> dict[str, list[str]]:
    """Everything that is wrong with the form that is shown again."""
    return refill().errors
