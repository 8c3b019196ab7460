"""An approver on a phone, who shows face or finger before a large request is booked."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from association.commands import set_approval_limits
from association.queries import Limits
from tests.e2e.conftest import DESK, PHONE, Opens, address, clock, opens
from tests.town import Town
from tests.web.axe import serious, sideways

__all__ = ["address", "clock", "opens"]

pytestmark = pytest.mark.browser

SCREEN_LOCK = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True, "isUserVerified": True}


def locks_its_screen(page: Page) -> tuple[str, object]:
    """The phone gets a screen lock, which its owner registers. Gives what another finger is shown with."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    options = {**SCREEN_LOCK, "automaticPresenceSimulation": True}
    lock = devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})["authenticatorId"]
    page.goto("/account/devices")
    page.locator('form[data-passkey="create"] button').click()
    page.wait_for_load_state("networkidle")
    return lock, devtools


def test_a_large_request_is_approved_on_a_phone_with_the_screen_lock(district: Town, opens: Opens) -> None:
    """Another finger is refused and nothing is booked; the right one books it, once. The administrator sets from which amount."""
    hanako, approver, admin = district.consumer(), district.approver(), district.another_clerk("administrator")
    desk = opens(DESK, admin.person_id)
    desk.goto("/desk/approvals")
    desk.get_by_label("画面ロックで確かめる額").fill("２０，０００")
    desk.get_by_role("button", name="決める").click()
    expect(desk.get_by_label("画面ロックで確かめる額")).to_have_value(re.compile("20,?000"))
    assert serious(desk) == []
    number = district.clerk().asks_for_large(hanako, 80_000)
    phone = opens(PHONE, approver.person_id)
    lock, devtools = locks_its_screen(phone)
    phone.goto(f"/desk/approvals/{number}")
    assert (sideways(phone), serious(phone)) == (0, [])
    approve = phone.get_by_role("button", name="承認して記帳する")
    devtools.send("WebAuthn.setUserVerified", {"authenticatorId": lock, "isUserVerified": False})
    approve.click()
    expect(phone.get_by_text("本人の確認ができませんでした")).to_be_visible()
    assert hanako.coins() == 0
    devtools.send("WebAuthn.setUserVerified", {"authenticatorId": lock, "isUserVerified": True})
    approve.click()
    expect(phone.get_by_text("承認済み").filter(visible=True).first).to_be_visible()
    district.session.rollback()
    assert hanako.coins() == 80_000
    set_approval_limits(district.session, admin.who, Limits(), now=district.now)
