"""端末とログイン: one's own devices, passkeys, address, nickname and PIN."""

from __future__ import annotations

from flask import g, jsonify, redirect, render_template
from werkzeug.wrappers import Response as Answer

from identity import commands, queries
from identity.errors import PinUnlike
from identity.schemas import EmailSchema, HomeAreaSchema, NicknameSchema, PasskeySchema, PinSchema
from identity.views.email_codes import mail_code
from identity.views.frame import Slip, browser, leave, now, pages, person_only, site
from web import forms

ACCOUNT, DEVICES = "/account", "/account/devices"


@pages.get("/account")
def account_page() -> str:
    """Nickname, address, and the way to the rest."""
    who = person_only()
    return render_template(
        "identity/account.html",
        profile=queries.person_profile(g.session, who),
        ways=queries.ways_in(g.session, who),
        area=queries.own_area(g.session, who),
        back="/wallet/settings" if who.has("consumer") else "/",
    )


@pages.get("/account/devices")
def devices_page() -> str:
    """Where one is signed in, and by what."""
    who = person_only()
    return render_template(
        "identity/devices.html",
        devices=queries.devices(g.session, who, now()),
        passkeys=queries.passkeys(g.session, who),
        ways=queries.ways_in(g.session, who),
        is_new=queries.device_is_new(who, now()),
        back=ACCOUNT,
    )


@pages.post("/account/devices/<int:device_id>/forget")
def forget_device(device_id: int) -> Answer:
    """Out there, at once."""
    who = person_only()
    commands.forget_device(g.session, who, device_id, now=now())
    return leave("/") if device_id == who.device_id else redirect(DEVICES, 303)


@pages.post("/account/sign-out-everywhere")
def sign_out_everywhere() -> Answer:
    """Out on every device, this one too."""
    commands.sign_out_everywhere(g.session, person_only(), now=now())
    return leave("/sign-in")


@pages.post("/account/passkeys/options")
def add_passkey_options() -> Answer:
    """What the browser needs to make one more passkey, as JSON for its script."""
    return jsonify(commands.add_options(g.session, person_only(), site(), now=now()))


@pages.post("/account/passkeys")
def add_passkey() -> Answer:
    """One more passkey."""
    credential = forms.load(PasskeySchema)["credential"]
    commands.add_passkey(g.session, person_only(), site(), credential, browser().label, now=now())
    return redirect(DEVICES, 303)


@pages.post("/account/passkeys/<int:passkey_id>/remove")
def remove_passkey(passkey_id: int) -> Answer:
    """One passkey less."""
    commands.remove_passkey(g.session, person_only(), passkey_id, now=now())
    return redirect(DEVICES, 303)


@pages.get("/account/email")
def email_page() -> str:
    """Add or change the address that codes go to."""
    return render_template("identity/email.html", profile=queries.person_profile(g.session, person_only()), back=ACCOUNT)


@pages.post("/account/email")
def change_email() -> Answer:
    """A code goes to the new address first."""
    return mail_code(Slip(forms.load(EmailSchema)["email"], None, ACCOUNT, person_id=person_only().person_id))


@pages.get("/account/name")
def nickname_page() -> str:
    """What one is called here."""
    return render_template("identity/nickname.html", profile=queries.person_profile(g.session, person_only()), back=ACCOUNT)


@pages.post("/account/name")
def rename() -> Answer:
    """Another nickname."""
    commands.rename(g.session, person_only(), forms.load(NicknameSchema)["nickname"])
    return redirect(ACCOUNT, 303)


@pages.get("/account/area")
def area_page() -> str:
    """Where one lives, for whoever wants to tell."""
    return render_template("identity/area.html", area=queries.own_area(g.session, person_only()), back=ACCOUNT)


@pages.post("/account/area")
def tell_area() -> Answer:
    """Told, changed, or taken back."""
    commands.tell_area(g.session, person_only(), forms.load(HomeAreaSchema)["home_area"])
    return redirect(ACCOUNT, 303)


@pages.get("/account/pin")
def pin_page() -> str:
    """Choose or change the PIN."""
    return render_template("identity/pin.html", has_pin=queries.has_pin(g.session, person_only()), back=ACCOUNT)


@pages.post("/account/pin")
def set_pin() -> Answer:
    """A new PIN, typed twice alike."""
    who, typed = person_only(), forms.load(PinSchema)
    if typed["pin"] != typed["again"]:
        raise PinUnlike
    commands.set_pin(g.session, who, typed["pin"], current=typed["current"] or None, now=now())
    return redirect(ACCOUNT, 303)
