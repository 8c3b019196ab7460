"""What every page of the desk needs: its blueprint, its links, and who may come in."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from flask import Blueprint, Flask, g, render_template, request
from flask.blueprints import BlueprintSetupState
from marshmallow import Schema, ValidationError

import identity.queries
from association import queries, titles
from association.helps import HELPS
from base.errors import N_, NotSignedIn
from base.yen import grouped
from identity.commands import authorise
from web import helps, navigation
from web.i18n import _, translate
from web.navigation import Link

pages = Blueprint("association", "association", template_folder="templates")

DESK_ROLES = {
    "issuer": N_("発行担当"),
    "approver": N_("承認者"),
    "auditor": N_("監査担当"),
    "administrator": N_("管理者"),
}
OPERATOR = {"operator": N_("運用担当")}
WATCH = "/desk/controls"


@pages.before_request
def only_the_desk() -> None:
    """Nobody sees a page of the desk without a role of the desk. The operator is on call, and sees 点検. Raises NotSignedIn, Forbidden."""
    if g.who is None:
        raise NotSignedIn
    is_watch = request.path.startswith(WATCH)
    authorise(g.session, g.who, "association.read_controls" if is_watch else "association.read")


def desk_page(template: str, **values: Any) -> str:
    """A page of the desk, with the name and the roles of whoever sits at it."""
    profile = identity.queries.person_profile(g.session, g.who)
    roles = [title for role, title in (DESK_ROLES | OPERATOR).items() if g.who.has(role)]
    return render_template(
        template,
        district=g.district,
        own_name=profile.nickname,
        own_roles=roles,
        who=g.who,
        accounts=titles.ACCOUNTS,
        kinds=titles.KINDS,
        purposes=titles.PURPOSES,
        refund_grounds=titles.REFUND_GROUNDS,
        dispute_outcomes=titles.DISPUTE_OUTCOMES,
        regimes=titles.REGIMES,
        shop_states=titles.SHOP_STATES,
        payers=titles.PAYERS,
        where_words=titles.WHERE,
        run_states=titles.RUN_STATES,
        fallen_states=titles.FALLEN_STATES,
        proposal_states=titles.PROPOSAL_STATES,
        stop_words=titles.STOPS,
        pieces=pieces,
        **values,
    )


def pieces(line: queries.JournalLine, amount: int) -> str:
    """What is counted and no yen, with its word: units of a voucher campaign, pieces of a coupon."""
    if line.role in titles.COUNTED_IN_UNITS:
        return _("%(count)s口", count=grouped(amount))
    return _("%(count)s枚", count=grouped(amount))


def asked(schema: type[Schema]) -> Any:
    """What the address asks for, or the refused form that is shown again; what makes no sense is left out: showing changes nothing."""
    plan = schema()
    sent = request.form if request.method == "POST" else request.args
    try:
        return plan.load(sent)
    except ValidationError as error:
        wrong = set(error.messages) if isinstance(error.messages, dict) else set(sent)
        return plan.load({name: value for name, value in sent.items() if name not in wrong})


def is_desk() -> bool:
    """Whether the side bar shows the desk's pages."""
    return g.who is not None and any(g.who.has(role) for role in DESK_ROLES)


def _has(*roles: str) -> bool:
    return g.who is not None and any(g.who.has(role) for role in roles)


def work() -> queries.Work:
    """What waits on this desk; counted once a page."""
    if "work" not in g:
        g.work = queries.work(g.session, g.who, now=g.clock())
    found: queries.Work = g.work
    return found


def to_look() -> int:
    """How many findings nobody has looked at; once a page."""
    if "to_look" not in g:
        g.to_look = queries.waiting_findings(g.session, g.who)
    return int(g.to_look)


def stopped_now() -> int:
    """How many stop switches hold; once a page."""
    if "stopped_now" not in g:
        g.stopped_now = len(queries.living_stops(g.session, g.who))
    return int(g.stopped_now)


@pages.app_template_global("root_short")
def root_short(root: bytes) -> str:
    """The beginning of a root as phones and tablets show it: sixteen signs of its base64."""
    return b64encode(root).decode()[:16]


@pages.app_template_global("segment_word")
def segment_word(name: str) -> str:
    """A kind of customers as the desk calls it."""
    return translate(titles.SEGMENTS[name])


@pages.app_template_global("segment_options")
def segment_options(found: Iterable[queries.KeptSegment]) -> list[tuple[str, str]]:
    """Kinds to choose from, each with how many it has, in full tens."""
    return [(one.name, _counted(segment_word(one.name), one.people)) for one in found]


def _counted(kind: str, people: int | None) -> str:
    return _("%(kind)s（10人未満）", kind=kind) if people is None else _("%(kind)s（%(count)s人以上）", kind=kind, count=f"{people:,}")


def may_watch() -> bool:
    """Whether the side bar shows 点検."""
    return is_desk() or _has(*OPERATOR)


def watched() -> queries.Round:
    """The daily controls as they stand; read once a page."""
    if "round" not in g:
        g.round = queries.round_of(g.session, g.who, now=g.clock())
    found: queries.Round = g.round
    return found


def to_act() -> int:
    """How many controls somebody must act on."""
    return len(watched().to_act)


@pages.record_once
def link_pages(state: BlueprintSetupState) -> None:
    """The desk's part of the side bar."""
    assert isinstance(state.app, Flask)
    money, people, issued = N_("お金"), N_("参加者"), N_("発行するもの")
    books, law, connect = N_("帳簿と監査"), N_("法令"), N_("設定")
    links = (
        Link("home", N_("今日の仕事"), "/desk/", visible=is_desk, count=lambda: work().total),
        Link("yen", N_("チャージ"), "/desk/top-up", visible=lambda: _has("issuer", "administrator")),
        Link("check", N_("申請の承認"), "/desk/approvals", visible=is_desk, count=lambda: work().proposals),
        Link("shield", N_("点検"), WATCH, visible=may_watch, count=to_act),
        Link("eye", N_("見てください"), "/desk/risk", visible=lambda: _has("approver", "auditor", "administrator"), count=to_look),
        Link("warn", N_("非常停止"), "/desk/stops", visible=is_desk, count=stopped_now),
        Link("moon", N_("今夜・今週・月次"), "/desk/treasury", group=money, visible=is_desk),
        Link("till", N_("手元現金"), "/desk/drawers", group=money, visible=is_desk, count=lambda: work().drawers),
        Link("calendar", N_("換金"), "/desk/settlement", group=money, visible=is_desk, count=lambda: work().closings),
        Link("lock", N_("金庫"), "/desk/safe", group=money, visible=is_desk),
        Link("bank", N_("銀行照合"), "/desk/bank", group=money, visible=is_desk),
        Link("receipt", N_("負担者への請求"), "/desk/funders", group=money, visible=is_desk),
        Link("card", N_("カード"), "/desk/cards", group=people, visible=is_desk),
        Link("shop", N_("加盟店"), "/desk/shops", 0, people, is_desk, lambda: work().shops + work().applications, ("/desk/applications",)),
        Link("flag", N_("支払いの申し立て"), "/desk/disputes", group=people, visible=is_desk, count=lambda: work().disputes),
        Link("bell", N_("お知らせ"), "/desk/announcements", group=people, visible=is_desk),
        Link("people", N_("代理店"), "/desk/agents", group=people, visible=is_desk),
        Link("ticket", N_("商品券"), "/desk/vouchers", group=issued, visible=is_desk),
        Link("tag", N_("クーポン"), "/desk/coupons", group=issued, visible=is_desk),
        Link("star", N_("ポイント"), "/desk/points", group=issued, visible=is_desk),
        Link("plus", N_("給付"), "/desk/benefits", group=issued, visible=is_desk),
        Link("qr", N_("チャージ券"), "/desk/codes", group=issued, visible=is_desk),
        Link("leaf", N_("種別"), "/desk/series", 0, issued, is_desk, also=("/desk/suspense", "/desk/sending", "/desk/discontinuance")),
        Link("book", N_("帳簿"), "/desk/books", group=books, visible=is_desk, also=("/desk/witnesses",)),
        Link("chart", N_("会計"), "/desk/accounts", group=books, visible=is_desk),
        Link("search", N_("監査の証拠"), "/desk/audit", group=books, visible=is_desk),
        Link("clock", N_("操作の記録"), "/desk/log", group=books, visible=lambda: _has("auditor", "administrator")),
        Link("lock", N_("基準日と供託"), "/desk/base-dates", group=law, visible=is_desk),
        Link("file", N_("法律に基づく表示"), "/desk/notice", group=law, visible=is_desk),
        Link("list", N_("記録簿"), "/desk/registers", group=law, visible=is_desk),
        Link("erase", N_("保存期間"), "/desk/retention", group=law, visible=is_desk),
        Link("people", N_("役割"), "/desk/roles", group=connect, visible=lambda: _has("administrator")),
        Link("globe", N_("外部への通知"), "/desk/webhooks", group=connect, visible=lambda: _has("administrator")),
        Link("key", N_("APIトークン"), "/desk/tokens", group=connect, visible=lambda: _has("administrator")),
    )
    helps.add(state.app, HELPS)
    for order, link in enumerate(links):
        navigation.add(state.app, "desk.side", replace(link, order=order))
