"""An invitation as a form sends it."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from marshmallow import Schema, fields, post_load, validate

from subsidy.commands import NewInvitation
from subsidy.rules.invitations import PARTS


class InvitationSchema(Schema):
    """What an expert may see, until when."""

    parts = fields.List(
        fields.String(validate=validate.OneOf(PARTS)),
        load_default=list,
        validate=validate.Length(min=1, error=_l("見せる部分を、1つは選んでください。")),
    )
    until = fields.Date(required=True)

    @post_load
    def to_command(self, data: dict[str, Any], **_: Any) -> NewInvitation:
        return NewInvitation(frozenset(data["parts"]), data["until"])
