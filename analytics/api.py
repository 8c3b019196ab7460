"""What sensors send: counts and weather of the one source that their token stands for. Payments do not wait for it."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from flask import g
from flask_smorest import Blueprint
from marshmallow import Schema, fields, validate

from analytics import commands, queries
from analytics.commands import Parcel
from analytics.errors import SensorTooFast, SourceEnded, SourceUnknown
from analytics.rules.readings import REASONS, Frame, read_sent
from base.errors import N_
from ledger.errors import KeyReused
from web import forms
from web.api_frame import PlainText, operation

api = Blueprint("measurements", __name__, description=N_("センサー: 通行量や天気などの値を送る"))

BYTES_MAX, ROWS_MAX = 100_000, 1_000
OLDEST = timedelta(days=35)
"""A sensor that was without a line for a month still delivers; what is older comes as a file."""


class ReadingSchema(Schema):
    """The count of one interval. Other fields are refused, whatever they hold: nothing about a person has a place here."""

    start = PlainText(
        required=True,
        validate=validate.Length(1, 40),
        metadata={"description": N_("間隔の始まり。ISO 8601、時差付き（2026-11-01T09:00:00+09:00）。間隔の区切りに合わせます")},
    )
    item = PlainText(
        load_default="",
        validate=validate.Length(max=60),
        metadata={"description": N_("何の値か。なければ、その種類の最初のもの（人数など）")},
    )
    value = fields.Decimal(required=True, allow_nan=False, metadata={"type": "number", "description": N_("値。人数は0以上の整数")})


class ReadingsSchema(Schema):
    """One or many intervals."""

    readings = fields.List(fields.Nested(ReadingSchema), required=True, validate=validate.Length(1, ROWS_MAX))


class WrongSchema(Schema):
    """A reading that was left out."""

    line = fields.Integer(required=True, metadata={"description": N_("何番目の値か。1から数えます")})
    reason = fields.String(required=True, validate=validate.OneOf(sorted(REASONS)))


class DeliveredSchema(Schema):
    """What was kept, and what was left out and why."""

    id = fields.Integer(required=True)
    accepted = fields.Integer(required=True, metadata={"description": N_("受け取った値の数")})
    added = fields.Integer(required=True, metadata={"description": N_("そのうち、新しいか、前と違う値の数")})
    refused = fields.Integer(required=True, metadata={"description": N_("受け取らなかった値の数")})
    reasons = fields.Dict(keys=fields.String(), values=fields.Integer(), required=True, metadata={"description": N_("理由ごとの数")})
    wrong = fields.List(fields.Nested(WrongSchema), required=True, metadata={"description": N_("受け取らなかった値")})
    replayed = fields.Boolean(required=True, metadata={"description": N_("同じキーで前に済んでいたか")})


@api.route("/measurements", methods=["POST"])
@forms.takes_files(BYTES_MAX)
@operation(
    api,
    N_("測った値を送る"),
    scope="measurements:write",
    writes=True,
    refuses=(SourceUnknown, SourceEnded, SensorTooFast, KeyReused),
    description=N_(
        "トークンが決めた1つの「測るもの」に書きます。1回に1,000行・100kBまで、1時間に120回までです。"
        "正しい値だけを受け取り、受け取らなかった値は wrong で答えます。"
        "同じ間隔に違う値を送ると、どちらが正しいか分からないので、ファイルで直すまで集計から外します。"
    ),
)
@api.arguments(ReadingsSchema)
@api.response(201, DeliveredSchema)
def send_measurements(order: dict[str, Any], *, key: UUID) -> dict[str, Any]:
    if g.who.source_id is None:
        raise SourceUnknown
    source, now = queries.source_row(g.session, g.who.district_id, g.who.source_id), g.clock()
    sent = [(each["start"], each["item"], _digits(each["value"])) for each in order["readings"]]
    found = read_sent(sent, Frame(source.kind, source.interval_s, now, now - OLDEST))
    done = commands.send(g.session, g.who, Parcel(found, key), now=now)
    return {
        "id": done.id,
        "accepted": done.accepted,
        "added": done.added,
        "refused": done.refused,
        "reasons": Counter(each.reason for each in found.wrong),
        "wrong": found.wrong,
        "replayed": done.replayed,
    }


def _digits(value: Decimal) -> str:
    """As a person would write it; what is too long to be a count is no number, to either side of the point."""
    exponent = value.as_tuple().exponent
    assert isinstance(exponent, int), value  # neither NaN nor infinite: the field lets none of them in
    return f"{value:f}" if value.adjusted() < 20 and exponent > -20 else ""
