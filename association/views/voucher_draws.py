"""抽選, for everybody: what is fixed, what decided, the result by number, and the files with which anybody does it again."""

from __future__ import annotations

import json

from flask import Response, g, render_template

from association import queries
from association.errors import CallUnknown
from association.queries import Drawn
from association.rules import RULES
from association.views.outside import outside


@outside.get("/draw/<campaign>")
def draw(campaign: str) -> str:
    """The page that is named to everybody: before the draw what will decide, and after it the result. Numbers only."""
    terms, call, drawn = queries.published_draw(g.session, g.district.id, campaign)
    return render_template("association/draw.html", district=g.district, terms=terms, call=call, drawn=drawn, campaign=campaign)


@outside.get("/draw/<campaign>/list.txt")
def draw_list(campaign: str) -> Response:
    """The list byte for byte, as it is hashed: `sha256sum` gives what the page says."""
    drawn = _drawn(campaign)
    lines = b"".join(b"%d %d\n" % (entry.number, entry.units) for entry in sorted(drawn.entries, key=lambda entry: entry.number))
    return Response(b"meguri draw list 1\n" + lines, mimetype="text/plain")


@outside.get("/draw/<campaign>/question.jsonl")
def draw_question(campaign: str) -> Response:
    """What `meguri rules vouchers.draw` reads, a line a round."""
    drawn = _drawn(campaign)
    if drawn.size is None:
        raise CallUnknown
    lines = [json.dumps(drawn.question(each.number)) for each in drawn.rounds]
    return Response("\n".join([*lines, ""]), mimetype="application/jsonl")


@outside.get("/draw/<campaign>/result.json")
def draw_result(campaign: str) -> Response:
    """The result as it was published, with its questions: rank, number, wanted, given by round."""
    drawn = _drawn(campaign)
    if drawn.size is None or drawn.root is None or drawn.signed_at is None:
        raise CallUnknown
    rounds = []
    for each in drawn.rounds:
        question = drawn.question(each.number)
        rounds.append({"question": question, "answer": RULES["vouchers.draw"](question), "pay_until": f"{each.pay_until}"})
    said = {"campaign": drawn.campaign, "list": drawn.list_hash.hex(), "signed_at": drawn.signed_at.isoformat(), "rounds": rounds}
    return Response(json.dumps(said, indent=1), mimetype="application/json")


def _drawn(campaign: str) -> Drawn:
    """Raises CallUnknown before the list is fixed."""
    _terms, _call, drawn = queries.published_draw(g.session, g.district.id, campaign)
    if drawn is None:
        raise CallUnknown
    return drawn
