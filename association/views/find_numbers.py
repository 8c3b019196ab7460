"""探す, the numbers that are no payment's: what else somebody reads out over the telephone, from a card's end to the word of a payment.

A number that could be anything (1480 is an amount, too) never names a person: it says what it could be, and the look is made by opening it.
"""

from __future__ import annotations

import re
from datetime import timedelta

from flask import Flask, g, url_for
from flask.blueprints import BlueprintSetupState

import identity.queries
import ledger.queries
import merchant.queries
import wallet.queries
from association import queries, titles
from association.views.find import named_shop, one_transaction, who_is
from association.views.frame import pages
from base.clock import tokyo_day
from identity.commands import authorise
from web import finders
from web.finders import Finder, Found, Question
from web.i18n import _, day, translate, when, yen

WORD_WITHIN = timedelta(days=2)
WORD_MOST = 5_000
"""A word of a payment is looked for in the newest so many of two days: whoever reads it out stands at a counter now."""
MOST = 10
ENDING, SMALL, SHOWN, REGISTRATION = 4, 9, 12, 13
"""Digits of a card's end, the most of a user's or application's number, those of a phone's code and of a registration number."""
_TICKET = re.compile(r"^(?:No\.?\s*)?([0-9]{1,9})-([0-9]{1,4})$", re.IGNORECASE)


@pages.record_once
def add_number_finders(state: BlueprintSetupState) -> None:
    """After the payment by its number, before shops and people by name."""
    assert isinstance(state.app, Flask)
    every = ((11, by_word), (12, by_shown_code), (13, by_ticket), (16, by_card_ending), (21, by_registration), (50, by_small_number))
    for order, finder in (*every, (25, by_campaign)):
        finders.add(state.app, Finder(order, finder))


def by_word(asked: Question) -> list[Found]:
    """合言葉 of a payment of today or yesterday. Several may have the same: whose they were is shown one by one only."""
    if asked.digits is not None or not asked.text:
        return []
    authorise(g.session, g.who, "association.read")
    found = ledger.queries.by_word(g.session, g.who.district_id, asked.text, since=g.clock() - WORD_WITHIN, within=WORD_MOST)
    return [one_transaction(each, named=False) for each in found[:MOST]]


def by_shown_code(asked: Question) -> list[Found]:
    """The twelve digits under a code that a phone shows: whether they still count. Whose they are is shown to a desk that may know."""
    if asked.digits is None or len(asked.digits) != SHOWN:
        return []
    authorise(g.session, g.who, "association.read")
    seen = wallet.queries.shown_code(g.session, g.who.district_id, asked.digits)
    if seen is None:
        return []
    state, todo = (
        (("ok", _("使われました")), _("この番号で支払いかチャージが済んでいます。もう一度は使えません。"))
        if seen.used_at is not None
        else (("info", _("使えます")), _("お店の端末か窓口で、この番号を入れられます。"))
        if seen.ended_at is None and g.clock() < seen.expires_at
        else (("neutral", _("期限切れ")), _("新しい番号に替わっています。スマホの画面をもう一度見てもらってください。"))
    )
    facts = ((_("出した日時"), when(seen.issued_at, seconds=True)), (_("だれが"), who_is(seen.person_id)))
    links = [(_("この人を開く"), url_for("association.person", person_id=seen.person_id))] if queries.may_look(g.who) else []
    return [Found(_("スマホに出た番号"), state, facts, todo, tuple(links))]


def by_ticket(asked: Question) -> list[Found]:
    """チャージ券 by the number printed on its corner (batch and piece), or by its signs. The signs are told to nobody here."""
    authorise(g.session, g.who, "association.read")
    printed = _TICKET.match(asked.text)
    if printed is not None:
        found = queries.code_at(g.session, g.who, int(printed[1]), int(printed[2]), now=g.clock())
    else:
        found = queries.code_that_reads(g.session, g.who, asked.text, now=g.clock())
    if found is None:
        return []
    batch, code = found
    state = {
        "left": ("ok", _("未使用")),
        "used": ("neutral", _("使われました")),
        "cancelling": ("warn", _("取消の承認待ち")),
        "cancelled": ("danger", _("取消済み")),
        "expired": ("neutral", _("期限切れ")),
        "waiting": ("warn", _("承認待ち")),
        "ended": ("neutral", _("期限切れ")),
        **{state: (kind, translate(word)) for state, (kind, word) in titles.FALLEN_STATES.items()},
    }[code.state if code.state != "left" or batch.state == "open" else batch.state]
    facts = (
        (_("券の番号"), f"{batch.id}-{code.place:04d}"),
        (_("金額"), yen(batch.face_value)),
        (_("使える最後の日"), day(batch.last_day)),
    )
    links = [(_("この束を開く"), url_for("association.batch", batch_id=batch.id))]
    if code.transaction_id is not None:
        number = ledger.queries.payment_number(code.transaction_id)
        links.append((_("この1件を開く"), url_for("association.find", q=number)))
    todo = _("使われた券は「この1件を開く」で、いつ使われたか分かります。未使用の券をなくした人には、取り消してから渡し直します。")
    return [Found(_("チャージ券"), state, facts, todo, tuple(links))]


def by_card_ending(asked: Question) -> list[Found]:
    """Cards whose number ends so. Nobody is named, since four digits are an amount as often."""
    if asked.digits is None or len(asked.digits) != ENDING or asked.is_grouped or not any(map(g.who.has, ("issuer", "administrator"))):
        return []
    authorise(g.session, g.who, "association.read")
    states = {"active": ("ok", _("利用中")), "blocked": ("danger", _("停止済み")), "replaced": ("neutral", _("交換済み"))}
    return [
        Found(
            _("終わりが %(ending)s のカード", ending=asked.digits),
            states.get(card.state, ("neutral", _("未配布"))),
            ((_("渡した日"), day(card.given_at)),) if card.given_at else (),
            _("同じ終わりのカードは、ほかにもありえます。渡した日を聞き、16桁のすべてを読んでもらってください。"),
            ((_("カードを開く"), url_for("association.card", card_id=card.id)),),
        )
        for card in wallet.queries.cards_ending(g.session, g.who.district_id, asked.digits)[:MOST]
    ]


def by_registration(asked: Question) -> list[Found]:
    """A shop by its registration number (T and thirteen digits), also without the T."""
    plain = asked.digits or (asked.text[1:].replace("-", "").replace(" ", "") if asked.text[:1] in "Tt" else "")
    if len(plain) != REGISTRATION or not plain.isdigit():
        return []
    authorise(g.session, g.who, "association.read")
    shops = merchant.queries.shops(g.session, g.who.district_id)
    return [named_shop(shop) for shop in shops if shop.registration_number == f"T{plain}"]


def by_campaign(asked: Question) -> list[Found]:
    """Vouchers and coupons by part of their name, the newest first."""
    if asked.digits is not None or not asked.text:
        return []
    found = []
    for one in queries.named_campaigns(g.session, g.who, asked.text, today=tokyo_day(g.clock()))[:MOST]:
        voucher, coupon = (url_for("association.voucher", voucher_id=one.id), url_for("association.coupon", coupon_id=one.id))
        facts = ((_("最初の日"), day(one.first_day)), (_("使える最後の日"), day(one.last_day)))
        state = ("neutral", _("終わりました")) if one.is_over else ("info", _("商品券") if one.is_voucher else _("クーポン"))
        todo = _("使えるお店と条件、いまの残りは、開くと出ています。")
        found.append(Found(one.name, state, facts, todo, ((_("開く"), voucher if one.is_voucher else coupon),)))
    return found


def by_small_number(asked: Question) -> list[Found]:
    """A person's or an application's number: what it could be, without a look at either."""
    if asked.digits is None or asked.is_grouped or len(asked.digits) > SMALL or "円" in asked.text:
        return []
    number, found = int(asked.digits), []
    if queries.may_look(g.who) and identity.queries.standings(g.session, g.who.district_id, [number]):
        links = ((_("この人を開く"), url_for("association.person", person_id=number)),)
        todo = _("利用者番号を聞いたときに開きます。ニックネームを聞いて、同じ人か確かめてください。見たことは記録に残ります。")
        found.append(Found(_("利用者番号 %(number)s", number=number), ("info", _("開くと分かります")), (), todo, links))
    if any(map(g.who.has, ("issuer", "administrator"))):
        application = queries.application_standing(g.session, g.who, number)
        if application is not None:
            state = ("warn", _("これから")) if application.handled_at is None else ("neutral", _("済み"))
            links = ((_("申し込みを開く"), url_for("association.application", application_id=number)),)
            todo = _("申し込んだ人から電話があったら開きます。見たことは記録に残ります。")
            facts = ((_("申し込んだ日時"), when(application.made_at)),)
            found.append(Found(_("加盟の申し込み 番号 %(number)s", number=number), state, facts, todo, links))
    return found
