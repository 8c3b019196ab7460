"""What the page of approvals sends."""

from __future__ import annotations

from typing import Any

from marshmallow import EXCLUDE, Schema, fields, pre_load, validate

from association.schemas.parts import at_least, without_blanks
from web.fields import Yen


class ProofSchema(Schema):
    """What the approver's device answered, where it was asked; of a press nothing else counts."""

    class Meta:
        unknown = EXCLUDE

    credential = fields.String(load_default="", validate=validate.Length(max=20_000))


class ApprovalLimitsSchema(Schema):
    """Yen of one proposal; left blank: no limit."""

    approver_max = Yen(load_default=None, validate=at_least(0))
    passkey_above = Yen(load_default=None, validate=at_least(0))

    @pre_load
    def leave_out(self, data: Any, **_: Any) -> dict[str, Any]:
        return without_blanks(data, ("approver_max", "passkey_above"))
