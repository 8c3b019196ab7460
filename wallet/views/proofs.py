"""改ざん検知: what the seal on a slip means, for everybody."""

from __future__ import annotations

from flask import render_template

from wallet.views.frame import pages


@pages.get("/seal")
def seal() -> str:
    """Four sentences, and by script what this phone has seen of the log."""
    return render_template("wallet/seal.html", close="/wallet/")
