"""The application as it is put together."""

from __future__ import annotations

import urllib.request
from dataclasses import replace

import pytest
from flask import Flask, request
from flask.testing import FlaskClient

import identity.commands
from base.settings import Settings, SettingsWrong, read_settings
from tests.conftest import Site
from tests.town import Town, district
from wsgi import create_app

__all__ = ["district"]


def test_the_application_answers(client: FlaskClient) -> None:
    """A monitor sees that the process lives and that its database answers."""
    assert client.get("/livez").get_json() == {"status": "alive"}
    assert client.get("/healthz").get_json()["status"] == "ready"


def test_no_address_belongs_to_two_pages(app: Flask) -> None:
    """Whichever page is asked for, one package answers."""
    seen: dict[tuple[str, str], str] = {}
    for rule in app.url_map.iter_rules():
        for method in (rule.methods or set()) & {"GET", "POST"}:
            other = seen.setdefault((rule.rule, method), rule.endpoint)
            assert other == rule.endpoint, f"{method} {rule.rule}: {other} and {rule.endpoint}"


def test_the_demo_exists_in_demo_mode_only(settings: Settings) -> None:
    """A production server has no page that signs strangers in."""
    for demo in (False, True):
        rules = {rule.rule for rule in create_app(replace(settings, demo=demo)).url_map.iter_rules()}
        assert ("/demo" in rules) is demo


def test_a_served_site_answers_a_real_client(site: Site) -> None:
    """Browsers and streams meet the product behind a port."""
    with urllib.request.urlopen(f"{site.address}/livez") as answer:
        assert answer.status == 200


def test_wrong_settings_are_named_all_at_once() -> None:
    """An operator mends the settings in one go."""
    with pytest.raises(SettingsWrong) as wrong:
        read_settings({"MEGURI_POOL_SIZE": "many"})
    for name in ("DATABASE_URL", "SECRET_KEY", "MASTER_KEY", "CODE_KEY", "PUBLIC_URL", "POOL_SIZE", "SMTP_URL"):
        assert f"MEGURI_{name}" in str(wrong.value)


@pytest.mark.parametrize(("proxies", "believed"), [(0, "127.0.0.1"), (1, "192.0.2.7")])
def test_an_address_is_believed_only_from_our_own_proxy(settings: Settings, proxies: int, believed: str) -> None:
    """Whoever writes X-Forwarded-For themselves does not get round the limits by address."""
    app = create_app(replace(settings, proxies=proxies))
    seen: list[str | None] = []
    app.before_request(lambda: seen.append(request.remote_addr))
    app.test_client().get("/livez", headers={"X-Forwarded-For": "203.0.113.1, 192.0.2.7"})
    app.extensions["meguri.engine"].dispose()
    assert seen == [believed]


def _owner_only(district: Town) -> int:
    """Somebody who owns a shop and holds no coins."""
    shop, person_id = district.shop(), district.person("店主")
    identity.commands.appoint(district.session, district.district_id, person_id, "owner", merchant_id=shop.id, now=district.now)
    return person_id


def test_the_front_door_leads_everybody_home(app: Flask, district: Town) -> None:
    """Whoever types the bare address comes to where they can do something."""
    cookies = {
        "/wallet/": district.cookie(district.consumer().person_id),
        "/desk/": district.cookie(district.clerk().person_id),
        "/shop/": district.cookie(_owner_only(district)),
    }
    for home, cookie in cookies.items():
        browser = app.test_client()
        browser.set_cookie("meguri_session", cookie, domain=district.host)
        assert browser.get("/", base_url=f"https://{district.host}").location == home
    assert app.test_client().get("/", base_url=f"https://{district.host}").location == "/wallet/"
