"""The owner's desk: today's shop, its tablets and its people."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import count

from flask import Response, g, redirect, request, url_for
from werkzeug.wrappers import Response as Answer

import identity.commands
from base.clock import tokyo_day
from base.errors import N_
from ledger.queries import payment_number
from merchant import commands, queries
from merchant.commands import PairCodeMade
from merchant.queries import Sale
from merchant.schemas import PinFreeSchema, PinSchema, SalesSchema, ShopSchema, StaffSchema, TillNameSchema
from merchant.views.frame import at_desk, desk_page, pages, public_url
from web import forms, tables
from web.i18n import _, translate
from web.tables import moment, text, yen


@pages.get("/shop/")
@at_desk
def overview() -> str:
    """What today brought, how it compares with the week before, and what the shop is owed."""
    identity.commands.authorise(g.session, g.who, "merchant.read")
    today = tokyo_day(g.clock())
    district_id, shop_id = g.shop.district_id, g.shop.id
    return desk_page(
        "merchant/shop.html",
        today=queries.takings(g.session, district_id, shop_id, today),
        rung=queries.day_of_sales(g.session, district_id, shop_id, today) if g.shop.issues_receipts else None,
        week_ago=queries.takings(g.session, district_id, shop_id, today - timedelta(days=7)),
        owed=queries.owed(g.session, district_id, shop_id),
        coming=[one for one in queries.payouts(g.session, district_id, shop_id) if not one.is_paid],
        rows=queries.sales(g.session, district_id, shop_id, limit=8),
        tills=queries.tills(g.session, district_id, shop_id),
        people=queries.staff(g.session, district_id, shop_id),
        look=queries.to_look_at(g.session, district_id, shop_id, now=g.clock()),
        others=[queries.merchant(g.session, district_id, other) for other in g.who.shops if other != shop_id],
    )


@pages.post("/shop/other")
@at_desk
def other_shop() -> Answer:
    """Whoever owns several shops looks at another one from now on, until they say otherwise or sign out."""
    identity.commands.choose_merchant(g.session, g.who, forms.load(ShopSchema)["shop"])
    return redirect(url_for(".overview"), 303)


@pages.get("/shop/sales")
@at_desk
def shop_sales() -> str:
    """売上 of a day: the list, the sums, and who took how much."""
    day, staff_id, every = _day_of_sales()
    today = tokyo_day(g.clock())
    return desk_page(
        "merchant/shop_sales.html",
        day=day,
        today=today,
        one_day=timedelta(days=1),
        staff_id=staff_id,
        rows=_of(every, staff_id),
        totals=queries.takings_of(day, every),
        by_staff=queries.takings_by_staff(day, every),
        names=queries.staff_names(g.session, g.shop.district_id, g.shop.id),
    )


@pages.get("/shop/sales.<any(xlsx, csv):file>")
@at_desk
def shop_sales_table(file: str) -> Response:
    """The same list as a file, the oldest first."""
    day, staff_id, every = _day_of_sales()
    names = queries.staff_names(g.session, g.shop.district_id, g.shop.id)
    tills = {row.id: row.name for row in queries.tills(g.session, g.shop.district_id, g.shop.id)}
    columns = [
        moment(_("日時")),
        text(_("受付番号")),
        text(_("種類"), 10),
        yen(_("金額（円）")),
        yen(_("現金（円）")),
        yen(_("クーポン（円）")),
        yen(_("ポイント（円）")),
        yen(_("返金済み（円）")),
        text(_("お客様"), 10),
        text(_("受け取り方")),
        text(_("担当")),
        text(_("端末")),
        text(_("元の受付番号")),
        text(_("メモ"), 24),
    ]
    rows = [
        [
            sale.posted_at,
            sale.number,
            _("返金") if sale.kind == "refund" else _("受け取り"),
            sale.amount,
            -sale.cash if sale.kind == "refund" else sale.cash,
            sale.discount,
            sale.points,
            sale.refunded if sale.kind == "payment" else None,
            sale.customer,
            _WAYS.get(sale.way) and translate(_WAYS[sale.way]),
            names.get(sale.staff_id or 0),
            tills.get(sale.till_id or 0),
            None if sale.refers_to is None else payment_number(sale.refers_to),
            sale.note,
        ]
        for sale in reversed(_of(every, staff_id))
    ]
    return tables.download(file, f"sales-{day}", columns, rows)


_WAYS = {"static": N_("お店のQR"), "dynamic": N_("レジのQR"), "cpm": N_("お客様のコード"), "paper": N_("紙の券")}


def _day_of_sales() -> tuple[date, int | None, list[Sale]]:
    identity.commands.authorise(g.session, g.who, "merchant.read")
    wanted = SalesSchema().load(request.args)
    day = wanted["only"].first or tokyo_day(g.clock())
    return day, wanted["staff"], queries.sales_of_days(g.session, g.shop.district_id, g.shop.id, day, day)


def _of(every: list[Sale], staff_id: int | None) -> list[Sale]:
    return every if staff_id is None else [sale for sale in every if (sale.staff_id or 0) == staff_id]


@pages.get("/shop/tills")
@at_desk
def shop_tills() -> str:
    """Which tablets are paired, and a code for one more."""
    identity.commands.authorise(g.session, g.who, "merchant.read")
    return _tills_page(None)


@pages.post("/shop/tills")
@at_desk
def invite() -> str:
    """The code is shown once, on this very answer: it stands in no address and is kept nowhere."""
    made = commands.make_pair_code(g.session, g.who, g.shop.id, forms.load(TillNameSchema)["name"], now=g.clock())
    return _tills_page(made)


@pages.post("/shop/tills/<int(max=9223372036854775807):till_id>/revoke")
@at_desk
def revoke(till_id: int) -> Answer:
    """This tablet may do nothing from now on."""
    commands.revoke_till(g.session, g.who, g.shop.id, till_id, now=g.clock())
    return redirect(url_for(".shop_tills"), 303)


@pages.get("/shop/staff")
@at_desk
def shop_staff() -> str:
    """Who may stand at the tills."""
    identity.commands.authorise(g.session, g.who, "merchant.read")
    return desk_page(
        "merchant/shop_staff.html",
        people=queries.staff(g.session, g.shop.district_id, g.shop.id),
        alone=queries.owner_alone(g.session, g.shop.district_id, g.shop.id),
    )


@pages.post("/shop/staff")
@at_desk
def add() -> Answer:
    """Somebody new, with a PIN of their own."""
    commands.add_staff(g.session, g.who, g.shop.id, forms.load(StaffSchema), now=g.clock())
    return redirect(url_for(".shop_staff"), 303)


@pages.post("/shop/staff/pin-free")
@at_desk
def pin_free() -> Answer:
    """暗証番号なしで使う, or with it again."""
    commands.set_pin_free(g.session, g.who, g.shop.id, forms.load(PinFreeSchema)["on"], now=g.clock())
    return redirect(url_for(".shop_staff"), 303)


@pages.get("/shop/staff/<int(max=9223372036854775807):staff_id>")
@at_desk
def member(staff_id: int) -> str:
    """One member of staff: a new PIN, or good-bye."""
    identity.commands.authorise(g.session, g.who, "merchant.read")
    return desk_page("merchant/shop_member.html", member=queries.staff_member(g.session, g.shop.district_id, g.shop.id, staff_id))


@pages.post("/shop/staff/<int(max=9223372036854775807):staff_id>")
@at_desk
def new_pin(staff_id: int) -> Answer:
    """A new PIN; earlier failures are forgotten."""
    commands.set_staff_pin(g.session, g.who, g.shop.id, staff_id, forms.load(PinSchema)["pin"], now=g.clock())
    return redirect(url_for(".shop_staff"), 303)


@pages.post("/shop/staff/<int(max=9223372036854775807):staff_id>/remove")
@at_desk
def remove(staff_id: int) -> Answer:
    """They no longer stand at any till."""
    commands.remove_staff(g.session, g.who, g.shop.id, staff_id, now=g.clock())
    return redirect(url_for(".shop_staff"), 303)


def _tills_page(made: PairCodeMade | None) -> str:
    tills = queries.tills(g.session, g.shop.district_id, g.shop.id)
    names = {row.name for row in tills} | ({made.till_name} if made else set())
    offered = (str(_("店頭の端末 %(number)s", number=number)) for number in count(len(names) + 1))
    return desk_page(
        "merchant/shop_tills.html",
        tills=tills,
        new_name=next(name for name in offered if name not in names),
        later=queries.later_requests(g.session, g.shop.district_id, g.shop.id, now=g.clock()),
        unheard=queries.unheard_later(g.session, g.shop.district_id, g.shop.id, now=g.clock()),
        logs=queries.logs_of_shop(g.session, g.shop.district_id, g.shop.id, now=g.clock()),
        twins=queries.twins_of_shop(g.session, g.shop.district_id, g.shop.id),
        made=made,
        unclosed=queries.removed_unclosed(g.session, g.shop.district_id, g.shop.id),
        removed_reports=queries.reports_of_removed(g.session, g.shop.district_id, g.shop.id),
        pair_address=public_url() + url_for(".pair_page"),
    )
