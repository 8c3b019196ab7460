"""What every page of the wallet needs: who holds it, and its links in the frame."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from functools import wraps
from typing import Any, TypeVar, cast

from flask import Blueprint, Flask, Response, current_app, g, jsonify, redirect
from flask.blueprints import BlueprintSetupState
from markupsafe import Markup

import association.queries
from base.clock import tokyo_day
from base.errors import N_
from identity.queries import Principal
from wallet.code128 import bars as code128_bars
from wallet.helps import HELPS
from web import helps, navigation
from web.i18n import _, language, time_of_day, when
from web.navigation import Link
from web.problems import wants_json

pages = Blueprint("wallet", "wallet", template_folder="templates")

View = TypeVar("View", bound=Callable[..., Any])


def consumers_only(view: View) -> View:
    """Only for a signed-in consumer; anybody else is sent to sign in and comes back."""

    @wraps(view)
    def inner(*args: Any, **kwargs: Any) -> Any:
        me().needs("consumer")
        return view(*args, **kwargs)

    return cast(View, inner)


def me() -> Principal:
    """Whoever asks."""
    return cast(Principal, g.who)


def now() -> datetime:
    """The application's present moment."""
    return cast(datetime, g.clock())


def go(address: str) -> Response:
    """Where the phone goes after a form: a redirect for a browser, the address for a script."""
    if wants_json():
        return jsonify(next=address)
    return cast(Response, redirect(address, 303))


def public_url() -> str:
    """What the codes of this installation point to."""
    return str(current_app.config["PUBLIC_URL"])


def code_keys() -> Sequence[bytes]:
    """The keys that sign codes, the current one first."""
    return cast(Sequence[bytes], current_app.config["CODE_KEYS"])


@pages.record_once
def link_pages(state: BlueprintSetupState) -> None:
    """The pay strip and the tabs under every top-level page."""
    app = cast(Flask, state.app)
    helps.add(app, HELPS)
    navigation.add(app, "phone.pay", Link("scan", N_("読み取って支払う"), "/wallet/scan", order=1))
    navigation.add(app, "phone.pay", Link("qr", N_("コード表示"), "/wallet/code", order=2))
    navigation.add(app, "phone.tabs", Link("home", N_("ホーム"), "/wallet/", order=1))
    navigation.add(app, "phone.tabs", Link("ticket", N_("クーポン"), "/wallet/coupons", order=2))
    navigation.add(app, "phone.tabs", Link("list", N_("履歴"), "/wallet/history", order=3))
    navigation.add(app, "phone.tabs", Link("gear", N_("設定"), "/wallet/settings", order=4))


@pages.app_template_global("office")
def office() -> str:
    """Where people telephone or go, in the reader's language where the association has written it so."""
    notice = association.queries.current_notice(g.session, g.district.id) if language() == "en" else None
    return str(g.district.contact if notice is None else notice.english.get("contact") or g.district.contact)


@pages.app_template_filter("near")
def near(moment: datetime) -> str:
    """「今日 12:08」, 「昨日 16:52」, else the day and the time."""
    away = (tokyo_day(now()) - tokyo_day(moment)).days
    if away not in (0, 1):
        return when(moment)
    return f"{_('昨日') if away else _('今日')} {time_of_day(moment)}"


@pages.app_template_global("barcode")
def barcode(digits: str) -> Markup:
    """Twelve digits as Code 128, for a shop whose scanner reads bars only; the digits themselves stand below."""
    bars = code128_bars(digits)
    path = "".join(f"M{at} 0h{width}v1h-{width}z" for at, width in bars.dark)
    drawing = f'<svg class="barcode" viewBox="0 0 {bars.width} 1" preserveAspectRatio="none" aria-hidden="true">'
    return Markup(f'{drawing}<path d="{path}"/></svg>')


@pages.app_template_filter("last_day")
def last_day(end: datetime) -> date:
    """The last day in Tokyo on which something that ends at `end` (exclusive) still counts."""
    return tokyo_day(end - timedelta(microseconds=1))
