"""探す: one box. What it finds is read out over the telephone: who, what, when, where, how it stands, what to do next."""

from __future__ import annotations

from datetime import timedelta

from flask import Flask, g, request, url_for
from flask.blueprints import BlueprintSetupState

import identity.queries
import ledger.queries
import merchant.queries
import wallet.queries
from association import queries, titles
from association.queries import SeenPerson
from association.queries.disputes import PAYMENTS
from association.views.frame import desk_page, is_desk, pages
from association.views.people import STATES
from base.clock import tokyo_day
from base.errors import N_
from identity.commands import authorise
from ledger.errors import TransactionUnknown
from ledger.queries import Transaction, payment_number
from merchant.queries import Shop
from web import finders, navigation
from web.finders import Finder, Found, Question
from web.i18n import _, day, language, translate, when, yen
from web.navigation import Link

LATELY = timedelta(days=31)
"""An amount is looked for in this span; older ones are found in the books."""
MOST = 20
NUMBER_DIGITS, GROUP, CARD_DIGITS = 8, 4, 16
"""A payment number has at least so many digits, in groups of so many; an amount never has. A card has exactly so many."""


@pages.get("/desk/find")
def find() -> str:
    """Everything that fits, on one page. Looking changes nothing but the access log."""
    asked = finders.question(request.args.get("q", ""))
    return desk_page("association/find.html", asked=asked, found=finders.ask(asked))


@pages.record_once
def add_finders(state: BlueprintSetupState) -> None:
    """What the association itself can find; others add theirs."""
    assert isinstance(state.app, Flask)
    for order, finder in ((10, by_number), (15, by_card), (20, by_shop), (30, by_amount), (40, by_person)):
        finders.add(state.app, Finder(order, finder))
    navigation.add(state.app, "desk.find", Link("search", N_("聞いた番号・お店・金額・ニックネーム"), "/desk/find", visible=is_desk))


def by_number(asked: Question) -> list[Found]:
    """受付番号: in groups as every screen shows it, or with all its zeros."""
    if asked.digits is None or not (asked.is_grouped or len(asked.digits) >= NUMBER_DIGITS) or len(asked.digits) > 15:
        return []
    if asked.is_grouped and any(len(group) != GROUP for group in asked.text.split("-")[1:]):
        return []  # a receipt, an advice, a number to buy by
    authorise(g.session, g.who, "association.read")
    try:
        return [one_transaction(ledger.queries.transaction(g.session, g.who.district_id, int(asked.digits)), named=True)]
    except TransactionUnknown:
        return []


def by_card(asked: Question) -> list[Found]:
    """A card by the sixteen digits on it; the look is written down. For a desk that may look at cards."""
    if asked.digits is None or len(asked.digits) != CARD_DIGITS or not any(map(g.who.has, ("issuer", "administrator"))):
        return []
    return [_card(held) for held in wallet.queries.find_cards(g.session, g.who, asked.digits)]


def by_shop(asked: Question) -> list[Found]:
    """A shop by part of its name, its reading or its English name, or by its six digits."""
    authorise(g.session, g.who, "association.read")
    if not asked.text or (asked.digits is not None and len(asked.digits) != 6):
        return []
    shops = merchant.queries.shops(g.session, g.who.district_id)
    if asked.digits is not None:
        return [named_shop(shop) for shop in shops if shop.public_number == asked.digits]
    return [named_shop(shop) for shop in shops if merchant.queries.answers_to(shop, asked.text)][:MOST]


def by_amount(asked: Question) -> list[Found]:
    """Payments and top-ups of so many yen, or between two amounts, lately. Whose they were is shown one by one only."""
    if asked.between is None or asked.is_grouped or not any(0 < (each or 0) <= 10_000_000 for each in asked.between):
        return []
    least, most = asked.between
    search = queries.Search(first=tokyo_day(g.clock() - LATELY), least=least, most=most)
    rows = queries.journal_page(g.session, g.who, search, now=g.clock()).rows[:MOST]
    return [one_transaction(row.transaction, named=False) for row in rows]


def by_person(asked: Question) -> list[Found]:
    """A consumer by nickname, or by their whole address. Each that is shown is a look."""
    if asked.digits is not None or not asked.text:
        return []
    return [_person(one) for one in queries.called(g.session, g.who, asked.text, now=g.clock())]


def _card(held: wallet.queries.HeldCard) -> Found:
    card = held.card
    state, todo = {
        "blank": (("neutral", _("未配布")), _("まだだれのものでもありません。渡すときに、窓口で読み取ります。")),
        "active": (("ok", _("利用中")), _("なくした人なら、本人と確かめて、ここからカードを止めます。残高はそのままです。")),
        "blocked": (("danger", _("停止済み")), _("止めたカードです。残高はそのままで、新しいカードに移せます。")),
        "replaced": (("neutral", _("交換済み")), _("新しいカードに替わっています。このカードでは支払えません。")),
    }[card.state]
    facts = [(_("カードの番号"), card.grouped), (_("だれが"), held.holder or "—")]
    if card.given_at is not None:
        facts.append((_("渡した日"), day(card.given_at)))
    links = [(_("カードを開く"), url_for("association.card", card_id=card.id))]
    if card.person_id is not None:
        links.append((_("この人を開く"), url_for("association.person", person_id=card.person_id)))
    return Found(_("カード"), state, tuple(facts), todo, tuple(links))


def one_transaction(booked: Transaction, *, named: bool) -> Found:
    owner = next((line.owner_id for line in booked.lines if line.role == "consumer"), None)
    shop = _shop_of(booked)
    facts = [(_("いつ"), when(booked.posted_at, seconds=named))]
    if booked.amount:  # what moves pieces or units alone has none
        facts.append((_("金額"), yen(booked.amount)))
    if shop is not None:
        facts.append((_("どこで"), f"{_name(shop)}（{shop.public_number}）"))
    elif booked.facts.get("way") == "counter":
        facts.append((_("どこで"), _("案内所の窓口")))
    if owner is not None:
        facts.append((_("だれが"), who_is(owner) if named else _("利用者（番号を開くと分かります）")))
    facts.append((_("合言葉"), booked.matching_word))
    state, todo = _how_it_stands(booked)
    links = [] if named else [(_("この1件を開く"), url_for("association.find", q=booked.payment_number))]
    if named and owner is not None and queries.may_look(g.who):
        links.append((_("この人を開く"), url_for("association.person", person_id=owner)))
    if shop is not None:
        links.append((_("お店を開く"), url_for("association.shop", merchant_id=shop.id)))
    links += _record_of(booked)
    if named:
        links += _case_links(booked)
        links += [(_("返金・取消を開く"), url_for("association.find", q=payment_number(number))) for number in booked.refunds]
        if booked.refers_to is not None:
            links.append((_("元の取引を開く"), url_for("association.find", q=payment_number(booked.refers_to))))
        links.append((_("仕訳帳で見る"), url_for("association.books", number=booked.payment_number)))
    kind = translate(titles.KINDS.get(booked.kind, booked.kind))
    return Found(_("%(kind)s 受付番号 %(number)s", kind=kind, number=booked.payment_number), state, tuple(facts), todo, tuple(links))


def _case_links(booked: Transaction) -> list[tuple[str, str]]:
    """To the case about a payment, or to where one is opened; for a desk that handles them."""
    if booked.kind not in PAYMENTS or not any(map(g.who.has, ("issuer", "approver", "administrator"))):
        return []
    case = queries.dispute_of_payment(g.session, g.who.district_id, booked.id)
    links = [] if case is None else [(_("申し立て %(number)s を開く", number=case.id), url_for("association.dispute", dispute_id=case.id))]
    if case is None or case.closed_at is not None:
        links.append((_("申し立てを開く"), url_for("association.new_dispute", payment=booked.id)))
    return links


def _record_of(booked: Transaction) -> list[tuple[str, str]]:
    """The page that this kind of transaction has of its own."""
    records = {
        "top_up": (_("チャージの記録"), "association.topped_up"),
        "voucher_sale": (_("販売の記録"), "association.voucher_sold"),
        "ticket_payment": (_("読み取った券"), "association.ticket_payment"),
    }
    found = records.get(booked.kind)
    return [] if found is None else [(found[0], url_for(found[1], transaction_id=booked.id))]


def _how_it_stands(booked: Transaction) -> tuple[tuple[str, str], str]:
    """Kind of chip and word, and what to do next."""
    if booked.kind in (*PAYMENTS, "ticket_payment"):
        if booked.refunded >= booked.amount:
            return ("neutral", _("返金済み")), _("全額が返金されています。お客様の履歴に「返金」が出ています。することはありません。")
        if booked.refunded:
            return ("info", _("%(amount)sを返金済み", amount=yen(booked.refunded))), _(
                "一部が返金されています。残りは支払い済みです。返金は、お店の端末か店主のページから行えます。"
            )
        return ("ok", _("支払い済み")), _(
            "支払いは済んでいて、お店が受け取っています。お客様とお店の画面の合言葉が同じか、読み合わせてください。"
            "間違いなら、お店の端末か店主のページから返金してもらいます。"
        )
    if booked.kind in ("top_up", "top_up_again", "agent_top_up"):
        if booked.refunds:
            return ("neutral", _("取り消し済み")), _(
                "このチャージは取り消され、現金をお返ししています。お客様の履歴に「チャージの取消」が出ています。"
            )
        return ("ok", _("チャージ済み")), _("残高に入っています。間違いなら、その日のうちに受け付けた担当者が取り消せます。")
    if booked.kind == "voucher_sale":
        if booked.refunds:
            return ("neutral", _("取り消し済み")), _("この販売は取り消され、現金をお返ししています。")
        return ("ok", _("販売済み")), _("残高に入っています。使われていなければ、その日のうちに受け付けた担当者が取り消せます。")
    if booked.refers_to is not None:
        return ("ok", _("記帳済み")), _("この記録は書き換えられません。元の取引を開いて確かめてください。")
    return ("ok", _("記帳済み")), _("この記録は書き換えられません。借方と貸方は、仕訳帳で確かめられます。")


def who_is(person_id: int) -> str:
    """The consumer, for a desk that may know; the look is written down."""
    if not queries.may_look(g.who):
        return _("利用者")
    authorise(g.session, g.who, "association.look_at_person", subject=f"person:{person_id}")
    return identity.queries.nickname(g.session, g.who.district_id, person_id) or _("退会した人")


def _shop_of(booked: Transaction) -> Shop | None:
    owner = next((line.owner_id for line in booked.lines if line.role in ("payable", "agent")), None)
    return None if owner is None else merchant.queries.merchant(g.session, g.who.district_id, owner)


def named_shop(shop: Shop) -> Found:
    kind, word = titles.SHOP_STATES[shop.state]
    todo = {
        "applied": N_("承認されるまで受け取れません。別の人が承認します。"),
        "open": N_("受け取れます。端末が鳴らないときは、端末の電波と音、お店につながっているかを確かめてもらいます。"),
        "suspended": N_("受け取りを止めています。理由は記録にあります。再開は承認者が行います。"),
        "closed": N_("終了したお店です。受け取れません。"),
    }[shop.state]
    facts = (
        (_("お店の番号"), shop.public_number),
        (_("業種"), shop.trade),
        (_("どこ"), shop.address),
        (_("いまの状態になった日時"), when(shop.state_since)),
    )
    links = (
        (_("お店を開く"), url_for("association.shop", merchant_id=shop.id)),
        (_("今日の取引を仕訳帳で見る"), url_for("association.books")),
    )
    return Found(_name(shop), (kind, translate(word)), facts, translate(todo), links)


def _person(seen: SeenPerson) -> Found:
    kind, word = STATES[seen.state]
    last = seen.latest[0] if seen.latest else None
    facts = [
        (_("利用者番号"), str(seen.person_id)),
        (_("登録した日"), day(seen.standing.created_at)),
        (_("メールアドレス"), seen.email or _("登録していません")),
    ]
    if last is not None:
        facts.append((_("最後の利用"), f"{when(last.posted_at)}・{last.shop or translate(titles.KINDS.get(last.kind, last.kind))}"))
    todo = {
        "open": N_("本人か確かめてから開きます。スマホをなくした人は、ここから一時停止できます。"),
        "frozen": N_("一時停止中です。残高はそのままです。本人と確かめて、ここから解除できます。"),
        "left": N_("退会しています。"),
    }[seen.state]
    links = ((_("この人を開く"), url_for("association.person", person_id=seen.person_id)),)
    return Found(_("%(name)sさん", name=seen.nickname), (kind, translate(word)), tuple(facts), translate(todo), links)


def _name(shop: Shop) -> str:
    return shop.name_en if language() == "en" and shop.name_en else shop.name
