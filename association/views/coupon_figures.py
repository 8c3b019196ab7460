"""クーポン in figures and on paper: day by day and shop by shop, rehearsed over past payments, and its poster."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from flask import Response, current_app, g, redirect, url_for
from werkzeug.wrappers import Response as Answer

from association import charts, queries, titles
from association.commands import NewCoupon
from association.errors import CouponDraftUnknown
from association.queries import LiveRow, Rehearsal
from association.schemas import CouponSchema
from association.views.frame import desk_page, pages
from identity.commands import authorise
from web import papers, pdf, tables
from web.i18n import _, translate
from web.tables import count, text, yen


@pages.get("/desk/coupons/<int:coupon_id>/days.<any(xlsx, csv):file>")
def coupon_days_table(coupon_id: int, file: str) -> Response:
    """One coupon day by day; empty where fewer than ten people stand behind the figures."""
    columns = [
        tables.day(_("日")),
        count(_("配った枚数")),
        count(_("使われた枚数")),
        yen(_("割引（円）")),
        yen(_("お会計（円）")),
        text(_("注"), 12),
    ]
    live = queries.coupon_live(g.session, g.who, coupon_id, now=g.clock())
    rows = [[row.day, row.claimed, row.pieces, row.cost, row.sales, _veil(row)] for row in live.days]
    return tables.download(file, f"coupon-{coupon_id}-days", columns, rows)


@pages.get("/desk/coupons/<int:coupon_id>/shops.<any(xlsx, csv):file>")
def coupon_shops_table(coupon_id: int, file: str) -> Response:
    """One coupon shop by shop, likewise."""
    columns = [text(_("お店"), 28), count(_("使われた枚数")), yen(_("割引（円）")), yen(_("お会計（円）")), text(_("注"), 12)]
    live = queries.coupon_live(g.session, g.who, coupon_id, now=g.clock())
    rows = [[row.name, row.pieces, row.cost, row.sales, _veil(row)] for row in live.shops]
    return tables.download(file, f"coupon-{coupon_id}-shops", columns, rows)


@pages.get("/desk/coupons/<int:coupon_id>/poster.pdf")
def coupon_poster(coupon_id: int) -> Response:
    """A4 for a wall: the coupon, and a code that opens its page in the wallet. Reading it gives nothing; the press there does."""
    terms = queries.listed_coupon(g.session, g.who, coupon_id, now=g.clock()).terms
    paper = papers.coupon_poster(
        url=f"{current_app.config['PUBLIC_URL']}{url_for('wallet.poster_coupon', code=terms.link_code)}",
        name=terms.name,
        name_en=terms.name_en,
        amount_off=terms.amount_off,
        percent=terms.percent,
        min_spend=terms.min_spend,
        first_day=terms.first_day,
        last_day=terms.last_day,
        per_person=terms.per_person,
        district=g.district.name,
        association=g.district.association,
        made_at=g.clock(),
    )
    answer = Response(pdf.render_checked("coupon_poster", paper), mimetype="application/pdf")
    answer.headers["Content-Disposition"] = f'attachment; filename="coupon-{coupon_id}-poster.pdf"'
    return answer


@pages.get("/desk/coupons/drafts/<int:draft_id>/rehearsal")
def coupon_rehearsal(draft_id: int) -> Answer | str:
    """試しに当てはめる: the draft over past payments. A draft that is not whole leads to its first open step."""
    new = _whole_draft(draft_id)
    if new is None:
        return redirect(url_for(".coupon_step", draft_id=draft_id, step=1), 303)
    tried = _tried(new)
    chart = charts.line(tried.burn) if len(tried.burn) > 1 else None
    people = queries.likely_people(g.session, g.who, new.conditions, now=g.clock())
    return desk_page(
        "association/coupon_rehearsal.html",
        draft_id=draft_id,
        new=new,
        tried=tried,
        chart=chart,
        people=people,
        most=new.amount_off * new.pieces,
        sizes=titles.SHOP_SIZES,
    )


@pages.get("/desk/coupons/drafts/<int:draft_id>/rehearsal.<any(xlsx, csv):file>")
def rehearsal_table(draft_id: int, file: str) -> Response:
    """The same by week, shop, trade and size of the shop, under one another. Raises CouponDraftUnknown for one that is not whole."""
    new = _whole_draft(draft_id)
    if new is None:
        raise CouponDraftUnknown
    columns = [text(_("分け方"), 12), text(_("名前"), 28), count(_("使われた枚数")), yen(_("割引（円）")), yen(_("お会計（円）"))]
    columns += [count(_("ふだんの支払いの割合（%）")), count(_("割引の割合（%）")), text(_("注"), 12)]
    return tables.download(file, f"coupon-draft-{draft_id}", columns, _rehearsed(_tried(new)))


def _whole_draft(draft_id: int) -> NewCoupon | None:
    """The draft as a coupon; None while something of it is missing."""
    authorise(g.session, g.who, "association.draft_coupon")
    draft = queries.coupon_draft(g.session, g.who, draft_id)
    return None if CouponSchema().validate(draft.fields) else CouponSchema().load(draft.fields)


def _tried(new: NewCoupon) -> Rehearsal:
    return queries.rehearsal(
        g.session,
        g.who,
        new.conditions,
        pieces=new.pieces,
        per_person=new.per_person,
        first=new.first_day,
        last=new.last_day,
        now=g.clock(),
    )


def _rehearsed(tried: Rehearsal) -> Iterator[list[object]]:
    for word, rows in ((_("週"), tried.weeks), (_("お店"), tried.shops), (_("業種"), tried.trades)):
        for row in rows:
            yield [word, str(row.day) if row.day else row.name, row.pieces, row.cost, row.sales, None, None, _told(row.pieces)]
    for size in tried.sizes:
        name = translate(titles.SHOP_SIZES[size.size])
        yield [_("店の規模"), name, None, size.cost, None, size.usual_percent, size.gain_percent, _told(size.cost)]


def _told(figure: int | None) -> str:
    return _("10人未満") if figure is None else ""


def chart_of(rows: list[tuple[date | None, int | None]]) -> charts.Line | None:
    """The picture of what may be told; None where that is less than two points."""
    points = [(day, amount) for day, amount in rows if day is not None and amount is not None]
    return charts.line(points) if len(points) > 1 else None


def _veil(row: LiveRow) -> str:
    return _told(row.pieces)
