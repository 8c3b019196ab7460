"""クーポン: what I can use, what I can get, and why the rest does not work now."""

from __future__ import annotations

from flask import Response, g, render_template, request

from wallet import commands, queries
from wallet.commands import Claim, ClaimByPoster
from wallet.schemas import ClaimSchema
from wallet.views.frame import consumers_only, go, me, now, pages
from web import forms


@pages.get("/wallet/coupons")
@consumers_only
def coupons() -> str:
    """Usable ones first, then those to claim, then the others with their reason."""
    found = queries.my_coupons(g.session, me(), now=now())
    claimed = next((one for one in found.usable if str(one.terms.id) == request.args.get("claimed")), None)
    return render_template("wallet/coupons.html", coupons=found, claimed=claimed, docked=True)


@pages.post("/wallet/coupons/<int(max=9223372036854775807):coupon_id>")
@consumers_only
def claim(coupon_id: int) -> Response:
    """もらう: pressed twice, it gives one."""
    commands.claim_coupon(g.session, me(), Claim(coupon_id, **forms.load(ClaimSchema)), now=now())
    return go(f"/wallet/coupons?claimed={coupon_id}")


@pages.get("/wallet/c/<code>")
@consumers_only
def poster_coupon(code: str) -> str:
    """What a poster's QR leads to: the coupon and its button. Nothing is given by looking."""
    return render_template("wallet/poster_coupon.html", offered=queries.coupon_of_poster(g.session, me(), code, now=now()))


@pages.post("/wallet/c/<code>")
@consumers_only
def claim_by_poster(code: str) -> Response:
    """もらう on that page."""
    coupon_id, _posted = commands.claim_by_poster(g.session, me(), ClaimByPoster(code, **forms.load(ClaimSchema)), now=now())
    return go(f"/wallet/coupons?claimed={coupon_id}")
