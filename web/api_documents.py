"""The OpenAPI document, for programs and for people, in the reader's language. No script, nothing from elsewhere."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, current_app, jsonify, render_template

from web.i18n import translate

documents = Blueprint("api_documents", __name__, template_folder="templates")
TRANSLATED = frozenset({"summary", "description", "text"})
METHODS = ("get", "post", "put", "patch", "delete")


@dataclass(frozen=True, slots=True)
class Part:
    """One field, header or parameter as the page lists it."""

    name: str
    kind: str
    required: bool
    description: str


@dataclass(frozen=True, slots=True)
class Operation:
    """One method of one address as the page shows it."""

    method: str
    path: str
    summary: str
    description: str
    scope: str
    parameters: list[Part]
    body: list[Part]
    answers: list[tuple[str, str, list[Part]]]  # status, sentence, fields
    refusals: list[dict[str, Any]]

    @property
    def anchor(self) -> str:
        return f"{self.method}{self.path}".replace("/", "-").replace("{", "").replace("}", "")


def in_readers_language(node: Any) -> Any:
    """The document with its sentences in the reader's language."""
    if isinstance(node, dict):
        return {
            name: translate(value) if name in TRANSLATED and isinstance(value, str) and value else in_readers_language(value)
            for name, value in node.items()
        }
    return [in_readers_language(each) for each in node] if isinstance(node, list) else node


def openapi() -> dict[str, Any]:
    """The OpenAPI 3.1 document in the reader's language."""
    document: dict[str, Any] = in_readers_language(current_app.extensions["meguri.api"].spec.to_dict())
    document["servers"] = [{"url": current_app.config["PUBLIC_URL"]}]
    return document


def operations(document: dict[str, Any]) -> list[Operation]:
    """Everything that can be asked, in the order of the addresses."""
    return [
        _operation(document, method, path, methods[method], methods.get("parameters", []))
        for path, methods in document["paths"].items()
        for method in METHODS
        if method in methods
    ]


def _operation(document: dict[str, Any], method: str, path: str, spec: dict[str, Any], shared: list[dict[str, Any]]) -> Operation:
    parameters = [_resolved(document, each) for each in [*shared, *spec.get("parameters", [])]]
    body = spec.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema", {})
    answers = [
        (status, answer.get("description", ""), _parts(document, answer["content"]["application/json"]["schema"]))
        for status, answer in sorted(spec["responses"].items())
        if "application/json" in answer.get("content", {})
    ]
    return Operation(
        method=method,
        path=path,
        summary=spec.get("summary", ""),
        description=spec.get("description", ""),
        scope=spec["security"][0]["bearer"][0],
        parameters=[Part(each["name"], _kind(document, each["schema"]), each.get("required", False), _said(each)) for each in parameters],
        body=_parts(document, body),
        answers=answers,
        refusals=spec["x-refusals"],
    )


def _said(part: dict[str, Any]) -> str:
    return str(part.get("description") or part.get("schema", {}).get("description") or "")


def _resolved(document: dict[str, Any], node: dict[str, Any]) -> dict[str, Any]:
    """What a `$ref` points to."""
    while "$ref" in node:
        target: Any = document
        for name in node["$ref"].removeprefix("#/").split("/"):
            target = target[name]
        node = target
    return node


def _parts(document: dict[str, Any], schema: dict[str, Any], before: str = "") -> list[Part]:
    """The fields of a body, those of lists and inner objects below them with dotted names."""
    schema = _resolved(document, schema)
    found = []
    for name, inner in schema.get("properties", {}).items():
        plain = _resolved(document, inner)
        found.append(Part(before + name, _kind(document, inner), name in schema.get("required", []), _said(inner) or _said(plain)))
        deeper = plain.get("items", plain)
        found += _parts(document, deeper, f"{before}{name}.") if "properties" in _resolved(document, deeper) else []
    return found


def _kind(document: dict[str, Any], schema: dict[str, Any]) -> str:
    """Type, format and range in one short word for people who write programs."""
    schema = _resolved(document, schema)
    types = schema.get("type", "object")
    words = [" | ".join(types) if isinstance(types, list) else str(types)]
    words += [str(schema["format"])] if "format" in schema else []
    if "minimum" in schema or "maximum" in schema:
        words.append(f"{schema.get('minimum', '')}…{schema.get('maximum', '')}")
    words += [" / ".join(map(str, schema["enum"]))] if "enum" in schema else []
    return ", ".join(words)


@documents.get("/api/v1/openapi.json")
def openapi_json() -> Response:
    """The document for programs."""
    return jsonify(openapi())


@documents.get("/api/docs")
def docs() -> str:
    """The document for people."""
    document = openapi()
    problem = _parts(document, {"$ref": "#/components/schemas/Problem"})
    return render_template("api/docs.html", operations=operations(document), problem=problem)
