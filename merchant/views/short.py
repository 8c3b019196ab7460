"""残高が足りないとき, after a scan without scripts: the same question as a page. (With them, the scan page itself asks.)"""

from __future__ import annotations

from flask import Response, request
from werkzeug.wrappers import Response as Answer

from ledger.errors import FloorPassed
from merchant.schemas import ScanSchema
from merchant.views.frame import pages, till_page
from web import forms
from web.problems import refuse, wants_json


@pages.errorhandler(FloorPassed)
def short(error: FloorPassed) -> Answer | Response | tuple[str, int]:
    """What the customer can pay in coin, and the press that takes just that; any other refusal of the kind is told as ever."""
    answer = refuse(error)
    if request.endpoint != "merchant.take" or wants_json() or not error.facts.get("available"):
        return answer
    sent = forms.load(ScanSchema)
    coin = error.facts["available"]
    return till_page("merchant/short.html", code=sent["code"], coin=coin, cash=sent["amount"] + sent["cash"] - coin), error.status
