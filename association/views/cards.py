"""カード: printed in lots, given at the counter, found when somebody has lost one, blocked, moved to a new one."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from flask import Response, current_app, g, redirect, url_for
from werkzeug.wrappers import Response as Answer

import identity.queries
import wallet.commands
import wallet.queries
from association import queries, titles
from association.schemas import (
    CardLimitsSchema,
    CardPinSchema,
    CodeSchema,
    FindCardSchema,
    GivePageSchema,
    GiveSchema,
    LotSchema,
    ReplaceSchema,
    UnblockSchema,
    VisitSchema,
)
from association.views.frame import asked, desk_page, pages
from association.views.selections import chosen_card, chosen_customer, signed_customer
from base.clock import tokyo_day
from identity.commands import authorise
from wallet.commands import CARDS_IN_A_LOT, Blank, GiveCard, SetCardLimits, Visit
from wallet.queries import CardView, HeldCard, LotView
from web import forms, papers, pdf, tables
from web.i18n import _, language, translate
from web.tables import count, moment, text


@pages.get("/desk/cards")
def cards() -> str:
    """The lots, the search, and how much a card pays without its PIN."""
    return _cards_page()


@pages.get("/desk/cards.<any(xlsx, csv):file>")
def cards_table(file: str) -> Response:
    """Every card that was printed. Like the page it shows the end of a number only, and nobody's name in bulk."""
    columns = [text(_("束"), 8), text(_("順番"), 8), text(_("番号の終わり")), text(_("状態"), 24)]
    columns += [moment(_("渡した日時")), moment(_("止めた日時"))]
    return tables.download(file, f"cards-{tokyo_day(g.clock())}", columns, map(_card_row, wallet.queries.every_card(g.session, g.who)))


@pages.get("/desk/cards/lots.<any(xlsx, csv):file>")
def lots_table(file: str) -> Response:
    """The lots, newest first, with how many of each are whose."""
    columns = [text(_("束"), 8), moment(_("作った日時")), text(_("作った人"), 24), count(_("枚数"))]
    columns += [count(_("未使用")), count(_("使用中")), count(_("利用停止")), count(_("新しいカードに移した"))]
    columns += [count(_("印刷した回数")), moment(_("最後の印刷"))]
    return tables.download(file, f"card-lots-{tokyo_day(g.clock())}", columns, map(_lot_row, wallet.queries.card_lots(g.session, g.who)))


@pages.post("/desk/cards")
def make_lot() -> Answer:
    """Blank cards come into being; the next page prints them."""
    lot_id = wallet.commands.make_lot(g.session, g.who, forms.load(LotSchema)["quantity"], now=g.clock())
    return redirect(url_for(".card_lot", lot_id=lot_id), 303)


@pages.post("/desk/cards/find")
def find_card() -> Answer | str:
    """One card: its page. A number that people know stands in no address."""
    typed = forms.load(FindCardSchema)["find"]
    found = wallet.queries.find_cards(g.session, g.who, typed)
    if len(found) == 1 and found[0].card.person_id is not None:
        return redirect(url_for(".card", card_id=found[0].card.id), 303)
    return _cards_page(found=found, find=typed)


@pages.post("/desk/cards/limits")
def set_card_limits() -> Answer:
    """From the next payment on."""
    wallet.commands.set_card_limits(g.session, g.who, SetCardLimits(**forms.load(CardLimitsSchema)), now=g.clock())
    return redirect(url_for(".cards"), 303)


@pages.get("/desk/cards/lots/<int(max=9223372036854775807):lot_id>")
def card_lot(lot_id: int) -> str:
    """One lot: how many of it are whose, and the sheet to print."""
    return desk_page("association/card_lot.html", lot=wallet.queries.card_lot(g.session, g.who, lot_id))


@pages.post("/desk/cards/lots/<int(max=9223372036854775807):lot_id>/print")
def print_lot(lot_id: int) -> Response:
    """The sheet, each time with new secrets: what was printed before is worth nothing from now on."""
    printed = wallet.commands.print_lot(g.session, g.who, lot_id, now=g.clock())
    notice = queries.current_notice(g.session, g.who.district_id)
    paper = papers.card_sheet(
        cards=[(card.serial, card.text, card.grouped) for card in printed],
        lot=lot_id,
        made_at=g.clock(),
        district=g.district.name,
        district_en=g.district.name_en,
        association=g.district.association,
        contact=g.district.contact,
        balance_at=f"{urlsplit(current_app.config['PUBLIC_URL']).netloc}/card",
        loss_policy=notice.loss_policy if notice else "",
    )
    answer = Response(pdf.render_checked("card_sheet", paper), mimetype="application/pdf")
    answer.headers["Content-Disposition"] = f'attachment; filename="cards-{lot_id}.pdf"'
    return answer


@pages.get("/desk/cards/give")
def give_card() -> str:
    """カードを渡す: a blank card, read before or now, for a new holder or for the phone that was read."""
    typed = asked(GivePageSchema)
    authorise(g.session, g.who, "wallet.give_card", subject="page")
    blank = chosen_card(typed["card"]) if typed["card"] else None
    person_id = chosen_customer(typed["to"]) if typed["to"] else None
    return desk_page(
        "association/give_card.html",
        card=typed["card"],
        ending=blank.number[-4:] if blank else "",
        to=typed["to"],
        customer=None if person_id is None else identity.queries.nickname(g.session, g.who.district_id, person_id),
    )


@pages.post("/desk/cards/give")
def give() -> Answer:
    """It is somebody's now, and can be topped up on the next page."""
    form: dict[str, Any] = forms.load(GiveSchema)
    order = GiveCard(
        blank=chosen_card(form["card"]) if form["card"] else _read_blank(form["code"]),
        pin=form["pin"],
        person_id=chosen_customer(form["to"]) if form["to"] else None,
        nickname=form["nickname"],
    )
    given = wallet.commands.give_card(g.session, g.who, order, now=g.clock())
    assert given.person_id is not None
    return redirect(url_for(".counter", to=signed_customer(given.person_id), given="yes"), 303)


@pages.get("/desk/cards/<int(max=9223372036854775807):card_id>")
def card(card_id: int) -> str:
    """A card: whose, how much there is, what happened, what can be done."""
    return _card_page("association/card.html", card_id)


@pages.get("/desk/cards/<int(max=9223372036854775807):card_id>/block")
def block_page(card_id: int) -> str:
    """なくした: who says so."""
    return _card_page("association/card_block.html", card_id)


@pages.post("/desk/cards/<int(max=9223372036854775807):card_id>/block")
def block_card(card_id: int) -> Answer:
    """It pays nothing from this moment; pressed twice, it is blocked once."""
    wallet.commands.block_card(g.session, g.who, card_id, Visit(**forms.load(VisitSchema)), now=g.clock())
    return redirect(url_for(".card", card_id=card_id), 303)


@pages.get("/desk/cards/<int(max=9223372036854775807):card_id>/unblock")
def unblock_page(card_id: int) -> str:
    """見つかった: the card in hand, and its holder's PIN."""
    return _card_page("association/card_unblock.html", card_id)


@pages.post("/desk/cards/<int(max=9223372036854775807):card_id>/unblock")
def unblock_card(card_id: int) -> Answer:
    """It pays again."""
    form: dict[str, Any] = forms.load(UnblockSchema)
    wallet.commands.unblock_card(g.session, g.who, card_id, form["code"], form["pin"], Visit(), now=g.clock())
    return redirect(url_for(".card", card_id=card_id), 303)


@pages.get("/desk/cards/<int(max=9223372036854775807):card_id>/replace")
def replace_page(card_id: int) -> str:
    """新しいカードに移す: the new card, and who came for it."""
    return _card_page("association/card_replace.html", card_id)


@pages.post("/desk/cards/<int(max=9223372036854775807):card_id>/replace")
def replace_card(card_id: int) -> Answer:
    """The new card's page: same holder, same balance, same PIN."""
    form: dict[str, Any] = forms.load(ReplaceSchema)
    new = wallet.commands.replace_card(
        g.session, g.who, card_id, _read_blank(form["code"]), Visit(form["came"], form["note"]), now=g.clock()
    )
    return redirect(url_for(".card", card_id=new.id), 303)


@pages.get("/desk/cards/<int(max=9223372036854775807):card_id>/pin")
def card_pin_page(card_id: int) -> str:
    """暗証番号を決め直す: with the holder at the counter; first the second person's yes, then the new PIN."""
    return _card_page("association/card_pin.html", card_id)


@pages.post("/desk/cards/<int(max=9223372036854775807):card_id>/pin/ask")
def propose_card_pin(card_id: int) -> Answer:
    """The card was read: somebody else is asked to come and look."""
    wallet.commands.propose_card_pin(g.session, g.who, card_id, forms.load(CodeSchema)["code"], now=g.clock())
    return redirect(url_for(".card_pin_page", card_id=card_id), 303)


@pages.post("/desk/cards/<int(max=9223372036854775807):card_id>/pin")
def set_card_pin(card_id: int) -> Answer:
    """It holds at once, and a locked card is open again."""
    wallet.commands.set_card_pin(g.session, g.who, card_id, forms.load(CardPinSchema)["pin"], Visit(), now=g.clock())
    return redirect(url_for(".card", card_id=card_id), 303)


def _read_blank(code: str) -> Blank:
    seen = wallet.commands.card_at_counter(g.session, g.who, code, now=g.clock())
    return Blank(seen.id, seen.number)


def _cards_page(*, found: list[HeldCard] | None = None, find: str = "") -> str:
    notice = queries.current_notice(g.session, g.who.district_id)
    return desk_page(
        "association/cards.html",
        lots=wallet.queries.card_lots(g.session, g.who),
        limits=wallet.queries.no_pin_limits(g.session, g.who.district_id),
        loss_policy=notice.loss_policy_in(language()) if notice else "",
        found=found,
        find=find,
        most=CARDS_IN_A_LOT,
        states=titles.CARD_STATES,
    )


def _card_row(card: CardView) -> list[object]:
    state = translate(titles.CARD_STATES[card.state][1])
    return [card.lot_id, f"{card.serial:03d}", card.ending, state, card.given_at, card.ended_at]


def _lot_row(lot: LotView) -> list[object]:
    cards = [lot.quantity, lot.blank, lot.active, lot.blocked, lot.replaced]
    return [lot.id, lot.made_at, lot.made_by or _("退会した人"), *cards, lot.prints, lot.printed_at]


def _card_page(template: str, card_id: int) -> str:
    held, story = wallet.queries.one_card(g.session, g.who, card_id)
    statement = None if held.card.person_id is None else wallet.queries.statement_of(g.session, g.who.district_id, held.card)
    return desk_page(
        template,
        card=held.card,
        holder=held.holder,
        story=story,
        statement=statement,
        states=titles.CARD_STATES,
        asked=wallet.queries.pin_asked(g.session, g.who.district_id, card_id),
    )
