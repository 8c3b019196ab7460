"""Printers and their papers at the border."""

from __future__ import annotations

from typing import Any

from marshmallow import EXCLUDE, Schema, fields, post_load, validate

from merchant.queries import PrinterChoice


class PrinterSchema(Schema):
    """How a till prints. `place`: browser, agent, or the address of a printer that the server reaches."""

    class Meta:
        unknown = EXCLUDE

    place = fields.String(required=True, validate=validate.Length(1, 60))
    roll = fields.Integer(load_default=80, validate=validate.OneOf([58, 80]))
    letters = fields.String(load_default="picture", validate=validate.OneOf(["picture", "kanji"]))
    drawer = fields.Boolean(load_default=False)
    auto = fields.Boolean(load_default=False)

    @post_load
    def to_choice(self, data: dict[str, Any], **_: Any) -> PrinterChoice:
        place = data.pop("place")
        if place == "browser":
            return PrinterChoice(roll=data["roll"], letters=data["letters"])
        return PrinterChoice("agent", "", **data) if place == "agent" else PrinterChoice("server", place, **data)


class PrintAnswerSchema(Schema):
    """What a person says of a paper. `tries`: as the page showed them."""

    class Meta:
        unknown = EXCLUDE

    answer = fields.String(required=True, validate=validate.OneOf(["came", "again", "drop"]))
    tries = fields.Integer(required=True, validate=validate.Range(0, 1_000_000))
