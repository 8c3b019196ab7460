"""探す, the numbers that stand on a page or a paper: 申請, 申し立て, 給付, 商品券の申し込み, 換金, チャージ券の束, レシート, 支払通知書.

A number that is nothing but digits may be any of the first four (UNSAID); with its word (申請 68, 申請の68番) it is that one alone. Nobody
is named: an application is a look only once it is opened.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

from flask import Flask, g, url_for
from flask.blueprints import BlueprintSetupState

import merchant.queries
from association import queries, titles
from association.errors import BatchUnknown, BenefitUnknown, RunUnknown
from association.views.find import named_shop
from association.views.frame import pages
from identity.commands import authorise
from ledger.errors import ProposalUnknown
from ledger.queries import payment_number
from merchant.errors import ReceiptUnknown, ShopUnknown
from merchant.queries import ReceiptRow, Shop
from web import finders
from web.finders import Finder, Found, Question
from web.i18n import _, day, named, ngettext, translate, when, yen

_SPOKEN = re.compile(
    r"^(?:(?P<proposal>申請|proposal)|(?P<dispute>申し立て|case)|(?P<benefit>給付|benefit)|(?P<application>申し込み|application)"
    r"|(?P<run>換金|payout)|(?P<batch>チャージ券|top-up code))?"
    r"(?:番号|の|number|no\.?|\s)*(?P<number>[0-9]{1,9})番?$",
    re.IGNORECASE,
)
UNSAID = ("proposal", "dispute", "benefit", "application")
"""What a number may be that is said without its word."""
_RECEIPT = re.compile(r"^[0-9]{6}-[0-9]{1,9}-(?:O[0-9]{1,6}-)?[0-9]{6}$", re.IGNORECASE)
_ADVICE = re.compile(r"^([0-9]{4})([0-9]{2})([0-9]{2})-([0-9]{6})$")


@pages.record_once
def add_paper_finders(state: BlueprintSetupState) -> None:
    """Receipts and advices after the payment by its number; small numbers after shops and people."""
    assert isinstance(state.app, Flask)
    for order, finder in ((14, by_receipt), (17, by_advice), (45, by_small_number)):
        finders.add(state.app, Finder(order, finder))


def by_small_number(asked: Question) -> list[Found]:
    """What the desk numbers by itself."""
    spoken = _SPOKEN.match(asked.text)
    if spoken is None or asked.is_grouped:
        return []
    authorise(g.session, g.who, "association.read")
    kinds: dict[str, Callable[[int], list[Found]]] = {
        "proposal": _proposal,
        "dispute": _dispute,
        "benefit": _benefit,
        "application": applications,
        "run": _run,
        "batch": _batch,
    }
    said = [kind for kind in kinds if spoken[kind]]
    return [found for kind in said or UNSAID for found in kinds[kind](int(spoken["number"]))]


def by_receipt(asked: Question) -> list[Found]:
    """A receipt of a till by its whole number: the shop, and the payment if it was one in coin. What was bought is the shop's."""
    if not _RECEIPT.match(asked.text):
        return []
    authorise(g.session, g.who, "association.read")
    try:
        shop, receipt = merchant.queries.receipt_numbered(g.session, g.who.district_id, asked.text.upper())
    except (ReceiptUnknown, ShopUnknown):
        return []
    return [receipt_found(shop, receipt)]


def receipt_found(shop: Shop, receipt: ReceiptRow) -> Found:
    """Where and when it was, and the payment if it was one in coin."""
    links = [(_("お店を開く"), url_for("association.shop", merchant_id=shop.id))]
    todo = _("コインの支払いのないレシートです。中身は、お店に「レシート」で探してもらいます。")
    if receipt.transaction_id is not None:
        links.insert(0, (_("この支払いを開く"), url_for("association.find", q=payment_number(receipt.transaction_id))))
        todo = _("支払いを開くと、いつ、いくらの支払いで、いまどうなっているか分かります。中身は、お店に「レシート」で探してもらいます。")
    facts = ((_("どこで"), f"{named(shop)}（{shop.public_number}）"), (_("いつ"), when(receipt.made_at)))
    return Found(_("レシート %(number)s", number=receipt.number), ("info", _("お店のレシート")), facts, todo, tuple(links))


def by_advice(asked: Question) -> list[Found]:
    """支払通知書 by its number, the closing day and the shop's six digits: the shop, and the settlements of that day."""
    told = _ADVICE.match(asked.text)
    if told is None:
        return []
    try:
        closing = date(int(told[1]), int(told[2]), int(told[3]))
        shop = merchant.queries.shop_by_number(g.session, g.who.district_id, told[4])
    except (ValueError, ShopUnknown):
        return []
    runs = queries.runs_between(g.session, g.who, closing, closing)
    links = [(_("%(day)s締めの換金を開く", day=day(closing)), url_for("association.settlement_run", run_id=run.id)) for run in runs]
    found = named_shop(shop)
    facts = ((_("締め日"), day(closing)), *found.facts)
    todo = _("換金を開くと、このお店の行に、受け取り、手数料、振り込んだ額と、支払通知書があります。")
    return [Found(_("支払通知書 %(number)s", number=asked.text), found.state, facts, todo, (*links, *found.links))]


def _proposal(number: int) -> list[Found]:
    try:
        listed = queries.listed_proposal(g.session, g.who, number)
    except ProposalUnknown:
        return []
    one = listed.proposal
    kind, word = titles.PROPOSAL_STATES[one.outcome]
    facts = [(_("申請"), _("%(name)s・%(when)s", name=listed.maker_name or _("退会した人"), when=when(one.proposed_at)))]
    if listed.about:
        facts.insert(0, (_("内容"), named(listed.about)))
    if listed.amount:
        facts.append((_("金額"), yen(listed.amount)))
    todo = _("開くと、記帳される仕訳と、次にだれが何をするかが分かります。")
    links = ((_("申請を開く"), url_for("association.approval", proposal_id=number)),)
    return [
        Found(
            _("申請 %(number)s %(what)s", number=number, what=translate(titles.PURPOSES[one.purpose])),
            (kind, translate(word)),
            tuple(facts),
            todo,
            links,
        )
    ]


def _dispute(number: int) -> list[Found]:
    case = queries.dispute_numbered(g.session, g.who.district_id, number)
    if case is None:
        return []
    kind, word = titles.DISPUTE_STATES[case.state]
    facts = ((_("支払い"), case.number), (_("お店"), named(case.shop)), (_("結果の期限"), day(case.due_on)))
    todo = _("開くと、双方の言い分と、いまの扱いが分かります。見たことは記録に残ります。")
    links = ((_("申し立て %(number)s を開く", number=number), url_for("association.dispute", dispute_id=number)),)
    return [Found(_("申し立て %(number)s", number=number), (kind, translate(word)), facts, todo, links)]


def _benefit(number: int) -> list[Found]:
    try:
        one = queries.benefit(g.session, g.who, number)
    except BenefitUnknown:
        return []
    kind, word = titles.BENEFIT_STATES[one.state]
    facts = ((_("給付の名前"), named(one)), (_("人数"), _("%(count)s人", count=one.people)), (_("合計"), yen(one.amount)))
    todo = _("開いて利用者番号を入れると、その人の行が分かります。")
    links = ((_("給付の名簿を見る"), url_for("association.benefit", benefit_id=number)),)
    return [Found(_("給付 No.%(number)s", number=number), (kind, translate(word)), facts, todo, links)]


def _run(number: int) -> list[Found]:
    try:
        run = queries.run(g.session, g.who, number)
    except RunUnknown:
        return []
    kind, word = titles.RUN_STATES[run.state]
    facts = ((_("締め日"), day(run.closes_on)), (_("店の数"), ngettext("%(count)s店", "%(count)s店", len(run.lines), count=len(run.lines))))
    todo = _("換金を開くと、お店ごとの受け取り、手数料、振り込む額と、次にだれが何をするかが分かります。")
    links = ((_("%(day)s締めの換金を開く", day=day(run.closes_on)), url_for("association.settlement_run", run_id=number)),)
    return [Found(_("換金 %(number)s", number=number), (kind, translate(word)), facts, todo, links)]


def _batch(number: int) -> list[Found]:
    try:
        batch = queries.batch(g.session, g.who, number, now=g.clock())
    except BatchUnknown:
        return []
    kind, word = titles.BATCH_STATES[batch.state]
    facts = ((_("金額"), yen(batch.face_value)), (_("使える最後の日"), day(batch.last_day)))
    todo = _("開くと、1枚ずつの、使われたかどうかが分かります。")
    links = ((_("この束を開く"), url_for("association.batch", batch_id=number)),)
    return [Found(_("チャージ券 No.%(number)s", number=number), (kind, translate(word)), facts, todo, links)]


def applications(number: int, *, voucher_id: int | None = None) -> list[Found]:
    """For a desk that may look at who applied."""
    if not any(map(g.who.has, ("issuer", "administrator"))):
        return []
    found = []
    for one in queries.applications_numbered(g.session, g.who.district_id, number, voucher_id=voucher_id):
        campaign = queries.one_voucher(g.session, g.who.district_id, one.voucher_id)
        kind, word = titles.APPLICATION_STATES[one.state]
        facts = ((_("商品券"), named(campaign)), (_("申し込んだ日時"), when(one.made_at)), (_("口数"), _("%(count)s口", count=one.units)))
        todo = _("申し込んだ人から電話があったら開きます。見たことは記録に残ります。")
        href = url_for("association.voucher_application", voucher_id=one.voucher_id, number=number)
        title = _("商品券の申し込み 番号 %(number)s", number=number)
        found.append(Found(title, (kind, translate(word)), facts, todo, ((_("申し込みを開く"), href),)))
    return found
