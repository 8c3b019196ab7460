"""The one place that answers refusals and faults: a page for people, a problem (RFC 9457) for programs.

The family of the error gives the status, its class the code and the sentence, its facts the figures in it.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import quote, urlsplit

from flask import Flask, Response, current_app, g, jsonify, make_response, redirect, render_template, request
from flask_wtf.csrf import CSRFError
from marshmallow import ValidationError
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from werkzeug.exceptions import HTTPException, MethodNotAllowed
from werkzeug.exceptions import NotFound as NoSuchPage
from werkzeug.routing.exceptions import RequestRedirect

from base.errors import Forbidden, Invalid, MeguriError, NotSignedIn, TooMany
from web.errors import BookAway, FormExpired, FormInvalid, MethodUnknown, PageUnknown, RequestUnreadable, TooLarge
from web.forms import Refill, by_field
from web.i18n import in_language, language_tag, translate
from web.logs import log, request_id

WAIT_S = 5
BY_STATUS: dict[int, type[MeguriError]] = {401: NotSignedIn, 403: Forbidden, 404: PageUnknown, 405: MethodUnknown, 413: TooLarge}
MEGABYTE = 1024**2


def wants_json() -> bool:
    """Programs under /api/, and page scripts that ask for JSON."""
    if request.path.startswith("/api/"):
        return True
    accepts = request.accept_mimetypes
    return max(accepts["application/json"], accepts["application/problem+json"]) > accepts["text/html"]


def frame_name() -> str:
    """The frame that this address belongs to: "till", "desk" or "phone"."""
    first = request.path.strip("/").split("/", 1)[0]
    return {"till": "till", "desk": "desk", "shop": "desk", "group": "desk", "components": "desk"}.get(first, "phone")


def sentence(error: MeguriError, *, shop: bool) -> str:
    """What the reader is told, in their language; the shop's side of the counter has its own words."""
    return translate(error.shop_text if shop and error.shop_text else error.text, error.facts)


def problem(error: MeguriError) -> dict[str, Any]:
    """RFC 9457, with our stable code, both languages and the reader's own, and the plain facts for programs."""
    shop = frame_name() == "till"
    texts = {}
    for tag in dict.fromkeys(("ja", "en", language_tag())):
        with in_language(tag):
            texts[tag] = sentence(error, shop=shop)
    body: dict[str, Any] = {
        "type": f"{current_app.config['PUBLIC_URL']}/problems#{error.code}",
        "title": texts["ja"],
        "title_en": texts["en"],
        "status": error.status,
        "code": error.code,
        "number": error.number,
        "retry_helps": error.retry_helps,
        "request_id": request_id(),
        "texts": texts,
        "facts": {
            name: value if isinstance(value, (bool, int, str)) or value is None else str(value) for name, value in error.facts.items()
        },
    }
    fields = error_fields(error)
    if fields:
        body["errors"] = fields
    return body


def error_fields(error: MeguriError) -> dict[str, list[str]]:
    """Sentences by field: of a refused form, or of a refusal that belongs to one field (class attribute `field`)."""
    if isinstance(error, FormInvalid):
        return error.fields
    field = getattr(type(error), "field", None)
    return {field: [sentence(error, shop=False)]} if isinstance(field, str) else {}


def json_answer(error: MeguriError) -> Response:
    answer = jsonify(problem(error))
    answer.status_code = error.status
    answer.mimetype = "application/problem+json"
    return answer


def page_answer(error: MeguriError) -> Response:
    """The sentence as heading and text, what can be done now, the number small at the end."""
    frame = frame_name()
    said = sentence(error, shop=frame == "till")
    heading, rest = split_sentence(said)
    values = {"error": error, "heading": heading, "rest": rest, "request_id": request_id()}
    if isinstance(error, BookAway):
        return make_response(render_template("fault.html", **values), error.status)  # the frame would ask the database
    page = render_template(
        "problem.html",
        frame=frame,
        fields=error_fields(error),
        back_href=_way_back(),
        sign_in_href=sign_in_address(),
        **values,
    )
    return make_response(page, error.status)


def split_sentence(said: str) -> tuple[str, str]:
    """The first sentence as a heading, without its full stop, and the rest."""
    for stop in ("。", ". "):
        heading, mark, rest = said.partition(stop)
        if mark:
            return heading, rest.strip()
    return said.removesuffix("."), ""


def _way_back() -> str:
    """The page that the refusal came from, as it was: whom a sale is for stands in its query."""
    path, query = came_from(), urlsplit(request.referrer or "").query
    return "/" if path is None else f"{path}?{query}" if query else path


def came_from() -> str | None:
    """The path of the page of ours that sent this request, if the browser says so."""
    place = urlsplit(request.referrer or "")
    return place.path or None if place.netloc == request.host else None


def form_again(error: MeguriError, fields: dict[str, list[str]]) -> Response | None:
    """The page that holds the form, with what was typed and what is wrong; None if no such page is found.

    It lies at the address that was posted to, else where the browser came from.
    """
    if request.method != "POST" or "refill" in g:
        return None
    adapter = current_app.create_url_adapter(request)
    for path in (request.path, came_from()):
        if path is None or adapter is None:
            continue
        try:
            endpoint, values = adapter.match(path, method="GET")
        except (HTTPException, RequestRedirect):
            continue
        if endpoint == request.endpoint:
            continue
        g.refill = Refill(values=dict(request.form.lists()), errors=fields)
        try:
            answer = make_response(current_app.ensure_sync(current_app.view_functions[endpoint])(**values))
        except MeguriError as closed:  # whoever may not open the page gets no form of it, and hears that instead
            return page_answer(closed)
        if answer.status_code == 200:
            answer.status_code = error.status
        return answer
    return None


def refuse(error: MeguriError) -> Response:
    """Answer any refusal of the product."""
    session = g.get("session")
    if session is not None:
        session.rollback()  # the refused work is over; what the page reads now, it reads afresh
    if error.status >= 500:
        log.warning("refused", code=error.code, number=error.number)
    if wants_json():
        answer = json_answer(error)
    elif isinstance(error, NotSignedIn) and request.method == "GET":
        return make_response(redirect(sign_in_address(), 303))
    else:
        fields = error_fields(error)
        answer = (form_again(error, fields) if fields else None) or page_answer(error)
    if isinstance(error, TooMany):
        answer.headers["Retry-After"] = str(error.facts.get("seconds", WAIT_S))
    elif error.status == 503:
        answer.headers["Retry-After"] = str(WAIT_S)
    return answer


def sign_in_address() -> str:
    """Where to sign in, and come back from: a path of ours only, never another host."""
    address: str = current_app.config["SIGN_IN"](request.path)
    return address


def default_sign_in(path: str) -> str:
    """A tablet is paired, a person signs in."""
    return "/till/pair" if path.startswith("/till") else f"/sign-in?next={quote(path)}"


def refuse_form(_error: CSRFError) -> Response:
    return refuse(FormExpired())


def refuse_values(error: ValidationError) -> Response:
    """marshmallow's own error from a border: the API's, where no form was read."""
    return refuse(FormInvalid(by_field(error.messages)))


def refuse_database(error: DBAPIError | PoolTimeout) -> Response:
    """The server is away or full: not now. Anything else that it says is our fault and stays one."""
    broken = isinstance(error, (OperationalError, InterfaceError, PoolTimeout)) or getattr(error, "connection_invalidated", False)
    if not broken:
        return fault(error)
    log.error("database away", kind=type(error).__name__)
    return refuse(BookAway())


def refuse_http(error: HTTPException) -> Response:
    """Werkzeug's words (no such page, too large, …) and the API's 422, in ours."""
    if error.response is not None or (error.code or 500) < 400:
        return make_response(error.get_response())
    messages = getattr(error, "data", {}).get("messages") if isinstance(getattr(error, "data", None), dict) else None
    if messages is not None:
        bodies = messages.values() if isinstance(messages, dict) else [messages]
        fields = {name: sentences for body in bodies for name, sentences in by_field(body).items()}
        return refuse(FormInvalid(fields))
    if isinstance(error, (NoSuchPage, MethodNotAllowed)) or error.code in BY_STATUS:
        answer = refuse(TooLarge(most=_most()) if error.code == 413 else BY_STATUS[error.code or 404]())
        if isinstance(error, MethodNotAllowed) and error.valid_methods:
            answer.headers["Allow"] = ", ".join(error.valid_methods)
        return answer
    if (error.code or 500) >= 500:
        return fault(error)
    return refuse(RequestUnreadable() if error.code == 400 else Invalid())


def _most() -> str:
    """How large a request to this door may be: 11 MB, or 97 kB."""
    most = request.max_content_length or 0
    return f"{most // MEGABYTE} MB" if most >= MEGABYTE else f"{most // 1024} kB"


def fault(error: BaseException) -> Response:
    """Something that nobody foresaw: logged whole, shown as a plain page with the number to report."""
    log.error("fault", page=request.url_rule.rule if request.url_rule else None, exc_info=error)
    session = g.get("session")
    if session is not None:
        session.rollback()
    if wants_json():
        return json_answer(MeguriError())
    return make_response(render_template("fault.html", request_id=request_id(), error=MeguriError()), 500)


def register(app: Flask) -> None:
    """Answer every refusal and fault of `app` here. Views catch nothing."""
    app.register_error_handler(MeguriError, refuse)
    app.register_error_handler(CSRFError, refuse_form)
    app.register_error_handler(ValidationError, refuse_values)
    app.register_error_handler(DBAPIError, refuse_database)
    app.register_error_handler(PoolTimeout, refuse_database)
    app.register_error_handler(HTTPException, refuse_http)
    app.register_error_handler(500, lambda error: fault(getattr(error, "original_exception", None) or error))
