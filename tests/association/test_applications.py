"""加盟の申し込み: a shop writes everything once, nobody types it again, and what was declined is forgotten."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import Engine, text

import association.commands
import association.queries
import identity.commands
import identity.queries
import merchant.queries
from association.errors import ApplicationHandled
from association.queries import Application
from identity.queries import nobody
from tests.association.test_bank_details import MARUYA
from tests.association.test_pages import Desk
from tests.town import Town

FORM = {
    "name": "丸屋",
    "name_kana": "まるや",
    "name_en": "Maruya",
    "trade": "食堂",
    "address": "湯の町1-2",
    "registration_number": "Ｔ7000012050002",
    "contact_name": "丸山",
    "contact_phone": "０１２３－４５ー６７８９",
    "contact_email": "Maru@example.jp",
    "size": "large",
    "bank_code": "0991",
    "branch_code": "012",
    "number": "7654321",
    "holder": "まるや",
}


def test_a_shop_applies_and_nothing_is_typed_again(app: Flask, district: Town) -> None:
    """From the public form to an admitted shop with its account: two people press, nobody types; a wrong digit is found at once."""
    public, clerk = Desk(app.test_client(), district, None), Desk(app.test_client(), district, district.clerk())
    wrong = public.presses("/apply", "/apply", **FORM | {"registration_number": "T7000012050003", "holder": "丸屋"})
    assert wrong.status_code == 422 and "番号のどこかが違うようです" in wrong.text and "銀行で使えない文字" in wrong.text
    sole = public.presses("/apply", "/apply", **FORM | {"registration_number": "T7000012050003", "is_sole": "on"})
    assert sole.status_code == 303
    sent = public.presses("/apply", "/apply", **FORM)
    assert "申し込みを受け付けました" in public.sees(sent.headers["Location"]).text
    number = int(sent.headers["Location"].rpartition("/")[2])
    assert "申し込み 2件" in clerk.sees("/desk/shops").text
    page = f"/desk/applications/{number}"
    assert "丸山" in clerk.sees(page).text
    taken = clerk.presses(page, f"{page}/take")
    shop_id = int(taken.headers["Location"].rpartition("/")[2])
    assert association.commands.take_application(district.session, district.clerk().who, number, now=district.now) == shop_id
    shop = merchant.queries.merchant(district.session, district.district_id, shop_id)
    assert (shop.name, shop.state, shop.registration_number, shop.size) == ("丸屋", "applied", "T7000012050002", "large")
    assert "0123-45-6789" in clerk.sees(page).text
    change = association.queries.accounts_of_shop(district.session, district.district_id, shop_id, now=district.now).change
    assert change is not None and (change.state, change.account) == ("waiting", replace(MARUYA, bank_name="", branch_name=""))
    association.commands.approve_shop(district.session, district.approver().who, shop_id, admission_check="電話で", now=district.now)
    mail = identity.queries.mailbox(district.session, district.district_id)[0]
    assert (mail.to, mail.facts["number"]) == ("maru@example.jp", shop.public_number) and "承認されました" in mail.letter.subject
    assert "店主がまだいません" in clerk.sees(f"/desk/shops/{shop_id}").text
    owner, seat = district.person("丸山", "consumer"), Desk(app.test_client(), district, None)
    identity.commands.appoint(district.session, district.district_id, owner, "owner", merchant_id=shop_id, now=district.now)
    seat.client.set_cookie("meguri_session", district.cookie(owner), domain=district.host, secure=True)
    assert 'href="/shop/"' in seat.sees("/wallet/").text and 'href="/desk/"' not in seat.sees("/wallet/").text
    auditor = Desk(app.test_client(), district, district.another_clerk("auditor"))
    assert auditor.sees("/desk/applications").status_code == 200 and auditor.sees(page).status_code == 403


def test_a_half_filled_form_says_all_at_once(app: Flask, district: Town) -> None:
    """What is missing or wrong in the page's order, with the size; nothing passes by its first signs alone."""
    public = Desk(app.test_client(), district, None)
    typed = {"name_kana": "まるや丸屋", "name_en": "Maruya 丸屋", "contact_phone": "0123-45-6789 内線"}
    wrong = public.presses("/apply", "/apply", **typed).text
    summary = re.findall(r'href="#f-(\w+)"', wrong)
    bank = ["bank_code", "branch_code", "number", "holder"]
    assert summary == ["name", "name_kana", "name_en", "trade", "size", "address", *bank, "contact_name", "contact_phone"]
    clerk = Desk(app.test_client(), district, district.clerk())
    new = {name: FORM[name] for name in ("name", "name_kana", "name_en", "trade", "address", "size")}
    refused = clerk.presses("/desk/shops/new", "/desk/shops/new", **new, registration_number="T7000012050003")
    assert refused.status_code == 422 and "番号のどこかが違うようです" in refused.text
    sole = clerk.presses("/desk/shops/new", "/desk/shops/new", **new, registration_number="Ｔ7000-0120-50003", is_sole="on")
    assert sole.status_code == 303


def test_what_was_declined_is_forgotten(district: Town, superuser: Engine) -> None:
    """The reason stays, what the shop wrote does not; a declined one cannot be registered any more."""
    who = district.clerk().who
    wanted = Application(district.new_shop(), MARUYA, "丸山", "0123-45-6789", "maru@example.jp")
    number = association.commands.apply_shop(district.session, nobody(district.district_id), wanted, now=district.now)
    with superuser.connect() as database:
        stored = database.execute(text("SELECT encode(sealed, 'escape') FROM shop_application WHERE id = :id"), {"id": number}).scalar_one()
    assert MARUYA.number not in stored
    association.commands.decline_application(district.session, who, number, reason="街の外", now=district.now)
    row = association.queries.application(district.session, who, number)
    assert (row.application, row.decline_reason) == (None, "街の外")
    mail = identity.queries.mailbox(district.session, district.district_id)[0]
    assert (mail.to, mail.facts["reason"]) == ("maru@example.jp", "街の外")
    with pytest.raises(ApplicationHandled):
        association.commands.take_application(district.session, who, number, now=district.now)
