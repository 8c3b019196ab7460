"""The frame of the JSON API: bearer tokens, idempotency keys, cursors, problems (RFC 9457), and the OpenAPI document.

A package's `api.py` exposes `api = Blueprint(...)` of flask-smorest and marks each resource; `operation` stands
right below `route`, and a view that writes takes its idempotency key as `key`:

    @api.route("/requests", methods=["POST"])
    @operation(api, N_("お会計を作る"), scope="requests:write", writes=True, refuses=(ShopSuspended, AmountTooLarge))
    @api.arguments(AskSchema)
    @api.response(201, RequestSchema)
    def make_request(order: dict, *, key: UUID): ...

The composition root calls `setup` once, after `web.setup`, with the blueprints and with whom a token stands for.
"""

from __future__ import annotations

import binascii
import re
import struct
import unicodedata
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Iterable, Sequence
from functools import wraps
from typing import Any, ClassVar

from flask import Flask, Response, current_app, g, request
from flask_smorest import Api, Blueprint
from flask_smorest.utils import prepare_response
from marshmallow import Schema, fields, validate
from sqlalchemy.orm import Session
from werkzeug.exceptions import HTTPException

from base.errors import N_, Forbidden, MeguriError, NotSignedIn, TooMany
from base.yen import YEN_MAX
from web.api_documents import documents
from web.fields import Key
from web.i18n import _l
from web.pace import Pace
from web.problems import refuse_http

PREFIX = "/api/v1"
PROBLEM = "application/problem+json"
ID = "int(min=1, max=9007199254740991)"
"""Converter of a number in an address: what a browser counts exactly, so that nothing overflows in the database."""
PAGE_MAX = 200
REQUESTS_PER_SECOND, BURST = 10, 60
"""What one token, or one address without a token, may send; each server process counts for itself."""

FindBearer = Callable[[Session, Any, str | None, str], Any]
"""(session, district, token, address) → the principal whom the token admits, or nobody."""


class ProblemSchema(Schema):
    """RFC 9457. `code` is stable; the sentences stand in both languages; `facts` are the figures in them."""

    type = fields.String(required=True, metadata={"format": "uri", "description": N_("この断りの説明のURL")})
    title = fields.String(required=True, metadata={"description": N_("日本語の文")})
    title_en = fields.String(required=True, metadata={"description": N_("英語の文")})
    status = fields.Integer(required=True)
    code = fields.String(required=True, metadata={"description": N_("プログラムが見分けるための、変わらない記号")})
    number = fields.String(required=True, metadata={"description": N_("電話で伝えるための番号")})
    retry_helps = fields.Boolean(required=True, metadata={"description": N_("同じものをもう一度送れば通ることがあるか")})
    request_id = fields.String(required=True, allow_none=True)
    texts = fields.Dict(keys=fields.String(), values=fields.String(), required=True)
    facts = fields.Dict(keys=fields.String(), required=True, metadata={"description": N_("文の中の値。金額は円の整数")})
    errors = fields.Dict(
        keys=fields.String(), values=fields.List(fields.String()), metadata={"description": N_("項目ごとの文（422のとき）")}
    )


class WriteHeaders(Schema):
    """What every write carries: one key for each intention. The same key with the same content answers the same."""

    key = Key(
        required=True,
        data_key="Idempotency-Key",
        metadata={"description": N_("1つの操作に1つのUUID。答えが届かなかったら、同じキーで同じ内容を送り直します。二重にはなりません")},
    )


UNREADABLE = frozenset({"Cc", "Cf", "Co", "Cs", "Cn", "Zl", "Zp"})


def is_plain(text: str) -> bool:
    """Whether `text` is one line that people can read and the database can keep: no control or direction signs, no half
    characters. A full-width blank is one."""
    return all(unicodedata.category(sign) not in UNREADABLE for sign in text)


class PlainText(fields.String):
    """One line of text that the book can keep."""

    default_error_messages: ClassVar[dict[str, Any]] = {"unprintable": _l("使えない文字があります。")}

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        text = super()._deserialize(value, attr, data, **kwargs)
        if text is not None and not is_plain(text):
            raise self.make_error("unprintable")
        return str(text)


class WholeYen(fields.Integer):
    """Whole yen in JSON: an integer and nothing else. 500.9, "500" and true are errors, not 500 and 1."""

    default_error_messages: ClassVar[dict[str, Any]] = {"invalid": _l("金額は、円の単位の整数で入れてください。")}

    def __init__(self, *, least: int = 1, most: int = YEN_MAX, **kwargs: Any) -> None:
        super().__init__(strict=True, validate=validate.Range(least, most), **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> int:
        if type(value) is not int:
            raise self.make_error("invalid", input=value)
        return value


class Cursor(fields.Field[tuple[int, int]]):
    """Where a page ends, opaque to the caller: (position, transaction id) of its last line."""

    default_error_messages: ClassVar[dict[str, Any]] = {"invalid": _l("カーソルは、前のページの next_cursor をそのまま送ってください。")}
    TEXT = re.compile(r"[A-Za-z0-9_-]{22}")

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> tuple[int, int]:
        if not isinstance(value, str) or not self.TEXT.fullmatch(value):
            raise self.make_error("invalid")
        try:
            position, transaction_id = struct.unpack(">qq", urlsafe_b64decode(value + "=="))
        except (binascii.Error, struct.error) as error:
            raise self.make_error("invalid") from error
        if cursor((position, transaction_id)) != value:
            raise self.make_error("invalid")  # two texts for one place: the last sign carries spare bits
        return position, transaction_id


def cursor(place: tuple[int, int] | None) -> str | None:
    """The text of a place in a list, for `next_cursor`; None at the end."""
    return None if place is None else urlsafe_b64encode(struct.pack(">qq", *place)).decode().rstrip("=")


class PageArguments(Schema):
    """Where to go on, and how much at once."""

    cursor = Cursor(metadata={"type": "string", "pattern": "^[A-Za-z0-9_-]{22}$", "description": N_("前のページの next_cursor")})
    limit = fields.Integer(load_default=50, validate=validate.Range(1, PAGE_MAX), metadata={"description": N_("1ページの件数")})


def operation(
    api: Blueprint,
    summary: str,
    *,
    scope: str,
    writes: bool = False,
    refuses: Iterable[type[MeguriError]] = (),
    description: str = "",
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Guard a resource by scope and pace, read its idempotency key where it `writes`, and document all of it.

    `summary` and `description` are marked with N_; `refuses`: what its door may answer besides the common refusals.
    """

    def decorate(view: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(view)
        def with_key(headers: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
            return view(*args, key=headers["key"], **kwargs)

        inner = api.arguments(WriteHeaders, location="headers")(with_key) if writes else view

        @wraps(inner)
        def guarded(*args: Any, **kwargs: Any) -> Any:
            must_have(scope)
            return inner(*args, **kwargs)

        common: set[type[MeguriError]] = {NotSignedIn, Forbidden, TooMany}
        kinds = sorted(common | set(refuses), key=lambda kind: kind.number)
        facts = [{"code": kind.code, "number": kind.number, "status": kind.status, "text": kind.text} for kind in kinds]
        documented = api.doc(
            summary=summary, description=description, security=[{"bearer": [scope]}], operationId=view.__name__, **{"x-refusals": facts}
        )(guarded)
        for status in sorted({kind.status for kind in kinds} - {422}):
            documented = api.alt_response(status, schema=ProblemSchema, content_type=PROBLEM, success=False)(documented)
        return documented

    return decorate


def must_have(scope: str) -> None:
    """Raises NotSignedIn without a living token, Forbidden if it lacks `scope`."""
    if g.who is None or not g.who.is_somebody:
        raise NotSignedIn
    if scope not in g.who.scopes:
        raise Forbidden


class ProblemApi(Api):
    """flask-smorest, with every error documented and answered as application/problem+json."""

    ERROR_SCHEMA = ProblemSchema

    def handle_http_exception(self, error: HTTPException) -> Response:
        return refuse_http(error)

    def _register_error_handlers(self) -> None:
        """`web.problems` answers for the whole application, and has been registered before."""

    def _register_responses(self) -> None:
        """The components that operations refer to by name, as problems."""
        sentences = {"UNPROCESSABLE_ENTITY": N_("入力を確かめてください。"), "DEFAULT_ERROR": N_("そのほかの断りや不具合")}
        for name, sentence in sentences.items():
            response: dict[str, Any] = {"description": sentence, "schema": self.ERROR_SCHEMA}
            prepare_response(response, self.spec, PROBLEM)
            self.spec.components.response(name, response, lazy=True)


def setup(app: Flask, blueprints: Sequence[Blueprint], find_bearer: FindBearer, *, version: str = "1") -> ProblemApi:
    """Put the API under /api/v1 and its documents beside it. Nobody is asked for a cookie there: only for a token."""
    app.config.setdefault("API_TITLE", "Meguri")
    app.config.setdefault("API_VERSION", version)
    app.config.setdefault("OPENAPI_VERSION", "3.1.0")
    app.before_request(lambda: _recognise(find_bearer))
    app.after_request(_ask_for_token)
    app.extensions["meguri.api.pace"] = Pace(REQUESTS_PER_SECOND, BURST)
    api = app.extensions["meguri.api"] = ProblemApi(app)
    api.spec.components.security_scheme("bearer", {"type": "http", "scheme": "bearer", "description": N_("組合が発行するAPIトークン")})
    for blueprint in blueprints:
        api.register_blueprint(blueprint, url_prefix=PREFIX)
    app.register_blueprint(documents)
    return api


def _recognise(find_bearer: FindBearer) -> None:
    """Whom the bearer token admits; a cookie opens nothing here, so no other site can borrow it."""
    if not request.path.startswith(f"{PREFIX}/") or request.url_rule is None or request.blueprint == documents.name:
        return  # the documents are for everybody
    address = request.remote_addr or ""
    scheme, _space, token = request.headers.get("Authorization", "").partition(" ")
    g.who = find_bearer(g.session, g.district, token.strip() if scheme.lower() == "bearer" else None, address)
    caller = f"token {g.who.api_token_id}" if g.who.is_somebody else f"address {address}"
    pace: Pace = current_app.extensions["meguri.api.pace"]
    wait_s = pace.wait_s(f"{g.who.district_id} {caller}", g.clock())
    if wait_s:
        raise TooMany(seconds=wait_s)


def _ask_for_token(response: Response) -> Response:
    if response.status_code == 401 and request.path.startswith(f"{PREFIX}/"):
        response.headers["WWW-Authenticate"] = "Bearer"
    return response
