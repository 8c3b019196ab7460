"""なくした・機種変更・退会: what one does about the phone, and about oneself."""

from __future__ import annotations

from flask import g, redirect, render_template
from werkzeug.wrappers import Response as Answer

import identity.queries
from wallet import commands, queries
from wallet.commands import may_lift, passkey_is_fresh
from wallet.schemas import LeaveSchema, LostSchema
from wallet.views.frame import consumers_only, go, me, now, pages, public_url
from web import forms


@pages.get("/lost")
def lost() -> str:
    """Open to everybody: whoever has lost the phone is signed in nowhere."""
    return render_template("wallet/lost.html", back="/help")


@pages.post("/lost")
def report_lost() -> Answer:
    """Stopped. Sent twice, it is stopped once."""
    typed = forms.load(LostSchema)
    commands.report_lost(g.session, me(), typed["name"], typed["code"], now=now())
    return redirect("/lost/done", 303)


@pages.get("/lost/done")
def lost_done() -> str:
    """What has happened, and what comes next. The same for everybody, so it shows nothing about anybody."""
    return render_template("wallet/lost_done.html")


@pages.get("/wallet/frozen")
@consumers_only
def frozen() -> Answer | str:
    """Since when, who asked, and how it is lifted."""
    held = identity.queries.freeze_of(g.session, me().district_id, me().person_id or 0)
    if held is None:
        return redirect("/wallet/", 303)
    return render_template(
        "wallet/frozen.html",
        frozen=held,
        may_lift=may_lift(me(), held),
        profile=identity.queries.person_profile(g.session, me()),
        ways=identity.queries.ways_in(g.session, me()),
        back="/wallet/",
    )


@pages.post("/wallet/frozen")
@consumers_only
def lift_freeze() -> Answer:
    """解除する: the person is back, and has shown it."""
    commands.lift_freeze(g.session, me(), now=now())
    return go("/wallet/")


@pages.get("/wallet/new-phone")
@consumers_only
def new_phone() -> str:
    """機種変更, shown on the old phone: what to do on the new one, with the ways in that this person has."""
    return render_template(
        "wallet/new_phone.html",
        address=f"{public_url()}/sign-in",
        profile=identity.queries.person_profile(g.session, me()),
        ways=identity.queries.ways_in(g.session, me()),
        limit=queries.new_device_limit(g.session, me(), now=now()),
        back="/wallet/settings",
    )


@pages.get("/wallet/leave")
@consumers_only
def leave_page() -> str:
    """退会: what becomes of the coin, of the data and of the records, before anything is pressed."""
    return render_template(
        "wallet/leave.html",
        left=queries.left_behind(g.session, me(), now=now()),
        works=bool(me().roles - {"consumer"}),
        proved=passkey_is_fresh(me(), now()),
        ways=identity.queries.ways_in(g.session, me()),
        back="/wallet/settings",
    )


@pages.post("/wallet/leave")
@consumers_only
def leave() -> Answer:
    """Gone for good. The cookie that is left opens nothing."""
    commands.leave(g.session, me(), forms.load(LeaveSchema), now=now())
    return go("/left")


@pages.get("/left")
def left() -> str:
    """The last page. It knows nobody any more."""
    return render_template("wallet/left.html")
