"""What every answer carries: headers, request ids, choices of the reader, built files, health."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from flask import Flask, g
from flask.testing import FlaskClient

from web import i18n
from web.i18n import day, month, time_of_day, when, yen
from web.navigation import Link, add, current, links


def test_pages_may_load_only_what_is_ours(visitor: FlaskClient) -> None:
    """No inline script or style, no other host, no stranger's frame round our pages."""
    headers = visitor.get("/form").headers
    policy = dict(part.split(" ", 1) for part in headers["Content-Security-Policy"].split("; "))
    assert policy["default-src"] == "'none'"
    assert not any("unsafe-inline" in sources or "'unsafe-eval'" in sources for sources in policy.values())
    assert policy["frame-ancestors"] == "'self'"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert "camera=(self)" in headers["Permissions-Policy"]
    assert headers["Strict-Transport-Security"].startswith("max-age=")
    assert headers["Cache-Control"] == "no-store"


def test_no_page_of_the_frame_breaks_its_own_policy(visitor: FlaskClient) -> None:
    """An inline style or handler would be ignored by the browser: there is none."""
    for page in ("desk", "phone", "confirm", "done", "code", "scan", "till", "face", "arrived"):
        html = visitor.get(f"/components?page={page}").text
        assert ' style="' not in html and " onclick=" not in html and "<style" not in html
        assert "<script>" not in html


def test_cookies_are_for_the_server_alone(visitor: FlaskClient) -> None:
    """The form cookie is HttpOnly, Secure and SameSite=Lax."""
    cookie = visitor.get("/form").headers["Set-Cookie"]
    assert cookie.startswith("meguri_form=") and "HttpOnly" in cookie and "Secure" in cookie and "SameSite=Lax" in cookie


@pytest.mark.parametrize(("given", "kept"), [("abcDEF-123_x", True), ("x; DROP", False), ("short", False)])
def test_the_proxys_request_id_is_kept_if_it_is_plain(visitor: FlaskClient, given: str, kept: bool) -> None:
    """One id goes through proxy, log and page; nothing that could forge a log line."""
    assert (visitor.get("/livez", headers={"X-Request-Id": given}).headers["X-Request-Id"] == given) is kept


def test_logs_name_the_page_and_nobody(visitor: FlaskClient, capsys: pytest.CaptureFixture[str]) -> None:
    """One JSON object a request: the address's pattern, never what was filled in, nor the query."""
    visitor.get("/form?who=hanako@example.jp")
    said = map(json.loads, capsys.readouterr().err.splitlines())
    line = next(line for line in said if line["event"] == "request")  # lines of other tests' threads may stand before it
    assert (line["event"], line["page"], line["method"], line["status"]) == ("request", "/form", "GET", 200)
    assert "hanako" not in json.dumps(line)


def test_health_tells_the_process_from_its_database(visitor: FlaskClient) -> None:
    """Alive without a database, ready only with it."""
    assert visitor.get("/livez").status_code == 200
    assert visitor.get("/healthz").status_code == 503


def test_health_is_ready_with_its_database(client: FlaskClient) -> None:
    """The whole product, with the test's PostgreSQL."""
    assert client.get("/healthz").get_json()["status"] == "ready"


@pytest.mark.parametrize(
    ("address", "accept", "language"),
    [
        ("/offline", "", "ja"),
        ("/offline", "ja,en;q=0.5", "ja"),
        ("/offline", "en-GB,en", "en"),
        ("/offline", "fr", "en"),
        ("/offline?lang=en", "ja", "en"),
    ],
)
def test_the_language_is_the_readers(visitor: FlaskClient, address: str, accept: str, language: str) -> None:
    """Japanese unless the reader or their browser asks for something else."""
    answer = visitor.get(address, headers={"Accept-Language": accept} if accept else {})
    assert f'<html lang="{language}"' in answer.text


def test_choices_are_remembered(visitor: FlaskClient) -> None:
    """Language, brightness, size of text and covered amounts stay chosen, and are there before any script."""
    visitor.get("/offline?lang=en&theme=dark&text=large&amounts=hidden")
    assert '<html lang="en" data-theme="dark" data-text="large" data-amounts="hidden">' in visitor.get("/offline").text
    visitor.get("/offline?lang=ja&theme=auto&text=normal&amounts=shown")
    assert '<html lang="ja">' in visitor.get("/offline").text
    visitor.get("/offline?theme=%22%3E%3Cscript%3E")
    assert '<html lang="ja">' in visitor.get("/offline").text


def test_amounts_and_moments_are_written_as_the_guide_says(frame: Flask) -> None:
    """1,280円, U+2212 for minus, 11月24日(火) 12:41 in Tokyo, the year only where it is another one."""
    moment = datetime(2026, 11, 24, 3, 41, 8, tzinfo=UTC)
    with frame.test_request_context():
        g.clock = lambda: moment
        assert (yen(1280), yen(-1480), yen(0)) == ("1,280円", "−1,480円", "0円")
        assert when(moment) == "11月24日(火) 12:41"
        assert when(moment, seconds=True) == "11月24日(火) 12:41:08"
        assert day(datetime(2025, 12, 31, 15, 0, tzinfo=UTC)) == "1月1日(木)"
        assert day(datetime(2025, 12, 31, 14, 59, tzinfo=UTC)) == "2025年12月31日(水)"
        assert time_of_day(datetime(2026, 11, 24, 0, 5, tzinfo=UTC)) == "9:05"
        assert month(2026, 11) == "2026年11月"
        assert i18n.translate("あと %(left)s回", {"left": 1234}) == "あと 1,234回"
        assert i18n.translate("あと %(left)s回", {}) == "あと —回"


def test_a_telephone_number_can_be_called(frame: Flask) -> None:
    """Each number of a line is one link for a finger; what else stands there is text, whatever it is."""
    assert i18n.dial("案内所 0761-00-0000（9時から18時）<b>") == (
        '案内所 <a class="tel" href="tel:0761000000">0761-00-0000</a>（9時から18時）&lt;b&gt;'
    )
    assert i18n.dial("石川県湯の端1-1") == "石川県湯の端1-1"


@pytest.mark.parametrize(("language", "written"), [("ja", "a・b"), ("en", "a · b"), ("ko", "a · b")])
def test_what_stands_between_two_facts_is_the_languages_own(frame: Flask, language: str, written: str) -> None:
    """The Japanese dot of a template is no English sign; inside a sentence of the catalogue it stays what it is."""
    with frame.test_request_context(f"/?lang={language}"):
        assert frame.jinja_env.from_string("a・{{ 'b' }}").render() == written
        assert frame.jinja_env.from_string("{{ 'a・b' }}").render() == "a・b"


def test_a_link_stands_where_its_page_is(frame: Flask) -> None:
    """The longest address that the page lies under is marked; what the reader may not see is not there."""
    add(frame, "desk.side", Link("gear", "設定", "/desk/settings", visible=lambda: False))
    with frame.test_request_context("/till/sales/12"):
        assert current("till.rail") == "/till/sales"
    with frame.test_request_context("/till/"):
        assert current("till.rail") == "/till/"
    add(frame, "till.rail", Link("gear", "設定", "/till/setup", also=("/till/printer",)))
    for path, lies_under in (("/till/printer/1", "/till/setup"), ("/till/printers", "/till/"), ("/elsewhere", None)):
        with frame.test_request_context(path):
            assert current("till.rail") == lies_under
    with frame.test_request_context("/till/"):
        assert "/desk/settings" not in [link.href for link in links("desk.side")]


def test_the_phone_can_keep_us_on_its_home_screen(visitor: FlaskClient) -> None:
    """The manifest names icons that exist, the service worker stands at the root."""
    manifest = visitor.get("/manifest.webmanifest")
    assert manifest.mimetype == "application/manifest+json"
    for icon in manifest.get_json(force=True)["icons"]:
        with visitor.get(icon["src"]) as picture:
            assert picture.status_code == 200, icon
    with visitor.get("/sw.js") as worker:
        assert worker.mimetype == "text/javascript" and worker.headers["Service-Worker-Allowed"] == "/"


def test_built_files_are_kept_for_ever_and_come_compressed(visitor: FlaskClient) -> None:
    """The name changes with the content; a phone on a slow line loads it once, and pressed."""
    page = visitor.get("/components?page=phone").text
    address = page.split('<link rel="stylesheet" href="')[1].split('"')[0]
    with visitor.get(address, headers={"Accept-Encoding": "gzip"}) as answer:
        assert answer.headers["Content-Encoding"] == "gzip" and "immutable" in answer.headers["Cache-Control"]
        assert answer.mimetype == "text/css" and "Accept-Encoding" in answer.headers["Vary"]
    with visitor.get(address) as answer:
        assert "Content-Encoding" not in answer.headers


def test_components_are_for_the_demo_alone(frame: Flask, visitor: FlaskClient) -> None:
    """In production the page does not exist."""
    assert visitor.get("/components").status_code == 200
    assert visitor.get("/components?page=../macros").status_code == 404
    frame.config["DEMO"] = False
    assert visitor.get("/components").status_code == 404
