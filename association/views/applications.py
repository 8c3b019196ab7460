"""加盟の申し込み: the public form, and the desk's list of what came in."""

from __future__ import annotations

from flask import Response, current_app, g, redirect, render_template, url_for
from werkzeug.wrappers import Response as Answer

from association import commands, queries, titles
from association.schemas import ApplicationSchema, ReasonSchema
from association.views.bank_details import ID, WORDS
from association.views.frame import desk_page, pages
from association.views.outside import outside
from base.clock import tokyo_day
from web import forms, tables
from web.i18n import _
from web.tables import moment, text


@outside.get("/apply")
def apply_page() -> str:
    """お店の申し込み: for anybody."""
    return render_template("association/apply.html", district=g.district, sizes=titles.SHOP_SIZES, **WORDS)


@outside.post("/apply")
def apply_shop() -> Answer:
    """申し込む."""
    number = commands.apply_shop(g.session, g.who, forms.load(ApplicationSchema), now=g.clock())
    return redirect(url_for(".applied", number=number), 303)


@outside.get(f"/apply/{ID}number>")
def applied(number: int) -> str:
    """受け付けました: says nothing of what was written, since anybody can open it."""
    return render_template("association/applied.html", district=g.district, number=number)


@pages.get("/desk/applications")
def applications() -> str:
    """What came in, those that wait first."""
    address = f"{current_app.config['PUBLIC_URL']}/apply"  # whole: it is read out, and printed
    return desk_page("association/applications.html", rows=queries.applications(g.session, g.who), address=address)


@pages.get("/desk/applications.<any(xlsx, csv):file>")
def applications_table(file: str) -> Response:
    """The same. Whoever wrote it, and where they can be reached, is seen one by one only."""
    columns = [text(_("番号")), moment(_("申し込んだ日時")), text(_("お店"), 28), text(_("業種")), text(_("状態"), 16), text(_("理由"), 32)]
    rows = [
        [
            str(row.id),
            row.made_at,
            row.application.shop.name if row.application else None,
            row.application.shop.trade if row.application else None,
            _("登録済み") if row.merchant_id else _("断りました") if row.decline_reason else _("まだ見ていません"),
            row.decline_reason,
        ]
        for row in queries.applications(g.session, g.who)
    ]
    return tables.download(file, f"applications-{tokyo_day(g.clock())}", columns, rows)


@pages.get(f"/desk/applications/{ID}application_id>")
def application(application_id: int) -> str:
    """One of them, and the two buttons."""
    row = queries.application(g.session, g.who, application_id)
    return desk_page("association/application.html", row=row, sizes=titles.SHOP_SIZES, **WORDS)


@pages.post(f"/desk/applications/{ID}application_id>/take")
def take_application(application_id: int) -> Answer:
    """この内容で登録する: nothing is typed again."""
    merchant_id = commands.take_application(g.session, g.who, application_id, now=g.clock())
    return redirect(url_for(".shop", merchant_id=merchant_id), 303)


@pages.post(f"/desk/applications/{ID}application_id>/decline")
def decline_application(application_id: int) -> Answer:
    """断る."""
    commands.decline_application(g.session, g.who, application_id, reason=forms.load(ReasonSchema)["reason"], now=g.clock())
    return redirect(url_for(".applications"), 303)
