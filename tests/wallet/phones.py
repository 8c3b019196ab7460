"""Phones for tests: one without scripts, and a real browser at phone size."""

from __future__ import annotations

import http.client
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Browser, BrowserContext, Page, Request

from tests.conftest import Port
from tests.town import Consumer, Town

WIDTH, HEIGHT = 390, 844


@dataclass
class Phone:
    """A browser without scripts, in the hand of a consumer (or of nobody)."""

    client: FlaskClient
    host: str

    def asks(self, path: str) -> Any:
        """A page's address as a program would ask: a refusal comes as JSON."""
        return self.client.get(path, base_url=f"https://{self.host}", headers={"Accept": "application/json"})

    def opens(self, path: str, **kwargs: Any) -> Any:
        """A page; redirects are followed."""
        return self.client.get(path, base_url=f"https://{self.host}", follow_redirects=True, **kwargs)

    def sends(self, path: str, fields: dict[str, Any], *, on: str | None = None, follow: bool = True, **kwargs: Any) -> Any:
        """A form, with the hidden fields of the page `on` which it stands (the address it goes to, if not said)."""
        hidden = {**self.hidden("/wallet/number"), **self.hidden(on or path)}
        headers = {"Referer": f"https://{self.host}{on or path}", **kwargs.pop("headers", {})}
        data = {**hidden, **fields}
        return self.client.post(path, data=data, base_url=f"https://{self.host}", headers=headers, follow_redirects=follow, **kwargs)

    def hidden(self, path: str) -> dict[str, str]:
        """The hidden fields of a page: the form's token, its key, what it has shown."""
        page = self.opens(path).get_data(as_text=True)
        return dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page))


@pytest.fixture
def phone(app: Flask, district: Town) -> Callable[[Consumer | None], Phone]:
    """Give a phone to somebody: `phone(hanako)`, or to nobody: `phone(None)`."""

    def give(consumer: Consumer | None) -> Phone:
        client = app.test_client()
        if consumer is not None:
            client.set_cookie("meguri_session", district.cookie(consumer.person_id), domain=district.host, secure=True)
        return Phone(client, district.host)

    return give


@dataclass(frozen=True, slots=True)
class Served:
    """The product behind a port, at the district's own name. `app`: what runs there."""

    address: str
    app: Flask

    def arrives(self, sent: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        """A request of the phone as it reaches the server, whatever becomes of its answer; status and JSON."""
        place = urlsplit(self.address)
        line = http.client.HTTPConnection("127.0.0.1", place.port or 80)
        line.request("POST", sent["path"], body=sent["body"], headers={**sent["headers"], "Host": place.netloc})
        answer = line.getresponse()
        status, body = answer.status, json.loads(answer.read())
        line.close()
        return status, body


def caught(request: Request) -> dict[str, Any]:
    """A request on its way, to be held back or let through by `Served.arrives`."""
    return {"path": urlsplit(request.url).path, "body": request.post_data, "headers": request.all_headers()}


@pytest.fixture
def served(port: Port, district: Town) -> Iterator[Served]:
    """Serves this test's district to real browsers; codes point to it."""
    with port.serves(district.host, district.clock) as site:
        yield Served(site.address, site.app)


@pytest.fixture
def hand(browser: Browser, served: Served, district: Town) -> Iterator[Callable[..., Page]]:
    """Put a real browser at phone size into somebody's hand: `hand(hanako)`; `scripts=False` turns scripts off,
    `installed=True` lets the service worker in."""
    contexts: list[BrowserContext] = []

    def give(consumer: Consumer | None, *, scripts: bool = True, installed: bool = False, by: Browser = browser) -> Page:
        context = by.new_context(
            reduced_motion="reduce",
            base_url=served.address,
            viewport={"width": WIDTH, "height": HEIGHT},
            locale="ja-JP",
            java_script_enabled=scripts,
            service_workers="allow" if installed else "block",
        )
        contexts.append(context)
        if consumer is not None:
            token = district.cookie(consumer.person_id)
            context.add_cookies([{"name": "meguri_session", "value": token, "url": served.address}])
        page = context.new_page()
        return page

    yield give
    for context in contexts:
        context.close()
